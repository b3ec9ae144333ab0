#pragma once

#include "views/scene/display_list.h"
#include "views/scene/plot_axis.h"
#include "views/scene/theme.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace flamewright {

// A rectangle with two axes: values to pixels and back.
struct PlotFrame {
    RectF plot;
    PlotAxis x, y;

    bool hasRoom() const { return plot.width >= 24 && plot.height >= 16; }
    // Not held inside of the plot.
    float xOf(double value) const;
    float yOf(double value) const;
    PointF at(double xValue, double yValue) const { return {xOf(xValue), yOf(yValue)}; }
    double xAt(float px) const;
    double yAt(float px) const;
};

struct PlotPoint {
    double x = 0, y = 0; // y not finite: a gap
};
struct PlotBand {
    double x = 0, low = 0, high = 0; // low not finite: a gap
};

enum class SeriesMark : std::uint8_t { Line, Band, Box, Dot, Cross, Dashes };
struct SeriesKey {
    std::string label; // safe to show
    Rgba color;
    SeriesMark mark = SeriesMark::Line;
};

// A text beside a point of a curve: where a rising line is not, it is above at the left or below at
// the right.
enum class LabelSide : std::uint8_t { Right, AboveLeft, BelowRight };
struct PlotLabel {
    PointF at;
    std::string text;
    Rgba color;
    LabelSide side = LabelSide::Right;
};

// The colour of the index-th line; the grey of others from where there is none left.
Rgba lineColor(std::size_t index, Theme theme);
inline constexpr std::size_t kLineColors = 8;

// How far apart the labels of a vertical axis are, at least: roundedAxis() with it ends at a label.
float yTickDistance(float plotHeight);

// What plots draw with: everything is put on whole device pixels, labels are shortened to their room.
class PlotCanvas {
public:
    PlotCanvas(Theme theme, const TextMetrics &metrics, float scale, DisplayList &out)
        : m_theme(theme),
          m_colors(palette(theme)),
          m_metrics(metrics),
          m_device(static_cast<double>(scale)),
          m_out(out)
    {}

    Theme theme() const { return m_theme; }
    const Palette &colors() const { return m_colors; }
    const TextMetrics &metrics() const { return m_metrics; }
    DisplayList &list() { return m_out; }
    float snapped(float v) const;
    RectF snapped(RectF rect) const;
    float lineHeight(FontRole font = FontRole::Caption) const { return m_metrics.lineHeight(font); }
    float width(std::string_view text, FontRole font = FontRole::Caption) const
    {
        return m_metrics.width(text, font);
    }

    // These return the width.
    float text(PointF topLeft, std::string_view text, Rgba color, float maxWidth,
               FontRole font = FontRole::Caption);
    float textRight(PointF topRight, std::string_view text, Rgba color, float maxWidth,
                    FontRole font = FontRole::Caption);
    float textCentred(PointF topCentre, std::string_view text, Rgba color, float maxWidth,
                      FontRole font = FontRole::Caption);

    // Ground, gridlines, labels: those of y left of the plot, of x below it; the title of y above the
    // plot, of x at the right below the labels.
    void axes(const PlotFrame &frame);
    void ground(const RectF &plot);
    void xAxis(const PlotFrame &frame, bool labels = true); // gridlines, and labels
    void yAxis(const PlotFrame &frame);
    void yAxisRight(const PlotFrame &frame); // labels alone, right of the plot

    // Inside of the plot. Points of one device pixel column are one vertical stroke: cost follows
    // the pixels.
    void curve(const PlotFrame &frame, std::span<const PlotPoint> points, Rgba color,
               float width = 1.5f);
    // As rectangles of a pixel's width, straight between the points, which must ascend in x.
    void band(const PlotFrame &frame, std::span<const PlotBand> points, Rgba color);
    void dot(PointF at, Rgba color, float radius = 3.5f);
    void cross(PointF at, Rgba color);                                // of a failure
    void dashes(PointF from, PointF to, Rgba color, float width = 1); // horizontal or vertical
    // A horizontal limit with its label at the left, above the line.
    void limit(const PlotFrame &frame, double y, std::string_view label, Rgba color);
    // Beside their points (left where there is no room at the right), moved apart so that none covers
    // another.
    void labels(std::vector<PlotLabel> labels, const RectF &within);
    // One line of keys; says how many did not fit. Returns the width used.
    float legend(std::span<const SeriesKey> keys, PointF at, float width);
    float legendWidth(std::span<const SeriesKey> keys) const; // of all of them
    // A line above a plot: its title, shortened by its parts (parts between dots), and keys at the right.
    float header(std::string_view title, std::span<const SeriesKey> keys, const RectF &plot,
                 float y);
    // The same as legend(), ending at `topRight`.
    float legendRight(std::span<const SeriesKey> keys, PointF topRight, float width);
    // Lines through a point, `y` only if it is a value there.
    void crosshair(const RectF &plot, float x, std::optional<float> y = {});
    // Words in the middle of an empty plot.
    void emptyState(SizeF size, std::string_view title, std::span<const std::string> hints);

private:
    void key(const SeriesKey &key, PointF at);
    float keyWidth(const SeriesKey &key) const;

    Theme m_theme;
    const Palette &m_colors;
    const TextMetrics &m_metrics;
    double m_device;
    DisplayList &m_out;
};

// Which of the keys are at a point, as legend() lays them out.
std::optional<std::size_t> legendAt(std::span<const SeriesKey> keys, PointF origin, float width,
                                    const TextMetrics &metrics, PointF at);

} // namespace flamewright
