#pragma once

#include "analysis/span_forest.h"
#include "analysis/span_rows.h"

#include <cstdint>
#include <vector>

namespace flamewright {

// How far the clock of a callee seems to be ahead of its caller's: what a server does for a client
// lies within the client's time, so each call bounds the difference.
struct ServiceSkew {
    std::uint32_t client = 0, server = 0; // index of services
    std::uint64_t calls = 0;
    std::uint64_t outside = 0; // whose server's half is not within the client's
    // Of the server's clock, ns. 0 where all calls allow it. Where no difference suits all calls, the
    // median of the middles.
    std::int64_t offsetNs = 0;
    bool consistent = true; // one difference suits all calls
    // What suits all calls, if consistent.
    std::int64_t lowNs = 0, highNs = 0;
};

// Pairs of services with calls between them, in order of client and server. Calls that last longer
// on the server than on the client say nothing and are left out. What clocks cannot tell (`steps`
// of both services) is no difference.
std::vector<ServiceSkew> clockSkew(const SpanRows &rows, const SpanForest &forest);

// A copy in which every service's spans are moved by what its clock is ahead of those that call it,
// from each root down. In order of begin again: `order`, if asked for, are the rows they were.
SpanRows withoutSkew(const SpanRows &rows, const SpanForest &forest,
                     const std::vector<ServiceSkew> &skew,
                     std::vector<std::uint32_t> *order = nullptr);

} // namespace flamewright
