#include "analysis/trace_tracks.h"

#include "capture/base/capture_text.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace flamewright {
namespace {

constexpr std::size_t kActivityParts = 1024;
constexpr std::size_t kMostActivityLanes = 20'000;
constexpr std::uint32_t kMostIndent = 64; // parents of hostile files may go on for ever

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

double cellOf(std::uint8_t bits)
{
    return bits == 0 ? 0 : std::ldexp(1.0, bits);
}

template <class Level>
const Level *levelFor(const std::vector<std::shared_ptr<const Level>> &levels, double nsPerPixel)
{
    const Level *out = nullptr;
    for (const auto &level : levels) { // coarsest first
        out = level.get();
        if (cellOf(level->cellBits) <= nsPerPixel)
            break;
    }
    return out;
}

// Services first, as what a reader of traces asks for; counters last.
int rankOf(const TrackNode &node)
{
    switch (node.kind) {
    case TrackKind::Service: return 0;
    case TrackKind::Process: return 1;
    case TrackKind::Thread: return 2;
    case TrackKind::Async: return 3;
    case TrackKind::Cpu: return 4;
    case TrackKind::Endpoint: return 5;
    case TrackKind::Counter: return 6;
    }
    return 7;
}

std::string titleOf(const TrackRow &row)
{
    if (!row.name.empty())
        return CaptureText(row.name).toDisplay();
    switch (row.kind) {
    case TrackKind::Process: return "process " + std::to_string(row.pid);
    case TrackKind::Thread: return "thread " + std::to_string(row.tid);
    case TrackKind::Cpu: return "CPU";
    case TrackKind::Service: return "(no service name)";
    case TrackKind::Async: return "asynchronous";
    case TrackKind::Counter: return "counter";
    case TrackKind::Endpoint: break;
    }
    return "track";
}

std::string detailOf(const TrackRow &row)
{
    if (row.kind == TrackKind::Process && row.pid >= 0)
        return "pid " + std::to_string(row.pid);
    if (row.kind == TrackKind::Thread && row.tid >= 0)
        return "tid " + std::to_string(row.tid);
    return {};
}

class Tree {
public:
    Tree(const TraceCapture &capture, std::uint32_t index) : m_capture(capture), m_index(index) {}
    void append(std::vector<TrackNode> &out, std::uint32_t under);

private:
    bool comesBefore(std::uint32_t a, std::uint32_t b) const;

    const TraceCapture &m_capture;
    std::uint32_t m_index;
    std::vector<TrackNode> m_nodes; // by track, from 0
    std::vector<std::int64_t> m_pid, m_tid;
};

bool Tree::comesBefore(std::uint32_t a, std::uint32_t b) const
{
    const auto &x = m_nodes[a], &y = m_nodes[b];
    if (rankOf(x) != rankOf(y))
        return rankOf(x) < rankOf(y);
    if (x.kind == TrackKind::Thread || x.kind == TrackKind::Process) {
        const bool mainX = m_pid[a] == m_tid[a], mainY = m_pid[b] == m_tid[b];
        if (x.kind == TrackKind::Thread && mainX != mainY)
            return mainX;
        if (m_pid[a] != m_pid[b])
            return m_pid[a] < m_pid[b];
        if (m_tid[a] != m_tid[b])
            return m_tid[a] < m_tid[b];
    }
    if (x.name != y.name)
        return naturallyBefore(x.name, y.name);
    return a < b;
}

void Tree::append(std::vector<TrackNode> &out, std::uint32_t under)
{
    const auto &tracks = m_capture.dimensions->tracks;
    const auto count = static_cast<std::uint32_t>(tracks.size());
    m_nodes.resize(count);
    std::vector<std::uint8_t> used(count, 0);
    for (std::uint32_t i = 0; i < count; ++i) {
        auto &node = m_nodes[i];
        node.ref = {m_capture.id, TrackId{i + 1}};
        node.capture = m_index;
        node.kind = tracks[i].kind;
        m_pid.push_back(tracks[i].pid);
        m_tid.push_back(tracks[i].tid);
    }
    const auto lanesOf = [&](const SliceLanes &lanes) {
        for (const auto &lane : lanes.lanes()) {
            if (lane.track.raw == 0 || lane.track.raw > count)
                continue;
            auto &node = m_nodes[lane.track.raw - 1];
            node.lanes = std::max(node.lanes, std::min(lane.depth, kMostLanes - 1) + 1);
            used[lane.track.raw - 1] = 1;
        }
    };
    if (!m_capture.slices.empty())
        lanesOf(m_capture.slices.back()->lanes);
    if (!m_capture.counters.empty()) {
        for (const auto &range : m_capture.counters.back()->lanes.tracks()) {
            if (range.track.raw == 0 || range.track.raw > count)
                continue;
            m_nodes[range.track.raw - 1].counter = true;
            used[range.track.raw - 1] = 1;
        }
    }
    for (std::uint32_t i = 0; m_capture.samples && i < count; ++i) {
        m_nodes[i].samples = !m_capture.samples->of(TrackId{i + 1}).empty();
        used[i] = used[i] || m_nodes[i].samples;
    }
    // Parents come before their children in the file: their tracks stay as headings.
    std::vector<std::uint32_t> parent(count, UINT32_MAX);
    for (std::uint32_t i = count; i-- > 0;) {
        const auto up = tracks[i].parent.raw;
        if (up == 0 || up > i) // itself or a later one: none
            continue;
        parent[i] = up - 1;
        if (used[i])
            used[up - 1] = 1;
    }
    std::vector<std::vector<std::uint32_t>> children(count + 1);
    for (std::uint32_t i = 0; i < count; ++i) {
        if (!used[i])
            continue;
        m_nodes[i].name = titleOf(tracks[i]);
        m_nodes[i].detail = detailOf(tracks[i]);
        children[parent[i] == UINT32_MAX ? count : parent[i]].push_back(i);
    }
    for (auto &list : children)
        std::sort(list.begin(), list.end(),
                  [this](std::uint32_t a, std::uint32_t b) { return comesBefore(a, b); });
    struct Open {
        std::uint32_t track, node, next;
    };
    std::vector<Open> open{{count, under, 0}};
    const auto base = under == UINT32_MAX ? 0 : out[under].indent + 1;
    while (!open.empty()) {
        auto &top = open.back();
        const auto &list = children[top.track];
        if (top.next == list.size()) {
            if (top.node != UINT32_MAX)
                out[top.node].subtreeEnd = static_cast<std::uint32_t>(out.size());
            open.pop_back();
            continue;
        }
        const auto track = list[top.next++];
        auto node = std::move(m_nodes[track]);
        node.parent = top.node;
        node.indent = std::min(base + static_cast<std::uint32_t>(open.size()) - 1, kMostIndent);
        out.push_back(std::move(node));
        open.push_back({track, static_cast<std::uint32_t>(out.size() - 1), 0});
    }
}

void placeOnAxis(TraceSet &set)
{
    auto &captures = set.captures;
    if (captures.empty())
        return;
    const bool wall = std::all_of(captures.begin(), captures.end(),
                                  [](const TraceCapture &c) { return c.wallOffset.has_value(); });
    set.axis = captures.size() == 1 ? TraceSet::Axis::Own
               : wall               ? TraceSet::Axis::Wall
                                    : TraceSet::Axis::Together;
    for (auto &capture : captures) {
        if (set.axis == TraceSet::Axis::Own)
            capture.offset = 0;
        else if (set.axis == TraceSet::Axis::Wall)
            capture.offset = *capture.wallOffset;
        else
            capture.offset = capture.begin == INT64_MIN ? INT64_MAX : -capture.begin;
    }
    set.begin = INT64_MAX;
    set.end = INT64_MIN;
    for (const auto &capture : captures) {
        set.begin = std::min(set.begin, capture.onAxis(capture.begin));
        set.end = std::max(set.end, capture.onAxis(capture.end));
    }
    if (set.begin >= set.end) {
        set.begin = std::min(set.begin, INT64_MAX - 1);
        set.end = set.begin + 1;
    }
}

// Of the outermost slices: how many of them there are at a time, as a share of the most.
std::vector<float> activityOf(const TraceSet &set)
{
    std::vector<double> sums(kActivityParts, 0);
    const auto span = static_cast<double>(set.end) - static_cast<double>(set.begin);
    const auto part = span / kActivityParts;
    std::vector<LaneBox> boxes;
    for (const auto &capture : set.captures) {
        const auto *lanes = capture.slicesFor(part);
        if (!lanes)
            continue;
        std::size_t asked = 0;
        for (const auto &lane : lanes->lanes()) {
            if (lane.depth != 0 || ++asked > kMostActivityLanes)
                continue;
            boxes.clear();
            lanes->boxes(lane, {capture.begin, capture.end, part}, boxes);
            for (const auto &box : boxes) {
                const auto place = [&](std::int64_t own) {
                    const auto at =
                        static_cast<double>(capture.onAxis(own)) - static_cast<double>(set.begin);
                    return std::clamp(at / part, 0.0, static_cast<double>(kActivityParts));
                };
                const auto from = place(box.begin), to = place(box.end);
                for (auto i = static_cast<std::size_t>(from);
                     i < kActivityParts && static_cast<double>(i) < to; ++i) {
                    const auto low = std::max(from, static_cast<double>(i));
                    sums[i] += std::min(to, static_cast<double>(i + 1)) - low;
                }
            }
        }
    }
    const auto most = *std::max_element(sums.begin(), sums.end());
    std::vector<float> out;
    for (const auto sum : sums)
        out.push_back(most > 0 ? static_cast<float>(sum / most) : 0);
    return out;
}

} // namespace

std::int64_t TraceCapture::onClock(std::int64_t axis) const
{
    std::int64_t out = 0;
    if (__builtin_sub_overflow(axis, offset, &out))
        return axis < 0 ? INT64_MIN : INT64_MAX;
    return out;
}

bool TraceCapture::wantsDetail(double nsPerPixel) const
{
    return (!slices.empty() && cellOf(slices.back()->cellBits) > nsPerPixel) ||
           (!counters.empty() && cellOf(counters.back()->cellBits) > nsPerPixel);
}

const SliceLanes *TraceCapture::slicesFor(double nsPerPixel) const
{
    const auto *level = levelFor(slices, nsPerPixel);
    return level ? &level->lanes : nullptr;
}

const CounterLanes *TraceCapture::countersFor(double nsPerPixel) const
{
    const auto *level = levelFor(counters, nsPerPixel);
    return level ? &level->lanes : nullptr;
}

const TraceCapture *TraceSet::find(CaptureId id) const
{
    const auto at = std::find_if(captures.begin(), captures.end(),
                                 [id](const TraceCapture &c) { return c.id == id; });
    return at == captures.end() ? nullptr : &*at;
}

std::optional<std::uint32_t> TraceSet::nodeOf(TrackRef ref) const
{
    for (std::size_t c = 0; c < captures.size(); ++c) {
        if (captures[c].id != ref.capture)
            continue;
        const auto &of = nodeOfTrack[c];
        if (ref.track.raw < of.size() && of[ref.track.raw] != UINT32_MAX)
            return of[ref.track.raw];
    }
    return std::nullopt;
}

TraceSet assembleTraces(std::vector<TraceCapture> captures)
{
    TraceSet out;
    out.captures = std::move(captures);
    placeOnAxis(out);
    for (std::uint32_t i = 0; i < out.captures.size(); ++i) {
        auto under = UINT32_MAX;
        if (out.captures.size() > 1) {
            TrackNode node;
            node.ref = {out.captures[i].id, TrackId{}};
            node.capture = i;
            node.name = CaptureText(out.captures[i].name).toDisplay();
            under = static_cast<std::uint32_t>(out.nodes.size());
            out.nodes.push_back(std::move(node));
        }
        Tree(out.captures[i], i).append(out.nodes, under);
    }
    for (const auto &capture : out.captures)
        out.nodeOfTrack.emplace_back(capture.dimensions->tracks.size() + 1, UINT32_MAX);
    for (std::uint32_t i = 0; i < out.nodes.size(); ++i)
        out.nodeOfTrack[out.nodes[i].capture][out.nodes[i].ref.track.raw] = i;
    if (!out.captures.empty())
        out.activity = activityOf(out);
    return out;
}

bool naturallyBefore(std::string_view a, std::string_view b)
{
    std::size_t i = 0, j = 0;
    while (i < a.size() && j < b.size()) {
        if (isDigit(a[i]) && isDigit(b[j])) {
            auto x = i, y = j;
            while (i < a.size() && a[i] == '0')
                ++i;
            while (j < b.size() && b[j] == '0')
                ++j;
            x = i;
            y = j;
            while (i < a.size() && isDigit(a[i]))
                ++i;
            while (j < b.size() && isDigit(b[j]))
                ++j;
            const auto m = a.substr(x, i - x), n = b.substr(y, j - y);
            if (m.size() != n.size())
                return m.size() < n.size();
            if (m != n)
                return m < n;
            continue;
        }
        if (a[i] != b[j])
            return a[i] < b[j];
        ++i;
        ++j;
    }
    if ((i == a.size()) != (j == b.size()))
        return i == a.size();
    return a < b;
}

} // namespace flamewright
