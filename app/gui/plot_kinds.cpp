#include "app/gui/plot_kinds.h"

#include "analysis/latency_grid.h"
#include "analysis/latency_histogram.h"
#include "analysis/load_timeline.h"
#include "analysis/percentile_curve.h"
#include "app/gui/tsv.h"
#include "views/scene/histogram_view.h"
#include "views/scene/latency_grid_view.h"
#include "views/scene/percentile_view.h"
#include "views/scene/plot_frame.h"
#include "views/scene/timeline_view.h"

#include <QCoreApplication>

#include <algorithm>

namespace flamewright {
namespace {

constexpr double kBarPixels = 9;

QString tr(const char *text)
{
    return QCoreApplication::translate("PlotKinds", text);
}

std::vector<LatencyLimit> limitsOf(const LoadAnswer &answer)
{
    if (!answer.choice.sloNs)
        return {};
    return {LatencyLimit{.perMyriad = {}, .limitNs = *answer.choice.sloNs}};
}

LoadTimeline timelineOf(const PlotQuestion &question)
{
    return loadTimeline(*question.answer->all, {.shown = question.shown,
                                                .pixels = question.pixelsWide,
                                                .includeFailures = question.answer->choice.failures,
                                                .grouped = question.isSplit(),
                                                .most = kLineColors,
                                                .order = question.order()});
}

std::unique_ptr<PlotView> makeOverTime(const PlotQuestion &question)
{
    return std::make_unique<TimelineView>(
        TimelineData{.timeline = std::make_shared<const LoadTimeline>(timelineOf(question)),
                     .limits = limitsOf(*question.answer),
                     .scale = question.options.scale,
                     .style = question.style});
}

QString overTimeRows(const PlotQuestion &question)
{
    const auto timeline = timelineOf(question);
    auto out = QStringLiteral("begin_ns\tlength_ns\tgroup\trequests\tfailed");
    for (const auto &percentile : kTimelinePercentiles)
        out += QLatin1Char('\t') +
               QString::fromLatin1(percentile.name.data(),
                                   static_cast<qsizetype>(percentile.name.size())) +
               QStringLiteral("_ns");
    out += QStringLiteral("\tin_flight\n");
    for (const auto &series : timeline.series) {
        for (std::size_t bin = 0; bin < timeline.bins(); ++bin) {
            QStringList cells{
                QString::number(timeline.binBegin(bin)), QString::number(timeline.binNs),
                series.name.empty() ? QStringLiteral("*") : tsvCell(series.name),
                QString::number(series.count[bin]), QString::number(series.failed[bin])};
            for (const auto &values : series.percentiles)
                cells << (values[bin] == TimelineSeries::kTooFew ? QString()
                                                                 : QString::number(values[bin]));
            cells << QString::number(series.concurrency[bin], 'f', 3);
            out += cells.join(QLatin1Char('\t')) + QLatin1Char('\n');
        }
    }
    return out;
}

PercentileCurves curvesOf(const PlotQuestion &question)
{
    const auto &answer = *question.answer;
    const auto curves = [&](const LoadRows &rows) {
        return percentileCurves(rows, answer.choice.failures, kLineColors, question.order());
    };
    return question.isSplit() ? curves(*answer.shown) : curves(question.rowsOf(*answer.shown));
}

std::unique_ptr<PlotView> makePercentiles(const PlotQuestion &question)
{
    return std::make_unique<PercentileView>(
        PercentileData{.curves = std::make_shared<const PercentileCurves>(curvesOf(question)),
                       .limits = limitsOf(*question.answer),
                       .scale = question.options.scale,
                       .style = question.style});
}

QString percentileRows(const PlotQuestion &question)
{
    auto out = QStringLiteral("group\tquantile\tlatency_ns\tlow_ns\thigh_ns\n");
    const auto curves = curvesOf(question);
    for (const auto &curve : curves.curves) {
        for (const auto &point : curve.points) {
            const auto &interval = point.interval;
            const QStringList cells{
                curve.group && !curve.name.empty() ? tsvCell(curve.name) : QStringLiteral("*"),
                QString::number(point.quantile, 'g', 9), QString::number(point.value),
                interval ? QString::number(interval->low) : QString(),
                interval ? QString::number(interval->high) : QString()};
            out += cells.join(QLatin1Char('\t')) + QLatin1Char('\n');
        }
    }
    return out;
}

LatencyGrid gridOf(const PlotQuestion &question)
{
    return latencyGrid(*question.answer->all,
                       {.shown = question.shown,
                        .pixelsWide = question.pixelsWide,
                        .pixelsHigh = question.pixelsHigh,
                        .log = question.options.scale != ScaleChoice::Linear,
                        .includeFailures = question.answer->choice.failures});
}

std::unique_ptr<PlotView> makeGrid(const PlotQuestion &question)
{
    return std::make_unique<LatencyGridView>(
        LatencyGridData{.grid = std::make_shared<const LatencyGrid>(gridOf(question)),
                        .limits = limitsOf(*question.answer),
                        .style = question.style});
}

QString gridRows(const PlotQuestion &question)
{
    const auto grid = gridOf(question);
    auto out = QStringLiteral("begin_ns\tlength_ns\tlow_ns\thigh_ns\trequests\n");
    for (std::size_t column = 0; column < grid.columns; ++column) {
        for (std::size_t row = 0; row < grid.rows(); ++row) {
            if (grid.at(column, row) == 0)
                continue;
            const QStringList cells{QString::number(grid.columnBegin(column)),
                                    QString::number(grid.columnNs),
                                    QString::number(grid.edges[row], 'f', 0),
                                    QString::number(grid.edges[row + 1], 'f', 0),
                                    QString::number(grid.at(column, row))};
            out += cells.join(QLatin1Char('\t')) + QLatin1Char('\n');
        }
    }
    return out;
}

LatencyHistogram histogramOf(const PlotQuestion &question)
{
    const auto &answer = *question.answer;
    const auto make = [&](const LoadRows &rows) {
        return latencyHistogram(rows, {.bins = question.pixelsWide / kBarPixels,
                                       .log = question.options.scale != ScaleChoice::Linear,
                                       .includeFailures = answer.choice.failures,
                                       .order = question.order()});
    };
    return question.isSplit() ? make(*answer.shown) : make(question.rowsOf(*answer.shown));
}

std::unique_ptr<PlotView> makeHistogram(const PlotQuestion &question)
{
    return std::make_unique<HistogramView>(
        HistogramData{.histogram = std::make_shared<const LatencyHistogram>(histogramOf(question)),
                      .limits = limitsOf(*question.answer),
                      .style = question.style});
}

QString histogramRows(const PlotQuestion &question)
{
    const auto histogram = histogramOf(question);
    auto out = QStringLiteral("group\tlow_ns\thigh_ns\trequests\n");
    for (const auto &series : histogram.series) {
        for (std::size_t bin = 0; bin < histogram.bins(); ++bin) {
            const QStringList cells{series.name.empty() ? QStringLiteral("*")
                                                        : tsvCell(series.name),
                                    QString::number(histogram.edges[bin], 'f', 0),
                                    QString::number(histogram.edges[bin + 1], 'f', 0),
                                    QString::number(series.count[bin])};
            out += cells.join(QLatin1Char('\t')) + QLatin1Char('\n');
        }
    }
    return out;
}

} // namespace

LoadRows PlotQuestion::rowsOf(const LoadRows &rows) const
{
    auto out = rows;
    if (!isSplit()) {
        std::fill(out.group.begin(), out.group.end(), 0u);
        out.groups.assign(1, {});
    }
    return out;
}

SeriesOrder PlotQuestion::order() const
{
    return answer->choice.question.by == LatencyBy::Capture ? SeriesOrder::Given
                                                            : SeriesOrder::ByCount;
}

bool PlotQuestion::isSplit() const
{
    if (answer->base->groups.size() < 2)
        return false;
    if (options.split)
        return *options.split;
    // Captures are there to be compared; a plot over time has more to tell of all requests.
    return answer->choice.question.by == LatencyBy::Capture;
}

PlotKind overTimeKind()
{
    return {.id = QStringLiteral("over-time"),
            .title = tr("Over time"),
            .fileName = QStringLiteral("over-time"),
            .alongTime = true,
            .splits = true,
            .scales = true,
            .make = makeOverTime,
            .data = overTimeRows,
            .pictureHeight = 900};
}

PlotKind percentilesKind()
{
    return {.id = QStringLiteral("percentiles"),
            .title = tr("Percentiles"),
            .fileName = QStringLiteral("percentiles"),
            .splits = true,
            .scales = true,
            .make = makePercentiles,
            .data = percentileRows,
            .pictureHeight = 560};
}

PlotKind histogramKind()
{
    return {.id = QStringLiteral("histogram"),
            .title = tr("Histogram"),
            .fileName = QStringLiteral("histogram"),
            .splits = true,
            .scales = true,
            .make = makeHistogram,
            .data = histogramRows};
}

PlotKind latencyGridKind()
{
    return {.id = QStringLiteral("heatmap-latency"),
            .title = tr("Latency heat map"),
            .fileName = QStringLiteral("latency-heat-map"),
            .alongTime = true,
            .scales = true,
            .make = makeGrid,
            .data = gridRows};
}

} // namespace flamewright
