#include "app/gui/trace_columns.h"

#include "app/gui/figures.h"
#include "app/gui/text.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace flamewright {
namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Traces", text);
}

std::int64_t countOf(std::uint64_t count)
{
    return static_cast<std::int64_t>(std::min<std::uint64_t>(count, INT64_MAX));
}

QString rateText(const std::optional<double> &rate)
{
    return rate ? QLocale::c().toString(*rate, 'f', *rate < 10 ? 2 : 1) : QString(QChar(0x2013));
}

QString percent(double share)
{
    return shareText(static_cast<std::int64_t>(share * 1e6 + 0.5), 1'000'000);
}

// A column of times: as people read them, and as nanoseconds for a spreadsheet.
TableColumn times(const QString &title, const QString &raw, const QString &tip, ValueStyle style,
                  std::function<std::int64_t(std::uint32_t)> ns)
{
    return {.title = title,
            .tip = tip,
            .right = true,
            .text = [ns, style](std::uint32_t row) { return durationText(ns(row), style); },
            .compare = [ns](std::uint32_t a, std::uint32_t b) { return threeWay(ns(a), ns(b)); },
            .raw = [ns](std::uint32_t row) { return QString::number(ns(row)); },
            .rawTitle = raw};
}

TableColumn counts(const QString &title, const QString &tip,
                   std::function<std::int64_t(std::uint32_t)> count)
{
    return {.title = title,
            .tip = tip,
            .right = true,
            .text = [count](std::uint32_t row) { return grouped(count(row)); },
            .compare = [count](std::uint32_t a,
                               std::uint32_t b) { return threeWay(count(a), count(b)); },
            .raw = [count](std::uint32_t row) { return QString::number(count(row)); }};
}

} // namespace

QString operationText(const SpanRows &rows, OperationKey key)
{
    return tr("%1 in %2").arg(display(rows.names[key.name]), display(rows.services[key.service]));
}

QString sinceStart(const TraceAnswer &study, std::int64_t ns)
{
    const auto first = study.rows().empty() ? 0 : study.rows().begin.front();
    std::int64_t since = 0;
    if (__builtin_sub_overflow(ns, first, &since))
        since = INT64_MAX;
    return QString::fromStdString(formatSeconds(since));
}

std::vector<TableColumn> operationColumns(const SharedTraces &study, ValueStyle style)
{
    const auto of = [study](std::uint32_t row) -> const Operation & {
        return study->table.operations[row];
    };
    std::vector<TableColumn> out;
    out.push_back({.title = tr("Service"), .text = [study, of](std::uint32_t row) {
                       return display(study->rows().services[of(row).key.service]);
                   }});
    out.push_back({.title = tr("Operation"), .text = [study, of](std::uint32_t row) {
                       return display(study->rows().names[of(row).key.name]);
                   }});
    out.push_back(counts(tr("Count"), tr("Spans"),
                         [of](std::uint32_t row) { return countOf(of(row).count); }));
    out.push_back({.title = tr("Rate/s"),
                   .tip = tr("Spans a second, over the time of all spans"),
                   .right = true,
                   .text = [of](std::uint32_t row) { return rateText(of(row).ratePerSecond); },
                   .compare =
                       [of](std::uint32_t a, std::uint32_t b) {
                           return threeWay(of(a).ratePerSecond, of(b).ratePerSecond);
                       }});
    out.push_back(
        {.title = tr("Errors"),
         .tip = tr("Spans that failed, of all spans of the operation"),
         .right = true,
         .text =
             [of](std::uint32_t row) {
                 const auto &o = of(row);
                 return o.errors == 0 ? QString(QChar(0x2013))
                                      : shareText(countOf(o.errors), countOf(o.count));
             },
         .compare = [of](std::uint32_t a,
                         std::uint32_t b) { return threeWay(of(a).errors, of(b).errors); },
         .toolTip =
             [of](std::uint32_t row) {
                 return tr("%1 of %2 spans failed")
                     .arg(grouped(countOf(of(row).errors)), grouped(countOf(of(row).count)));
             },
         .raw = [of](std::uint32_t row) { return QString::number(of(row).errors); }});
    out.push_back(times(tr("p50"), QStringLiteral("p50_ns"), tr("Half of them took no longer"),
                        style, [of](std::uint32_t row) { return of(row).p50; }));
    out.push_back(times(tr("p95"), QStringLiteral("p95_ns"), tr("95 % of them took no longer"),
                        style, [of](std::uint32_t row) { return of(row).p95; }));
    out.push_back(times(tr("p99"), QStringLiteral("p99_ns"), tr("99 % of them took no longer"),
                        style, [of](std::uint32_t row) { return of(row).p99; }));
    out.push_back(times(tr("Self"), QStringLiteral("self_ns"),
                        tr("What no child accounts for, added up over all spans"), style,
                        [of](std::uint32_t row) { return of(row).selfNs; }));
    out.push_back({.title = tr("Share"),
                   .tip = tr("Of the self time of all spans: shares add up to 100 %"),
                   .right = true,
                   .text = [of](std::uint32_t row) { return percent(of(row).share); },
                   .compare = [of](std::uint32_t a,
                                   std::uint32_t b) { return threeWay(of(a).share, of(b).share); },
                   .raw = [of](std::uint32_t row) { return QString::number(of(row).share); }});
    return out;
}

std::vector<TableColumn> traceColumns(const SharedTraces &study,
                                      std::shared_ptr<const std::vector<std::uint32_t>> shown,
                                      ValueStyle style)
{
    const auto of = [study, shown](std::uint32_t row) -> const TraceSummary & {
        return study->traces[(*shown)[row]];
    };
    std::vector<TableColumn> out;
    out.push_back(
        {.title = tr("Trace"),
         .tip = tr("The operation that it began with"),
         .text =
             [study, of](std::uint32_t row) {
                 const auto root = of(row).root;
                 return root == kNoRow ? tr("no root")
                                       : display(study->rows().names[study->rows().name[root]]);
             },
         .toolTip =
             [study, of](std::uint32_t row) {
                 auto text = display(study->rows().traces[of(row).trace]);
                 if (!of(row).isWhole)
                     text += QLatin1Char('\n') +
                             tr("Some spans name parents that are not in the capture.");
                 return text;
             },
         .raw = [study,
                 of](std::uint32_t row) { return display(study->rows().traces[of(row).trace]); },
         .rawTitle = QStringLiteral("trace_id")});
    out.push_back(times(tr("Duration"), QStringLiteral("duration_ns"),
                        tr("From the first begin to the last end of its spans"), style,
                        [of](std::uint32_t row) { return of(row).length; }));
    out.push_back(counts(tr("Spans"), {}, [of](std::uint32_t row) {
        return static_cast<std::int64_t>(of(row).spans);
    }));
    auto errors = counts(tr("Errors"), tr("Spans that failed"), [of](std::uint32_t row) {
        return static_cast<std::int64_t>(of(row).errors);
    });
    errors.text = [of](std::uint32_t row) {
        return of(row).errors == 0 ? QString(QChar(0x2013)) : grouped(of(row).errors);
    };
    out.push_back(std::move(errors));
    out.push_back(counts(tr("Services"), {}, [of](std::uint32_t row) {
        return static_cast<std::int64_t>(of(row).services);
    }));
    out.push_back(
        {.title = tr("Begin"),
         .tip = tr("After the first span of all"),
         .right = true,
         .text = [study, of](std::uint32_t row) { return sinceStart(*study, of(row).begin); },
         .compare = [of](std::uint32_t a,
                         std::uint32_t b) { return threeWay(of(a).begin, of(b).begin); },
         .raw = [of](std::uint32_t row) { return QString::number(of(row).begin); },
         .rawTitle = QStringLiteral("begin_ns")});
    return out;
}

QString findingName(std::string_view kind)
{
    static constexpr std::pair<std::string_view, const char *> kNames[] = {
        {"n_plus_one", QT_TRANSLATE_NOOP("Traces", "N+1 calls")},
        {"sequential_calls", QT_TRANSLATE_NOOP("Traces", "Calls in sequence")},
        {"retry_storm", QT_TRANSLATE_NOOP("Traces", "Retries")},
        {"chatty_services", QT_TRANSLATE_NOOP("Traces", "Chatty services")},
        {"fan_out", QT_TRANSLATE_NOOP("Traces", "Fan-out")},
        {"slow_by_attribute", QT_TRANSLATE_NOOP("Traces", "Slow by attribute")},
        {"queueing_delay", QT_TRANSLATE_NOOP("Traces", "Queueing")},
        {"lock_wait", QT_TRANSLATE_NOOP("Traces", "Waiting for a lock")},
        {"thread_starvation", QT_TRANSLATE_NOOP("Traces", "No CPU")}};
    for (const auto &[id, name] : kNames) {
        if (id == kind)
            return tr(name);
    }
    return display(kind);
}

std::vector<TableColumn> findingColumns(const SharedTraces &study)
{
    const auto of = [study](std::uint32_t row) -> const SpanFinding & {
        return study->findings[row];
    };
    std::vector<TableColumn> out;
    out.push_back({.title = tr("Share"),
                   .tip = tr("Of the time of the spans that it is about"),
                   .right = true,
                   .text = [of](std::uint32_t row) { return percent(of(row).share); },
                   .compare = [of](std::uint32_t a,
                                   std::uint32_t b) { return threeWay(of(a).share, of(b).share); },
                   .raw = [of](std::uint32_t row) { return QString::number(of(row).share); }});
    out.push_back({.title = tr("Finding"),
                   .text = [of](std::uint32_t row) { return findingName(of(row).kind); }});
    out.push_back({.title = tr("What was found"),
                   .text = [of](std::uint32_t row) { return display(of(row).sentence); }});
    return out;
}

} // namespace flamewright
