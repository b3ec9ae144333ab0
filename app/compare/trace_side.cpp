#include "app/compare/trace_side.h"

#include "analysis/span_detectors.h"
#include "app/span_order.h"
#include "app/span_rows.h"
#include "capture/base/format_value.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

namespace flamewright {
namespace {

constexpr std::size_t kMostSpans = 0xffff'fffe; // rows are 32 bits, one is none

// Texts of several lists to places in one.
class Joined {
public:
    explicit Joined(std::vector<std::string> &all) : m_all(all)
    {
        for (std::size_t i = 0; i < all.size(); ++i)
            m_places.emplace(all[i], static_cast<std::uint32_t>(i));
    }
    std::vector<std::uint32_t> add(std::vector<std::string> texts)
    {
        std::vector<std::uint32_t> out;
        for (auto &text : texts) {
            const auto [it, added] =
                m_places.try_emplace(text, static_cast<std::uint32_t>(m_all.size()));
            if (added)
                m_all.push_back(std::move(text));
            out.push_back(it->second);
        }
        return out;
    }

private:
    std::vector<std::string> &m_all;
    std::unordered_map<std::string, std::uint32_t> m_places;
};

template <class T>
void append(std::vector<T> &to, const std::vector<T> &from)
{
    to.insert(to.end(), from.begin(), from.end());
}

void sortByTime(TraceSide &side)
{
    auto &rows = side.rows;
    if (std::is_sorted(rows.begin.begin(), rows.begin.end()))
        return;
    std::vector<std::uint32_t> order(rows.size());
    std::iota(order.begin(), order.end(), 0u);
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        return rows.begin[a] < rows.begin[b];
    });
    reorderRows(rows, order);
    reorder(side.statement, order);
}

// Captures of one session are read together.
struct Part {
    const Session *session = nullptr;
    Scope scope;
    std::optional<std::int64_t> wallOffset; // of its first capture
};

std::vector<Part> partsOf(const std::vector<ComparedCapture> &captures)
{
    std::vector<Part> out;
    for (const auto &one : captures) {
        const auto same = [&](const Part &part) {
            auto scope = one.scope;
            scope.captures = part.scope.captures;
            return part.session == one.session && scope == part.scope;
        };
        auto part = std::find_if(out.begin(), out.end(), same);
        if (part == out.end()) {
            out.push_back({one.session, one.scope, one.info.meta.wallOffsetNs});
            part = out.end() - 1;
            part->scope.captures.clear();
        }
        part->scope.captures.push_back(one.info.id);
    }
    return out;
}

} // namespace

Result<ReadTraces> readTraces(const std::vector<ComparedCapture> &captures, JobContext &job)
{
    ReadTraces out;
    auto &side = out.side;
    auto &rows = side.rows;
    Joined traces(rows.traces), services(rows.services), names(rows.names),
        statements(side.statements);
    std::optional<std::int64_t> wallOffset;
    bool first = true;
    std::uint64_t leftOut = 0;
    for (const auto &part : partsOf(captures)) {
        FW_ASSIGN(const auto reader, part.session->reader());
        FW_ASSIGN(auto read, spanRows(*reader, part.scope, job));
        FW_ASSIGN(const auto attributes, spanAttributes(*reader, read, job));
        FW_TRY(job.checkpoint());
        leftOut += attributes.leftOut;
        if (rows.size() + read.rows.size() > kMostSpans)
            return fail(Errc::Limit, "more than 4,294,967,294 spans");
        if (first)
            wallOffset = part.wallOffset;
        std::int64_t shift = 0;
        if (!first && wallOffset && part.wallOffset)
            shift = saturatingAdd(*part.wallOffset, -std::max(*wallOffset, -INT64_MAX));
        first = false;
        const Statements patterns(attributes);
        std::vector<std::string> texts;
        std::unordered_map<std::uint32_t, std::uint32_t> known; // pattern to index of texts
        std::vector<std::uint32_t> statement;
        for (std::uint32_t row = 0; row < read.rows.size(); ++row) {
            const auto pattern = patterns.patternOf(row);
            const auto [it, added] =
                known.try_emplace(pattern, static_cast<std::uint32_t>(texts.size()));
            if (added)
                texts.push_back(pattern == 0 ? std::string() : patterns.text(pattern));
            statement.push_back(it->second);
        }
        const auto traceAt = traces.add(std::move(read.rows.traces));
        const auto serviceAt = services.add(std::move(read.rows.services));
        const auto nameAt = names.add(std::move(read.rows.names));
        const auto statementAt = statements.add(std::move(texts));
        for (std::uint32_t row = 0; row < read.rows.size(); ++row) {
            rows.begin.push_back(saturatingAdd(read.rows.begin[row], shift));
            rows.trace.push_back(traceAt[read.rows.trace[row]]);
            rows.service.push_back(serviceAt[read.rows.service[row]]);
            rows.name.push_back(nameAt[read.rows.name[row]]);
            side.statement.push_back(statementAt[statement[row]]);
        }
        append(rows.length, read.rows.length);
        append(rows.span, read.rows.span);
        append(rows.parent, read.rows.parent);
        append(rows.kind, read.rows.kind);
        append(rows.flags, read.rows.flags);
        append(rows.track, read.rows.track);
        append(rows.args, read.rows.args);
    }
    sortByTime(side);
    if (leftOut > 0)
        out.notes.push_back(formatCount(static_cast<std::int64_t>(leftOut)) +
                            " values of attributes are beyond what is read: statements may be "
                            "missing");
    return out;
}

} // namespace flamewright
