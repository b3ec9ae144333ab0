#include "analysis/compare/rate_change.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace flamewright {
namespace {

constexpr double kAlpha = 0.05; // of intervals: 95 %

// A side as effective samples: value / divisor = count / exposure.
struct Effective {
    double count = 0, exposure = 1;
    double rate() const { return count / exposure; }
};

// `each`: what one effective sample stands for.
Effective effective(const SampledAmount &side, double each)
{
    return {side.value / each, side.divisor / each};
}

// variance / value; 0: there is nothing.
double valueOfOne(const SampledAmount &side)
{
    return side.value > 0 && side.variance > 0 ? side.variance / side.value : 0;
}

double freedomOf(const SampledAmount &base, const SampledAmount &cand)
{
    double sum = 0, below = 0;
    for (const auto *side : {&base, &cand}) {
        if (!(side->value > 0))
            continue;
        const auto relative = side->variance / (side->value * side->value);
        sum += relative;
        if (side->freedom > 0)
            below += relative * relative / side->freedom;
    }
    return below > 0 ? sum * sum / below : 0;
}

ChangeInterval scoreInterval(const Effective &side, double z)
{
    const auto half = z * std::sqrt(side.count + z * z / 4);
    const auto middle = side.count + z * z / 2;
    return {std::max(0.0, middle - half) / side.exposure, (middle + half) / side.exposure};
}

ChangeInterval differenceInterval(const Effective &base, const Effective &cand, double z)
{
    const auto a = scoreInterval(base, z), b = scoreInterval(cand, z);
    const auto delta = cand.rate() - base.rate();
    return {delta - std::hypot(cand.rate() - b.low, a.high - base.rate()),
            delta + std::hypot(b.high - cand.rate(), base.rate() - a.low)};
}

ChangeInterval ratioInterval(const Effective &base, const Effective &cand, double z)
{
    const auto n = base.count + cand.count;
    const auto middle = cand.count + z * z / 2;
    const auto half = z * std::sqrt(cand.count * base.count / n + z * z / 4);
    const auto odds = base.exposure / cand.exposure;
    // Of the share: (middle -+ half) / (n + z^2); of its odds the denominator falls out.
    const auto low = std::max(0.0, middle - half), high = middle + half;
    return {low / (n + z * z - low) * odds - 1, high / (n + z * z - high) * odds - 1};
}

// The signed root of the likelihood ratio of binomial counts against equal rates.
double deviation(const Effective &base, const Effective &cand)
{
    const auto n = base.count + cand.count;
    const auto expected = n * (cand.exposure / (base.exposure + cand.exposure));
    const auto off = cand.count - expected;
    const auto less = std::min(0.5, std::abs(off));
    const auto seen = cand.count - std::copysign(less, off);
    const auto term = [](double count, double of) {
        return count > 0 ? count * std::log(count / of) : 0;
    };
    const auto twice = 2 * (term(seen, expected) + term(n - seen, n - expected));
    return std::copysign(std::sqrt(std::max(0.0, twice)), off);
}

} // namespace

double studentP(double t, double freedom)
{
    t = std::abs(t);
    if (!(freedom > 0))
        return std::erfc(t / std::numbers::sqrt2);
    if (freedom < 2) // the fewer, the wider
        return 2 / std::numbers::pi * std::atan2(1, t);
    if (freedom < 3)
        return 2 / (2 + t * t + t * std::sqrt(2 + t * t));
    const auto a = freedom - 0.5, b = 48 * a * a;
    const auto y = a * std::log1p(t * t / freedom);
    const auto z =
        (((((-0.4 * y - 3.3) * y - 24) * y - 85.5) / (0.8 * y * y + 100 + b) + y + 3) / b + 1) *
        std::sqrt(y);
    return std::erfc(z / std::numbers::sqrt2);
}

double studentQuantile(double p, double freedom)
{
    double low = 0, high = 1e3;
    for (int i = 0; i < 60; ++i) {
        const auto middle = (low + high) / 2;
        (studentP(middle, freedom) > p ? low : high) = middle;
    }
    return high;
}

Change rateChange(const SampledAmount &base, const SampledAmount &cand, bool presentInBase,
                  bool presentInCand)
{
    Change out;
    out.baseCount = base.samples;
    out.candCount = cand.samples;
    out.baseRuns = base.runs;
    out.candRuns = cand.runs;
    if (presentInBase)
        out.base = base.value / base.divisor;
    if (presentInCand)
        out.cand = cand.value / cand.divisor;
    const auto eachBase = valueOfOne(base), eachCand = valueOfOne(cand);
    const auto spare = std::max(eachBase, eachCand);
    if (base.value < 0 || cand.value < 0 || !(spare > 0)) {
        out.verdict = Verdict::NotEnoughData;
        out.why = base.value < 0 || cand.value < 0   ? "negative values have no interval"
                  : base.samples + cand.samples == 0 ? "no samples"
                                                     : "nothing is known of how much it varies";
        return out;
    }
    const auto a = effective(base, eachBase > 0 ? eachBase : spare);
    const auto b = effective(cand, eachCand > 0 ? eachCand : spare);
    const auto freedom = freedomOf(base, cand);
    const auto z = studentQuantile(kAlpha, freedom);
    out.difference = differenceInterval(a, b, z);
    if (presentInBase && presentInCand && a.count > 0)
        out.relative = ratioInterval(a, b, z);
    out.p = std::max(studentP(deviation(a, b), freedom), 1e-300);
    if (std::max(a.count, b.count) < kFewestSamples) {
        out.verdict = Verdict::NotEnoughData;
        out.why = "too few samples";
    }
    return out;
}

} // namespace flamewright
