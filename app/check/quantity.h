#pragma once

#include "capture/base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace flamewright {

// A number with what it is of, as a budget writes it: "300ms", "10 MiB", "1%", "400/s", 3.
struct Quantity {
    enum class Kind : std::uint8_t {
        Number,
        Time,  // in seconds
        Bytes, // in bytes
        Share, // 0.05 is 5 %
        Rate   // a second
    };
    Kind kind = Kind::Number;
    double value = 0;
    std::string text; // as written
};

// Errc::Usage. "/op" behind a unit is the benchmark's own and changes nothing.
Result<Quantity> parseQuantity(std::string_view text);
// What it is in a unit of ComparedItem; nullopt: that measures something else.
std::optional<double> inUnit(const Quantity &quantity, std::string_view unit);

} // namespace flamewright
