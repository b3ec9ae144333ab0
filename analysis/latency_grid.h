#pragma once

#include "analysis/load_rows.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace flamewright {

// Requests by time and latency, counted in cells, and one by one where they are few.
struct LatencyGrid {
    LoadSpan whole;           // of all requests that have a time
    LoadSpan shown;           // of what was counted
    std::int64_t beginNs = 0; // of the first column
    std::int64_t columnNs = 0;
    std::size_t columns = 0;
    // Edges of the rows from the bottom, in ns, one more than rows. As far apart as pixels or, if
    // that is more, as the tool's clock: latencies of whole milliseconds leave no empty rows.
    std::vector<double> edges;
    bool log = true;
    std::vector<std::uint32_t> count;  // successes, by column, from the bottom
    std::vector<std::uint32_t> failed; // by column
    std::uint32_t most = 0;            // of a cell
    std::uint64_t inShown = 0, failedInShown = 0;
    std::uint64_t requests = 0, failedInAll = 0, untimed = 0; // of the rows
    bool failuresIncluded = false;                            // in the cells

    // Each request of what is shown; empty when there are more than LatencyGridQuestion::singles.
    struct Single {
        std::int64_t beginNs = 0, latencyNs = 0;
        bool failed = false;
        std::string group, status; // as in the capture
    };
    std::vector<Single> singles;

    std::size_t rows() const { return edges.empty() ? 0 : edges.size() - 1; }
    std::uint32_t at(std::size_t column, std::size_t row) const
    {
        return count[column * rows() + row];
    }
    std::int64_t columnBegin(std::size_t column) const
    {
        return beginNs + static_cast<std::int64_t>(column) * columnNs;
    }
};

struct LatencyGridQuestion {
    std::optional<LoadSpan> shown; // the part of the time to be counted; nullopt: all
    double pixelsWide = 1000, pixelsHigh = 400;
    double cellPixels = 3; // of a cell, at least
    bool log = true;
    bool includeFailures = false; // in the cells
    std::size_t singles = 2000;
};

// Linear in the requests.
LatencyGrid latencyGrid(const LoadRows &rows, const LatencyGridQuestion &question = {});

} // namespace flamewright
