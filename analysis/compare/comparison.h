#pragma once

#include "analysis/compare/comparability.h"
#include "analysis/compare/normalisation.h"
#include "analysis/compare/verdict.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace flamewright {

struct ProfileDiff;   // profile_diff.h
struct LoadDiff;      // load_diff.h
struct BenchmarkDiff; // benchmark_diff.h
struct TraceDiff;     // trace_diff.h

// One figure that was compared, whatever it is of: a row of the table, of `diff --json`, of a
// budget. Names are as captured: through CaptureText before they are shown.
struct ComparedItem {
    std::string name;   // function, endpoint, operation, benchmark
    std::string detail; // module, service, labels; may be empty
    std::string figure; // "self", "total", "p99", "throughput", "error_share", "calls", "sec/op"
    std::string unit;   // "ns", "bytes", "samples", "1/s", "share": base, cand are in it ...
    std::string per;    // ... per this: "request"; empty: as measured
    Better better = Better::Lower;
    Change change;
    std::vector<double> baseRuns, candRuns; // one value for each run, in the unit: a small picture
};

// What a change of one figure is made of. The parts and the remainder add up to the whole exactly.
struct Explanation {
    struct Part {
        std::string name, detail;
        double base = 0, cand = 0; // in the unit
        std::string note;          // "42 calls before, 1 after"; may be empty
        double delta() const { return cand - base; }
    };
    std::string of; // "CPU per request", "p99 of POST /checkout"
    std::string unit, per;
    double base = 0, cand = 0;
    std::vector<Part> parts; // largest change first
    double remainder = 0;    // of cand - base
    std::string method;      // how it was broken down, a sentence
};

// Captures of one kind on both sides, compared.
struct ComparedSection {
    std::string kind;  // "profile", "load", "traces", "benchmarks"
    std::string title; // "shop.perf.data", what the pair is called
    std::vector<std::string> baseCaptures, candCaptures; // names
    Normalisation normalisation;
    std::vector<ComparabilityRemark> remarks;
    std::vector<ComparedItem> items; // most telling first
    std::vector<Explanation> explanations;
    // What to say of it first, with figures and intervals; may hold names from captures.
    std::vector<std::string> sentences;
    double weight = 0;              // of the first sentence, relative: sections are sorted by it
    std::string method;             // how intervals were computed
    std::vector<std::string> notes; // what was left out, matched otherwise, estimated
    // What views draw; the one of its kind.
    std::shared_ptr<const ProfileDiff> profile;
    std::shared_ptr<const LoadDiff> load;
    std::shared_ptr<const BenchmarkDiff> benchmarks;
    std::shared_ptr<const TraceDiff> traces;

    bool isBlocked() const; // a grave remark
};

struct ComparisonSide {
    std::string name;                        // file or session, or the capture's
    std::optional<std::int64_t> startedAtNs; // epoch, of the earliest capture
    std::vector<std::string> captures;
    std::vector<std::pair<std::string, std::string>> provenance;
};

struct Comparison {
    ComparisonSide base, cand;
    std::vector<ComparedSection> sections; // what tells most of each kind first
    std::vector<std::string> notCompared;  // captures without a counterpart, with the reason
    bool confirmed = false; // somebody knows of the grave remarks and wants verdicts nevertheless

    bool isBlocked() const; // there are grave remarks and nobody confirmed them
};

} // namespace flamewright
