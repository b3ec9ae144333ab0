#include "importers/text/number_text.h"

#include <charconv>
#include <cmath>

namespace flamewright {
namespace {

template <class T>
std::optional<T> whole(std::string_view text)
{
    T out{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return out;
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

// Nearly every number of a load test: so few digits that nothing can overflow. nullopt: not so.
std::optional<std::uint64_t> fewDigits(std::string_view text)
{
    constexpr std::size_t kFew = 18;
    if (text.empty() || text.size() > kFew)
        return std::nullopt;
    std::uint64_t out = 0;
    for (const auto c : text) {
        const auto digit = static_cast<unsigned>(static_cast<unsigned char>(c)) - '0';
        if (digit > 9)
            return std::nullopt;
        out = out * 10 + digit;
    }
    return out;
}

std::optional<std::int64_t> scaledDouble(std::string_view text, std::int64_t scale)
{
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    const auto scaled = std::nearbyint(value * static_cast<double>(scale));
    constexpr double kLimit = 9223372036854775808.0; // 2^63
    if (!(scaled >= -kLimit && scaled < kLimit))
        return std::nullopt;
    return static_cast<std::int64_t>(scaled);
}

} // namespace

std::optional<std::int64_t> parseInteger(std::string_view text)
{
    if (const auto few = fewDigits(text))
        return static_cast<std::int64_t>(*few);
    return whole<std::int64_t>(text);
}

std::optional<std::uint64_t> parseUnsigned(std::string_view text)
{
    if (const auto few = fewDigits(text))
        return few;
    return whole<std::uint64_t>(text);
}

std::optional<std::int64_t> parseScaled(std::string_view text, std::int64_t scale)
{
    if (const auto few = fewDigits(text)) {
        std::int64_t out = 0;
        if (!__builtin_mul_overflow(*few, scale, &out))
            return out;
        return std::nullopt;
    }
    auto rest = text;
    const bool negative = rest.starts_with('-');
    if (negative)
        rest.remove_prefix(1);
    // As an integer of all digits, and the power of ten to divide by.
    __extension__ using Wide = unsigned __int128;
    Wide digits = 0, divisor = 1;
    bool point = false, any = false;
    for (std::size_t i = 0; i < rest.size(); ++i) {
        const auto c = rest[i];
        if (c == '.' && !point) {
            point = true;
        } else if (isDigit(c)) {
            any = true;
            // 18 digits times a scale of 10^18 fit into 128 bits.
            if (digits > 99'999'999'999'999'999u || divisor > 99'999'999'999'999'999u)
                return scaledDouble(text, scale);
            digits = digits * 10 + static_cast<unsigned>(c - '0');
            divisor *= point ? 10 : 1;
        } else {
            return any && (c == 'e' || c == 'E') ? scaledDouble(text, scale) : std::nullopt;
        }
    }
    if (!any)
        return std::nullopt;
    const auto scaled = (digits * static_cast<std::uint64_t>(scale) + divisor / 2) / divisor;
    if (scaled > static_cast<Wide>(INT64_MAX))
        return std::nullopt;
    const auto value = static_cast<std::int64_t>(scaled);
    return negative ? -value : value;
}

} // namespace flamewright
