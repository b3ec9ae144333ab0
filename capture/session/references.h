#pragma once

#include "capture/session/chunk.h"

#include <algorithm>
#include <cstdint>

// Ids of facts that come from elsewhere are compared with how many rows the dimensions have, before
// anybody indexes with them.
namespace flamewright {

// Whether every id is at most the number of rows it may refer to (0 is none).
inline bool refersWithin(const RequestColumns &rows, std::uint64_t tracks, std::uint64_t strings)
{
    const auto within = [](const auto &ids, std::uint64_t last) {
        return std::all_of(ids.begin(), ids.end(), [&](auto id) { return id.raw <= last; });
    };
    return within(rows.endpoint, tracks) && within(rows.worker, tracks) &&
           within(rows.phase, strings) && within(rows.statusText, strings) &&
           within(rows.error, strings) && within(rows.labels, strings);
}

inline bool refersWithin(const SummaryColumns &rows, std::uint64_t tracks, std::uint64_t strings)
{
    const auto within = [](const auto &ids, std::uint64_t last) {
        return std::all_of(ids.begin(), ids.end(), [&](auto id) { return id.raw <= last; });
    };
    return within(rows.endpoint, tracks) && within(rows.metric, strings) &&
           within(rows.subset, strings) && within(rows.method, strings);
}

inline bool refersWithin(const BenchmarkColumns &rows, std::uint64_t strings)
{
    const auto within = [&](const std::vector<StringId> &ids) {
        return std::all_of(ids.begin(), ids.end(), [&](auto id) { return id.raw <= strings; });
    };
    return within(rows.name) && within(rows.metric) && within(rows.unit) &&
           within(rows.statistic) && within(rows.method) && within(rows.labels);
}

} // namespace flamewright
