#include "analysis/span_forest.h"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <tuple>

namespace flamewright {
namespace {

// So many spans of one id are looked at for a parent: hostile files give all spans the same.
constexpr std::size_t kMostNamesakes = 64;

using Row = std::uint32_t;

// Rows by trace and id, those of one id by begin.
class IdIndex {
public:
    explicit IdIndex(const SpanRows &rows) : m_rows(rows), m_order(rows.size())
    {
        std::iota(m_order.begin(), m_order.end(), Row{0});
        std::sort(m_order.begin(), m_order.end(), [&](Row a, Row b) {
            return std::tuple(rows.trace[a], rows.span[a], a) <
                   std::tuple(rows.trace[b], rows.span[b], b);
        });
    }
    std::span<const Row> find(std::uint32_t trace, std::uint64_t id) const
    {
        const auto key = std::pair(trace, id);
        const auto first =
            std::lower_bound(m_order.begin(), m_order.end(), key,
                             [this](Row row, const auto &wanted) { return keyOf(row) < wanted; });
        auto last = first;
        while (last != m_order.end() && keyOf(*last) == key &&
               static_cast<std::size_t>(last - first) < kMostNamesakes)
            ++last;
        return {first, last};
    }
    std::uint64_t duplicates() const
    {
        std::uint64_t out = 0;
        for (std::size_t i = 0, half[2] = {}; i < m_order.size(); ++i) {
            const auto row = m_order[i];
            if (i == 0 || keyOf(row) != keyOf(m_order[i - 1]))
                half[0] = half[1] = 0;
            // The other half of a shared span has another kind.
            auto &seen = half[m_rows.kind[row] == SliceKind::SpanServer ? 1 : 0];
            if (m_rows.span[row] != 0 && seen++ > 0)
                ++out;
        }
        return out;
    }

private:
    std::pair<std::uint32_t, std::uint64_t> keyOf(Row row) const
    {
        return {m_rows.trace[row], m_rows.span[row]};
    }

    const SpanRows &m_rows;
    std::vector<Row> m_order;
};

bool encloses(const SpanRows &rows, Row outer, Row inner)
{
    return rows.begin[outer] <= rows.begin[inner] && rows.endOf(inner) <= rows.endOf(outer);
}

// Of spans with the id that is looked for, the one that suits best; the first of equals.
template <class Wanted>
Row best(const SpanRows &rows, std::span<const Row> namesakes, Row child, Wanted wanted)
{
    Row out = kNoRow;
    int most = -1;
    for (const auto row : namesakes) {
        if (row == child || !wanted(row))
            continue;
        const int points = (encloses(rows, row, child) ? 2 : 0) +
                           (rows.service[row] == rows.service[child] ? 1 : 0);
        if (points > most) {
            most = points;
            out = row;
        }
    }
    return out;
}

void findParents(const SpanRows &rows, SpanForest &out)
{
    const IdIndex ids(rows);
    out.duplicateIds = ids.duplicates();
    const auto isClient = [&](Row row) { return rows.kind[row] == SliceKind::SpanClient; };
    const auto any = [](Row) { return true; };
    for (Row row = 0; row < rows.size(); ++row) {
        if (rows.kind[row] == SliceKind::SpanServer && rows.span[row] != 0) {
            const auto half = best(rows, ids.find(rows.trace[row], rows.span[row]), row, isClient);
            if (half != kNoRow) {
                out.parent[row] = half;
                continue;
            }
        }
        if (rows.parent[row] == 0)
            continue;
        const auto found = ids.find(rows.trace[row], rows.parent[row]);
        out.parent[row] = best(rows, found, row, any);
        if (out.parent[row] != kNoRow)
            continue;
        if (rows.parent[row] == rows.span[row])
            ++out.circles; // its own parent
        else
            ++out.missingParents;
    }
}

// Every row has at most one parent, so a walk towards the root either ends, or comes to where an
// earlier walk was, or to a row of its own: a circle.
void cutCircles(SpanForest &out)
{
    std::vector<Row> walk(out.size(), kNoRow); // by row: the walk that came there first
    for (Row start = 0; start < out.size(); ++start) {
        auto row = start;
        while (row != kNoRow && walk[row] == kNoRow) {
            walk[row] = start;
            row = out.parent[row];
        }
        if (row == kNoRow || walk[row] != start)
            continue;
        auto earliest = row; // rows are in order of begin
        for (auto at = out.parent[row]; at != row; at = out.parent[at])
            earliest = std::min(earliest, at);
        out.parent[earliest] = kNoRow;
        ++out.circles;
    }
}

// Lists of rows by a number below `lists` that each row has, or kNoRow; each in order of rows.
template <class NumberOf>
void listRows(std::size_t rows, std::size_t lists, NumberOf numberOf, std::vector<Row> &out,
              std::vector<Row> &begin)
{
    begin.assign(lists + 1, 0);
    for (Row row = 0; row < rows; ++row) {
        if (const auto list = numberOf(row); list != kNoRow)
            ++begin[list + 1];
    }
    std::partial_sum(begin.begin(), begin.end(), begin.begin());
    out.resize(begin.back());
    auto next = begin;
    for (Row row = 0; row < rows; ++row) {
        if (const auto list = numberOf(row); list != kNoRow)
            out[next[list]++] = row;
    }
}

void findOrder(const SpanRows &rows, SpanForest &out)
{
    const auto traces = rows.traces.size();
    std::vector<Row> roots, rootBegin;
    listRows(
        rows.size(), traces,
        [&](Row row) { return out.parent[row] == kNoRow ? rows.trace[row] : kNoRow; }, roots,
        rootBegin);
    out.order.reserve(rows.size());
    out.traceBegin.assign(1, 0);
    out.traceRoot.assign(traces, kNoRow);
    std::vector<Row> stack;
    for (std::size_t trace = 0; trace < traces; ++trace) {
        for (auto i = rootBegin[trace]; i < rootBegin[trace + 1]; ++i) {
            const auto root = roots[i];
            auto &chosen = out.traceRoot[trace];
            const auto rank = [&](Row row) {
                return std::pair(rows.parent[row] == 0, rows.length[row]);
            };
            if (chosen == kNoRow || rank(root) > rank(chosen))
                chosen = root;
            stack.push_back(root);
            while (!stack.empty()) {
                const auto row = stack.back();
                stack.pop_back();
                out.order.push_back(row);
                const auto children = out.childrenOf(row);
                for (auto child = children.rbegin(); child != children.rend(); ++child) {
                    out.depth[*child] = out.depth[row] + 1;
                    stack.push_back(*child);
                }
            }
        }
        out.traceBegin.push_back(static_cast<Row>(out.order.size()));
    }
}

void findSelf(const SpanRows &rows, SpanForest &out)
{
    for (Row row = 0; row < rows.size(); ++row) {
        const auto end = rows.endOf(row);
        auto at = rows.begin[row];
        std::int64_t own = 0;
        for (const auto child : out.childrenOf(row)) {
            const auto from = std::min(rows.begin[child], end);
            if (from > at)
                own = saturatingAdd(own, from - at);
            at = std::max(at, std::min(rows.endOf(child), end));
        }
        out.self[row] = saturatingAdd(own, end - at);
    }
}

} // namespace

SpanForest spanForest(const SpanRows &rows)
{
    assert(rows.size() < kNoRow);
    SpanForest out;
    out.parent.assign(rows.size(), kNoRow);
    out.depth.assign(rows.size(), 0);
    out.self.assign(rows.size(), 0);
    findParents(rows, out);
    cutCircles(out);
    listRows(
        rows.size(), rows.size(), [&](Row row) { return out.parent[row]; }, out.children,
        out.childBegin);
    findOrder(rows, out);
    findSelf(rows, out);
    return out;
}

} // namespace flamewright
