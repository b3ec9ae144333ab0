#include "analysis/load_study.h"
#include "analysis/span_findings.h"
#include "app/cli/capture_flags.h"
#include "app/cli/json_writer.h"
#include "app/cli/verbs.h"
#include "app/load_rows.h"
#include "app/trace_study.h"
#include "capture/base/capture_text.h"

#include <algorithm>
#include <cstdio>
#include <ostream>

namespace flamewright {
namespace {

struct Findings {
    TraceStudy traces;
    std::vector<SpanFinding> ofTraces; // and of threads
    std::vector<LoadFinding> ofLoad;
};

Result<Findings> findingsOf(VerbRun &run, const OpenedCapture &opened, const Scope &scope)
{
    Findings out;
    FW_ASSIGN(const auto reader, opened.session().reader());
    FW_ASSIGN(out.traces, traceStudy(*reader, scope, WithAttributes::Yes, run.job));
    out.ofTraces = spanFindings(out.traces.evidence());
    FW_ASSIGN(const auto states, threadStates(*reader, scope, run.job));
    auto starved = starvationFindings(states);
    out.ofTraces.insert(out.ofTraces.end(), std::make_move_iterator(starved.begin()),
                        std::make_move_iterator(starved.end()));
    std::stable_sort(out.ofTraces.begin(), out.ofTraces.end(),
                     [](const SpanFinding &a, const SpanFinding &b) {
                         return std::pair(a.severity, a.share) > std::pair(b.severity, b.share);
                     });
    if (std::any_of(opened.captures().begin(), opened.captures().end(),
                    [](const CaptureInfo &capture) { return capture.requests > 0; })) {
        FW_ASSIGN(const auto rows, loadRows(*reader, scope, {}, run.job));
        out.ofLoad = studyLoad(rows, {}).findings;
    }
    return out;
}

std::string_view nameOf(LoadFinding::Severity severity)
{
    return severity == LoadFinding::Severity::Warning ? "warning" : "info";
}

void writeSpan(JsonWriter &w, const SpanRows &rows, std::uint32_t row)
{
    char id[17];
    std::snprintf(id, sizeof id, "%016llx", static_cast<unsigned long long>(rows.span[row]));
    w.beginObject()
        .field("trace", rows.traces[rows.trace[row]])
        .field("span", std::string(id))
        .field("service", rows.services[rows.service[row]])
        .field("name", rows.names[rows.name[row]])
        .field("begin_ns", rows.begin[row])
        .field("length_ns", rows.length[row])
        .endObject();
}

void writeJson(std::ostream &out, const Findings &findings)
{
    const auto &rows = findings.traces.rows();
    JsonWriter w(out);
    w.beginObject().key("findings").beginArray();
    for (const auto &one : findings.ofTraces) {
        w.beginObject()
            .field("kind", one.kind)
            .field("sentence", one.sentence)
            .field("severity", nameOf(one.severity));
        w.key("evidence").beginObject();
        for (const auto &[key, text] : one.texts)
            w.field(key, text);
        for (const auto &[key, value] : one.figures)
            w.field(key, value);
        w.key("spans").beginArray();
        for (const auto row : one.spans)
            writeSpan(w, rows, row);
        w.endArray().endObject();
        w.key("scope").beginObject();
        if (!rows.empty() && !one.spans.empty())
            w.field("service", rows.services[one.where.service])
                .field("operation", rows.names[one.where.name]);
        w.field("begin_ns", one.begin).field("end_ns", one.end).endObject().endObject();
    }
    for (const auto &one : findings.ofLoad) {
        w.beginObject()
            .field("kind", one.kind)
            .field("sentence", one.sentence)
            .field("severity", nameOf(one.severity));
        w.key("evidence").beginObject();
        for (const auto &[key, value] : one.evidence)
            w.field(key, value);
        w.endObject().key("scope").beginObject().endObject().endObject();
    }
    w.endArray().endObject();
}

void printText(std::ostream &out, const Findings &findings)
{
    const auto print = [&](std::string_view severity, const std::string &kind,
                           const std::string &sentence) {
        out << severity << "  " << kind << "\n    " << CaptureText(sentence).toTerminal() << '\n';
    };
    const auto &rows = findings.traces.rows();
    for (const auto &one : findings.ofTraces) {
        print(nameOf(one.severity), one.kind, one.sentence);
        if (!one.spans.empty())
            out << "    for example in trace "
                << CaptureText(rows.traces[rows.trace[one.spans.front()]]).toTerminal() << '\n';
    }
    for (const auto &one : findings.ofLoad)
        print(nameOf(one.severity), one.kind, one.sentence);
    if (findings.ofTraces.empty() && findings.ofLoad.empty())
        out << "nothing found\n";
}

} // namespace

Verb::Work declareFindings(CLI::App &command)
{
    auto capture = CaptureFlags::declare(command);
    auto json = std::make_shared<bool>(false);
    command.add_flag("--json", *json, "For programs");
    return [capture, json](VerbRun &run) -> Result<ExitCode> {
        FW_ASSIGN(const auto opened, capture->open(run));
        FW_ASSIGN(const auto scope, capture->scope(opened));
        FW_ASSIGN(const auto findings, findingsOf(run, opened, scope));
        if (*json)
            writeJson(run.out, findings);
        else
            printText(run.out, findings);
        if (findings.traces.attributes.leftOut > 0)
            run.log << findings.traces.attributes.leftOut << " attributes were left out\n";
        return ExitCode::Ok;
    };
}

} // namespace flamewright
