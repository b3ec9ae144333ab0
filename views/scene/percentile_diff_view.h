#pragma once

#include "analysis/compare/load_diff.h"
#include "views/scene/latency_limit.h"
#include "views/scene/plot_frame.h"
#include "views/scene/plot_view.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace flamewright {

struct PercentileDiffData {
    std::shared_ptr<const LoadDiff> diff;
    std::size_t endpoint = 0; // of LoadDiff::endpoints; 0: all requests
    bool relative = false;    // below: cand / base - 1 in place of cand - base
    std::vector<LatencyLimit> limits;
    ScaleChoice scale = ScaleChoice::Automatic; // of latency
    ValueStyle style;
};

// Latency by percentile of both sides, each with its 95 % band, and below on the same axis the
// difference with its own: where the band does not hold 0 it has the colour of better or worse, and
// is grey elsewhere.
class PercentileDiffView final : public PlotView {
public:
    explicit PercentileDiffView(PercentileDiffData data = {});

    std::string_view kind() const override { return "percentile-diff"; }
    void paint(const Viewport &viewport, Theme theme, const TextMetrics &metrics,
               DisplayList &out) const override;
    bool isEmpty() const override;
    RectF plotArea(const Viewport &viewport) const override;
    // Of the quantile that is nearest.
    std::optional<PlotReadout> readout(const Viewport &viewport, PointF at) const override;
    std::optional<PointF> stepped(const Viewport &viewport, PointF from, int steps) const override;
    std::vector<std::string> groupNames() const override;
    std::string summary() const override;

    PlotFrame upper(const Viewport &viewport) const; // of latency
    PlotFrame lower(const Viewport &viewport) const; // of the difference
    const PercentileDiffData &data() const { return m_data; }

private:
    const EndpointChange *endpoint() const;
    std::string name() const;
    const ChangeInterval &shown(const QuantileShift &shift) const;
    double shownValue(const QuantileShift &shift) const;
    std::optional<std::size_t> nearest(const PlotFrame &frame, float x) const;
    void paintCurve(bool cand, const PlotFrame &frame, PlotCanvas &canvas) const;
    void paintValues(const PlotFrame &frame, PlotCanvas &canvas) const;
    void paintDifference(const PlotFrame &frame, PlotCanvas &canvas) const;
    void paintHover(const Viewport &viewport, const PlotFrame &above, const PlotFrame &below,
                    PlotCanvas &canvas) const;

    PercentileDiffData m_data;
};

} // namespace flamewright
