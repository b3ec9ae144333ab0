#include "views/qt/frame_tip.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace flamewright {

static constexpr int kShadow = 6;
static constexpr QPoint kOffset{14, 18}; // clear of the pointer

FrameTip::FrameTip(QWidget *host) : QWidget(host->window()), m_host(host)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setFocusPolicy(Qt::NoFocus);
    hide();
}

QString FrameTip::text() const
{
    return isVisible() ? QString::fromStdString(plainText(m_content)) : QString();
}

void FrameTip::showAt(QPoint at, const FlameTooltip &tooltip, Theme theme)
{
    auto *window = m_host->window();
    if (parentWidget() != window)
        setParent(window);
    m_content = tooltip;
    m_shadow = theme == Theme::Dark ? QColor(0, 0, 0, 40) : QColor(20, 30, 45, 9);
    m_list.clear();
    const auto size = tooltipCard(tooltip, theme, m_metrics, m_list);
    resize(static_cast<int>(std::ceil(size.width)) + 2 * kShadow,
           static_cast<int>(std::ceil(size.height)) + 2 * kShadow);
    // Right of and below the pointer; on the other side where there is no room.
    const auto pointer = m_host->mapTo(window, at);
    auto place = pointer + kOffset - QPoint(kShadow, kShadow);
    if (place.x() + width() > window->width())
        place.setX(pointer.x() - kOffset.x() - width() + kShadow);
    if (place.y() + height() > window->height())
        place.setY(pointer.y() - kOffset.x() - height() + kShadow);
    move(std::max(place.x(), 0), std::max(place.y(), 0));
    show();
    raise();
    update();
}

void FrameTip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_shadow);
    for (int i = 0; i < kShadow; ++i) {
        painter.drawRoundedRect(rect().adjusted(i, i + 2, -i, -i + 2),
                                tokens::k_radius_panel + kShadow - i,
                                tokens::k_radius_panel + kShadow - i);
    }
    painter.translate(kShadow, kShadow);
    paint(m_list, painter);
}

} // namespace flamewright
