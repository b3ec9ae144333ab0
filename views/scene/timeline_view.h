#pragma once

#include "analysis/load_timeline.h"
#include "views/scene/latency_limit.h"
#include "views/scene/plot_frame.h"
#include "views/scene/plot_view.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace flamewright {

// A load test over time and how it is drawn.
struct TimelineData {
    std::shared_ptr<const LoadTimeline> timeline;
    std::vector<LatencyLimit> limits;
    ScaleChoice scale = ScaleChoice::Automatic; // of latency
    // Of several series the latency is that of one percentile, an index of kTimelinePercentiles.
    std::size_t percentile = 1;
    ValueStyle style;
    bool aggregatesOnly = false; // there are figures that a tool computed, and no requests
};

// Small multiples over one time axis: latency, throughput, errors by kind, requests under way, and
// bytes where there are any. What there is no room for is left out from the bottom up, and named. Of
// one series the latency has its percentiles, of several each has a line in every plot.
class TimelineView final : public PlotView {
public:
    explicit TimelineView(TimelineData data = {});

    std::string_view kind() const override { return "over-time"; }
    void paint(const Viewport &viewport, Theme theme, const TextMetrics &metrics,
               DisplayList &out) const override;
    bool isEmpty() const override;
    RectF plotArea(const Viewport &viewport) const override;
    std::optional<LoadSpan> timeSpan() const override;
    double leastSpan(const Viewport &viewport) const override;
    // Of the bin of time under the point.
    std::optional<PlotReadout> readout(const Viewport &viewport, PointF at) const override;
    std::optional<PointF> stepped(const Viewport &viewport, PointF from, int steps) const override;
    std::vector<std::string> groupNames() const override;
    std::string summary() const override;

    enum class PanelKind : std::uint8_t { Latency, Throughput, Errors, Concurrency, Bytes };
    struct Panel {
        PanelKind kind;
        PlotFrame frame;
        float headerY = 0; // its title is there
    };
    // From the top.
    std::vector<Panel> panels(const Viewport &viewport) const;
    const TimelineData &data() const { return m_data; }

private:
    struct Paint;
    std::vector<PanelKind> kinds() const; // that there is something to draw of
    bool isGrouped() const { return m_data.timeline->series.size() > 1; }
    std::string nameOf(std::size_t series) const;
    std::optional<std::size_t> binAt(double ns) const;
    double valueOf(PanelKind kind, std::size_t series, std::size_t bin) const;
    PlotAxis axisOf(PanelKind kind, const PlotFrame &frame) const;
    Rgba colorOf(std::size_t series, Theme theme) const;
    // `leftOut`: what there was no room for, below the last panel; empty for the others.
    void paintPanel(const Panel &panel, bool last, const std::string &leftOut, Paint &paint) const;
    void paintLatency(const Panel &panel, Paint &paint) const;
    void paintSteps(const Panel &panel, Paint &paint) const;
    void paintErrors(const Panel &panel, Paint &paint) const;
    void paintHover(const std::vector<Panel> &panels, Paint &paint) const;
    void paintEmpty(const Viewport &viewport, PlotCanvas &canvas) const;

    TimelineData m_data;
    // What axes must reach; worked out once.
    double m_mostLatency = 0, m_leastLatency = 0, m_medianLatency = 0;
};

} // namespace flamewright
