#pragma once

#include "analysis/compare/comparison.h"
#include "views/scene/plot_frame.h"
#include "views/scene/plot_view.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace flamewright {

struct ExplanationData {
    std::shared_ptr<const Explanation> explanation;
    ValueStyle style;
};

// What a change is made of, as a waterfall: A's value, a step for each part (the largest first), the
// rest in one step, B's value. Steps add up exactly; parts there is no room for are in the rest,
// which says how many they are. Where the steps are small beside the whole the axis does not
// begin at 0, and says so.
class ExplanationView final : public PlotView {
public:
    explicit ExplanationView(ExplanationData data = {});

    std::string_view kind() const override { return "explanation"; }
    void paint(const Viewport &viewport, Theme theme, const TextMetrics &metrics,
               DisplayList &out) const override;
    bool isEmpty() const override { return !m_data.explanation; }
    RectF plotArea(const Viewport &viewport) const override;
    std::optional<PlotReadout> readout(const Viewport &viewport, PointF at) const override;
    // Up and down: steps are rows.
    std::optional<PointF> stepped(const Viewport &viewport, PointF from, int steps) const override;
    std::string summary() const override;

    struct Row {
        enum class Kind : std::uint8_t { Base, Part, Rest, Cand };
        Kind kind = Kind::Part;
        std::string name, detail; // safe to show
        double from = 0, to = 0;  // on the axis
        RectF rect;               // all of the row
        double delta() const { return to - from; }
    };
    // As many parts as there is room for.
    std::vector<Row> rows(const Viewport &viewport) const;
    // So high that every part has its row.
    float wantedHeight() const;

private:
    struct Columns;
    PlotAxis axis(const std::vector<Row> &rows) const;
    std::string valueText(const Row &row) const;
    std::string shareText(const Row &row) const;
    void paintRow(const Row &row, const PlotFrame &frame, const Columns &columns,
                  PlotCanvas &canvas) const;

    ExplanationData m_data;
};

} // namespace flamewright
