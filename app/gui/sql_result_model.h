#pragma once

#include "app/gui/sql_query.h"

#include <QAbstractTableModel>

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace flamewright {

// The answer to a statement as a table: sorting permutes row numbers, values stay as they are.
class SqlResultModel : public QAbstractTableModel {
    Q_OBJECT

public:
    // Whether the cell is a number (then digits are lined up), or no value at all.
    enum Role : int { NumberRole = Qt::UserRole, NullRole };

    using QAbstractTableModel::QAbstractTableModel;

    void setAnswer(std::shared_ptr<const SqlAnswer> answer);
    const std::shared_ptr<const SqlAnswer> &answer() const { return m_answer; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    // NULL first, then numbers, then text: SQLite's order. -1: as answered.
    void sort(int column, Qt::SortOrder order) override;

    // Work that makes cells as tab-separated text with a title line; off the GUI thread.
    std::function<QString()> asTsv(int firstRow, int lastRow, int firstColumn,
                                   int lastColumn) const;

private:
    const SqlValue &value(const QModelIndex &index) const;

    std::shared_ptr<const SqlAnswer> m_answer;
    std::vector<std::uint32_t> m_rows;   // as shown
    std::vector<std::uint8_t> m_numeric; // by column: no text in it
    int m_sortColumn = -1;
    Qt::SortOrder m_order = Qt::AscendingOrder;
};

} // namespace flamewright
