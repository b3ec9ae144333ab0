#pragma once

#include "analysis/waterfall.h"
#include "views/scene/service_colors.h"
#include "views/scene/view_model.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace flamewright {

// One trace as a waterfall: a row for each span in the order of the tree, names on the left, bars
// along time on the right in the colour of their service. Strong where the span works itself, weak
// where it waits for its children; a line below the bar where the whole trace waits for it.
// Viewport::begin and end are shares of the trace's time. Work follows the rows and pixels shown.
class WaterfallView final : public ViewModel {
public:
    // At most so many rows; of more the middle is left out, which a row says. 0: all.
    explicit WaterfallView(std::shared_ptr<const Waterfall> data = {}, ServiceColors colors = {},
                           std::size_t mostRows = 0);

    bool isEmpty() const { return !m_data || m_data->spans.empty(); }
    std::size_t rows() const { return m_rows; }
    // With the axis and the legend, for a width: what a document needs.
    float contentHeight() const;
    std::size_t leftOut() const { return m_hidden; }
    // Items with titles in the list, for SVG.
    void setAnnotated(bool on) { m_annotated = on; }

    std::string_view kind() const override { return "waterfall"; }
    void paint(const Viewport &viewport, Theme theme, const TextMetrics &metrics,
               DisplayList &out) const override;
    // Key: the span's row of SpanRows. Title: what it is; detail: service and times.
    std::optional<Hit> hitTest(const Viewport &viewport, PointF at) const override;

    // Where things are.
    struct Layout {
        float names = 0; // right edge of the names
        float top = 0;   // of the first row, without scrolling
        float bottom = 0;
        RectF bars;
        double begin = 0, end = 1; // ns at the edges of the bars
        float xOf(double ns) const;
    };
    Layout layout(const Viewport &viewport) const;
    // Index of Waterfall::spans; nullopt: the row that says what is left out.
    std::optional<std::size_t> spanAt(std::size_t row) const;
    RectF barOf(std::size_t row, const Viewport &viewport) const;

private:
    struct Paint;
    void paintRow(std::size_t row, Paint &paint) const;
    void paintBar(const WaterfallSpan &span, RectF rect, Paint &paint) const;
    void paintParts(std::span<const TimePart> parts, RectF rect, Rgba color, Paint &paint) const;
    void paintAxis(Paint &paint) const;
    void paintLegend(Paint &paint) const;
    std::string titleOf(const WaterfallSpan &span) const;
    std::string detailOf(const WaterfallSpan &span) const;

    std::shared_ptr<const Waterfall> m_data;
    ServiceColors m_colors;
    std::size_t m_rows = 0;   // with the one that says what is left out
    std::size_t m_before = 0; // rows before that one; m_rows: there is none
    std::size_t m_hidden = 0; // spans
    bool m_annotated = false;
};

// A waterfall as a document of its own: heading, rows, legend. What `render` writes.
struct WaterfallPictureOptions {
    std::string title, subtitle;
    Theme theme = Theme::Light;
    float width = 1600;
    float height = 0; // as high as needed; otherwise rows are left out
    float scale = 1;
    bool annotated = true;
};
struct WaterfallPicture {
    DisplayList list;
    SizeF size;
};
WaterfallPicture waterfallPicture(std::shared_ptr<const Waterfall> data,
                                  const ServiceColors &colors,
                                  const WaterfallPictureOptions &options,
                                  const TextMetrics &metrics);

} // namespace flamewright
