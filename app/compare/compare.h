#pragma once

#include "analysis/compare/comparison.h"
#include "analysis/scope.h"
#include "capture/base/job.h"
#include "capture/base/result.h"
#include "capture/session/session.h"

#include <string>
#include <utility>
#include <vector>

namespace flamewright {

class Workbench;

// One capture of a side, wherever it is kept.
struct ComparedCapture {
    const Session *session = nullptr;
    CaptureInfo info;
    Scope scope; // which part of it; its captures are this one
};

struct CompareSide {
    std::string name;
    std::vector<ComparedCapture> captures;
    // How many runs somebody said it is: where there are as many captures of a kind and format,
    // these are runs of one thing whatever they are called. 0: names tell.
    std::size_t saidRuns = 0;
};

struct CompareOptions {
    NormaliseBy by = NormaliseBy::Automatic;
    std::optional<std::pair<double, double>> work; // units of work of both sides, when given
    std::string workUnit = "request";
    double alpha = 0.05;
    std::optional<double> noise; // relative; empty: what the kind of capture calls for
    unsigned rounds = 1000;      // of bootstraps
    std::vector<std::pair<std::string, std::string>> renames; // --map, see ProfileDiffOptions
    bool patterns = false;  // endpoints that differ in ids only are one
    std::string measure;    // of profiles; empty: the default one
    bool confirmed = false; // verdicts in spite of grave remarks
};

// The captures of both sides that belong together: one kind and format, and the same name but for
// words like "before", "after", "baseline" and numbers that count runs (1, 2, 3; not the 8 and 48 of
// connections); or the only one of its kind on both sides. Several of a side are runs of one
// thing (of traces: parts of one recording).
struct ComparedPair {
    std::string kind; // "profile", "load", "benchmarks", "traces"
    std::string title;
    std::vector<ComparedCapture> base, cand;
};
struct ComparePlan {
    std::vector<ComparedPair> pairs;
    std::vector<std::string> left; // sentences: what has no counterpart
};
ComparePlan planOf(const CompareSide &base, const CompareSide &cand);

// What the comparers of the kinds are given besides their pair.
struct CompareContext {
    const Workbench &workbench;
    const CompareSide &base, &cand; // all captures: units of work may come from another one
    const CompareOptions &options;
    JobContext &job;
};
// One for each kind: app/compare/compare_<kind>.cpp, a line in compare.cpp. Verdicts, Holm
// over all that was tested, sentences and explanations included. Grave remarks need not
// be heeded: compare() withholds verdicts.
using Comparer = Result<ComparedSection> (*)(const ComparedPair &, const CompareContext &);
Result<ComparedSection> compareProfiles(const ComparedPair &, const CompareContext &);
Result<ComparedSection> compareLoads(const ComparedPair &, const CompareContext &);
Result<ComparedSection> compareBenchmarks(const ComparedPair &, const CompareContext &);
Result<ComparedSection> compareTraces(const ComparedPair &, const CompareContext &);

// Errc::Usage: nothing of both sides can be compared; says why.
Result<Comparison> compare(const Workbench &workbench, const CompareSide &base,
                           const CompareSide &cand, const CompareOptions &options, JobContext &job);

// What is known of the circumstances of captures, for comparability().
Result<RunFacts> runFacts(const std::vector<ComparedCapture> &captures, JobContext &job);

// Completed work (requests) of a side while `during` was recorded: of load tests, else of root
// spans, whose time overlaps with it. nullopt: not known. `source`: where from, a few words.
struct WorkDone {
    double units = 0;
    std::string unit, source;
};
Result<std::optional<WorkDone>> workDone(const CompareSide &side, const ComparedCapture &during,
                                         JobContext &job);

} // namespace flamewright
