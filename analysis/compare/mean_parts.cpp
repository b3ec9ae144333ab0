#include "analysis/compare/mean_parts.h"

#include <algorithm>
#include <cmath>

namespace flamewright {

std::vector<MeanPart> meanParts(std::span<const MeanPair> pairs)
{
    MeanCount base, cand;
    for (const auto &pair : pairs) {
        base.count += pair.base.count;
        base.sum += pair.base.sum;
        cand.count += pair.cand.count;
        cand.sum += pair.cand.sum;
    }
    std::vector<MeanPart> out;
    if (base.count == 0 || cand.count == 0)
        return out;
    // Shares add up to 1 on both sides, so that any mean may be taken away from all: against this
    // one, more of what is quick is a gain.
    const auto middle = (base.mean() + cand.mean()) / 2;
    for (const auto &pair : pairs) {
        if (pair.base.count + pair.cand.count == 0)
            continue;
        MeanPart part{.endpoint = pair.endpoint, .failures = pair.failures};
        part.baseCount = pair.base.count;
        part.candCount = pair.cand.count;
        part.baseMean = pair.base.count > 0 ? pair.base.mean() : pair.cand.mean();
        part.candMean = pair.cand.count > 0 ? pair.cand.mean() : pair.base.mean();
        const auto before = static_cast<double>(part.baseCount) / static_cast<double>(base.count);
        const auto after = static_cast<double>(part.candCount) / static_cast<double>(cand.count);
        part.mixNs = (after - before) * ((part.baseMean + part.candMean) / 2 - middle);
        part.endpointNs = (before + after) / 2 * (part.candMean - part.baseMean);
        out.push_back(std::move(part));
    }
    std::stable_sort(out.begin(), out.end(), [](const MeanPart &a, const MeanPart &b) {
        return std::abs(a.mixNs + a.endpointNs) > std::abs(b.mixNs + b.endpointNs);
    });
    return out;
}

} // namespace flamewright
