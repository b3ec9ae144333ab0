#pragma once

#include "analysis/capacity.h"
#include "views/scene/latency_limit.h"
#include "views/scene/plot_frame.h"
#include "views/scene/plot_view.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace flamewright {

struct LoadCurveData {
    std::shared_ptr<const Capacity> capacity;
    struct Limit {
        LatencyLimit limit;
        std::optional<ObjectiveHeadroom> headroom; // of a percentile
    };
    std::vector<Limit> limits;
    ScaleChoice scale = ScaleChoice::Automatic; // of latency
    ValueStyle style;
    bool aggregatesOnly = false; // there are figures that a tool computed, and no requests
};

// What a system does under load: throughput, latency and failures of each level of load against how
// many requests were under way. Throughput has the Universal Scalability Law with its 95 % band
// where there are enough levels, and its knee; latency has its objectives and where it crosses them.
class LoadCurveView final : public PlotView {
public:
    explicit LoadCurveView(LoadCurveData data = {});

    std::string_view kind() const override { return "load"; }
    void paint(const Viewport &viewport, Theme theme, const TextMetrics &metrics,
               DisplayList &out) const override;
    bool isEmpty() const override { return m_order.size() < kLeastLevels; }
    RectF plotArea(const Viewport &viewport) const override;
    // Of the level that is nearest in load.
    std::optional<PlotReadout> readout(const Viewport &viewport, PointF at) const override;
    std::optional<PointF> stepped(const Viewport &viewport, PointF from, int steps) const override;
    std::string summary() const override;

    static constexpr std::size_t kLeastLevels = 2;
    enum class PanelKind : std::uint8_t { Throughput, Latency, Failures };
    struct Panel {
        PanelKind kind;
        PlotFrame frame;
        float headerY = 0;
    };
    std::vector<Panel> panels(const Viewport &viewport) const;
    const LoadCurveData &data() const { return m_data; }

private:
    const LoadLevel &level(std::size_t i) const // by concurrency
    {
        return m_data.capacity->levels.levels[m_order[i]];
    }
    PlotAxis axisOf(PanelKind kind, const RectF &plot) const;
    std::optional<std::size_t> nearest(const PlotFrame &frame, float x) const;
    std::string limitLabel(const LoadCurveData::Limit &limit) const;
    std::vector<SeriesKey> keysOf(PanelKind kind, const Palette &colors, Theme theme) const;
    void paintThroughput(const PlotFrame &frame, PlotCanvas &canvas) const;
    void paintLatency(const PlotFrame &frame, PlotCanvas &canvas) const;
    void paintFailures(const PlotFrame &frame, PlotCanvas &canvas) const;
    void paintKnee(const PlotFrame &frame, const std::optional<Knee> &knee,
                   PlotCanvas &canvas) const;
    void paintHover(const Viewport &viewport, const std::vector<Panel> &panels,
                    PlotCanvas &canvas) const;
    void paintEmpty(const Viewport &viewport, PlotCanvas &canvas) const;

    LoadCurveData m_data;
    std::vector<std::size_t> m_order; // levels by concurrency
    double m_mostConcurrency = 0;
    std::vector<PlotPoint> m_law; // of the fit, densely
    std::vector<PlotBand> m_band;
};

} // namespace flamewright
