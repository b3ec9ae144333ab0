#pragma once

#include "analysis/capacity.h"
#include "analysis/load_model.h"
#include "analysis/load_rows.h"
#include "analysis/warm_up.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace flamewright {

// Something that a reader of a load test should know, as a sentence with its figures.
struct LoadFinding {
    enum class Severity : std::uint8_t { Info, Warning };
    std::string kind; // "coordinated_omission": for programs
    Severity severity = Severity::Info;
    std::string sentence; // may hold names from the capture: through CaptureText before it is shown
    std::vector<std::pair<std::string, double>> evidence; // units are in the names
};

// What is known of one capture, and what the findings are made from.
struct CaptureStudy {
    LoadModelReport model;
    LevelsFrom levels = LevelsFrom::Nothing;
    std::optional<WarmUp> warmUp; // looked for where the load stays the same only
};
CaptureStudy studyCapture(const LoadRows &rows, std::uint8_t capture);
std::optional<WarmUp> offeredWarmUp(const LoadRows &rows, std::uint8_t capture);

// Kinds: closed_model, open_model, unknown_model, coordinated_omission, warm_up, littles_law.
// `named`: with the name of the capture, where there are several.
std::vector<LoadFinding> findingsOf(const LoadRows &rows, std::uint8_t capture,
                                    const CaptureStudy &study, bool named);

// Kind bimodal: groups whose successes come from two kinds of answers, by index of rows.groups.
std::vector<LoadFinding> bimodalGroups(const LoadRows &rows, std::span<const std::uint32_t> groups);

// Kinds scalability, knee.
std::vector<LoadFinding> findingsOf(const Capacity &capacity);

// Kinds headroom, error_budget.
LoadFinding findingOf(const Objective &objective, const ObjectiveHeadroom &headroom);
LoadFinding findingOf(const Objective &objective, const BurnReport &burn);

// "p99.9" of ten-thousandths, "p97.5".
std::string percentileName(unsigned perMyriad);

} // namespace flamewright
