#include "analysis/critical_path.h"

#include <algorithm>
#include <tuple>

namespace flamewright {

CriticalPaths::CriticalPaths(const SpanRows &rows, const SpanForest &forest)
    : m_rows(rows),
      m_forest(forest),
      m_byEnd(forest.children)
{
    for (std::uint32_t row = 0; row < forest.size(); ++row) {
        const auto begin = m_byEnd.begin() + forest.childBegin[row];
        const auto end = m_byEnd.begin() + forest.childBegin[row + 1];
        // Of those that end together the one that began first accounts for more.
        std::sort(begin, end, [&](std::uint32_t a, std::uint32_t b) {
            return std::tuple(rows.endOf(b), rows.begin[a], a) <
                   std::tuple(rows.endOf(a), rows.begin[b], b);
        });
    }
}

void CriticalPaths::add(std::uint32_t root, std::vector<CriticalSegment> &out)
{
    const auto before = out.size();
    const auto own = [&out](const Frame &frame, std::int64_t from) {
        if (from < frame.at)
            out.push_back({frame.row, from, frame.at});
    };
    m_stack.clear();
    m_stack.push_back({root, m_forest.childBegin[root], m_rows.begin[root], m_rows.endOf(root)});
    while (!m_stack.empty()) {
        auto &frame = m_stack.back();
        const auto limit = m_forest.childBegin[frame.row + 1];
        const auto end = m_rows.endOf(frame.row);
        std::uint32_t child = kNoRow;
        while (frame.next < limit && child == kNoRow) {
            const auto row = m_byEnd[frame.next++];
            // What goes on beyond its parent's end counts as ending there.
            const auto childEnd = std::min(m_rows.endOf(row), end);
            if (childEnd <= frame.at && childEnd > std::max(frame.begin, m_rows.begin[row]))
                child = row;
        }
        if (child == kNoRow) {
            own(frame, frame.begin);
            m_stack.pop_back();
            continue;
        }
        const auto childEnd = std::min(m_rows.endOf(child), end);
        own(frame, childEnd);
        const auto begin = std::max(m_rows.begin[child], frame.begin);
        frame.at = begin;
        m_stack.push_back({child, m_forest.childBegin[child], begin, childEnd});
    }
    std::reverse(out.begin() + static_cast<std::ptrdiff_t>(before), out.end());
}

CriticalSummary criticalSummary(const SpanRows &rows, const SpanForest &forest,
                                const OperationIndex &index, OperationKey root)
{
    CriticalSummary out;
    out.root = root;
    std::vector<CriticalShare> shares(index.size());
    std::vector<std::uint32_t> lastTrace(index.size(), kNoRow);
    CriticalPaths paths(rows, forest);
    std::vector<CriticalSegment> segments;
    for (std::uint32_t trace = 0; trace < forest.traces(); ++trace) {
        const auto row = forest.rootOf(trace);
        if (row == kNoRow || index.keys[index.of[row]] != root)
            continue;
        ++out.traces;
        out.totalNs = saturatingAdd(out.totalNs, rows.endOf(row) - rows.begin[row]);
        segments.clear();
        paths.add(row, segments);
        for (const auto &segment : segments) {
            const auto operation = index.of[segment.row];
            shares[operation].ns = saturatingAdd(shares[operation].ns, segment.length());
            if (lastTrace[operation] != trace) {
                lastTrace[operation] = trace;
                ++shares[operation].traces;
            }
        }
    }
    for (std::size_t i = 0; i < shares.size(); ++i) {
        if (shares[i].traces == 0)
            continue;
        shares[i].key = index.keys[i];
        shares[i].share = static_cast<double>(shares[i].ns) / static_cast<double>(out.totalNs);
        out.shares.push_back(shares[i]);
    }
    std::stable_sort(out.shares.begin(), out.shares.end(),
                     [](const CriticalShare &a, const CriticalShare &b) { return a.ns > b.ns; });
    return out;
}

std::optional<OperationKey> mainOperation(const SpanRows &rows, const SpanForest &forest,
                                          const OperationIndex &index)
{
    std::vector<std::int64_t> total(index.size(), -1);
    for (std::uint32_t trace = 0; trace < forest.traces(); ++trace) {
        if (const auto row = forest.rootOf(trace); row != kNoRow) {
            auto &sum = total[index.of[row]];
            sum = saturatingAdd(std::max<std::int64_t>(sum, 0), rows.length[row]);
        }
    }
    const auto most = std::max_element(total.begin(), total.end());
    if (most == total.end() || *most < 0)
        return std::nullopt;
    return index.keys[static_cast<std::size_t>(most - total.begin())];
}

} // namespace flamewright
