#pragma once

#include "analysis/span_rows.h"

#include <cstdint>
#include <span>
#include <vector>

namespace flamewright {

// How finely each service tells the begin of its spans: 1 ns, 1 us or 1 ms, by index of services.
// Some recorders cut begins to whole milliseconds and measure lengths in nanoseconds: spans that ran
// one after the other then seem to overlap.
std::vector<std::int64_t> clockSteps(const SpanRows &rows);

// As many of `spans` as can be found that may have run one after the other, in that order, if each
// began less than `step` after the begin that is written. Exactly the most there are for a step
// of 1.
std::vector<std::uint32_t> inSequence(const SpanRows &rows, std::span<const std::uint32_t> spans,
                                      std::int64_t step);

// How many of `spans`, in order of begin, ran at the same time for certain, if each began less than
// `step` after the begin that is written.
std::uint64_t mostAtOnce(const SpanRows &rows, std::span<const std::uint32_t> spans,
                         std::int64_t step);

} // namespace flamewright
