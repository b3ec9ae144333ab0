#pragma once

#include "app/gui/view_catalogue.h"
#include "app/gui/view_pane.h"

#include <memory>

namespace flamewright {

class PlainLabel;
class SceneWidget;
class ServiceMapView;

// Who calls whom, how often and how long it takes.
class ServiceMapPane final : public ViewPane {
    Q_OBJECT

public:
    ServiceMapPane(const ViewContext &context, QWidget *parent);
    ~ServiceMapPane() override;

    SceneWidget *map() const { return m_map; }

    std::optional<ViewPicture> picture(Theme theme) const override;
    std::function<QString()> data() const override;
    bool isSettled() const override;

private:
    void follow();

    ViewContext m_context;
    SceneWidget *m_map;
    PlainLabel *m_summary, *m_none;
    std::shared_ptr<ServiceMapView> m_scene;
};

} // namespace flamewright
