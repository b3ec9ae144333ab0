#pragma once

#include "app/gui/cell_delegate.h"

class QTableView;

namespace flamewright {

// Cells of a table of which one column holds sentences: they are wrapped, and rows are as high as theirs.
class SentenceDelegate final : public CellDelegate {
    Q_OBJECT

public:
    SentenceDelegate(QTableView &view, int column);
    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;

private:
    void fitRows();

    QTableView &m_view;
    int m_column;
};

} // namespace flamewright
