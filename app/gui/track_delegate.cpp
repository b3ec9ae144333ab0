#include "app/gui/track_delegate.h"

#include "app/gui/figures.h"
#include "app/gui/palette.h"
#include "app/gui/text.h"
#include "app/gui/track_list_model.h"
#include "app/gui/typography.h"

#include <QPainter>

namespace flamewright {

void TrackDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                          const QModelIndex &index) const
{
    const auto c = colorsOf(option.palette);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (option.state & (QStyle::State_Selected | QStyle::State_MouseOver)) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(option.state & QStyle::State_Selected ? c.surface0 : c.surface2);
        painter->drawRoundedRect(option.rect.adjusted(2, 1, -2, -1), 4, 4);
    }
    const bool thread = index.data(TrackListModel::IsThreadRole).toBool();
    const bool checked = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
    const auto left = option.rect.left() + (thread ? 28 : 10);
    const QRectF box(left, option.rect.center().y() - 6, 13, 13);
    painter->setPen(QPen(checked ? c.accent : c.text3, 1));
    painter->setBrush(checked ? QBrush(c.accent) : QBrush(c.surface1));
    painter->drawRoundedRect(box.adjusted(.5, .5, -.5, -.5), 3, 3);
    if (checked) {
        painter->setPen(QPen(c.onAccent, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        const QPointF tick[] = {box.topLeft() + QPointF(3.5, 6.5), box.topLeft() + QPointF(5.8, 9),
                                box.topLeft() + QPointF(9.8, 4.2)};
        painter->drawPolyline(tick, 3);
    }
    painter->setFont(typeFont(TextStyle::Body));
    const auto count = grouped(index.data(TrackListModel::CountRole).toLongLong());
    const auto countWidth = tabularWidth(painter->fontMetrics(), count);
    painter->setPen(c.text2);
    drawTabular(*painter, option.rect.adjusted(0, 0, -12, 0), count);
    painter->setFont(typeFont(thread ? TextStyle::Body : TextStyle::Strong));
    painter->setPen(c.text1);
    const QRect text(left + 22, option.rect.top(),
                     option.rect.right() - 12 - countWidth - 12 - left - 22, option.rect.height());
    painter->drawText(text, Qt::AlignVCenter | Qt::TextSingleLine,
                      elided(painter->fontMetrics(), index.data(Qt::DisplayRole).toString(),
                             Qt::ElideMiddle, text.width()));
    painter->restore();
}

QSize TrackDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const
{
    return {200, 26};
}

} // namespace flamewright
