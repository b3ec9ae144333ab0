#include "app/cli/latency_output.h"
#include "app/cli/text_table.h"
#include "capture/base/capture_text.h"
#include "capture/base/format_value.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <ostream>

namespace flamewright {
namespace {

using Align = TextTable::Align;
constexpr const char *kNothing = "\u2013";

std::string rateText(std::optional<double> rate)
{
    if (!rate)
        return kNothing;
    char text[64];
    std::snprintf(text, sizeof text,
                  *rate < 10    ? "%.2f/s"
                  : *rate < 100 ? "%.1f/s"
                                : "%.0f/s",
                  *rate);
    return text;
}

std::string intervalText(const std::optional<LatencyInterval> &interval)
{
    if (!interval)
        return std::string(" [") + kNothing + "]";
    return " [" + formatDuration(interval->low) + kNothing + formatDuration(interval->high) + "]";
}

std::string percentileText(const LatencySummary &s, std::size_t i, ShownIntervals intervals,
                           const GroupStudy *extras)
{
    if (s.count == 0)
        return kNothing;
    const auto &percentile = s.percentiles[i];
    if (!percentile.interval)
        return "n too small";
    auto out = formatDuration(percentile.value);
    switch (intervals) {
    case ShownIntervals::None: break;
    case ShownIntervals::Independent: out += intervalText(percentile.interval); break;
    case ShownIntervals::Blocks:
        out += intervalText(extras != nullptr && extras->blocks ? extras->blocks->intervals[i]
                                                                : std::nullopt);
        break;
    }
    return out;
}

std::string shareText(const Compliance &within)
{
    return formatShare(static_cast<double>(within.good), static_cast<double>(within.total));
}

std::string scoreText(const Apdex &apdex)
{
    if (apdex.total() == 0)
        return kNothing;
    char text[16];
    std::snprintf(text, sizeof text, "%.2f", apdex.score());
    return text;
}

// `extras` is null for the failures of a group, which are counted in it.
void addRow(TextTable &table, const LatencyOutput &output, const std::string &name,
            std::uint64_t count, std::uint64_t errors, const LatencySummary &s,
            const std::string &rate, const GroupStudy *extras)
{
    std::vector<std::string> cells{
        name,
        formatCount(static_cast<std::int64_t>(count)),
        formatShare(static_cast<double>(errors), static_cast<double>(count)),
        rate,
        formatDuration(s.min),
        formatDuration(std::llround(s.mean))};
    for (std::size_t i = 0; i < kPercentiles.size(); ++i)
        cells.push_back(percentileText(s, i, output.intervals, extras));
    cells.push_back(formatDuration(s.max));
    if (output.objective)
        cells.push_back(extras != nullptr && extras->within ? shareText(*extras->within) : "");
    if (output.apdexNs)
        cells.push_back(extras != nullptr && extras->apdex ? scoreText(*extras->apdex) : "");
    table.row(std::move(cells));
}

// "ENDPOINT"; of a tag its name, as it is written.
std::string heading(const std::string &by)
{
    if (const auto colon = by.find(':'); colon != std::string::npos)
        return CaptureText(by.substr(colon + 1)).toTerminal();
    auto out = by;
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return out;
}

void addPercentileTitles(std::vector<TextTable::Column> &columns)
{
    for (const auto &percentile : kPercentiles) {
        auto title = std::string(percentile.name);
        title.front() = 'P';
        columns.push_back({title, Align::Right});
    }
}

void printGroups(std::ostream &out, const LatencyOutput &output)
{
    const auto &report = output.study.report;
    std::vector<TextTable::Column> columns{{"NAME"},
                                           {"COUNT", Align::Right},
                                           {"ERRORS", Align::Right},
                                           {"RATE", Align::Right},
                                           {"MIN", Align::Right},
                                           {"MEAN", Align::Right}};
    columns.front().title = heading(output.by);
    addPercentileTitles(columns);
    columns.push_back({"MAX", Align::Right});
    if (output.objective)
        columns.push_back({"\u2264" + formatDuration(output.objective->thresholdNs), Align::Right});
    if (output.apdexNs)
        columns.push_back({"APDEX " + formatDuration(*output.apdexNs), Align::Right});
    TextTable table(std::move(columns));
    if (report.all.count > 0)
        addRow(table, output, "*", report.all.count, report.errors, report.all,
               rateText(report.ratePerSecond), &output.study.all);
    for (std::size_t i = 0; i < output.study.shown; ++i) {
        const auto &row = report.groups[i];
        const auto &latency = row.latency;
        addRow(table, output, CaptureText(row.name).toTerminal(), latency.count(),
               latency.failed.count, shownLatency(latency), rateText(row.ratePerSecond),
               &output.study.groups[i]);
        if (!latency.all && latency.ok.count > 0 && latency.failed.count > 0)
            addRow(table, output, "  failed", latency.failed.count, latency.failed.count,
                   latency.failed, "", nullptr);
    }
    table.print(out);
    if (output.intervals == ShownIntervals::Independent)
        out << "[] 95 % intervals by order statistics, of independent requests\n";
    if (output.intervals == ShownIntervals::Blocks) {
        if (const auto &blocks = output.study.all.blocks)
            out << "[] 95 % intervals of " << blocks->resamples << " resamples of the "
                << blocks->blocks << " blocks of " << formatDuration(blocks->blockNs) << '\n';
        else
            out << "[" << kNothing
                << "] too short for intervals of blocks of time: " << kLeastBlocks
                << " of a second or more with requests in each\n";
    }
}

void printLevels(std::ostream &out, const LatencyOutput &output)
{
    const auto &capacity = *output.study.capacity;
    out << "\nLevels: " << describe(capacity.levels.from) << '\n';
    TextTable table({{"LEVEL"},
                     {"FROM", Align::Right},
                     {"TO", Align::Right},
                     {"IN FLIGHT", Align::Right},
                     {"SENT", Align::Right},
                     {"SUCCESSES", Align::Right},
                     {"ERRORS", Align::Right},
                     {"P50", Align::Right},
                     {"P95", Align::Right},
                     {"P99", Align::Right}});
    // Blocks of time are for the whole test: levels are often shorter than twenty of them.
    const auto intervals = output.intervals == ShownIntervals::Independent
                               ? ShownIntervals::Independent
                               : ShownIntervals::None;
    std::size_t number = 0;
    for (const auto &level : capacity.levels.levels) {
        auto name = std::to_string(++number);
        if (!level.name.empty())
            name += ' ' + CaptureText(level.name).toTerminal();
        table.row(
            {std::move(name), formatSeconds(level.beginNs), formatSeconds(level.endNs),
             formatNumber(level.concurrency), rateText(level.offeredPerSecond),
             rateText(level.achievedPerSecond),
             formatShare(static_cast<double>(level.errors), static_cast<double>(level.requests)),
             percentileText(level.latency, 0, intervals, nullptr),
             percentileText(level.latency, 2, intervals, nullptr),
             percentileText(level.latency, 3, intervals, nullptr)});
    }
    table.print(out);
    if (!capacity.usl.fit)
        out << "No scalability fit: " << capacity.usl.whyNot << '\n';
}

// `told` says which percentiles enough requests were measured for.
void printVersions(std::ostream &out, const char *first, const LatencySummary &one,
                   const char *second, const LatencySummary &other, const LatencySummary &told)
{
    std::vector<TextTable::Column> columns{
        {"SUCCESSES"}, {"COUNT", Align::Right}, {"MEAN", Align::Right}};
    addPercentileTitles(columns);
    columns.push_back({"MAX", Align::Right});
    TextTable table(std::move(columns));
    const auto row = [&](const char *name, const LatencySummary &s, const LatencySummary &by) {
        const auto count = std::min<std::uint64_t>(s.count, INT64_MAX);
        std::vector<std::string> cells{name, formatCount(static_cast<std::int64_t>(count)),
                                       formatDuration(std::llround(s.mean))};
        for (std::size_t i = 0; i < kPercentiles.size(); ++i)
            cells.push_back(by.percentiles[i].interval ? formatDuration(s.percentiles[i].value)
                                                       : "n too small");
        cells.push_back(formatDuration(s.max));
        table.row(std::move(cells));
    };
    row(first, one, one);
    row(second, other, told);
    table.print(out);
}

std::string captureName(const LatencyOutput &output, std::uint8_t capture)
{
    const auto &captures = output.rows.captures;
    return captures.size() > 1 ? CaptureText(captures[capture].name).toTerminal() + ": "
                               : std::string();
}

void printWhatIf(std::ostream &out, const LatencyOutput &output)
{
    for (const auto &one : output.study.whatIf) {
        out << '\n' << captureName(output, one.capture);
        if (!one.corrected) {
            out << "No what-if: " << one.whyNot << '\n';
            continue;
        }
        out << "What if a worker had gone on sending every "
            << formatDuration(one.corrected->intervalNs)
            << " while answers were slow (as HdrHistogram corrects; nobody measured this)\n";
        printVersions(out, "measured", one.measured, "what if", one.corrected->latency,
                      one.measured);
    }
}

void printWarmUps(std::ostream &out, const LatencyOutput &output)
{
    for (std::size_t i = 0; i < output.study.captures.size(); ++i) {
        const auto capture = static_cast<std::uint8_t>(i);
        const auto &study = output.study.captures[i];
        out << '\n' << captureName(output, capture);
        if (!study.warmUp) {
            out << (study.levels == LevelsFrom::Whole
                        ? "No warm-up: the beginning is not plainly different (MSER-5)\n"
                        : "No warm-up is looked for: the load changes\n");
            continue;
        }
        out << "Warm-up until " << formatSeconds(study.warmUp->endNs) << ", "
            << formatCount(static_cast<std::int64_t>(study.warmUp->requests))
            << " requests (MSER-5); nothing is dropped (--skip-warm-up)\n";
        printVersions(out, "all", study.warmUp->all, "without", study.warmUp->without,
                      study.warmUp->without);
    }
}

} // namespace

void printLatency(std::ostream &out, const LatencyOutput &output)
{
    const auto &report = output.study.report;
    out << formatCount(static_cast<std::int64_t>(report.all.count)) << " requests, "
        << formatCount(static_cast<std::int64_t>(report.errors)) << " failed";
    if (report.durationNs)
        out << ", in " << formatDuration(*report.durationNs);
    out << '\n';
    for (const auto &[capture, warmUp] : output.skipped)
        out << captureName(output, capture) << "without the first "
            << formatCount(static_cast<std::int64_t>(warmUp.requests)) << " requests, until "
            << formatSeconds(warmUp.endNs) << " (--skip-warm-up)\n";
    printGroups(out, output);
    if (output.levels)
        printLevels(out, output);
    printWhatIf(out, output);
    if (output.warmUp)
        printWarmUps(out, output);
    if (output.study.findings.empty())
        return;
    out << "\nRemarks\n";
    for (const auto &finding : output.study.findings)
        out << (finding.severity == LoadFinding::Severity::Warning ? "! " : "- ")
            << CaptureText(finding.sentence).toTerminal() << '\n';
}

} // namespace flamewright
