#pragma once

#include "analysis/compare/verdict.h"
#include "analysis/span_rows.h"
#include "capture/base/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace flamewright {

// An operation (a span's name in a service) on both sides.
struct OperationChange {
    std::string service, name;
    Change count; // spans in all
    Change calls; // per trace, of all traces
    // ns. Not judged where calls changed much: what is called half as often is not the same work.
    Change p50, p99;
    Change errorShare;
    Change selfPerRoot; // ns of own time per trace, of all traces
};

// Statements that differ in values only, and how often a trace makes them.
struct StatementCalls {
    std::string statement;
    double base = 0, cand = 0; // calls per trace
};

// Calls of one operation in traces of a root operation: 12 SELECTs per checkout, now 1. Calls that
// ask a database the same kind of thing ("SELECT products") are one operation, whatever their
// statements are in detail, if both sides know their statements.
struct CallsChange {
    std::string rootService, rootName, service, name;
    Change calls;          // per trace
    Change time;           // ns of self time per trace
    Change onCriticalPath; // ns per trace; those of a root add up to the mean of its traces
    std::vector<StatementCalls> statements; // most calls first
    // The same of the slowest traces of each side alone: RootChange::tail.
    double baseTail = 0, candTail = 0;           // ns on the critical path per trace
    double baseTailCalls = 0, candTailCalls = 0; // per trace
};

// The slowest traces of an operation: those from its p95 on.
struct TailChange {
    std::uint64_t baseTraces = 0, candTraces = 0;
    double base = 0, cand = 0; // ns, mean of their lengths
};

// Traces of one side one by one, evenly chosen from the shortest to the longest where there are
// many: what those of a certain length waited for.
struct ChosenTraces {
    struct Part {
        std::uint32_t trace = 0; // of `lengths`
        std::uint32_t call = 0;  // of RootChange::calls
        std::uint32_t calls = 0; // how many
        std::int64_t ns = 0;     // on the critical path; a few of the largest of each trace
    };
    std::vector<std::int64_t> lengths; // ascending
    std::vector<Part> parts;           // by trace
};

struct RootChange {
    std::string service, name;
    Change p50, p99, mean;          // ns, of the traces
    std::vector<CallsChange> calls; // by change of time on the critical path, largest first
    TailChange tail;
    ChosenTraces baseChosen, candChosen;
};

// Slices of one name on tracks of one name, of traces that are not of requests: a thread's functions,
// tasks, states. Digits of tracks' names are one: "worker-#".
struct SliceChange {
    std::string track, name;
    bool isState = false;      // of a thread: more or less of it is not better by itself
    bool isWork = true;        // of a thread, one thing at a time: neither a state nor asynchronous
    Change count, total, self; // by what the comparison is normalised by; times in ns, or shares
    Change p50, p99;           // ns, of one slice
};

struct TraceDiff {
    std::vector<OperationChange> operations; // by change of self time per root
    std::vector<RootChange> roots;           // operations at the root of traces, most time first
    std::string method;
    std::uint64_t baseTraces = 0, candTraces = 0; // with a root
    std::vector<std::string> notes;               // what was left out, matched otherwise
    // Where sides have no spans of requests; by change of self time. All else is empty then.
    std::vector<SliceChange> slices;
    Change allSelf; // of all slices that are work
};

// The spans of one side. All parts of a recording in one: what has one trace id is one trace.
struct TraceSide {
    SpanRows rows;
    // By row: index of `statements`, what a database is asked, without values; 0: nothing.
    std::vector<std::uint32_t> statement;
    std::vector<std::string> statements{""};
};

struct TraceDiffOptions {
    VerdictRules rules{.alpha = 0.05, .noise = 0.05};
    unsigned rounds = 1000;            // of the bootstrap
    std::uint64_t least = 10;          // traces (or spans) on each side to say anything
    std::size_t mostRoots = 100;       // with most time; what is beyond is noted
    std::size_t mostCalls = 500;       // operations of a root; the same
    std::size_t mostOperations = 2000; // in the table; the same
    bool patterns = false;             // names that differ in ids only are one
    // As ProfileDiffOptions::renames, over "name" or "name @service" of the base.
    std::vector<std::pair<std::string, std::string>> renames;
};

// Errc::Usage: a rename is not a valid expression.
Result<TraceDiff> diffTraces(const TraceSide &base, const TraceSide &cand,
                             const TraceDiffOptions &options);

// "SELECT products": the verb and the table of a statement. What follows WITH is looked through.
// Empty: it does not look like SQL.
std::string queryKind(std::string_view statement);

} // namespace flamewright
