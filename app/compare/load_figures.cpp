#include "app/compare/load_figures.h"

#include "analysis/compare/change_text.h"
#include "analysis/latency_report.h"
#include "capture/base/format_value.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace flamewright {
namespace {

constexpr std::string_view kWhy = "the tool kept no requests";
constexpr double kSameQuantile = 1e-9;
// In the order of a table.
enum Row : int { kMean = 100, kThroughput, kErrorShare }; // percentiles before, by their index

struct Key {
    std::string endpoint; // "*": of all
    int row = 0;
    friend auto operator<=>(const Key &, const Key &) = default;
};
struct Values {
    std::vector<double> runs;
    std::uint64_t count = 0; // requests
};
using Table = std::map<Key, Values>;

void add(Table &table, const std::string &endpoint, int row, const std::optional<double> &value,
         double count)
{
    if (!value || !std::isfinite(*value))
        return;
    auto &values = table[{endpoint, row}];
    values.runs.push_back(*value);
    values.count += static_cast<std::uint64_t>(std::clamp(count, 0.0, 9e18));
}

void addTool(const ToolLatency &of, std::set<std::string> &seen, Table &table)
{
    const auto endpoint = of.endpoint.empty() ? std::string("*") : of.endpoint;
    // The first of an endpoint is that of all requests, or of the successes.
    if (of.subset == "failed" || !seen.insert(endpoint).second)
        return;
    const auto count = of.count.value_or(0);
    for (std::size_t i = 0; i < kPercentiles.size(); ++i) {
        const auto at = of.quantiles.lower_bound(kPercentiles[i].perMyriad / 1e4 - kSameQuantile);
        if (at != of.quantiles.end() &&
            at->first <= kPercentiles[i].perMyriad / 1e4 + kSameQuantile)
            add(table, endpoint, static_cast<int>(i), at->second, count);
    }
    add(table, endpoint, kMean, of.mean, count);
    add(table, endpoint, kThroughput, of.ratePerSecond, count);
    if (of.failed && count > 0)
        add(table, endpoint, kErrorShare, *of.failed / count, count);
}

void addSummary(const std::string &endpoint, const LatencySummary &of,
                const std::optional<double> &perSecond, double errorShare, Table &table)
{
    const auto count = static_cast<double>(of.count);
    for (std::size_t i = 0; i < kPercentiles.size(); ++i) {
        if (of.percentiles[i].interval)
            add(table, endpoint, static_cast<int>(i), static_cast<double>(of.percentiles[i].value),
                count);
    }
    if (of.count > 0)
        add(table, endpoint, kMean, of.mean, count);
    add(table, endpoint, kThroughput, perSecond, count);
    add(table, endpoint, kErrorShare, errorShare, count);
}

Table tableOf(const FiguresOfSide &side)
{
    Table out;
    for (const auto &capture : side.figures) {
        std::set<std::string> seen;
        for (const auto &latency : capture.latencies)
            addTool(latency, seen, out);
    }
    for (const auto &rows : side.runs) {
        const auto report = latencyReport(rows, RateOver::All, false);
        addSummary("*", report.all, report.ratePerSecond,
                   static_cast<double>(report.errors) / static_cast<double>(report.all.count), out);
        for (const auto &row : report.groups)
            addSummary(row.name, row.latency.ok, row.ratePerSecond,
                       static_cast<double>(row.latency.failed.count) /
                           static_cast<double>(row.latency.count()),
                       out);
    }
    return out;
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    const auto half = values.size() / 2;
    return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

ComparedItem itemOf(const Key &key, const Values &base, const Values &cand)
{
    ComparedItem out{.name = key.endpoint, .detail = "as its tool printed it"};
    switch (key.row) {
    case kMean: out.figure = "mean"; break;
    case kThroughput: out.figure = "throughput"; break;
    case kErrorShare: out.figure = "error_share"; break;
    default: out.figure = kPercentiles[static_cast<std::size_t>(key.row)].name;
    }
    out.unit = key.row == kThroughput ? "1/s" : key.row == kErrorShare ? "share" : "ns";
    out.better = key.row == kThroughput ? Better::Higher : Better::Lower;
    out.change.base = median(base.runs);
    out.change.cand = median(cand.runs);
    out.change.baseCount = base.count;
    out.change.candCount = cand.count;
    out.change.baseRuns = static_cast<std::uint32_t>(base.runs.size());
    out.change.candRuns = static_cast<std::uint32_t>(cand.runs.size());
    out.change.verdict = Verdict::NotEnoughData;
    out.change.why = kWhy;
    out.baseRuns = base.runs;
    out.candRuns = cand.runs;
    return out;
}

std::string toolsOf(const FiguresOfSide &side)
{
    std::string out;
    for (const auto &capture : side.figures) {
        const auto tool = capture.tool.empty() ? "its tool" : capture.tool;
        if (out.find(tool) == std::string::npos)
            out += (out.empty() ? "" : ", ") + tool;
    }
    return out.empty() ? "requests" : out;
}

} // namespace

void addFigures(const FiguresOfSide &baseSide, const FiguresOfSide &candSide, ComparedSection &out)
{
    const auto base = tableOf(baseSide), cand = tableOf(candSide);
    std::set<std::string> onlyOne;
    for (const auto &[key, values] : base) { // "*" sorts first of the usual names
        const auto other = cand.find(key);
        if (other != cand.end())
            out.items.push_back(itemOf(key, values, other->second));
        else
            onlyOne.insert(key.endpoint);
    }
    if (out.items.empty())
        return;
    std::stable_sort(out.items.begin(), out.items.end(),
                     [](const ComparedItem &a, const ComparedItem &b) {
                         return a.name == "*" && b.name != "*";
                     });
    const auto p99 = std::find_if(out.items.begin(), out.items.end(),
                                  [](const ComparedItem &item) { return item.figure == "p99"; });
    const auto &first = p99 != out.items.end() ? *p99 : out.items.front();
    out.sentences.push_back(
        first.figure + " of " + (first.name == "*" ? std::string("all requests") : first.name) +
        " is " + fromToText(first.change, first.unit) + " as the tool printed it; " +
        std::string(kWhy) + ", so that nothing can be said of chance.");
    out.method = "Figures of " + toolsOf(baseSide) + " and of " + toolsOf(candSide) +
                 " as they are, each computed in its tool's own way; of several runs the median.";
    if (!onlyOne.empty())
        out.notes.push_back("Some figures of " + *onlyOne.begin() +
                            (onlyOne.size() > 1 ? " and others" : "") +
                            " are of the baseline only and left out.");
}

} // namespace flamewright
