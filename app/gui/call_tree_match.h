#pragma once

#include <QModelIndex>

namespace flamewright {

class CallTreeModel;

// The row that matches the search next after `from`, or before it with a negative step, in the
// order of the table as if every row were open; from an end on at the other one. Fetches the levels
// above it. Invalid: no row matches.
QModelIndex nextMatch(CallTreeModel &model, const QModelIndex &from, int step);

} // namespace flamewright
