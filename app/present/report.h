#pragma once

#include "analysis/compare/comparison.h"
#include "app/present/pinned_finding.h"
#include "views/scene/display_list.h"

#include <string>
#include <utility>
#include <vector>

namespace flamewright {

enum class ReportTemplate : std::uint8_t { Summary, Full }; // one page; everything

// A figure in both colours: `light` for screens, `print` for paper.
struct ReportFigure {
    std::string title, caption;
    DisplayList light, print;
    SizeF size;
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
};

// One file: no scripts but one whose hash the policy names, no network, strict content security
// policy, light, dark and print, works on a phone.
std::string toHtml(const Report &report);
// For a pull request: tables and sentences, no figures.
std::string toMarkdown(const Report &report);
// Vector figures, page numbers, table of contents, outline. Needs a QGuiApplication.
Result<> writePdf(const Report &report, const std::string &path);

} // namespace flamewright
