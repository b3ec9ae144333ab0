#include "app/gui/call_tree_model.h"

#include "app/gui/figures.h"
#include "app/gui/text.h"

#include <algorithm>
#include <array>

namespace flamewright {

void CallTreeModel::setRows(TableKind kind, std::shared_ptr<const Profile> profile,
                            std::shared_ptr<const CallTreeRows> rows, ValueStyle style)
{
    beginResetModel();
    m_kind = kind;
    m_profile = std::move(profile);
    m_rows = std::move(rows);
    m_style = style;
    m_items.assign(1, Item{});
    m_order.assign(1, 0);
    // The outermost level is what a view begins with.
    if (m_rows)
        fetch(0);
    endResetModel();
}

std::uint32_t CallTreeModel::itemOf(const QModelIndex &index) const
{
    return index.isValid() ? static_cast<std::uint32_t>(index.internalId()) : 0;
}

QModelIndex CallTreeModel::indexOf(std::uint32_t item, int column) const
{
    return item == 0 ? QModelIndex()
                     : createIndex(static_cast<int>(m_items[item].place), column, quintptr{item});
}

QModelIndex CallTreeModel::index(int row, int column, const QModelIndex &parent) const
{
    if (row < 0 || row >= rowCount(parent) || column < 0 || column >= StatColumnCount)
        return {};
    const auto &above = m_items[itemOf(parent)];
    return indexOf(m_order[above.first + static_cast<std::uint32_t>(row)], column);
}

QModelIndex CallTreeModel::parent(const QModelIndex &index) const
{
    return index.isValid() ? indexOf(m_items[itemOf(index)].parent) : QModelIndex();
}

int CallTreeModel::rowCount(const QModelIndex &parent) const
{
    return parent.column() > 0 ? 0 : static_cast<int>(m_items[itemOf(parent)].count);
}

int CallTreeModel::columnCount(const QModelIndex &) const
{
    return StatColumnCount;
}

bool CallTreeModel::mayHaveChildren(std::uint32_t item) const
{
    const auto &it = m_items[item];
    return m_rows && it.level < kMaxTreeLevels && m_rows->hasBelow(it.row);
}

bool CallTreeModel::levelIsCut(const Item &item) const
{
    return item.level >= kMaxTreeLevels && m_rows->hasBelow(item.row);
}

bool CallTreeModel::hasChildren(const QModelIndex &parent) const
{
    if (parent.column() > 0)
        return false;
    const auto item = itemOf(parent);
    return m_items[item].fetched ? m_items[item].count > 0 : mayHaveChildren(item);
}

bool CallTreeModel::canFetchMore(const QModelIndex &parent) const
{
    const auto item = itemOf(parent);
    return parent.column() <= 0 && !m_items[item].fetched && mayHaveChildren(item);
}

void CallTreeModel::fetchMore(const QModelIndex &parent)
{
    if (!canFetchMore(parent))
        return;
    const auto item = itemOf(parent);
    const auto count = m_rows->below(m_items[item].row).size();
    beginInsertRows(indexOf(item), 0, static_cast<int>(count) - 1);
    fetch(item);
    endInsertRows();
}

void CallTreeModel::fetch(std::uint32_t item)
{
    const auto below = m_rows->below(m_items[item].row);
    const auto first = static_cast<std::uint32_t>(m_items.size());
    for (const auto row : below) {
        m_order.push_back(static_cast<std::uint32_t>(m_items.size()));
        m_items.push_back({.row = row,
                           .parent = item,
                           .level = static_cast<std::uint16_t>(m_items[item].level + 1)});
    }
    auto &above = m_items[item];
    above.first = first;
    above.count = static_cast<std::uint32_t>(below.size());
    above.fetched = true;
    sortLevel(above);
}

void CallTreeModel::sortLevel(const Item &parent)
{
    const bool down = m_sortOrder == Qt::DescendingOrder;
    const auto begin = m_order.begin() + parent.first;
    // CallTreeRows has the heaviest first; its order breaks ties.
    std::sort(begin, begin + parent.count, [&](std::uint32_t a, std::uint32_t b) {
        const auto order = compareStats(m_rows->cells(m_items[a].row),
                                        m_rows->cells(m_items[b].row), m_sortColumn);
        if (order != 0)
            return down ? order > 0 : order < 0;
        return a < b;
    });
    for (std::uint32_t place = 0; place < parent.count; ++place)
        m_items[m_order[parent.first + place]].place = place;
}

void CallTreeModel::sort(int column, Qt::SortOrder order)
{
    if (column < 0 || column >= StatColumnCount)
        return;
    Q_EMIT layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    const auto before = persistentIndexList();
    m_sortColumn = column;
    m_sortOrder = order;
    for (const auto &item : m_items) {
        if (item.fetched)
            sortLevel(item);
    }
    QModelIndexList after;
    for (const auto &index : before)
        after << indexOf(itemOf(index), index.column());
    changePersistentIndexList(before, after);
    Q_EMIT layoutChanged({}, QAbstractItemModel::VerticalSortHint);
    Q_EMIT headerDataChanged(Qt::Horizontal, 0, StatColumnCount - 1);
}

QVariant CallTreeModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || !m_profile)
        return {};
    const auto &item = m_items[itemOf(index)];
    const auto column = index.column();
    const bool isGroup = m_rows->function(item.row).raw == 0;
    if (column == StatName && levelIsCut(item) &&
        (role == Qt::DisplayRole || role == Qt::ToolTipRole)) {
        const auto text =
            tr("%1 (%2 more below, not listed)")
                .arg(statCell(*m_profile, m_rows->cells(item.row), column, Qt::DisplayRole, m_style)
                         .toString(),
                     grouped(m_rows->countBelow(item.row)));
        return role == Qt::DisplayRole ? text : plainToolTip(text);
    }
    if (isGroup && column == StatName && role == Qt::DisplayRole) {
        const auto name = m_rows->cells(item.row).name;
        if (name.empty())
            return m_kind == TableKind::Files ? tr("(file not known)") : tr("(module not known)");
        return m_kind == TableKind::Files ? display(name) : displayBaseName(name);
    }
    if (isGroup && role == StatPathRole)
        return column == StatName;
    if (isGroup && column == StatModule && role == Qt::DisplayRole) {
        const auto count = m_rows->countBelow(item.row);
        return count == 1 ? tr("1 function") : tr("%1 functions").arg(grouped(count));
    }
    if (isGroup && column == StatModule && role == Qt::ToolTipRole)
        return {};
    return statCell(*m_profile, m_rows->cells(item.row), column, role, m_style);
}

QVariant CallTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::ToolTipRole)
        return plainToolTip(explanation(section));
    return statHeader(section, role, nameTitle(), m_sortColumn, m_sortOrder);
}

QString CallTreeModel::explanation(int column) const
{
    const bool group = m_kind == TableKind::Modules || m_kind == TableKind::Files;
    switch (column) {
    case StatSelf:
    case StatSelfShare:
        return m_kind == TableKind::BottomUp
                   ? tr("Spent in the function itself. Callers in the rows below spent none of it.")
                   : tr("Spent in the function itself, without what it calls.");
    case StatTotal:
    case StatTotalShare:
        if (m_kind == TableKind::BottomUp)
            return tr("Of the self value of the outermost row, what came through these callers.");
        return group ? tr("Of all stacks in which one of the functions is, each counted once.")
                     : tr("With everything that it calls.");
    case StatSamples: return tr("Samples behind the total.");
    default: return {};
    }
}

QString CallTreeModel::nameTitle() const
{
    switch (m_kind) {
    case TableKind::Functions: return tr("Function");
    case TableKind::TopDown: return tr("Function and what it calls");
    case TableKind::BottomUp: return tr("Function and its callers");
    case TableKind::Modules: return tr("Module and its functions");
    case TableKind::Files: return tr("File and its functions");
    }
    return {};
}

std::uint32_t CallTreeModel::rowAt(const QModelIndex &index) const
{
    return m_items[itemOf(index)].row;
}

FunctionId CallTreeModel::functionAt(const QModelIndex &index) const
{
    return index.isValid() && m_rows ? m_rows->function(rowAt(index)) : FunctionId{};
}

StatRow CallTreeModel::cellsAt(const QModelIndex &index) const
{
    return index.isValid() && m_rows ? m_rows->cells(rowAt(index)) : StatRow{};
}

int CallTreeModel::levelOf(const QModelIndex &index) const
{
    return m_items[itemOf(index)].level - 1;
}

QModelIndex CallTreeModel::find(std::span<const std::uint32_t> path)
{
    QModelIndex at;
    for (const auto row : path) {
        fetchMore(at);
        const auto &above = m_items[itemOf(at)];
        std::uint32_t found = 0;
        for (auto item = above.first; item < above.first + above.count; ++item) {
            if (m_items[item].row == row)
                found = item;
        }
        if (found == 0)
            break;
        at = indexOf(found);
    }
    return at;
}

QModelIndex CallTreeModel::find(FunctionId function)
{
    if (!m_rows || function.raw == 0)
        return {};
    const auto grouped = m_kind == TableKind::Modules || m_kind == TableKind::Files;
    for (int row = 0; row < rowCount(); ++row) {
        const auto outer = index(row, 0);
        if (!grouped) {
            if (functionAt(outer) == function)
                return outer;
            continue;
        }
        for (const auto id : m_rows->below(rowAt(outer))) {
            if (m_rows->function(id) == function)
                return find(std::array{rowAt(outer), id});
        }
    }
    return {};
}

QModelIndex CallTreeModel::heaviestBelow(const QModelIndex &index)
{
    fetchMore(index);
    const auto &above = m_items[itemOf(index)];
    std::uint32_t best = 0;
    for (auto item = above.first; item < above.first + above.count; ++item) {
        if (best == 0 ||
            m_rows->cells(m_items[item].row).total > m_rows->cells(m_items[best].row).total)
            best = item;
    }
    return indexOf(best);
}

QString CallTreeModel::toTsv(const QModelIndexList &rows) const
{
    if (!m_profile)
        return {};
    auto out = statTsvHeader(*m_profile, nameTitle());
    for (const auto &row : rows) {
        if (row.column() == 0)
            out += QLatin1Char('\n') + statTsvLine(*m_profile, cellsAt(row));
    }
    return out;
}

} // namespace flamewright
