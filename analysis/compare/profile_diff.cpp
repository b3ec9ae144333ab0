#include "analysis/compare/profile_diff.h"

#include "analysis/compare/profile_amounts.h"
#include "analysis/compare/profile_union.h"
#include "analysis/compare/rename_suggestions.h"

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

double divisorOf(std::span<const ProfileRun> runs)
{
    double out = 0;
    for (const auto &run : runs)
        out += run.divisor;
    return out > 0 ? out : 1;
}

std::vector<double> runValues(const std::vector<ProfileUnion::Run> &runs,
                              std::span<const ProfileRun> of, std::size_t function,
                              std::vector<ProfileUnion::Sums> ProfileUnion::Run::*which)
{
    std::vector<double> out(runs.size());
    for (std::size_t r = 0; r < runs.size(); ++r)
        out[r] = static_cast<double>((runs[r].*which)[function].value) / of[r].divisor;
    return out;
}

// Verdicts of many changes that were tested together.
void judgeTogether(const std::vector<Change *> &changes, const VerdictRules &rules)
{
    std::vector<double> p;
    std::vector<Change *> tested;
    for (auto *change : changes) {
        if (change->verdict == Verdict::NotEnoughData || !change->p)
            continue;
        tested.push_back(change);
        p.push_back(*change->p);
    }
    const auto adjusted = holmAdjusted(p);
    for (std::size_t i = 0; i < tested.size(); ++i) {
        tested[i]->adjustedP = adjusted[i];
        judge(*tested[i], Better::Lower, rules);
    }
}

// Whether a figure is large enough on either side to be tested.
bool isLarge(const SampledAmount &base, const SampledAmount &cand, double baseWhole,
             double candWhole, double smallest)
{
    return base.value >= smallest * baseWhole || cand.value >= smallest * candWhole;
}

void judgeFunctions(const ProfileUnion &both, const BothAmounts &amounts,
                    const ProfileDiffOptions &options, ProfileDiff &out)
{
    const auto baseWhole = amounts.base.total[0].value, candWhole = amounts.cand.total[0].value;
    std::vector<Change *> tested;
    std::size_t small = 0;
    const auto decide = [&](Change &change, const SampledAmount &base, const SampledAmount &cand) {
        if (isLarge(base, cand, baseWhole, candWhole, options.smallest)) {
            tested.push_back(&change);
        } else if (change.verdict != Verdict::NotEnoughData) {
            change.why = "too small a share of both sides to be tested";
            ++small;
        }
    };
    out.table.reserve(both.functions.size());
    for (std::uint32_t f = 1; f < both.functions.size(); ++f) {
        auto &row = out.table.emplace_back();
        row.function = f;
        const bool inBase = both.sides[f] & ProfileUnion::kInBase,
                   inCand = both.sides[f] & ProfileUnion::kInCand;
        row.self = rateChange(amounts.base.self[f], amounts.cand.self[f], inBase, inCand);
        row.total = rateChange(amounts.base.total[f], amounts.cand.total[f], inBase, inCand);
        decide(row.self, amounts.base.self[f], amounts.cand.self[f]);
        decide(row.total, amounts.base.total[f], amounts.cand.total[f]);
    }
    judgeTogether(tested, options.rules);
    out.whole = rateChange(amounts.base.total[0], amounts.cand.total[0]);
    judgeTogether({&out.whole}, options.rules);
    if (small > 0)
        out.notes.push_back(std::to_string(small) + " figures of functions are less than " +
                            std::to_string(options.smallest * 100).substr(0, 4) +
                            " % of both totals and were not tested");
}

// A node varies at least as much as its function does, and as its part of its caller.
class NodeDispersion {
public:
    NodeDispersion(const DiffTree &tree, const SideAmounts &amounts,
                   const std::vector<double> &selfChance, const std::vector<double> &totalChance)
        : m_total(tree.size(), 1),
          m_self(tree.size(), 1)
    {
        const auto part = [](double whole, double of, double inside) {
            return inside > 0 ? 1 + (whole - 1) * std::min(1.0, of / inside) : 1;
        };
        for (std::size_t i = 0; i < tree.size(); ++i) {
            const auto function = tree.function[i];
            const auto parent = tree.parent[i];
            m_total[i] = amounts.totalDispersion[function];
            if (i > 0)
                m_total[i] = std::max(m_total[i],
                                      part(m_total[parent], totalChance[i], totalChance[parent]));
            m_self[i] = std::max(amounts.selfDispersion[function],
                                 part(m_total[i], selfChance[i], totalChance[i]));
        }
    }
    std::vector<double> m_total, m_self;
};

struct NodeSide {
    const std::vector<std::int64_t> &value, &samples;
    const std::vector<double> &chance, &dispersion;
    const std::vector<SampledAmount> &ofFunction; // degrees of freedom, divisor

    SampledAmount at(std::size_t node, std::uint32_t function) const
    {
        const auto &like = ofFunction[function];
        return {.value = static_cast<double>(value[node]),
                .variance = chance[node] * dispersion[node],
                .freedom = like.freedom,
                .divisor = like.divisor,
                .samples = static_cast<std::uint64_t>(std::max<std::int64_t>(samples[node], 0)),
                .runs = like.runs};
    }
};

// The verdicts of all nodes, tested together. Only what may be more than chance is kept meanwhile.
std::vector<Verdict> judgeNodes(const DiffTree &tree, const NodeSide &base, const NodeSide &cand,
                                const ProfileDiffOptions &options)
{
    std::vector<Verdict> out(tree.size(), Verdict::NoEvidence);
    std::vector<Change> maybe;
    std::vector<std::uint32_t> where;
    std::size_t tests = 0;
    for (std::uint32_t i = 0; i < tree.size(); ++i) {
        const auto function = tree.function[i];
        const auto a = base.at(i, function), b = cand.at(i, function);
        if (static_cast<double>(std::max(a.samples, b.samples)) < kFewestSamples) {
            out[i] = Verdict::NotEnoughData;
            continue;
        }
        auto change = rateChange(a, b, a.value > 0, b.value > 0);
        if (change.verdict == Verdict::NotEnoughData) {
            out[i] = Verdict::NotEnoughData;
            continue;
        }
        ++tests;
        if (change.p && *change.p <= options.rules.alpha) {
            maybe.push_back(std::move(change));
            where.push_back(i);
        }
    }
    // Holm with the tests that are not kept: they are the largest p.
    std::vector<double> p(tests, 1.0);
    for (std::size_t i = 0; i < maybe.size(); ++i)
        p[i] = *maybe[i].p;
    const auto adjusted = holmAdjusted(p);
    for (std::size_t i = 0; i < maybe.size(); ++i) {
        maybe[i].adjustedP = adjusted[i];
        judge(maybe[i], Better::Lower, options.rules);
        out[where[i]] = maybe[i].verdict;
    }
    return out;
}

void judgeTree(const ProfileUnion &both, const BothAmounts &amounts,
               const ProfileDiffOptions &options, DiffTree &tree)
{
    const NodeDispersion a(tree, amounts.base, both.baseSelfChance, both.baseTotalChance);
    const NodeDispersion b(tree, amounts.cand, both.candSelfChance, both.candTotalChance);
    tree.totalVerdict = judgeNodes(tree,
                                   {tree.base.total, tree.base.totalSamples, both.baseTotalChance,
                                    a.m_total, amounts.base.total},
                                   {tree.cand.total, tree.cand.totalSamples, both.candTotalChance,
                                    b.m_total, amounts.cand.total},
                                   options);
    tree.selfVerdict = judgeNodes(
        tree,
        {tree.base.self, tree.base.selfSamples, both.baseSelfChance, a.m_self, amounts.base.self},
        {tree.cand.self, tree.cand.selfSamples, both.candSelfChance, b.m_self, amounts.cand.self},
        options);
}

DividedBy dividedBy(NormaliseBy by)
{
    switch (by) {
    case NormaliseBy::Total:
    case NormaliseBy::CpuTime: return DividedBy::Itself;
    case NormaliseBy::Work: return DividedBy::Work;
    case NormaliseBy::Automatic:
    case NormaliseBy::Nothing:
    case NormaliseBy::WallTime: break;
    }
    return DividedBy::Fixed;
}

std::string methodOf(const BothAmounts &amounts, const ProfileDiffOptions &options,
                     std::size_t baseRuns, std::size_t candRuns)
{
    std::string out = "95 % intervals of ratios of sample counts (Wilson, odds), ";
    if (baseRuns > 1 && candRuns > 1)
        out += "with the variance between runs";
    else if (baseRuns > 1 || candRuns > 1)
        out += "with the variance between runs of one side, taken for that of the other";
    else
        out += amounts.base.timed && amounts.cand.timed
                   ? "with the variance over blocks of time within each run"
                   : "samples taken for independent, because they have no times";
    out += "; Holm over all tests; changes below " +
           std::to_string(std::lround(options.rules.noise * 100)) + " % count as noise";
    return out;
}

} // namespace

Result<ProfileDiff> diffProfiles(std::span<const ProfileRun> base, std::span<const ProfileRun> cand,
                                 const ProfileDiffOptions &options)
{
    FW_ASSIGN(const auto renames, RenameRules::of(options.renames));
    ProfileDiff out{.measure = cand.front().profile->measure,
                    .unit = cand.front().profile->unit,
                    .normalisation = options.normalisation,
                    .rules = options.rules};
    out.normalisation.base = divisorOf(base);
    out.normalisation.cand = divisorOf(cand);
    out.baseRuns = static_cast<std::uint32_t>(base.size());
    out.candRuns = static_cast<std::uint32_t>(cand.size());
    auto both = uniteProfiles(base, cand, renames, out.normalisation.base / out.normalisation.cand);
    const auto amounts = sampledAmounts(base, cand, both, dividedBy(options.normalisation.by));
    judgeFunctions(both, amounts, options, out);
    using Run = ProfileUnion::Run;
    out.wholeBaseRuns = runValues(both.base, base, 0, &Run::total);
    out.wholeCandRuns = runValues(both.cand, cand, 0, &Run::total);
    for (auto &row : out.table) {
        row.baseSelfRuns = runValues(both.base, base, row.function, &Run::self);
        row.candSelfRuns = runValues(both.cand, cand, row.function, &Run::self);
        row.baseTotalRuns = runValues(both.base, base, row.function, &Run::total);
        row.candTotalRuns = runValues(both.cand, cand, row.function, &Run::total);
    }
    std::stable_sort(out.table.begin(), out.table.end(),
                     [](const FunctionChange &a, const FunctionChange &b) {
                         return std::abs(a.self.delta()) > std::abs(b.self.delta());
                     });
    judgeTree(both, amounts, options, both.tree);
    out.suggestions = renameSuggestions(both);
    out.method = methodOf(amounts, options, base.size(), cand.size());
    for (auto &one : both.renamed)
        out.notes.push_back("renamed: " + std::move(one));
    out.functions = std::move(both.functions);
    out.tree = std::move(both.tree);
    return out;
}

} // namespace flamewright
