#pragma once

#include "analysis/span_forest.h"
#include "analysis/span_rows.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace flamewright {

// What a span is an instance of: a name of a service.
struct OperationKey {
    std::uint32_t service = 0, name = 0; // of SpanRows
    friend auto operator<=>(const OperationKey &, const OperationKey &) = default;
};

// Spans by operation: dense numbers, in order of the first span.
struct OperationIndex {
    std::vector<std::uint32_t> of; // by row: index of `keys`
    std::vector<OperationKey> keys;
    std::size_t size() const { return keys.size(); }
};
OperationIndex operationIndex(const SpanRows &rows);

inline constexpr std::array<unsigned, 4> kSpanPercentiles{5'000, 9'000, 9'500, 9'900};

struct Operation {
    OperationKey key;
    std::uint64_t count = 0, errors = 0;
    // Begins a second, over the time from the first begin to the last of all spans.
    std::optional<double> ratePerSecond; // none: there is no such time
    std::int64_t totalNs = 0;            // sum of lengths, saturating: what overlaps counts twice
    std::int64_t selfNs = 0;             // sum of self times, saturating
    std::int64_t p50 = 0, p90 = 0, p95 = 0, p99 = 0, max = 0; // ns, nearest rank
    double share = 0; // of the self time of all spans: shares add up to 1
};

struct OperationTable {
    std::vector<Operation> operations; // most self time first, then by count
    std::uint64_t spans = 0, errors = 0, traces = 0, services = 0; // of those that have spans
    std::int64_t selfNs = 0;                                       // of all spans
};
OperationTable operationTable(const SpanRows &rows, const SpanForest &forest,
                              const OperationIndex &index);

// p50, p90, p95, p99 and the maximum by nearest rank; zeros of nothing.
std::array<std::int64_t, 5> percentilesOf(std::span<const std::int64_t> lengths);
// One of them, of values in any order; 0 of nothing.
std::int64_t percentileOf(std::span<const std::int64_t> values, unsigned perMyriad);

} // namespace flamewright
