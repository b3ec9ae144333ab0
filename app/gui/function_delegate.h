#pragma once

#include <QStyledItemDelegate>

namespace flamewright {

// Where the outermost names of a tree begin: right of the room for a chevron, below the title (its
// padding in window.qss).
inline constexpr int kTreeNameLeft = 28;

// A cell of the function table: plain text, digits of equal width, a bar under shares.
class FunctionDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    // Trees ask for the height of their rows.
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace flamewright
