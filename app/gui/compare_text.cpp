#include "app/gui/compare_text.h"

#include "app/gui/figures.h"
#include "app/gui/text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QStringList>

#include <cmath>

namespace flamewright {
namespace {

constexpr char16_t kMinus = u'\u2212';

QString tr(const char *text)
{
    return QCoreApplication::translate("Compare", text);
}

QString dash()
{
    return QStringLiteral("–");
}

QString words(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

std::int64_t rounded(double value)
{
    constexpr double kMost = 9e18;
    return std::llround(std::clamp(value, -kMost, kMost));
}

// Of a figure that may be negative: a sign that is as wide as a plus.
QString withSign(double value, const QString &size)
{
    if (value == 0)
        return size;
    return (value < 0 ? QString(QChar(kMinus)) : QStringLiteral("+")) + size;
}

QString number(double value)
{
    return QString::fromStdString(formatNumber(value));
}

QString percent(double share, const char *unit = "%")
{
    const auto size = std::fabs(share) * 100;
    const auto text = size < 0.05 ? QStringLiteral("0") : QString::number(size, 'f', size < 99.5);
    return withSign(size < 0.05 ? 0 : share, text) +
           (*unit == 0 ? QString() : QStringLiteral(" ") + QLatin1String(unit));
}

} // namespace

QString comparedValue(double value, std::string_view unit, ValueStyle style)
{
    if (!std::isfinite(value))
        return dash();
    const auto size = std::fabs(value);
    QString text;
    if (unit == "ns")
        text = size > 0 && size < 100 && style.time == TimeStyle::Auto
                   ? tr("%1 ns").arg(number(size))
                   : durationText(rounded(size), style);
    else if (unit == "bytes")
        text = size > 0 && size < 100 && size != std::floor(size)
                   ? tr("%1 B").arg(number(size))
                   : inUnit(rounded(size), Unit::Bytes, style);
    else if (unit == "share")
        text = QString::fromStdString(formatShare(size, 1));
    else if (unit == "1/s")
        text = QString::fromStdString(formatRate(size));
    else
        text = unit.empty() || unit == "samples" || unit == "count"
                   ? number(size)
                   : number(size) + QLatin1Char(' ') + display(unit);
    return value < 0 ? QChar(kMinus) + text : text;
}

QString comparedValue(const std::optional<double> &value, std::string_view unit, ValueStyle style)
{
    return value ? comparedValue(*value, unit, style) : dash();
}

QString changeText(const ComparedItem &item)
{
    const auto &change = item.change;
    if (!change.base && !change.cand)
        return dash();
    if (!change.base)
        return tr("new");
    if (!change.cand)
        return tr("gone");
    if (item.unit == "share")
        return percent(change.delta(), "pp");
    const auto ratio = change.ratio();
    return ratio && std::isfinite(*ratio) ? percent(*ratio) : dash();
}

QString intervalText(const ComparedItem &item, ValueStyle style)
{
    const auto &change = item.change;
    const auto between = [](const QString &low, const QString &high) {
        return low + QStringLiteral(" … ") + high;
    };
    if (item.unit == "share" && change.difference)
        return between(percent(change.difference->low, ""), percent(change.difference->high, "pp"));
    if (change.relative)
        return between(percent(change.relative->low, ""), percent(change.relative->high));
    if (!change.difference)
        return dash();
    const auto signedValue = [&](double value) {
        auto text = comparedValue(value, item.unit, style);
        return value > 0 ? QLatin1Char('+') + text : text;
    };
    return between(signedValue(change.difference->low), signedValue(change.difference->high));
}

QString countsText(const Change &change)
{
    const auto side = [](std::uint32_t runs, std::uint64_t count) {
        const auto n = grouped(static_cast<std::int64_t>(count));
        return runs > 1 ? tr("%1 in %2 runs").arg(n).arg(runs) : n;
    };
    return side(change.baseRuns, change.baseCount) + QStringLiteral(" · ") +
           side(change.candRuns, change.candCount);
}

QString verdictText(Verdict verdict)
{
    return words(wordsOf(verdict));
}

QString comparedTip(const ComparedItem &item, ValueStyle style)
{
    const auto &change = item.change;
    const auto per = item.per.empty() ? QString() : tr(" per %1").arg(display(item.per));
    QStringList lines{display(item.name)};
    if (!item.detail.empty())
        lines << display(item.detail);
    lines << tr("%1%2: A %3, B %4")
                 .arg(figureTitle(item.figure), per, comparedValue(change.base, item.unit, style),
                      comparedValue(change.cand, item.unit, style));
    lines << tr("%1, 95 % interval %2").arg(changeText(item), intervalText(item, style));
    lines << tr("n = %1").arg(countsText(change));
    if (change.adjustedP)
        lines << tr("p = %1, for all that was tested").arg(*change.adjustedP, 0, 'g', 2);
    else if (change.p)
        lines << tr("p = %1").arg(*change.p, 0, 'g', 2);
    lines << (change.why.empty()
                  ? verdictText(change.verdict)
                  : tr("%1: %2").arg(verdictText(change.verdict), display(change.why)));
    return lines.join(QLatin1Char('\n'));
}

QString figureTitle(std::string_view figure)
{
    if (figure == "error_share")
        return tr("error share");
    if (figure == "self" || figure == "total" || figure == "throughput" || figure == "calls")
        return words(figure);
    auto text = display(figure);
    return text.replace(QLatin1Char('_'), QLatin1Char(' '));
}

QString titleOf(NormaliseBy by)
{
    switch (by) {
    case NormaliseBy::Automatic: return tr("Automatic");
    case NormaliseBy::Nothing: return tr("As measured");
    case NormaliseBy::Total: return tr("Share of the total");
    case NormaliseBy::WallTime: return tr("Per second of the recording");
    case NormaliseBy::CpuTime: return tr("Per second of CPU");
    case NormaliseBy::Work: return tr("Per unit of work");
    }
    return {};
}

QString hintOf(NormaliseBy by)
{
    switch (by) {
    case NormaliseBy::Automatic: return tr("per unit of work where it is known, else as measured");
    case NormaliseBy::Nothing: return tr("nothing is divided by anything");
    case NormaliseBy::Total: return tr("hides that everything became faster or slower");
    case NormaliseBy::WallTime: return tr("for recordings of different lengths under one load");
    case NormaliseBy::CpuTime: return tr("what a second of CPU is spent on");
    case NormaliseBy::Work: return tr("requests completed meanwhile");
    }
    return {};
}

QString wordsOf(const Normalisation &normalisation)
{
    const auto text = normalisation.words();
    return text.empty() ? tr("as measured") : display(text);
}

QString sectionTitle(const ComparedSection &section)
{
    const auto kind = section.kind == "profile"      ? tr("Profile")
                      : section.kind == "load"       ? tr("Load test")
                      : section.kind == "traces"     ? tr("Traces")
                      : section.kind == "benchmarks" ? tr("Benchmarks")
                                                     : display(section.kind);
    return tr("%1: %2").arg(kind, display(section.title));
}

QString dateText(std::optional<std::int64_t> epochNs)
{
    if (!epochNs)
        return {};
    const auto at = QDateTime::fromMSecsSinceEpoch(*epochNs / 1'000'000);
    return QLocale::c().toString(at, QStringLiteral("d MMM yyyy, HH:mm"));
}

QString weightText(ComparabilityRemark::Weight weight)
{
    switch (weight) {
    case ComparabilityRemark::Weight::Note: return tr("Note");
    case ComparabilityRemark::Weight::Warning: return tr("May explain a change");
    case ComparabilityRemark::Weight::Grave: return tr("Grave");
    }
    return {};
}

QString remarkTitle(std::string_view what)
{
    auto text = display(what);
    text.replace(QLatin1Char('_'), QLatin1Char(' '));
    if (!text.isEmpty())
        text[0] = text[0].toUpper();
    return text == QLatin1String("Cpu") ? tr("CPU") : text;
}

} // namespace flamewright
