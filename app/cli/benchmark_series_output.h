#pragma once

#include "app/benchmark_series.h"

#include <ostream>

namespace flamewright {

// A table of changes, with the run that each begins with.
void printSeries(std::ostream &out, const BenchmarkHistory &history);
void writeSeriesJson(std::ostream &out, const BenchmarkHistory &history);

} // namespace flamewright
