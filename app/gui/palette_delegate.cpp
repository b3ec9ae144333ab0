#include "app/gui/palette_delegate.h"

#include "app/gui/palette.h"
#include "app/gui/palette_model.h"
#include "app/gui/text.h"
#include "app/gui/typography.h"

#include <QApplication>
#include <QPainter>

#include <algorithm>

namespace flamewright {
namespace {

constexpr int kRow = 32, kSide = 12, kGap = 16;

// Letters that matched in the accent colour, the others in `color`. Drawn in runs, elided first.
void drawMarked(QPainter &painter, const QRect &box, const QString &text, const QList<int> &at,
                const QColor &color, const QColor &accent)
{
    const auto metrics = painter.fontMetrics();
    const auto shown = elided(metrics, text, Qt::ElideRight, box.width());
    const auto y = box.top() + (box.height() - metrics.height()) / 2 + metrics.ascent();
    qreal x = box.left();
    for (qsizetype from = 0; from < shown.size();) {
        const bool marked = at.contains(static_cast<int>(from));
        auto to = from + 1;
        while (to < shown.size() && at.contains(static_cast<int>(to)) == marked)
            ++to;
        const auto run = shown.mid(from, to - from);
        painter.setPen(marked ? accent : color);
        painter.drawText(QPointF(x, y), run);
        x += metrics.horizontalAdvance(run);
        from = to;
    }
}

} // namespace

void PaletteDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                            const QModelIndex &index) const
{
    // Of the program, not of the option: a style sheet may make the list's own transparent.
    const auto c = colorsOf(QApplication::palette());
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const auto selected = option.state.testFlag(QStyle::State_Selected);
    if (selected || option.state.testFlag(QStyle::State_MouseOver)) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(selected ? c.surface0 : c.surface2);
        painter->drawRoundedRect(QRectF(option.rect).adjusted(4, 1, -4, -1), 6, 6);
    }
    if (selected) {
        painter->setBrush(c.accent);
        painter->drawRoundedRect(
            QRectF(option.rect.left() + 4, option.rect.top() + 7, 3, kRow - 14), 1.5, 1.5);
    }
    auto box = option.rect.adjusted(kSide + 4, 0, -kSide - 4, 0);
    const auto reason = index.data(PaletteModel::ReasonRole).toString();
    const auto keys = index.data(PaletteModel::KeysRole).toString();
    const auto detail = index.data(PaletteModel::DetailRole).toString();

    // From the right: keys or reason, then the place in the menus, what is left is for the text.
    const auto right = reason.isEmpty() ? keys : reason;
    painter->setFont(typeFont(reason.isEmpty() ? TextStyle::Body : TextStyle::Caption));
    if (!right.isEmpty()) {
        const auto shown = elided(painter->fontMetrics(), right, Qt::ElideRight, box.width() / 2);
        painter->setPen(reason.isEmpty() ? c.text2 : c.text3);
        painter->drawText(box, Qt::AlignRight | Qt::AlignVCenter, shown);
        box.setRight(box.right() - painter->fontMetrics().horizontalAdvance(shown) - kGap);
    }
    const auto text = index.data().toString();
    const auto body = QFontMetrics(typeFont(TextStyle::Body));
    painter->setFont(typeFont(TextStyle::Caption));
    const auto left = box.width() - body.horizontalAdvance(cappedForLayout(text)) - kGap;
    if (!detail.isEmpty() && left > 40) {
        const auto shown = elided(painter->fontMetrics(), detail, Qt::ElideMiddle, left);
        painter->setPen(c.text3);
        painter->drawText(box, Qt::AlignRight | Qt::AlignVCenter, shown);
        box.setRight(box.right() - painter->fontMetrics().horizontalAdvance(shown) - kGap);
    }
    painter->setFont(typeFont(TextStyle::Body));
    drawMarked(*painter, box, text, index.data(PaletteModel::MatchRole).value<QList<int>>(),
               reason.isEmpty() ? c.text1 : c.text3, reason.isEmpty() ? c.accent : c.text3);
    painter->restore();
}

QSize PaletteDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const
{
    return {200, kRow};
}

} // namespace flamewright
