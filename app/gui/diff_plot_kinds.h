#pragma once

#include "analysis/compare/comparison.h"
#include "capture/base/format_value.h"
#include "capture/base/job.h"
#include "capture/base/result.h"
#include "capture/session/session.h"
#include "views/scene/plot_axis.h"
#include "views/scene/plot_view.h"

#include <QString>

#include <functional>
#include <memory>
#include <string>
#include <vector>

// The plots of comparisons: how each is made of a pair that was compared. Everything here runs off
// the GUI thread.
namespace flamewright {

// What a person set up in a view.
struct DiffPlotOptions {
    std::string choice; // which endpoint, which explanation; empty: the first
    ScaleChoice scale = ScaleChoice::Automatic;
    bool relative = false; // differences as a share
    friend bool operator==(const DiffPlotOptions &, const DiffPlotOptions &) = default;
};

struct DiffPlotQuestion {
    std::shared_ptr<const Comparison> comparison; // keeps the section alive
    const ComparedSection *section = nullptr;
    DiffPlotOptions options;
    std::shared_ptr<const Session> session;
    std::vector<CaptureId> base, cand; // of the pair
    double pixelsWide = 1000;
    ValueStyle style;
};

// What there is to choose from, by the names that DiffPlotOptions::choice has.
struct DiffPlotChoice {
    std::string id;
    QString title;
};

struct DiffPlotKind {
    QString id; // of the view
    QString title;
    QString fileName;
    std::string of; // kind of the pairs; empty: any
    bool scales = false, relates = false;
    QString nothing; // why a pair of another kind has none
    std::function<bool(const ComparedSection &section)> has;
    std::function<std::vector<DiffPlotChoice>(const ComparedSection &section)> choices = {};
    using Make =
        std::function<Result<std::unique_ptr<PlotView>>(const DiffPlotQuestion &, JobContext &)>;
    Make make;
    float pictureHeight = 640;
};

DiffPlotKind diffPercentilesKind();
DiffPlotKind diffOverTimeKind();
DiffPlotKind explanationKind();
DiffPlotKind diffBenchmarksKind();
DiffPlotKind changeDotsKind();

} // namespace flamewright
