#include "importers/callgrind/cost_shares.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace flamewright {

std::vector<std::int64_t> divideExactly(std::int64_t total, std::span<const double> weights)
{
    std::vector<std::int64_t> out(weights.size());
    long double sum = 0;
    for (const auto weight : weights)
        sum += weight;
    std::vector<long double> rest(weights.size());
    auto left = total;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const auto share =
            sum > 0 ? static_cast<long double>(total) * static_cast<long double>(weights[i]) / sum
                    : static_cast<long double>(total) / static_cast<long double>(weights.size());
        // Rounding must not give away more than there is.
        const auto whole = std::floor(share);
        out[i] = whole >= static_cast<long double>(left) ? left : static_cast<std::int64_t>(whole);
        rest[i] = share - whole;
        left -= out[i];
    }
    std::vector<std::size_t> order(weights.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return rest[a] > rest[b]; });
    for (const auto i : order) {
        if (left == 0)
            break;
        ++out[i];
        --left;
    }
    out[order.front()] += left; // nothing, but for sums beyond what doubles can hold
    return out;
}

} // namespace flamewright
