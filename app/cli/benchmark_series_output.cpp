#include "app/cli/benchmark_series_output.h"

#include "app/benchmark_report.h"
#include "app/cli/json_writer.h"
#include "app/cli/text_table.h"
#include "app/compare/change_text.h"
#include "capture/base/capture_text.h"
#include "capture/base/format_value.h"

#include <cstdio>

namespace flamewright {
namespace {

std::string shown(const std::string &text)
{
    return CaptureText(text).toTerminal();
}

std::string number(std::size_t n)
{
    return formatCount(static_cast<std::int64_t>(n));
}

std::string pText(double p)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.4f", p);
    return p < 0.00005 ? "<0.0001" : text;
}

void writeInterval(JsonWriter &w, const char *key, const std::optional<ChangeInterval> &interval)
{
    w.key(key);
    if (interval)
        w.beginArray().value(interval->low).value(interval->high).endArray();
    else
        w.null();
}

void writeChange(JsonWriter &w, const BenchmarkHistory &history, const SeriesChange &one)
{
    const auto &change = one.item.change;
    w.beginObject()
        .field("run", one.run)
        .field("run_name", history.runs[one.run].name)
        .field("before", one.point.before)
        .field("after", one.point.after)
        .field("n_before", one.point.beforeCount)
        .field("n_after", one.point.afterCount);
    w.key("ratio");
    if (const auto ratio = change.ratio())
        w.value(*ratio);
    else
        w.null();
    writeInterval(w, "ratio_ci", change.relative);
    w.field("p", one.point.p).field("verdict", nameOf(change.verdict)).endObject();
}

} // namespace

void printSeries(std::ostream &out, const BenchmarkHistory &history)
{
    using Align = TextTable::Align;
    out << number(history.series.size()) << " benchmarks and metrics in "
        << number(history.runs.size()) << " runs, from " << shown(history.runs.front().name)
        << " to " << shown(history.runs.back().name) << '\n';
    TextTable table({{"BENCHMARK"},
                     {"METRIC"},
                     {"SINCE RUN"},
                     {"BEFORE", Align::Right},
                     {"AFTER", Align::Right},
                     {"CHANGE"},
                     {"RUNS", Align::Right},
                     {"P", Align::Right},
                     {"VERDICT"}});
    std::vector<BenchmarkGroup> groups;
    for (const auto &series : history.series) {
        groups.emplace_back();
        groups.back().labels = series.labels;
    }
    const auto common = commonLabels(groups); // said with none: they tell nothing apart
    std::size_t changes = 0;
    for (const auto &series : history.series) {
        for (const auto &one : series.changes) {
            ++changes;
            auto own = benchmarkLabels(series.labels);
            std::erase_if(own, [&](const auto &label) { return common.contains(label.first); });
            const auto labels = labelText(own);
            table.row({shown(series.name + (labels.empty() ? "" : " [" + labels + "]")),
                       shown(series.metric),
                       "#" + number(one.run + 1) + " " + shown(history.runs[one.run].name),
                       sideText(one.item.change.base, one.item.unit),
                       sideText(one.item.change.cand, one.item.unit), changeText(one.item),
                       countsText(one.item.change), pText(one.point.p),
                       verdictText(one.item.change)});
        }
    }
    if (changes == 0) {
        out << "nothing changed that could be told from chance\n";
        return;
    }
    out << '\n';
    table.print(out);
}

void writeSeriesJson(std::ostream &out, const BenchmarkHistory &history)
{
    JsonWriter w(out);
    w.beginObject().key("runs").beginArray();
    for (const auto &run : history.runs) {
        w.beginObject().field("name", run.name).key("started_at_ns");
        if (run.startedAtNs)
            w.value(*run.startedAtNs);
        else
            w.null();
        w.endObject();
    }
    w.endArray().key("series").beginArray();
    for (const auto &series : history.series) {
        w.beginObject()
            .field("name", series.name)
            .field("metric", series.metric)
            .field("unit", series.unit.base)
            .key("labels")
            .beginObject();
        for (const auto &[key, value] : benchmarkLabels(series.labels))
            w.field(key, value);
        w.endObject();
        w.key("medians").beginArray();
        for (const auto &median : series.medians) {
            if (median)
                w.value(*median);
            else
                w.null();
        }
        w.endArray().key("changes").beginArray();
        for (const auto &one : series.changes)
            writeChange(w, history, one);
        w.endArray().endObject();
    }
    w.endArray().field("method", history.method).endObject();
}

} // namespace flamewright
