#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace flamewright {

// Divides an integer over weights so that the parts add up to it exactly: by largest remainders, ties to
// the first. Equally where there are no weights. `total` is not negative; there is at least one weight.
std::vector<std::int64_t> divideExactly(std::int64_t total, std::span<const double> weights);

} // namespace flamewright
