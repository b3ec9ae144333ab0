#pragma once

#include "analysis/percentile_curve.h"
#include "views/scene/latency_limit.h"
#include "views/scene/plot_frame.h"
#include "views/scene/plot_view.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace flamewright {

// Percentile curves and what is drawn with them.
struct PercentileData {
    std::shared_ptr<const PercentileCurves> curves;
    std::vector<PrintedPercentiles> printed; // by tools; marks of their own
    std::vector<LatencyLimit> limits;
    ScaleChoice scale = ScaleChoice::Automatic; // logarithmic where the tail is much longer
    ValueStyle style;
    bool aggregatesOnly = false; // there are figures that a tool computed, and no requests
};

// Latency by percentile on a nines axis, one line for each group with the 95 % interval as a band.
// A line ends where there are too few requests to say more. One or two groups have their
// percentiles written at the line. What a tool printed is drawn as marks without a line, with the
// name of the tool.
class PercentileView final : public PlotView {
public:
    explicit PercentileView(PercentileData data = {});

    std::string_view kind() const override { return "percentiles"; }
    void paint(const Viewport &viewport, Theme theme, const TextMetrics &metrics,
               DisplayList &out) const override;
    bool isEmpty() const override;
    RectF plotArea(const Viewport &viewport) const override { return frame(viewport).plot; }
    // Of the line that is nearest: the point of it that is nearest.
    std::optional<PlotReadout> readout(const Viewport &viewport, PointF at) const override;
    std::optional<PointF> stepped(const Viewport &viewport, PointF from, int steps) const override;
    std::vector<std::string> groupNames() const override;
    std::string summary() const override;

    PlotFrame frame(const Viewport &viewport) const;
    const PercentileData &data() const { return m_data; }

private:
    // A point of a line, or of what a tool printed: those are counted after the curves.
    struct Near {
        std::size_t curve = 0, point = 0;
    };
    std::size_t curves() const { return m_data.curves ? m_data.curves->curves.size() : 0; }
    std::size_t lines() const { return curves() + m_data.printed.size(); }
    const std::vector<PercentilePoint> &pointsOf(std::size_t line) const;
    std::optional<Near> nearest(const PlotFrame &frame, PointF at) const;
    std::string nameOf(std::size_t curve) const;
    bool hasDirectLabels() const;          // at one or two lines
    bool hasBand(std::size_t curve) const; // more than a few would hide each other
    Rgba colorOf(std::size_t curve, Theme theme) const;
    SeriesKey limitLabel(const LatencyLimit &limit, const Palette &colors) const;
    void paintCurves(const PlotFrame &frame, PlotCanvas &canvas) const;
    void paintMarks(const PlotFrame &frame, PlotCanvas &canvas) const;
    void paintPrinted(const PlotFrame &frame, PlotCanvas &canvas) const;
    void paintNotes(const PlotFrame &frame, PlotCanvas &canvas) const;
    void paintHover(const Viewport &viewport, const PlotFrame &frame, PlotCanvas &canvas) const;
    void paintEmpty(const Viewport &viewport, PlotCanvas &canvas) const;

    PercentileData m_data;
};

} // namespace flamewright
