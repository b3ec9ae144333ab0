#pragma once

#include "analysis/operations.h"
#include "analysis/span_forest.h"
#include "analysis/span_rows.h"

#include <cstdint>
#include <string>
#include <vector>

namespace flamewright {

// What an operation costs a trace on average, in the slow ones and in the rest.
struct SlowShare {
    OperationKey key;
    double slowSelfNs = 0, restSelfNs = 0; // self time a trace: beside each other counts twice
    // On the critical path: over all operations these add up to the mean lengths.
    double slowPathNs = 0, restPathNs = 0;
    double slowCalls = 0, restCalls = 0; // spans a trace
    // Of the difference of the mean lengths; over all operations 1.
    double share = 0;
};

// Where the slow traces of one root operation spend more time than the rest. Slow is from the p95 of
// their roots on.
struct SlowTraces {
    OperationKey root;
    std::uint64_t slow = 0, rest = 0; // traces
    std::int64_t thresholdNs = 0;
    double slowMeanNs = 0, restMeanNs = 0; // of the roots
    // By difference on the critical path, most first. Empty where there is a reason.
    std::vector<SlowShare> operations;
    std::string reason; // why nothing can be told: "not enough traces: ..."
};

inline constexpr std::uint64_t kLeastSlowTraces = 5;
inline constexpr std::uint64_t kLeastOtherTraces = 20;

SlowTraces slowTraces(const SpanRows &rows, const SpanForest &forest, const OperationIndex &index,
                      OperationKey root);

} // namespace flamewright
