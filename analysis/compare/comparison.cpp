#include "analysis/compare/comparison.h"

#include <algorithm>

namespace flamewright {

bool ComparedSection::isBlocked() const
{
    return std::any_of(remarks.begin(), remarks.end(), [](const ComparabilityRemark &remark) {
        return remark.weight == ComparabilityRemark::Weight::Grave;
    });
}

bool Comparison::isBlocked() const
{
    return !confirmed && std::any_of(sections.begin(), sections.end(),
                                     [](const ComparedSection &one) { return one.isBlocked(); });
}

} // namespace flamewright
