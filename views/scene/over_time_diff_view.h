#pragma once

#include "analysis/compare/phase_alignment.h"
#include "views/scene/latency_limit.h"
#include "views/scene/plot_frame.h"
#include "views/scene/plot_view.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace flamewright {

struct OverTimeDiffData {
    std::shared_ptr<const AlignedSeries> series;
    AlignedBy by = AlignedBy::Nothing; // said in the picture
    std::vector<LatencyLimit> limits;
    ScaleChoice scale = ScaleChoice::Automatic; // of latency
    ValueStyle style;
};

// Two load tests over a common time, phase beside phase: p99 (or what bins have enough requests for)
// and p50, requests a second and the share of failures, A's line and B's in each. Phases that have no counterpart are not drawn.
class OverTimeDiffView final : public PlotView {
public:
    explicit OverTimeDiffView(OverTimeDiffData data = {});

    std::string_view kind() const override { return "over-time-diff"; }
    void paint(const Viewport &viewport, Theme theme, const TextMetrics &metrics,
               DisplayList &out) const override;
    bool isEmpty() const override { return !m_data.series || m_data.series->binBegin.empty(); }
    RectF plotArea(const Viewport &viewport) const override;
    std::optional<LoadSpan> timeSpan() const override;
    // Of the bin under the point: both sides.
    std::optional<PlotReadout> readout(const Viewport &viewport, PointF at) const override;
    std::optional<PointF> stepped(const Viewport &viewport, PointF from, int steps) const override;
    std::vector<std::string> groupNames() const override;
    std::string summary() const override;

    enum class PanelKind : std::uint8_t { Tail, Median, Throughput, Failures };
    struct Panel {
        PanelKind kind;
        PlotFrame frame;
        float headerY = 0; // its title is there
    };
    std::vector<Panel> panels(const Viewport &viewport) const; // from the top
    const OverTimeDiffData &data() const { return m_data; }

private:
    std::int64_t binEnd(std::size_t bin) const;
    std::size_t binAt(double ns) const;
    // What a panel draws of a bin; not finite: nothing to say.
    double valueOf(PanelKind kind, const AlignedSide &side, std::size_t bin) const;
    PlotAxis axisOf(PanelKind kind, const PlotFrame &frame) const;
    bool failed() const;
    std::string titleOf(PanelKind kind) const;
    void paintPanel(const Panel &panel, bool first, bool last, const Viewport &viewport,
                    PlotCanvas &canvas) const;
    void paintPhases(const Panel &panel, bool named, PlotCanvas &canvas) const;

    OverTimeDiffData m_data;
    std::size_t m_tail = 0; // of kTimelinePercentiles: the largest that both sides have values of
};

} // namespace flamewright
