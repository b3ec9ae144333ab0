#pragma once

#include "analysis/compare/benchmark_diff.h"
#include "views/scene/plot_frame.h"
#include "views/scene/plot_view.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace flamewright {

// Both sides of benchmarks, every run a dot: a row for each benchmark, A's runs above B's, each with its
// median as a line and the interval of it as a bar. All rows share an axis: the share of the median
// of A that a run is, logarithmic where that goes over tenfold. Right of it the medians, and the change with its
// interval in the colour of the verdict: grey where there is no evidence. Rows of one metric and
// unit stand together; their geometric mean is the last of them.
class BenchmarkDotsView final : public PlotView {
public:
    explicit BenchmarkDotsView(std::shared_ptr<const BenchmarkDiff> diff = {},
                               std::string base = "A", std::string cand = "B");

    std::string_view kind() const override { return "benchmarks"; }
    bool isEmpty() const override { return m_rows.empty(); }
    void paint(const Viewport &viewport, Theme theme, const TextMetrics &metrics,
               DisplayList &out) const override;
    RectF plotArea(const Viewport &viewport) const override;
    // Of the row under the point: all there is to say of it.
    std::optional<PlotReadout> readout(const Viewport &viewport, PointF at) const override;
    std::optional<PointF> stepped(const Viewport &viewport, PointF from, int steps) const override;
    std::string summary() const override;

    // With the legend and the axis: what a document needs.
    float contentHeight() const;
    // A heading of a metric has no benchmark, the row of a mean no runs.
    struct Row {
        const BenchmarkChange *benchmark = nullptr;
        const BenchmarkMeanChange *mean = nullptr;
        std::string heading;
    };
    const std::vector<Row> &rows() const { return m_rows; }
    RectF rowArea(std::size_t row, const Viewport &viewport) const;

private:
    struct Paint;
    PlotFrame frame(const Viewport &viewport) const;
    std::optional<std::size_t> rowAt(const Viewport &viewport, PointF at) const;
    void paintRow(std::size_t row, Paint &paint) const;
    void paintSide(const BenchmarkChange &of, bool isBase, float y, Rgba color, Paint &paint) const;
    void paintMore(Paint &paint) const;
    FlameTooltip tipOf(const Row &row) const;

    std::shared_ptr<const BenchmarkDiff> m_diff;
    std::string m_base, m_cand;
    std::vector<Row> m_rows;
    PlotAxis m_axis;
};

} // namespace flamewright
