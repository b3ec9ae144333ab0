#include "analysis/compare/benchmark_diff.h"

#include "analysis/compare/rank_shift.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <tuple>

namespace flamewright {
namespace {

using Key = std::tuple<std::string_view, std::string_view, std::string_view, std::string_view>;
Key keyOf(const BenchmarkRuns &runs)
{
    return {runs.name, runs.metric, runs.unit.base, runs.labels};
}

std::string titleOf(const BenchmarkRuns &runs)
{
    return runs.name + (runs.labels.empty() ? "" : " " + runs.labels) + " (" + runs.metric + ")";
}

std::vector<double> sorted(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values;
}

// The least p that samples of these sizes can have.
double leastP(std::size_t first, std::size_t second)
{
    const auto n = std::min(first, second), all = first + second;
    double ways = 1;
    for (std::size_t i = 1; i <= n && ways < 1e15; ++i)
        ways *= static_cast<double>(all - n + i) / static_cast<double>(i);
    return std::min(1.0, 2 / ways);
}

std::string countText(std::size_t first, std::size_t second)
{
    return std::to_string(first) + " and " + std::to_string(second);
}

void decide(BenchmarkChange &one, bool allEqual, const VerdictRules &rules)
{
    auto &change = one.change;
    const auto n1 = one.baseValues.size(), n2 = one.candValues.size();
    if (leastP(n1, n2) > rules.alpha) {
        change.verdict = Verdict::NotEnoughData;
        change.why = countText(n1, n2) + " runs: no difference could be told from chance";
        return;
    }
    change.verdict = Verdict::NoEvidence;
    if (allEqual) {
        change.why = "all values are the same";
        return;
    }
    if (*change.p > rules.alpha) {
        change.why = "p is above the threshold";
        return;
    }
    // Medians can be the same although the samples differ.
    const auto delta = change.delta() != 0 ? change.delta() : one.effect;
    if (rules.noise > 0 && !(change.relative && (change.relative->low > rules.noise ||
                                                 change.relative->high < -rules.noise))) {
        change.why = "within the noise";
        return;
    }
    if (one.better == Better::Neither) {
        change.why = "neither way is better by itself";
        return;
    }
    change.verdict =
        (delta > 0) == (one.better == Better::Higher) ? Verdict::Improved : Verdict::Regressed;
}

BenchmarkChange changeOf(const BenchmarkRuns &base, const BenchmarkRuns &cand,
                         const VerdictRules &rules)
{
    BenchmarkChange out{.name = base.name, .metric = base.metric, .labels = base.labels};
    out.unit = base.unit;
    out.better = betterOf(base.metric, base.unit);
    out.table = base.table;
    out.baseValues = base.values;
    out.candValues = cand.values;
    const auto before = sorted(base.values), after = sorted(cand.values);
    out.base = summarize(before);
    out.cand = summarize(after);
    auto &change = out.change;
    change.base = out.base.median;
    change.cand = out.cand.median;
    change.baseCount = before.size();
    change.candCount = after.size();
    change.baseRuns = std::max(1u, base.processes);
    change.candRuns = std::max(1u, cand.processes);
    const auto shift = rankShift(before, after);
    out.shift = shift.estimate;
    change.difference = shift.interval;
    if (const auto ratio = rankRatio(before, after))
        change.relative = ratio->interval;
    out.effect = cliffsDelta(before, after);
    const auto test = rankTest(before, after);
    change.p = test->p;
    decide(out, test->allEqual, rules);
    return out;
}

// What is tested together: everything that has enough runs to be called a change.
void adjust(std::vector<BenchmarkChange> &changes)
{
    std::vector<double> p;
    for (const auto &one : changes) {
        if (one.change.verdict != Verdict::NotEnoughData)
            p.push_back(*one.change.p);
    }
    const auto adjusted = holmAdjusted(p);
    auto next = adjusted.begin();
    for (auto &one : changes) {
        if (one.change.verdict != Verdict::NotEnoughData)
            one.change.adjustedP = *next++;
    }
}

struct Medians {
    std::vector<double> base, cand, ratios; // of all of a side; of what both have
    std::vector<const BenchmarkChange *> both;
    std::size_t baseOnly = 0;
    bool ratioIsKnown = true;
};

constexpr double kMostDraws = 2e7; // of values, for one mean: more rounds would say no more

double medianOfDraws(const std::vector<double> &values, std::mt19937_64 &random,
                     std::vector<double> &drawn)
{
    drawn.clear();
    for (std::size_t i = 0; i < values.size(); ++i)
        drawn.push_back(values[random() % values.size()]);
    const auto half = static_cast<std::ptrdiff_t>(drawn.size() / 2);
    std::nth_element(drawn.begin(), drawn.begin() + half, drawn.end());
    const auto upper = drawn[static_cast<std::size_t>(half)];
    if (drawn.size() % 2 == 1)
        return upper;
    return upper / 2 + *std::max_element(drawn.begin(), drawn.begin() + half) / 2;
}

// Runs of every benchmark are drawn anew; which benchmarks there are is no chance.
std::optional<ChangeInterval> meanInterval(const std::vector<const BenchmarkChange *> &both,
                                           unsigned rounds)
{
    double values = 0;
    for (const auto *one : both) {
        if (!one->base.low || !one->cand.low)
            return std::nullopt; // too few values to say anything by drawing them again
        values += static_cast<double>(one->baseValues.size() + one->candValues.size());
        if (!(one->base.min > 0) || !(one->cand.min > 0))
            return std::nullopt;
    }
    const auto affordable = std::min<double>(rounds, kMostDraws / std::max(values, 1.0));
    if (affordable < 100)
        return std::nullopt;
    std::mt19937_64 random(both.size());
    std::vector<double> means, drawn;
    for (unsigned round = 0; round < static_cast<unsigned>(affordable); ++round) {
        double sum = 0;
        for (const auto *one : both)
            sum += std::log(medianOfDraws(one->candValues, random, drawn)) -
                   std::log(medianOfDraws(one->baseValues, random, drawn));
        means.push_back(std::exp(sum / static_cast<double>(both.size())) - 1);
    }
    std::sort(means.begin(), means.end());
    const auto cut = static_cast<std::size_t>(0.025 * static_cast<double>(means.size()));
    return ChangeInterval{means[cut], means[means.size() - 1 - cut]};
}

void finishMean(BenchmarkMeanChange &mean, const Medians &medians, unsigned rounds)
{
    mean.base = geometricMean(medians.base).value_or(0);
    mean.cand = geometricMean(medians.cand).value_or(0);
    mean.benchmarks = medians.both.size();
    mean.setsDiffer = medians.baseOnly > 0;
    const auto ratio = geometricMean(medians.ratios);
    mean.ratioIsKnown = medians.ratioIsKnown && ratio.has_value();
    mean.ratio = ratio.value_or(1);
    auto &change = mean.change;
    std::vector<double> base, cand;
    for (const auto *one : medians.both) {
        base.push_back(one->base.median);
        cand.push_back(one->cand.median);
        change.baseCount += one->baseValues.size();
        change.candCount += one->candValues.size();
    }
    change.base = geometricMean(base);
    change.cand = geometricMean(cand);
    change.verdict = Verdict::NoEvidence;
    if (mean.ratioIsKnown)
        change.relative = meanInterval(medians.both, rounds);
    if (!change.relative) {
        change.verdict = Verdict::NotEnoughData;
        change.why = mean.ratioIsKnown ? "too few runs of a benchmark for an interval"
                                       : "a median is 0: there is no mean of ratios";
    }
}

std::vector<BenchmarkMeanChange> meansOf(const BenchmarkDiff &diff,
                                         std::span<const BenchmarkRuns> base,
                                         std::span<const BenchmarkRuns> cand,
                                         const std::map<Key, const BenchmarkChange *> &both,
                                         const BenchmarkDiffOptions &options)
{
    using Table = std::tuple<std::string_view, std::string_view, std::string_view>;
    std::map<Table, std::size_t> index;
    std::vector<BenchmarkMeanChange> means;
    std::vector<Medians> medians;
    const auto tableOf = [&](const BenchmarkRuns &runs) {
        const auto [found, first] =
            index.try_emplace({runs.metric, runs.unit.base, runs.table}, means.size());
        if (first) {
            BenchmarkMeanChange added;
            added.metric = runs.metric;
            added.unit = runs.unit;
            added.table = runs.table;
            added.better = betterOf(runs.metric, runs.unit);
            means.push_back(std::move(added));
            medians.emplace_back();
        }
        return found->second;
    };
    for (const auto &runs : base) {
        auto &table = medians[tableOf(runs)];
        table.base.push_back(summarize(sorted(runs.values)).median);
        table.baseOnly += both.contains(keyOf(runs)) ? 0 : 1;
    }
    for (const auto &runs : cand)
        medians[tableOf(runs)].cand.push_back(summarize(sorted(runs.values)).median);
    for (const auto &one : diff.benchmarks) {
        auto &table = medians[index.at({one.metric, one.unit.base, one.table})];
        table.both.push_back(&one);
        const auto before = one.base.median, after = one.cand.median;
        if (before == after)
            table.ratios.push_back(1); // 0 of 0 too
        else if (before == 0)
            table.ratioIsKnown = false;
        else
            table.ratios.push_back(after / before);
    }
    std::vector<BenchmarkMeanChange> out;
    for (std::size_t i = 0; i < means.size(); ++i) {
        if (medians[i].both.empty() || medians[i].base.size() + medians[i].cand.size() < 3)
            continue; // of one benchmark there is no mean
        finishMean(means[i], medians[i], options.rounds);
        if (means[i].change.verdict != Verdict::NotEnoughData)
            judge(means[i].change, means[i].better, options.rules);
        out.push_back(std::move(means[i]));
    }
    return out;
}

std::string methodOf(const BenchmarkDiffOptions &options)
{
    std::string out =
        "Medians with intervals of order statistics, and the two-sided test of Mann and Whitney, "
        "as "
        "benchstat computes them. A verdict is given where p, not adjusted for the number of "
        "benchmarks, is at most " +
        formatBenchmark(options.rules.alpha, {}) +
        "; p after Holm stands beside. The interval of a ratio is that of Hodges and Lehmann on "
        "logarithms: every factor between the samples that the test does not reject at 5 %. That "
        "of "
        "a geometric mean is a bootstrap of the runs of each benchmark.";
    if (options.rules.noise > 0)
        out += " Changes whose interval reaches within " +
               formatBenchmark(100 * options.rules.noise, {}) + " % are called no evidence.";
    return out;
}

} // namespace

Better betterOf(std::string_view metric, const BenchmarkUnit &unit)
{
    const std::string_view base = unit.base;
    // JMH's profilers: who does more in a second allocates more in it.
    if (metric.find("alloc.rate") != metric.npos && !base.ends_with("/op"))
        return Better::Neither;
    // "B/s", "items/sec", "ops/ms" of JMH.
    for (const auto *time : {"/s", "/sec", "/second", "/ms", "/us", "/\u00b5s", "/ns", "/min"}) {
        if (base.ends_with(time))
            return Better::Higher;
    }
    for (const auto *word : {"throughput", "per_second", "ops_per", "/s", "/sec"}) {
        if (metric.find(word) != metric.npos)
            return Better::Higher;
    }
    const auto measure = base.substr(0, base.find('/'));
    const auto symbol = measure.substr(measure.find_last_of('-') + 1);
    if (symbol == "s" || symbol == "B" || base.ends_with("/op") || base.ends_with("/iter"))
        return Better::Lower;
    return Better::Neither;
}

BenchmarkDiff diffBenchmarks(std::span<const BenchmarkRuns> base,
                             std::span<const BenchmarkRuns> cand,
                             const BenchmarkDiffOptions &options)
{
    BenchmarkDiff out;
    out.method = methodOf(options);
    std::map<Key, const BenchmarkRuns *> candidates;
    for (const auto &runs : cand) {
        if (!runs.values.empty())
            candidates.try_emplace(keyOf(runs), &runs);
    }
    std::vector<Key> matched;
    for (const auto &runs : base) {
        const auto found = candidates.find(keyOf(runs));
        if (runs.values.empty() || found == candidates.end()) {
            out.onlyBase.push_back(titleOf(runs));
            continue;
        }
        out.benchmarks.push_back(changeOf(runs, *found->second, options.rules));
        matched.push_back(keyOf(runs));
    }
    std::map<Key, const BenchmarkChange *> both;
    for (std::size_t i = 0; i < matched.size(); ++i)
        both.emplace(matched[i], &out.benchmarks[i]);
    for (const auto &runs : cand) {
        if (!both.contains(keyOf(runs)))
            out.onlyCand.push_back(titleOf(runs));
    }
    adjust(out.benchmarks);
    out.means = meansOf(out, base, cand, both, options);
    return out;
}

} // namespace flamewright
