#include "analysis/capacity.h"
#include "app/gui/plot_kinds.h"
#include "app/gui/tsv.h"
#include "views/scene/load_curve_view.h"

#include <QCoreApplication>

namespace flamewright {
namespace {

// An SLO without a percentile means this one here.
constexpr unsigned kSloPercentile = 9900;

std::unique_ptr<PlotView> makeLoadCurve(const PlotQuestion &question)
{
    const auto &answer = *question.answer;
    auto found = std::make_shared<Capacity>(capacity(*answer.shown));
    LoadCurveData data{.scale = question.options.scale, .style = question.style};
    if (const auto slo = answer.choice.sloNs)
        data.limits.push_back(
            {.limit = {.perMyriad = kSloPercentile, .limitNs = *slo},
             .headroom = headroomOf(*answer.shown, found->levels,
                                    {.perMyriad = kSloPercentile, .thresholdNs = *slo})});
    data.capacity = std::move(found);
    return std::make_unique<LoadCurveView>(std::move(data));
}

QString loadCurveRows(const PlotQuestion &question)
{
    const auto levels = loadLevels(*question.answer->shown);
    auto out = QStringLiteral(
        "level\tbegin_ns\tend_ns\tin_flight\tsent_per_s\tsucceeded_per_s\trequests\terrors");
    for (const auto &percentile : kPercentiles)
        out += QStringLiteral("\t%1_ns").arg(QString::fromLatin1(
            percentile.name.data(), static_cast<qsizetype>(percentile.name.size())));
    out += QLatin1Char('\n');
    for (const auto &level : levels.levels) {
        QStringList cells{tsvCell(level.name),
                          QString::number(level.beginNs),
                          QString::number(level.endNs),
                          QString::number(level.concurrency, 'g', 6),
                          QString::number(level.offeredPerSecond, 'g', 9),
                          QString::number(level.achievedPerSecond, 'g', 9),
                          QString::number(level.requests),
                          QString::number(level.errors)};
        for (const auto &percentile : level.latency.percentiles)
            cells << (level.latency.count == 0 ? QString() : QString::number(percentile.value));
        out += cells.join(QLatin1Char('\t')) + QLatin1Char('\n');
    }
    return out;
}

} // namespace

PlotKind loadCurveKind()
{
    return {.id = QStringLiteral("load"),
            .title = QCoreApplication::translate("PlotKinds", "Latency by load"),
            .fileName = QStringLiteral("load"),
            .scales = true,
            .make = makeLoadCurve,
            .data = loadCurveRows,
            .pictureHeight = 900};
}

} // namespace flamewright
