#include "analysis/span_detectors.h"
#include "app/compare/change_text.h"
#include "app/compare/compare.h"
#include "app/compare/compare_slices.h"
#include "app/compare/trace_sentences.h"
#include "app/compare/trace_side.h"
#include "capture/base/format_value.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace flamewright {
namespace {

constexpr double kNoise = 0.05;

bool isJudged(const Change &change)
{
    return change.verdict == Verdict::Improved || change.verdict == Verdict::Regressed;
}

// Items with what they are sorted by: evidence first, then ns of a trace.
class Items {
public:
    void add(ComparedItem item, double weight)
    {
        if (item.change.base || item.change.cand)
            m_all.push_back({std::move(item), weight});
    }
    std::vector<ComparedItem> take()
    {
        std::stable_sort(m_all.begin(), m_all.end(), [](const One &a, const One &b) {
            const bool first = isJudged(a.item.change), second = isJudged(b.item.change);
            return first != second ? first : a.weight > b.weight;
        });
        std::vector<ComparedItem> out;
        for (auto &one : m_all)
            out.push_back(std::move(one.item));
        return out;
    }

private:
    struct One {
        ComparedItem item;
        double weight = 0;
    };
    std::vector<One> m_all;
};

ComparedItem itemOf(const std::string &name, const std::string &detail, const char *figure,
                    const char *unit, const char *per, const Change &change)
{
    return {.name = name,
            .detail = detail,
            .figure = figure,
            .unit = unit,
            .per = per,
            .better = Better::Lower,
            .change = change};
}

void addRoot(Items &items, const TraceDiff &diff, const RootChange &root)
{
    const auto weight = weightOf(diff, root);
    const auto add = [&](const char *figure, const Change &change, double factor) {
        items.add(itemOf(root.name, root.service, figure, "ns", "", change), weight * factor);
    };
    // What people wait for comes before what it is made of.
    add("mean", root.mean, 10.2);
    add("p50", root.p50, 10.1);
    add("p99", root.p99, 10);
    const auto whole = std::max(std::abs(root.mean.delta()), 1.0);
    for (const auto &call : root.calls) {
        const auto detail = call.service + " in " + root.name;
        const auto own = std::min(std::abs(call.onCriticalPath.delta()) / whole, 1.0) * weight;
        items.add(itemOf(call.name, detail, "critical_path", "ns", "trace", call.onCriticalPath),
                  own);
        items.add(itemOf(call.name, detail, "calls", "count", "trace", call.calls), own * 0.99);
        items.add(itemOf(call.name, detail, "self", "ns", "trace", call.time), own * 0.98);
    }
}

void addOperation(Items &items, const OperationChange &one, bool isRoot)
{
    const auto weight = std::abs(one.selfPerRoot.delta());
    items.add(itemOf(one.name, one.service, "self", "ns", "trace", one.selfPerRoot), weight);
    if (!isRoot) { // roots have them already
        items.add(itemOf(one.name, one.service, "p50", "ns", "", one.p50), weight * 0.99);
        items.add(itemOf(one.name, one.service, "p99", "ns", "", one.p99), weight * 0.98);
    }
    items.add(itemOf(one.name, one.service, "calls", "count", "trace", one.calls), weight * 0.975);
    items.add(itemOf(one.name, one.service, "error_share", "share", "", one.errorShare),
              one.errorShare.delta() != 0 ? weight * 0.97 : 0);
    auto count = itemOf(one.name, one.service, "count", "count", "", one.count);
    count.better = Better::Neither;
    items.add(std::move(count), weight * 0.96);
}

std::string tracesText(std::uint64_t n)
{
    return formatCount(static_cast<std::int64_t>(n));
}

// What is said of roots that changed, the weightiest first; of none that nothing did.
void saySentences(ComparedSection &section, const std::vector<const RootChange *> &byWeight)
{
    for (const auto *root : byWeight) {
        auto sentence = sentenceOf(*root);
        if (sentence.empty())
            continue;
        // As a share of the larger side: a fall to half weighs as much as twice the time.
        const auto &mean = root->mean;
        if (section.sentences.empty())
            section.weight = std::abs(mean.delta()) /
                             std::max({mean.base.value_or(0), mean.cand.value_or(0), 1e-300});
        section.sentences.push_back(std::move(sentence));
    }
    if (section.sentences.empty() && !byWeight.empty()) {
        const auto &mean = byWeight.front()->mean;
        const ComparedItem item{.name = byWeight.front()->name, .unit = "ns", .change = mean};
        section.sentences.push_back("No root operation of traces changed with enough evidence; " +
                                    shortName(byWeight.front()->name) + " went from " +
                                    evidenceText(item) + " traces.");
    }
}

} // namespace

Result<ComparedSection> compareTraces(const ComparedPair &pair, const CompareContext &context)
{
    FW_ASSIGN(const auto base, readTraces(pair.base, context.job));
    FW_ASSIGN(const auto cand, readTraces(pair.cand, context.job));
    if (base.side.rows.empty() && cand.side.rows.empty())
        return compareSlices(pair, context);
    if (base.side.rows.empty() || cand.side.rows.empty())
        return fail(Errc::Usage, "only one side has spans of requests");
    const auto &options = context.options;
    FW_ASSIGN(auto made, diffTraces(base.side, cand.side,
                                    {.rules = {.alpha = options.alpha,
                                               .noise = options.noise.value_or(kNoise)},
                                     .rounds = options.rounds,
                                     .patterns = options.patterns,
                                     .renames = options.renames}));
    const auto diff = std::make_shared<const TraceDiff>(std::move(made));
    ComparedSection out;
    out.kind = pair.kind;
    out.title = pair.title;
    for (const auto &one : pair.base)
        out.baseCaptures.push_back(one.info.desc.name);
    for (const auto &one : pair.cand)
        out.candCaptures.push_back(one.info.desc.name);
    if (diff->baseTraces > 0 && diff->candTraces > 0)
        out.normalisation = {NormaliseBy::Work, static_cast<double>(diff->baseTraces),
                             static_cast<double>(diff->candTraces), "trace",
                             tracesText(diff->baseTraces) + " and " + tracesText(diff->candTraces) +
                                 " traces"};
    Items items;
    std::set<std::pair<std::string, std::string>> roots;
    std::vector<const RootChange *> byWeight;
    for (const auto &root : diff->roots) {
        roots.emplace(root.service, root.name);
        addRoot(items, *diff, root);
        byWeight.push_back(&root);
    }
    for (const auto &one : diff->operations)
        addOperation(items, one, roots.count({one.service, one.name}) > 0);
    out.items = items.take();
    std::stable_sort(byWeight.begin(), byWeight.end(), [&](const auto *a, const auto *b) {
        return weightOf(*diff, *a) > weightOf(*diff, *b);
    });
    for (const auto *root : byWeight)
        out.explanations.push_back(explanationOf(*root));
    saySentences(out, byWeight);
    out.method = diff->method;
    out.notes = diff->notes;
    for (const auto *side : {&base, &cand})
        out.notes.insert(out.notes.end(), side->notes.begin(), side->notes.end());
    out.traces = diff;
    return out;
}

} // namespace flamewright
