#pragma once

#include "app/gui/sql_query.h"

#include <Qt>

#include <cstdint>
#include <vector>

namespace flamewright {

// SQLite's order of kinds: no value, numbers, text.
enum class SqlKind : std::uint8_t { Null, Number, Text };
SqlKind kindOf(const SqlValue &value);

// The rows of `answer` in the order of a column: NULL first, then numbers, then text by its bytes.
// Rows that are equal stay as answered, whichever way the column is sorted. A negative column: as
// answered. Takes most of a second for an answer as large as they get: a job, never the GUI
// thread.
Result<std::vector<std::uint32_t>> sortedRows(const SqlAnswer &answer, int column,
                                              Qt::SortOrder order, JobContext &job);

} // namespace flamewright
