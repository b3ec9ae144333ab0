#pragma once

#include <QStyledItemDelegate>

namespace flamewright {

// Cells of plain tables: text in the columns' alignment.
class CellDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    static constexpr int kRowHeight = 28;
    // True: what a machine says went wrong, such as a status.
    enum Role : int { CodeRole = Qt::UserRole };

    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
};

} // namespace flamewright
