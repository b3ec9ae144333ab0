#include "app/benchmark_series.h"

#include "analysis/benchmark_stats.h"
#include "analysis/compare/rank_shift.h"
#include "app/benchmark_report.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace flamewright {
namespace {

bool sortByTime(std::vector<SeriesCapture> &captures)
{
    const auto known = [](const SeriesCapture &one) { return one.info.startedAtNs().has_value(); };
    if (!std::all_of(captures.begin(), captures.end(), known))
        return false;
    std::stable_sort(captures.begin(), captures.end(),
                     [](const SeriesCapture &a, const SeriesCapture &b) {
                         return *a.info.startedAtNs() < *b.info.startedAtNs();
                     });
    return true;
}

// What stands before the benchmarks of Go is the configuration of the run: what has one value in all
// of it (a commit, a date) tells runs apart and no benchmarks. Another package is other code.
void dropSettings(std::vector<BenchmarkRuns> &all)
{
    std::map<std::string, std::set<std::string>> values;
    for (const auto &runs : all) {
        for (const auto &[key, value] : benchmarkLabels(runs.labels))
            values[key].insert(value);
    }
    for (auto &runs : all) {
        auto labels = benchmarkLabels(runs.labels);
        std::erase_if(labels, [&](const auto &one) {
            return one.first != "pkg" && values[one.first].size() == 1;
        });
        runs.labels = labelsJson(labels);
    }
}

std::vector<double> sorted(std::span<const double> values)
{
    std::vector<double> out(values.begin(), values.end());
    std::sort(out.begin(), out.end());
    return out;
}

// The runs between this change and its neighbours.
ComparedItem itemOf(const BenchmarkSeries &series, const ChangePoint &point,
                    std::span<const double> values)
{
    ComparedItem out{.name = series.name, .figure = series.metric};
    out.unit = series.unit.base;
    out.better = series.better;
    auto &change = out.change;
    change.base = point.before;
    change.cand = point.after;
    change.p = point.p;
    change.baseCount = point.beforeCount;
    change.candCount = point.afterCount;
    const auto before = values.subspan(point.index - point.beforeCount, point.beforeCount);
    const auto after = values.subspan(point.index, point.afterCount);
    const auto first = sorted(before), second = sorted(after);
    change.difference = rankShift(first, second).interval;
    if (const auto ratio = rankRatio(first, second))
        change.relative = ratio->interval;
    out.baseRuns.assign(before.begin(), before.end());
    out.candRuns.assign(after.begin(), after.end());
    // The test has spoken: what is left is the direction.
    const bool up = point.after > point.before;
    change.verdict = series.better == Better::Neither          ? Verdict::NoEvidence
                     : up == (series.better == Better::Higher) ? Verdict::Improved
                                                               : Verdict::Regressed;
    if (series.better == Better::Neither)
        change.why = "neither way is better by itself";
    return out;
}

void findChanges(BenchmarkSeries &series, const ChangePointOptions &options)
{
    std::vector<double> values;
    std::vector<std::size_t> runs;
    for (std::size_t run = 0; run < series.medians.size(); ++run) {
        if (series.medians[run]) {
            values.push_back(*series.medians[run]);
            runs.push_back(run);
        }
    }
    for (const auto &point : changePoints(values, options))
        series.changes.push_back({runs[point.index], point, itemOf(series, point, values)});
}

std::string methodOf(const ChangePointOptions &options)
{
    return "One value for each run, the median. Change points are those of E-divisive as Hunter "
           "and "
           "Apache Otava use it: windows of " +
           std::to_string(options.window) + " runs, Student's t test with p below " +
           formatBenchmark(options.maxP, {}) + ", changes above " +
           formatBenchmark(100 * options.minMagnitude, {}) +
           " %. Before and after are means of the runs up to the neighbouring changes; the "
           "interval of "
           "their ratio is that of Hodges and Lehmann.";
}

} // namespace

Result<BenchmarkHistory> benchmarkHistory(std::vector<SeriesCapture> captures,
                                          const ChangePointOptions &options, JobContext &job)
{
    if (captures.size() < 2)
        return fail(Errc::Usage, "a series needs at least two captures");
    BenchmarkHistory out;
    out.ordered = sortByTime(captures);
    using Key = std::tuple<std::string, std::string, std::string, std::string>;
    std::map<Key, std::size_t> index;
    for (std::size_t run = 0; run < captures.size(); ++run) {
        const auto &one = captures[run];
        FW_TRY(job.checkpoint());
        out.runs.push_back({one.info.desc.name, one.info.startedAtNs()});
        BenchmarkRunsBuilder builder;
        FW_ASSIGN(const auto reader, one.session->reader());
        FW_TRY(addBenchmarkRuns(*reader, one.info, CaptureId{1}, builder, job));
        auto all = builder.finish();
        if (one.info.desc.formatId == "go-bench")
            dropSettings(all);
        for (const auto &runs : all) {
            const auto [found, first] = index.try_emplace(
                {runs.name, runs.metric, runs.labels, runs.unit.base}, out.series.size());
            if (first) {
                BenchmarkSeries added{runs.name, runs.metric, runs.labels, runs.unit};
                added.better = betterOf(runs.metric, runs.unit);
                added.medians.resize(captures.size());
                out.series.push_back(std::move(added));
            }
            out.series[found->second].medians[run] = summarize(sorted(runs.values)).median;
        }
    }
    if (out.series.empty())
        return fail(Errc::Usage, "there is no measured benchmark in them");
    for (auto &series : out.series) {
        FW_TRY(job.checkpoint());
        findChanges(series, options);
    }
    out.method = methodOf(options);
    return out;
}

} // namespace flamewright
