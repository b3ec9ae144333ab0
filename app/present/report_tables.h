#pragma once

#include "analysis/compare/comparison.h"
#include "app/present/report.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace flamewright {

// Compared figures as a table: at most `most` rows, those with evidence first; what is left out is
// said below.
ReportTable tableOfItems(std::span<const ComparedItem> items, std::size_t most);
ReportTable tableOfExplanation(const Explanation &explanation);

// "POST /checkout", "canonicalize, serialize.js", "all".
std::string nameOfItem(const ComparedItem &item);
// The figures to see first, of different kinds of captures where there are several; up to four.
std::vector<ReportKeyFigure> keyFiguresOf(const Comparison &comparison);

} // namespace flamewright
