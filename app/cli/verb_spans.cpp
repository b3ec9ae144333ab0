#include "app/cli/capture_flags.h"
#include "app/cli/spans_output.h"
#include "app/cli/verbs.h"
#include "app/trace_study.h"

#include <ostream>

namespace flamewright {
namespace {

struct Flags {
    std::string operation, service, trace;
    bool criticalPath = false, serviceMap = false, slow = false, json = false;
    bool correctClocks = false;
    bool oneTrace = false;
    std::size_t limit = 0;
};

void printNotes(std::ostream &log, const TraceStudy &study)
{
    const auto &forest = study.forest;
    if (forest.missingParents > 0)
        log << forest.missingParents << " spans have a parent that is not there\n";
    if (forest.circles > 0)
        log << forest.circles << " circles of parents were cut\n";
    if (forest.duplicateIds > 0)
        log << forest.duplicateIds << " spans have the id of another span\n";
    if (study.attributes.leftOut > 0)
        log << study.attributes.leftOut << " attributes were left out\n";
    printClockSkew(log, study);
}

Result<> answer(VerbRun &run, const TraceStudy &study, const Flags &flags)
{
    if (flags.serviceMap) {
        (flags.json ? writeServiceMapJson : printServiceMap)(run.out, study);
    } else if (flags.oneTrace) {
        FW_ASSIGN(const auto trace, traceOf(study, flags.trace));
        (flags.json ? writeTraceJson : printTrace)(run.out, study, trace);
    } else if (flags.criticalPath || flags.slow) {
        FW_ASSIGN(const auto root, rootOperation(study, flags.operation, flags.service));
        if (flags.slow)
            (flags.json ? writeSlowTracesJson : printSlowTraces)(run.out, study, root);
        else
            (flags.json ? writeCriticalPathJson : printCriticalPath)(run.out, study, root);
    } else if (flags.json) {
        writeOperationsJson(run.out, study);
    } else {
        printOperations(run.out, study, flags.limit);
    }
    return {};
}

} // namespace

Verb::Work declareSpans(CLI::App &command)
{
    auto capture = CaptureFlags::declare(command);
    auto flags = std::make_shared<Flags>();
    auto *const path = command.add_flag("--critical-path", flags->criticalPath,
                                        "What traces of one operation wait for");
    auto *const map = command.add_flag("--service-map", flags->serviceMap, "Who calls whom");
    auto *const slow = command.add_flag("--slow", flags->slow,
                                        "Where slow traces of one operation spend more time");
    auto *const trace = command.add_option("--trace", flags->trace,
                                           "The spans of one trace: its id, or how the id begins; "
                                           "the slowest without");
    trace->expected(0, 1);
    map->excludes(path, slow, trace);
    path->excludes(slow, trace);
    slow->excludes(trace);
    command.add_option("--operation", flags->operation,
                       "Of --critical-path and --slow: what traces begin with; the one with most "
                       "time without");
    command.add_option("--service", flags->service, "Where that operation is");
    command.add_flag("--correct-clocks", flags->correctClocks,
                     "Move services whose clocks disagree with those that call them");
    command.add_option("--limit", flags->limit, "At most this many operations");
    command.add_flag("--json", flags->json, "For programs");
    return [capture, flags, trace](VerbRun &run) -> Result<ExitCode> {
        flags->oneTrace = trace->count() > 0;
        FW_ASSIGN(const auto opened, capture->open(run));
        FW_ASSIGN(const auto scope, capture->scope(opened));
        FW_ASSIGN(const auto reader, opened.session().reader());
        FW_ASSIGN(const auto study,
                  traceStudy(*reader, scope,
                             flags->serviceMap ? WithAttributes::Yes : WithAttributes::No, run.job,
                             flags->correctClocks ? Clocks::Corrected : Clocks::AsRecorded));
        if (study.rows().empty())
            return fail(Errc::Usage, "there are no spans: this is not a distributed trace");
        FW_TRY(answer(run, study, *flags));
        printNotes(run.log, study);
        return ExitCode::Ok;
    };
}

} // namespace flamewright
