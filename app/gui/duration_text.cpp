#include "app/gui/duration_text.h"

#include <array>
#include <cmath>
#include <utility>

namespace flamewright {
namespace {

constexpr double kLongest = 86'400e9 * 365; // a year

} // namespace

std::optional<std::int64_t> parseDurationText(const QString &text)
{
    static const std::array<std::pair<QString, double>, 7> kUnits{
        {{QStringLiteral("ns"), 1},
         {QStringLiteral("us"), 1e3},
         {QString(QChar(0xb5)) + QLatin1Char('s'), 1e3},
         {QString(QChar(0x3bc)) + QLatin1Char('s'), 1e3},
         {QStringLiteral("ms"), 1e6},
         {QStringLiteral("min"), 60e9},
         {QStringLiteral("s"), 1e9}}};
    auto number = text.trimmed().toLower();
    double scale = 1e6;
    for (const auto &[name, ns] : kUnits) {
        if (!number.endsWith(name))
            continue;
        scale = ns;
        number.chop(name.size());
        break;
    }
    bool valid = false;
    const auto ns = number.trimmed().toDouble(&valid) * scale;
    if (!valid || !std::isfinite(ns) || ns < 1 || ns > kLongest)
        return std::nullopt;
    return std::llround(ns);
}

} // namespace flamewright
