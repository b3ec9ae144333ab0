#pragma once

#include <QStyledItemDelegate>

namespace flamewright {

// A cell of an SQL answer: plain text, digits of equal width on the right, NULL told apart from
// the text "NULL".
class SqlCellDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace flamewright
