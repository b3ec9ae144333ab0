#pragma once

#include "analysis/span_attributes.h"
#include "analysis/span_forest.h"
#include "analysis/span_rows.h"

#include <cstdint>
#include <string>
#include <vector>

namespace flamewright {

// A service, or what services call that has no spans of its own: a database, a queue, a host.
struct ServiceNode {
    std::string name; // as in the capture
    bool peer = false;
    std::uint64_t spans = 0, errors = 0; // of services
    std::int64_t selfNs = 0;             // of services, saturating
};

struct ServiceEdge {
    std::uint32_t from = 0, to = 0; // index of nodes
    std::uint64_t calls = 0, errors = 0;
    std::int64_t p50 = 0, p95 = 0; // ns as the caller sees them
};

// Who calls whom. A call is a span whose parent is in another service, with the time and failure of
// the parent if that is its client's half, of itself otherwise; or a client's or producer's span
// without such a child, which calls the peer that its attributes name. Waiting for a connection of a
// pool is no call.
struct ServiceMap {
    std::vector<ServiceNode> nodes; // services that have spans, in order of names, then peers
    std::vector<ServiceEdge> edges; // in order of from and to
    std::uint64_t unnamedCalls = 0; // of client's spans whose attributes name no peer
};
ServiceMap serviceMap(const SpanRows &rows, const SpanForest &forest,
                      const SpanAttributes &attributes);

// By row: what it calls. Index of rows.services, or rows.services.size() + index of `peers`, or
// kNoRow where it calls nothing or nobody knows what.
struct CallTargets {
    std::vector<std::uint32_t> of;
    std::vector<std::string> peers;
    std::uint64_t unnamed = 0;
};
CallTargets callTargets(const SpanRows &rows, const SpanForest &forest,
                        const SpanAttributes &attributes);

} // namespace flamewright
