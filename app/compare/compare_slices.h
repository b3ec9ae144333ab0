#pragma once

#include "app/compare/compare.h"

namespace flamewright {

// Traces of threads (Chrome, ftrace, Perfetto, Node.js), which are not of requests: slices by track and
// name. What compareTraces() does where a side has no spans.
Result<ComparedSection> compareSlices(const ComparedPair &pair, const CompareContext &context);

} // namespace flamewright
