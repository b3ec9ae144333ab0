#pragma once

#include "analysis/latency_histogram.h"
#include "views/scene/latency_limit.h"
#include "views/scene/plot_frame.h"
#include "views/scene/plot_view.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace flamewright {

struct HistogramData {
    std::shared_ptr<const LatencyHistogram> histogram;
    std::vector<LatencyLimit> limits;
    ValueStyle style;
    bool aggregatesOnly = false; // there are figures that a tool computed, and no requests
};

// How latencies are distributed: the share of requests in each bin (bars of one group, outlines of
// several), and below it the share of requests that took at most so long. Of one group p50, p95 and
// p99 are marked.
class HistogramView final : public PlotView {
public:
    explicit HistogramView(HistogramData data = {});

    std::string_view kind() const override { return "histogram"; }
    void paint(const Viewport &viewport, Theme theme, const TextMetrics &metrics,
               DisplayList &out) const override;
    bool isEmpty() const override { return !m_data.histogram || m_data.histogram->series.empty(); }
    RectF plotArea(const Viewport &viewport) const override;
    // Of the bin under the point.
    std::optional<PlotReadout> readout(const Viewport &viewport, PointF at) const override;
    std::optional<PointF> stepped(const Viewport &viewport, PointF from, int steps) const override;
    std::vector<std::string> groupNames() const override;
    std::string summary() const override;

    struct Frames {
        PlotFrame bars, cumulated;
    };
    Frames frames(const Viewport &viewport) const;
    const HistogramData &data() const { return m_data; }

private:
    std::string nameOf(std::size_t series) const;
    Rgba colorOf(std::size_t series, Theme theme) const;
    std::optional<std::size_t> binAt(const PlotFrame &frame, float x) const;
    double shareOf(std::size_t series, std::size_t bin) const;
    void paintBars(const PlotFrame &frame, PlotCanvas &canvas) const;
    void paintCumulated(const PlotFrame &frame, PlotCanvas &canvas) const;
    void paintMarks(const Frames &frames, PlotCanvas &canvas) const;
    void paintHover(const Viewport &viewport, const Frames &frames, PlotCanvas &canvas) const;
    void paintEmpty(const Viewport &viewport, PlotCanvas &canvas) const;

    HistogramData m_data;
    double m_mostShare = 0;
};

} // namespace flamewright
