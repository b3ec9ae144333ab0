#include "app/gui/stat_cells.h"

#include "app/gui/figures.h"
#include "app/gui/text.h"
#include "app/gui/tsv.h"
#include "capture/base/format_value.h"

#include <QCoreApplication>

namespace flamewright {
namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("StatCells", text);
}

QString titleOf(int section, const QString &nameTitle)
{
    switch (section) {
    case StatName: return nameTitle;
    case StatModule: return tr("Module");
    case StatSelf: return tr("Self");
    case StatSelfShare: return tr("Self %");
    case StatTotal: return tr("Total");
    case StatTotalShare: return tr("Total %");
    case StatSamples: return tr("Samples");
    default: return {};
    }
}

int alignmentOf(int column)
{
    return static_cast<int>(Qt::AlignVCenter |
                            (column <= StatModule ? Qt::AlignLeft : Qt::AlignRight));
}

QString textOf(const Profile &profile, const StatRow &row, int column, ValueStyle style)
{
    switch (column) {
    case StatName: return row.name.empty() ? tr("(unknown)") : display(row.name);
    case StatModule: return displayBaseName(row.module);
    case StatSelf: return inUnit(row.self, profile.unit, style);
    case StatSelfShare: return shareText(row.self, profile.total);
    case StatTotal: return inUnit(row.total, profile.unit, style);
    case StatTotalShare: return shareText(row.total, profile.total);
    case StatSamples: return grouped(row.samples);
    default: return {};
    }
}

// Percent as a plain number, for programs.
QString percent(std::int64_t part, std::int64_t all)
{
    return all == 0 ? QString() : QString::number(100.0 * ratioOf(part, all), 'f', 4);
}

} // namespace

QVariant statCell(const Profile &profile, const StatRow &row, int column, int role,
                  ValueStyle style)
{
    switch (role) {
    case Qt::DisplayRole: return textOf(profile, row, column, style);
    case Qt::ToolTipRole:
        // Only where the cell says less than there is.
        if (column == StatName)
            return plainToolTip(display(row.name));
        if (column == StatModule)
            return plainToolTip(display(row.module));
        return {};
    case Qt::TextAlignmentRole: return alignmentOf(column);
    case StatBarRole:
        if (column == StatSelfShare)
            return ratioOf(row.self, profile.total);
        if (column == StatTotalShare)
            return ratioOf(row.total, profile.total);
        return {};
    case StatMatchRole: return row.matches;
    default: return {};
    }
}

QVariant statHeader(int section, int role, const QString &nameTitle, int sortColumn,
                    Qt::SortOrder order)
{
    const bool down = order == Qt::DescendingOrder;
    const auto title = titleOf(section, nameTitle);
    switch (role) {
    case Qt::TextAlignmentRole: return alignmentOf(section);
    case Qt::DisplayRole:
        // The arrow is part of the text: the style's own would lie over right-aligned titles.
        if (section == sortColumn)
            return QString(QChar(down ? 0x2193 : 0x2191)) + QLatin1Char(' ') + title;
        return title;
    case Qt::AccessibleTextRole:
        if (section == sortColumn)
            return title + QStringLiteral(", ") +
                   (down ? tr("sorted, largest first") : tr("sorted, smallest first"));
        return title;
    default: return {};
    }
}

int compareStats(const StatRow &a, const StatRow &b, int column)
{
    const auto compare = [](const auto &x, const auto &y) { return x < y ? -1 : y < x ? 1 : 0; };
    switch (column) {
    case StatName: return compare(a.name, b.name);
    case StatModule: return compare(a.module, b.module);
    case StatSelf:
    case StatSelfShare: return compare(a.self, b.self);
    case StatTotal:
    case StatTotalShare: return compare(a.total, b.total);
    case StatSamples: return compare(a.samples, b.samples);
    default: return 0;
    }
}

QString statTsvHeader(const Profile &profile, const QString &nameTitle)
{
    const auto unit = QString::fromStdString(std::string(unitName(profile.unit)));
    QStringList cells;
    for (int column = 0; column < StatColumnCount; ++column) {
        const auto title = titleOf(column, nameTitle);
        cells << (column == StatSelf || column == StatTotal ? tr("%1 (%2)").arg(title, unit)
                                                            : title);
    }
    return cells.join(QLatin1Char('\t'));
}

QString statTsvLine(const Profile &profile, const StatRow &row)
{
    return QStringList{tsvCell(row.name),           tsvCell(row.module),
                       QString::number(row.self),   percent(row.self, profile.total),
                       QString::number(row.total),  percent(row.total, profile.total),
                       QString::number(row.samples)}
        .join(QLatin1Char('\t'));
}

} // namespace flamewright
