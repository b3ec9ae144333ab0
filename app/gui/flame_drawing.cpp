#include "app/gui/flame_drawing.h"

#include "analysis/callers_tree.h"
#include "app/chart.h"
#include "app/gui/document.h"
#include "app/gui/freed_elsewhere.h"
#include "app/gui/profile_model.h"
#include "app/gui/scope_controller.h"
#include "app/gui/text.h"
#include "app/workbench.h"

namespace flamewright {
namespace {

bool isTopDown(FlameLayout layout)
{
    return layout == FlameLayout::Icicle || layout == FlameLayout::Flame ||
           layout == FlameLayout::LeftHeavy;
}

std::shared_ptr<const FlameData> flameOf(JobRunner &runner, std::shared_ptr<const Profile> profile,
                                         FlameLayout layout)
{
    return freedIn(runner, std::make_shared<const FlameData>(std::move(profile), layout));
}

// The picture of one profile; runs in a job.
FlameDrawing::Picture draw(JobRunner &runner, std::shared_ptr<const Profile> base,
                           FlameLayout layout, FunctionId centre)
{
    FlameDrawing::Picture out;
    out.layout = layout;
    out.base = base;
    switch (layout) {
    case FlameLayout::Icicle:
    case FlameLayout::Flame:
    case FlameLayout::LeftHeavy: out.flame = flameOf(runner, base, layout); break;
    case FlameLayout::Inverted:
        out.flame =
            flameOf(runner, std::make_shared<const Profile>(invertedProfile(*base)), layout);
        break;
    case FlameLayout::Chart: break; // needs the samples: Workbench::chart()
    case FlameLayout::Sandwich: {
        out.function = centre;
        const auto sandwich = sandwichOf(*base, centre);
        out.flame = flameOf(runner, sandwich.callees, layout);
        out.callers = flameOf(runner, sandwich.callers, layout);
        break;
    }
    }
    return out;
}

} // namespace

FlameDrawing::FlameDrawing(const Services &services, Document &document, ScopeController &scope,
                           ProfileModel &profile, QObject *parent)
    : QObject(parent),
      m_services(services),
      m_document(document),
      m_scope(scope),
      m_profile(profile),
      m_job(services.jobs)
{
    connect(&profile, &ProfileModel::profileChanged, this, [this] {
        m_centre = {}; // ids are those of one profile
        make();
    });
    make();
}

bool FlameDrawing::sharesNodes() const
{
    return m_picture && isTopDown(m_picture->layout) && m_picture->base == m_profile.profile();
}

void FlameDrawing::setLayout(FlameLayout layout)
{
    if (layout == m_layout)
        return;
    m_layout = layout;
    make();
}

void FlameDrawing::setCentre(FunctionId function)
{
    if (function == m_centre)
        return;
    m_centre = function;
    if (m_layout == FlameLayout::Sandwich)
        make();
}

FunctionId FlameDrawing::centreOf(const Profile &profile) const
{
    if (m_centre.raw != 0 && m_centre.raw < profile.functions.size())
        return m_centre;
    return mostInteresting(profile);
}

void FlameDrawing::make()
{
    const auto base = m_profile.profile();
    const auto session = m_document.session();
    if (!base || !session) {
        m_job.cancel();
        m_picture.reset();
        m_error = m_profile.error();
        Q_EMIT changed();
        return;
    }
    const auto done = [this](Result<Picture> result) {
        if (result.has_value()) {
            m_picture = *std::move(result);
            m_error.clear();
        } else {
            m_picture.reset();
            m_error = display(result.error().text());
        }
        Q_EMIT changed();
    };
    if (m_layout == FlameLayout::Chart) {
        m_job.start(
            "chart",
            [&workbench = m_services.workbench, &jobs = m_services.jobs, base, session,
             scope = m_profile.loadedScope()](JobContext &job) -> Result<Picture> {
                FW_ASSIGN(const auto chart, workbench.chart(*session, scope, job));
                return Picture{.layout = FlameLayout::Chart,
                               .base = base,
                               .flame = flameOf(jobs, chart.profile, FlameLayout::Chart),
                               .timeOriginNs = chart.beginNs,
                               .leftOut = chart.leftOut,
                               .untimed = chart.untimed};
            },
            done);
        return;
    }
    m_job.start(
        "flame graph",
        [&jobs = m_services.jobs, base, layout = m_layout, centre = centreOf(*base)](
            JobContext &) -> Result<Picture> { return draw(jobs, base, layout, centre); },
        done);
}

} // namespace flamewright
