#include "analysis/clock_alignment.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace flamewright {
namespace {

struct SpanKey {
    std::string_view trace;
    std::uint64_t span;
    friend bool operator==(const SpanKey &, const SpanKey &) = default;
};
struct SpanKeyHash {
    std::size_t operator()(const SpanKey &key) const
    {
        return std::hash<std::string_view>()(key.trace) ^ (key.span * 0x9e37'79b9'7f4a'7c15u);
    }
};

constexpr std::size_t kTwice = SIZE_MAX;

std::unordered_map<SpanKey, std::size_t, SpanKeyHash> index(const SpanRows &rows)
{
    std::unordered_map<SpanKey, std::size_t, SpanKeyHash> out;
    out.reserve(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows.span[i] == 0)
            continue;
        const auto [it, added] = out.try_emplace({rows.traces[rows.trace[i]], rows.span[i]}, i);
        if (!added)
            it->second = kTwice;
    }
    return out;
}

bool isWaitedFor(SliceKind caller, SliceKind called)
{
    return caller != SliceKind::SpanProducer && called != SliceKind::SpanConsumer;
}

// What must be added to the child's times so that it lies inside the parent.
struct Range {
    std::int64_t low, high;
};

// Differences of hostile times may not fit.
std::optional<Range> nesting(const SpanRows &parents, std::size_t parent, const SpanRows &children,
                             std::size_t child)
{
    Range out{};
    if (__builtin_sub_overflow(parents.begin[parent], children.begin[child], &out.low) ||
        __builtin_sub_overflow(parents.endOf(parent), children.endOf(child), &out.high) ||
        out.low > out.high || out.low == INT64_MIN || out.high == INT64_MAX)
        return std::nullopt;
    return out;
}

// Calls from `callers` to `served`: ranges of what moves the times of `served`.
void collect(const SpanRows &callers, const SpanRows &served, bool mirrored, std::size_t &calls,
             std::vector<Range> &out)
{
    const auto byId = index(callers);
    for (std::size_t i = 0; i < served.size(); ++i) {
        if (served.parent[i] == 0)
            continue;
        const auto it = byId.find({served.traces[served.trace[i]], served.parent[i]});
        if (it == byId.end() || it->second == kTwice ||
            !isWaitedFor(callers.kind[it->second], served.kind[i]))
            continue;
        ++calls;
        if (const auto range = nesting(callers, it->second, served, i))
            out.push_back(mirrored ? Range{-range->high, -range->low} : *range);
    }
}

} // namespace

std::optional<ClockOffset> offsetByTraceContext(const SpanRows &reference, const SpanRows &other)
{
    ClockOffset out;
    std::vector<Range> ranges;
    collect(reference, other, false, out.calls, ranges);
    collect(other, reference, true, out.calls, ranges);
    if (ranges.empty())
        return std::nullopt;
    // A sweep over where ranges begin and end: the stretch that most of them cover, the first of equals.
    std::vector<std::pair<std::int64_t, int>> edges;
    edges.reserve(2 * ranges.size());
    for (const auto &range : ranges) {
        edges.emplace_back(range.low, -1); // begins sort before ends: ranges include both
        edges.emplace_back(range.high, 1);
    }
    std::sort(edges.begin(), edges.end());
    std::size_t open = 0;
    std::int64_t low = 0, high = 0;
    bool inBest = false;
    for (const auto &[at, edge] : edges) {
        if (edge < 0) {
            if (++open > out.agreeing) {
                out.agreeing = open;
                low = at;
                inBest = true;
            }
        } else {
            if (inBest && open == out.agreeing) {
                high = at;
                inBest = false;
            }
            --open;
        }
    }
    const auto width = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
    out.uncertaintyNs = static_cast<std::int64_t>(width / 2 + width % 2);
    out.ns = low + static_cast<std::int64_t>(width / 2);
    return out;
}

} // namespace flamewright
