#include "analysis/compare/drawn_change.h"

#include "analysis/compare/student_t.h"
#include "analysis/intervals.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace flamewright {
namespace {

constexpr double kTail = 0.025;
constexpr std::uint64_t kLeastBlocks = 5;
// F of 7 and 49 degrees of freedom is above 3.0 in one of a hundred, and blocks tell a little too little.
constexpr double kPlainly = 3.5;
constexpr double kLeastVariance = std::numeric_limits<double>::min();

double identity(double value)
{
    return value;
}
double logarithm(double value)
{
    return std::log(value);
}

template <class Scale>
double varianceOf(const std::vector<double> &values, Scale scale)
{
    double n = 0, mean = 0, squares = 0;
    for (const auto value : values) {
        if (std::isnan(value))
            continue;
        const auto x = scale(value);
        const auto off = x - mean;
        mean += off / ++n;
        squares += off * (x - mean);
    }
    return n > 1 ? squares / (n - 1) : 0;
}

// How far a figure of one side is spread: as drawn, and as it is in truth, known with so many
// degrees of freedom.
struct Spread {
    double drawn = 0, variance = 0, degrees = 1;
    double drift = 0; // in `variance`: what no round has
};

template <class Scale>
Spread spreadOf(const FigureDraws &draws, std::uint64_t blocks, std::uint32_t runs, Scale scale)
{
    Spread out;
    out.drawn = varianceOf(draws.rounds, scale);
    // Drawing from n blocks, or runs, has (n - 1) / n of their variance.
    const auto n = static_cast<double>(std::max<std::uint64_t>(blocks, 2)), r = double{1} * runs;
    const auto drawnWithin = runs > 1 ? varianceOf(draws.within, scale) : out.drawn;
    const auto within = drawnWithin * n / (n - 1);
    const auto between = runs > 1 ? std::max(out.drawn - drawnWithin, 0.0) * r / (r - 1) : 0;
    out.variance = within + between;
    // Welch and Satterthwaite.
    const auto uncertain = within * within / (n - 1) + (runs > 1 ? between * between / (r - 1) : 0);
    out.degrees = uncertain > kLeastVariance ? out.variance * out.variance / uncertain : n - 1;
    return out;
}

// The difference of two sides.
Spread together(const Spread &a, const Spread &b)
{
    Spread out{.drawn = a.drawn + b.drawn, .variance = a.variance + b.variance};
    const auto uncertain =
        a.variance * a.variance / a.degrees + b.variance * b.variance / b.degrees;
    out.degrees = uncertain > kLeastVariance ? out.variance * out.variance / uncertain
                                             : std::min(a.degrees, b.degrees);
    return out;
}

// Parts of a run have as many times the variance of all of it. Only what is plainly more counts.
void addDrift(const Drift &drift, Spread &spread)
{
    const auto parts = static_cast<double>(drift.parts);
    const auto explained = parts * spread.variance;
    if (drift.variance <= kPlainly * explained)
        return;
    const auto more = drift.variance - explained;
    const auto all = spread.variance + more;
    const auto uncertain =
        spread.variance * spread.variance / spread.degrees + more * more / (parts - 1);
    spread.degrees = all * all / uncertain;
    spread.variance = all;
    spread.drift = more;
}

// The middle 95 % of `values`, stretched about `value`, which is in it.
ChangeInterval intervalOf(std::vector<double> &values, double value, const Spread &spread)
{
    // By how much the drawn interval is too narrow.
    const auto t = student95(spread.degrees);
    const auto within = spread.variance - spread.drift;
    const auto factor = (spread.drawn > 0 ? std::sqrt(within / spread.drawn) : 1) * t / kZ95;
    const auto more = t * std::sqrt(spread.drift);

    std::sort(values.begin(), values.end());
    const auto last = static_cast<double>(values.size() - 1);
    const auto low = values[static_cast<std::size_t>(std::floor(kTail * last))];
    const auto high = values[static_cast<std::size_t>(std::ceil((1 - kTail) * last))];
    return {value - std::hypot(factor * std::max(value - low, 0.0), more),
            value + std::hypot(factor * std::max(high - value, 0.0), more)};
}

// The chance of at least this distance, by Student's t where all rounds are on one side of 0, and
// at least what the rounds say.
double chanceOf(double distance, const Spread &spread, std::span<const double> rounds)
{
    if (distance == 0)
        return 1;
    const auto error = std::sqrt(spread.variance);
    const auto p = error > 0 ? studentTwoSided(distance / error, spread.degrees) : 0;
    const auto across = std::count_if(rounds.begin(), rounds.end(), [&](double value) {
        return distance > 0 ? value <= 0 : value >= 0;
    });
    const auto drawn = 2 * static_cast<double>(across) / static_cast<double>(rounds.size());
    return std::min(std::max(p, drawn), 1.0);
}

// Wilson's interval for numbers that need not be whole.
Interval score(double hits, double n, double z)
{
    const auto p = hits / n, zz = z * z / n;
    const auto middle = (p + zz / 2) / (1 + zz);
    const auto half = z / (1 + zz) * std::sqrt(p * (1 - p) / n + zz / (4 * n));
    return {std::max(middle - half, 0.0), std::min(middle + half, 1.0)};
}

bool tooFewBlocks(std::uint64_t base, std::uint64_t cand, Change &out)
{
    if (std::min(base, cand) >= kLeastBlocks)
        return false;
    out.verdict = Verdict::NotEnoughData;
    out.why =
        "the requests are in less than " + std::to_string(kLeastBlocks) + " blocks of the time";
    return true;
}

} // namespace

Change drawnChange(const DrawnFigure &base, const DrawnFigure &cand, double resolution,
                   const std::optional<Drift> &drift)
{
    Change out{.base = base.value, .cand = cand.value};
    out.baseCount = base.requests;
    out.candCount = cand.requests;
    out.baseRuns = base.runs;
    out.candRuns = cand.runs;
    if (tooFewBlocks(base.blocks, cand.blocks, out))
        return out;
    const auto &b = base.draws.rounds, &c = cand.draws.rounds;
    std::vector<double> difference, logs;
    bool positive = base.value > 0 && cand.value > 0;
    for (std::size_t i = 0; i < std::min(b.size(), c.size()); ++i) {
        if (std::isnan(b[i]) || std::isnan(c[i]))
            continue;
        difference.push_back(c[i] - b[i]);
        positive = positive && b[i] > 0 && c[i] > 0;
        if (positive)
            logs.push_back(std::log(c[i] / b[i]));
    }
    if (difference.size() < b.size() * 9 / 10 || difference.size() < 2) {
        out.verdict = Verdict::NotEnoughData;
        out.why = "the requests are in too small a part of the time";
        return out;
    }
    const auto spread = [&](auto scale) {
        return together(spreadOf(base.draws, base.blocks, base.runs, scale),
                        spreadOf(cand.draws, cand.blocks, cand.runs, scale));
    };
    const auto linear = spread(identity);
    const auto scaled = positive ? spread(logarithm) : Spread{};
    auto wideLinear = linear, wideScaled = scaled;
    if (positive && drift) {
        addDrift(*drift, wideScaled);
        // The same in the unit: what a small ratio is of the mean of both sides.
        const auto middle = (base.value + cand.value) / 2;
        addDrift({drift->variance * middle * middle, drift->parts}, wideLinear);
    }
    const auto delta = cand.value - base.value;
    const auto away = std::max(std::abs(delta) - resolution, 0.0);
    out.difference = intervalOf(difference, delta, wideLinear);
    out.difference->low -= resolution;
    out.difference->high += resolution;
    if (!positive) {
        out.p = chanceOf(std::copysign(away, delta), linear, difference);
        if (base.value > 0)
            out.relative = {std::max(-1.0, out.difference->low / base.value),
                            out.difference->high / base.value};
        return out;
    }
    const auto ratio = std::log(cand.value / base.value);
    const auto interval = intervalOf(logs, ratio, wideScaled);
    // Nothing takes less than no time, however coarse the clock is.
    out.relative = {std::max(-1.0, std::expm1(interval.low) - resolution / base.value),
                    std::expm1(interval.high) + resolution / base.value};
    const auto nearer = std::log((base.value + away) / base.value);
    const auto lower = std::log((cand.value + away) / cand.value);
    out.p = chanceOf(delta > 0 ? nearer : -lower, scaled, logs);
    return out;
}

ChangeInterval drawnBand(const DrawnFigure &figure)
{
    std::vector<double> values;
    for (const auto value : figure.draws.rounds) {
        if (!std::isnan(value))
            values.push_back(value);
    }
    if (values.empty())
        return {figure.value, figure.value};
    const auto spread = spreadOf(figure.draws, figure.blocks, figure.runs, identity);
    auto out = intervalOf(values, figure.value, spread);
    out.low = std::max(out.low, std::min(0.0, figure.value));
    return out;
}

Change drawnShareChange(const DrawnShare &base, const DrawnShare &cand)
{
    const auto n1 = static_cast<double>(base.of), n2 = static_cast<double>(cand.of);
    const auto x1 = static_cast<double>(base.hits), x2 = static_cast<double>(cand.hits);
    const auto p1 = x1 / n1, p2 = x2 / n2;
    Change out{.base = p1, .cand = p2};
    out.baseCount = base.of;
    out.candCount = cand.of;
    out.baseRuns = base.runs;
    out.candRuns = cand.runs;
    if (tooFewBlocks(base.blocks, cand.blocks, out))
        return out;
    const auto spread = together(spreadOf(base.draws, base.blocks, base.runs, identity),
                                 spreadOf(cand.draws, cand.blocks, cand.runs, identity));
    const auto independent = p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2;
    const auto more = independent > 0 ? std::max(spread.variance / independent, 1.0) : 1.0;
    const auto z = student95(spread.degrees);
    const auto first = score(x1 / more, n1 / more, z), second = score(x2 / more, n2 / more, z);
    const auto delta = p2 - p1;
    out.difference = {delta - std::hypot(p2 - second.low, first.high - p1),
                      delta + std::hypot(second.high - p2, p1 - first.low)};
    if (base.hits == 0 && cand.hits == 0) {
        out.why = "no request failed";
        return out;
    }
    if (base.hits > 0 && cand.hits > 0) {
        // The logarithm of the ratio is about normal (Katz and others 1978).
        const auto half = z * std::sqrt(more * std::max((1 - p1) / x1 + (1 - p2) / x2, 0.0));
        const auto ratio = std::log(p2 / p1);
        out.relative = {std::expm1(ratio - half), std::expm1(ratio + half)};
    }
    const auto pooled = (x1 + x2) / (n1 + n2);
    const auto halves = more * (1 / n1 + 1 / n2);
    const auto error = std::sqrt(pooled * (1 - pooled) * halves);
    // Yates' correction: counts are whole.
    const auto distance = std::max(std::abs(delta) - halves / 2, 0.0);
    out.p = distance == 0 ? 1.0 : error > 0 ? studentTwoSided(distance / error, spread.degrees) : 0;
    return out;
}

} // namespace flamewright
