#include "app/same_time.h"

#include <algorithm>
#include <cstdint>

namespace flamewright {
namespace {

// Hostile clocks may be further apart than an integer can hold: the sum saturates.
Timestamp moved(Timestamp time, std::int64_t by)
{
    return Timestamp{Duration{saturatingAdd(time.time_since_epoch().count(), by)}};
}

} // namespace

std::vector<SameTime> sameTimeIn(std::span<const CaptureInfo> captures, CaptureId from,
                                 TimeRange range)
{
    std::vector<SameTime> out;
    const auto here = std::find_if(captures.begin(), captures.end(),
                                   [&](const CaptureInfo &c) { return c.id == from; });
    if (here == captures.end() || !here->meta.wallOffsetNs)
        return out;
    for (const auto &there : captures) {
        std::int64_t shift = 0;
        if (there.id == from || !there.meta.wallOffsetNs || !there.span ||
            __builtin_sub_overflow(*here->meta.wallOffsetNs, *there.meta.wallOffsetNs, &shift))
            continue;
        const TimeRange found{std::max(moved(range.begin, shift), there.span->begin),
                              std::min(moved(range.end, shift), there.span->end)};
        if (found.begin < found.end)
            out.push_back({there.id, found});
    }
    return out;
}

} // namespace flamewright
