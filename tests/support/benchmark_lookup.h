#pragma once

#include "tests/support/import_contract.h"

#include <cmath>
#include <string_view>
#include <vector>

namespace flamewright::testing {

// The values of a benchmark that were measured, in their order; with a statistic those that the tool
// computed.
inline std::vector<double> benchmarkValues(const Imported &in, std::string_view name,
                                           std::string_view metric, std::string_view statistic = {})
{
    const auto text = [&](StringId id) { return in.dimensions.strings.text(id); };
    std::vector<double> out;
    const auto &b = in.benchmarks;
    for (std::size_t i = 0; i < b.size(); ++i) {
        if (text(b.name[i]) == name && text(b.metric[i]) == metric &&
            text(b.statistic[i]) == statistic)
            out.push_back(b.value[i]);
    }
    return out;
}

// The only one of them; NaN when there are none or several.
inline double benchmarkValue(const Imported &in, std::string_view name, std::string_view metric,
                             std::string_view statistic = {})
{
    const auto all = benchmarkValues(in, name, metric, statistic);
    return all.size() == 1 ? all.front() : std::nan("");
}

} // namespace flamewright::testing
