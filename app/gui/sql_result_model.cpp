#include "app/gui/sql_result_model.h"

#include "app/gui/figures.h"
#include "app/gui/text.h"
#include "app/gui/tsv.h"

#include <QLocale>

#include <algorithm>
#include <numeric>

namespace flamewright {
namespace {

int rankOf(const SqlValue &value)
{
    return std::holds_alternative<std::monostate>(value) ? 0
           : std::holds_alternative<std::string>(value)  ? 2
                                                         : 1;
}

long double numberOf(const SqlValue &value)
{
    if (const auto *integer = std::get_if<std::int64_t>(&value))
        return static_cast<long double>(*integer);
    return static_cast<long double>(std::get<double>(value));
}

// -1, 0, 1
int compare(const SqlValue &a, const SqlValue &b)
{
    const auto ra = rankOf(a), rb = rankOf(b);
    if (ra != rb)
        return ra < rb ? -1 : 1;
    if (ra == 0)
        return 0;
    if (ra == 2) {
        const auto order = std::get<std::string>(a).compare(std::get<std::string>(b));
        return order < 0 ? -1 : order > 0 ? 1 : 0;
    }
    const auto na = numberOf(a), nb = numberOf(b);
    return na < nb ? -1 : nb < na ? 1 : 0;
}

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

void SqlResultModel::setAnswer(std::shared_ptr<const SqlAnswer> answer)
{
    beginResetModel();
    m_answer = std::move(answer);
    m_sortColumn = -1;
    m_rows.resize(m_answer ? m_answer->rows.size() : 0);
    std::iota(m_rows.begin(), m_rows.end(), 0u);
    m_numeric.assign(m_answer ? m_answer->columns.size() : 0, 0);
    for (std::size_t column = 0; column < m_numeric.size(); ++column) {
        bool numbers = false, text = false;
        for (const auto &row : m_answer->rows) {
            numbers = numbers || rankOf(row[column]) == 1;
            text = text || rankOf(row[column]) == 2;
        }
        m_numeric[column] = numbers && !text;
    }
    endResetModel();
}

int SqlResultModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int SqlResultModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_numeric.size());
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
            return plainToolTip(
                tr("%1\nas a time: %2\nas a size: %3")
                    .arg(grouped(*integer), durationText(*integer), inUnit(*integer, Unit::Bytes)));
        return {};
    case Qt::TextAlignmentRole:
        return static_cast<int>(Qt::AlignVCenter |
                                (rankOf(v) == 1 ? Qt::AlignRight : Qt::AlignLeft));
    case NumberRole: return rankOf(v) == 1;
    case NullRole: return rankOf(v) == 0;
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
                                (m_numeric[column] ? Qt::AlignRight : Qt::AlignLeft));
    default: return {};
    }
}

void SqlResultModel::sort(int column, Qt::SortOrder order)
{
    if (!m_answer || column >= columnCount())
        return;
    Q_EMIT layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    const auto before = persistentIndexList();
    const auto rowsBefore = m_rows;
    m_sortColumn = column;
    m_order = order;
    std::iota(m_rows.begin(), m_rows.end(), 0u);
    if (column >= 0) {
        const auto at = static_cast<std::size_t>(column);
        std::stable_sort(m_rows.begin(), m_rows.end(), [&](std::uint32_t a, std::uint32_t b) {
            const auto ordered = compare(m_answer->rows[a][at], m_answer->rows[b][at]);
            return order == Qt::AscendingOrder ? ordered < 0 : ordered > 0;
        });
    }
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
