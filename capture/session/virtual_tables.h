#pragma once

#include "capture/base/result.h"
#include "capture/session/session.h"

#include <memory>

struct sqlite3;

namespace flamewright {

// Gives a connection to a session the tables sample, slice, counter, request, frame, stack and
// string over its chunks (FORMAT.md, "SQL"), and the functions flamewright_chunks_read() and
// flamewright_chunks_skipped(), which answer from `stats`. All of it is for SQL that a person
// typed (SQLITE_DIRECTONLY): nothing in the file's schema can use it.
//
// The tables exist as soon as they are named; nothing is written into the file. Whether the file
// is a session is checked here, and told when a table is used. Call once per connection, before
// an authorizer is set.
Result<> registerSessionTables(sqlite3 *db, std::shared_ptr<ReadStats> stats);

} // namespace flamewright
