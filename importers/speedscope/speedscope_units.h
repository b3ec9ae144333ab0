#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace flamewright {

// A number of the file whose unit may stand behind it: exact until it is converted.
struct WrittenNumber {
    std::int64_t value = 0;
    std::int64_t divisor = 1;

    // Nothing for what is no number or does not fit.
    static std::optional<WrittenNumber> parse(std::string_view text);
    // Times `scale`, rounded; `saturated` is set when it had to be.
    std::int64_t times(std::int64_t scale, bool &saturated) const;
    bool isWhole() const { return value % divisor == 0; }
};

} // namespace flamewright
