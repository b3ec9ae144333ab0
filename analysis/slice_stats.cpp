#include "analysis/slice_stats.h"

#include "analysis/growing_tree.h"
#include "analysis/order_statistics.h"
#include "analysis/slice_profile.h"

#include <algorithm>
#include <numeric>

namespace flamewright {
namespace {

constexpr std::uint32_t kNone = UINT32_MAX;

// Everything of an area, row by row in order of begin.
class Counting {
public:
    Counting(const SliceArea &area, std::int64_t begin, std::int64_t end)
        : m_area(area),
          m_begin(begin),
          m_end(end)
    {}
    SliceStats run();
    SliceTimes times();

private:
    std::int64_t from(std::uint32_t i) const { return std::max(m_area.begin[i], m_begin); }
    std::int64_t to(std::uint32_t i) const
    {
        return std::min(saturatingAdd(m_area.begin[i], m_area.length[i]), m_end);
    }
    std::int64_t inside(std::uint32_t i) const
    {
        return std::max<std::int64_t>(to(i) - from(i), 0);
    }
    SliceClass classAt(std::uint32_t i) const { return classOf(m_area.kind[i]); }
    void findParents();
    void nest();
    void findSpanParents();
    void cutCycles();
    void findSelf();
    void count(SliceStats &out);
    void addPercentiles(SliceStats &out);
    void grow(SliceStats &out);

    const SliceArea &m_area;
    std::int64_t m_begin, m_end;
    std::vector<std::uint32_t> m_order;  // by lane, begin, depth
    std::vector<std::uint32_t> m_parent; // kNone: none
    std::vector<std::uint32_t> m_later;  // parents before children
    std::vector<std::int64_t> m_self;
    std::vector<std::uint32_t> m_row; // of the table
    std::vector<std::uint8_t> m_outer;
};

void Counting::findParents()
{
    const auto rows = static_cast<std::uint32_t>(m_area.size());
    m_order.resize(rows);
    std::iota(m_order.begin(), m_order.end(), 0u);
    const auto &a = m_area;
    std::sort(m_order.begin(), m_order.end(), [&](std::uint32_t x, std::uint32_t y) {
        if (a.lane[x] != a.lane[y])
            return a.lane[x] < a.lane[y];
        if (a.begin[x] != a.begin[y])
            return a.begin[x] < a.begin[y];
        return a.depth[x] != a.depth[y] ? a.depth[x] < a.depth[y] : x < y;
    });
    m_parent.assign(rows, kNone);
    nest();
    findSpanParents();
    cutCycles();
}

void Counting::nest()
{
    std::vector<std::uint32_t> open;
    std::uint64_t lane = 0;
    for (const auto i : m_order) {
        if (classAt(i) != SliceClass::Slice)
            continue;
        if (m_area.lane[i] != lane)
            open.clear();
        lane = m_area.lane[i];
        const auto ended = [&](std::uint32_t o) {
            return m_area.depth[o] >= m_area.depth[i] ||
                   saturatingAdd(m_area.begin[o], m_area.length[o]) < m_area.begin[i];
        };
        while (!open.empty() && ended(open.back()))
            open.pop_back();
        if (!open.empty())
            m_parent[i] = open.back();
        open.push_back(i);
    }
}

void Counting::findSpanParents()
{
    std::unordered_map<std::uint64_t, std::uint32_t> byId;
    const auto key = [&](std::uint32_t i, std::uint64_t id) {
        // Ids are 64 random bits; captures must not meet all the same.
        return id ^ (m_area.lane[i] >> 32) * 0x9e37'79b9'7f4a'7c15ull;
    };
    for (const auto i : m_order) {
        if (classAt(i) == SliceClass::Span && m_area.span[i] != 0)
            byId.try_emplace(key(i, m_area.span[i]), i);
    }
    if (byId.empty())
        return;
    for (const auto i : m_order) {
        if (classAt(i) != SliceClass::Span || m_area.parent[i] == 0)
            continue;
        const auto at = byId.find(key(i, m_area.parent[i]));
        if (at != byId.end() && at->second != i)
            m_parent[i] = at->second;
    }
}

// Orders rows so that parents come before their children; a parent that closes a circle is none.
void Counting::cutCycles()
{
    enum : std::uint8_t { Unseen, OnPath, Done };
    std::vector<std::uint8_t> state(m_area.size(), Unseen);
    std::vector<std::uint32_t> path;
    m_later.reserve(m_area.size());
    for (const auto first : m_order) {
        for (auto i = first; state[i] == Unseen;) {
            state[i] = OnPath;
            path.push_back(i);
            const auto up = m_parent[i];
            if (up == kNone)
                break;
            if (state[up] == OnPath) {
                m_parent[i] = kNone;
                break;
            }
            i = up;
        }
        for (; !path.empty(); path.pop_back()) {
            state[path.back()] = Done;
            m_later.push_back(path.back());
        }
    }
}

void Counting::findSelf()
{
    const auto rows = m_area.size();
    m_self.resize(rows);
    for (std::uint32_t i = 0; i < rows; ++i)
        m_self[i] = inside(i);
    // Children in order of begin: what is covered already is not taken off again.
    std::vector<std::uint32_t> byBegin;
    for (const auto i : m_order) {
        if (m_parent[i] != kNone)
            byBegin.push_back(i);
    }
    std::stable_sort(byBegin.begin(), byBegin.end(), [&](std::uint32_t x, std::uint32_t y) {
        return m_area.begin[x] < m_area.begin[y];
    });
    std::vector<std::int64_t> covered(rows, INT64_MIN);
    for (const auto i : byBegin) {
        const auto up = m_parent[i];
        const auto begin = std::max({from(i), from(up), covered[up]});
        const auto end = std::min(to(i), to(up));
        if (begin >= end)
            continue;
        m_self[up] -= end - begin;
        covered[up] = end;
    }
}

void Counting::count(SliceStats &out)
{
    std::unordered_map<std::uint64_t, std::uint32_t> index;
    m_row.resize(m_area.size());
    for (const auto i : m_later) {
        const auto what = classAt(i);
        const auto key = std::uint64_t{m_area.name[i]} << 8 | static_cast<std::uint64_t>(what);
        const auto fresh = static_cast<std::uint32_t>(out.rows.size());
        const auto [at, added] = index.try_emplace(key, fresh);
        if (added) {
            out.rows.push_back({});
            out.rows.back().name = m_area.name[i];
            out.rows.back().what = what;
        }
        m_row[i] = at->second;
        auto &row = out.rows[at->second];
        ++row.count;
        row.errors += m_area.flags[i] & kSliceError ? 1 : 0;
        row.open += m_area.flags[i] & (kSliceNoEnd | kSliceNoBegin) ? 1 : 0;
        row.self = saturatingAdd(row.self, m_self[i]);
        out.self = saturatingAdd(out.self, m_self[i]);
    }
    out.slices = m_area.size();
    // Recursion: along each path a name counts where it is met first. A walk in depth-first order
    // keeps how often each row of the table is open.
    std::vector<std::uint32_t> firstChild(m_area.size(), kNone), sibling(m_area.size(), kNone);
    for (auto it = m_later.rbegin(); it != m_later.rend(); ++it) {
        const auto up = m_parent[*it];
        if (up == kNone)
            continue;
        sibling[*it] = firstChild[up];
        firstChild[up] = *it;
    }
    std::vector<std::uint32_t> openRows(out.rows.size(), 0);
    m_outer.assign(m_area.size(), 0);
    for (const auto root : m_later) {
        if (m_parent[root] != kNone)
            continue;
        auto i = root;
        for (;;) {
            if (openRows[m_row[i]]++ == 0) {
                out.rows[m_row[i]].total = saturatingAdd(out.rows[m_row[i]].total, inside(i));
                m_outer[i] = 1;
            }
            if (firstChild[i] != kNone) {
                i = firstChild[i];
                continue;
            }
            while (i != root && sibling[i] == kNone) {
                --openRows[m_row[i]];
                i = m_parent[i];
            }
            --openRows[m_row[i]];
            if (i == root)
                break;
            i = sibling[i];
        }
    }
}

void Counting::addPercentiles(SliceStats &out)
{
    std::vector<std::size_t> end(out.rows.size() + 1, 0);
    const auto isWhole = [&](std::size_t i) {
        return (m_area.flags[i] & (kSliceNoEnd | kSliceNoBegin)) == 0;
    };
    for (std::size_t i = 0; i < m_area.size(); ++i)
        end[m_row[i] + 1] += isWhole(i) ? 1 : 0;
    std::partial_sum(end.begin(), end.end(), end.begin());
    std::vector<std::int64_t> lengths(end.back());
    auto next = end;
    for (std::size_t i = 0; i < m_area.size(); ++i) {
        if (isWhole(i))
            lengths[next[m_row[i]]++] = m_area.length[i];
    }
    for (std::size_t r = 0; r < out.rows.size(); ++r) {
        const auto first = lengths.begin() + static_cast<std::ptrdiff_t>(end[r]);
        const auto n = end[r + 1] - end[r];
        if (n == 0)
            continue;
        std::sort(first, first + static_cast<std::ptrdiff_t>(n));
        const auto at = [&](unsigned perMyriad) {
            return first[static_cast<std::ptrdiff_t>(nearestRank(perMyriad, n) - 1)];
        };
        auto &row = out.rows[r];
        row.min = *first;
        row.p50 = at(5000);
        row.p95 = at(9500);
        row.p99 = at(9900);
        row.max = first[static_cast<std::ptrdiff_t>(n - 1)];
    }
}

void Counting::grow(SliceStats &out)
{
    auto &profile = out.profile;
    profile.measure = kTimeInSlices;
    profile.unit = Unit::Nanoseconds;
    profile.functions.emplace_back();
    for (const auto &name : m_area.names)
        profile.functions.push_back({.name = name, .kind = FrameKind::Unknown});
    GrowingTree tree;
    std::vector<std::uint32_t> node(m_area.size(), 0);
    for (const auto i : m_later) {
        const auto what = classAt(i);
        if (what == SliceClass::Moment || what == SliceClass::State)
            continue; // no part of a stack
        const auto up = m_parent[i] == kNone ? 0 : node[m_parent[i]];
        node[i] = tree.child(up, FunctionId{m_area.name[i] + 1}, false);
        tree.addSelf(node[i], m_self[i], 1);
    }
    tree.assemble(profile);
    profile.table = functionTable(profile);
    profile.rowsRead = m_area.size();
}

SliceTimes Counting::times()
{
    SliceStats rows;
    findParents();
    findSelf();
    count(rows);
    return {std::move(m_self), std::move(m_outer)};
}

SliceStats Counting::run()
{
    SliceStats out;
    out.beginNs = m_begin;
    out.endNs = m_end;
    out.names = m_area.names;
    findParents();
    findSelf();
    count(out);
    addPercentiles(out);
    grow(out);
    std::sort(out.rows.begin(), out.rows.end(), [&](const SliceStat &a, const SliceStat &b) {
        if (a.total != b.total)
            return a.total > b.total;
        if (a.self != b.self)
            return a.self > b.self;
        return out.names[a.name] != out.names[b.name] ? out.names[a.name] < out.names[b.name]
                                                      : a.what < b.what;
    });
    return out;
}

} // namespace

void SliceArea::beginCapture(const StringTable &strings, std::int64_t offset)
{
    m_strings = &strings;
    m_offset = offset;
    ++m_capture;
    m_known.assign(strings.size() + 1, 0);
}

void SliceArea::add(const SliceColumns &block, std::int64_t beginNs, std::int64_t endNs,
                    std::span<const std::uint8_t> tracks)
{
    for (std::size_t i = 0; i < block.size(); ++i) {
        const auto track = block.track[i].raw;
        if (!tracks.empty() && (track >= tracks.size() || tracks[track] == 0))
            continue;
        const auto from = saturatingAdd(block.begin[i].time_since_epoch().count(), m_offset);
        const auto to = saturatingAdd(from, block.length[i].count());
        if (from >= endNs || (to <= beginNs && from < beginNs))
            continue;
        const auto id = block.name[i].raw;
        std::uint32_t scratch = 0;
        auto &known = id < m_known.size() ? m_known[id] : scratch;
        if (known == 0) {
            const auto [at, added] =
                m_index.try_emplace(std::string(m_strings->text(block.name[i])),
                                    static_cast<std::uint32_t>(names.size()));
            if (added)
                names.push_back(at->first);
            known = at->second + 1;
        }
        begin.push_back(from);
        length.push_back(block.length[i].count());
        lane.push_back(std::uint64_t{m_capture} << 32 | track);
        depth.push_back(block.depth[i]);
        name.push_back(known - 1);
        kind.push_back(block.kind[i]);
        flags.push_back(block.flags[i]);
        span.push_back(block.span[i]);
        parent.push_back(block.parent[i]);
    }
}

SliceStats sliceStats(const SliceArea &area, std::int64_t beginNs, std::int64_t endNs)
{
    return Counting(area, beginNs, endNs).run();
}

SliceTimes sliceTimes(const SliceArea &area, std::int64_t beginNs, std::int64_t endNs)
{
    return Counting(area, beginNs, endNs).times();
}

} // namespace flamewright
