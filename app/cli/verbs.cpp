#include "app/cli/verbs.h"

#include "app/cli/verb.h"
#include "capture/base/capture_text.h"

#include <ostream>

namespace flamewright {
namespace {

constexpr Verb kVerbs[] = {
    {"import", "Read files into a session", declareImport},
    {"formats", "What is read; or what a file is taken for", declareFormats},
    {"info", "What a capture holds and where it comes from", declareInfo},
    {"query", "Read-only SQL over a session", declareQuery},
    {"functions", "Where the time (or memory ...) went, by function", declareFunctions},
    {"latency", "How long the requests of a load test took", declareLatency},
    {"benchmarks", "Medians of benchmarks with their intervals", declareBenchmarks},
    {"spans", "Operations, critical paths and services of distributed traces", declareSpans},
    {"findings", "What costs time and can be changed, in sentences", declareFindings},
    {"diff", "What changed between two runs, with intervals and verdicts", declareDiff},
    {"check", "Hold two runs against budgets; exit 1 when one is broken", declareCheck},
    {"render", "A view as a picture: SVG or PNG", declareRender},
    {"report", "What was found, for stakeholders: HTML, PDF or Markdown", declareReport},
    {"export", "A capture in another format", declareExport},
    {"align", "Put the clocks of two captures beside each other", declareAlign},
};

constexpr std::string_view kFooter = R"(
Without a verb, FILE... opens the window. CAPTURE is a raw file, SESSION[#id-or-name] or
a directory of captures.
Results go to standard output, progress and notes to standard error.
Exit codes: 0 done, 1 budget broken, 2 usage, 3 input unreadable, unrecognised or (with --strict)
damaged, 4 internal, 130 cancelled.)";

} // namespace

std::span<const Verb> allVerbs()
{
    return kVerbs;
}

ExitCode exitCodeOf(Errc code)
{
    switch (code) {
    case Errc::Cancelled: return ExitCode::Cancelled;
    case Errc::Usage:
    case Errc::Query: return ExitCode::Usage;
    case Errc::NotFound:
    case Errc::Io:
    case Errc::UnknownFormat:
    case Errc::Corrupt:
    case Errc::Unsupported:
    case Errc::Limit:
    case Errc::Version:
    case Errc::Worker: return ExitCode::BadInput;
    case Errc::Busy:
    case Errc::DiskFull:
    case Errc::Internal: return ExitCode::Internal;
    }
    return ExitCode::Internal;
}

ExitCode runVerb(std::span<const std::string> arguments, const Workbench &workbench,
                 JobContext &job, std::ostream &out, std::ostream &log)
{
    CLI::App app("Flamewright: open, explore and compare performance captures", "flamewright");
    app.set_version_flag("--version", "flamewright " FW_VERSION);
    app.footer(std::string(kFooter));
    app.require_subcommand(1);
    std::vector<std::pair<CLI::App *, Verb::Work>> declared;
    for (const auto &verb : kVerbs) {
        auto *command = app.add_subcommand(std::string(verb.name), std::string(verb.summary));
        declared.emplace_back(command, verb.declare(*command));
    }
    try {
        std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
        app.parse(reversed);
    } catch (const CLI::ParseError &e) {
        return app.exit(e, out, log) == 0 ? ExitCode::Ok : ExitCode::Usage;
    }
    VerbRun run{workbench, job, out, log};
    for (const auto &[command, work] : declared) {
        if (!command->parsed())
            continue;
        const auto result = guarded([&work = work, &run] { return work(run); });
        out.flush();
        if (result.has_value())
            return *result;
        log << "flamewright: " << CaptureText(result.error().text()).toTerminal() << '\n';
        return exitCodeOf(result.error().code());
    }
    return ExitCode::Usage;
}

} // namespace flamewright
