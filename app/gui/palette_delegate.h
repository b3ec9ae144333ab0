#pragma once

#include <QStyledItemDelegate>

namespace flamewright {

// A line of the command palette: text with the matched letters marked, where it is, keys; why it
// cannot be done in place of the keys.
class PaletteDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace flamewright
