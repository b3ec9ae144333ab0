#include "app/benchmark_report.h"
#include "app/cli/benchmark_series_output.h"
#include "app/cli/capture_flags.h"
#include "app/cli/json_writer.h"
#include "app/cli/text_table.h"
#include "app/cli/verbs.h"
#include "capture/base/capture_text.h"
#include "capture/base/format_value.h"

#include <algorithm>
#include <cstdio>
#include <ostream>

namespace flamewright {
namespace {

struct Flags {
    std::string name, metric;
    bool json = false;
    // Of a series.
    bool series = false;
    std::vector<std::string> runs;
    ChangePointOptions points{.minMagnitude = 0.02};
};

using Labels = std::map<std::string, std::string>;

std::string shown(const std::string &text)
{
    return CaptureText(text).toTerminal();
}

std::string number(std::uint64_t n)
{
    return formatCount(static_cast<std::int64_t>(n));
}

void writeLabels(JsonWriter &w, const BenchmarkGroup &group)
{
    w.key("labels").beginObject();
    for (const auto &[key, value] : benchmarkLabels(group))
        w.field(key, value);
    w.endObject();
}

// What we computed: null where nothing was measured.
void writeSummary(JsonWriter &w, const BenchmarkGroup &group)
{
    const auto &s = group.summary;
    w.field("n", s.count).field("failed", group.failed).field("runs", group.runs);
    const auto real = [&](const char *key, bool known, double value) {
        w.key(key);
        if (known)
            w.value(value);
        else
            w.null();
    };
    real("median", s.count > 0, s.median);
    w.key("median_ci");
    if (s.low && s.high)
        w.beginArray().value(*s.low).value(*s.high).endArray();
    else
        w.null();
    real("confidence", s.low.has_value(), s.confidence);
    real("min", s.count > 0, s.min);
    real("max", s.count > 0, s.max);
}

void writeJson(std::ostream &out, const BenchmarkReport &report)
{
    JsonWriter w(out);
    w.beginObject().key("benchmarks").beginArray();
    for (const auto &group : report.groups) {
        w.beginObject()
            .field("capture", group.capture.raw)
            .field("name", group.name)
            .field("metric", group.metric)
            .field("unit", group.unit.base);
        writeLabels(w, group);
        writeSummary(w, group);
        // As the tool computed them, in its own unit.
        w.key("tool").beginArray();
        for (const auto &one : group.tool)
            w.beginObject()
                .field("statistic", one.statistic)
                .field("value", one.value)
                .field("unit", one.unit)
                .field("n", one.values)
                .field("method", one.method)
                .endObject();
        w.endArray().endObject();
    }
    w.endArray().key("geomeans").beginArray();
    for (const auto &mean : report.means)
        w.beginObject()
            .field("capture", mean.capture.raw)
            .field("metric", mean.metric)
            .field("unit", mean.unit.base)
            .field("benchmarks", mean.benchmarks)
            .field("geomean", mean.geometric)
            .endObject();
    w.endArray().endObject();
}

// Groups of one capture and metric, in the order of the report.
using Table = std::vector<const BenchmarkGroup *>;

std::vector<Table> tablesOf(const BenchmarkReport &report)
{
    std::vector<Table> out;
    for (const auto &group : report.groups) {
        if (group.summary.count == 0)
            continue;
        const auto same = std::find_if(out.begin(), out.end(), [&](const Table &table) {
            return table.front()->capture == group.capture &&
                   table.front()->metric == group.metric &&
                   table.front()->unit.base == group.unit.base;
        });
        if (same == out.end())
            out.push_back({&group});
        else
            same->push_back(&group);
    }
    return out;
}

void addRow(TextTable &table, const BenchmarkGroup &group, const Labels &common, bool failures)
{
    const auto &s = group.summary;
    const auto unit = unitBeside(group.unit, group.metric);
    const auto value = [&](double v) { return formatBenchmark(v, unit); };
    char confidence[32];
    std::snprintf(confidence, sizeof confidence, "%.1f %%", 100 * s.confidence);
    std::vector<std::string> cells{shown(benchmarkTitle(group, common)), number(s.count),
                                   value(s.median), "\u00b1 " + spreadText(s)};
    if (s.low && s.high)
        cells.insert(cells.end(), {value(*s.low), value(*s.high), confidence});
    else
        cells.insert(cells.end(), {"n too small", "", ""});
    cells.insert(cells.end(), {value(s.min), value(s.max)});
    if (failures)
        cells.push_back(group.failed > 0 ? number(group.failed) : "");
    table.row(std::move(cells));
}

void printTable(std::ostream &out, const BenchmarkReport &report, const Table &groups,
                const Labels &common)
{
    using Align = TextTable::Align;
    const auto &first = *groups.front();
    const bool failures = std::any_of(groups.begin(), groups.end(),
                                      [](const BenchmarkGroup *one) { return one->failed > 0; });
    std::vector<TextTable::Column> columns{
        {shown(first.metric)},        {"N", Align::Right},   {"MEDIAN", Align::Right},
        {"", Align::Right},           {"LOW", Align::Right}, {"HIGH", Align::Right},
        {"CONFIDENCE", Align::Right}, {"MIN", Align::Right}, {"MAX", Align::Right}};
    if (failures)
        columns.push_back({"FAILED", Align::Right});
    TextTable table(std::move(columns));
    for (const auto *group : groups)
        addRow(table, *group, common, failures);
    const auto mean =
        std::find_if(report.means.begin(), report.means.end(), [&](const BenchmarkMean &one) {
            return one.capture == first.capture && one.metric == first.metric &&
                   one.unit.base == first.unit.base;
        });
    if (mean != report.means.end()) {
        std::vector<std::string> cells(failures ? 10 : 9);
        cells[0] = "geomean";
        cells[2] = formatBenchmark(mean->geometric, unitBeside(first.unit, first.metric));
        table.row(std::move(cells));
    }
    table.print(out);
}

void printTool(std::ostream &out, const BenchmarkReport &report, const Labels &common)
{
    if (std::all_of(report.groups.begin(), report.groups.end(),
                    [](const BenchmarkGroup &group) { return group.tool.empty(); }))
        return;
    TextTable table({{"AS THE TOOL COMPUTED IT"}, {"METRIC"}, {"BY"}, {"STATISTICS"}});
    for (const auto &group : report.groups) {
        for (const auto &method : toolMethods(group))
            table.row({shown(benchmarkTitle(group, common)), shown(group.metric), shown(method),
                       shown(toolText(group, method))});
    }
    out << '\n';
    table.print(out);
}

void printText(std::ostream &out, const BenchmarkReport &report,
               const std::vector<CaptureInfo> &captures)
{
    const auto common = commonLabels(report.groups);
    out << number(report.measured) << " values measured, " << number(report.computed)
        << " computed by the tool\n";
    if (!common.empty())
        out << shown(labelText(common, "  ")) << '\n';
    for (const auto &table : tablesOf(report)) {
        out << '\n';
        const auto of = std::find_if(captures.begin(), captures.end(), [&](const CaptureInfo &c) {
            return c.id == table.front()->capture;
        });
        if (captures.size() > 1 && of != captures.end())
            out << "#" << of->id.raw << "  " << shown(of->desc.name) << '\n';
        printTable(out, report, table, common);
    }
    printTool(out, report, common);
}

Result<ExitCode> seriesOf(VerbRun &run, const CaptureFlags &capture, const Flags &flags)
{
    std::vector<OpenedCapture> opened;
    std::vector<SeriesCapture> captures;
    auto arguments = flags.runs;
    arguments.insert(arguments.begin(), capture.capture);
    for (const auto &argument : arguments) {
        FW_ASSIGN(auto one, openCapture(run.workbench, argument, capture.importRequest(), run.job));
        for (const auto &info : one.captures()) {
            if (info.kind == "benchmarks")
                captures.push_back({&one.session(), info});
            else
                run.log << shown(info.desc.name) << " holds no benchmarks and was left out\n";
        }
        opened.push_back(std::move(one));
    }
    FW_ASSIGN(auto history, benchmarkHistory(std::move(captures), flags.points, run.job));
    std::erase_if(history.series, [&](const BenchmarkSeries &one) {
        return (!flags.name.empty() && one.name.find(flags.name) == one.name.npos) ||
               (!flags.metric.empty() && one.metric != flags.metric);
    });
    if (history.series.empty())
        return fail(Errc::Usage, "no benchmark has this name or metric");
    if (!history.ordered)
        run.log << "the captures do not tell when they began: their order is as given\n";
    if (flags.json)
        writeSeriesJson(run.out, history);
    else
        printSeries(run.out, history);
    if (!flags.json)
        run.log << history.method << '\n';
    return ExitCode::Ok;
}

} // namespace

Verb::Work declareBenchmarks(CLI::App &command)
{
    auto capture = CaptureFlags::declare(command);
    auto flags = std::make_shared<Flags>();
    command.add_option("--name", flags->name, "Only benchmarks whose name has this in it");
    command.add_option("--metric", flags->metric, "Only this metric");
    command.add_flag("--json", flags->json, "For programs");
    command.add_option("RUNS", flags->runs, "More captures of a series");
    command.add_flag("--series", flags->series,
                     "Each capture is a run of one history: where benchmarks changed in it");
    command
        .add_option("--window", flags->points.window,
                    "Of a series: runs that are looked at together")
        ->check(CLI::Range(std::size_t{2}, kMostWindow));
    command
        .add_option("--max-p", flags->points.maxP, "Of a series: the p of a change is below this")
        ->check(CLI::Range(0.0, 1.0));
    command
        .add_option("--least-change", flags->points.minMagnitude,
                    "Of a series: changes are larger than this share (0.02)")
        ->check(CLI::Range(0.0, 1e6));
    return [capture, flags](VerbRun &run) -> Result<ExitCode> {
        if (flags->series)
            return seriesOf(run, *capture, *flags);
        if (!flags->runs.empty())
            return fail(Errc::Usage,
                        "several captures need --series; two are compared by flamewright diff");
        FW_ASSIGN(const auto opened, capture->open(run));
        FW_ASSIGN(const auto reader, opened.session().reader());
        FW_ASSIGN(auto report, benchmarkReport(*reader, opened.captures(), run.job));
        if (report.measured == 0 && report.computed == 0)
            return fail(Errc::Usage, "there is no benchmark in it");
        std::erase_if(report.groups, [&](const BenchmarkGroup &group) {
            return (!flags->name.empty() && group.name.find(flags->name) == group.name.npos) ||
                   (!flags->metric.empty() && group.metric != flags->metric);
        });
        if (!flags->name.empty())
            report.means.clear(); // they are of all benchmarks
        std::erase_if(report.means, [&](const BenchmarkMean &mean) {
            return !flags->metric.empty() && mean.metric != flags->metric;
        });
        if (report.groups.empty())
            return fail(Errc::Usage, "no benchmark has this name or metric");
        if (flags->json)
            writeJson(run.out, report);
        else
            printText(run.out, report, opened.captures());
        if (!flags->json)
            run.log << "LOW and HIGH hold the true median with this confidence, whatever the "
                       "distribution, if the values are independent\n";
        return ExitCode::Ok;
    };
}

} // namespace flamewright
