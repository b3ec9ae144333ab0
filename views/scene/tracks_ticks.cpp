#include "views/scene/tracks_painter.h"

#include <algorithm>
#include <cmath>

// When samples were taken: a strip of ticks on their track.
namespace flamewright {
namespace {

constexpr std::int64_t kReach = 2; // pixels beside the pointer
constexpr double kFaint = 0.25;    // alpha of few samples beside many
constexpr std::uint64_t kShades = 6;

// Where the strip is within its track: above the lanes, or in the middle of a track without any.
double tickTop(const TrackPlace &place)
{
    return place.lanes > 0 ? kTrackPadding : (kGroupHeight - kTickHeight) / 2;
}

} // namespace

TickColumns TracksView::tickColumns(const TraceCapture &capture, double width) const
{
    return {capture.onClock(m_window.begin), m_window.fraction, nsPerPixel(width),
            static_cast<std::int64_t>(std::ceil(std::max(width, 1.0)))};
}

void TracksView::Paint::sampleTicks(const TrackPlace &place, double y)
{
    const auto &node = view.m_set->nodes[place.node];
    const auto &capture = view.m_set->captures[node.capture];
    sampled.clear();
    capture.samples->ticks(node.ref.track, view.tickColumns(capture, plotRight - plotX), sampled);
    const auto top = static_cast<float>(y + tickTop(place));
    std::uint64_t most = 1;
    for (const auto &tick : sampled)
        most = std::max(most, tick.count);
    const auto colour = [&](std::uint64_t count) {
        const auto shade = (count * kShades + most - 1) / most; // 1 to kShades
        return withAlpha(colors.accent,
                         kFaint + (1 - kFaint) * static_cast<double>(shade - 1) / (kShades - 1));
    };
    // Neighbours of one colour are one rectangle.
    for (std::size_t i = 0; i < sampled.size();) {
        const auto own = colour(sampled[i].count);
        auto last = i + 1;
        while (last < sampled.size() && sampled[last].column == sampled[last - 1].column + 1 &&
               colour(sampled[last].count) == own)
            ++last;
        const auto x0 = plotX + static_cast<double>(sampled[i].column);
        const auto x1 =
            std::min(plotX + static_cast<double>(sampled[last - 1].column + 1), plotRight);
        out.fillRect({static_cast<float>(x0), top, static_cast<float>(x1 - x0),
                      static_cast<float>(kTickHeight)},
                     own);
        i = last;
    }
}

std::optional<TracksSamples> TracksView::samplesAt(const Viewport &viewport, const At &at,
                                                   float x) const
{
    const auto &node = m_set->nodes[at.place->node];
    const auto top = tickTop(*at.place);
    // A pixel more than is drawn, on both sides.
    if (!node.samples || at.y < top - 1 || at.y > top + kTickHeight + 1)
        return std::nullopt;
    const auto &capture = m_set->captures[node.capture];
    const auto where = layout(viewport);
    const auto columns = tickColumns(capture, static_cast<double>(where.plotWidth));
    const auto middle = static_cast<std::int64_t>(std::floor(x - where.plotX));
    const auto first = std::max<std::int64_t>(middle - kReach, 0);
    const auto last = std::min(middle + kReach + 1, columns.count); // behind it
    const auto start = [&](std::int64_t column) {
        return m_window.at(static_cast<double>(column) * columns.nsPerColumn);
    };
    // Only what is near is asked for.
    auto near = columns;
    near.begin = capture.onClock(start(first));
    near.fraction = 0;
    near.count = last - first;
    std::vector<SampleTick> found;
    capture.samples->ticks(node.ref.track, near, found);
    TracksSamples out{at.place->node, start(first), start(last), 0, capture.samples->step() == 1};
    for (const auto &tick : found)
        out.count += tick.count * capture.samples->step();
    if (out.count == 0)
        return std::nullopt;
    return out;
}

FlameTooltip TracksView::tooltip(const TracksSamples &samples) const
{
    FlameTooltip out;
    std::int64_t length = 0;
    if (__builtin_sub_overflow(samples.end, samples.begin, &length))
        length = INT64_MAX;
    length = std::max<std::int64_t>(length, 1);
    out.title = (samples.exact ? "" : "about ") +
                formatCount(static_cast<std::int64_t>(samples.count)) +
                (samples.count == 1 ? " sample in " : " samples in ") + durationText(length);
    out.subtitle = m_set->nodes[samples.node].name;
    out.rows.push_back({.label = "taken from", .value = timeText(samples.begin, 1)});
    if (!samples.exact)
        out.footer = "too many to hold: one in " +
                     formatCount(static_cast<std::int64_t>(
                         m_set->captures[m_set->nodes[samples.node].capture].samples->step())) +
                     " is drawn";
    return out;
}

} // namespace flamewright
