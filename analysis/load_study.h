#pragma once

#include "analysis/capacity.h"
#include "analysis/latency_report.h"
#include "analysis/load_findings.h"
#include "analysis/omission_correction.h"
#include "analysis/percentile_intervals.h"
#include "analysis/slo.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace flamewright {

struct StudyQuestion {
    RateOver over = RateOver::All;
    bool together = false; // failures and successes in one distribution
    std::optional<Objective> objective;
    std::optional<std::int64_t> apdexNs;
    bool blocks = false; // intervals of blocks of time besides those of independent requests
    bool levels = false; // and what follows from them
    bool correct = false;
    std::optional<std::int64_t> correctionIntervalNs; // otherwise from start to start of a worker
    std::size_t limit = 0;                            // at most so many groups; 0: all
};

// What a group of the report has besides.
struct GroupStudy {
    std::optional<Apdex> apdex;
    std::optional<Compliance> within;
    std::optional<BlockIntervals> blocks; // of what shownOf() says
};

// The distribution that stands for a group: both when asked for together, otherwise its successes,
// of which there may be none.
enum class ShownOf : std::uint8_t { All, Ok, Failed };
ShownOf shownOf(const LatencyGroup &group);
const LatencySummary &shownLatency(const LatencyGroup &group);

// Successes of a capture as they were measured, and what a test at a fixed rate might have measured.
struct WhatIf {
    std::uint8_t capture = 0;
    LatencySummary measured;
    std::optional<CorrectedLatency> corrected;
    std::string whyNot; // a sentence, where there is none
};

struct LoadStudy {
    LatencyReport report;
    std::size_t shown = 0; // of its groups
    GroupStudy all;
    std::vector<GroupStudy> groups;     // that are shown
    std::vector<CaptureStudy> captures; // by index
    std::optional<Capacity> capacity;
    std::optional<ObjectiveHeadroom> headroom;
    std::optional<BurnReport> burn; // of all requests
    std::vector<WhatIf> whatIf;
    std::vector<LoadFinding> findings;
};

// All that can be said of a load test: the table, and what a reader must know to trust it. Groups
// are looked at for two kinds of answers where they are shown, and the ten with the most requests.
LoadStudy studyLoad(const LoadRows &rows, const StudyQuestion &question);

// What was dropped when it was asked for.
struct SkippedWarmUp {
    std::uint8_t capture = 0;
    WarmUp warmUp;
};
LoadRows withoutWarmUps(const LoadRows &rows, std::vector<SkippedWarmUp> &skipped);

} // namespace flamewright
