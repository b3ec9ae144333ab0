#include "views/scene/tracks_view.h"

#include "capture/base/capture_text.h"
#include "views/scene/heat_map_view.h"

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

constexpr float kOverviewHeight = 40, kRulerHeight = 24;
constexpr float kLeastNames = 120, kMostNames = 248, kNamesShare = 0.21f;
constexpr double kMostPinned = 0.5; // of the height
constexpr double kLeastLength = 10; // ns in a window
constexpr double kRoom = 0.02;      // beside all of the time
constexpr std::size_t kCaret = 18;

} // namespace

TracksView::TracksView(std::shared_ptr<const TraceSet> set)
    : m_set(set ? std::move(set) : std::make_shared<const TraceSet>())
{
    m_detail.resize(m_set->captures.size());
    m_hashes.resize(m_set->captures.size());
    m_window = whole();
    setChoices(firstChoices(*m_set));
}

void TracksView::setChoices(TrackChoices choices)
{
    m_choices = std::move(choices);
    m_rows = TrackRows(*m_set, m_choices);
}

void TracksView::setDetail(std::uint32_t capture, std::shared_ptr<const DetailRows> rows)
{
    if (capture < m_detail.size())
        m_detail[capture] = std::move(rows);
}

TimeWindow TracksView::whole() const
{
    const auto length =
        std::max(static_cast<double>(m_set->end) - static_cast<double>(m_set->begin), kLeastLength);
    TimeWindow out{m_set->begin, 0, length};
    return out.zoomed(1 + 2 * kRoom, length / 2);
}

TimeWindow TracksView::clamped(TimeWindow window) const
{
    const auto all = whole();
    if (!(window.length < all.length))
        return all;
    if (window.length < kLeastLength) {
        window = window.moved((window.length - kLeastLength) / 2);
        window.length = kLeastLength;
    }
    if (const auto before = -window.after(all.begin); before < 0)
        window = {all.begin, all.fraction, window.length};
    const auto end = all.moved(all.length - window.length);
    if (window.after(end.begin) + end.fraction < 0)
        window = {end.begin, end.fraction, window.length};
    return window;
}

TimeWindow TracksView::around(std::int64_t begin, std::int64_t end, double margin) const
{
    TimeWindow out{begin, 0, 1};
    out.length = std::max(out.after(end), 1.0);
    return clamped(out.zoomed(1 + 2 * margin, out.length / 2));
}

TracksLayout TracksView::layout(const Viewport &viewport) const
{
    TracksLayout out;
    const auto width = viewport.size.width, height = viewport.size.height;
    out.names = std::round(std::clamp(width * kNamesShare, kLeastNames, kMostNames));
    const auto top = m_bare ? 0.0f : kOverviewHeight;
    out.plotX = out.names;
    out.plotWidth = std::max(width - out.names, 1.0f);
    out.overview = {out.plotX, 0, out.plotWidth, top};
    out.ruler = {out.plotX, top, out.plotWidth, kRulerHeight};
    out.corner = {0, 0, out.names, top + kRulerHeight};
    const auto under = top + kRulerHeight;
    const auto pinned = std::min(m_rows.pinnedHeight(),
                                 static_cast<double>(std::max(height - under, 0.0f)) * kMostPinned);
    out.pinned = {0, under, width, static_cast<float>(pinned)};
    out.tracks = {0, out.pinned.bottom(), width, std::max(height - out.pinned.bottom(), 0.0f)};
    return out;
}

double TracksView::mostScroll(const Viewport &viewport) const
{
    return std::max(0.0, m_rows.height() - static_cast<double>(layout(viewport).tracks.height));
}

std::int64_t TracksView::timeAt(const Viewport &viewport, float x) const
{
    const auto where = layout(viewport);
    return m_window.at(static_cast<double>((x - where.plotX) / where.plotWidth) * m_window.length);
}

double TracksView::xOf(const Viewport &viewport, std::int64_t time) const
{
    const auto where = layout(viewport);
    return static_cast<double>(where.plotX) +
           m_window.after(time) / m_window.length * static_cast<double>(where.plotWidth);
}

std::int64_t TracksView::overviewTime(const Viewport &viewport, float x) const
{
    const auto where = layout(viewport);
    const auto all = whole();
    const auto share =
        std::clamp(static_cast<double>((x - where.plotX) / where.plotWidth), 0.0, 1.0);
    return all.at(share * all.length);
}

const SliceLanes *TracksView::slicesOf(std::uint32_t capture, double pixel) const
{
    const auto &of = m_set->captures[capture];
    const auto *coarse = of.slicesFor(pixel);
    if (!of.wantsDetail(pixel) || !m_detail[capture] || of.slices.empty() ||
        of.slices.back()->cellBits == 0)
        return coarse;
    return m_detail[capture]->covers(of.onClock(m_window.begin), of.onClock(m_window.end()))
               ? &m_detail[capture]->slices
               : coarse;
}

const CounterLanes *TracksView::countersOf(std::uint32_t capture, double pixel) const
{
    const auto &of = m_set->captures[capture];
    const auto *coarse = of.countersFor(pixel);
    if (!of.wantsDetail(pixel) || !m_detail[capture] || of.counters.empty() ||
        of.counters.back()->cellBits == 0)
        return coarse;
    return m_detail[capture]->covers(of.onClock(m_window.begin), of.onClock(m_window.end()))
               ? &m_detail[capture]->counters
               : coarse;
}

LaneWindow TracksView::laneWindow(const TraceCapture &capture, double width) const
{
    return {capture.onClock(m_window.begin), capture.onClock(m_window.end()), nsPerPixel(width)};
}

const Lane *TracksView::laneOf(const SliceLanes &lanes, TrackId track, std::uint32_t depth) const
{
    const auto of = lanes.lanesOf(track);
    const auto at =
        std::lower_bound(of.begin(), of.end(), depth,
                         [](const Lane &lane, std::uint32_t d) { return lane.depth < d; });
    return at == of.end() || at->depth != depth ? nullptr : &*at;
}

TracksBox TracksView::boxFrom(std::uint32_t node, const SliceLanes &lanes, std::uint32_t depth,
                              const LaneBox &box) const
{
    const auto &capture = m_set->captures[m_set->nodes[node].capture];
    return {.node = node,
            .depth = depth,
            .begin = capture.onAxis(box.begin),
            .end = capture.onAxis(box.end),
            .count = box.count,
            .name = lanes.name(box.row),
            .kind = lanes.kind(box.row),
            .flags = box.flags,
            .longest = lanes.length(box.row)};
}

std::optional<TracksBox> TracksView::rowBox(std::uint32_t node, const SliceLanes &lanes,
                                            const Lane &lane, std::uint32_t row) const
{
    if (row < lane.first || row >= lane.last)
        return std::nullopt;
    return boxFrom(
        node, lanes, lane.depth,
        {lanes.begin(row), lanes.end(row), row, lanes.count(row, row + 1), lanes.flags(row)});
}

// A closed group shows the first of its tracks that has slices.
std::uint32_t TracksView::summaryNode(const TrackPlace &place) const
{
    const auto &nodes = m_set->nodes;
    if (place.lanes > 0 || !place.group || place.open)
        return place.node;
    for (auto i = place.node + 1; i < nodes[place.node].subtreeEnd; ++i) {
        if (nodes[i].lanes > 0)
            return i;
    }
    return place.node;
}

TracksView::At TracksView::placeAt(const Viewport &viewport, float y) const
{
    const auto where = layout(viewport);
    if (y >= where.pinned.y && y < where.pinned.bottom()) {
        const auto inside = static_cast<double>(y - where.pinned.y);
        for (const auto &place : m_rows.pinned()) {
            if (inside >= place.y && inside < place.y + place.height)
                return {&place, inside - place.y, 0};
        }
        return {};
    }
    if (y < where.tracks.y || y >= where.tracks.bottom())
        return {};
    const auto inside =
        static_cast<double>(y - where.tracks.y) + static_cast<double>(viewport.scrollY);
    const auto index = m_rows.at(inside);
    if (index == m_rows.places().size())
        return {};
    const auto &place = m_rows.places()[index];
    return {&place, inside - place.y, index};
}

std::optional<TracksBox> TracksView::boxAt(const Viewport &viewport, const At &at, float x) const
{
    const auto where = layout(viewport);
    const auto node = at.place->lanes > 0 ? at.place->node : summaryNode(*at.place);
    const auto &of = m_set->nodes[node];
    const auto inLane = at.y - at.place->lanesTop;
    if (of.lanes == 0 || inLane < 0)
        return std::nullopt;
    const auto depth = static_cast<std::uint32_t>(inLane / kLaneHeight);
    if (depth >= std::max(at.place->lanes, 1u))
        return std::nullopt;
    const auto width = static_cast<double>(where.plotWidth);
    const auto *lanes = slicesOf(of.capture, nsPerPixel(width));
    const auto *lane = lanes ? laneOf(*lanes, of.ref.track, depth) : nullptr;
    if (!lane)
        return std::nullopt;
    // The same boxes that are drawn, in the pixels around the point; the nearest of them.
    const auto &capture = m_set->captures[of.capture];
    auto window = laneWindow(capture, width);
    const auto slack = static_cast<std::int64_t>(std::min(window.nsPerPixel * 3, 9e17)) + 1;
    const auto time = capture.onClock(timeAt(viewport, x));
    window.begin = saturatingAdd(time, -slack);
    window.end = saturatingAdd(time, slack);
    std::vector<LaneBox> boxes;
    lanes->boxes(*lane, window, boxes);
    std::optional<TracksBox> best;
    double least = 2.5; // pixels beside it
    for (const auto &box : boxes) {
        const auto found = boxFrom(node, *lanes, depth, box);
        const auto left = xOf(viewport, found.begin), right = xOf(viewport, found.end);
        const auto away = std::max({left - static_cast<double>(x),
                                    static_cast<double>(x) - std::max(right, left + 1), 0.0});
        if (away < least) {
            least = away;
            best = found;
        }
    }
    return best;
}

TracksHit TracksView::hit(const Viewport &viewport, PointF at) const
{
    const auto where = layout(viewport);
    TracksHit out;
    if (isEmpty())
        return out;
    if (where.overview.contains(at)) {
        out.part = TracksHit::Part::Overview;
        return out;
    }
    if (where.ruler.contains(at)) {
        out.part = TracksHit::Part::Ruler;
        for (std::size_t i = m_notes.size(); i-- > 0;) {
            const auto x = xOf(viewport, m_notes[i].begin);
            if (static_cast<double>(at.x) >= x - 3 && static_cast<double>(at.x) < x + 12) {
                out.part = TracksHit::Part::Note;
                out.note = i;
                break;
            }
        }
        return out;
    }
    const auto place = placeAt(viewport, at.y);
    if (!place.place)
        return out;
    out.node = place.place->node;
    if (at.x < where.plotX) {
        const auto caret = 6 + 12 * m_set->nodes[*out.node].indent + kCaret;
        const bool closes = place.place->group || m_set->nodes[*out.node].lanes > 1;
        out.part = closes && at.x < static_cast<float>(caret) ? TracksHit::Part::Caret
                                                              : TracksHit::Part::Name;
        return out;
    }
    out.part = TracksHit::Part::Track;
    out.box = boxAt(viewport, place, at.x);
    if (!out.box)
        out.samples = samplesAt(viewport, place, at.x);
    return out;
}

std::optional<Hit> TracksView::hitTest(const Viewport &viewport, PointF at) const
{
    const auto found = hit(viewport, at);
    if (!found.box)
        return std::nullopt;
    const auto tip = tooltip(*found.box);
    return Hit{std::uint64_t{found.box->node} << 32 | found.box->depth, tip.title, plainText(tip)};
}

std::int64_t TracksView::snapped(const Viewport &viewport, PointF at, float pixels) const
{
    const auto time = timeAt(viewport, at.x);
    const auto place = placeAt(viewport, at.y);
    if (!place.place)
        return time;
    // Beside a slice its edge is as near as inside of it.
    std::int64_t best = time;
    auto least = static_cast<double>(pixels);
    for (const auto by : {-pixels, 0.0f, pixels}) {
        const auto box = boxAt(viewport, place, at.x + by);
        if (!box || !box->exact())
            continue;
        for (const auto edge : {box->begin, box->end}) {
            const auto away = std::fabs(xOf(viewport, edge) - static_cast<double>(at.x));
            if (away <= least) {
                least = away;
                best = edge;
            }
        }
    }
    return best;
}

std::vector<std::uint32_t> TracksView::nodesBetween(const Viewport &viewport, float y0,
                                                    float y1) const
{
    std::vector<std::uint32_t> out;
    const auto where = layout(viewport);
    const auto low = static_cast<double>(std::min(y0, y1)),
               high = static_cast<double>(std::max(y0, y1));
    const auto take = [&](const TrackPlace &place, double top) {
        const bool touched = top + place.y <= high && top + place.y + place.height > low;
        if (!touched)
            return;
        if (place.group && !place.open) {
            for (auto i = place.node; i < m_set->nodes[place.node].subtreeEnd; ++i) {
                if (m_set->nodes[i].lanes > 0)
                    out.push_back(i);
            }
        } else if (place.lanes > 0) {
            out.push_back(place.node);
        }
    };
    for (const auto &place : m_rows.pinned())
        take(place, static_cast<double>(where.pinned.y));
    const auto top = static_cast<double>(where.tracks.y) - static_cast<double>(viewport.scrollY);
    const auto &places = m_rows.places();
    const auto first =
        std::lower_bound(places.begin(), places.end(), low - top,
                         [](const TrackPlace &p, double y) { return p.y + p.height <= y; });
    for (auto it = first; it != places.end() && top + it->y <= high; ++it)
        take(*it, top);
    return out;
}

std::optional<TracksBox> TracksView::neighbour(const TracksBox &box, int step) const
{
    const auto &node = m_set->nodes[box.node];
    const auto &capture = m_set->captures[node.capture];
    const auto *lanes = slicesOf(node.capture, nsPerPixel(1000));
    const auto *lane = lanes ? laneOf(*lanes, node.ref.track, box.depth) : nullptr;
    if (!lane)
        return std::nullopt;
    const auto begin = capture.onClock(box.begin);
    if (step < 0)
        return rowBox(box.node, *lanes, *lane, lanes->lastBeginningBefore(*lane, begin));
    auto row = lanes->firstEndingAfter(*lane, begin);
    while (row < lane->last && lanes->begin(row) <= begin)
        ++row;
    return rowBox(box.node, *lanes, *lane, row);
}

std::optional<TracksBox> TracksView::vertical(const TracksBox &box, int step) const
{
    const auto &node = m_set->nodes[box.node];
    const auto &capture = m_set->captures[node.capture];
    const auto *lanes = slicesOf(node.capture, nsPerPixel(1000));
    if (!lanes || (step < 0 && box.depth == 0))
        return std::nullopt;
    const auto depth = step < 0 ? box.depth - 1 : box.depth + 1;
    const auto *lane = laneOf(*lanes, node.ref.track, depth);
    if (!lane)
        return std::nullopt;
    return rowBox(box.node, *lanes, *lane,
                  lanes->firstEndingAfter(*lane, capture.onClock(box.begin)));
}

std::optional<TracksBox> TracksView::innermost(std::uint32_t node, std::int64_t axis) const
{
    const auto &of = m_set->nodes[node];
    const auto &capture = m_set->captures[of.capture];
    const auto *lanes = slicesOf(of.capture, nsPerPixel(1000));
    if (!lanes)
        return std::nullopt;
    const auto own = capture.onClock(axis);
    std::optional<TracksBox> out;
    for (const auto &lane : lanes->lanesOf(of.ref.track)) {
        const auto row = lanes->firstEndingAfter(lane, own == INT64_MIN ? own : own - 1);
        if (row == lane.last || lanes->begin(row) > own) {
            if (out)
                break;
            continue;
        }
        out = rowBox(node, *lanes, lane, row);
    }
    return out;
}

std::optional<TracksBox> TracksView::flowEnd(const TracksBox &box, int direction) const
{
    const auto &node = m_set->nodes[box.node];
    const auto &capture = m_set->captures[node.capture];
    const auto &flows = *capture.flows;
    const auto begin = capture.onClock(box.begin), end = capture.onClock(box.end);
    std::optional<std::int64_t> best;
    std::optional<TracksBox> out;
    for (std::size_t i = 0; i < flows.begin.size(); ++i) {
        const auto early = flows.begin[i].time_since_epoch().count();
        const auto late = saturatingAdd(early, flows.length[i].count());
        const bool back = flows.backward[i] != 0;
        const auto tail = back ? late : early, head = back ? early : late;
        const auto here = direction > 0 ? tail : head, there = direction > 0 ? head : tail;
        const auto track = direction > 0 ? flows.from[i] : flows.to[i];
        const auto other = direction > 0 ? flows.to[i] : flows.from[i];
        if (track != node.ref.track || here < begin || here > end || (best && here >= *best))
            continue;
        const auto target = m_set->nodeOf({node.ref.capture, other});
        if (!target)
            continue;
        if (auto found = innermost(*target, capture.onAxis(there)); found && *found != box) {
            best = here;
            out = std::move(found);
        }
    }
    return out;
}

std::optional<TracksBox> TracksView::boxOf(const SlicePlace &place) const
{
    const auto node = m_set->nodeOf({place.capture, place.track});
    if (!node)
        return std::nullopt;
    const auto &capture = m_set->captures[m_set->nodes[*node].capture];
    TracksBox out{.node = *node,
                  .depth = place.depth,
                  .begin = capture.onAxis(place.begin),
                  .end = saturatingAdd(capture.onAxis(place.begin), place.length),
                  .count = 1,
                  .longest = place.length};
    const auto &strings = capture.dimensions->strings;
    for (std::uint32_t i = 0; i < strings.size(); ++i) {
        if (strings.text(StringId{i}) == place.name) {
            out.name = StringId{i};
            break;
        }
    }
    return out;
}

SlicePlace TracksView::placeOf(const TracksBox &box) const
{
    const auto &node = m_set->nodes[box.node];
    const auto &capture = m_set->captures[node.capture];
    return {.capture = node.ref.capture,
            .track = node.ref.track,
            .depth = box.depth,
            .begin = capture.onClock(box.begin),
            .length = box.longest,
            .name = std::string(capture.dimensions->strings.text(box.name))};
}

std::string TracksView::nameOf(const TracksBox &box) const
{
    const auto &capture = m_set->captures[m_set->nodes[box.node].capture];
    return CaptureText(capture.dimensions->strings.text(box.name)).toDisplay();
}

std::string TracksView::timeText(std::int64_t axis, std::int64_t step) const
{
    std::int64_t since = 0;
    if (__builtin_sub_overflow(axis, m_set->begin, &since))
        since = INT64_MAX;
    return axisTime(since, step);
}

FlameTooltip TracksView::tooltip(const TracksBox &box) const
{
    FlameTooltip out;
    const auto &node = m_set->nodes[box.node];
    std::int64_t length = 0;
    if (__builtin_sub_overflow(box.end, box.begin, &length))
        length = INT64_MAX;
    out.title = nameOf(box);
    if (!box.exact()) {
        out.title = formatCount(static_cast<std::int64_t>(box.count)) + " slices";
        out.subtitle = "Too short to be told apart here. Zoom in to see them.";
        out.rows.push_back({.label = "within", .value = durationText(length)});
        out.rows.push_back({.label = "longest", .value = durationText(box.longest)});
        out.footer = "longest: " + nameOf(box);
    } else {
        out.subtitle = node.name + " \u00b7 " + std::string(sliceKindText(box.kind));
        if (length > 0)
            out.rows.push_back({.label = "duration", .value = durationText(length)});
    }
    out.rows.push_back({.label = "begins at", .value = timeText(box.begin, 1)});
    const auto remark = [&](std::uint8_t flag, const char *text) {
        if (box.flags & flag)
            out.footer += (out.footer.empty() ? "" : "\n") + std::string(text);
    };
    remark(kSliceError, box.exact() ? "failed" : "some of them failed");
    remark(kSliceNoEnd, "no end in the file: drawn to the last time of its track");
    remark(kSliceNoBegin, "no begin in the file: drawn from the first time of its track");
    return out;
}

std::string TracksView::summary() const
{
    if (isEmpty())
        return "Nothing to show.";
    std::uint64_t slices = 0;
    for (const auto &capture : m_set->captures)
        slices += capture.sliceCount;
    return formatCount(static_cast<std::int64_t>(slices)) + " slices on " +
           formatCount(static_cast<std::int64_t>(m_set->nodes.size())) + " tracks; " +
           durationText(static_cast<std::int64_t>(m_window.length)) + " shown from " +
           timeText(m_window.begin, 1) + ".";
}

std::string_view sliceKindText(SliceKind kind)
{
    switch (kind) {
    case SliceKind::Slice: return "slice";
    case SliceKind::Async: return "asynchronous";
    case SliceKind::Instant: return "instant";
    case SliceKind::State: return "state";
    case SliceKind::Log: return "log record";
    case SliceKind::Span: return "span";
    case SliceKind::SpanInternal: return "span (internal)";
    case SliceKind::SpanServer: return "span (server)";
    case SliceKind::SpanClient: return "span (client)";
    case SliceKind::SpanProducer: return "span (producer)";
    case SliceKind::SpanConsumer: return "span (consumer)";
    }
    return "slice";
}

} // namespace flamewright
