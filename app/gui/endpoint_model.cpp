#include "app/gui/endpoint_model.h"

#include "app/gui/text.h"

#include <algorithm>

namespace flamewright {

void EndpointModel::setAnswer(std::shared_ptr<const LoadAnswer> answer, ValueStyle style)
{
    beginResetModel();
    if (!answer || !m_answer || answer->base != m_answer->base)
        m_found.clear(); // belongs to the old rows
    m_answer = std::move(answer);
    m_style = style;
    rebuild();
    endResetModel();
}

void EndpointModel::setFound(std::vector<std::uint8_t> found)
{
    if (found == m_found)
        return;
    beginResetModel();
    m_found = std::move(found);
    rebuild();
    endResetModel();
}

void EndpointModel::rebuild()
{
    m_rows.clear();
    if (!m_answer)
        return;
    const auto &groups = m_answer->report.groups;
    for (std::uint32_t i = 0; i < groups.size(); ++i) {
        if (m_found.empty() || (groups[i].group < m_found.size() && m_found[groups[i].group]))
            m_rows.push_back(i);
    }
    sortRows();
}

void EndpointModel::sortRows()
{
    if (!m_answer)
        return;
    const auto &groups = m_answer->report.groups;
    const bool down = m_order == Qt::DescendingOrder;
    const auto column = static_cast<LoadColumn>(m_sortColumn);
    // The report's own order (most requests first) breaks ties.
    std::sort(m_rows.begin(), m_rows.end(), [&](std::uint32_t a, std::uint32_t b) {
        const auto order = compareLoad(*m_answer, groups[a], groups[b], column);
        if (order != 0)
            return down ? order > 0 : order < 0;
        return a < b;
    });
}

void EndpointModel::sort(int column, Qt::SortOrder order)
{
    if (column < 0 || column >= kLoadColumns)
        return;
    Q_EMIT layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    const auto before = persistentIndexList();
    std::vector<std::optional<std::uint32_t>> groups;
    for (const auto &index : before)
        groups.push_back(groupAt(index.row()));
    m_sortColumn = column;
    m_order = order;
    sortRows();
    QModelIndexList after;
    for (qsizetype i = 0; i < before.size(); ++i) {
        const auto &group = groups[static_cast<std::size_t>(i)];
        const auto row = group ? rowOf(*group) : 0;
        after << (row < 0 ? QModelIndex() : index(row, before[i].column()));
    }
    changePersistentIndexList(before, after);
    Q_EMIT layoutChanged({}, QAbstractItemModel::VerticalSortHint);
    Q_EMIT headerDataChanged(Qt::Horizontal, 0, kLoadColumns - 1);
}

std::optional<std::uint32_t> EndpointModel::groupAt(int row) const
{
    if (row < 1 || row >= rowCount())
        return std::nullopt;
    return m_answer->report.groups[m_rows[static_cast<std::size_t>(row - 1)]].group;
}

int EndpointModel::rowOf(std::uint32_t group) const
{
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        if (m_answer->report.groups[m_rows[i]].group == group)
            return static_cast<int>(i) + 1;
    }
    return -1;
}

int EndpointModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() || !m_answer ? 0 : static_cast<int>(m_rows.size()) + 1;
}

int EndpointModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : kLoadColumns;
}

LoadCells EndpointModel::cells(int row) const
{
    if (row == 0)
        return {*m_answer, m_answer->total, true, m_style};
    return {*m_answer, m_answer->report.groups[m_rows[static_cast<std::size_t>(row - 1)]], false,
            m_style};
}

QVariant EndpointModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || !m_answer || index.row() >= rowCount())
        return {};
    const auto column = static_cast<LoadColumn>(index.column());
    const auto cell = cells(index.row());
    switch (role) {
    case Qt::DisplayRole: return cell.text(column);
    case Qt::AccessibleTextRole: {
        const auto detail = cell.detail(column);
        return detail.isEmpty() ? cell.text(column)
                                : cell.text(column) + QStringLiteral(", ") + detail;
    }
    case Qt::ToolTipRole: {
        const auto tip = cell.toolTip(column);
        return tip.isEmpty() ? QVariant() : plainToolTip(tip);
    }
    case Qt::TextAlignmentRole:
        return static_cast<int>(Qt::AlignVCenter |
                                (column == LoadColumn::Name ? Qt::AlignLeft : Qt::AlignRight));
    case DetailRole: return cell.detail(column);
    case TotalRole: return cell.total;
    case AlarmRole: return column == LoadColumn::Errors && cell.row.latency.failed.count > 0;
    case MatchRole: return !cell.total && !m_found.empty();
    case TrendRole: {
        QList<qreal> out;
        if (column == LoadColumn::Trend && !cell.total) {
            for (const auto value : m_answer->trend.of(cell.row.group))
                out << static_cast<qreal>(value);
        }
        return QVariant::fromValue(out);
    }
    default: return {};
    }
}

QVariant EndpointModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    const auto column = static_cast<LoadColumn>(section);
    const auto by = m_answer ? m_answer->choice.question.by : LatencyBy::Endpoint;
    auto title = titleOf(column, by);
    if (column == LoadColumn::Name && m_answer)
        title = groupingTitle(by, m_answer->choice.question.tag);
    const bool down = m_order == Qt::DescendingOrder;
    switch (role) {
    case Qt::TextAlignmentRole:
        return static_cast<int>(Qt::AlignVCenter |
                                (column == LoadColumn::Name ? Qt::AlignLeft : Qt::AlignRight));
    case Qt::DisplayRole:
        // The arrow is part of the text: the style's own would lie over right-aligned titles.
        return section == m_sortColumn
                   ? QString(QChar(down ? 0x2193 : 0x2191)) + QLatin1Char(' ') + title
                   : title;
    case Qt::ToolTipRole: {
        const auto tip = toolTipOf(column, m_answer && m_answer->choice.failures);
        return tip.isEmpty() ? QVariant() : plainToolTip(tip);
    }
    case Qt::AccessibleTextRole:
        if (section != m_sortColumn)
            return title;
        return title + QStringLiteral(", ") +
               (down ? tr("sorted, largest first") : tr("sorted, smallest first"));
    default: return {};
    }
}

QString requestsAsText(const LoadAnswer &answer)
{
    const auto by = answer.choice.question.by;
    QString out;
    const auto line = [&](auto text) {
        QStringList cells;
        for (int column = 0; column < kLoadColumns; ++column) {
            if (static_cast<LoadColumn>(column) != LoadColumn::Trend)
                cells << text(static_cast<LoadColumn>(column));
        }
        out += cells.join(QLatin1Char('\t')) + QLatin1Char('\n');
    };
    line([&](LoadColumn column) { return tsvTitleOf(column, by); });
    const LoadCells all{answer, answer.total, true, {}};
    line([&](LoadColumn column) { return all.tsv(column); });
    for (const auto &row : answer.report.groups) {
        const LoadCells cells{answer, row, false, {}};
        line([&](LoadColumn column) { return cells.tsv(column); });
    }
    return out;
}

} // namespace flamewright
