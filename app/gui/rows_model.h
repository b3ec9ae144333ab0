#pragma once

#include <QAbstractTableModel>
#include <QString>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace flamewright {

// How one column of a table shows row `row` of whatever the table is about. What it reads is owned by
// the functions: they are also called off the GUI thread.
struct TableColumn {
    QString title, tip;
    bool right = false; // numbers
    bool code = false;  // what a machine says went wrong, such as a status
    std::function<QString(std::uint32_t row)> text;
    // Negative, zero, positive, smallest first. None: compares the texts.
    std::function<int(std::uint32_t a, std::uint32_t b)> compare = {};
    std::function<QString(std::uint32_t row)> toolTip = {};
    // For a spreadsheet: unrounded, in the unit that `rawTitle` names. None: as shown.
    std::function<QString(std::uint32_t row)> raw = {};
    QString rawTitle = {};
};

template <class T>
int threeWay(const T &a, const T &b)
{
    return a < b ? -1 : b < a ? 1 : 0;
}

// A table given by its columns. Rows that compare equal stay in their own order.
class RowsModel : public QAbstractTableModel {
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;

    void setRows(std::size_t rows, std::vector<TableColumn> columns);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order) override;
    int sortColumn() const { return m_sortColumn; }
    Qt::SortOrder sortOrder() const { return m_order; }

    // What is shown in a row of the table, and where something is shown; -1: nowhere.
    std::uint32_t rowAt(int shown) const { return m_rows[static_cast<std::size_t>(shown)]; }
    int shownAt(std::uint32_t row) const;
    // Makes all rows as tab-separated text, in their order; empty without rows.
    std::function<QString()> asText() const;

private:
    void sortRows();

    std::vector<TableColumn> m_columns;
    std::vector<std::uint32_t> m_rows;
    int m_sortColumn = -1; // the rows' own order
    Qt::SortOrder m_order = Qt::DescendingOrder;
};

} // namespace flamewright
