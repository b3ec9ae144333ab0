#include "app/trace_answer.h"

#include "app/scope_captures.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace flamewright {
namespace {

// Spans are on tracks of services; a trace of threads alone has none, and may be large.
bool mayHaveSpans(const CaptureInfo &capture)
{
    const auto &tracks = capture.meta.tracks;
    return std::any_of(tracks.begin(), tracks.end(),
                       [](const TrackRow &track) { return track.kind == TrackKind::Service; });
}

} // namespace

Result<TraceAnswer> traceAnswer(SessionReader &reader, const Scope &scope, JobContext &job)
{
    TraceAnswer out;
    auto question = scope;
    question.captures.clear();
    FW_ASSIGN(const auto captures, capturesOf(reader, scope, mayHaveSpans));
    for (const auto &capture : captures)
        question.captures.push_back(capture.id);
    if (question.captures.empty())
        return out;
    FW_ASSIGN(static_cast<TraceStudy &>(out),
              traceStudy(reader, question, WithAttributes::Yes, job));
    FW_TRY(job.checkpoint());
    out.table = operationTable(out.rows(), out.forest, out.index);
    out.traces = traceList(out.rows(), out.forest);
    out.map = serviceMap(out.rows(), out.forest, out.attributes);
    FW_TRY(job.checkpoint());
    out.findings = spanFindings(out.evidence());
    return out;
}

Result<std::string> argumentsOf(SessionReader &reader, CaptureId capture, TextId args,
                                JobContext &job)
{
    if (args.raw == 0)
        return std::string();
    const auto question = "SELECT text FROM text WHERE capture = " + std::to_string(capture.raw) +
                          " AND id = " + std::to_string(args.raw);
    FW_ASSIGN(const auto answer, reader.sql(question, 1, job));
    const auto *text = answer.rows.empty() || answer.rows.front().empty()
                           ? nullptr
                           : std::get_if<std::string>(&answer.rows.front().front());
    if (text == nullptr)
        return fail(Errc::NotFound, "the arguments of this slice are not in the session");
    return *text;
}

} // namespace flamewright
