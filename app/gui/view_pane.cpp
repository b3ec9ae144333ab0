#include "app/gui/view_pane.h"

#include <QVBoxLayout>

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

HostedPane::HostedPane(QWidget *content, QWidget *parent) : ViewPane(parent)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(content);
    setFocusProxy(content);
}

} // namespace flamewright
