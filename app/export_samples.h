#pragma once

#include "analysis/flame_tree.h"
#include "analysis/scope.h"
#include "capture/session/session.h"

#include <cstdint>
#include <iosfwd>

namespace flamewright {

// "main;parse;read 42", one stack with self weight a line; root first, in tree order. ';' and
// control characters in names are escaped, so that every reader sees the same frames. `top`: only
// the stacks through this node, whole from the root on.
void exportFolded(const Profile &profile, std::ostream &out, std::uint32_t top = 0);

// RFC 4180 with a header: capture, time_ns, process, pid, thread, tid, cpu, measure, unit, value,
// count, stack (folded). One row a sample in the scope, of all measures unless it names one, in time
// order per capture.
Result<> exportCsv(const Session &session, const Scope &scope, std::ostream &out, JobContext &job);

} // namespace flamewright
