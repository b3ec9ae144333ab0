#include "app/gui/function_delegate.h"

#include "app/gui/palette.h"
#include "app/gui/stat_cells.h"
#include "app/gui/text.h"
#include "app/gui/typography.h"

#include <QPainter>
#include <QTreeView>

#include <algorithm>

namespace flamewright {
namespace {

constexpr int kPadding = 8, kBarHeight = 3, kRowHeight = 24;

} // namespace

void FunctionDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                             const QModelIndex &index) const
{
    const auto c = colorsOf(option.palette);
    // A tree paints what is left of its cells itself.
    const auto *tree = qobject_cast<const QTreeView *>(option.widget);
    painter->save();
    if (option.state & QStyle::State_Selected) {
        painter->fillRect(option.rect, c.surface0);
        if (index.column() == 0 && !tree)
            painter->fillRect(QRect(option.rect.left(), option.rect.top(), 3, option.rect.height()),
                              c.accent);
    } else if (option.state & QStyle::State_MouseOver) {
        painter->fillRect(option.rect, c.surface2);
    }
    // The outer columns line up with the title above, however far levels are indented.
    const auto outermost =
        tree ? kTreeNameLeft - (tree->rootIsDecorated() ? tree->indentation() : 0) : 2 * kPadding;
    const auto box =
        option.rect.adjusted(index.column() == 0 ? outermost : kPadding, 0,
                             index.column() == StatColumnCount - 1 ? -2 * kPadding : -kPadding, 0);
    const auto text = index.data(Qt::DisplayRole).toString();
    const auto column = index.column();
    if (column <= StatModule) {
        const bool name = column == StatName;
        painter->setFont(typeFont(name ? TextStyle::Mono : TextStyle::Body));
        painter->setPen(name ? index.data(StatMatchRole).toBool() ? c.search : c.text1 : c.text2);
        painter->drawText(
            box, Qt::AlignVCenter | Qt::TextSingleLine,
            elided(painter->fontMetrics(), text,
                   name && !index.data(StatPathRole).toBool() ? Qt::ElideRight : Qt::ElideMiddle,
                   box.width()));
    } else {
        const bool share = column == StatSelfShare || column == StatTotalShare;
        painter->setFont(typeFont(TextStyle::Body));
        painter->setPen(share ? c.text1 : c.text2);
        drawTabular(*painter, share ? box.adjusted(0, 0, 0, -kBarHeight) : box, text);
        if (share) {
            const auto part = std::clamp(index.data(StatBarRole).toDouble(), 0., 1.);
            const QRectF track(box.left(), box.bottom() - kBarHeight, box.width(), kBarHeight);
            painter->setRenderHint(QPainter::Antialiasing);
            painter->setPen(Qt::NoPen);
            painter->setBrush(c.grid);
            painter->drawRoundedRect(track, 1.5, 1.5);
            if (part > 0) {
                painter->setBrush(c.sideA);
                painter->drawRoundedRect(QRectF(track.left(), track.top(),
                                                std::max(2., track.width() * part), kBarHeight),
                                         1.5, 1.5);
            }
        }
    }
    painter->restore();
}

QSize FunctionDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    return {QStyledItemDelegate::sizeHint(option, index).width(), kRowHeight};
}

} // namespace flamewright
