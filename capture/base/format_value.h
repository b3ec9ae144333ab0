#pragma once

#include "capture/base/units.h"

#include <cstdint>
#include <string>
#include <string_view>

// Numbers become text for people here and nowhere else, so that labels, tooltips, tables and the
// command line agree. Machines get unrounded numbers.
namespace flamewright {

// How times and sizes are written: what a person chose in the window, which hands it to whatever
// writes a number there; the default everywhere else.
enum class TimeStyle : std::uint8_t { Auto, Nanoseconds, Microseconds, Milliseconds, Seconds };
enum class ByteStyle : std::uint8_t { Binary, Decimal };
struct ValueStyle {
    TimeStyle time = TimeStyle::Auto;
    ByteStyle bytes = ByteStyle::Binary;
    friend bool operator==(const ValueStyle &, const ValueStyle &) = default;
};

// "count", "nanoseconds", "bytes", "cycles", "ratio": the names of --json output.
std::string_view unitName(Unit unit);

// 12345678 -> "12,345,678".
std::string formatCount(std::int64_t count);
// Three significant digits and a unit: "390 ms", "9.51 s", "1.2 us" (with a micro sign), "0 s". In
// a unit that was chosen whole numbers are grouped and nothing is rounded to 0: "9,510 ms",
// "0.00039 s".
std::string formatDuration(std::int64_t nanoseconds, TimeStyle style = TimeStyle::Auto);
// Three significant digits: "38.1 MiB", "512 B"; in decimal units "40 MB".
std::string formatBytes(std::int64_t bytes, ByteStyle style = ByteStyle::Binary);
// Three significant digits, beyond that whole numbers with commas: "0.31", "12.5", "1,240".
std::string formatNumber(double value);
// How often a second: "0.31/s", "1,240/s".
std::string formatRate(double perSecond);
// A value of a measure in its unit: one of the above.
std::string formatValue(std::int64_t value, Unit unit, ValueStyle style = {});
// part of whole: "14.2 %", "0.03 %", "<0.01 %", "0 %". An en dash when whole is 0.
std::string formatShare(double part, double whole);
// Seconds of a time on a capture's axis: "12.40 s".
std::string formatSeconds(std::int64_t nanoseconds, int decimals = 2);

} // namespace flamewright
