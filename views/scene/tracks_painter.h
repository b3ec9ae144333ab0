#pragma once

#include "views/scene/tracks_view.h"

#include <array>

// How the timeline looks; shared by the files that paint it.
namespace flamewright {

// One frame of it.
struct TracksView::Paint {
    Paint(const TracksView &owner, const Viewport &port, Theme chosen, const TextMetrics &measure,
          DisplayList &list);

    void all();

private:
    struct Look {
        Rgba fill, text;
    };
    // Of a lane while its boxes come from left to right: neighbours of one colour are joined.
    struct Run {
        double x0 = 0, x1 = 0;
        Rgba color;
    };

    // tracks_paint.cpp
    void tracks(const std::vector<TrackPlace> &places, RectF area, double scroll);
    void track(const TrackPlace &place, double y, RectF area);
    void lane(std::uint32_t node, const Lane &lane, const SliceLanes &lanes, double y,
              bool summary);
    void box(const TracksBox &box, double x0, double x1, double y, const Look &look);
    void endOfOpen(const TracksBox &box, double x0, double x1, double y);
    void label(const TracksBox &box, double x0, double x1, double y, Rgba color);
    void counter(const TrackPlace &place, double y);
    void outline(const std::optional<TracksBox> &box, Rgba color, float width);
    void flush(Run &run, double y);
    Look lookOf(const TracksBox &box, std::uint32_t capture) const;
    std::optional<double> laneY(std::uint32_t node, std::uint32_t depth) const;

    // tracks_ticks.cpp
    void sampleTicks(const TrackPlace &place, double y);

    // tracks_names.cpp
    void names(const std::vector<TrackPlace> &places, RectF area, double scroll);
    void name(const TrackPlace &place, double y, RectF area);
    void caret(float x, float y, bool open);
    void stickyGroup(RectF area, double scroll);
    void corner();

    // tracks_marks.cpp
    void overview();
    void ruler();
    void grid(RectF area);
    void area();
    void notes();
    void flows();
    void hiddenFlows(std::uint64_t hidden);
    std::uint64_t flowsInSight() const;
    void empty();
    std::vector<std::int64_t> ticks(std::int64_t &step) const;

    double x(std::int64_t time) const { return plotX + view.m_window.after(time) * perNs; }
    double device(double v) const { return std::round(v * scale) / scale; }
    float text(std::string_view utf8, float left, float top, float room, Rgba color, FontRole font);

    const TracksView &view;
    const Viewport &viewport;
    Theme theme;
    const Palette &colors;
    const TextMetrics &metrics;
    DisplayList &out;
    TracksLayout where;
    double plotX, plotRight, perNs, scale, pixelNs;
    std::array<Look, 256> looks; // by hash of the name
    Look found;                  // by the search
    bool searching = false;
    std::vector<LaneBox> boxes; // scratch
    std::vector<SampleTick> sampled;
    std::vector<CounterBand> bands;
};

} // namespace flamewright
