#include "app/gui/compare_text.h"

#include "app/compare/change_text.h"
#include "app/gui/figures.h"
#include "app/gui/text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QStringList>

#include <cmath>

namespace flamewright {
namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Compare", text);
}

QString words(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

} // namespace

QString comparedValue(const std::optional<double> &value, std::string_view unit, ValueStyle style)
{
    constexpr double kMost = 9e18, kFew = 1000;
    if (!value || !std::isfinite(*value) || std::fabs(*value) > kMost)
        return display(sideText(value, unit));
    if (unit == "ns" && (std::fabs(*value) >= kFew || style.time != TimeStyle::Auto))
        return durationText(std::llround(*value), style);
    if (unit == "bytes" && std::fabs(*value) >= kFew)
        return inUnit(std::llround(*value), Unit::Bytes, style);
    return display(sideText(value, unit));
}

QString comparedChange(const ComparedItem &item)
{
    return display(changeOnly(item));
}

QString comparedInterval(const ComparedItem &item)
{
    return display(intervalOnly(item));
}

QString comparedCounts(const Change &change)
{
    return display(countsText(change));
}

QString verdictWords(Verdict verdict)
{
    return words(wordsOf(verdict));
}

QString comparedTip(const ComparedItem &item, ValueStyle style)
{
    const auto &change = item.change;
    QStringList lines{display(item.name)};
    if (!item.detail.empty())
        lines << display(item.detail);
    lines << tr("%1: A %2, B %3")
                 .arg(display(figureText(item)), comparedValue(change.base, item.unit, style),
                      comparedValue(change.cand, item.unit, style));
    lines << tr("%1, 95 % interval %2").arg(comparedChange(item), comparedInterval(item));
    lines << tr("n %1").arg(comparedCounts(change));
    if (change.adjustedP)
        lines << tr("p = %1, for all that was tested together").arg(*change.adjustedP, 0, 'g', 2);
    else if (change.p)
        lines << tr("p = %1").arg(*change.p, 0, 'g', 2);
    lines << display(verdictText(change));
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

QString sideDate(std::optional<std::int64_t> epochNs)
{
    if (!epochNs)
        return {};
    // The machine's own zone would tell two people different things of one capture.
    const auto at = QDateTime::fromMSecsSinceEpoch(*epochNs / 1'000'000, Qt::UTC);
    return at.toString(QStringLiteral("yyyy-MM-dd HH:mm")) + QStringLiteral(" UTC");
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
