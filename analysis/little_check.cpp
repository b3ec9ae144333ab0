#include "analysis/little_check.h"

#include <algorithm>
#include <vector>

namespace flamewright {

std::optional<LittleCheck> littleCheck(const LoadRows &rows, std::uint8_t capture,
                                       std::int64_t thinkNs)
{
    struct Life {
        std::int64_t begin = INT64_MAX, end = INT64_MIN;
    };
    std::vector<Life> lives(rows.workers.size());
    Life test;
    double requests = 0, latency = 0;
    for (auto i = rows.firstTimed(); i < rows.size(); ++i) {
        if (rows.capture[i] != capture)
            continue;
        if (rows.worker[i] == 0)
            return std::nullopt;
        const auto length = std::max<std::int64_t>(rows.latency[i], 0);
        const auto end = saturatingAdd(rows.begin[i], length);
        for (auto *life : {&lives[rows.worker[i]], &test}) {
            life->begin = std::min(life->begin, rows.begin[i]);
            life->end = std::max(life->end, end);
        }
        ++requests;
        latency += static_cast<double>(length);
    }
    if (test.end <= test.begin)
        return std::nullopt;
    const auto time = static_cast<double>(test.end - test.begin);
    LittleCheck out;
    for (const auto &life : lives) {
        if (life.end >= life.begin)
            out.users += static_cast<double>(life.end - life.begin) / time;
    }
    out.throughput = requests * 1e9 / time;
    out.latencyNs = latency / requests;
    out.thinkNs = static_cast<double>(std::max<std::int64_t>(thinkNs, 0));
    return out;
}

} // namespace flamewright
