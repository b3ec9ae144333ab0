#pragma once

#include "analysis/flame_tree.h"
#include "capture/base/format_value.h"

#include <QString>
#include <QVariant>

#include <cstdint>
#include <string_view>

// What all tables of functions show in the same way: the flat one and the trees.
namespace flamewright {

enum StatColumn : int {
    StatName,
    StatModule,
    StatSelf,
    StatSelfShare,
    StatTotal,
    StatTotalShare,
    StatSamples,
    StatColumnCount
};
// Share for the bar of a cell, as double; whether the row matches the search; whether the name is
// a path, whose end says more than its middle.
enum StatRole : int { StatBarRole = Qt::UserRole, StatMatchRole, StatPathRole };

// One row: names as captured, sums in the measure's unit.
struct StatRow {
    std::string_view name, module;
    std::int64_t self = 0, total = 0;
    std::int64_t samples = 0; // behind the total
    bool matches = false;
};

QVariant statCell(const Profile &profile, const StatRow &row, int column, int role,
                  ValueStyle style);
// Title, alignment, and the order for people and for screen readers.
QVariant statHeader(int section, int role, const QString &nameTitle, int sortColumn,
                    Qt::SortOrder order);
// -1, 0, 1: how two rows compare by a column, smallest first.
int compareStats(const StatRow &a, const StatRow &b, int column);

// Rows for a spreadsheet: numbers unrounded with their unit in the title, text as one cell.
QString statTsvHeader(const Profile &profile, const QString &nameTitle);
QString statTsvLine(const Profile &profile, const StatRow &row);

} // namespace flamewright
