#include "app/gui/function_table_model.h"

#include <algorithm>

namespace flamewright {

void FunctionTableModel::setProfile(std::shared_ptr<const Profile> profile, ValueStyle style)
{
    beginResetModel();
    m_profile = std::move(profile);
    m_style = style;
    m_search.reset(); // belongs to the old one
    rebuild();
    endResetModel();
}

void FunctionTableModel::setSearch(std::shared_ptr<const SearchResult> search)
{
    if (search == m_search)
        return;
    beginResetModel();
    m_search = std::move(search);
    rebuild();
    endResetModel();
}

void FunctionTableModel::rebuild()
{
    m_rows.clear();
    if (!m_profile)
        return;
    const auto &table = m_profile->table;
    m_rows.reserve(table.size());
    for (std::uint32_t i = 0; i < table.size(); ++i) {
        if (!m_search || m_search->functions[table[i].function.raw])
            m_rows.push_back(i);
    }
    sortRows();
}

void FunctionTableModel::sortRows()
{
    if (!m_profile)
        return;
    const auto &table = m_profile->table;
    const bool down = m_order == Qt::DescendingOrder;
    // The table's own order (by self) breaks ties; it is the order of the indices.
    std::sort(m_rows.begin(), m_rows.end(), [&](std::uint32_t a, std::uint32_t b) {
        const auto order = compareStats(cellsOf(table[a]), cellsOf(table[b]), m_sortColumn);
        if (order != 0)
            return down ? order > 0 : order < 0;
        return a < b;
    });
}

void FunctionTableModel::sort(int column, Qt::SortOrder order)
{
    if (column < 0 || column >= ColumnCount)
        return;
    Q_EMIT layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    const auto before = persistentIndexList();
    std::vector<FunctionId> functions;
    functions.reserve(static_cast<std::size_t>(before.size()));
    for (const auto &index : before)
        functions.push_back(functionAt(index.row()));
    m_sortColumn = column;
    m_order = order;
    sortRows();
    QModelIndexList after;
    for (int i = 0; i < before.size(); ++i) {
        const auto row = rowOf(functions[static_cast<std::size_t>(i)]);
        after << (row < 0 ? QModelIndex() : index(row, before[i].column()));
    }
    changePersistentIndexList(before, after);
    Q_EMIT layoutChanged({}, QAbstractItemModel::VerticalSortHint);
    Q_EMIT headerDataChanged(Qt::Horizontal, 0, ColumnCount - 1);
}

const FunctionStat &FunctionTableModel::stat(int row) const
{
    return m_profile->table[m_rows[static_cast<std::size_t>(row)]];
}

FunctionId FunctionTableModel::functionAt(int row) const
{
    return row < 0 || row >= rowCount() ? FunctionId{} : stat(row).function;
}

int FunctionTableModel::rowOf(FunctionId function) const
{
    for (std::size_t row = 0; row < m_rows.size(); ++row) {
        if (m_profile->table[m_rows[row]].function == function)
            return static_cast<int>(row);
    }
    return -1;
}

int FunctionTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int FunctionTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant FunctionTableModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || !m_profile)
        return {};
    return statCell(*m_profile, cellsOf(stat(index.row())), index.column(), role, m_style);
}

QVariant FunctionTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    return statHeader(section, role, tr("Function"), m_sortColumn, m_order);
}

StatRow FunctionTableModel::cellsOf(const FunctionStat &stat) const
{
    const auto &f = m_profile->functions[stat.function.raw];
    return {.name = f.name,
            .module = f.module,
            .self = stat.self,
            .total = stat.total,
            .samples = stat.totalSamples,
            .matches = m_search && m_search->functions[stat.function.raw] != 0};
}

} // namespace flamewright
