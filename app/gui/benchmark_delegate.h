#pragma once

#include <QStyledItemDelegate>

namespace flamewright {

// Cells of the table of benchmarks: names, right-aligned figures, and where the median lies.
class BenchmarkDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    static constexpr int kRowHeight = 28;

    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
};

} // namespace flamewright
