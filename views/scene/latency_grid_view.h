#pragma once

#include "analysis/latency_grid.h"
#include "views/scene/latency_limit.h"
#include "views/scene/plot_frame.h"
#include "views/scene/plot_view.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace flamewright {

struct LatencyGridData {
    std::shared_ptr<const LatencyGrid> grid;
    std::vector<LatencyLimit> limits;
    ValueStyle style;
    bool aggregatesOnly = false; // there are figures that a tool computed, and no requests
};

// Requests by time and latency: colour is how many there are in a cell, on a logarithmic scale; a
// strip above shows when requests failed. Few requests are drawn one by one, failures with a mark
// of their own. The cells are one command.
class LatencyGridView final : public PlotView {
public:
    explicit LatencyGridView(LatencyGridData data = {}) : m_data(std::move(data)) {}

    std::string_view kind() const override { return "heatmap-latency"; }
    void paint(const Viewport &viewport, Theme theme, const TextMetrics &metrics,
               DisplayList &out) const override;
    bool isEmpty() const override { return !m_data.grid || m_data.grid->columns == 0; }
    RectF plotArea(const Viewport &viewport) const override { return frame(viewport).plot; }
    std::optional<LoadSpan> timeSpan() const override;
    double leastSpan(const Viewport &viewport) const override;
    // Of the cell under the point, or of the request near it.
    std::optional<PlotReadout> readout(const Viewport &viewport, PointF at) const override;
    std::optional<PointF> stepped(const Viewport &viewport, PointF from, int steps) const override;
    std::string summary() const override;

    PlotFrame frame(const Viewport &viewport) const;
    const LatencyGridData &data() const { return m_data; }
    bool showsSingles() const { return !isEmpty() && !m_data.grid->singles.empty(); }

private:
    struct Cell {
        std::size_t column = 0, row = 0;
    };
    std::optional<Cell> cellAt(const PlotFrame &frame, PointF at) const;
    RectF rectOf(const PlotFrame &frame, Cell cell) const;
    const LatencyGrid::Single *singleAt(const PlotFrame &frame, PointF at) const;
    void paintCells(const PlotFrame &frame, PlotCanvas &canvas) const;
    void paintSingles(const PlotFrame &frame, PlotCanvas &canvas) const;
    void paintFailures(const PlotFrame &frame, PlotCanvas &canvas) const;
    void paintLegend(const PlotFrame &frame, PlotCanvas &canvas) const;
    void paintHover(const Viewport &viewport, const PlotFrame &frame, PlotCanvas &canvas) const;
    void paintEmpty(const Viewport &viewport, PlotCanvas &canvas) const;

    LatencyGridData m_data;
};

} // namespace flamewright
