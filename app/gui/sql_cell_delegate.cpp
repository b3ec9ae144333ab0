#include "app/gui/sql_cell_delegate.h"

#include "app/gui/palette.h"
#include "app/gui/sql_result_model.h"
#include "app/gui/text.h"
#include "app/gui/typography.h"

#include <QPainter>

namespace flamewright {
namespace {

constexpr int kPadding = 8, kEdge = 16, kRowHeight = 24;

QFont fontOf(const QModelIndex &index)
{
    const bool plain = index.data(SqlResultModel::NumberRole).toBool() ||
                       index.data(SqlResultModel::NullRole).toBool();
    return typeFont(plain ? TextStyle::Body : TextStyle::Mono);
}

} // namespace

void SqlCellDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                            const QModelIndex &index) const
{
    const auto c = colorsOf(option.palette);
    painter->save();
    if (option.state & QStyle::State_Selected)
        painter->fillRect(option.rect, c.surface0);
    else if (option.state & QStyle::State_MouseOver)
        painter->fillRect(option.rect, c.surface2);
    const bool last = index.column() + 1 == index.model()->columnCount();
    const auto box = option.rect.adjusted(index.column() == 0 ? kEdge : kPadding, 0,
                                          last ? -kEdge : -kPadding, 0);
    const auto text = index.data(Qt::DisplayRole).toString();
    painter->setFont(fontOf(index));
    if (index.data(SqlResultModel::NumberRole).toBool()) {
        painter->setPen(c.text1);
        // Part of a number is no number: one that does not fit is cut visibly, at its end.
        const bool fits = tabularWidth(painter->fontMetrics(), text) <= box.width();
        drawTabular(*painter, box,
                    fits ? text
                         : elided(painter->fontMetrics(), text, Qt::ElideRight, box.width()));
    } else {
        painter->setPen(index.data(SqlResultModel::NullRole).toBool() ? c.text3 : c.text1);
        painter->drawText(box, Qt::AlignVCenter | Qt::TextSingleLine,
                          elided(painter->fontMetrics(), text, Qt::ElideRight, box.width()));
    }
    if (option.state & QStyle::State_HasFocus) {
        painter->setPen(c.accent);
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(option.rect.adjusted(0, 0, -1, -1));
    }
    painter->restore();
}

QSize SqlCellDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const
{
    const QFontMetrics metrics(fontOf(index));
    const auto text = cappedForLayout(index.data(Qt::DisplayRole).toString());
    const bool last = index.column() + 1 == index.model()->columnCount();
    return {tabularWidth(metrics, text) + (index.column() == 0 ? kEdge : kPadding) +
                (last ? kEdge : kPadding),
            kRowHeight};
}

} // namespace flamewright
