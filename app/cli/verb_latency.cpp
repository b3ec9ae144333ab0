#include "analysis/load_study.h"
#include "analysis/url_pattern.h"
#include "app/cli/capture_flags.h"
#include "app/cli/latency_of_tools.h"
#include "app/cli/latency_output.h"
#include "app/cli/verbs.h"
#include "app/load_rows.h"

#include <algorithm>
#include <cmath>
#include <fast_float/fast_float.h>
#include <ostream>
#include <set>

namespace flamewright {
namespace {

// From here on grouping by pattern is offered.
constexpr std::size_t kManyEndpoints = 50;

struct Flags {
    LoadQuestion question;
    std::string by = "endpoint";
    bool includeFailures = false;
    std::size_t limit = 0;
    bool json = false;
    std::string objective, apdex, correction, intervals;
    bool levels = false, warmUp = false, skipWarmUp = false;
    // What figures that a tool summed up cannot tell.
    bool asksForRequests() const
    {
        return levels || warmUp || skipWarmUp || !objective.empty() || !apdex.empty() ||
               !intervals.empty();
    }
};

// "p99:300ms", "p99.9:1s".
Result<Objective> parseObjective(const std::string &text)
{
    const auto bad = fail(Errc::Usage, "'" + text + "' is not an objective: write p99:300ms");
    const auto colon = text.find(':');
    if (colon == std::string::npos || text.front() != 'p')
        return bad;
    double percent = 0;
    const auto *end = text.data() + colon;
    const auto parsed = fast_float::from_chars(text.data() + 1, end, percent);
    const auto perMyriad = percent * 100;
    if (parsed.ec != std::errc() || parsed.ptr != end || !(perMyriad >= 1 && perMyriad <= 9'999) ||
        std::abs(perMyriad - std::round(perMyriad)) > 1e-6)
        return bad;
    FW_ASSIGN(const auto threshold, parseDuration(text.substr(colon + 1)));
    if (threshold <= 0)
        return bad;
    return Objective{static_cast<unsigned>(std::lround(perMyriad)), threshold};
}

Result<std::int64_t> parsePositive(const std::string &text)
{
    FW_ASSIGN(const auto ns, parseDuration(text));
    if (ns <= 0)
        return fail(Errc::Usage, "'" + text + "' is not a length of time: write 1.5s, 200ms or 3");
    return ns;
}

template <class Parse>
auto checked(Parse parse)
{
    return [parse](const std::string &text) {
        const auto parsed = parse(text);
        return parsed ? std::string() : parsed.error().text();
    };
}

void declareStudyFlags(CLI::App &command, Flags &flags)
{
    command
        .add_option("--slo", flags.objective,
                    "An objective, as p99:300ms: how many meet it, error budget, headroom")
        ->check(checked(parseObjective));
    command.add_option("--apdex", flags.apdex, "Apdex for answers that satisfy within this time")
        ->check(checked(parsePositive));
    command.add_flag("--levels", flags.levels,
                     "Levels of load, each with its figures; knee and scalability fit");
    command
        .add_option("--intervals", flags.intervals,
                    "95 % intervals of percentiles, of 'independent' requests or of 'blocks' of "
                    "time, whose requests are alike")
        ->check(CLI::IsMember({"independent", "blocks"}));
    command
        .add_option("--correct-omission", flags.correction,
                    "What-if: had requests gone on at this interval while answers were slow; the "
                    "median of the workers' when it is not given")
        ->expected(0, 1)
        ->default_str("auto")
        ->check(checked([](const std::string &text) -> Result<std::int64_t> {
            if (text == "auto")
                return 0;
            return parsePositive(text);
        }));
    command.add_flag("--warm-up", flags.warmUp, "Say what dropping a warm-up would change");
    command.add_flag("--skip-warm-up", flags.skipWarmUp, "Drop the warm-up, where there is one");
}

Result<StudyQuestion> studyQuestion(const Flags &flags)
{
    StudyQuestion out;
    out.over = rateOver(flags.question.by);
    out.together = flags.includeFailures;
    out.limit = flags.limit;
    out.levels = flags.levels;
    out.blocks = flags.intervals == "blocks";
    out.correct = !flags.correction.empty();
    if (!flags.objective.empty()) {
        FW_ASSIGN(out.objective, parseObjective(flags.objective));
    }
    if (!flags.apdex.empty()) {
        FW_ASSIGN(out.apdexNs, parsePositive(flags.apdex));
    }
    if (out.correct && flags.correction != "auto") {
        FW_ASSIGN(out.correctionIntervalNs, parsePositive(flags.correction));
    }
    return out;
}

// What a reader must know of how the table was made.
void printNotes(std::ostream &log, const LoadRows &rows, const LatencyReport &report,
                std::size_t shown, const Flags &flags)
{
    if (shown < report.groups.size())
        log << "and " << report.groups.size() - shown << " more groups (--limit)\n";
    if (rows.leftOut > 0)
        log << rows.leftOut
            << " transactions or parts of requests are left out: they hold the same time again "
               "(--transactions, --parts)\n";
    if (rows.withoutTime > 0)
        log << rows.withoutTime << " requests without a time are not in the range\n";
    if (!flags.includeFailures && report.errors > 0)
        log << "\"*\" is every request; the groups are successes, failures apart "
               "(--include-failures)\n";
    if (flags.question.by != LatencyBy::Endpoint || flags.question.patterns)
        return;
    std::set<std::string> patterns;
    for (const auto &row : report.groups)
        patterns.insert(urlPattern(row.name));
    // Otherwise the names are what somebody chose, and few enough.
    if (report.groups.size() >= kManyEndpoints && patterns.size() <= report.groups.size() / 2)
        log << report.groups.size() << " endpoints look like " << patterns.size()
            << " with ids in their paths (--pattern)\n";
}

} // namespace

Verb::Work declareLatency(CLI::App &command)
{
    auto capture = CaptureFlags::declare(command);
    auto flags = std::make_shared<Flags>();
    command
        .add_option("--by", flags->by,
                    "Group by endpoint, status, phase, worker, capture or tag:NAME")
        ->check([](const std::string &text) {
            const auto question = loadQuestion(text);
            return question ? std::string() : question.error().text();
        });
    command.add_flag("--pattern", flags->question.patterns,
                     "Endpoints that differ in ids only are one group");
    command.add_option("--endpoint", flags->question.endpoints, "Only this endpoint");
    command.add_flag("--include-failures", flags->includeFailures,
                     "Failures and successes in one distribution");
    command.add_flag("--transactions", flags->question.transactions,
                     "Count transactions too, which are sums of requests");
    command.add_flag("--parts", flags->question.parts,
                     "Count redirects and embedded resources too, which are parts of requests");
    command.add_option("--limit", flags->limit, "At most this many groups");
    command.add_flag("--json", flags->json, "For programs");
    declareStudyFlags(command, *flags);
    return [capture, flags](VerbRun &run) -> Result<ExitCode> {
        FW_ASSIGN(const auto opened, capture->open(run));
        FW_ASSIGN(const auto scope, capture->scope(opened));
        FW_ASSIGN(const auto by, loadQuestion(flags->by));
        flags->question.by = by.by;
        flags->question.tag = by.tag;
        const auto &captures = opened.captures();
        FW_ASSIGN(const auto reader, opened.session().reader());
        if (std::none_of(captures.begin(), captures.end(),
                         [](const CaptureInfo &c) { return c.requests > 0; })) {
            FW_ASSIGN(const auto figures, loadFigures(*reader, scope, run.job));
            if (figures.empty())
                return fail(Errc::Usage, "there are no requests: this is not a load test");
            FW_ASSIGN(const auto question, studyQuestion(*flags));
            if (flags->json)
                writeToolLatencies(run.out, figures, question.correctionIntervalNs);
            else
                printToolLatencies(run.out, figures, question.correctionIntervalNs);
            if (question.correct && !question.correctionIntervalNs)
                run.log << "how often a worker sends is not known: say it (--correct-omission "
                           "10ms)\n";
            if (flags->asksForRequests())
                run.log << "there are no requests to answer more from\n";
            return ExitCode::Ok;
        }
        FW_ASSIGN(auto rows, loadRows(*reader, scope, flags->question, run.job));
        FW_ASSIGN(const auto question, studyQuestion(*flags));
        std::vector<SkippedWarmUp> skipped;
        if (flags->skipWarmUp)
            rows = withoutWarmUps(rows, skipped);
        const auto study = studyLoad(rows, question);
        const LatencyOutput output{rows,
                                   study,
                                   flags->by,
                                   flags->intervals.empty()       ? ShownIntervals::None
                                   : flags->intervals == "blocks" ? ShownIntervals::Blocks
                                                                  : ShownIntervals::Independent,
                                   question.objective,
                                   question.apdexNs,
                                   flags->levels,
                                   flags->warmUp,
                                   skipped};
        if (flags->json)
            writeLatencyJson(run.out, output);
        else
            printLatency(run.out, output);
        printNotes(run.log, rows, study.report, study.shown, *flags);
        return ExitCode::Ok;
    };
}

} // namespace flamewright
