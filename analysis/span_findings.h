#pragma once

#include "analysis/operations.h"
#include "analysis/span_attributes.h"
#include "analysis/span_forest.h"
#include "analysis/span_rows.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace flamewright {

// Something in distributed traces that costs time and can be changed, as a sentence with its
// figures and the spans that show it. Deterministic; nothing is said on too little evidence.
struct SpanFinding {
    // By the share of the time that it is about: from 5 % on a warning, from 30 % on critical.
    enum class Severity : std::uint8_t { Info, Warning, Critical };
    std::string kind; // "n_plus_one": for programs
    Severity severity = Severity::Info;
    double share = 0;     // of the time of the spans that it is about
    std::string sentence; // may hold names from the capture: through CaptureText before it is shown
    std::vector<std::pair<std::string, double>> figures; // units are in the names
    std::vector<std::pair<std::string, std::string>> texts;
    OperationKey where;               // the operation that it is about
    std::vector<std::uint32_t> spans; // rows: a few that show it, most telling first
    std::int64_t begin = 0, end = 0;  // of all that it was seen in, ns on the capture's clock
};

// What the detectors read. `attributes` may be empty: findings are then less exact or missing.
struct SpanEvidence {
    const SpanRows &rows;
    const SpanForest &forest;
    const OperationIndex &index;
    const SpanAttributes &attributes;
};

// Kinds: n_plus_one, sequential_calls, retry_storm, chatty_services, fan_out, slow_by_attribute,
// queueing_delay, lock_wait. The weightiest first.
std::vector<SpanFinding> spanFindings(const SpanEvidence &evidence);

std::string_view nameOf(SpanFinding::Severity severity);

// What threads did: states of the scheduler, by begin.
struct ThreadStates {
    std::vector<std::int64_t> begin, length;  // ns
    std::vector<std::uint32_t> thread;        // index of `threads`
    std::vector<std::uint32_t> state;         // index of `states`
    std::vector<std::string> threads, states; // "Running", "Runnable", "Sleeping" ...
    std::size_t size() const { return begin.size(); }
};
// Kind thread_starvation: threads that could have run and had no CPU. `where` and `spans` are empty.
std::vector<SpanFinding> starvationFindings(const ThreadStates &states);

} // namespace flamewright
