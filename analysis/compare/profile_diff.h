#pragma once

#include "analysis/compare/normalisation.h"
#include "analysis/compare/verdict.h"
#include "analysis/flame_tree.h"
#include "capture/base/result.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace flamewright {

// How many samples functions had in equal stretches of a run's time: what tells how much a count
// varies within a run, which is more than chance alone where a program works in bursts.
struct SampleBlocks {
    std::uint32_t blocks = 0; // 0: the samples have no times
    // By function of the run's profile * blocks + block; self and total values.
    std::vector<std::int64_t> self, total;
};

// One run of one side.
struct ProfileRun {
    std::shared_ptr<const Profile> profile;
    SampleBlocks blocks;
    double divisor = 1; // of the normalisation, for this run alone
    // What a sample stands for at least, where counts are not those of samples: profilers of heaps
    // scale them up (512 KiB of allocations for each sample). 0: a count is a count.
    double leastPerSample = 0;
    // How many units of work were counted for `divisor`, each of which costs what it costs: with few
    // of them, what one costs is uncertain. 0: it is no such count.
    double unitsCounted = 0;
};

// A function on both sides, matched by name and module.
struct FunctionChange {
    std::uint32_t function = 0; // of ProfileDiff::functions
    Change self, total;         // in the measure's unit per what was normalised by
    std::vector<double> baseSelfRuns, candSelfRuns, baseTotalRuns, candTotalRuns;
};

// The call trees of both sides in one: a node for every path that either has. Preorder as in
// FlameTree; siblings by the larger side's normalised total, then by name.
struct DiffTree {
    std::vector<std::uint32_t> function; // of ProfileDiff::functions
    std::vector<std::uint32_t> parent, subtreeEnd, depth;
    std::vector<std::uint8_t> inlined;
    struct Side {
        std::vector<std::int64_t> self, total, selfSamples, totalSamples; // not normalised
    };
    Side base, cand;
    // Of the node's own change of total and of self: what colours may be shown.
    std::vector<Verdict> totalVerdict, selfVerdict;
    std::size_t size() const { return function.size(); }
};

// A function of one side only that looks like one of the other's: renamed or moved code.
struct RenameSuggestion {
    std::uint32_t base = 0, cand = 0; // of ProfileDiff::functions
    double likeness = 0;              // 0 to 1
    std::string why;                  // "same callers and callees", "same name in another module"
};

struct ProfileDiff {
    std::string measure;
    Unit unit = Unit::Count;
    Normalisation normalisation;
    VerdictRules rules;
    std::string method;                  // of the intervals, a sentence
    std::vector<FunctionInfo> functions; // of both; [0] is the root
    DiffTree tree;
    std::vector<FunctionChange> table; // by size of the change of self, largest first
    Change whole;                      // the total of both sides
    std::vector<double> wholeBaseRuns, wholeCandRuns; // of each run
    std::vector<RenameSuggestion> suggestions;
    std::uint32_t baseRuns = 1, candRuns = 1;
    std::vector<std::string> notes; // what was matched otherwise, what was not tested
};

struct ProfileDiffOptions {
    Normalisation normalisation;
    VerdictRules rules;
    // Names of the baseline that are called otherwise in the candidate: regular expressions over
    // "function" or "function @module" with what takes their place, in order.
    std::vector<std::pair<std::string, std::string>> renames;
    double smallest = 0.001; // functions below this share of both totals are not tested
};

// Frames are the same function when function and module are, whatever their addresses, versions and
// directories (function_match.h). The figures of a side are the sums of its runs divided by the sum of
// their divisors, which `normalisation` of the answer holds. Verdicts: intervals of rate_change.h from
// the variance over blocks of time, or between runs where there are several (profile_amounts.h); Holm over self and total of
// every function that is tested, and over all nodes by themselves.
// Neither side may be empty of runs. Errc::Usage: a rename is not a valid expression.
Result<ProfileDiff> diffProfiles(std::span<const ProfileRun> base, std::span<const ProfileRun> cand,
                                 const ProfileDiffOptions &options);

} // namespace flamewright
