#include "app/cli/latency_of_tools.h"

#include "analysis/latency.h"
#include "app/cli/json_writer.h"
#include "app/cli/text_table.h"
#include "capture/base/capture_text.h"
#include "capture/base/format_value.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace flamewright {
namespace {

std::string nameOf(const ToolLatency &latency)
{
    auto name = latency.endpoint.empty() ? std::string("*") : latency.endpoint;
    return latency.subset.empty() ? name : name + " (" + latency.subset + ")";
}

// A tool writes 0.99, which is not the double nearest to 9900 / 10000 in every case.
std::optional<double> quantile(const ToolLatency &latency, unsigned perMyriad)
{
    for (const auto &[q, value] : latency.quantiles) {
        if (std::abs(q * 10'000 - perMyriad) < 1e-6)
            return value;
    }
    return std::nullopt;
}

std::string durationText(std::optional<double> ns)
{
    return ns ? formatDuration(std::llround(*ns)) : "\u2013";
}

std::string countText(std::optional<double> count)
{
    return count ? formatCount(std::llround(*count)) : "\u2013";
}

void field(JsonWriter &w, std::string_view key, std::optional<double> value)
{
    w.key(key);
    if (value)
        w.value(*value);
    else
        w.null();
}

std::string shortest(double number)
{
    char text[32];
    const auto [end, error] = std::to_chars(text, text + sizeof text, number);
    return std::string(text, error == std::errc() ? end : text);
}

void printWhatIf(std::ostream &out, const CaptureFigures &capture, std::int64_t intervalNs)
{
    using Align = TextTable::Align;
    std::vector<TextTable::Column> columns{{"ENDPOINT"}, {"WHAT IF"}, {"COUNT", Align::Right}};
    for (const auto &percentile : kPercentiles) {
        auto title = std::string(percentile.name);
        title.front() = 'P';
        columns.push_back({title, Align::Right});
    }
    TextTable table(std::move(columns));
    bool any = false;
    for (const auto &latency : capture.latencies) {
        const auto corrected = correctOmission(latency, intervalNs);
        if (!corrected)
            continue;
        any = true;
        std::vector<std::string> cells{CaptureText(nameOf(latency)).toTerminal(), "measured",
                                       countText(latency.count)};
        for (const auto &percentile : kPercentiles)
            cells.push_back(durationText(quantile(latency, percentile.perMyriad)));
        table.row(std::move(cells));
        const auto count = std::min<std::uint64_t>(corrected->latency.count, INT64_MAX);
        cells = {"", "what if", formatCount(static_cast<std::int64_t>(count))};
        for (const auto &percentile : corrected->latency.percentiles)
            cells.push_back(formatDuration(percentile.value));
        table.row(std::move(cells));
    }
    if (!any) {
        out << "\nNo what-if: it takes the histograms of HdrHistogram, or requests\n";
        return;
    }
    out << "\nWhat if a worker had gone on sending every " << formatDuration(intervalNs)
        << " while answers were slow (as HdrHistogram corrects; nobody measured this)\n";
    table.print(out);
}

void writeWhatIf(JsonWriter &w, const ToolLatency &latency, std::int64_t intervalNs)
{
    w.key("what_if");
    const auto corrected = correctOmission(latency, intervalNs);
    if (!corrected) {
        w.null();
        return;
    }
    w.beginObject()
        .field("interval_ns", corrected->intervalNs)
        .field("recorded", corrected->recorded)
        .field("added", corrected->added)
        .field("mean_ns", corrected->latency.mean);
    for (std::size_t i = 0; i < kPercentiles.size(); ++i)
        w.field(std::string(kPercentiles[i].key) + "_ns", corrected->latency.percentiles[i].value);
    w.field("max_ns", corrected->latency.max).endObject();
}

} // namespace

void printToolLatencies(std::ostream &out, std::span<const CaptureFigures> captures,
                        std::optional<std::int64_t> correctionIntervalNs)
{
    using Align = TextTable::Align;
    for (const auto &capture : captures) {
        out << CaptureText(capture.name).toTerminal() << ": as "
            << (capture.tool.empty() ? "its tool" : CaptureText(capture.tool).toTerminal())
            << " summed it up; there are no requests to compute from\n";
        std::vector<TextTable::Column> columns{{"ENDPOINT", Align::Left}, {"COUNT", Align::Right},
                                               {"FAILED", Align::Right},  {"RATE", Align::Right},
                                               {"MIN", Align::Right},     {"MEAN", Align::Right}};
        for (const auto &percentile : kPercentiles) {
            auto title = std::string(percentile.name);
            title.front() = 'P';
            columns.push_back({title, Align::Right});
        }
        columns.push_back({"MAX", Align::Right});
        columns.push_back({"METHOD", Align::Left});
        TextTable table(std::move(columns));
        bool parts = false;
        for (const auto &latency : capture.latencies) {
            if (!latency.count && !latency.mean && latency.quantiles.empty())
                continue; // a rate of failures, say: the table has no row for it alone
            std::vector<std::string> cells{
                CaptureText(nameOf(latency)).toTerminal(),
                countText(latency.count),
                countText(latency.failed),
                latency.ratePerSecond ? countText(latency.ratePerSecond) + "/s" : "\u2013",
                durationText(latency.min),
                durationText(latency.mean)};
            for (const auto &percentile : kPercentiles)
                cells.push_back(durationText(quantile(latency, percentile.perMyriad)));
            cells.push_back(durationText(latency.max));
            cells.push_back(CaptureText(latency.method).toTerminal() +
                            (latency.intervals > 1
                                 ? ", " + std::to_string(latency.intervals) + " parts added up"
                                 : ""));
            table.row(std::move(cells));
            parts = parts || latency.partsOnly;
        }
        table.print(out);
        if (parts)
            out << "Percentiles of parts of the time cannot be put together: they are in the table "
                   "summary.\n";
        if (correctionIntervalNs)
            printWhatIf(out, capture, *correctionIntervalNs);
    }
}

void writeToolLatencies(std::ostream &out, std::span<const CaptureFigures> captures,
                        std::optional<std::int64_t> correctionIntervalNs)
{
    JsonWriter w(out);
    w.beginObject().key("groups").beginArray();
    for (const auto &capture : captures) {
        for (const auto &latency : capture.latencies) {
            w.beginObject().field("name", nameOf(latency)).field("capture", capture.name);
            field(w, "count", latency.count);
            field(w, "errors", latency.failed);
            field(w, "min_ns", latency.min);
            field(w, "mean_ns", latency.mean);
            for (const auto &percentile : kPercentiles)
                field(w, std::string(percentile.key) + "_ns",
                      quantile(latency, percentile.perMyriad));
            field(w, "max_ns", latency.max);
            field(w, "rate_per_s", latency.ratePerSecond);
            w.field("aggregate", true)
                .field("tool", capture.tool)
                .field("method", latency.method)
                .field("parts", static_cast<std::uint64_t>(latency.intervals));
            w.key("quantiles").beginObject();
            for (const auto &[q, value] : latency.quantiles)
                w.field(shortest(q), value);
            w.endObject();
            if (correctionIntervalNs)
                writeWhatIf(w, latency, *correctionIntervalNs);
            w.endObject();
        }
    }
    w.endArray().endObject();
}

} // namespace flamewright
