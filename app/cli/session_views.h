#pragma once

#include "app/cli/verb.h"
#include "app/opened_capture.h"
#include "app/present/report.h"

#include <vector>

namespace flamewright {

// The main views of each capture, for the report of a session that is not a comparison. A summary
// has one view of each, of the first few.
Result<std::vector<ReportSection>> viewsOfSession(VerbRun &run, const OpenedCapture &opened,
                                                  ReportTemplate kind, const TextMetrics &metrics);

} // namespace flamewright
