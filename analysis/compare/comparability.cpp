#include "analysis/compare/comparability.h"

#include <algorithm>

namespace flamewright {

std::string_view nameOf(ComparabilityRemark::Weight weight)
{
    switch (weight) {
    case ComparabilityRemark::Weight::Note: return "note";
    case ComparabilityRemark::Weight::Warning: return "warning";
    case ComparabilityRemark::Weight::Grave: return "grave";
    }
    return "note";
}

std::vector<ComparabilityRemark> comparability(const RunFacts &base, const RunFacts &cand)
{
    std::vector<ComparabilityRemark> out;
    if (base.cpu != cand.cpu && !base.cpu.empty() && !cand.cpu.empty())
        out.push_back({ComparabilityRemark::Weight::Grave, "cpu", base.cpu, cand.cpu,
                       "The CPUs differ: times cannot be compared."});
    return out;
}

} // namespace flamewright
