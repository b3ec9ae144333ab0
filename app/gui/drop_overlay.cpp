#include "app/gui/drop_overlay.h"

#include "app/gui/palette.h"
#include "app/gui/typography.h"

#include <QPainter>

namespace flamewright {

DropOverlay::DropOverlay(QWidget *window) : QWidget(window)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    hide();
}

void DropOverlay::showFor(int files)
{
    m_text = files == 1 ? tr("Drop to open it") : tr("Drop to open %1 files").arg(files);
    setGeometry(parentWidget()->rect());
    raise();
    show();
}

void DropOverlay::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto c = colorsOf(palette());
    auto veil = c.surface0;
    veil.setAlphaF(0.86f);
    painter.fillRect(rect(), veil);
    painter.setPen(QPen(c.accent, 2, Qt::DashLine));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(rect().adjusted(16, 16, -16, -16), 12, 12);
    painter.setFont(typeFont(TextStyle::Figure));
    painter.setPen(c.text1);
    painter.drawText(rect(), Qt::AlignCenter, m_text);
}

} // namespace flamewright
