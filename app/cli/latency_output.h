#pragma once

#include "analysis/load_rows.h"
#include "analysis/load_study.h"

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace flamewright {

// Which 95 % intervals are shown beside percentiles.
enum class ShownIntervals : std::uint8_t { None, Independent, Blocks };

// What the verb `latency` prints, and how.
struct LatencyOutput {
    const LoadRows &rows;
    const LoadStudy &study;
    std::string by; // "endpoint"
    ShownIntervals intervals = ShownIntervals::None;
    std::optional<Objective> objective;
    std::optional<std::int64_t> apdexNs;
    bool levels = false, warmUp = false;
    const std::vector<SkippedWarmUp> &skipped; // --skip-warm-up
};

// One object. Its keys are a contract: there may be more of them, none goes or changes.
void writeLatencyJson(std::ostream &out, const LatencyOutput &output);

// The table of the groups, what was asked for besides, and remarks.
void printLatency(std::ostream &out, const LatencyOutput &output);

} // namespace flamewright
