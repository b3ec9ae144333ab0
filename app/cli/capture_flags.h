#pragma once

#include "app/cli/verb.h"
#include "app/opened_capture.h"

#include <memory>
#include <string>
#include <vector>

namespace flamewright {

// CAPTURE and the flags that every verb on one capture shares: which part of it (measure, time,
// threads, search, transforms) and how a raw file is read (symbols, format).
struct CaptureFlags {
    std::string capture;
    std::string measure, from, to, search, format, kallsyms;
    std::vector<std::string> threads, symbols, transforms;
    bool strict = false, noInlines = false;

    static std::shared_ptr<CaptureFlags> declare(CLI::App &command);
    Result<OpenedCapture> open(VerbRun &run) const;
    // Times count from the first sample of the (first) capture: "1.5s", "200ms", "3" (seconds).
    Result<Scope> scope(const OpenedCapture &opened) const;
    ImportRequest importRequest() const;
};

// "1.5s", "200ms", "30us", "5ns", "2m", "3" (seconds) in nanoseconds.
Result<std::int64_t> parseDuration(const std::string &text);
// RFC 3339 ("2026-11-20T10:00:00Z", fractions, offsets) or epoch nanoseconds.
Result<std::int64_t> parseInstant(const std::string &text);

} // namespace flamewright
