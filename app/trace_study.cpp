#include "app/trace_study.h"

#include "analysis/clock_skew.h"

#include <algorithm>

namespace flamewright {

Result<TraceStudy> traceStudy(SessionReader &reader, const Scope &scope, WithAttributes attributes,
                              JobContext &job, Clocks clocks)
{
    TraceStudy out;
    FW_ASSIGN(out.spans, spanRows(reader, scope, job));
    FW_TRY(job.checkpoint());
    out.forest = spanForest(out.spans.rows);
    if (clocks == Clocks::Corrected) {
        std::vector<std::uint32_t> order;
        const auto skew = clockSkew(out.spans.rows, out.forest);
        out.spans.rows = withoutSkew(out.spans.rows, out.forest, skew, &order);
        std::vector<std::uint16_t> capture;
        for (const auto row : order)
            capture.push_back(out.spans.capture[row]);
        out.spans.capture = std::move(capture);
        out.forest = spanForest(out.spans.rows);
    }
    out.index = operationIndex(out.spans.rows);
    if (attributes == WithAttributes::Yes) {
        FW_ASSIGN(out.attributes, spanAttributes(reader, out.spans, job));
    }
    return out;
}

Result<OperationKey> rootOperation(const TraceStudy &study, const std::string &name,
                                   const std::string &service)
{
    const auto &rows = study.rows();
    std::vector<std::int64_t> total(study.index.size(), -1);
    for (std::uint32_t trace = 0; trace < study.forest.traces(); ++trace) {
        const auto row = study.forest.rootOf(trace);
        if (row == kNoRow || (!name.empty() && rows.names[rows.name[row]] != name) ||
            (!service.empty() && rows.services[rows.service[row]] != service))
            continue;
        auto &sum = total[study.index.of[row]];
        sum = saturatingAdd(std::max<std::int64_t>(sum, 0), rows.length[row]);
    }
    const auto most = std::max_element(total.begin(), total.end());
    if (most == total.end() || *most < 0)
        return fail(Errc::Usage, name.empty() && service.empty()
                                     ? std::string("there are no traces")
                                     : "no trace begins with '" + name + "'" +
                                           (service.empty() ? "" : " of '" + service + "'"));
    return study.index.keys[static_cast<std::size_t>(most - total.begin())];
}

Result<std::uint32_t> traceOf(const TraceStudy &study, std::string id)
{
    const auto &rows = study.rows();
    const auto &forest = study.forest;
    auto found = kNoRow;
    if (id.empty()) {
        for (std::uint32_t trace = 0; trace < forest.traces(); ++trace) {
            const auto row = forest.rootOf(trace);
            if (row != kNoRow &&
                (found == kNoRow || rows.length[row] > rows.length[forest.rootOf(found)]))
                found = trace;
        }
        if (found == kNoRow)
            return fail(Errc::Usage, "there are no traces");
        return found;
    }
    bool several = false;
    for (auto &c : id)
        c = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    for (std::uint32_t trace = 0; trace < forest.traces(); ++trace) {
        if (forest.rootOf(trace) == kNoRow || !rows.traces[trace].starts_with(id))
            continue;
        if (rows.traces[trace] == id)
            return trace;
        several = several || found != kNoRow;
        found = trace;
    }
    if (several)
        return fail(Errc::Usage, "several traces begin with '" + id + "'");
    if (found == kNoRow)
        return fail(Errc::Usage, "there is no trace '" + id + "'");
    return found;
}

} // namespace flamewright
