#pragma once

#include "app/present/report.h"

#include <string>
#include <string_view>
#include <vector>

// What the writers of reports say alike.
namespace flamewright {

// Names in tables and headings: longer ones are cut.
inline constexpr std::size_t kMaxCellBytes = 240;

// "not enough evidence" for "no_evidence".
std::string_view wordsOfMark(std::string_view mark);
// Empty unless the program itself calls something so: safe as the name of a class.
std::string_view knownMark(std::string_view mark);

// What differs between both runs, as a table.
ReportTable tableOfRemarks(const std::vector<ComparabilityRemark> &remarks);
// Whether something of it may explain a change: then it comes before the figures.
bool hasWeightyRemark(const Report &report);

inline constexpr char kHeadlinesTitle[] = "What to know";
inline constexpr char kFindingsTitle[] = "Findings";
inline constexpr char kRemarksTitle[] = "Are both runs comparable?";
inline constexpr char kProvenanceTitle[] = "Provenance";
inline constexpr char kMethodsTitle[] = "How figures were computed";

// The lines of a note.
std::vector<std::string_view> linesOf(std::string_view text);

} // namespace flamewright
