#pragma once

#include "analysis/intervals.h"
#include "analysis/load_rows.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace flamewright {

// ---- How much more load an objective allows -------------------------------------------------------

// One level of load: what a percentile was there.
struct SloPoint {
    double concurrency = 0, throughput = 0; // mean in flight; per second
    double latency = 0;                     // of the percentile, ns
    std::vector<std::int64_t> draws;        // resampled percentiles; empty: no interval
};

struct Headroom {
    enum class Kind : std::uint8_t {
        Crosses, // between two levels
        Never,   // met at every level that was measured: throughput is the most of them, at least
        Always,  // missed at the lowest level already: throughput is that level's, at most
    };
    Kind kind = Kind::Never;
    double throughput = 0, concurrency = 0; // where it crosses, interpolated
    // Between which 95 % of the resampled crossings lie; one end is open where more than 2.5 % of
    // them do not cross on that side of what was measured.
    bool hasInterval = false;
    std::optional<double> low, high; // of throughput
};

// Where the latency first exceeds `thresholdNs`, going up in concurrency: linear between levels.
// By concurrency and not by throughput, which does not grow any more, or falls, once the system is
// full. nullopt: no levels.
std::optional<Headroom> headroom(std::span<const SloPoint> levels, std::int64_t thresholdNs);

// ---- Counting requests ----------------------------------------------------------------------------

// Apdex: satisfied up to T, tolerating up to 4 T, the others and all failures frustrated.
struct Apdex {
    std::uint64_t satisfied = 0, tolerating = 0, frustrated = 0;
    std::uint64_t total() const { return satisfied + tolerating + frustrated; }
    // (satisfied + tolerating / 2) / total; 0 without requests.
    double score() const;
};
Apdex apdex(std::span<const std::int64_t> latency, std::span<const std::uint8_t> failed,
            std::int64_t satisfiedNs);

// The same for each group of some rows, by index.
std::vector<Apdex> apdexByGroup(const LoadRows &rows, std::int64_t satisfiedNs);

// Requests that meet an objective: answered, without failure, within a time. A latency objective
// is counted like this, not read off a percentile of percentiles.
struct Compliance {
    std::uint64_t good = 0, total = 0;
    double share() const;      // 1 without requests
    Interval interval() const; // Wilson, of independent requests
};
Compliance compliance(std::span<const std::int64_t> latency, std::span<const std::uint8_t> failed,
                      std::int64_t thresholdNs);

// ---- Error budgets --------------------------------------------------------------------------------

// How fast a budget of 1 - `target` is used up: 1 is exactly as fast as it may be. Infinite where
// the target is 1 and something is bad.
double burnRate(const Compliance &seen, double target);

// One line of the table of multi-window, multi-burn-rate alerts (Google's "The Site Reliability
// Workbook", chapter 5): it fires when both windows burn at `factor` at least.
struct BurnAlert {
    std::int64_t longNs = 0, shortNs = 0;
    double factor = 0;      // budget * period / long window
    double budgetShare = 0; // that is gone when it fires
    bool page = false;      // otherwise a ticket
};
// For a period of 30 days: 14.4 (1 h, 5 m), 6 (6 h, 30 m), 3 (1 d, 2 h), 1 (3 d, 6 h).
inline constexpr std::int64_t kSloPeriodNs = 30LL * 24 * 3600 * 1'000'000'000;
std::array<BurnAlert, 4> burnAlerts(std::int64_t periodNs = kSloPeriodNs);

struct BurnReport {
    Compliance seen;
    double target = 0, rate = 0;
    // When the budget of the period is gone at this rate; nullopt: within the rate it lasts.
    std::optional<std::int64_t> exhaustedNs;
    struct Line {
        BurnAlert alert;
        bool would = false; // fire, if all went on as it did in this test
    };
    std::array<Line, 4> lines{};
};
BurnReport burnReport(const Compliance &seen, double target);

} // namespace flamewright
