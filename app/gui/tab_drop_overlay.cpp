#include "app/gui/tab_drop_overlay.h"

#include "app/gui/palette.h"
#include "app/gui/text.h"
#include "app/gui/typography.h"

#include <QPainter>

#include <algorithm>

namespace flamewright {
namespace {

constexpr int kTitleHeight = 26, kTitleWidth = 220, kLineWidth = 8;

} // namespace

TabDropOverlay::TabDropOverlay(QWidget *area) : QWidget(area)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    hide();
}

void TabDropOverlay::showFor(const QString &title, QPoint pointer, const QRect &mark)
{
    m_title = title;
    m_pointer = pointer;
    m_mark = mark;
    setGeometry(parentWidget()->rect());
    raise();
    show();
    update();
}

void TabDropOverlay::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto c = colorsOf(palette());
    if (!m_mark.isEmpty() && m_mark.width() < kLineWidth) {
        painter.fillRect(m_mark, c.accent);
    } else if (!m_mark.isEmpty()) {
        auto veil = c.accent;
        veil.setAlphaF(0.16f);
        painter.setPen(QPen(c.accent, 2));
        painter.setBrush(veil);
        painter.drawRoundedRect(QRectF(m_mark).adjusted(3, 3, -3, -3), 6, 6);
    }
    const auto font = typeFont(TextStyle::Body);
    const QFontMetrics metrics(font);
    const auto text = elided(metrics, m_title, Qt::ElideRight, kTitleWidth);
    const QSize size(metrics.horizontalAdvance(text) + 20, kTitleHeight);
    // Beside the pointer, on its other side where there is no room.
    const auto left = m_pointer.x() + 12 + size.width() < width()
                          ? m_pointer.x() + 12
                          : m_pointer.x() - size.width() - 4;
    const auto top = std::min(m_pointer.y() + 8, height() - size.height() - 4);
    const QRectF chip(left + 0.5, top + 0.5, size.width(), size.height());
    painter.setPen(m_mark.isEmpty() ? c.border : c.accent);
    painter.setBrush(c.surface1);
    painter.drawRoundedRect(chip, 6, 6);
    painter.setFont(font);
    painter.setPen(m_mark.isEmpty() ? c.text3 : c.text1);
    painter.drawText(chip, Qt::AlignCenter, text);
}

} // namespace flamewright
