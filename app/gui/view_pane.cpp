#include "app/gui/view_pane.h"

#include "app/gui/empty_hint.h"

#include <QPushButton>

namespace flamewright {

ViewPane::ViewPane(QWidget *parent) : QWidget(parent) {}

QJsonObject ViewPane::state() const
{
    return {};
}

void ViewPane::restore(const QJsonObject &) {}

std::optional<ViewPicture> ViewPane::picture(Theme) const
{
    return std::nullopt;
}

std::vector<ViewPicture> ViewPane::sidePictures(Theme) const
{
    return {};
}

std::string ViewPane::sentence() const
{
    return {};
}

QString ViewPane::severity() const
{
    return {};
}

std::function<QString()> ViewPane::data() const
{
    return {};
}

void ViewPane::cover(const QString &title, const QString &why, const QString &button,
                     const QString &view)
{
    if (title.isEmpty()) {
        if (m_hint) {
            m_hint->hide();
            m_hint->deleteLater();
        }
        m_hint = nullptr;
        return;
    }
    if (!m_hint) {
        m_hint = new EmptyHint(this);
        connect(m_hint, &EmptyHint::viewRequested, this, &ViewPane::viewRequested);
    }
    m_hint->say(title, why, button, view);
    m_hint->setGeometry(rect());
    m_hint->raise();
    m_hint->show();
}

void ViewPane::resizeEvent(QResizeEvent *event)
{
    if (m_hint)
        m_hint->setGeometry(rect());
    QWidget::resizeEvent(event);
}

} // namespace flamewright
