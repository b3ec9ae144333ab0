#include "importers/speedscope/speedscope_units.h"

#include "importers/text/number_text.h"

namespace flamewright {
namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

// "-12.345", with as many decimals as fit; nothing for what has an exponent or is no number.
std::optional<WrittenNumber> parseDecimal(std::string_view text)
{
    const bool negative = text.starts_with('-');
    if (negative)
        text.remove_prefix(1);
    WrittenNumber out;
    bool point = false, any = false, full = false;
    for (const auto c : text) {
        if (c == '.' && !point) {
            point = true;
            continue;
        }
        if (!isDigit(c))
            return std::nullopt;
        any = true;
        std::int64_t next = 0, divisor = 0;
        full = full || __builtin_mul_overflow(out.value, 10, &next) ||
               __builtin_add_overflow(next, c - '0', &next) ||
               __builtin_mul_overflow(out.divisor, point ? 10 : 1, &divisor);
        if (full && !point)
            return std::nullopt;
        if (full)
            continue; // decimals beyond all units
        out.value = next;
        out.divisor = divisor;
    }
    if (!any)
        return std::nullopt;
    out.value = negative ? -out.value : out.value;
    return out;
}

} // namespace

std::optional<WrittenNumber> WrittenNumber::parse(std::string_view text)
{
    if (const auto exact = parseDecimal(text))
        return exact;
    for (const std::int64_t divisor : {1'000'000'000, 1'000'000, 1'000, 1}) {
        if (const auto value = parseScaled(text, divisor))
            return WrittenNumber{*value, divisor};
    }
    return std::nullopt;
}

std::int64_t WrittenNumber::times(std::int64_t scale, bool &saturated) const
{
    __extension__ using Wide = __int128;
    const auto product = Wide(value) * scale;
    const auto half = Wide(divisor / 2);
    const auto out = (product + (product < 0 ? -half : half)) / divisor;
    if (out >= INT64_MIN && out <= INT64_MAX)
        return static_cast<std::int64_t>(out);
    saturated = true;
    return out < 0 ? INT64_MIN : INT64_MAX;
}

} // namespace flamewright
