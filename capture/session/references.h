#pragma once

#include "capture/session/chunk.h"

#include <algorithm>
#include <cstdint>
#include <vector>

// Ids of facts that come from elsewhere are compared with how many rows the dimensions have, before
// anybody indexes with them.
namespace flamewright {

// Whether every id is at most the number of rows it may refer to (0 is none).
template <class IdType>
bool idsWithin(const std::vector<IdType> &ids, std::uint64_t last)
{
    return std::all_of(ids.begin(), ids.end(), [&](IdType id) { return id.raw <= last; });
}

inline bool refersWithin(const SliceColumns &rows, std::uint64_t tracks, std::uint64_t strings,
                         std::uint64_t texts)
{
    return idsWithin(rows.track, tracks) && idsWithin(rows.name, strings) &&
           idsWithin(rows.trace, strings) && idsWithin(rows.args, texts);
}

inline bool refersWithin(const FlowColumns &rows, std::uint64_t tracks, std::uint64_t strings)
{
    return idsWithin(rows.from, tracks) && idsWithin(rows.to, tracks) &&
           idsWithin(rows.name, strings);
}

inline bool refersWithin(const SliceLevelColumns &rows, std::uint64_t tracks, std::uint64_t strings)
{
    return idsWithin(rows.track, tracks) && idsWithin(rows.name, strings);
}

inline bool refersWithin(const RequestColumns &rows, std::uint64_t tracks, std::uint64_t strings)
{
    return idsWithin(rows.endpoint, tracks) && idsWithin(rows.worker, tracks) &&
           idsWithin(rows.phase, strings) && idsWithin(rows.statusText, strings) &&
           idsWithin(rows.error, strings) && idsWithin(rows.labels, strings);
}

inline bool refersWithin(const SummaryColumns &rows, std::uint64_t tracks, std::uint64_t strings)
{
    return idsWithin(rows.endpoint, tracks) && idsWithin(rows.metric, strings) &&
           idsWithin(rows.subset, strings) && idsWithin(rows.method, strings);
}

inline bool refersWithin(const BenchmarkColumns &rows, std::uint64_t strings)
{
    return idsWithin(rows.name, strings) && idsWithin(rows.metric, strings) &&
           idsWithin(rows.unit, strings) && idsWithin(rows.statistic, strings) &&
           idsWithin(rows.method, strings) && idsWithin(rows.labels, strings);
}

} // namespace flamewright
