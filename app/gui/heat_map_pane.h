#pragma once

#include "analysis/heat_map.h"
#include "analysis/scope.h"
#include "app/gui/latest_job.h"
#include "app/gui/preferences.h"
#include "app/gui/view_catalogue.h"
#include "app/gui/view_pane.h"
#include "views/scene/heat_map_view.h"

#include <memory>
#include <optional>

namespace flamewright {

class HeatMapWidget;
class PlainLabel;

// When samples were taken, for all of the time; what is brushed here is the time of the scope, and
// every view follows. Filters of the scope hold here too.
class HeatMapPane final : public ViewPane {
    Q_OBJECT

public:
    HeatMapPane(const ViewContext &context, QWidget *parent);

    HeatMapWidget *heatMap() const { return m_heat; }
    bool isSettled() const override { return !m_job.busy(); }
    QString summary() const;

    std::optional<ViewPicture> picture(Theme theme) const override;
    std::function<QString()> data() const override; // a line for each cell that is not empty

private:
    void sayHow(WheelChoice wheel); // it can be used
    void follow();
    void load();
    void describe();
    HeatMapData dataOf() const; // of the map, which there is

    ViewContext m_context;
    HeatMapWidget *m_heat;
    PlainLabel *m_hint;
    PlainLabel *m_summary;
    std::shared_ptr<const HeatMap> m_map;
    std::optional<Scope> m_loaded; // without times and search
    LatestJob<HeatMap> m_job;
};

} // namespace flamewright
