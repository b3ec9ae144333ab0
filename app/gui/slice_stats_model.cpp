#include "app/gui/slice_stats_model.h"

#include "app/gui/figures.h"
#include "app/gui/load_table.h"
#include "app/gui/text.h"
#include "app/gui/tsv.h"

#include <algorithm>
#include <iterator>
#include <numeric>

namespace flamewright {
namespace {

QString kindText(SliceClass what)
{
    switch (what) {
    case SliceClass::Slice: return SliceStatsModel::tr("slice");
    case SliceClass::Async: return SliceStatsModel::tr("async");
    case SliceClass::Span: return SliceStatsModel::tr("span");
    case SliceClass::State: return SliceStatsModel::tr("state");
    case SliceClass::Moment: return SliceStatsModel::tr("instant");
    }
    return {};
}

struct Heading {
    const char *title, *tip;
};
constexpr Heading kHeadings[SliceStatsModel::ColumnCount] = {
    {QT_TRANSLATE_NOOP("SliceStatsModel", "Name"), ""},
    {QT_TRANSLATE_NOOP("SliceStatsModel", "Kind"), ""},
    {QT_TRANSLATE_NOOP("SliceStatsModel", "Count"),
     QT_TRANSLATE_NOOP("SliceStatsModel", "Slices that touch the chosen time")},
    {QT_TRANSLATE_NOOP("SliceStatsModel", "Failed"), ""},
    {QT_TRANSLATE_NOOP("SliceStatsModel", "Total"),
     QT_TRANSLATE_NOOP("SliceStatsModel",
                       "Time inside of the chosen time. A slice within another of "
                       "the same name is not counted again.")},
    {QT_TRANSLATE_NOOP("SliceStatsModel", "Of time"),
     QT_TRANSLATE_NOOP("SliceStatsModel", "Total as a share of the chosen time. More than 100 % on "
                                          "several tracks at once.")},
    {QT_TRANSLATE_NOOP("SliceStatsModel", "Self"),
     QT_TRANSLATE_NOOP("SliceStatsModel", "Total without what is nested in it")},
    {"p50", QT_TRANSLATE_NOOP("SliceStatsModel", "Of whole slices, nearest rank")},
    {"p95", QT_TRANSLATE_NOOP("SliceStatsModel", "Of whole slices, nearest rank")},
    {"p99", QT_TRANSLATE_NOOP("SliceStatsModel", "Of whole slices, nearest rank")},
    {QT_TRANSLATE_NOOP("SliceStatsModel", "Max"), ""},
};

bool isNumber(int column)
{
    return column >= SliceStatsModel::Count;
}

std::int64_t valueOf(const SliceStat &row, int column)
{
    switch (column) {
    case SliceStatsModel::Kind: return static_cast<std::int64_t>(row.what);
    case SliceStatsModel::Count: return static_cast<std::int64_t>(row.count);
    case SliceStatsModel::Errors: return static_cast<std::int64_t>(row.errors);
    case SliceStatsModel::Self: return row.self;
    case SliceStatsModel::P50: return row.p50;
    case SliceStatsModel::P95: return row.p95;
    case SliceStatsModel::P99: return row.p99;
    case SliceStatsModel::Max: return row.max;
    default: return row.total;
    }
}

} // namespace

void SliceStatsModel::setStats(std::shared_ptr<const SliceStats> stats, ValueStyle style)
{
    beginResetModel();
    m_stats = std::move(stats);
    m_style = style;
    m_rows.resize(m_stats ? m_stats->rows.size() : 0);
    std::iota(m_rows.begin(), m_rows.end(), 0u);
    sortRows();
    endResetModel();
}

void SliceStatsModel::sortRows()
{
    if (!m_stats)
        return;
    const bool down = m_order == Qt::DescendingOrder;
    std::sort(m_rows.begin(), m_rows.end(), [&](std::uint32_t i, std::uint32_t j) {
        const auto &a = m_stats->rows[i], &b = m_stats->rows[j];
        if (m_sortColumn == Name) {
            if (const auto order = m_stats->names[a.name].compare(m_stats->names[b.name]);
                order != 0)
                return down ? order > 0 : order < 0;
        } else if (const auto x = valueOf(a, m_sortColumn), y = valueOf(b, m_sortColumn); x != y) {
            return down ? x > y : x < y;
        }
        return i < j;
    });
}

void SliceStatsModel::sort(int column, Qt::SortOrder order)
{
    if (column < 0 || column >= ColumnCount)
        return;
    beginResetModel();
    m_sortColumn = column;
    m_order = order;
    sortRows();
    endResetModel();
}

const SliceStat &SliceStatsModel::statAt(int row) const
{
    return m_stats->rows[m_rows[static_cast<std::size_t>(row)]];
}

QString SliceStatsModel::nameAt(int row) const
{
    return display(m_stats->names[statAt(row).name]);
}

int SliceStatsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int SliceStatsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString SliceStatsModel::text(const SliceStat &row, int column) const
{
    const auto none = QString(QChar(0x2013));
    const bool moment = row.what == SliceClass::Moment;
    const bool open = row.open == row.count;
    switch (column) {
    case Name: return display(m_stats->names[row.name]);
    case Kind: return kindText(row.what);
    case Count: return grouped(static_cast<std::int64_t>(row.count));
    case Errors: return row.errors == 0 ? none : grouped(static_cast<std::int64_t>(row.errors));
    case Wall: {
        std::int64_t all = 0;
        if (moment || __builtin_sub_overflow(m_stats->endNs, m_stats->beginNs, &all))
            return none;
        return shareText(row.total, all);
    }
    case Total:
    case Self: return moment ? none : durationText(valueOf(row, column), m_style);
    default: return moment || open ? none : durationText(valueOf(row, column), m_style);
    }
}

QVariant SliceStatsModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || !m_stats)
        return {};
    const auto &row = statAt(index.row());
    switch (role) {
    case Qt::DisplayRole: return text(row, index.column());
    case Qt::TextAlignmentRole:
        return static_cast<int>(Qt::AlignVCenter |
                                (isNumber(index.column()) ? Qt::AlignRight : Qt::AlignLeft));
    case Qt::ToolTipRole:
        if (index.column() == Name)
            return plainToolTip(nameAt(index.row()));
        if (row.open > 0 && index.column() >= P50)
            return plainToolTip(tr("%1 of %2 have no begin or no end in the file: not counted here")
                                    .arg(grouped(static_cast<std::int64_t>(row.open)),
                                         grouped(static_cast<std::int64_t>(row.count))));
        return {};
    default: return {};
    }
}

QVariant SliceStatsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    const auto &heading = kHeadings[section];
    return flamewright::headerData({.title = tr(heading.title),
                                    .tip = *heading.tip ? tr(heading.tip) : QString(),
                                    .right = isNumber(section),
                                    .sorted = section == m_sortColumn,
                                    .descending = m_order == Qt::DescendingOrder},
                                   role);
}

QString sliceStatsAsText(const SliceStats &stats)
{
    auto out =
        QStringLiteral("name\tkind\tcount\tfailed\ttotal_ns\tself_ns\tmin_ns\tp50_ns\tp95_ns\t"
                       "p99_ns\tmax_ns\n");
    for (const auto &row : stats.rows) {
        out += tsvCell(stats.names[row.name]) + QLatin1Char('\t') + kindText(row.what);
        for (const auto value :
             {static_cast<std::int64_t>(row.count), static_cast<std::int64_t>(row.errors),
              row.total, row.self, row.min, row.p50, row.p95, row.p99, row.max})
            out += QLatin1Char('\t') + QString::number(value);
        out += QLatin1Char('\n');
    }
    return out;
}

} // namespace flamewright
