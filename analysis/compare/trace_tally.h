#pragma once

#include "analysis/compare/trace_diff.h"
#include "analysis/critical_path.h"
#include "analysis/span_forest.h"

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

// What diffTraces() counts of each side.
namespace flamewright {

// Services with a name in them, numbered alike on both sides.
class OperationNames {
public:
    std::uint32_t idOf(const std::string &service, const std::string &name);
    const std::string &service(std::uint32_t id) const { return m_all[id].first; }
    const std::string &name(std::uint32_t id) const { return m_all[id].second; }
    std::size_t size() const { return m_all.size(); }

private:
    std::vector<std::pair<std::string, std::string>> m_all;
    std::map<std::pair<std::string, std::string>, std::uint32_t> m_ids;
};

// What spans are counted as, by row: an operation, and what is counted below roots, which is a kind of
// query where there is one. Ids are of one OperationNames.
struct SpanNames {
    std::vector<std::uint32_t> operation, call;
};

// Sums of the traces of a cell. Cells without any are left out: there may be as many names as spans.
struct OperationCell {
    std::uint32_t cell = 0;
    std::int64_t spans = 0, errors = 0, self = 0;
};
struct OperationTally {
    std::uint64_t count = 0;
    std::int64_t selfNs = 0;
    std::vector<OperationCell> cells; // of all traces
    // Ascending, with the cell of each.
    std::vector<std::int64_t> lengths;
    std::vector<std::uint32_t> cell;
};

struct CallCell {
    std::uint32_t cell = 0;
    std::int64_t calls = 0, self = 0, critical = 0;
};
struct CallTally {
    std::vector<CallCell> cells; // of the root's traces
    std::int64_t tailCalls = 0, tailCritical = 0;
    std::unordered_map<std::uint32_t, std::uint64_t> statements; // calls of each
};

// The sums of a cell, which is the last one there is or a later one.
template <class Cell>
Cell &cellAt(std::vector<Cell> &cells, std::size_t cell)
{
    const auto number = static_cast<std::uint32_t>(cell);
    if (cells.empty() || cells.back().cell != number)
        cells.push_back({.cell = number});
    return cells.back();
}
// One of their columns, with zeros where there are none.
template <class Cell>
std::vector<std::int64_t> columnOf(const std::vector<Cell> &cells, std::int64_t Cell::*what,
                                   std::size_t size)
{
    std::vector<std::int64_t> out(size, 0);
    for (const auto &one : cells)
        out[one.cell] = saturatingAdd(out[one.cell], one.*what);
    return out;
}
template <class Cell>
std::int64_t sumOf(const std::vector<Cell> &cells, std::int64_t Cell::*what)
{
    std::int64_t out = 0;
    for (const auto &one : cells)
        out = saturatingAdd(out, one.*what);
    return out;
}

struct RootTally {
    std::vector<std::uint32_t> rows; // roots in order of time
    std::vector<std::int64_t> lengths;
    std::int64_t totalNs = 0;
    // Filled by countCalls().
    std::map<std::uint32_t, CallTally> calls; // by call
    std::vector<std::int64_t> traces, time;   // by cell: number and length
    std::uint64_t tailTraces = 0;
    std::int64_t tailNs = 0;
    ChosenTraces chosen; // calls are those of OperationNames
};

class TraceTally {
public:
    TraceTally(const TraceSide &side, SpanNames names);

    std::uint64_t traces() const { return m_roots.size(); }
    std::uint64_t rootless() const { return m_rootless; }
    const SpanForest &forest() const { return m_forest; }
    // Lengths of all roots in order of time.
    const std::vector<std::int64_t> &levels() const { return m_levels; }
    std::map<std::uint32_t, RootTally> &byRoot() { return m_byRoot; } // by operation
    void countCalls(RootTally &root);
    std::map<std::uint32_t, OperationTally> operations() const; // by operation

private:
    const TraceSide &m_side;
    SpanNames m_names;
    SpanForest m_forest;
    CriticalPaths m_paths;
    std::vector<std::uint32_t> m_roots; // rows, in order of time
    std::vector<std::int64_t> m_levels;
    std::map<std::uint32_t, RootTally> m_byRoot;
    std::uint64_t m_rootless = 0;
};

} // namespace flamewright
