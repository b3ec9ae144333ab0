#pragma once

#include <QStyledItemDelegate>

#include <functional>

namespace flamewright {

struct ComparedItem;

// Rows of a table of changes: values with a bar in the colour of their side, the change in that of
// its verdict, runs as dots. What there is no evidence for is grey.
class DiffDelegate final : public QStyledItemDelegate {
    Q_OBJECT

public:
    static constexpr int kRowHeight = 32;
    // The item of a row of the table.
    using Items = std::function<const ComparedItem *(int row)>;

    DiffDelegate(Items items, QObject *parent);
    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;

private:
    Items m_items;
};

} // namespace flamewright
