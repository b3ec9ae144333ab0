#include "app/gui/figures.h"

namespace flamewright {

QString grouped(std::int64_t number)
{
    return QString::fromStdString(formatCount(number));
}

QString inUnit(std::int64_t value, Unit unit, ValueStyle style)
{
    return QString::fromStdString(formatValue(value, unit, style));
}

QString byteCount(std::uint64_t count, ValueStyle style)
{
    constexpr auto kMost = static_cast<std::uint64_t>(INT64_MAX);
    return QString::fromStdString(
        formatBytes(static_cast<std::int64_t>(std::min(count, kMost)), style.bytes));
}

QString durationText(std::int64_t ns, ValueStyle style)
{
    return QString::fromStdString(formatDuration(ns, style.time));
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
