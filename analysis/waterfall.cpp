#include "analysis/waterfall.h"

#include "analysis/critical_path.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>

namespace flamewright {
namespace {

// Ids of SpanRows as dense numbers of those that a trace has.
class Used {
public:
    std::uint32_t number(std::uint32_t id, const std::vector<std::string> &names)
    {
        const auto [it, added] =
            m_numbers.try_emplace(id, static_cast<std::uint32_t>(m_names.size()));
        if (added)
            m_names.push_back(names[id]);
        return it->second;
    }
    std::vector<std::string> take() { return std::move(m_names); }

private:
    std::unordered_map<std::uint32_t, std::uint32_t> m_numbers;
    std::vector<std::string> m_names;
};

void addSelf(const SpanRows &rows, const SpanForest &forest, std::uint32_t row,
             std::vector<TimePart> &out)
{
    const auto end = rows.endOf(row);
    auto at = rows.begin[row];
    for (const auto child : forest.childrenOf(row)) {
        const auto from = std::min(rows.begin[child], end);
        if (from > at)
            out.push_back({at, from});
        at = std::max(at, std::min(rows.endOf(child), end));
    }
    if (end > at)
        out.push_back({at, end});
}

} // namespace

Waterfall waterfall(const SpanRows &rows, const SpanForest &forest, std::uint32_t trace)
{
    Waterfall out;
    const auto root = forest.rootOf(trace);
    if (root == kNoRow)
        return out;
    out.trace = rows.traces[trace];
    out.rootNs = rows.endOf(root) - rows.begin[root];
    out.begin = rows.begin[root];
    out.end = rows.endOf(root);
    std::vector<CriticalSegment> path;
    CriticalPaths(rows, forest).add(root, path);
    std::sort(path.begin(), path.end(), [](const CriticalSegment &a, const CriticalSegment &b) {
        return std::tuple(a.row, a.begin) < std::tuple(b.row, b.begin);
    });
    Used services, names;
    for (const auto row : forest.rowsOf(trace)) {
        WaterfallSpan span{.row = row,
                           .depth = forest.depth[row],
                           .begin = rows.begin[row],
                           .end = rows.endOf(row),
                           .selfNs = forest.self[row],
                           .service = services.number(rows.service[row], rows.services),
                           .name = names.number(rows.name[row], rows.names),
                           .kind = rows.kind[row],
                           .failed = rows.failed(row)};
        out.begin = std::min(out.begin, span.begin);
        out.end = std::max(out.end, span.end);
        out.failed += span.failed ? 1 : 0;
        span.selfFirst = static_cast<std::uint32_t>(out.self.size());
        addSelf(rows, forest, row, out.self);
        span.selfEnd = static_cast<std::uint32_t>(out.self.size());
        span.criticalFirst = static_cast<std::uint32_t>(out.critical.size());
        auto at = std::lower_bound(
            path.begin(), path.end(), row,
            [](const CriticalSegment &segment, std::uint32_t of) { return segment.row < of; });
        for (; at != path.end() && at->row == row; ++at)
            out.critical.push_back({at->begin, at->end});
        span.criticalEnd = static_cast<std::uint32_t>(out.critical.size());
        out.spans.push_back(span);
    }
    out.services = services.take();
    out.names = names.take();
    return out;
}

} // namespace flamewright
