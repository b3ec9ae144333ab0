#include "analysis/compare/student_t.h"

#include <cmath>
#include <limits>
#include <math.h> // lgamma_r: std::lgamma writes a global

namespace flamewright {
namespace {

constexpr double kMostDegrees = 1e6; // beyond, it is the normal distribution
constexpr unsigned kSteps = 500;     // of the fraction; some ten are needed

double logGamma(double x)
{
    int sign = 0;
    return ::lgamma_r(x, &sign);
}

// The regularised incomplete beta function by its continued fraction (DLMF 8.17.22), evaluated as
// Lentz does; `x` is below (a + 1) / (a + b + 2), where it converges fast.
double betaFraction(double x, double a, double b)
{
    constexpr double kTiny = std::numeric_limits<double>::min() * 1e10;
    const auto held = [](double value) { return std::abs(value) < kTiny ? kTiny : value; };
    double c = 1, d = 1 / held(1 - (a + b) * x / (a + 1));
    double out = d;
    for (unsigned m = 1; m < kSteps; ++m) {
        const double n = m;
        const auto even = n * (b - n) * x / ((a + 2 * n - 1) * (a + 2 * n));
        d = 1 / held(1 + even * d);
        c = held(1 + even / c);
        out *= d * c;
        const auto odd = -(a + n) * (a + b + n) * x / ((a + 2 * n) * (a + 2 * n + 1));
        d = 1 / held(1 + odd * d);
        c = held(1 + odd / c);
        out *= d * c;
        if (std::abs(d * c - 1) < 1e-15)
            break;
    }
    return out;
}

double incompleteBeta(double x, double a, double b)
{
    if (!(x > 0))
        return 0;
    if (x >= 1)
        return 1;
    const auto front = std::exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * std::log(x) +
                                b * std::log1p(-x));
    if (x < (a + 1) / (a + b + 2))
        return front * betaFraction(x, a, b) / a;
    return 1 - front * betaFraction(1 - x, b, a) / b;
}

} // namespace

double studentTwoSided(double t, double degrees)
{
    if (!(degrees < kMostDegrees))
        return std::erfc(std::abs(t) / std::sqrt(2.0));
    return incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
}

double student95(double degrees)
{
    double low = 1.9, high = 1e6;
    for (int i = 0; i < 200 && high - low > 1e-12 * high; ++i) {
        const auto middle = (low + high) / 2;
        (studentTwoSided(middle, degrees) > 0.05 ? low : high) = middle;
    }
    return high;
}

} // namespace flamewright
