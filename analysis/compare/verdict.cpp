#include "analysis/compare/verdict.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace flamewright {

std::string_view nameOf(Verdict verdict)
{
    switch (verdict) {
    case Verdict::NoEvidence: return "no_evidence";
    case Verdict::NotEnoughData: return "not_enough_data";
    case Verdict::Regressed: return "regressed";
    case Verdict::Improved: return "improved";
    }
    return "no_evidence";
}

std::string_view wordsOf(Verdict verdict)
{
    switch (verdict) {
    case Verdict::NoEvidence: return "not enough evidence";
    case Verdict::NotEnoughData: return "not enough data";
    case Verdict::Regressed: return "regressed";
    case Verdict::Improved: return "improved";
    }
    return "not enough evidence";
}

std::optional<double> Change::ratio() const
{
    if (!base || !cand || *base == 0)
        return std::nullopt;
    return *cand / *base - 1;
}

void judge(Change &change, Better better, const VerdictRules &rules)
{
    if (change.verdict == Verdict::NotEnoughData)
        return;
    change.verdict = Verdict::NoEvidence;
    if (!change.relative && !change.difference) {
        change.verdict = Verdict::NotEnoughData;
        if (change.why.empty())
            change.why = "no interval can be computed";
        return;
    }
    const bool up =
        change.relative ? change.relative->low > rules.noise : change.difference->low > 0;
    const bool down =
        change.relative ? change.relative->high < -rules.noise : change.difference->high < 0;
    const auto p = change.adjustedP ? change.adjustedP : change.p;
    if (!up && !down) {
        const auto inside = change.relative && change.relative->low >= -rules.noise &&
                            change.relative->high <= rules.noise;
        change.why = inside ? "within the noise" : "the interval does not rule out chance";
        return;
    }
    if (p && *p > rules.alpha) {
        change.why = "one of many tests: chance is not ruled out";
        return;
    }
    change.why.clear();
    if (better == Better::Neither) {
        change.why = "neither way is better by itself";
        return;
    }
    change.verdict = up == (better == Better::Higher) ? Verdict::Improved : Verdict::Regressed;
}

std::vector<double> holmAdjusted(std::span<const double> p)
{
    std::vector<std::size_t> order(p.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
    std::vector<double> out(p.size());
    double before = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        const auto times = static_cast<double>(order.size() - i);
        before = std::max(before, std::min(1.0, p[order[i]] * times));
        out[order[i]] = before;
    }
    return out;
}

} // namespace flamewright
