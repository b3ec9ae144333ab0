#pragma once

#include "capture/base/format_value.h"
#include "capture/session/session.h"

#include <QString>

// Captures in words: names, second lines and notes of the sidebar, tooltips and status line.
namespace flamewright {

class ImporterRegistry;

QString captureName(const CaptureInfo &capture);
// "Linux perf.data", or the id when this program does not know the format (any more).
QString formatTitle(const ImporterRegistry &importers, const CaptureInfo &capture);
// "perf.data · 9.51 s · 18,204 samples".
QString captureSummary(const ImporterRegistry &importers, const CaptureInfo &capture,
                       ValueStyle style);
// "A", "B", or the capture's number in the session, as SESSION#number on the command line.
QString captureLetter(const CaptureInfo &capture);
QString roleName(CaptureRole role);
QString severityName(Severity severity);
// Notes worth a badge: those that say that something is missing or wrong.
std::size_t noteworthy(const CaptureInfo &capture);
std::int64_t sampleCount(const CaptureInfo &capture);
// A load test: with requests, or with figures that its tool computed.
bool isLoadTest(const CaptureInfo &capture);
bool isBenchmarks(const CaptureInfo &capture);
bool isTrace(const CaptureInfo &capture);
// It may have spans of distributed traces.
bool hasServices(const CaptureInfo &capture);
QString provenanceOf(const CaptureInfo &capture, std::string_view key);
QString measureLabel(const std::string &measure);

} // namespace flamewright
