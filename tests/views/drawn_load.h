#pragma once

#include "analysis/load_rows.h"

#include <cstdint>
#include <string>

// Load tests for tests of views, the same on every machine.
namespace flamewright {

inline constexpr std::int64_t kDrawnMs = 1'000'000, kDrawnSecond = 1000 * kDrawnMs;

// A request after the others: in order of `beginNs`.
inline void addRequest(LoadRows &rows, std::int64_t beginNs, std::int64_t latencyNs,
                       std::uint32_t group = 0, std::uint32_t error = 0)
{
    if (rows.groups.empty()) {
        rows.groups = {"GET /products", "POST /checkout", "GET /search"};
        rows.workers = {""};
        rows.statuses = {"", "200", "503"};
        rows.errors = {"", "Service Unavailable", "timeout"};
        rows.phases = {""};
        rows.captures = {{.id = {1}, .name = "shop.jtl"}};
    }
    rows.begin.push_back(beginNs);
    rows.latency.push_back(latencyNs);
    rows.group.push_back(group);
    rows.worker.push_back(0);
    rows.status.push_back(error == 0 ? 1 : 2);
    rows.error.push_back(error);
    rows.phase.push_back(0);
    rows.failed.push_back(error == 0 ? 0 : 1);
    rows.capture.push_back(0);
    rows.bytesIn.push_back(1000 + group);
    rows.bytesOut.push_back(100);
}

// `perSecond` requests a second for `seconds`, with a rhythm, a spike in the middle, a pause of two
// seconds before the end, some failures in the spike, and a tail.
inline LoadRows drawnLoad(int seconds = 30, int perSecond = 40, std::uint32_t groups = 3)
{
    LoadRows rows;
    std::uint64_t state = 12345;
    const auto random = [&state](std::uint64_t below) {
        state = state * 6364136223846793005ull + 1442695040888963407ull;
        return static_cast<std::int64_t>((state >> 33) % below);
    };
    for (int i = 0; i < seconds * perSecond; ++i) {
        const auto at = std::int64_t{i} * kDrawnSecond / perSecond;
        const auto second = at / kDrawnSecond;
        if (second >= seconds - 4 && second < seconds - 2)
            continue;
        const bool spike = second >= seconds / 2 && second < seconds / 2 + 3;
        const auto group = static_cast<std::uint32_t>(i) % groups;
        auto latency = (20 + 15 * std::int64_t{group} + random(20)) * kDrawnMs;
        if (random(50) == 0)
            latency *= 6;
        if (spike)
            latency *= 4;
        const auto error =
            spike && random(5) == 0 ? 1u + static_cast<std::uint32_t>(random(2)) : 0u;
        addRequest(rows, at, latency, group, error);
    }
    return rows;
}

// All as one group.
inline LoadRows ungrouped(LoadRows rows)
{
    rows.group.assign(rows.group.size(), 0);
    rows.groups.assign(1, {});
    return rows;
}

} // namespace flamewright
