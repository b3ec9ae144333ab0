#include "app/gui/load_columns.h"

#include "app/gui/figures.h"
#include "app/gui/text.h"
#include "app/gui/tsv.h"

#include <QCoreApplication>

#include <cmath>

namespace flamewright {
namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("LoadColumns", text);
}

QString nameOf(const PercentileName &percentile)
{
    return QString::fromLatin1(percentile.name.data(),
                               static_cast<qsizetype>(percentile.name.size()));
}

std::int64_t countOf(std::uint64_t count)
{
    return static_cast<std::int64_t>(std::min<std::uint64_t>(count, INT64_MAX));
}

QString none()
{
    return QString(QChar(0x2013));
}

} // namespace

std::optional<std::size_t> percentileOf(LoadColumn column)
{
    switch (column) {
    case LoadColumn::P50: return 0;
    case LoadColumn::P90: return 1;
    case LoadColumn::P95: return 2;
    case LoadColumn::P99: return 3;
    case LoadColumn::P999: return 4;
    default: return std::nullopt;
    }
}

QString groupingTitle(LatencyBy by, const std::string &tag)
{
    switch (by) {
    case LatencyBy::Endpoint: return tr("Endpoint");
    case LatencyBy::Status: return tr("Status");
    case LatencyBy::Phase: return tr("Phase");
    case LatencyBy::Worker: return tr("Worker");
    case LatencyBy::Capture: return tr("Capture");
    case LatencyBy::Tag: return tag.empty() ? tr("Tag") : display(tag);
    }
    return {};
}

QString rangeText(std::int64_t low, std::int64_t high, ValueStyle style)
{
    auto from = durationText(low, style);
    const auto to = durationText(high, style);
    if (from == to)
        return to;
    // One unit is enough when both have it.
    const auto cut = from.lastIndexOf(QLatin1Char(' '));
    if (cut > 0 && to.endsWith(from.mid(cut)))
        from.truncate(cut);
    return from + QChar(0x2013) + to;
}

QString findingText(const LoadFinding &finding, bool whatIf)
{
    // What is an option of the command line there is shown here, or not at all.
    auto text = display(finding.sentence);
    if (!whatIf)
        text.remove(QStringLiteral("; --correct-omission shows a what-if"));
    return text.replace(QStringLiteral("--correct-omission"), tr("the inspector"));
}

QString rateText(std::optional<double> perSecond)
{
    if (!perSecond)
        return none();
    const auto value = *perSecond;
    if (value >= 1000)
        return tr("%1 /s").arg(grouped(std::llround(value)));
    return tr("%1 /s").arg(value, 0, 'f', value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2);
}

QString titleOf(LoadColumn column, LatencyBy by)
{
    if (const auto at = percentileOf(column))
        return nameOf(kPercentiles[*at]);
    switch (column) {
    case LoadColumn::Name: return groupingTitle(by);
    case LoadColumn::Count: return tr("Requests");
    case LoadColumn::Rate: return tr("Rate");
    case LoadColumn::Errors: return tr("Errors");
    case LoadColumn::Max: return tr("Max");
    case LoadColumn::Trend: return tr("p95 over time");
    case LoadColumn::Apdex: return tr("Apdex");
    case LoadColumn::Mean: return tr("Mean");
    case LoadColumn::Min: return tr("Min");
    default: return {};
    }
}

QString toolTipOf(LoadColumn column, bool failures)
{
    const auto of = failures ? tr("of all requests, failures included") : tr("of successes");
    if (const auto at = percentileOf(column))
        return tr("%1 %2, exact (nearest rank), with its 95 % interval as if requests were "
                  "independent; they seldom are, so that the truth is rather wider")
            .arg(nameOf(kPercentiles[*at]), of);
    switch (column) {
    case LoadColumn::Count: return tr("Requests in the scope, failures included");
    case LoadColumn::Rate: return tr("Requests per second of the time in which there were any");
    case LoadColumn::Errors: return tr("Failed requests and their share");
    case LoadColumn::Max: return tr("The slowest one %1").arg(of);
    case LoadColumn::Trend: return tr("p95 %1 in slices of all of the time").arg(of);
    case LoadColumn::Apdex:
        return tr(
            "Apdex: satisfied up to the SLO (500 ms without one), tolerating up to four times "
            "that, failures frustrated");
    case LoadColumn::Mean: return tr("Arithmetic mean %1").arg(of);
    case LoadColumn::Min: return tr("The fastest one %1").arg(of);
    default: return {};
    }
}

QString LoadCells::text(LoadColumn column) const
{
    const auto &latency = answer.latenciesOf(row.latency);
    const auto duration = [&](std::int64_t ns) {
        return latency.count == 0 ? none() : durationText(ns, style);
    };
    // No figure where there are too few requests for one: what was measured stands in the tooltip.
    if (const auto at = percentileOf(column))
        return latency.percentiles[*at].interval ? duration(latency.percentiles[*at].value)
                                                 : none();
    switch (column) {
    case LoadColumn::Name: {
        if (!total)
            return row.name.empty() ? tr("(no name)") : display(row.name);
        const auto chosen = std::count(answer.chosen.begin(), answer.chosen.end(), 1);
        return chosen == 0   ? tr("All requests")
               : chosen == 1 ? tr("In scope: 1 of %1").arg(grouped(std::ssize(answer.base->groups)))
                             : tr("In scope: %1 of %2")
                                   .arg(grouped(chosen), grouped(std::ssize(answer.base->groups)));
    }
    case LoadColumn::Count: return grouped(countOf(row.latency.count()));
    case LoadColumn::Rate: return rateText(row.ratePerSecond);
    case LoadColumn::Errors: return grouped(countOf(row.latency.failed.count));
    case LoadColumn::Max: return duration(latency.max);
    case LoadColumn::Apdex: return QString::number(apdex().score(), 'f', 2);
    case LoadColumn::Mean: return duration(std::llround(latency.mean));
    case LoadColumn::Min: return duration(latency.min);
    default: return {};
    }
}

QString LoadCells::detail(LoadColumn column) const
{
    const auto &latency = answer.latenciesOf(row.latency);
    if (const auto at = percentileOf(column)) {
        if (latency.count == 0)
            return {};
        const auto &percentile = latency.percentiles[*at];
        return percentile.interval
                   ? rangeText(percentile.interval->low, percentile.interval->high, style)
                   : tr("n too small");
    }
    if (column == LoadColumn::Errors && row.latency.failed.count > 0)
        return shareText(countOf(row.latency.failed.count), countOf(row.latency.count()));
    return {};
}

QString LoadCells::toolTip(LoadColumn column) const
{
    const auto &latency = answer.latenciesOf(row.latency);
    const auto n = grouped(countOf(latency.count));
    if (const auto at = percentileOf(column); at && latency.count > 0) {
        const auto name = nameOf(kPercentiles[*at]);
        const auto &percentile = latency.percentiles[*at];
        if (!percentile.interval)
            return tr("%1 of these %2 requests is %3: too few of them to say how far the true %1 "
                      "is "
                      "from it.")
                .arg(name, n, durationText(percentile.value, style));
        return tr("%1 of %2 requests: %3, 95 % interval %4")
            .arg(name, n, text(column),
                 rangeText(percentile.interval->low, percentile.interval->high, style));
    }
    switch (column) {
    case LoadColumn::Name: return text(column);
    case LoadColumn::Errors:
        return tr("%1 of %2 requests failed")
            .arg(text(column), grouped(countOf(row.latency.count())));
    case LoadColumn::Apdex: {
        const auto satisfied = answer.choice.apdexNs();
        return tr("%1 up to %2, %3 up to %4, %5 slower or failed")
            .arg(grouped(countOf(apdex().satisfied)), durationText(satisfied, style),
                 grouped(countOf(apdex().tolerating)), durationText(4 * satisfied, style),
                 grouped(countOf(apdex().frustrated)));
    }
    default: return {};
    }
}

const Apdex &LoadCells::apdex() const
{
    return total ? answer.totalApdex : answer.apdexOf(row.group);
}

QString LoadCells::tsv(LoadColumn column) const
{
    const auto &latency = answer.latenciesOf(row.latency);
    const auto number = [&](std::int64_t ns) {
        return latency.count == 0 ? QString() : QString::number(ns);
    };
    if (const auto at = percentileOf(column)) {
        const auto &percentile = latency.percentiles[*at];
        const auto low = percentile.interval ? number(percentile.interval->low) : QString();
        const auto high = percentile.interval ? number(percentile.interval->high) : QString();
        return QStringList{number(percentile.value), low, high}.join(QLatin1Char('\t'));
    }
    switch (column) {
    case LoadColumn::Name: return total ? QStringLiteral("*") : tsvCell(row.name);
    case LoadColumn::Count: return QString::number(row.latency.count());
    case LoadColumn::Rate:
        return row.ratePerSecond ? QString::number(*row.ratePerSecond, 'g', 9) : QString();
    case LoadColumn::Errors: return QString::number(row.latency.failed.count);
    case LoadColumn::Max: return number(latency.max);
    case LoadColumn::Apdex: return QString::number(apdex().score(), 'f', 6);
    case LoadColumn::Mean:
        return latency.count == 0 ? QString() : QString::number(latency.mean, 'f', 1);
    case LoadColumn::Min: return number(latency.min);
    default: return {};
    }
}

QString tsvTitleOf(LoadColumn column, LatencyBy by)
{
    if (const auto at = percentileOf(column)) {
        const auto name = nameOf(kPercentiles[*at]);
        return QStringLiteral("%1_ns\t%1_low_ns\t%1_high_ns").arg(name);
    }
    switch (column) {
    case LoadColumn::Name: return nameOf(by);
    case LoadColumn::Count: return QStringLiteral("requests");
    case LoadColumn::Rate: return QStringLiteral("rate_per_s");
    case LoadColumn::Errors: return QStringLiteral("errors");
    case LoadColumn::Max: return QStringLiteral("max_ns");
    case LoadColumn::Apdex: return QStringLiteral("apdex");
    case LoadColumn::Mean: return QStringLiteral("mean_ns");
    case LoadColumn::Min: return QStringLiteral("min_ns");
    default: return {};
    }
}

int compareLoad(const LoadAnswer &answer, const LatencyReportRow &a, const LatencyReportRow &b,
                LoadColumn column)
{
    const auto compare = [](const auto &x, const auto &y) { return x < y ? -1 : y < x ? 1 : 0; };
    const auto &left = answer.latenciesOf(a.latency);
    const auto &right = answer.latenciesOf(b.latency);
    if (const auto at = percentileOf(column))
        return compare(left.percentiles[*at].value, right.percentiles[*at].value);
    const auto share = [](const LatencyReportRow &row) {
        return static_cast<double>(row.latency.failed.count) /
               static_cast<double>(std::max<std::uint64_t>(row.latency.count(), 1));
    };
    switch (column) {
    case LoadColumn::Name: return compare(a.name, b.name);
    case LoadColumn::Count: return compare(a.latency.count(), b.latency.count());
    case LoadColumn::Rate: return compare(a.ratePerSecond, b.ratePerSecond);
    case LoadColumn::Errors: {
        const auto order = compare(a.latency.failed.count, b.latency.failed.count);
        return order != 0 ? order : compare(share(a), share(b));
    }
    case LoadColumn::Max: return compare(left.max, right.max);
    case LoadColumn::Trend: return compare(left.percentiles[2].value, right.percentiles[2].value);
    case LoadColumn::Apdex:
        return compare(answer.apdexOf(a.group).score(), answer.apdexOf(b.group).score());
    case LoadColumn::Mean: return compare(left.mean, right.mean);
    case LoadColumn::Min: return compare(left.min, right.min);
    default: return 0;
    }
}

} // namespace flamewright
