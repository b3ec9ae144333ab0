#pragma once

#include "capture/base/units.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace flamewright {

// One capture of a load test, and where its time begins.
struct LoadCapture {
    CaptureId id;
    std::string name;
    Timestamp origin{};                      // on the capture's clock: what `begin` counts from
    std::optional<std::int64_t> startedAtNs; // `origin` on the wall clock, epoch
};

// Requests of one or several load tests as columns of one length, in order of `begin`. Captures
// begin together: a time is counted from the start of its own capture.
struct LoadRows {
    static constexpr std::int64_t kUntimed = -1; // in `begin`; such rows come first

    std::vector<std::int64_t> begin;   // when it was sent, ns after the capture's origin
    std::vector<std::int64_t> latency; // ns
    std::vector<std::uint32_t> group;  // index of `groups`: what was grouped by
    std::vector<std::uint32_t> worker; // index of `workers`, over all captures; 0: unknown
    std::vector<std::uint32_t> status; // index of `statuses`: "200", "java.net.SocketException"
    std::vector<std::uint32_t> error;  // index of `errors`: why it failed, in words; 0: not said
    std::vector<std::uint32_t> phase;  // index of `phases`: run, scenario, stage; 0: none
    std::vector<std::uint8_t> failed;  // 0 or 1
    std::vector<std::uint8_t> capture; // index of `captures`
    std::vector<std::uint64_t> bytesIn, bytesOut;

    // As in the captures: through CaptureText before they are shown.
    std::vector<std::string> groups, workers, statuses, errors, phases;
    std::vector<LoadCapture> captures;
    std::uint64_t leftOut = 0;     // transactions and parts that were not asked for
    std::uint64_t withoutTime = 0; // that a range of time left out

    std::size_t size() const { return latency.size(); }
    bool empty() const { return latency.empty(); }
    // The first row that has a time.
    std::size_t firstTimed() const;
    // One past the end of the request that ends last; 0 without times.
    std::int64_t endNs() const;
};

// The rows that begin in one of `ranges`, which are on the captures' own clocks as in a Scope;
// all rows when there is no range. Names stay as they are, so that indices mean the same.
LoadRows within(const LoadRows &rows, std::span<const TimeRange> ranges);

// Only these groups (by index).
LoadRows ofGroups(const LoadRows &rows, std::span<const std::uint32_t> groups);

// Only what begins at `beginNs` of its own capture (by index) or later, or has no time.
LoadRows startingAt(const LoadRows &rows, std::span<const std::int64_t> beginNs);

// A time of `begin` as ranges on the clocks of all captures: what a brush makes of a Scope.
std::vector<TimeRange> onClocks(const LoadRows &rows, std::int64_t beginNs, std::int64_t endNs);
// The other way: where ranges of a Scope are on the common axis; sorted, without overlaps, only
// where the captures have requests.
struct LoadSpan {
    std::int64_t beginNs = 0, endNs = 0;
    friend bool operator==(const LoadSpan &, const LoadSpan &) = default;
};
std::vector<LoadSpan> onAxis(const LoadRows &rows, std::span<const TimeRange> ranges);

} // namespace flamewright
