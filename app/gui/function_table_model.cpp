#include "app/gui/function_table_model.h"

#include "app/gui/figures.h"
#include "app/gui/text.h"

#include <algorithm>

namespace flamewright {
namespace {

// Sum of the column in percent of which the share columns are.
std::int64_t value(const FunctionStat &s, int column)
{
    switch (column) {
    case FunctionTableModel::Self:
    case FunctionTableModel::SelfShare: return s.self;
    case FunctionTableModel::Total:
    case FunctionTableModel::TotalShare: return s.total;
    case FunctionTableModel::Samples: return s.totalSamples;
    default: return 0;
    }
}

} // namespace

void FunctionTableModel::setProfile(std::shared_ptr<const Profile> profile)
{
    beginResetModel();
    m_profile = std::move(profile);
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
    const auto &functions = m_profile->functions;
    const bool down = m_order == Qt::DescendingOrder;
    const auto text = [&](std::uint32_t row) -> const std::string & {
        const auto &f = functions[table[row].function.raw];
        return m_sortColumn == Module ? f.module : f.name;
    };
    // The table's own order (by self) breaks ties; it is the order of the indices.
    std::sort(m_rows.begin(), m_rows.end(), [&](std::uint32_t a, std::uint32_t b) {
        if (m_sortColumn == Function || m_sortColumn == Module) {
            const auto order = text(a).compare(text(b));
            if (order != 0)
                return down ? order > 0 : order < 0;
        } else {
            const auto va = value(table[a], m_sortColumn), vb = value(table[b], m_sortColumn);
            if (va != vb)
                return down ? va > vb : va < vb;
        }
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
    const auto &s = stat(index.row());
    const auto &f = m_profile->functions[s.function.raw];
    const auto column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        switch (column) {
        case Function: return f.name.empty() ? tr("(unknown)") : display(f.name);
        case Module: return displayBaseName(f.module);
        case Self: return inUnit(s.self, m_profile->unit);
        case SelfShare: return shareText(s.self, m_profile->total);
        case Total: return inUnit(s.total, m_profile->unit);
        case TotalShare: return shareText(s.total, m_profile->total);
        case Samples: return grouped(s.totalSamples);
        default: return {};
        }
    case Qt::ToolTipRole:
        // Only where the cell says less than there is.
        if (column == Function)
            return plainToolTip(display(f.name));
        if (column == Module)
            return plainToolTip(display(f.module));
        return {};
    case Qt::TextAlignmentRole:
        return static_cast<int>(Qt::AlignVCenter |
                                (column <= Module ? Qt::AlignLeft : Qt::AlignRight));
    case BarRole:
        if (column == SelfShare)
            return ratioOf(s.self, m_profile->total);
        if (column == TotalShare)
            return ratioOf(s.total, m_profile->total);
        return {};
    case MatchRole: return m_search && m_search->functions[s.function.raw];
    default: return {};
    }
}

QVariant FunctionTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(Qt::AlignVCenter |
                                (section <= Module ? Qt::AlignLeft : Qt::AlignRight));
    if (role != Qt::DisplayRole)
        return {};
    // The arrow is part of the text: the style's own would lie over right-aligned titles.
    if (section == m_sortColumn)
        return QString(QChar(m_order == Qt::DescendingOrder ? 0x2193 : 0x2191)) + QLatin1Char(' ') +
               columnTitle(section);
    return columnTitle(section);
}

QString FunctionTableModel::columnTitle(int section)
{
    switch (section) {
    case Function: return tr("Function");
    case Module: return tr("Module");
    case Self: return tr("Self");
    case SelfShare: return tr("Self %");
    case Total: return tr("Total");
    case TotalShare: return tr("Total %");
    case Samples: return tr("Samples");
    default: return {};
    }
}

} // namespace flamewright
