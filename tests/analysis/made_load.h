#pragma once

#include "analysis/load_rows.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <random>
#include <string>
#include <vector>

// Requests of load tests that never were, for tests.
namespace flamewright {

inline constexpr std::int64_t kMs = 1'000'000, kSecond = 1'000'000'000;

struct MadeRequest {
    std::int64_t begin = 0, latency = 0;
    std::uint32_t worker = 0;
    bool failed = false;
    std::uint32_t phase = 0;
    std::uint8_t capture = 0;
};

inline LoadRows madeRows(std::vector<MadeRequest> requests)
{
    std::stable_sort(requests.begin(), requests.end(),
                     [](const MadeRequest &a, const MadeRequest &b) { return a.begin < b.begin; });
    LoadRows rows;
    rows.groups = {"GET /"};
    rows.statuses = {"200"};
    rows.errors = {""};
    std::uint32_t workers = 0, phases = 0;
    std::uint8_t captures = 0;
    for (const auto &request : requests) {
        rows.begin.push_back(request.begin);
        rows.latency.push_back(request.latency);
        rows.group.push_back(0);
        rows.worker.push_back(request.worker);
        rows.status.push_back(0);
        rows.error.push_back(0);
        rows.phase.push_back(request.phase);
        rows.failed.push_back(request.failed ? 1 : 0);
        rows.capture.push_back(request.capture);
        rows.bytesIn.push_back(0);
        rows.bytesOut.push_back(0);
        workers = std::max(workers, request.worker);
        phases = std::max(phases, request.phase);
        captures = std::max(captures, request.capture);
    }
    for (std::uint32_t i = 0; i <= workers; ++i)
        rows.workers.push_back(i == 0 ? "" : "w" + std::to_string(i));
    for (std::uint32_t i = 0; i <= phases; ++i)
        rows.phases.push_back(i == 0 ? "" : "phase " + std::to_string(i));
    for (std::uint32_t i = 0; i <= captures; ++i)
        rows.captures.push_back({CaptureId{i + 1}, "run " + std::to_string(i + 1), {}, {}});
    return rows;
}

// A closed test: each worker sends its next request `think` after the answer to the last one, from
// begin to end. Latencies are what `latency(random, time)` says.
template <class Latency>
void addClosed(std::vector<MadeRequest> &out, std::uint32_t firstWorker, unsigned workers,
               std::int64_t begin, std::int64_t end, std::int64_t think, std::mt19937_64 &random,
               Latency &&latency, MadeRequest like = {})
{
    for (unsigned w = 0; w < workers; ++w) {
        auto request = like;
        request.worker = firstWorker == 0 ? 0 : firstWorker + w;
        // Not all at once.
        for (auto at = begin + (think + kMs) * w / workers; at < end;) {
            request.begin = at;
            request.latency = latency(random, at);
            out.push_back(request);
            at += request.latency + think;
        }
    }
}

// An open test: requests come at random, so many a second on average, whatever the answers take.
template <class Latency>
void addOpen(std::vector<MadeRequest> &out, double perSecond, std::int64_t begin, std::int64_t end,
             std::mt19937_64 &random, Latency &&latency, MadeRequest like = {})
{
    std::exponential_distribution<double> gap(perSecond / 1e9);
    for (auto at = begin + static_cast<std::int64_t>(gap(random)); at < end;
         at += static_cast<std::int64_t>(gap(random))) {
        auto request = like;
        request.begin = at;
        request.latency = latency(random, at);
        out.push_back(request);
    }
}

} // namespace flamewright
