#include "app/gui/view_pane.h"

namespace flamewright {

ViewPane::ViewPane(QWidget *parent) : QWidget(parent) {}

QJsonObject ViewPane::state() const
{
    return {};
}

void ViewPane::restore(const QJsonObject &) {}

std::optional<ViewPicture> ViewPane::picture() const
{
    return std::nullopt;
}

std::function<QString()> ViewPane::data() const
{
    return {};
}

} // namespace flamewright
