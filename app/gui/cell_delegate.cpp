#include "app/gui/cell_delegate.h"

#include "app/gui/palette.h"
#include "app/gui/text.h"
#include "app/gui/typography.h"

#include <QHeaderView>
#include <QPainter>
#include <QTableView>

namespace flamewright {
namespace {

constexpr int kPadding = 8;

} // namespace

void CellDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                         const QModelIndex &index) const
{
    const auto c = colorsOf(option.palette);
    painter->save();
    if (option.state & QStyle::State_Selected)
        painter->fillRect(option.rect, c.surface0);
    else if (option.state & QStyle::State_MouseOver)
        painter->fillRect(option.rect, c.surface2);
    const bool code = index.data(CodeRole).toBool();
    const auto *table = qobject_cast<const QTableView *>(option.widget);
    const bool leftmost = table && table->horizontalHeader()->sectionPosition(index.column()) == 0;
    const auto box = option.rect.adjusted(leftmost ? 2 * kPadding : kPadding, 0, -kPadding, 0);
    const auto text = index.data(Qt::DisplayRole).toString();
    const Qt::Alignment alignment(index.data(Qt::TextAlignmentRole).toInt());
    if (alignment & Qt::AlignRight) {
        painter->setFont(typeFont(TextStyle::Body));
        painter->setPen(c.text1);
        drawTabular(*painter, box,
                    elided(painter->fontMetrics(), text, Qt::ElideRight, box.width()));
    } else {
        painter->setFont(typeFont(code ? TextStyle::Mono : TextStyle::Body));
        painter->setPen(code ? c.error : c.text1);
        painter->drawText(box, Qt::AlignVCenter | Qt::TextSingleLine,
                          elided(painter->fontMetrics(), text, Qt::ElideRight, box.width()));
    }
    painter->restore();
}

} // namespace flamewright
