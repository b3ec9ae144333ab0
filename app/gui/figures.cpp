#include "app/gui/figures.h"

#include "capture/base/format_value.h"

namespace flamewright {

QString grouped(std::int64_t number)
{
    return QString::fromStdString(formatCount(number));
}

QString inUnit(std::int64_t value, Unit unit)
{
    return QString::fromStdString(formatValue(value, unit));
}

QString byteCount(std::uint64_t count)
{
    constexpr auto kMost = static_cast<std::uint64_t>(INT64_MAX);
    return QString::fromStdString(formatBytes(static_cast<std::int64_t>(std::min(count, kMost))));
}

QString durationText(std::int64_t ns)
{
    return QString::fromStdString(formatDuration(ns));
}

QString shareText(std::int64_t part, std::int64_t all)
{
    return QString::fromStdString(formatShare(static_cast<double>(part), static_cast<double>(all)));
}

double ratioOf(std::int64_t part, std::int64_t all)
{
    return all == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(all);
}

} // namespace flamewright
