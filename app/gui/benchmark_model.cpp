#include "app/gui/benchmark_model.h"

#include "app/gui/figures.h"
#include "app/gui/load_table.h"
#include "app/gui/text.h"
#include "app/gui/tsv.h"

#include <algorithm>
#include <numeric>

namespace flamewright {
namespace {

const QString kNone(QChar(0x2013));

QString valueText(double value, const BenchmarkGroup &group)
{
    return display(formatBenchmark(value, unitBeside(group.unit, group.metric)));
}

// "287.3 – 312.6 ns": the unit once, where it is the same.
QString intervalText(const BenchmarkGroup &group)
{
    auto low = valueText(*group.summary.low, group);
    const auto high = valueText(*group.summary.high, group);
    const auto at = low.indexOf(QLatin1Char(' '));
    if (at > 0 && high.endsWith(low.mid(at)))
        low.truncate(at);
    return low + QStringLiteral(" \u2013 ") + high;
}

bool isFigure(int column)
{
    return column != BenchmarkModel::Name && column != BenchmarkModel::Metric &&
           column != BenchmarkModel::Range && column != BenchmarkModel::Tool;
}

std::int64_t countOf(std::uint64_t count)
{
    return static_cast<std::int64_t>(std::min<std::uint64_t>(count, INT64_MAX));
}

BenchmarkSpread spreadOf(const BenchmarkSummary &s)
{
    BenchmarkSpread out;
    out.known = s.count > 0;
    const auto width = s.max - s.min;
    out.flat = !(width > 0);
    if (out.flat)
        return out;
    out.median = (s.median - s.min) / width;
    out.interval = s.low && s.high;
    if (out.interval) {
        out.low = (*s.low - s.min) / width;
        out.high = (*s.high - s.min) / width;
    }
    return out;
}

} // namespace

void BenchmarkModel::setTable(std::shared_ptr<const BenchmarkTable> table)
{
    beginResetModel();
    m_table = std::move(table);
    m_found.clear();
    m_rows.resize(m_table ? m_table->report.groups.size() : 0);
    std::iota(m_rows.begin(), m_rows.end(), 0u);
    sortRows();
    endResetModel();
}

void BenchmarkModel::setFound(std::vector<std::uint8_t> found)
{
    if (found == m_found)
        return;
    m_found = std::move(found);
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, Name), index(rowCount() - 1, Name), {MatchRole});
}

void BenchmarkModel::sortRows()
{
    if (!m_table)
        return;
    const auto compare = [](const auto &x, const auto &y) { return x < y ? -1 : y < x ? 1 : 0; };
    const auto width = [](const BenchmarkSummary &s) {
        return s.low && s.high && s.median != 0 ? (*s.high - *s.low) / std::abs(s.median) : -1;
    };
    const auto &groups = m_table->report.groups;
    const bool down = m_order == Qt::DescendingOrder;
    std::sort(m_rows.begin(), m_rows.end(), [&](std::uint32_t i, std::uint32_t j) {
        const auto &a = groups[i].summary;
        const auto &b = groups[j].summary;
        int order = 0;
        switch (m_sortColumn) {
        case Name: order = compare(m_table->titles[i], m_table->titles[j]); break;
        case Metric: order = compare(m_table->metrics[i], m_table->metrics[j]); break;
        case Median: order = compare(a.median, b.median); break;
        case Min: order = compare(a.min, b.min); break;
        case Max: order = compare(a.max, b.max); break;
        case Count: order = compare(a.count, b.count); break;
        default: order = compare(width(a), width(b));
        }
        if (order != 0)
            return down ? order > 0 : order < 0;
        return i < j; // as in the file
    });
}

void BenchmarkModel::sort(int column, Qt::SortOrder order)
{
    if (column < 0 || column >= ColumnCount || column == Tool)
        return;
    beginResetModel();
    m_sortColumn = column;
    m_order = order;
    sortRows();
    endResetModel();
}

int BenchmarkModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int BenchmarkModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString BenchmarkModel::text(std::uint32_t group, int column) const
{
    const auto &of = m_table->report.groups[group];
    const auto &s = of.summary;
    if (column != Name && column != Metric && column != Tool && s.count == 0)
        return column == Range ? QString() : kNone;
    switch (column) {
    case Name: return display(m_table->titles[group]);
    case Metric: return display(of.metric);
    case Median: return valueText(s.median, of);
    case Spread: return QStringLiteral("\u00b1 ") + QString::fromStdString(spreadText(s));
    case Interval: return s.low && s.high ? intervalText(of) : tr("n too small");
    case Min: return valueText(s.min, of);
    case Max: return valueText(s.max, of);
    case Count: return grouped(countOf(s.count));
    case Tool: {
        QStringList out;
        for (const auto &method : toolMethods(of))
            out << display(toolText(of, method));
        return out.join(QStringLiteral(" \u00b7 "));
    }
    default: return {};
    }
}

QString BenchmarkModel::toolTip(std::uint32_t group, int column) const
{
    const auto &of = m_table->report.groups[group];
    const auto &s = of.summary;
    switch (column) {
    case Name:
    case Metric: return text(group, column);
    case Interval:
    case Spread:
    case Range:
        if (s.count == 0)
            return {};
        if (!s.low)
            return tr("An interval needs at least 6 values, whatever they are.");
        return tr("The true median lies between %1 and %2 with a confidence of %3 %, whatever the "
                  "distribution, if the values are independent. From %4 to %5 measured.")
            .arg(valueText(*s.low, of), valueText(*s.high, of))
            .arg(100 * s.confidence, 0, 'f', 1)
            .arg(valueText(s.min, of), valueText(s.max, of));
    case Count:
        return of.failed == 0 ? QString()
                              : tr("%1 of %2 were measured while the command failed.")
                                    .arg(grouped(countOf(of.failed)), grouped(countOf(s.count)));
    case Tool: {
        QStringList out;
        for (const auto &method : toolMethods(of))
            out << tr("%1: %2").arg(display(method), display(toolText(of, method)));
        return out.join(QLatin1Char('\n'));
    }
    default: return {};
    }
}

QVariant BenchmarkModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || !m_table || index.row() >= rowCount())
        return {};
    const auto group = groupAt(index.row());
    const auto column = index.column();
    switch (role) {
    case Qt::DisplayRole: return text(group, column);
    case Qt::ToolTipRole: {
        const auto tip = toolTip(group, column);
        return tip.isEmpty() ? QVariant() : plainToolTip(tip);
    }
    case Qt::TextAlignmentRole:
        return static_cast<int>(Qt::AlignVCenter |
                                (isFigure(column) ? Qt::AlignRight : Qt::AlignLeft));
    case SpreadRole:
        return column == Range
                   ? QVariant::fromValue(spreadOf(m_table->report.groups[group].summary))
                   : QVariant();
    case MatchRole: return column == Name && group < m_found.size() && m_found[group] != 0;
    case AlarmRole: return column == Count && m_table->report.groups[group].failed > 0;
    default: return {};
    }
}

QVariant BenchmarkModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    QString title, tip;
    switch (section) {
    case Name: title = tr("Benchmark"); break;
    case Metric:
        title = tr("Metric");
        tip = tr("What was measured, as the tool calls it; in the order of the file");
        break;
    case Median: title = tr("Median"); break;
    case Spread:
        title = QStringLiteral("\u00b1");
        tip = tr("How far the interval reaches from the median at most");
        break;
    case Interval:
        title = tr("95 % interval");
        tip = tr("Of the median, from the order of the values: whatever the distribution");
        break;
    case Range:
        title = tr("Range");
        tip = tr("From the least to the largest value of the row: the median and its interval");
        break;
    case Min: title = tr("Least"); break;
    case Max: title = tr("Largest"); break;
    case Count:
        title = tr("Values");
        tip = tr("Repetitions, in all processes");
        break;
    case Tool:
        title = tr("As the tool computed it");
        tip = tr("Figures of the tool itself, from whatever it looked at");
        break;
    default: break;
    }
    return flamewright::headerData({.title = title,
                                    .tip = tip,
                                    .right = isFigure(section),
                                    .sorted = section == m_sortColumn,
                                    .descending = m_order == Qt::DescendingOrder},
                                   role);
}

QString benchmarksAsText(const BenchmarkTable &table)
{
    auto out = QStringLiteral("name\tmetric\tunit\tlabels\tvalues\tfailed\tmedian\tlow\thigh\t"
                              "confidence\tmin\tmax\ttool\n");
    const auto real = [](double value) { return QString::number(value, 'g', 17); };
    for (const auto &group : table.report.groups) {
        const auto &s = group.summary;
        const bool any = s.count > 0;
        std::string tool;
        for (const auto &method : toolMethods(group))
            tool += (tool.empty() ? "" : "; ") + method + ": " + toolText(group, method);
        const QStringList cells{tsvCell(group.name),
                                tsvCell(group.metric),
                                tsvCell(group.unit.base),
                                tsvCell(group.labels),
                                QString::number(s.count),
                                QString::number(group.failed),
                                any ? real(s.median) : QString(),
                                s.low ? real(*s.low) : QString(),
                                s.high ? real(*s.high) : QString(),
                                s.low ? real(s.confidence) : QString(),
                                any ? real(s.min) : QString(),
                                any ? real(s.max) : QString(),
                                tsvCell(tool)};
        out += cells.join(QLatin1Char('\t')) + QLatin1Char('\n');
    }
    return out;
}

} // namespace flamewright
