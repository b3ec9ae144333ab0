#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// What can be said of a figure that was measured twice.
namespace flamewright {

enum class Verdict : std::uint8_t { NoEvidence, NotEnoughData, Regressed, Improved };
// "no_evidence", "not_enough_data", "regressed", "improved": for programs.
std::string_view nameOf(Verdict verdict);
// "not enough evidence", "not enough data", "regressed", "improved": for people.
std::string_view wordsOf(Verdict verdict);

// Which way is good.
enum class Better : std::uint8_t {
    Lower,  // latency, time, errors
    Higher, // throughput
    Neither // a count that says nothing by itself: a change is shown and not judged
};

struct ChangeInterval {
    double low = 0, high = 0;
    friend bool operator==(const ChangeInterval &, const ChangeInterval &) = default;
};

// One figure on both sides. base and cand are in the unit of whoever has it, after normalising.
struct Change {
    std::optional<double> base, cand; // nullopt: there is none on that side
    // 95 % intervals of cand / base - 1, and of cand - base. nullopt: cannot be said.
    std::optional<ChangeInterval> relative, difference;
    std::optional<double> p;         // two-sided, of no change at all
    std::optional<double> adjustedP; // after Holm, over everything that was tested with it
    std::uint64_t baseCount = 0, candCount = 0; // samples, requests, spans or runs behind it
    std::uint32_t baseRuns = 1, candRuns = 1;
    Verdict verdict = Verdict::NoEvidence;
    std::string why; // of NotEnoughData and NoEvidence, a few words

    // cand - base, a missing side counting as 0.
    double delta() const { return cand.value_or(0) - base.value_or(0); }
    // cand / base - 1; nullopt: a side is missing, or base is 0.
    std::optional<double> ratio() const;
};

struct VerdictRules {
    double alpha = 0.05;
    // Changes that may be smaller than this (relative, as 0.02) are called no evidence even where
    // chance is ruled out: two runs of the same program differ by something that no interval
    // within one run sees.
    double noise = 0.02;
};

// By the interval (all of it beyond the noise) and, where there is one, the adjusted p (at most
// alpha). NotEnoughData stays as it is. A figure that is on one side only is judged by the interval
// of its difference: not 0.
void judge(Change &change, Better better, const VerdictRules &rules);

// Adjusted p values in the order of `p` (Holm 1979): the chance of one false alarm among all of
// them is at most alpha where they are held against alpha.
std::vector<double> holmAdjusted(std::span<const double> p);

} // namespace flamewright
