#include "app/gui/error_model.h"

#include "app/gui/cell_delegate.h"
#include "app/gui/figures.h"
#include "app/gui/load_table.h"
#include "app/gui/text.h"
#include "app/gui/tsv.h"

#include <algorithm>
#include <numeric>

namespace flamewright {
namespace {

constexpr std::size_t kGroupsInCell = 3, kGroupsInTip = 30;

std::int64_t countOf(std::uint64_t count)
{
    return static_cast<std::int64_t>(std::min<std::uint64_t>(count, INT64_MAX));
}

QString timeText(std::int64_t ns)
{
    return ns == LoadRows::kUntimed ? QString(QChar(0x2013))
                                    : QString::fromStdString(formatSeconds(ns));
}

} // namespace

void ErrorModel::setAnswer(std::shared_ptr<const LoadAnswer> answer, ValueStyle style)
{
    beginResetModel();
    m_answer = std::move(answer);
    m_style = style;
    m_rows.resize(m_answer ? m_answer->errors.size() : 0);
    std::iota(m_rows.begin(), m_rows.end(), 0u);
    sortRows();
    endResetModel();
}

void ErrorModel::sortRows()
{
    if (!m_answer)
        return;
    const auto compare = [](const auto &x, const auto &y) { return x < y ? -1 : y < x ? 1 : 0; };
    const auto &rows = *m_answer->shown;
    const bool down = m_order == Qt::DescendingOrder;
    std::sort(m_rows.begin(), m_rows.end(), [&](std::uint32_t i, std::uint32_t j) {
        const auto &a = m_answer->errors[i];
        const auto &b = m_answer->errors[j];
        int order = 0;
        switch (m_sortColumn) {
        case Status: order = compare(rows.statuses[a.status], rows.statuses[b.status]); break;
        case Message: order = compare(rows.errors[a.error], rows.errors[b.error]); break;
        case First: order = compare(a.firstNs, b.firstNs); break;
        case Last: order = compare(a.lastNs, b.lastNs); break;
        case Groups: order = compare(a.groups.size(), b.groups.size()); break;
        default: order = compare(a.count, b.count);
        }
        if (order != 0)
            return down ? order > 0 : order < 0;
        return i < j;
    });
}

void ErrorModel::sort(int column, Qt::SortOrder order)
{
    if (column < 0 || column >= ColumnCount)
        return;
    // Few rows: selections are given back by whoever shows them.
    beginResetModel();
    m_sortColumn = column;
    m_order = order;
    sortRows();
    endResetModel();
}

const RequestError &ErrorModel::errorAt(int row) const
{
    return m_answer->errors[m_rows[static_cast<std::size_t>(row)]];
}

int ErrorModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ErrorModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString ErrorModel::groupNames(const RequestError &error, std::size_t most) const
{
    QStringList names;
    for (std::size_t i = 0; i < std::min(error.groups.size(), most); ++i)
        names << display(m_answer->shown->groups[error.groups[i]]);
    if (error.groups.size() > most)
        names << tr("%1 more").arg(grouped(std::ssize(error.groups) - static_cast<int>(most)));
    return names.join(QStringLiteral(", "));
}

QString ErrorModel::text(const RequestError &error, int column) const
{
    const auto &rows = *m_answer->shown;
    switch (column) {
    case Status: {
        const auto &status = rows.statuses[error.status];
        return status.empty() ? tr("no status") : display(status);
    }
    case Message: {
        const auto &message = rows.errors[error.error];
        return message.empty() ? tr("not said") : display(message);
    }
    case Count: return grouped(countOf(error.count));
    case Share: return shareText(countOf(error.count), std::ssize(rows.latency));
    case First: return timeText(error.firstNs);
    case Last: return timeText(error.lastNs);
    case Groups: return groupNames(error, kGroupsInCell);
    default: return {};
    }
}

QVariant ErrorModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || !m_answer || index.row() >= rowCount())
        return {};
    const auto &error = errorAt(index.row());
    const auto column = index.column();
    switch (role) {
    case Qt::DisplayRole: return text(error, column);
    case CellDelegate::CodeRole: return column == Status;
    case Qt::ToolTipRole:
        if (column == Groups)
            return plainToolTip(groupNames(error, kGroupsInTip));
        if (column == Message || column == Status)
            return plainToolTip(text(error, column));
        return {};
    case Qt::TextAlignmentRole:
        return static_cast<int>(
            Qt::AlignVCenter |
            (column >= Count && column <= Last ? Qt::AlignRight : Qt::AlignLeft));
    default: return {};
    }
}

QVariant ErrorModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    QString title, tip;
    switch (section) {
    case Status: title = tr("Status"); break;
    case Message: title = tr("Message"); break;
    case Count: title = tr("Count"); break;
    case Share:
        title = tr("Share");
        tip = tr("Of all requests in the scope");
        break;
    case First:
        title = tr("First");
        tip = tr("When the first of them was sent, after the start of the test");
        break;
    case Last:
        title = tr("Last");
        tip = tr("When the last of them was sent, after the start of the test");
        break;
    case Groups:
        title = tr("Where");
        tip = tr("What they are grouped by, most errors first");
        break;
    default: break;
    }
    return flamewright::headerData({.title = title,
                                    .tip = tip,
                                    .right = section >= Count && section <= Last,
                                    .sorted = section == m_sortColumn,
                                    .descending = m_order == Qt::DescendingOrder},
                                   role);
}

QString errorsAsText(const LoadAnswer &answer)
{
    auto out = QStringLiteral("status\tmessage\tcount\tfirst_ns\tlast_ns\tgroups\n");
    const auto &rows = *answer.shown;
    const auto time = [](std::int64_t ns) {
        return ns == LoadRows::kUntimed ? QString() : QString::number(ns);
    };
    for (const auto &error : answer.errors) {
        const QStringList cells{tsvCell(rows.statuses[error.status]),
                                tsvCell(rows.errors[error.error]),
                                QString::number(error.count),
                                time(error.firstNs),
                                time(error.lastNs),
                                QString::number(error.groups.size())};
        out += cells.join(QLatin1Char('\t')) + QLatin1Char('\n');
    }
    return out;
}

} // namespace flamewright
