#pragma once

#include "analysis/compare/trace_diff.h"
#include "views/scene/picture_heading.h"
#include "views/scene/view_model.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace flamewright {

// What the traces of one operation spend their time with, before and after: a row for each operation on
// their critical paths, A's bar above B's, all in one scale, so that the rows add up to the first one,
// the mean of the traces. Beside them the calls per trace, the change with its interval and the
// verdict. Sorted by change. Bars without evidence of a change are grey and keep an edge in the
// colour of their side.
class TraceDiffView final : public ViewModel {
public:
    // At most so many rows; those with the least change are then one. 0: all.
    explicit TraceDiffView(std::shared_ptr<const TraceDiff> diff = {}, std::size_t root = 0,
                           std::size_t mostRows = 0);

    bool isEmpty() const { return root() == nullptr; }
    std::size_t rows() const { return m_rows; }
    // With axis and legend: what a document needs.
    float contentHeight() const;
    // Items with titles in the list, for SVG.
    void setAnnotated(bool on) { m_annotated = on; }

    std::string_view kind() const override { return "trace-diff"; }
    void paint(const Viewport &viewport, Theme theme, const TextMetrics &metrics,
               DisplayList &out) const override;
    // Key: the row; 0 is the whole.
    std::optional<Hit> hitTest(const Viewport &viewport, PointF at) const override;

    // Where things are.
    struct Layout {
        float names = 0; // right edge of the names
        float top = 0;   // of the first row, without scrolling
        float bottom = 0;
        RectF bars;
        float figures = 0; // left edge of what is written beside
        double most = 1;   // ns at the right edge of the bars
    };
    Layout layout(const Viewport &viewport) const;
    struct Bars {
        RectF base, cand;
    };
    Bars barsOf(std::size_t row, const Viewport &viewport) const;

private:
    struct Paint;
    struct Row;
    const RootChange *root() const;
    Row rowAt(std::size_t row) const;
    void paintRow(std::size_t row, Paint &paint) const;
    void paintAxis(Paint &paint) const;
    void paintLegend(Paint &paint) const;

    std::shared_ptr<const TraceDiff> m_diff;
    std::size_t m_root = 0;
    std::size_t m_rows = 0;  // with the whole, and with what is put together
    std::size_t m_calls = 0; // that have a row of their own
    bool m_annotated = false;
};

// The same as a document of its own: heading, rows, legend. What `render` writes.
struct TraceDiffPictureOptions {
    std::string title, subtitle;
    std::optional<PictureSides> sides;
    Theme theme = Theme::Light;
    float width = 1200;
    float height = 0; // as high as needed; otherwise rows are put together
    float scale = 1;
    bool annotated = true;
};
struct TraceDiffPicture {
    DisplayList list;
    SizeF size;
};
TraceDiffPicture traceDiffPicture(std::shared_ptr<const TraceDiff> diff, std::size_t root,
                                  const TraceDiffPictureOptions &options,
                                  const TextMetrics &metrics);

} // namespace flamewright
