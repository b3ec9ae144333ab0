#pragma once

#include "capture/base/format_value.h"

#include <QString>

#include <cstdint>

// capture/base/format_value.h as QString: the numbers of the window. Times and sizes are written as a
// person chose, which Settings::valueStyle() says.
namespace flamewright {

QString grouped(std::int64_t number); // "18,204"
// "390 ms", "4.1 MiB", "18,204"
QString inUnit(std::int64_t value, Unit unit, ValueStyle style);
QString byteCount(std::uint64_t count, ValueStyle style); // "4.1 MiB"
QString durationText(std::int64_t ns, ValueStyle style);  // "9.51 s"
QString shareText(std::int64_t part, std::int64_t all);   // "21.4 %", an en dash without a base
double ratioOf(std::int64_t part, std::int64_t all);      // 0 without a base

} // namespace flamewright
