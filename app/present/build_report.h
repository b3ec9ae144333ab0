#pragma once

#include "app/present/report.h"
#include "capture/session/session.h"

#include <string>
#include <vector>

namespace flamewright {

struct ReportRequest {
    ReportTemplate kind = ReportTemplate::Full;
    std::string title;  // empty: what was compared
    std::string madeAt; // as shown
};

// What was compared, as a report; figures with text measured by `metrics`. A summary has the largest
// changes of all captures and one figure, and fits on a page if names are not long.
Report buildReport(const Comparison &comparison, const std::vector<PinnedFinding> &findings,
                   const ReportRequest &request, const TextMetrics &metrics);

// Captures that nothing is compared with: what they are, what was found, and `views` of them.
Report buildReport(const std::vector<CaptureInfo> &captures,
                   const std::vector<PinnedFinding> &findings, std::vector<ReportSection> views,
                   const ReportRequest &request);

// "2026-11-26 19:12 UTC".
std::string reportTime(std::int64_t epochNs);
// "Load test", "Profile" ...: of ComparedSection::kind.
std::string kindTitle(std::string_view kind);

} // namespace flamewright
