#pragma once

#include "tests/support/import_contract.h"

#include <cmath>
#include <string_view>

namespace flamewright::testing {

// What one figure of an import is about; empty means none, as in the file.
struct FigureOf {
    std::string_view endpoint = {}, subset = {};
};

// The first figure of this kind; NaN when there is none.
inline double figure(const Imported &in, std::string_view metric, SummaryFigure which,
                     double quantile = 0, FigureOf of = {})
{
    const auto &s = in.summaries;
    const auto &texts = in.dimensions.strings;
    for (std::size_t i = 0; i < s.size(); ++i) {
        const auto endpoint = s.endpoint[i].raw == 0
                                  ? std::string_view()
                                  : std::string_view(in.meta.tracks[s.endpoint[i].raw - 1].name);
        if (s.figure[i] == which && texts.text(s.metric[i]) == metric &&
            std::abs(s.position[i] - quantile) < 1e-9 && endpoint == of.endpoint &&
            texts.text(s.subset[i]) == of.subset)
            return s.value[i];
    }
    return NAN;
}

} // namespace flamewright::testing
