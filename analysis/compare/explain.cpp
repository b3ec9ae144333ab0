#include "analysis/compare/explain.h"

#include "analysis/compare/comparison.h"

namespace flamewright {

void explainAcross(Comparison &comparison)
{
    if (comparison.sections.size() < 2)
        return;
}

} // namespace flamewright
