#include "analysis/compare/trace_tally.h"

#include "analysis/compare/block_bootstrap.h"
#include "analysis/operations.h"

#include <algorithm>
#include <numeric>

namespace flamewright {
namespace {

constexpr unsigned kTailFrom = 9'500; // per myriad
constexpr std::size_t kMostChosen = 1000;
constexpr std::size_t kMostParts = 32; // of a chosen trace

// Which traces are kept one by one: places in ChosenTraces::lengths, by trace.
std::vector<std::uint32_t> chosenOf(const std::vector<std::int64_t> &lengths, ChosenTraces &out)
{
    std::vector<std::uint32_t> order(lengths.size()), place(lengths.size(), kNoRow);
    std::iota(order.begin(), order.end(), 0u);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return lengths[a] < lengths[b]; });
    const auto chosen = std::min(order.size(), kMostChosen);
    for (std::size_t i = 0; i < chosen; ++i) {
        // The shortest and the longest are among them.
        const auto at = chosen == order.size() ? i : i * (order.size() - 1) / (chosen - 1);
        place[order[at]] = static_cast<std::uint32_t>(i);
        out.lengths.push_back(lengths[order[at]]);
    }
    return place;
}

void addTo(std::int64_t &sum, std::int64_t value)
{
    sum = saturatingAdd(sum, value);
}

} // namespace

std::uint32_t OperationNames::idOf(const std::string &service, const std::string &name)
{
    const auto fresh = static_cast<std::uint32_t>(m_all.size());
    const auto [it, added] = m_ids.try_emplace({service, name}, fresh);
    if (added)
        m_all.emplace_back(service, name);
    return it->second;
}

TraceTally::TraceTally(const TraceSide &side, SpanNames names)
    : m_side(side),
      m_names(std::move(names)),
      m_forest(spanForest(side.rows)),
      m_paths(side.rows, m_forest)
{
    for (std::uint32_t trace = 0; trace < m_forest.traces(); ++trace) {
        if (const auto row = m_forest.rootOf(trace); row != kNoRow)
            m_roots.push_back(row);
        else
            ++m_rootless;
    }
    std::sort(m_roots.begin(), m_roots.end()); // rows are in order of time
    for (const auto row : m_roots) {
        const auto length = side.rows.endOf(row) - side.rows.begin[row];
        m_levels.push_back(length);
        auto &root = m_byRoot[m_names.operation[row]];
        root.rows.push_back(row);
        root.lengths.push_back(length);
        addTo(root.totalNs, length);
    }
}

void TraceTally::countCalls(RootTally &root)
{
    const auto n = root.rows.size();
    const auto cells = BlockBootstrap::cellsOf(n);
    const auto tail = percentileOf(root.lengths, kTailFrom);
    root.traces.assign(cells, 0);
    root.time.assign(cells, 0);
    const auto place = chosenOf(root.lengths, root.chosen);
    std::vector<CriticalSegment> segments;
    std::map<std::uint32_t, ChosenTraces::Part> parts; // by call
    std::vector<ChosenTraces::Part> largest;
    for (std::size_t i = 0; i < n; ++i) {
        const auto row = root.rows[i];
        parts.clear();
        const auto cell = BlockBootstrap::cellOf(i, n);
        const bool slow = root.lengths[i] >= tail;
        ++root.traces[cell];
        addTo(root.time[cell], root.lengths[i]);
        if (slow) {
            ++root.tailTraces;
            addTo(root.tailNs, root.lengths[i]);
        }
        for (const auto span : m_forest.rowsOf(m_side.rows.trace[row])) {
            auto &tally = root.calls[m_names.call[span]];
            auto &sums = cellAt(tally.cells, cell);
            ++sums.calls;
            addTo(sums.self, m_forest.self[span]);
            tally.tailCalls += slow ? 1 : 0;
            if (place[i] != kNoRow)
                ++parts[m_names.call[span]].calls;
            if (const auto statement = m_side.statement[span]; statement != 0)
                ++tally.statements[statement];
        }
        segments.clear();
        m_paths.add(row, segments);
        for (const auto &segment : segments) {
            auto &tally = root.calls[m_names.call[segment.row]];
            addTo(cellAt(tally.cells, cell).critical, segment.length());
            if (slow)
                addTo(tally.tailCritical, segment.length());
            if (place[i] != kNoRow)
                addTo(parts[m_names.call[segment.row]].ns, segment.length());
        }
        largest.clear();
        for (auto &[call, part] : parts) {
            part.trace = place[i];
            part.call = call;
            if (part.ns > 0)
                largest.push_back(part);
        }
        std::stable_sort(largest.begin(), largest.end(),
                         [](const auto &a, const auto &b) { return a.ns > b.ns; });
        largest.resize(std::min(largest.size(), kMostParts));
        root.chosen.parts.insert(root.chosen.parts.end(), largest.begin(), largest.end());
    }
    std::stable_sort(root.chosen.parts.begin(), root.chosen.parts.end(),
                     [](const auto &a, const auto &b) { return a.trace < b.trace; });
}

std::map<std::uint32_t, OperationTally> TraceTally::operations() const
{
    std::map<std::uint32_t, OperationTally> out;
    std::map<std::uint32_t, std::vector<std::pair<std::int64_t, std::uint32_t>>> lengths;
    const auto n = m_roots.size();
    for (std::size_t i = 0; i < n; ++i) {
        const auto cell = BlockBootstrap::cellOf(i, n);
        for (const auto span : m_forest.rowsOf(m_side.rows.trace[m_roots[i]])) {
            const auto operation = m_names.operation[span];
            auto &tally = out[operation];
            auto &sums = cellAt(tally.cells, cell);
            ++tally.count;
            ++sums.spans;
            sums.errors += m_side.rows.failed(span) ? 1 : 0;
            addTo(sums.self, m_forest.self[span]);
            addTo(tally.selfNs, m_forest.self[span]);
            lengths[operation].emplace_back(m_side.rows.length[span],
                                            static_cast<std::uint32_t>(cell));
        }
    }
    for (auto &[operation, all] : lengths) {
        std::sort(all.begin(), all.end());
        auto &tally = out[operation];
        for (const auto &[length, cell] : all) {
            tally.lengths.push_back(length);
            tally.cell.push_back(cell);
        }
    }
    return out;
}

} // namespace flamewright
