#include "analysis/usl_fit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <random>

namespace flamewright {
namespace {

constexpr unsigned kSteps = 300;  // some ten are needed
constexpr double kEnough = 1e-16; // relative change of the error
constexpr std::uint64_t kSeed = 0x75736c;
constexpr double kTail = 0.025;
constexpr double kNever = std::numeric_limits<double>::infinity();

using Vector = std::array<double, 3>; // sigma, kappa, lambda
using Matrix = std::array<Vector, 3>;

double divisor(const Vector &p, double n)
{
    return 1 + p[0] * (n - 1) + p[1] * n * (n - 1);
}

// Infinite where the law is not a throughput.
double squaredError(const Vector &p, std::span<const UslPoint> points)
{
    double out = 0;
    for (const auto &[n, x] : points) {
        const auto under = divisor(p, n);
        if (!(under > 0))
            return kNever;
        const auto off = x - p[2] * n / under;
        out += off * off;
    }
    return std::isfinite(out) ? out : kNever;
}

// a * out = b for the rows and columns in `free`, 0 for the others; false: singular. Gauss with
// pivots.
bool solve(Matrix a, Vector b, std::span<const std::size_t> free, Vector &out)
{
    const auto size = free.size();
    std::array<std::size_t, 3> row{};
    std::copy(free.begin(), free.end(), row.begin());
    for (std::size_t i = 0; i < size; ++i) {
        for (std::size_t k = i + 1; k < size; ++k) {
            if (std::abs(a[row[k]][free[i]]) > std::abs(a[row[i]][free[i]]))
                std::swap(row[i], row[k]);
        }
        const auto pivot = a[row[i]][free[i]];
        if (!(std::abs(pivot) > 0))
            return false;
        for (std::size_t k = i + 1; k < size; ++k) {
            const auto factor = a[row[k]][free[i]] / pivot;
            for (std::size_t j = i; j < size; ++j)
                a[row[k]][free[j]] -= factor * a[row[i]][free[j]];
            b[row[k]] -= factor * b[row[i]];
        }
    }
    out = {};
    for (auto i = size; i-- > 0;) {
        auto value = b[row[i]];
        for (auto j = i + 1; j < size; ++j)
            value -= a[row[i]][free[j]] * out[free[j]];
        out[free[i]] = value / a[row[i]][free[i]];
    }
    return true;
}

struct Minimum {
    Vector parameters{};
    double error = kNever;
};

// Levenberg-Marquardt over the parameters in `free`; the others stay.
Minimum minimize(std::span<const UslPoint> points, std::span<const std::size_t> free, Vector start)
{
    Minimum best{start, squaredError(start, points)};
    double damping = 1e-3;
    for (unsigned step = 0; step < kSteps && damping < 1e12; ++step) {
        Matrix normal{};
        Vector gradient{};
        for (const auto &[n, x] : points) {
            const auto under = divisor(best.parameters, n);
            const auto value = best.parameters[2] * n / under;
            const Vector slope{-value * (n - 1) / under, -value * n * (n - 1) / under, n / under};
            for (const auto i : free) {
                gradient[i] += slope[i] * (x - value);
                for (const auto j : free)
                    normal[i][j] += slope[i] * slope[j];
            }
        }
        for (const auto i : free)
            normal[i][i] *= 1 + damping;
        Vector move{};
        if (!solve(normal, gradient, free, move)) {
            damping *= 10;
            continue;
        }
        auto next = best.parameters;
        for (const auto i : free)
            next[i] += move[i];
        const auto error = squaredError(next, points);
        if (!(error < best.error)) {
            damping *= 10;
            continue;
        }
        const bool done = best.error - error <= kEnough * best.error;
        best = {next, error};
        if (done)
            break;
        damping = std::max(damping / 10, 1e-15);
    }
    return best;
}

bool allowed(const Vector &p)
{
    return p[0] >= 0 && p[1] >= 0 && p[2] >= 0;
}

// Throughputs are about 1 here, so that the steps are of one size.
Minimum bestOf(std::span<const UslPoint> points)
{
    double lambda = 0;
    for (const auto &[n, x] : points)
        lambda = std::max(lambda, x / n);
    constexpr std::size_t kAll[] = {0, 1, 2}, kNoCoherency[] = {0, 2}, kNoContention[] = {1, 2},
                          kLinear[] = {2};
    auto best = minimize(points, kAll, {0.1, 0.01, lambda});
    if (allowed(best.parameters))
        return best;
    // The best of an edge is where the best of all is not allowed: the error has one valley.
    best.error = kNever;
    const auto consider = [&](std::span<const std::size_t> free, const Vector &start) {
        const auto other = minimize(points, free, start);
        if (allowed(other.parameters) && other.error < best.error)
            best = other;
    };
    consider(kNoCoherency, {0.1, 0, lambda});
    consider(kNoContention, {0, 0.01, lambda});
    consider(kLinear, {0, 0, lambda});
    return best;
}

UslInterval middle(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    const auto last = static_cast<double>(values.size() - 1);
    return {values[static_cast<std::size_t>(std::floor(kTail * last))],
            values[static_cast<std::size_t>(std::ceil((1 - kTail) * last))]};
}

std::optional<UslInterval> finite(UslInterval interval)
{
    return std::isfinite(interval.high) ? std::optional(interval) : std::nullopt;
}

UslLaw lawOf(const Vector &p, double scale)
{
    return {p[0], p[1], p[2] * scale};
}

void bootstrap(std::span<const UslPoint> points, double scale, const UslLaw &scaled,
               unsigned resamples, UslFit &fit)
{
    // Residuals of a fit are smaller than the errors: it has bent towards them.
    const auto n = static_cast<double>(points.size());
    const auto wider = std::sqrt(n / (n - 3));
    std::vector<double> residuals;
    double mean = 0;
    for (const auto &[concurrency, x] : points) {
        residuals.push_back((x - scaled.throughput(concurrency)) * wider);
        mean += residuals.back() / n;
    }
    std::mt19937_64 random(kSeed);
    std::vector<UslPoint> again(points.begin(), points.end());
    std::vector<double> sigma, kappa, lambda, concurrency, throughput;
    for (unsigned round = 0; round < resamples; ++round) {
        for (auto &point : again)
            point.throughput = scaled.throughput(point.concurrency) +
                               residuals[random() % residuals.size()] - mean;
        const auto law = lawOf(bestOf(again).parameters, scale);
        fit.draws.push_back(law);
        sigma.push_back(law.sigma);
        kappa.push_back(law.kappa);
        lambda.push_back(law.lambda);
        concurrency.push_back(law.bestConcurrency().value_or(kNever));
        throughput.push_back(law.mostThroughput().value_or(kNever));
    }
    fit.resamples = resamples;
    if (resamples == 0)
        return;
    fit.sigma = middle(std::move(sigma));
    fit.kappa = middle(std::move(kappa));
    fit.lambda = middle(std::move(lambda));
    fit.bestConcurrency = finite(middle(std::move(concurrency)));
    fit.mostThroughput = finite(middle(std::move(throughput)));
}

} // namespace

double UslLaw::throughput(double concurrency) const
{
    return lambda * concurrency / divisor({sigma, kappa, lambda}, concurrency);
}

double UslLaw::latency(double concurrency) const
{
    return divisor({sigma, kappa, lambda}, concurrency) / lambda;
}

std::optional<double> UslLaw::bestConcurrency() const
{
    if (!(kappa > 0))
        return std::nullopt;
    return std::max(1.0, std::floor(std::sqrt(std::max((1 - sigma) / kappa, 0.0))));
}

std::optional<double> UslLaw::mostThroughput() const
{
    if (const auto best = bestConcurrency())
        return throughput(*best);
    if (sigma > 0)
        return lambda / std::min(sigma, 1.0);
    return std::nullopt;
}

std::vector<UslInterval> uslBand(const UslFit &fit, std::span<const double> concurrencies)
{
    std::vector<UslInterval> out;
    if (fit.draws.empty())
        return out;
    std::vector<double> throughput;
    for (const auto concurrency : concurrencies) {
        throughput.clear();
        for (const auto &law : fit.draws)
            throughput.push_back(law.throughput(concurrency));
        out.push_back(middle(throughput));
    }
    return out;
}

UslAnswer fitUsl(std::span<const UslPoint> points, unsigned resamples)
{
    std::vector<UslPoint> usable;
    std::vector<double> concurrencies;
    double scale = 0;
    for (const auto &point : points) {
        if (!(point.concurrency > 0) || !(point.throughput > 0) ||
            !std::isfinite(point.concurrency) || !std::isfinite(point.throughput))
            continue;
        usable.push_back(point);
        concurrencies.push_back(point.concurrency);
        scale = std::max(scale, point.throughput);
    }
    std::sort(concurrencies.begin(), concurrencies.end());
    std::size_t different = 0;
    double last = 0;
    for (const auto concurrency : concurrencies) {
        // Within 5 % is the same load, measured twice.
        if (concurrency > last * 1.05) {
            ++different;
            last = concurrency;
        }
    }
    UslAnswer out;
    if (usable.size() < kUslPoints)
        out.whyNot = "it takes at least 6 levels of load";
    else if (different < kUslConcurrencies)
        out.whyNot = "it takes at least 4 different levels of concurrency";
    if (!out.whyNot.empty())
        return out;

    double mean = 0;
    for (auto &point : usable) {
        point.throughput /= scale;
        mean += point.throughput / static_cast<double>(usable.size());
    }
    const auto best = bestOf(usable);
    if (!std::isfinite(best.error)) {
        out.whyNot = "no parameters fit these levels of load";
        return out;
    }
    UslFit fit;
    fit.law = lawOf(best.parameters, scale);
    const auto scaled = lawOf(best.parameters, 1);
    double spread = 0;
    for (const auto &[n, x] : usable) {
        fit.residuals.push_back((x - scaled.throughput(n)) * scale);
        spread += (x - mean) * (x - mean);
    }
    fit.rSquared = spread > 0 ? 1 - best.error / spread : 0;
    bootstrap(usable, scale, scaled, resamples, fit);
    out.fit = std::move(fit);
    return out;
}

} // namespace flamewright
