#include "analysis/load_rows.h"

#include <algorithm>

namespace flamewright {
namespace {

std::int64_t raw(Timestamp time)
{
    return time.time_since_epoch().count();
}

std::int64_t saturatingSubtract(std::int64_t a, std::int64_t b)
{
    std::int64_t out = 0;
    if (__builtin_sub_overflow(a, b, &out))
        return a < b ? INT64_MIN : INT64_MAX;
    return out;
}

template <class T>
void take(std::vector<T> &to, const std::vector<T> &from, const std::vector<std::size_t> &which)
{
    to.reserve(which.size());
    for (const auto i : which)
        to.push_back(from[i]);
}

LoadRows taken(const LoadRows &rows, const std::vector<std::size_t> &which)
{
    LoadRows out;
    take(out.begin, rows.begin, which);
    take(out.latency, rows.latency, which);
    take(out.group, rows.group, which);
    take(out.worker, rows.worker, which);
    take(out.status, rows.status, which);
    take(out.error, rows.error, which);
    take(out.phase, rows.phase, which);
    take(out.failed, rows.failed, which);
    take(out.capture, rows.capture, which);
    take(out.bytesIn, rows.bytesIn, which);
    take(out.bytesOut, rows.bytesOut, which);
    out.groups = rows.groups;
    out.workers = rows.workers;
    out.statuses = rows.statuses;
    out.errors = rows.errors;
    out.phases = rows.phases;
    out.captures = rows.captures;
    out.leftOut = rows.leftOut;
    out.withoutTime = rows.withoutTime;
    return out;
}

} // namespace

std::size_t LoadRows::firstTimed() const
{
    return static_cast<std::size_t>(std::upper_bound(begin.begin(), begin.end(), kUntimed) -
                                    begin.begin());
}

std::int64_t LoadRows::endNs() const
{
    std::int64_t end = 0;
    for (auto i = firstTimed(); i < size(); ++i)
        end = std::max(end, saturatingAdd(begin[i], std::max<std::int64_t>(latency[i], 0)));
    return end;
}

LoadRows within(const LoadRows &rows, std::span<const TimeRange> ranges)
{
    if (ranges.empty())
        return rows;
    std::vector<std::size_t> which;
    for (auto i = rows.firstTimed(); i < rows.size(); ++i) {
        const Timestamp at{
            Duration{saturatingAdd(raw(rows.captures[rows.capture[i]].origin), rows.begin[i])}};
        if (std::any_of(ranges.begin(), ranges.end(),
                        [at](const TimeRange &range) { return range.contains(at); }))
            which.push_back(i);
    }
    auto out = taken(rows, which);
    out.withoutTime = rows.withoutTime + rows.firstTimed();
    return out;
}

LoadRows ofGroups(const LoadRows &rows, std::span<const std::uint32_t> groups)
{
    std::vector<std::uint8_t> wanted(rows.groups.size(), 0);
    for (const auto group : groups) {
        if (group < wanted.size())
            wanted[group] = 1;
    }
    std::vector<std::size_t> which;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (wanted[rows.group[i]] != 0)
            which.push_back(i);
    }
    return taken(rows, which);
}

LoadRows startingAt(const LoadRows &rows, std::span<const std::int64_t> beginNs)
{
    std::vector<std::size_t> which;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows.begin[i] == LoadRows::kUntimed || rows.begin[i] >= beginNs[rows.capture[i]])
            which.push_back(i);
    }
    return taken(rows, which);
}

std::vector<TimeRange> onClocks(const LoadRows &rows, std::int64_t beginNs, std::int64_t endNs)
{
    std::vector<TimeRange> out;
    for (const auto &capture : rows.captures) {
        const auto origin = raw(capture.origin);
        out.push_back({Timestamp{Duration{saturatingAdd(origin, beginNs)}},
                       Timestamp{Duration{saturatingAdd(origin, endNs)}}});
    }
    // Captures that share a clock and an origin have one range.
    std::sort(out.begin(), out.end(),
              [](const TimeRange &a, const TimeRange &b) { return a.begin < b.begin; });
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

std::vector<LoadSpan> onAxis(const LoadRows &rows, std::span<const TimeRange> ranges)
{
    // Until when each capture has requests.
    std::vector<std::int64_t> ends(rows.captures.size(), 0);
    for (auto i = rows.firstTimed(); i < rows.size(); ++i) {
        auto &end = ends[rows.capture[i]];
        end = std::max(end, saturatingAdd(rows.begin[i], 1));
    }
    std::vector<LoadSpan> spans;
    for (std::size_t c = 0; c < ends.size(); ++c) {
        const auto origin = raw(rows.captures[c].origin);
        for (const auto &range : ranges) {
            const auto begin =
                std::max<std::int64_t>(saturatingSubtract(raw(range.begin), origin), 0);
            const auto end = std::min(saturatingSubtract(raw(range.end), origin), ends[c]);
            if (begin < end)
                spans.push_back({begin, end});
        }
    }
    std::sort(spans.begin(), spans.end(),
              [](const LoadSpan &a, const LoadSpan &b) { return a.beginNs < b.beginNs; });
    std::vector<LoadSpan> out;
    for (const auto &span : spans) {
        if (!out.empty() && span.beginNs <= out.back().endNs)
            out.back().endNs = std::max(out.back().endNs, span.endNs);
        else
            out.push_back(span);
    }
    return out;
}

} // namespace flamewright
