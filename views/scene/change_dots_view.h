#pragma once

#include "analysis/compare/comparison.h"
#include "views/scene/plot_frame.h"
#include "views/scene/plot_view.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flamewright {

struct ChangeDotsData {
    std::shared_ptr<const std::vector<ComparedItem>> items; // most telling first
    ValueStyle style;
};

// What changed, at a glance: a row for each figure, its relative change as a dot with the 95 %
// interval as a whisker on one axis for all, in the colour of the verdict (a ring in grey where
// there is no evidence), A's and B's values and the change in words at the right.
//
// The axis counts ratios: twice as much is as far from 0 as half as much. What lies outside of it,
// or is on one side only, is at the border with an arrow.
class ChangeDotsView final : public PlotView {
public:
    explicit ChangeDotsView(ChangeDotsData data = {});

    std::string_view kind() const override { return "changes"; }
    void paint(const Viewport &viewport, Theme theme, const TextMetrics &metrics,
               DisplayList &out) const override;
    bool isEmpty() const override { return !m_data.items || m_data.items->empty(); }
    RectF plotArea(const Viewport &viewport) const override;
    std::optional<PlotReadout> readout(const Viewport &viewport, PointF at) const override;
    std::optional<PointF> stepped(const Viewport &viewport, PointF from, int steps) const override;
    std::string summary() const override;

    // So high that every row is shown, no more than `most` of them.
    float wantedHeight(std::size_t most) const;
    std::size_t rowsShown(const Viewport &viewport) const;
    // Which item is at a point.
    std::optional<std::size_t> itemAt(const Viewport &viewport, PointF at) const;

private:
    struct Columns {
        float names = 0, values = 0, change = 0; // widths; 0: no room
        RectF plot;
    };
    Columns columns(const Viewport &viewport, std::size_t shown, const TextMetrics &metrics) const;
    double reach(std::size_t shown) const; // of the axis, as log of the ratio
    std::string nameOf(const ComparedItem &item) const;
    std::string figureOf(const ComparedItem &item) const;
    void paintAxis(const RectF &plot, double reach, PlotCanvas &canvas) const;
    void paintItem(const ComparedItem &item, float y, const Columns &columns, double reach,
                   PlotCanvas &canvas) const;

    ChangeDotsData m_data;
};

} // namespace flamewright
