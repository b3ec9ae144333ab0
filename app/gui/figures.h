#pragma once

#include "capture/base/units.h"

#include <QString>

#include <cstdint>

// capture/base/format_value.h as QString: the numbers of the window.
namespace flamewright {

QString grouped(std::int64_t number);                   // "18,204"
QString inUnit(std::int64_t value, Unit unit);          // "390 ms", "4.1 MiB", "18,204"
QString byteCount(std::uint64_t count);                 // "4.1 MiB"
QString durationText(std::int64_t ns);                  // "9.51 s"
QString shareText(std::int64_t part, std::int64_t all); // "21.4 %", an en dash without a base
double ratioOf(std::int64_t part, std::int64_t all);    // 0 without a base

} // namespace flamewright
