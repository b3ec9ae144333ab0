#pragma once

#include "app/gui/view_catalogue.h"
#include "app/gui/view_pane.h"

namespace flamewright {

class FlamePane;

// The flame graph as a tab.
class FlameTab final : public ViewPane {
    Q_OBJECT

public:
    FlameTab(const ViewContext &context, QWidget *parent);

    FlamePane *flamePane() const { return m_pane; }

    QJsonObject state() const override;
    void restore(const QJsonObject &state) override;
    std::optional<ViewPicture> picture(Theme theme) const override;
    std::string sentence() const override;
    std::function<QString()> data() const override; // folded stacks
    bool isSettled() const override;

private:
    ViewContext m_context;
    FlamePane *m_pane;
};

} // namespace flamewright
