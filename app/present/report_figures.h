#pragma once

#include "analysis/compare/comparison.h"
#include "app/present/report.h"

#include <vector>

namespace flamewright {

// How wide figures of reports are made: as wide as the page, so that letters keep their size.
inline constexpr float kReportFigureWidth = 1000;

// Changes as dots with their intervals: a figure for a page that has room for little.
ReportFigure dotsOf(const std::vector<ComparedItem> &items, const TextMetrics &metrics);
// What the views draw of a section, in the colours of every medium. `most`: so many figures.
std::vector<ReportFigure> figuresOf(const ComparedSection &section, const ReportSide &a,
                                    const ReportSide &b, std::size_t most,
                                    const TextMetrics &metrics);

} // namespace flamewright
