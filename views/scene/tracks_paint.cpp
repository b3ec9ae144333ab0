#include "capture/base/capture_text.h"
#include "views/scene/frame_look.h"
#include "views/scene/tracks_painter.h"

#include <algorithm>
#include <cmath>

// Tracks, their slices and counters.
namespace flamewright {
namespace {

constexpr double kMinLabel = 26, kLabelPadding = 4;
constexpr double kBoxHeight = kLaneHeight - 1;
constexpr double kFade = 28; // pixels of an open end
constexpr int kFadeSteps = 7;
constexpr double kMany = 0.42; // of the surface, in boxes that stand for many
constexpr std::size_t kLabelBytes = 512;

bool isPlain(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

// What threads do, as kernels and tracers call it.
std::optional<Rgba> stateColor(std::string_view name, const Palette &colors)
{
    const auto is = [&](std::string_view word) { return name.starts_with(word); };
    if (is("Running"))
        return colors.ok;
    if (is("Runnable") || is("Preempted"))
        return colors.warn;
    if (is("Uninterruptible") || is("Blocked") || is("Disk"))
        return colors.error;
    if (is("Sleeping") || is("Interruptible") || is("Idle") || is("Stopped") || is("Waiting"))
        return colors.noEvidence;
    return std::nullopt;
}

} // namespace

TracksView::Paint::Paint(const TracksView &owner, const Viewport &port, Theme chosen,
                         const TextMetrics &measure, DisplayList &list)
    : view(owner),
      viewport(port),
      theme(chosen),
      colors(palette(chosen)),
      metrics(measure),
      out(list),
      where(owner.layout(port)),
      plotX(static_cast<double>(where.plotX)),
      plotRight(static_cast<double>(where.plotX + where.plotWidth)),
      perNs(static_cast<double>(where.plotWidth) / owner.m_window.length),
      scale(std::max(static_cast<double>(port.scale), 0.1)),
      pixelNs(owner.nsPerPixel(static_cast<double>(where.plotWidth)))
{
    searching = owner.m_matches && owner.m_matches->names.size() == owner.m_set->captures.size();
    for (std::size_t i = 0; i < looks.size(); ++i) {
        const auto own =
            frameColors({.mismatch = searching,
                         .scheme = ColorScheme::Module,
                         .shade = static_cast<std::uint8_t>(i % colors.flame.groups.size())},
                        chosen);
        looks[i] = {own.fill, own.text};
    }
    const auto match = frameColors({.match = true}, chosen);
    found = {match.fill, match.text};
}

float TracksView::Paint::text(std::string_view utf8, float left, float top, float room, Rgba color,
                              FontRole font)
{
    float width = 0;
    const auto shown = elided(utf8, font, room, metrics, &width);
    if (!shown.empty())
        out.text({left, std::round(top)}, shown, color, font, width);
    return width;
}

TracksView::Paint::Look TracksView::Paint::lookOf(const TracksBox &box, std::uint32_t capture) const
{
    const auto &strings = view.m_set->captures[capture].dimensions->strings;
    auto &hashes = view.m_hashes[capture];
    if (box.name.raw >= hashes.size())
        hashes.resize(std::max(strings.size(), std::size_t{box.name.raw} + 1), 0);
    auto &hash = hashes[box.name.raw];
    if (hash == 0)
        hash = static_cast<std::uint16_t>(nameHash(strings.text(box.name)) + 1);
    if (searching) {
        const auto &names = view.m_matches->names[capture];
        if (box.name.raw < names.size() && names[box.name.raw])
            return found;
    }
    if (box.kind == SliceKind::State) {
        if (const auto color = stateColor(strings.text(box.name), colors)) {
            const auto fill =
                mixed(colors.surface0, *color, *color == colors.noEvidence ? 1 : 0.55);
            return {fill, colors.text1};
        }
    }
    return looks[static_cast<std::size_t>(hash - 1)];
}

void TracksView::Paint::flush(Run &run, double y)
{
    if (run.x1 > run.x0)
        out.fillRect({static_cast<float>(run.x0), static_cast<float>(y),
                      static_cast<float>(run.x1 - run.x0), static_cast<float>(kBoxHeight)},
                     run.color);
    run = {};
}

void TracksView::Paint::lane(std::uint32_t node, const Lane &of, const SliceLanes &lanes, double y,
                             bool summary)
{
    const auto capture = view.m_set->nodes[node].capture;
    boxes.clear();
    lanes.boxes(
        of, view.laneWindow(view.m_set->captures[capture], static_cast<double>(where.plotWidth)),
        boxes);
    Run run;
    const auto pixel = 1 / scale;
    for (const auto &each : boxes) {
        const auto box = view.boxFrom(node, lanes, of.depth, each);
        const auto x0 = std::max(device(x(box.begin)), plotX);
        const auto x1 = std::min(std::max(device(x(box.end)), x0 + 1), plotRight);
        if (x1 <= x0)
            continue;
        auto look = lookOf(box, capture);
        const bool wide = x1 - x0 >= 3;
        if (wide && box.exact() && !summary) {
            flush(run, y);
            this->box(box, x0, x1, y, look);
            continue;
        }
        if (!box.exact() || summary)
            look.fill = mixed(look.fill, colors.surface0, kMany);
        if (run.x1 > run.x0 && (look.fill != run.color || x0 > run.x1 + pixel / 2))
            flush(run, y);
        if (run.x1 <= run.x0)
            run = {x0, x1, look.fill};
        run.x1 = std::max(run.x1, x1);
        if (box.flags & kSliceError) {
            flush(run, y);
            out.fillRect({static_cast<float>(x0), static_cast<float>(y + kBoxHeight - 4),
                          static_cast<float>(std::max(x1 - x0, 2.0)), 4},
                         colors.error);
        }
    }
    flush(run, y);
}

void TracksView::Paint::box(const TracksBox &box, double x0, double x1, double y, const Look &look)
{
    const auto left = static_cast<float>(x0), top = static_cast<float>(y);
    const auto width = static_cast<float>(x1 - x0 - (x1 < plotRight ? 1 / scale : 0));
    if (view.m_annotated)
        out.beginItem(ItemRole::Frame, plainText(view.tooltip(box)));
    const bool hovered = view.m_hovered == box;
    const auto fill = hovered ? mixed(look.fill, colors.text1, 0.14) : look.fill;
    constexpr auto radius = static_cast<std::uint8_t>(tokens::k_radius_frame);
    out.fillRect({left, top, width, static_cast<float>(kBoxHeight)}, fill,
                 width > 8 && x0 > plotX && x1 < plotRight ? radius : std::uint8_t{0});
    if (box.flags & (kSliceNoEnd | kSliceNoBegin))
        endOfOpen(box, x0, x1, y);
    if (box.flags & kSliceError) {
        out.fillRect({left, top, std::min(width, 3.0f), static_cast<float>(kBoxHeight)},
                     colors.error);
        out.fillRect({left, top + static_cast<float>(kBoxHeight) - 2, width, 2}, colors.error);
    }
    if (x1 - x0 >= kMinLabel)
        label(box, x0, x1, y, look.text);
    if (view.m_annotated)
        out.endItem();
}

// An end that the file does not have fades out.
void TracksView::Paint::endOfOpen(const TracksBox &box, double x0, double x1, double y)
{
    const auto room = std::min(kFade, (x1 - x0) / 2), step = room / kFadeSteps;
    const auto strip = [&](double at, int i) {
        out.fillRect({static_cast<float>(at), static_cast<float>(y), static_cast<float>(step),
                      static_cast<float>(kBoxHeight)},
                     withAlpha(colors.surface0, 0.95 * (i + 1) / kFadeSteps));
    };
    for (int i = 0; i < kFadeSteps; ++i) {
        if (box.flags & kSliceNoEnd)
            strip(x1 - room + i * step, i);
        if (box.flags & kSliceNoBegin)
            strip(x0 + room - (i + 1) * step, i);
    }
}

void TracksView::Paint::label(const TracksBox &box, double x0, double x1, double y, Rgba color)
{
    const auto capture = view.m_set->nodes[box.node].capture;
    const auto name = view.m_set->captures[capture].dimensions->strings.text(box.name);
    const auto edge = box.flags & kSliceError ? 3.0 : 0.0;
    const auto left = x0 + kLabelPadding + edge, room = x1 - left - kLabelPadding;
    const auto top =
        y + (kBoxHeight - static_cast<double>(metrics.lineHeight(FontRole::Label))) / 2;
    const auto head = name.substr(0, kLabelBytes);
    if (isPlain(head))
        text(head, static_cast<float>(left), static_cast<float>(top), static_cast<float>(room),
             color, FontRole::Label);
    else
        text(CaptureText(head).toDisplay(kLabelBytes), static_cast<float>(left),
             static_cast<float>(top), static_cast<float>(room), color, FontRole::Label);
}

void TracksView::Paint::counter(const TrackPlace &place, double y)
{
    const auto &node = view.m_set->nodes[place.node];
    const auto &capture = view.m_set->captures[node.capture];
    const auto *lanes = view.countersOf(node.capture, pixelNs);
    const auto *all =
        capture.counters.empty() ? nullptr : capture.counters.back()->lanes.rangeOf(node.ref.track);
    if (!lanes || !all)
        return;
    bands.clear();
    lanes->bands(node.ref.track, view.laneWindow(capture, plotRight - plotX), bands);
    // Most counters mean nothing without their zero.
    const auto low = std::min(all->min, 0.0), high = std::max(all->max, 0.0);
    const auto span = high > low ? high - low : 1;
    const auto bottom = y + place.height - 4, room = place.height - 10;
    const auto height = [&](double value) {
        return bottom - (std::clamp(value, low, high) - low) / span * room;
    };
    const auto zero = height(0);
    const auto line = colors.lines[0], fill = withAlpha(line, 0.22);
    std::vector<PointF> points;
    const auto flushLine = [&] {
        if (points.size() > 1)
            out.polyline(points, line, 1.25f);
        points.clear();
    };
    for (std::size_t i = 0; i < bands.size(); ++i) {
        const auto &band = bands[i];
        const auto x0 = std::clamp(x(capture.onAxis(band.begin)), plotX, plotRight);
        const auto next = i + 1 < bands.size() ? x(capture.onAxis(bands[i + 1].begin))
                                               : x(capture.onAxis(capture.end));
        const auto x1 = std::clamp(next, x0, plotRight);
        if (!std::isfinite(band.last)) { // a gap
            flushLine();
            continue;
        }
        const auto at = height(band.last);
        if (x1 > x0)
            out.fillRect({static_cast<float>(x0), static_cast<float>(std::min(at, zero)),
                          static_cast<float>(x1 - x0), static_cast<float>(std::fabs(zero - at))},
                         fill);
        if (band.count > 1 && band.max > band.min) {
            const auto top = height(band.max), base = height(band.min);
            out.fillRect({static_cast<float>(x0), static_cast<float>(top),
                          static_cast<float>(std::max(1 / scale, std::min(x1 - x0, 2.0))),
                          static_cast<float>(std::max(base - top, 1 / scale))},
                         withAlpha(line, 0.45));
        }
        // A value holds until the next one.
        points.push_back({static_cast<float>(x0), static_cast<float>(at)});
        points.push_back({static_cast<float>(x1), static_cast<float>(at)});
    }
    flushLine();
    const auto most = formatNumber(high);
    const auto width = metrics.width(most, FontRole::Caption);
    text(most, static_cast<float>(plotRight) - width - 6, static_cast<float>(y + 2), width + 1,
         colors.text3, FontRole::Caption);
}

void TracksView::Paint::track(const TrackPlace &place, double y, RectF area)
{
    const auto &node = view.m_set->nodes[place.node];
    const auto right = static_cast<float>(plotRight), left = static_cast<float>(plotX);
    if (place.group)
        out.fillRect({left, static_cast<float>(y), right - left, static_cast<float>(place.height)},
                     withAlpha(colors.surface2, 0.7));
    out.fillRect({left, static_cast<float>(y + place.height - 1), right - left, 1}, colors.grid);
    const auto shown = view.summaryNode(place);
    const bool summary = shown != place.node;
    const auto lanes = summary ? 1u : place.lanes;
    const auto *rows = view.slicesOf(node.capture, pixelNs);
    if (rows && lanes > 0) {
        // Only lanes that can be seen: stacks may be deep.
        const auto above = static_cast<double>(area.y) - y - place.lanesTop;
        const auto first = static_cast<std::uint32_t>(
            std::clamp(std::floor(above / kLaneHeight), 0.0, static_cast<double>(lanes)));
        const auto below = static_cast<double>(area.bottom()) - y - place.lanesTop;
        const auto last = static_cast<std::uint32_t>(
            std::clamp(std::ceil(below / kLaneHeight), 0.0, static_cast<double>(lanes)));
        for (auto depth = first; depth < last; ++depth) {
            const auto *of = view.laneOf(*rows, view.m_set->nodes[shown].ref.track, depth);
            if (of)
                lane(shown, *of, *rows, y + place.lanesTop + depth * kLaneHeight, summary);
        }
    }
    if (node.counter && place.lanes == 0 && (!place.group || place.open))
        counter(place, y);
    if (node.samples)
        sampleTicks(place, y);
}

void TracksView::Paint::tracks(const std::vector<TrackPlace> &places, RectF area, double scroll)
{
    const auto first =
        std::lower_bound(places.begin(), places.end(), scroll,
                         [](const TrackPlace &p, double at) { return p.y + p.height <= at; });
    for (auto it = first; it != places.end(); ++it) {
        const auto y = device(static_cast<double>(area.y) + it->y - scroll);
        if (y >= static_cast<double>(area.bottom()))
            break;
        track(*it, y, area);
    }
}

std::optional<double> TracksView::Paint::laneY(std::uint32_t node, std::uint32_t depth) const
{
    const auto *place = view.m_rows.placeOf(node);
    auto top = static_cast<double>(where.tracks.y) - static_cast<double>(viewport.scrollY);
    if (!place) {
        const auto &pinned = view.m_rows.pinned();
        const auto at = std::find_if(pinned.begin(), pinned.end(),
                                     [node](const TrackPlace &p) { return p.node == node; });
        if (at == pinned.end())
            return std::nullopt;
        place = &*at;
        top = static_cast<double>(where.pinned.y);
    }
    const auto shown = std::min(depth, std::max(place->lanes, 1u) - 1);
    return device(top + place->y) + place->lanesTop + shown * kLaneHeight;
}

void TracksView::Paint::outline(const std::optional<TracksBox> &box, Rgba color, float width)
{
    const auto y = box ? laneY(box->node, box->depth) : std::nullopt;
    if (!y)
        return;
    const auto x0 = std::max(device(x(box->begin)), plotX - 2);
    const auto x1 = std::min(std::max(device(x(box->end)), x0 + 3), plotRight + 2);
    if (x1 <= plotX || x0 >= plotRight)
        return;
    out.strokeRect({static_cast<float>(x0) - 1, static_cast<float>(*y) - 1,
                    static_cast<float>(x1 - x0) + 1, static_cast<float>(kBoxHeight) + 2},
                   color, width, static_cast<std::uint8_t>(tokens::k_radius_frame));
}

void TracksView::Paint::all()
{
    out.pushClip({0, 0, viewport.size.width, viewport.size.height});
    if (view.isEmpty()) {
        empty();
        out.popClip();
        return;
    }
    const auto scroll = static_cast<double>(viewport.scrollY);
    out.pushClip(where.tracks);
    grid(where.tracks);
    tracks(view.m_rows.places(), where.tracks, scroll);
    outline(view.m_selected, colors.text1, 2);
    flows();
    names(view.m_rows.places(), where.tracks, scroll);
    stickyGroup(where.tracks, scroll);
    out.popClip();
    if (where.pinned.height > 0) {
        out.pushClip(where.pinned);
        out.fillRect(where.pinned, colors.surface0);
        grid(where.pinned);
        tracks(view.m_rows.pinned(), where.pinned, 0);
        names(view.m_rows.pinned(), where.pinned, 0);
        out.popClip();
        out.fillRect({0, where.pinned.bottom() - 2, viewport.size.width, 2}, colors.border);
    }
    area();
    overview();
    ruler();
    notes();
    corner();
    out.popClip();
}

void TracksView::paint(const Viewport &viewport, Theme theme, const TextMetrics &metrics,
                       DisplayList &out) const
{
    Paint(*this, viewport, theme, metrics, out).all();
}

} // namespace flamewright
