#include "importers/text/date_text.h"

#include <array>
#include <chrono>
#include <utility>

namespace flamewright {
namespace {

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

struct Digits {
    int value = 0;
    std::size_t count = 0;
};

// Up to 4 digits off the front.
Digits takeDigits(std::string_view &text)
{
    Digits out;
    while (out.count < text.size() && out.count < 4 && isDigit(text[out.count])) {
        out.value = out.value * 10 + (text[out.count] - '0');
        ++out.count;
    }
    text.remove_prefix(out.count);
    return out;
}

bool take(std::string_view &text, char c)
{
    if (!text.starts_with(c))
        return false;
    text.remove_prefix(1);
    return true;
}

std::optional<std::int64_t> takeDay(std::string_view &text)
{
    std::array<Digits, 3> parts;
    char separator = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i == 1 && !text.empty()) {
            separator = text.front();
            if (separator != '/' && separator != '-' && separator != '.')
                return std::nullopt;
        }
        if (i > 0 && !take(text, separator))
            return std::nullopt;
        parts[i] = takeDigits(text);
        if (parts[i].count == 0)
            return std::nullopt;
    }
    int year = parts[0].value, month = parts[1].value, day = parts[2].value;
    if (parts[0].count != 4) {
        year = parts[2].value;
        month = parts[0].value;
        day = parts[1].value;
        if (parts[2].count == 2)
            year += year < 70 ? 2000 : 1900;
        if (separator == '.')
            std::swap(month, day);
    }
    if (year < 1970 || year > 2261)
        return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok())
        return std::nullopt;
    return std::chrono::sys_days(date).time_since_epoch().count();
}

std::optional<std::int64_t> takeTimeOfDay(std::string_view &text)
{
    const auto hours = takeDigits(text);
    if (hours.count == 0 || hours.count > 2 || !take(text, ':'))
        return std::nullopt;
    const auto minutes = takeDigits(text);
    if (minutes.count != 2 || !take(text, ':'))
        return std::nullopt;
    const auto seconds = takeDigits(text);
    if (seconds.count != 2 || hours.value > 23 || minutes.value > 59 || seconds.value > 60)
        return std::nullopt;
    std::int64_t nanos = 0, unit = kNanosPerSecond;
    if (take(text, '.') || take(text, ',')) {
        if (text.empty() || !isDigit(text.front()))
            return std::nullopt;
        for (; !text.empty() && isDigit(text.front()); text.remove_prefix(1)) {
            unit /= 10;
            nanos += unit * (text.front() - '0');
        }
    }
    return (hours.value * 3600 + minutes.value * 60 + seconds.value) * kNanosPerSecond + nanos;
}

// "", "Z", "+01:00", "+0100", "+01"; nullopt for anything else.
std::optional<std::int64_t> takeZone(std::string_view &text, bool &has)
{
    has = !text.empty();
    if (!has || take(text, 'Z'))
        return 0;
    const std::int64_t sign = text.front() == '-' ? -1 : 1;
    if (!take(text, '+') && !take(text, '-'))
        return std::nullopt;
    auto digits = takeDigits(text);
    int hours = digits.value, minutes = 0;
    if (digits.count == 4) {
        hours = digits.value / 100;
        minutes = digits.value % 100;
    } else if (digits.count != 2) {
        return std::nullopt;
    } else if (take(text, ':')) {
        digits = takeDigits(text);
        if (digits.count != 2)
            return std::nullopt;
        minutes = digits.value;
    }
    return sign * (hours * 3600 + minutes * 60) * kNanosPerSecond;
}

} // namespace

std::optional<ParsedDate> parseDate(std::string_view text)
{
    const auto day = takeDay(text);
    if (!day || !(take(text, 'T') || take(text, ' ')))
        return std::nullopt;
    const auto time = takeTimeOfDay(text);
    if (!time)
        return std::nullopt;
    ParsedDate out;
    const auto zone = takeZone(text, out.hasZone);
    if (!zone || !text.empty())
        return std::nullopt;
    out.epochNs = *day * 86'400 * kNanosPerSecond + *time - *zone;
    return out;
}

} // namespace flamewright
