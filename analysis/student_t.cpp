#include "analysis/student_t.h"

#include <algorithm>
#include <cmath>
#include <math.h> // lgamma_r: std::lgamma writes a global

namespace flamewright {
namespace {

double logGamma(double x)
{
    int sign = 0;
    return ::lgamma_r(x, &sign);
}

// The continued fraction of the incomplete beta function, by Lentz's method.
double betaFraction(double a, double b, double x)
{
    constexpr double kTiny = 1e-300;
    const auto away = [](double value) { return std::abs(value) < kTiny ? kTiny : value; };
    double c = 1, d = 1 / away(1 - (a + b) * x / (a + 1)), out = d;
    for (int i = 1; i < 500; ++i) {
        const double m = i;
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 / away(1 + even * d);
        c = away(1 + even / c);
        out *= d * c;
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / away(1 + odd * d);
        c = away(1 + odd / c);
        out *= d * c;
        if (std::abs(d * c - 1) < 1e-15)
            break;
    }
    return out;
}

// The regularised incomplete beta function.
double betaShare(double a, double b, double x)
{
    if (x <= 0)
        return 0;
    if (x >= 1)
        return 1;
    const auto front = std::exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * std::log(x) +
                                b * std::log1p(-x));
    if (x < (a + 1) / (a + b + 2))
        return front * betaFraction(a, b, x) / a;
    return 1 - front * betaFraction(b, a, 1 - x) / b;
}

} // namespace

double studentTails(double t, double degrees)
{
    if (std::isnan(t))
        return 1;
    if (std::isinf(t))
        return 0;
    // The fraction is slow for many degrees, and there is no difference left to see.
    if (degrees > 1e5)
        return std::erfc(std::abs(t) / std::sqrt(2.0));
    return std::clamp(betaShare(degrees / 2, 0.5, degrees / (degrees + t * t)), 0.0, 1.0);
}

double studentQuantile(double tails, double degrees)
{
    double low = 0, high = 1;
    while (studentTails(high, degrees) > tails && high < 1e12)
        high *= 2;
    for (int i = 0; i < 100; ++i) {
        const auto middle = (low + high) / 2;
        (studentTails(middle, degrees) > tails ? low : high) = middle;
    }
    return (low + high) / 2;
}

} // namespace flamewright
