#pragma once

#include "app/compare/compare.h"
#include "app/opened_capture.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace flamewright {

// What is to be compared, as the command line says it.
struct SidesRequest {
    // A raw file, a directory or SESSION[#id-or-name]. Without a candidate the base is a session
    // whose captures of role baseline are compared with those of role candidate.
    std::string base, cand;
    std::vector<std::string> baseRuns, candRuns; // more runs of a side
    bool swap = false;
    // Of every capture, after its first fact.
    std::optional<std::int64_t> beginNs, endNs;
    // Measure, search, inlines and transforms for all captures; captures, times and tracks are set
    // for each.
    Scope scope;
    ImportRequest imports; // symbols and options of raw files
};

// The sides with the sessions that they are in, which live as long as this.
struct OpenedSides {
    std::vector<OpenedCapture> opened;
    CompareSide base, cand;
    std::vector<std::string> notes; // what was not as asked for
};

// Errc::Usage: a side is empty, both are the same capture.
Result<OpenedSides> openSides(const Workbench &workbench, const SidesRequest &request,
                              JobContext &job);

// The baseline alone: its captures are in `base`, and `cand` is empty. Of a session all captures,
// or those of role baseline where there are such.
Result<OpenedSides> openBaseline(const Workbench &workbench, const SidesRequest &request,
                                 JobContext &job);

} // namespace flamewright
