#pragma once

#include "analysis/compare/verdict.h"

#include <cstdint>
#include <string>
#include <vector>

namespace flamewright {

// An operation (a span's name in a service) on both sides.
struct OperationChange {
    std::string service, name;
    Change count;    // spans in all
    Change p50, p99; // ns
    Change errorShare;
    Change selfPerRoot; // ns of own time per trace of the compared root operation
};

// Calls of one operation in traces of a root operation: 12 SELECTs per checkout, now 1.
struct CallsChange {
    std::string rootService, rootName, service, name;
    Change calls;          // per trace
    Change time;           // ns of self time per trace
    Change onCriticalPath; // ns per trace
};

struct RootChange {
    std::string service, name;
    Change p50, p99, mean;          // ns, of the traces
    std::vector<CallsChange> calls; // by change of time on the critical path, largest first
};

struct TraceDiff {
    std::vector<OperationChange> operations; // by change of self time per root
    std::vector<RootChange> roots;           // operations at the root of traces, most time first
    std::string method;
};

} // namespace flamewright
