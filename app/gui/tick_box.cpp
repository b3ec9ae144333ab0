#include "app/gui/tick_box.h"

#include "app/gui/palette.h"

#include <QPainter>
#include <QStyleOptionButton>

namespace flamewright {

void TickBox::paintEvent(QPaintEvent *event)
{
    QCheckBox::paintEvent(event);
    if (!isChecked())
        return;
    QStyleOptionButton option;
    initStyleOption(&option);
    const QRectF box = style()->subElementRect(QStyle::SE_CheckBoxIndicator, &option, this);
    const auto at = [&](double x, double y) {
        return QPointF(box.left() + x * box.width(), box.top() + y * box.height());
    };
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(
        QPen(colorsOf(palette()).onAccent, 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    const QPointF tick[] = {at(0.25, 0.52), at(0.43, 0.70), at(0.75, 0.32)};
    painter.drawPolyline(tick, 3);
}

} // namespace flamewright
