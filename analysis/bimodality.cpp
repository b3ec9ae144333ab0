#include "analysis/bimodality.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace flamewright {
namespace {

constexpr std::size_t kFew = 100;
constexpr std::size_t kEnough = 200'000; // to see a shape: of more, every so many is looked at
constexpr std::size_t kBins = 512;
constexpr double kNarrower = 0.6; // than Silverman's width, which is made for one peak
constexpr double kDeepest = 0.6;  // of the lower peak that a valley may reach
constexpr double kLeastShare = 0.05;
constexpr double kLeastFactor = 1.5;
constexpr double kErrors = 5;

std::int64_t unitOf(std::span<const std::int64_t> latencies)
{
    for (const std::int64_t unit : {1'000'000'000, 10'000'000, 1'000'000, 1'000}) {
        if (std::all_of(latencies.begin(), latencies.end(),
                        [unit](std::int64_t value) { return value % unit == 0; }))
            return unit;
    }
    return 1;
}

// The density of logarithms on a grid.
struct Density {
    double begin = 0, step = 1;         // of the grid, natural logarithms
    std::vector<double> counts, smooth; // by bin
    double width = 0;                   // of the kernel, in bins

    std::int64_t valueAt(std::size_t bin) const
    {
        // The grid reaches a little beyond the values, which may be the largest there are.
        const auto value = std::exp(begin + step * (static_cast<double>(bin) + 0.5));
        return static_cast<std::int64_t>(std::min(value, 9.2e18));
    }
};

double quantile(std::vector<double> &values, double q)
{
    const auto at =
        values.begin() + static_cast<std::ptrdiff_t>(q * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

// A count, over the bins that [low, high) covers.
void spread(Density &density, double low, double high, double count)
{
    const auto last = static_cast<double>(density.counts.size());
    const auto from = std::clamp((low - density.begin) / density.step, 0.0, last);
    const auto to = std::clamp((high - density.begin) / density.step, 0.0, last);
    if (!(to > from)) {
        const auto bin = static_cast<std::size_t>(std::min(from, last - 1));
        density.counts[bin] += count;
        return;
    }
    for (auto bin = static_cast<std::size_t>(from); bin < density.counts.size(); ++bin) {
        const auto left = std::max(from, static_cast<double>(bin));
        const auto right = std::min(to, static_cast<double>(bin + 1));
        if (right <= left)
            break;
        density.counts[bin] += count * (right - left) / (to - from);
    }
}

void blur(Density &density)
{
    const auto reach = static_cast<std::size_t>(std::ceil(4 * density.width));
    std::vector<double> kernel(reach + 1);
    double sum = 0;
    for (std::size_t i = 0; i <= reach; ++i) {
        const auto z = static_cast<double>(i) / density.width;
        kernel[i] = std::exp(-z * z / 2);
        sum += i == 0 ? kernel[i] : 2 * kernel[i];
    }
    const auto n = density.counts.size();
    density.smooth.assign(n, 0);
    for (std::size_t bin = 0; bin < n; ++bin) {
        const auto first = bin > reach ? bin - reach : 0, last = std::min(bin + reach, n - 1);
        for (auto from = first; from <= last; ++from)
            density.smooth[bin] +=
                density.counts[from] * kernel[bin > from ? bin - from : from - bin] / sum;
    }
}

std::optional<Density> densityOf(std::span<const std::int64_t> latencies)
{
    std::vector<double> logs;
    logs.reserve(latencies.size());
    for (const auto latency : latencies) {
        if (latency > 0)
            logs.push_back(std::log(static_cast<double>(latency)));
    }
    if (logs.size() < kFew)
        return std::nullopt;
    double mean = 0, squares = 0, count = 0;
    for (const auto value : logs) {
        ++count;
        const auto off = value - mean;
        mean += off / count;
        squares += off * (value - mean);
    }
    const auto quartiles = (quantile(logs, 0.75) - quantile(logs, 0.25)) / 1.34;
    const auto deviation = std::sqrt(squares / count);
    const auto scale = quartiles > 0 ? std::min(deviation, quartiles) : deviation;
    const auto width = kNarrower * 0.9 * scale * std::pow(count, -0.2);
    // The outermost thousandths are no peaks.
    const auto low = quantile(logs, 0.001), high = quantile(logs, 0.999);
    if (!(high - low > 0) || !(width > 0))
        return std::nullopt;
    Density out;
    out.begin = low - 4 * width;
    out.step = (high - low + 8 * width) / kBins;
    out.width = std::max(width / out.step, 1.0);
    out.counts.assign(kBins, 0);
    const auto unit = static_cast<double>(unitOf(latencies));
    for (const auto latency : latencies) {
        if (latency <= 0)
            continue;
        const auto value = static_cast<double>(latency);
        if (std::log(value) < low || std::log(value) > high)
            continue;
        spread(out, std::log(value - unit / 2), std::log(value + unit / 2), 1);
    }
    blur(out);
    return out;
}

struct Valley {
    std::size_t low = 0, bottom = 0, high = 0; // bins of the peaks and between them
    double depth = 1;                          // of the bottom against the lower peak
};

std::optional<Valley> deepest(const Density &density)
{
    const auto &smooth = density.smooth;
    const auto n = smooth.size();
    double total = 0;
    for (const auto count : density.counts)
        total += count;
    std::vector<std::size_t> peakBefore(n), peakAfter(n); // the highest bin up to, and from here
    std::size_t best = 0;
    for (std::size_t i = 0; i < n; ++i) {
        best = smooth[i] > smooth[best] ? i : best;
        peakBefore[i] = best;
    }
    best = n - 1;
    for (auto i = n; i-- > 0;) {
        best = smooth[i] > smooth[best] ? i : best;
        peakAfter[i] = best;
    }
    std::optional<Valley> out;
    double below = 0;
    for (std::size_t i = 0; i < n; ++i) {
        below += density.counts[i];
        if (below < kLeastShare * total || total - below < kLeastShare * total)
            continue;
        const auto low = peakBefore[i], high = peakAfter[i];
        const auto peak = std::min(smooth[low], smooth[high]);
        const auto depth = smooth[i] / peak;
        if (depth >= kDeepest ||
            static_cast<double>(high - low) * density.step < std::log(kLeastFactor))
            continue;
        // Requests that a kernel sees, here and at the peak: is the difference more than chance?
        const auto seen = 2 * std::sqrt(3.141592653589793) * density.width;
        const auto here = smooth[i] * seen, there = peak * seen;
        if (there - here < kErrors * std::sqrt(there + here))
            continue;
        if (!out || depth < out->depth)
            out = Valley{low, i, high, depth};
    }
    return out;
}

} // namespace

std::optional<Bimodality> bimodality(std::span<const std::int64_t> latencies)
{
    std::vector<std::int64_t> some;
    for (std::size_t i = 0; i < latencies.size(); i += latencies.size() / kEnough + 1)
        some.push_back(latencies[i]);
    const auto density = densityOf(some);
    if (!density)
        return std::nullopt;
    const auto valley = deepest(*density);
    if (!valley)
        return std::nullopt;
    Bimodality out;
    out.lowModeNs = density->valueAt(valley->low);
    out.valleyNs = density->valueAt(valley->bottom);
    out.highModeNs = density->valueAt(valley->high);
    double low = 0, all = 0;
    for (const auto latency : latencies) {
        if (latency <= 0)
            continue;
        ++all;
        low += latency < out.valleyNs ? 1 : 0;
    }
    out.lowShare = low / all;
    out.highShare = 1 - out.lowShare;
    return out;
}

} // namespace flamewright
