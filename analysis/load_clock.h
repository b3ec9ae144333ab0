#pragma once

#include "analysis/load_rows.h"

#include <cstdint>

namespace flamewright {

// The unit that times of a capture (index of rows.captures) were read in: a second, a millisecond
// or a microsecond where all begins, or all ends, are whole multiples of it apart; 1 otherwise, and
// for less than two requests with times. What is closer together than this cannot be told apart.
std::int64_t clockUnit(const LoadRows &rows, std::uint8_t capture);

} // namespace flamewright
