#pragma once

#include "analysis/load_rows.h"
#include "analysis/percentile_curve.h"
#include "app/gui/requests_model.h"
#include "capture/base/format_value.h"
#include "views/scene/plot_axis.h"
#include "views/scene/plot_view.h"

#include <QString>

#include <functional>
#include <memory>
#include <optional>

// The plots of load tests: how each is made of an answer. Everything here runs off the GUI thread.
namespace flamewright {

// What a person set up in a view.
struct PlotOptions {
    ScaleChoice scale = ScaleChoice::Automatic;
    std::optional<bool> split; // a line for each group; nullopt: as the grouping suggests
    friend bool operator==(const PlotOptions &, const PlotOptions &) = default;
};

struct PlotQuestion {
    std::shared_ptr<const LoadAnswer> answer;
    PlotOptions options;
    std::optional<LoadSpan> shown; // of plots along time; nullopt: all
    double pixelsWide = 1000, pixelsHigh = 400;
    ValueStyle style;

    bool isSplit() const;
    // As `shown` or `all` of the answer, all groups as one when they are not to be told apart.
    LoadRows rowsOf(const LoadRows &rows) const;
    SeriesOrder order() const;
};

struct PlotKind {
    QString id; // of the view
    QString title;
    QString fileName;
    bool alongTime = false; // what is brushed is the time of the scope
    bool splits = false;    // may have a line for each group, or one of all
    bool scales = false;    // logarithmic or linear
    std::function<std::unique_ptr<PlotView>(const PlotQuestion &question)> make;
    // Rows as tab-separated text; times in nanoseconds.
    std::function<QString(const PlotQuestion &question)> data;
    float pictureHeight = 600;
};

PlotKind overTimeKind();
PlotKind percentilesKind();
PlotKind latencyGridKind();
PlotKind histogramKind();
PlotKind loadCurveKind(); // load_curve_kind.cpp

} // namespace flamewright
