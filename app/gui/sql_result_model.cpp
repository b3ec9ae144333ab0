#include "app/gui/sql_result_model.h"

#include "app/gui/figures.h"
#include "app/gui/sql_sort.h"
#include "app/gui/text.h"
#include "app/gui/tsv.h"

#include <QLocale>

#include <algorithm>
#include <numeric>
#include <utility>

namespace flamewright {
namespace {

QString shown(const SqlValue &value)
{
    if (const auto *text = std::get_if<std::string>(&value))
        return display(*text);
    if (const auto *integer = std::get_if<std::int64_t>(&value))
        return QString::number(*integer);
    if (const auto *real = std::get_if<double>(&value))
        return QLocale::c().toString(*real, 'g', 10);
    return QStringLiteral("NULL");
}

} // namespace

SqlResultModel::SqlResultModel(JobRunner &runner, QObject *parent)
    : QAbstractTableModel(parent),
      m_sorting(runner)
{}

void SqlResultModel::setAnswer(std::shared_ptr<const SqlAnswer> answer)
{
    m_sorting.cancel();
    beginResetModel();
    m_answer = std::move(answer);
    m_sortColumn = -1;
    m_rows.resize(m_answer ? m_answer->rows.size() : 0);
    std::iota(m_rows.begin(), m_rows.end(), 0u);
    endResetModel();
}

int SqlResultModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int SqlResultModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_answer ? m_answer->columns.size() : 0);
}

const SqlValue &SqlResultModel::value(const QModelIndex &index) const
{
    return m_answer->rows[m_rows[static_cast<std::size_t>(index.row())]]
                         [static_cast<std::size_t>(index.column())];
}

QVariant SqlResultModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || !m_answer)
        return {};
    const auto &v = value(index);
    switch (role) {
    case Qt::DisplayRole: return shown(v);
    case Qt::ToolTipRole:
        if (const auto *text = std::get_if<std::string>(&v))
            return plainToolTip(display(*text));
        // A number has no unit here; whoever knows it finds it in one of these.
        if (const auto *integer = std::get_if<std::int64_t>(&v);
            integer && (*integer > 9999 || *integer < -9999))
            return plainToolTip(tr("%1\nas a time: %2\nas a size: %3")
                                    .arg(grouped(*integer), durationText(*integer, m_style),
                                         inUnit(*integer, Unit::Bytes, m_style)));
        return {};
    case Qt::TextAlignmentRole:
        return static_cast<int>(Qt::AlignVCenter |
                                (kindOf(v) == SqlKind::Number ? Qt::AlignRight : Qt::AlignLeft));
    case NumberRole: return kindOf(v) == SqlKind::Number;
    case NullRole: return kindOf(v) == SqlKind::Null;
    default: return {};
    }
}

QVariant SqlResultModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const auto column = static_cast<std::size_t>(section);
    const auto name = display(m_answer->columns[column]);
    const bool down = m_order == Qt::DescendingOrder;
    switch (role) {
    case Qt::DisplayRole:
        return section == m_sortColumn
                   ? QString(QChar(down ? 0x2193 : 0x2191)) + QLatin1Char(' ') + name
                   : name;
    case Qt::AccessibleTextRole:
        return section != m_sortColumn ? name
               : down                  ? tr("%1, sorted, largest first").arg(name)
                                       : tr("%1, sorted, smallest first").arg(name);
    case Qt::TextAlignmentRole:
        return static_cast<int>(Qt::AlignVCenter |
                                (m_answer->numeric[column] ? Qt::AlignRight : Qt::AlignLeft));
    default: return {};
    }
}

void SqlResultModel::sort(int column, Qt::SortOrder order)
{
    if (!m_answer || column >= columnCount())
        return;
    m_sorting.start(
        "sort",
        [answer = m_answer, column, order](JobContext &job) {
            return sortedRows(*answer, column, order, job);
        },
        [this, column, order](Result<std::vector<std::uint32_t>> rows) {
            // It can only fail for want of memory; then the rows stay as they are.
            if (rows.has_value())
                reorder(*std::move(rows), column, order);
            Q_EMIT sortingEnded();
        });
    Q_EMIT sortingBegan();
}

void SqlResultModel::reorder(std::vector<std::uint32_t> rows, int column, Qt::SortOrder order)
{
    Q_EMIT aboutToReorder();
    Q_EMIT layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    const auto before = persistentIndexList();
    const auto rowsBefore = std::exchange(m_rows, std::move(rows));
    m_sortColumn = column;
    m_order = order;
    if (!before.isEmpty()) {
        std::vector<int> place(m_rows.size());
        for (std::size_t i = 0; i < m_rows.size(); ++i)
            place[m_rows[i]] = static_cast<int>(i);
        QModelIndexList after;
        for (const auto &old : before)
            after << index(place[rowsBefore[static_cast<std::size_t>(old.row())]], old.column());
        changePersistentIndexList(before, after);
    }
    Q_EMIT layoutChanged({}, QAbstractItemModel::VerticalSortHint);
    if (columnCount() > 0)
        Q_EMIT headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
}

std::function<QString()> SqlResultModel::asTsv(int firstRow, int lastRow, int firstColumn,
                                               int lastColumn) const
{
    if (!m_answer)
        return {};
    std::vector<std::uint32_t> rows(m_rows.begin() + std::max(firstRow, 0),
                                    m_rows.begin() + std::min(lastRow + 1, rowCount()));
    const auto from = static_cast<std::size_t>(std::max(firstColumn, 0));
    const auto to = static_cast<std::size_t>(std::min(lastColumn + 1, columnCount()));
    return [answer = m_answer, rows = std::move(rows), from, to] {
        QString out;
        const auto line = [&](const auto &cell) {
            for (auto column = from; column < to; ++column)
                out += (column == from ? QString() : QStringLiteral("\t")) + cell(column);
            out += QLatin1Char('\n');
        };
        line([&](std::size_t column) { return tsvCell(answer->columns[column]); });
        for (const auto row : rows) {
            line([&](std::size_t column) {
                const auto &v = answer->rows[row][column];
                return std::holds_alternative<std::string>(v)
                           ? tsvCell(std::get<std::string>(v))
                           : QString::fromStdString(plainText(v));
            });
        }
        return out;
    };
}

} // namespace flamewright
