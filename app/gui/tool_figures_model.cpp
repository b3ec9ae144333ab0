#include "app/gui/tool_figures_model.h"

#include "app/gui/figures.h"
#include "app/gui/text.h"
#include "app/gui/tsv.h"

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

const QString &dash()
{
    static const QString text(QChar(0x2013));
    return text;
}

std::int64_t whole(double value)
{
    return std::llround(std::clamp(value, -9e18, 9e18));
}

// The figure of a column that has a number; nullopt: the tool did not say it.
std::optional<double> numberOf(const ToolLatency &of, int column)
{
    const auto quantile = [&](double wanted) -> std::optional<double> {
        for (const auto &[q, value] : of.quantiles) {
            if (std::abs(q - wanted) < 1e-9)
                return value;
        }
        return std::nullopt;
    };
    switch (column) {
    case ToolFiguresModel::Count: return of.count;
    case ToolFiguresModel::Failed: return of.failed;
    case ToolFiguresModel::Rate: return of.ratePerSecond;
    case ToolFiguresModel::Min: return of.min;
    case ToolFiguresModel::Mean: return of.mean;
    case ToolFiguresModel::P50: return quantile(0.5);
    case ToolFiguresModel::P90: return quantile(0.9);
    case ToolFiguresModel::P95: return quantile(0.95);
    case ToolFiguresModel::P99: return quantile(0.99);
    case ToolFiguresModel::P999: return quantile(0.999);
    case ToolFiguresModel::Max: return of.max;
    default: return std::nullopt;
    }
}

bool isNumber(int column)
{
    return column >= ToolFiguresModel::Count && column <= ToolFiguresModel::Max;
}

QString endpointText(const ToolLatency &of)
{
    const auto name =
        of.endpoint.empty() ? ToolFiguresModel::tr("all requests") : display(of.endpoint);
    return of.subset.empty() ? name : ToolFiguresModel::tr("%1, %2").arg(name, display(of.subset));
}

QString methodText(const ToolLatency &of)
{
    return of.intervals > 1
               ? ToolFiguresModel::tr("%1, %2 parts of the time added up")
                     .arg(display(of.method), grouped(static_cast<std::int64_t>(of.intervals)))
               : display(of.method);
}

} // namespace

void ToolFiguresModel::setFigures(Figures figures, ValueStyle style)
{
    beginResetModel();
    m_figures = std::move(figures);
    m_style = style;
    m_rows.clear();
    for (std::size_t c = 0; m_figures && c < m_figures->size(); ++c) {
        for (std::size_t i = 0; i < (*m_figures)[c].latencies.size(); ++i) {
            const auto &of = (*m_figures)[c].latencies[i];
            if (of.count || of.mean || !of.quantiles.empty())
                m_rows.push_back({c, i});
        }
    }
    endResetModel();
}

bool ToolFiguresModel::hasPartsOnly() const
{
    return std::any_of(m_rows.begin(), m_rows.end(),
                       [this](const Row &row) { return latencyAt(row).partsOnly; });
}

const ToolLatency &ToolFiguresModel::latencyAt(const Row &row) const
{
    return (*m_figures)[row.capture].latencies[row.latency];
}

int ToolFiguresModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ToolFiguresModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString ToolFiguresModel::text(const Row &row, int column) const
{
    const auto &of = latencyAt(row);
    switch (column) {
    case Capture: return display((*m_figures)[row.capture].name);
    case Endpoint: return endpointText(of);
    case Method: return methodText(of);
    default: break;
    }
    const auto number = numberOf(of, column);
    if (!number)
        return dash();
    if (column == Count || column == Failed)
        return grouped(whole(*number));
    if (column == Rate)
        return tr("%1 /s").arg(QLocale::c().toString(*number, 'g', *number < 1000 ? 3 : 6));
    return durationText(whole(*number), m_style);
}

QVariant ToolFiguresModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const auto &row = m_rows[static_cast<std::size_t>(index.row())];
    const auto column = index.column();
    switch (role) {
    case Qt::DisplayRole: return text(row, column);
    case Qt::ToolTipRole:
        if (isNumber(column) && !numberOf(latencyAt(row), column))
            return plainToolTip(tr("The tool does not say it."));
        return isNumber(column) ? plainToolTip(methodText(latencyAt(row)))
                                : plainToolTip(text(row, column));
    case Qt::TextAlignmentRole:
        return static_cast<int>(Qt::AlignVCenter |
                                (isNumber(column) ? Qt::AlignRight : Qt::AlignLeft));
    default: return {};
    }
}

QVariant ToolFiguresModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    const QString titles[ColumnCount] = {tr("Capture"),
                                         tr("Endpoint"),
                                         tr("Requests"),
                                         tr("Failed"),
                                         tr("Rate"),
                                         tr("Min"),
                                         tr("Mean"),
                                         QStringLiteral("p50"),
                                         QStringLiteral("p90"),
                                         QStringLiteral("p95"),
                                         QStringLiteral("p99"),
                                         QStringLiteral("p99.9"),
                                         tr("Max"),
                                         tr("How the tool got them")};
    if (role == Qt::DisplayRole || role == Qt::AccessibleTextRole)
        return titles[section];
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(Qt::AlignVCenter |
                                (isNumber(section) ? Qt::AlignRight : Qt::AlignLeft));
    return {};
}

void ToolFiguresModel::sort(int column, Qt::SortOrder order)
{
    if (column < 0 || column >= ColumnCount || !m_figures)
        return;
    beginResetModel();
    const bool down = order == Qt::DescendingOrder;
    std::stable_sort(m_rows.begin(), m_rows.end(), [&](const Row &a, const Row &b) {
        if (!isNumber(column)) {
            const auto compared = text(a, column).compare(text(b, column));
            return down ? compared > 0 : compared < 0;
        }
        // What is not said is last, whatever the order.
        const auto x = numberOf(latencyAt(a), column), y = numberOf(latencyAt(b), column);
        if (!x || !y)
            return x.has_value() && !y.has_value();
        return down ? *x > *y : *x < *y;
    });
    endResetModel();
}

QString toolFiguresAsText(const std::vector<CaptureFigures> &figures)
{
    auto out = QStringLiteral("capture\tendpoint\tsubset\trequests\tfailed\trate_per_s\tmin_ns\t"
                              "mean_ns\tmax_ns\tmethod\tquantiles_ns\n");
    const auto number = [](std::optional<double> value) {
        return value ? QString::number(*value, 'g', 17) : QString();
    };
    for (const auto &capture : figures) {
        for (const auto &of : capture.latencies) {
            QStringList quantiles;
            for (const auto &[q, value] : of.quantiles)
                quantiles << QString::number(q, 'g', 12) + QLatin1Char('=') +
                                 QString::number(value, 'g', 17);
            out += QStringList{tsvCell(capture.name),
                               tsvCell(of.endpoint),
                               tsvCell(of.subset),
                               number(of.count),
                               number(of.failed),
                               number(of.ratePerSecond),
                               number(of.min),
                               number(of.mean),
                               number(of.max),
                               tsvCell(of.method),
                               quantiles.join(QLatin1Char(' '))}
                       .join(QLatin1Char('\t')) +
                   QLatin1Char('\n');
        }
    }
    return out;
}

} // namespace flamewright
