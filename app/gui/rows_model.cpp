#include "app/gui/rows_model.h"

#include "app/gui/cell_delegate.h"
#include "app/gui/load_table.h"
#include "app/gui/text.h"
#include "app/gui/tsv.h"

#include <algorithm>
#include <numeric>

namespace flamewright {

void RowsModel::setRows(std::size_t rows, std::vector<TableColumn> columns)
{
    beginResetModel();
    m_columns = std::move(columns);
    m_rows.resize(rows);
    std::iota(m_rows.begin(), m_rows.end(), 0u);
    sortRows();
    endResetModel();
}

void RowsModel::sortRows()
{
    if (m_sortColumn < 0 || m_sortColumn >= columnCount()) {
        std::sort(m_rows.begin(), m_rows.end());
        return;
    }
    const auto &column = m_columns[static_cast<std::size_t>(m_sortColumn)];
    const bool down = m_order == Qt::DescendingOrder;
    std::sort(m_rows.begin(), m_rows.end(), [&](std::uint32_t a, std::uint32_t b) {
        const int order = column.compare
                              ? column.compare(a, b)
                              : QString::localeAwareCompare(column.text(a), column.text(b));
        if (order != 0)
            return down ? order > 0 : order < 0;
        return a < b;
    });
}

void RowsModel::sort(int column, Qt::SortOrder order)
{
    if (column >= columnCount())
        return;
    // Selections are given back by whoever shows the table.
    beginResetModel();
    m_sortColumn = column;
    m_order = order;
    sortRows();
    endResetModel();
}

int RowsModel::shownAt(std::uint32_t row) const
{
    const auto at = std::find(m_rows.begin(), m_rows.end(), row);
    return at == m_rows.end() ? -1 : static_cast<int>(at - m_rows.begin());
}

int RowsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int RowsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

QVariant RowsModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount() || index.column() >= columnCount())
        return {};
    const auto &column = m_columns[static_cast<std::size_t>(index.column())];
    const auto row = rowAt(index.row());
    switch (role) {
    case Qt::DisplayRole: return column.text(row);
    case Qt::ToolTipRole:
        if (column.toolTip)
            return plainToolTip(column.toolTip(row));
        return column.right ? QVariant() : QVariant(plainToolTip(column.text(row)));
    case Qt::TextAlignmentRole:
        return static_cast<int>(Qt::AlignVCenter | (column.right ? Qt::AlignRight : Qt::AlignLeft));
    case CellDelegate::CodeRole: return column.code;
    default: return {};
    }
}

QVariant RowsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const auto &column = m_columns[static_cast<std::size_t>(section)];
    return flamewright::headerData({.title = column.title,
                                    .tip = column.tip,
                                    .right = column.right,
                                    .sorted = section == m_sortColumn,
                                    .descending = m_order == Qt::DescendingOrder},
                                   role);
}

std::function<QString()> RowsModel::asText() const
{
    if (m_rows.empty())
        return {};
    return [columns = m_columns, rows = m_rows] {
        QString out;
        for (const auto &column : columns)
            out += (out.isEmpty() ? QString() : QStringLiteral("\t")) +
                   (column.rawTitle.isEmpty() ? column.title.toLower() : column.rawTitle);
        out += QLatin1Char('\n');
        for (const auto row : rows) {
            QStringList cells;
            for (const auto &column : columns)
                cells << tsvCell((column.raw ? column.raw(row) : column.text(row)).toStdString());
            out += cells.join(QLatin1Char('\t')) + QLatin1Char('\n');
        }
        return out;
    };
}

} // namespace flamewright
