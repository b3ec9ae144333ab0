#pragma once

#include "analysis/compare/comparison.h"
#include "app/present/pinned_finding.h"
#include "views/scene/display_list.h"

#include <string>
#include <utility>
#include <vector>

namespace flamewright {

enum class ReportTemplate : std::uint8_t { Summary, Full }; // one page; everything

// A figure in both colours: `light` for screens, `print` for paper; `dark` may be empty. The same
// commands in other colours are written once.
struct ReportFigure {
    std::string title, caption;
    DisplayList light, print;
    SizeF size;
    DisplayList dark;
};

// A side of a comparison: A is blue, B is orange. Without a name there is none.
struct ReportSide {
    std::string name, date;
};

// What to see first: one figure, large, with what it is based on.
struct ReportKeyFigure {
    std::string label;      // "p99 of POST /checkout"
    std::string base, cand; // "850 ms", "220 ms"; without a comparison the base is empty
    std::string change;     // "-74 %"
    std::string evidence;   // "95 % interval -76..-71; n 24,310 and 24,502"
    std::string mark;       // as of ReportCell
};

struct ReportCell {
    std::string text; // plain; escaped by whoever writes it
    std::string mark; // "regressed", "improved", "no_evidence", "not_enough_data"; or empty
};
struct ReportTable {
    std::string title, note;
    std::vector<std::string> columns;
    std::vector<bool> numeric; // by column: to the right, tabular figures
    std::vector<std::vector<ReportCell>> rows;
};

struct ReportSection {
    std::string title;
    std::vector<std::string> sentences, notes;
    std::vector<ReportTable> tables;
    std::vector<ReportFigure> figures;
};

// A report as data. Every text may hold names from captures: plain text, never markup.
struct Report {
    std::string title, subtitle;
    std::string madeAt; // "2026-11-26 19:12 UTC"
    ReportTemplate kind = ReportTemplate::Full;
    std::vector<std::pair<std::string, std::string>> facts; // "A (baseline)": "before, 2026-11-20"
    std::vector<std::string> headlines;                     // the three things to know
    std::vector<ComparabilityRemark> remarks;
    std::vector<PinnedFinding> findings;
    std::vector<ReportSection> sections;
    std::vector<std::pair<std::string, std::string>> provenance;
    std::vector<std::string> methods; // how figures were computed
    ReportSide a, b;
    std::vector<ReportKeyFigure> keyFigures; // up to four
};

// One file: no scripts but one whose hash the policy names, no network, strict content security
// policy, light, dark and print, works on a phone.
std::string toHtml(const Report &report);
// For a pull request: tables and sentences, no figures.
std::string toMarkdown(const Report &report);
// Vector figures, page numbers, table of contents, outline. Needs a QGuiApplication.
Result<> writePdf(const Report &report, const std::string &path);

} // namespace flamewright
