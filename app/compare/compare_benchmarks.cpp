#include "analysis/compare/benchmark_diff.h"
#include "app/benchmark_report.h"
#include "app/compare/change_text.h"
#include "app/compare/compare.h"
#include "capture/base/format_value.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>

namespace flamewright {
namespace {

using Labels = std::map<std::string, std::string>;

constexpr std::size_t kMaxNamed = 5;     // in a note
constexpr std::size_t kMaxSentences = 6; // about single benchmarks

struct Side {
    std::vector<BenchmarkRuns> runs;
    std::vector<std::string> onlyComputed;
};

Result<Side> readSide(const std::vector<ComparedCapture> &captures, JobContext &job)
{
    BenchmarkRunsBuilder builder;
    std::uint32_t nth = 0; // captures of several sessions can have the same id
    for (const auto &one : captures) {
        FW_ASSIGN(const auto reader, one.session->reader());
        FW_TRY(addBenchmarkRuns(*reader, one.info, CaptureId{++nth}, builder, job));
    }
    Side out;
    out.runs = builder.finish();
    out.onlyComputed = builder.onlyComputed();
    return out;
}

// What stands before the benchmarks of Go is the configuration of a run, and benchstat puts what is
// configured otherwise into another table: with "note: old" here and "note: new" there it compares
// nothing until told to ignore the note. What has one value on each side tells the sides apart
// and no benchmarks: it is ignored here, and said. Another package is other code.
void matchSettings(Side &base, Side &cand, std::vector<std::string> &notes)
{
    std::map<std::string, std::set<std::string>> before, after;
    const auto collect = [](const Side &side, auto &into) {
        for (const auto &runs : side.runs) {
            for (const auto &[key, value] : benchmarkLabels(runs.labels))
                into[key].insert(value);
        }
    };
    collect(base, before);
    collect(cand, after);
    std::set<std::string> ignored;
    for (const auto &[key, values] : before) {
        const auto other = after.find(key);
        if (key == "pkg" || other == after.end() || values.size() != 1 ||
            other->second.size() != 1 || values == other->second)
            continue;
        ignored.insert(key);
        notes.push_back(
            key + " is '" + *values.begin() + "' before and '" + *other->second.begin() +
            "' after: benchmarks are compared nevertheless, as with benchstat -ignore " + key);
    }
    for (auto *side : {&base, &cand}) {
        for (auto &runs : side->runs) {
            auto labels = benchmarkLabels(runs.labels);
            std::erase_if(labels, [&](const auto &one) { return ignored.contains(one.first); });
            runs.labels = labelsJson(labels);
            runs.table = runs.labels;
        }
    }
}

// "ns/op" is in seconds here, as benchstat writes it: "sec/op".
std::string figureOf(const std::string &metric, const BenchmarkUnit &unit)
{
    if (benchmarkUnit(metric).base != unit.base)
        return metric;
    return unit.base.starts_with("s/") ? "sec" + unit.base.substr(1) : unit.base;
}

Labels commonOf(const BenchmarkDiff &diff)
{
    std::vector<BenchmarkGroup> groups;
    for (const auto &one : diff.benchmarks) {
        groups.emplace_back();
        groups.back().labels = one.labels;
    }
    return commonLabels(groups);
}

std::string detailOf(const std::string &labelsText, const Labels &common)
{
    auto labels = benchmarkLabels(labelsText);
    std::erase_if(labels, [&](const auto &one) { return common.contains(one.first); });
    return labelText(labels);
}

bool isJudged(const ComparedItem &item)
{
    return item.change.verdict == Verdict::Regressed || item.change.verdict == Verdict::Improved;
}

// Halved and doubled are as far; without a ratio there is nothing to sort by.
double sizeOf(const ComparedItem &item)
{
    const auto ratio = item.change.ratio();
    if (!ratio)
        return isJudged(item) ? 1 : 0;
    return *ratio > -1 ? std::abs(std::log1p(*ratio)) : 50;
}

// How fast something is comes before what it takes.
bool isTime(const ComparedItem &item)
{
    const std::string_view unit = item.unit;
    return unit == "s" || unit.starts_with("s/") || unit.ends_with("-s") || unit.ends_with("/s");
}

std::vector<ComparedItem> itemsOf(const BenchmarkDiff &diff)
{
    const auto common = commonOf(diff);
    std::vector<ComparedItem> out;
    for (const auto &one : diff.benchmarks) {
        ComparedItem item{.name = one.name, .detail = detailOf(one.labels, common)};
        item.figure = figureOf(one.metric, one.unit);
        item.unit = one.unit.base;
        item.better = one.better;
        item.change = one.change;
        item.baseRuns = one.baseValues;
        item.candRuns = one.candValues;
        out.push_back(std::move(item));
    }
    const auto rank = [](const ComparedItem &item) {
        return isJudged(item) ? 0 : item.change.verdict == Verdict::NoEvidence ? 1 : 2;
    };
    std::stable_sort(out.begin(), out.end(), [&](const ComparedItem &a, const ComparedItem &b) {
        if (rank(a) != rank(b))
            return rank(a) < rank(b);
        if (rank(a) != 0)
            return false;
        return isTime(a) != isTime(b) ? isTime(a) : sizeOf(a) > sizeOf(b);
    });
    for (const auto &mean : diff.means) {
        if (mean.benchmarks < 2)
            continue;
        ComparedItem item{.name = "geomean", .detail = detailOf(mean.table, common)};
        item.figure = figureOf(mean.metric, mean.unit);
        item.unit = mean.unit.base;
        item.better = mean.better;
        item.change = mean.change;
        out.push_back(std::move(item));
    }
    return out;
}

std::string pText(double p)
{
    char text[32];
    if (p < 0.0005)
        return "p < 0.001";
    std::snprintf(text, sizeof text, "p = %.3f", p);
    return text;
}

std::string countOf(std::size_t n, const std::string &what)
{
    return formatCount(static_cast<std::int64_t>(n)) + " " + what + (n == 1 ? "" : "s");
}

std::string sentenceOf(const ComparedItem &item)
{
    const auto &change = item.change;
    auto out = item.name + (item.detail.empty() ? "" : " [" + item.detail + "]") + " " +
               std::string(wordsOf(change.verdict)) + " in " + figureText(item) + ": " +
               evidenceText(item);
    if (change.p)
        out += ", " + pText(*change.p);
    return out + ".";
}

// How it went as a whole, then the largest changes.
void say(ComparedSection &section)
{
    std::size_t regressed = 0, improved = 0, few = 0, all = 0;
    for (const auto &item : section.items) {
        if (item.name == "geomean")
            continue;
        ++all;
        regressed += item.change.verdict == Verdict::Regressed ? 1 : 0;
        improved += item.change.verdict == Verdict::Improved ? 1 : 0;
        few += item.change.verdict == Verdict::NotEnoughData ? 1 : 0;
    }
    // The largest change of each figure, so that none hides another; then the others.
    std::set<std::string> said;
    std::vector<const ComparedItem *> first, rest;
    for (const auto &item : section.items) {
        if (isJudged(item) && item.name != "geomean")
            (said.insert(item.figure).second ? first : rest).push_back(&item);
    }
    first.insert(first.end(), rest.begin(), rest.end());
    for (const auto *item : first) {
        if (section.sentences.size() < kMaxSentences)
            section.sentences.push_back(sentenceOf(*item));
    }
    std::string whole = "Of " + countOf(all, "figure") + " of benchmarks " +
                        std::to_string(regressed) + " regressed and " + std::to_string(improved) +
                        " improved";
    if (const auto unclear = all - regressed - improved - few; unclear > 0)
        whole += ", " + std::to_string(unclear) + " without evidence of a change";
    if (few > 0)
        whole += ", " + std::to_string(few) + " with too few runs";
    section.sentences.push_back(whole + ".");
    if (!section.items.empty() && isJudged(section.items.front()))
        section.weight = std::abs(section.items.front().change.ratio().value_or(1));
}

void noteNames(std::vector<std::string> &notes, const std::vector<std::string> &names,
               const std::string &what)
{
    if (names.empty())
        return;
    auto text = what + ": ";
    for (std::size_t i = 0; i < names.size() && i < kMaxNamed; ++i)
        text += (i == 0 ? "" : ", ") + names[i];
    if (names.size() > kMaxNamed)
        text += " and " + std::to_string(names.size() - kMaxNamed) + " more";
    notes.push_back(text);
}

void noteRest(ComparedSection &section, const Side &base, const Side &cand)
{
    const auto &diff = *section.benchmarks;
    noteNames(section.notes, diff.onlyBase, "before only, not compared");
    noteNames(section.notes, diff.onlyCand, "after only, not compared");
    for (const auto &mean : diff.means) {
        if (mean.setsDiffer)
            section.notes.push_back("the geometric mean of " + figureOf(mean.metric, mean.unit) +
                                    " is over the " + std::to_string(mean.benchmarks) +
                                    " benchmarks that both sides have");
    }
    std::set<std::string> computed(base.onlyComputed.begin(), base.onlyComputed.end());
    computed.insert(cand.onlyComputed.begin(), cand.onlyComputed.end());
    noteNames(section.notes, {computed.begin(), computed.end()},
              "only figures that the tool computed, nothing to test");
    std::uint64_t failed = 0;
    for (const auto *side : {&base, &cand}) {
        for (const auto &runs : side->runs)
            failed += runs.failed;
    }
    if (failed > 0)
        section.notes.push_back(formatCount(static_cast<std::int64_t>(failed)) +
                                " values are of runs that failed; they count");
}

} // namespace

Result<ComparedSection> compareBenchmarks(const ComparedPair &pair, const CompareContext &context)
{
    FW_ASSIGN(auto base, readSide(pair.base, context.job));
    FW_ASSIGN(auto cand, readSide(pair.cand, context.job));
    ComparedSection out{.kind = pair.kind, .title = pair.title};
    for (const auto &one : pair.base)
        out.baseCaptures.push_back(one.info.desc.name);
    for (const auto &one : pair.cand)
        out.candCaptures.push_back(one.info.desc.name);
    const auto isGo = [](const ComparedCapture &one) {
        return one.info.desc.formatId == "go-bench";
    };
    if (std::all_of(pair.base.begin(), pair.base.end(), isGo) &&
        std::all_of(pair.cand.begin(), pair.cand.end(), isGo))
        matchSettings(base, cand, out.notes);
    FW_TRY(context.job.checkpoint());
    BenchmarkDiffOptions options{.rounds = context.options.rounds};
    options.rules.alpha = context.options.alpha;
    options.rules.noise = context.options.noise.value_or(0);
    auto diff = std::make_shared<BenchmarkDiff>(diffBenchmarks(base.runs, cand.runs, options));
    if (diff->benchmarks.empty())
        return fail(Errc::Usage, "no benchmark with measured values is on both sides");
    out.method = diff->method;
    out.benchmarks = diff;
    out.items = itemsOf(*diff);
    say(out);
    noteRest(out, base, cand);
    return out;
}

} // namespace flamewright
