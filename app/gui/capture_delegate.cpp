#include "app/gui/capture_delegate.h"

#include "app/gui/capture_list_model.h"
#include "app/gui/palette.h"
#include "app/gui/text.h"
#include "app/gui/typography.h"
#include "capture/session/session.h"

#include <QPainter>
#include <QWidget>

namespace flamewright {
namespace {

constexpr int kHeight = 48, kBadge = 18, kTextLeft = 44;

QRect card(const QRect &row)
{
    return row.adjusted(4, 2, -4, -2);
}

} // namespace

void CaptureDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                            const QModelIndex &index) const
{
    const auto c = colorsOf(option.palette);
    const auto box = card(option.rect);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const bool selected = option.state & QStyle::State_Selected;
    if (selected || option.state & QStyle::State_MouseOver) {
        painter->setPen(selected ? QPen(c.border) : QPen(Qt::NoPen));
        painter->setBrush(c.surface2);
        painter->drawRoundedRect(QRectF(box).adjusted(.5, .5, -.5, -.5), 6, 6);
    }
    if (option.state & QStyle::State_HasFocus && option.state & QStyle::State_KeyboardFocusChange) {
        painter->setPen(QPen(c.accent, 1.5));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -1), 6, 6);
    }

    const auto role =
        static_cast<CaptureRole>(index.data(CaptureListModel::CaptureRoleRole).toInt());
    const QRect badge(box.left() + 10, box.top() + (box.height() - kBadge) / 2, kBadge, kBadge);
    painter->setPen(Qt::NoPen);
    painter->setBrush(role == CaptureRole::Baseline    ? c.sideA
                      : role == CaptureRole::Candidate ? c.sideB
                                                       : c.text3);
    painter->drawRoundedRect(badge, 4, 4);
    auto letter = typeFont(TextStyle::Caption);
    letter.setWeight(QFont::Bold);
    painter->setFont(letter);
    painter->setPen(c.surface1);
    painter->drawText(badge, Qt::AlignCenter, index.data(CaptureListModel::LetterRole).toString());

    const auto left = box.left() - 4 + kTextLeft;
    auto right = box.right() - 10;
    const QRect line1(left, box.top() + 5, right - left, 18);
    if (const auto notes = index.data(CaptureListModel::NotesRole).toInt(); notes > 0) {
        painter->setFont(typeFont(TextStyle::Caption));
        painter->setPen(c.warn);
        const auto text = notes == 1 ? tr("1 note") : tr("%1 notes").arg(notes);
        const auto width = painter->fontMetrics().horizontalAdvance(text);
        painter->drawText(QRect(right - width, line1.top(), width + 1, line1.height()),
                          Qt::AlignVCenter | Qt::AlignRight, text);
        right -= width + 8;
    }
    painter->setFont(typeFont(selected ? TextStyle::Strong : TextStyle::Body));
    painter->setPen(c.text1);
    painter->drawText(QRect(left, line1.top(), right - left, line1.height()),
                      Qt::AlignVCenter | Qt::TextSingleLine,
                      elided(painter->fontMetrics(), index.data(Qt::DisplayRole).toString(),
                             Qt::ElideMiddle, right - left));
    painter->setFont(typeFont(TextStyle::Caption));
    painter->setPen(c.text2);
    const QRect line2(left, line1.bottom() + 1, box.right() - 10 - left, 16);
    painter->drawText(line2, Qt::AlignVCenter | Qt::TextSingleLine,
                      elided(painter->fontMetrics(),
                             index.data(CaptureListModel::SummaryRole).toString(), Qt::ElideRight,
                             line2.width()));
    painter->restore();
}

QSize CaptureDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const
{
    return {120, kHeight};
}

void CaptureDelegate::updateEditorGeometry(QWidget *editor, const QStyleOptionViewItem &option,
                                           const QModelIndex &) const
{
    const auto box = card(option.rect);
    editor->setGeometry(box.adjusted(kTextLeft - 10, 8, -8, -8));
}

} // namespace flamewright
