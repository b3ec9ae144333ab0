#include "views/scene/heat_map_view.h"
#include "views/scene/time_axis.h"
#include "views/scene/tracks_painter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <tuple>

// What lies over the tracks and above them: time, chosen areas, notes, flows.
namespace flamewright {
namespace {

constexpr double kTickDistance = 112;
constexpr std::size_t kMostTicks = 400;
constexpr std::size_t kMostFlowsRead = 60'000; // a frame
constexpr std::size_t kFlowsBefore = 2000;     // that may reach into what is shown
constexpr std::size_t kFewFlows = 160;         // drawn one by one
constexpr std::size_t kMostFlowLines = 400;
constexpr double kFlowCell = 24; // pixels that count as one end

struct Curve {
    std::array<PointF, 13> points;
    PointF direction; // at its end, of length 1
};

// From left to right as a curve that leaves and arrives level; straight where there is no room.
Curve curve(PointF from, PointF to)
{
    const auto bend = std::clamp((to.x - from.x) / 2, 0.0f, 60.0f);
    Curve out;
    for (std::size_t i = 0; i < out.points.size(); ++i) {
        const auto t = static_cast<float>(i) / static_cast<float>(out.points.size() - 1);
        const auto u = 1 - t;
        const auto a = u * u * u, b = 3 * u * u * t, c = 3 * u * t * t, d = t * t * t;
        out.points[i] = {a * from.x + b * (from.x + bend) + c * (to.x - bend) + d * to.x,
                         (a + b) * from.y + (c + d) * to.y};
    }
    const auto &before = out.points[out.points.size() - 2];
    const auto dx = to.x - before.x, dy = to.y - before.y;
    const auto length = std::max(std::hypot(dx, dy), 1e-3f);
    out.direction = {dx / length, dy / length};
    return out;
}

} // namespace

std::vector<std::int64_t> TracksView::Paint::ticks(std::int64_t &step) const
{
    std::vector<std::int64_t> times;
    step = roundTimeStep(pixelNs * kTickDistance);
    const auto origin = view.m_set->begin;
    std::int64_t since = 0;
    if (step <= 0 || __builtin_sub_overflow(view.m_window.begin, origin, &since))
        return times;
    auto index = since / step - (since < 0 ? 1 : 0);
    for (std::size_t n = 0; n < kMostTicks; ++n, ++index) {
        std::int64_t by = 0, at = 0;
        if (__builtin_mul_overflow(index, step, &by) || __builtin_add_overflow(origin, by, &at))
            break;
        if (x(at) > plotRight)
            break;
        if (x(at) >= plotX && by >= 0)
            times.push_back(at);
    }
    return times;
}

void TracksView::Paint::grid(RectF in)
{
    std::int64_t step = 1;
    for (const auto at : ticks(step))
        out.fillRect(
            {static_cast<float>(device(x(at))), in.y, static_cast<float>(1 / scale), in.height},
            colors.grid);
}

void TracksView::Paint::ruler()
{
    out.fillRect(where.ruler, colors.surface1);
    std::int64_t step = 1;
    const auto line = metrics.lineHeight(FontRole::Caption);
    for (const auto at : ticks(step)) {
        const auto left = static_cast<float>(device(x(at)));
        out.fillRect({left, where.ruler.bottom() - 7, static_cast<float>(1 / scale), 6},
                     colors.text3);
        const auto label = view.timeText(at, step);
        if (left + 4 + metrics.width(label, FontRole::Caption) < static_cast<float>(plotRight))
            text(label, left + 4, where.ruler.y + (where.ruler.height - line) / 2, 400,
                 colors.text2, FontRole::Caption);
    }
    out.fillRect({where.ruler.x, where.ruler.bottom() - 1, where.ruler.width, 1}, colors.border);
}

void TracksView::Paint::overview()
{
    if (where.overview.height <= 0)
        return;
    const auto &in = where.overview;
    out.fillRect(in, colors.surface1);
    const auto all = view.whole();
    const auto share = [&](std::int64_t time) {
        return plotX + std::clamp(all.after(time) / all.length, 0.0, 1.0) * (plotRight - plotX);
    };
    const auto &parts = view.m_set->activity;
    const auto from = share(view.m_set->begin), to = share(view.m_set->end);
    const auto bottom = static_cast<double>(in.bottom()) - 4,
               most = static_cast<double>(in.height) - 9;
    // A column of the screen has the most of the parts it shows.
    const auto columns = static_cast<std::size_t>(std::max(to - from, 0.0));
    for (std::size_t c = 0; c < columns && !parts.empty(); ++c) {
        const auto first = c * parts.size() / columns;
        const auto last = std::max(first + 1, (c + 1) * parts.size() / columns);
        const auto value = static_cast<double>(*std::max_element(
            parts.begin() + static_cast<std::ptrdiff_t>(first),
            parts.begin() + static_cast<std::ptrdiff_t>(std::min(last, parts.size()))));
        if (value <= 0)
            continue;
        const auto high = std::max(1.0, value * most);
        out.fillRect({static_cast<float>(std::floor(from) + static_cast<double>(c)),
                      static_cast<float>(bottom - high), 1, static_cast<float>(high)},
                     withAlpha(colors.accent, 0.35));
    }
    if (view.m_matches) {
        const auto &matches = view.m_matches->matches;
        auto last = -2.0;
        for (auto it = matches.begin(); it != matches.end();) {
            const auto at = std::floor(share(it->begin));
            if (at > last)
                out.fillRect({static_cast<float>(at), in.bottom() - 7, 2, 6}, colors.search);
            last = std::max(last, at) + 1;
            // On to the first that is further right: work follows pixels.
            const auto next = all.at((last - plotX) / (plotRight - plotX) * all.length);
            it = std::lower_bound(it + 1, matches.end(), next,
                                  [](const auto &m, std::int64_t t) { return m.begin < t; });
        }
    }
    for (const auto &note : view.m_notes)
        out.fillRect({static_cast<float>(share(note.begin)), in.y + 2, 2, in.height - 4},
                     colors.sideB);
    if (view.m_area) {
        const auto a = share(view.m_area->begin), b = share(view.m_area->end);
        out.fillRect(
            {static_cast<float>(a), in.y, static_cast<float>(std::max(b - a, 1.0)), in.height},
            withAlpha(colors.accent, 0.16));
    }
    // What is shown, and what is not is dimmed.
    const auto left = share(view.m_window.begin);
    const auto right = std::max(share(view.m_window.end()), left + 3);
    const auto dim = withAlpha(colors.surface0, 0.62);
    if (left > plotX + 0.5)
        out.fillRect({in.x, in.y, static_cast<float>(left - plotX), in.height}, dim);
    if (right < plotRight - 0.5)
        out.fillRect(
            {static_cast<float>(right), in.y, static_cast<float>(plotRight - right), in.height},
            dim);
    out.strokeRect(
        {static_cast<float>(left), in.y + 1, static_cast<float>(right - left), in.height - 2},
        colors.accent, 1.5f, 3);
    out.fillRect({in.x, in.bottom() - 1, in.width, 1}, colors.border);
}

void TracksView::Paint::area()
{
    if (!view.m_area)
        return;
    const auto &chosen = *view.m_area;
    const auto x0 = device(std::clamp(x(chosen.begin), plotX, plotRight));
    const auto x1 = device(std::clamp(x(chosen.end), plotX, plotRight));
    const auto top = where.ruler.bottom(), height = viewport.size.height - top;
    const auto width = static_cast<float>(x1 - x0), left = static_cast<float>(x0);
    if (x1 > x0) {
        if (chosen.nodes.empty()) {
            out.fillRect({left, top, width, height}, withAlpha(colors.accent, 0.10));
        } else {
            out.pushClip({left, top, width, height});
            for (const auto node : chosen.nodes) {
                const auto y = laneY(node, 0);
                const auto *place = view.m_rows.placeOf(node);
                if (y && place)
                    out.fillRect({left, static_cast<float>(*y - place->lanesTop), width,
                                  static_cast<float>(place->height)},
                                 withAlpha(colors.accent, 0.13));
            }
            out.popClip();
        }
    }
    for (const auto edge : {chosen.begin, chosen.end}) {
        const auto at = x(edge);
        if (at >= plotX - 0.5 && at <= plotRight + 0.5)
            out.fillRect({static_cast<float>(std::min(device(at), plotRight - 1)), top, 1, height},
                         colors.accent);
    }
    std::int64_t length = 0;
    if (__builtin_sub_overflow(chosen.end, chosen.begin, &length))
        length = INT64_MAX;
    const auto label = view.durationText(length);
    const auto own = metrics.width(label, FontRole::Strong) + 12;
    const auto middle = std::clamp((x0 + x1) / 2 - static_cast<double>(own) / 2, plotX + 2,
                                   std::max(plotX + 2, plotRight - static_cast<double>(own) - 2));
    if (x1 < plotX || x0 > plotRight)
        return;
    const auto line = metrics.lineHeight(FontRole::Strong);
    const RectF pill{static_cast<float>(device(middle)), top + 4, own, line + 4};
    out.fillRect(pill, colors.accent, static_cast<std::uint8_t>(tokens::k_radius_control));
    text(label, pill.x + 6, pill.y + 2, own,
         contrastRatio(colors.surface1, colors.accent) >= 4.5 ? colors.surface1 : colors.surface0,
         FontRole::Strong);
}

void TracksView::Paint::notes()
{
    for (std::size_t i = 0; i < view.m_notes.size(); ++i) {
        const auto &note = view.m_notes[i];
        const auto at = x(note.begin);
        if (at < plotX - 1 || at > plotRight)
            continue;
        const auto left = static_cast<float>(device(at)), top = where.ruler.y + 4;
        out.fillRect({left, top, 1.5f, viewport.size.height - top}, withAlpha(colors.sideB, 0.7));
        out.fillRect({left, top, 10, 9}, colors.sideB, 2);
        // Up to the next one.
        auto room = 180.0;
        for (const auto &other : view.m_notes) {
            if (other.begin > note.begin)
                room = std::min(room, x(other.begin) - at - 18);
        }
        const auto width =
            std::min(static_cast<float>(room), metrics.width(note.text, FontRole::Caption) + 1);
        if (room < 24)
            continue;
        const auto line = metrics.lineHeight(FontRole::Caption);
        out.fillRect({left + 10, where.ruler.y + 1, width + 8, where.ruler.height - 3},
                     withAlpha(colors.surface1, 0.92));
        text(note.text, left + 14, where.ruler.y + (where.ruler.height - line) / 2, width,
             colors.text1, FontRole::Caption);
    }
}

// What is not drawn of the flows is said.
void TracksView::Paint::hiddenFlows(std::uint64_t hidden)
{
    std::string said;
    if (hidden > 0)
        said = (hidden == 1 ? "arrow hidden: " : "arrows hidden: ") +
               formatCount(static_cast<std::int64_t>(hidden)) + " in sight; zoom in";
    std::uint64_t left = 0;
    for (const auto &capture : view.m_set->captures)
        left += capture.flowsLeft;
    if (left > 0)
        said += (said.empty() ? "" : " \u00b7 ") + formatCount(static_cast<std::int64_t>(left)) +
                " more arrows in the capture are not drawn";
    if (said.empty())
        return;
    const auto line = metrics.lineHeight(FontRole::Caption);
    const auto room = where.plotWidth - 24;
    const auto width = std::min(metrics.width(said, FontRole::Caption) + 1, room);
    const RectF pill{static_cast<float>(plotRight) - width - 18, where.tracks.bottom() - line - 12,
                     width + 12, line + 6};
    out.fillRect(pill, withAlpha(colors.surface1, 0.94),
                 static_cast<std::uint8_t>(tokens::k_radius_control));
    out.strokeRect(pill, colors.border, 1, static_cast<std::uint8_t>(tokens::k_radius_control));
    text(said, pill.x + 6, pill.y + 3, width, colors.text2, FontRole::Caption);
}

std::uint64_t TracksView::Paint::flowsInSight() const
{
    std::uint64_t inSight = 0;
    for (const auto &capture : view.m_set->captures) {
        const auto &begin = capture.flows->begin;
        const auto at = [&](std::int64_t time) {
            return std::lower_bound(begin.begin(), begin.end(),
                                    Timestamp{Duration{capture.onClock(time)}});
        };
        const auto first = at(view.m_window.begin), last = at(view.m_window.end());
        inSight += last > first ? static_cast<std::uint64_t>(last - first) : 0;
    }
    return inSight;
}

void TracksView::Paint::flows()
{
    // Some of them would be a picture of nothing.
    if (const auto inSight = flowsInSight(); inSight > kMostFlowsRead)
        return hiddenFlows(inSight);
    struct Arrow {
        double x0, y0, x1, y1;
        std::uint32_t count;
        bool strong;
    };
    std::vector<Arrow> arrows;
    std::map<std::tuple<std::uint32_t, std::uint32_t, int, int>, std::size_t> joined;
    bool one = true; // by one, while they are few
    for (int turn = 0; turn < 2; ++turn) {
        arrows.clear();
        joined.clear();
        std::size_t read = 0;
        for (std::uint32_t c = 0; c < view.m_set->captures.size(); ++c) {
            const auto &capture = view.m_set->captures[c];
            const auto &flows = *capture.flows;
            const auto begin = Timestamp{Duration{capture.onClock(view.m_window.begin)}};
            const auto end = Timestamp{Duration{capture.onClock(view.m_window.end())}};
            auto i = static_cast<std::size_t>(
                std::lower_bound(flows.begin.begin(), flows.begin.end(), begin) -
                flows.begin.begin());
            i -= std::min(i, kFlowsBefore);
            for (; i < flows.begin.size() && flows.begin[i] < end && read < 2 * kMostFlowsRead;
                 ++i, ++read) {
                const auto early = flows.begin[i].time_since_epoch().count();
                const auto late = saturatingAdd(early, flows.length[i].count());
                if (late < begin.time_since_epoch().count())
                    continue;
                const bool back = flows.backward[i] != 0;
                const auto tail = capture.onAxis(back ? late : early);
                const auto head = capture.onAxis(back ? early : late);
                const auto from = view.m_set->nodeOf({capture.id, flows.from[i]});
                const auto to = view.m_set->nodeOf({capture.id, flows.to[i]});
                if (!from || !to)
                    continue;
                const auto x0 = x(tail), x1 = x(head);
                const auto key =
                    std::tuple(*from, *to, static_cast<int>(std::clamp(x0 / kFlowCell, -10.0, 1e6)),
                               static_cast<int>(std::clamp(x1 / kFlowCell, -10.0, 1e6)));
                if (!one) {
                    const auto [at, fresh] = joined.try_emplace(key, arrows.size());
                    if (!fresh) {
                        ++arrows[at->second].count;
                        continue;
                    }
                }
                const auto tailBox = one ? view.innermost(*from, tail) : std::nullopt;
                const auto headBox = one ? view.innermost(*to, head) : std::nullopt;
                const auto y0 = laneY(*from, tailBox ? tailBox->depth : 0);
                const auto y1 = laneY(*to, headBox ? headBox->depth : 0);
                if (!y0 || !y1)
                    continue;
                const bool strong =
                    view.m_selected && (view.m_selected == tailBox || view.m_selected == headBox);
                arrows.push_back({x0, *y0 + kLaneHeight / 2, x1, *y1 + kLaneHeight / 2, 1, strong});
                if (one && arrows.size() > kFewFlows)
                    break;
            }
        }
        if (arrows.size() <= kFewFlows || !one)
            break;
        one = false;
    }
    std::uint64_t hidden = 0;
    if (arrows.size() > kMostFlowLines) { // those that stand for most
        std::nth_element(arrows.begin(), arrows.begin() + kMostFlowLines, arrows.end(),
                         [](const Arrow &a, const Arrow &b) { return a.count > b.count; });
        for (auto i = kMostFlowLines; i < arrows.size(); ++i)
            hidden += arrows[i].count;
        arrows.resize(kMostFlowLines);
    }
    out.pushClip({where.plotX, where.tracks.y, where.plotWidth, where.tracks.height});
    for (const auto &arrow : arrows) {
        const auto color = withAlpha(arrow.strong ? colors.accent : colors.text2, arrow.strong ? 1.0
                                                                                  : searching ? 0.25
                                                                                  : one       ? 0.5
                                                                                        : 0.3);
        const auto width = arrow.strong
                               ? 2.0f
                               : std::min(4.0f, 1 + std::log2(static_cast<float>(arrow.count)) / 2);
        // Ends that are far away are not drawn: single precision would bend the line.
        const auto far = plotRight + 4000;
        const auto x0 = std::clamp(arrow.x0, -4000.0, far), x1 = std::clamp(arrow.x1, -4000.0, far);
        const PointF from{static_cast<float>(x0), static_cast<float>(arrow.y0)};
        const PointF to{static_cast<float>(x1), static_cast<float>(arrow.y1)};
        const auto head = curve(from, to);
        out.polyline(head.points, color, width);
        // The head points where the line comes to.
        const PointF back{to.x - 6 * head.direction.x, to.y - 6 * head.direction.y};
        const PointF side{3 * head.direction.y, -3 * head.direction.x};
        out.polyline(std::array{PointF{back.x + side.x, back.y + side.y}, to,
                                PointF{back.x - side.x, back.y - side.y}},
                     color, width);
        if (arrow.count > 1 && arrows.size() <= 60) {
            const auto label = "\u00d7" + formatCount(arrow.count);
            text(label, (from.x + to.x) / 2 + 3, (from.y + to.y) / 2 - 14, 80, colors.text2,
                 FontRole::Caption);
        }
    }
    out.popClip();
    hiddenFlows(hidden);
}

void TracksView::Paint::empty()
{
    const std::string_view title = "No slices or counters here";
    const std::string_view why =
        "A timeline shows traces: what ran when, on which thread or service.";
    const auto middle = viewport.size.width / 2, y = viewport.size.height / 2 - 20;
    const auto w0 = metrics.width(title, FontRole::Title), w1 = metrics.width(why, FontRole::Body);
    out.text({middle - w0 / 2, y}, title, colors.text1, FontRole::Title, w0);
    text(why, std::max(8.0f, middle - w1 / 2), y + 26, viewport.size.width - 16, colors.text2,
         FontRole::Body);
}

} // namespace flamewright
