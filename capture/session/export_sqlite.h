#pragma once

#include "capture/base/job.h"
#include "capture/base/result.h"
#include "capture/session/session.h"

#include <filesystem>
#include <span>

namespace flamewright {

// Writes captures as an ordinary SQLite database: one table per virtual table of a session
// (sample, frame, stack, string, track, measure ...) with the same columns, no chunks, nothing
// that needs this program to read. `target` must not exist.
Result<> exportSqlite(SessionReader &reader, std::span<const CaptureId> captures,
                      const std::filesystem::path &target, JobContext &job);

} // namespace flamewright
