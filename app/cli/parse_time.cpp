#include "app/cli/capture_flags.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <fast_float/fast_float.h>

namespace flamewright {
namespace {

struct TimeUnit {
    std::string_view name;
    double ns;
};
constexpr TimeUnit kTimeUnits[] = {{"ns", 1},     {"us", 1e3}, {"ms", 1e6},  {"s", 1e9},
                                   {"min", 60e9}, {"m", 60e9}, {"h", 3600e9}};

bool number(std::string_view text, int &out)
{
    const auto *end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, out);
    return error == std::errc() && stop == end;
}

// "Z" or "+hh:mm" in minutes.
std::optional<int> zoneMinutes(std::string_view zone)
{
    if (zone == "Z" || zone == "z")
        return 0;
    int hours = 0, minutes = 0;
    if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':' ||
        !number(zone.substr(1, 2), hours) || !number(zone.substr(4, 2), minutes))
        return std::nullopt;
    return (zone[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
}

} // namespace

Result<std::int64_t> parseDuration(const std::string &text)
{
    double value = 0;
    const auto *end = text.data() + text.size();
    const auto parsed = fast_float::from_chars(text.data(), end, value);
    const std::string_view unit(parsed.ptr, static_cast<std::size_t>(end - parsed.ptr));
    const auto *it = std::find_if(std::begin(kTimeUnits), std::end(kTimeUnits),
                                  [&](const TimeUnit &u) { return u.name == unit; });
    const double scale = unit.empty() ? 1e9 : it != std::end(kTimeUnits) ? it->ns : 0;
    if (parsed.ec != std::errc() || scale == 0 || !std::isfinite(value) ||
        std::fabs(value * scale) > 9e18)
        return fail(Errc::Usage, "'" + text + "' is not a time: write 1.5s, 200ms or 3");
    return std::llround(value * scale);
}

Result<std::int64_t> parseInstant(const std::string &text)
{
    std::int64_t ns = 0;
    const auto *end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, ns);
    if (error == std::errc() && stop == end)
        return ns;
    const auto bad = fail(Errc::Usage, "'" + text +
                                           "' is not a time: write 2026-11-20T10:00:00Z or "
                                           "nanoseconds since 1970");
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
    const std::string_view t(text);
    if (t.size() < 20 || t[4] != '-' || t[7] != '-' || (t[10] != 'T' && t[10] != ' ') ||
        t[13] != ':' || t[16] != ':' || !number(t.substr(0, 4), year) ||
        !number(t.substr(5, 2), month) || !number(t.substr(8, 2), day) ||
        !number(t.substr(11, 2), hour) || !number(t.substr(14, 2), minute) ||
        !number(t.substr(17, 2), second) || hour > 23 || minute > 59 || second > 60)
        return bad;
    std::size_t at = 19;
    std::int64_t fraction = 0;
    if (t[at] == '.') {
        std::int64_t scale = 100'000'000;
        for (++at; at < t.size() && t[at] >= '0' && t[at] <= '9'; ++at, scale /= 10)
            fraction += (t[at] - '0') * scale;
    }
    const auto offset = zoneMinutes(t.substr(at));
    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!offset || !date.ok() || year < 1678 || year > 2261)
        return bad;
    const auto days = std::chrono::sys_days(date).time_since_epoch().count();
    const std::int64_t seconds =
        ((std::int64_t{days} * 24 + hour) * 60 + minute - *offset) * 60 + second;
    return seconds * 1'000'000'000 + fraction;
}

} // namespace flamewright
