#include "app/present/build_report.h"

#include "analysis/compare/headlines.h"
#include "app/compare/change_text.h"
#include "app/present/report_figures.h"
#include "app/present/report_tables.h"
#include "capture/base/format_value.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <map>
#include <utility>

namespace flamewright {
namespace {

constexpr std::size_t kSections = 12; // others are named with what is said of them first
constexpr std::size_t kRowsOfSection = 40, kRowsOfSummary = 5, kFindingsOfSummary = 3;
constexpr std::size_t kHeadlinesOfSummary = 3, kFiguresOfSection = 6, kNotesOfSection = 40;
constexpr std::size_t kExplanations = 3, kProvenance = 80, kNamesOfFact = 12;

template <class T>
void addOnce(std::vector<T> &to, T value)
{
    if (std::find(to.begin(), to.end(), value) == to.end())
        to.push_back(std::move(value));
}

std::string count(std::size_t n)
{
    return formatCount(static_cast<std::int64_t>(n));
}

std::string lines(const std::vector<std::string> &all, std::size_t most)
{
    std::string out;
    for (std::size_t i = 0; i < std::min(all.size(), most); ++i)
        out += (out.empty() ? "" : "\n") + all[i];
    if (all.size() > most)
        out += "\nand " + count(all.size() - most) + " more";
    return out;
}

std::string plural(std::size_t n, const std::string &one)
{
    return count(n) + " " + one + (n == 1 ? "" : "s");
}

// "12 figures improved, 1 regressed; for 140 there is not enough evidence to say."
std::string tally(const Comparison &comparison)
{
    std::array<std::size_t, 4> verdicts{};
    std::size_t withheld = 0;
    for (const auto &section : comparison.sections) {
        withheld += section.isBlocked() && !comparison.confirmed;
        for (const auto &item : section.items)
            ++verdicts[static_cast<std::size_t>(item.change.verdict)];
    }
    const auto improved = verdicts[static_cast<std::size_t>(Verdict::Improved)];
    const auto regressed = verdicts[static_cast<std::size_t>(Verdict::Regressed)];
    const auto open = verdicts[static_cast<std::size_t>(Verdict::NoEvidence)] +
                      verdicts[static_cast<std::size_t>(Verdict::NotEnoughData)];
    auto out = plural(improved, "figure") + " improved, " + count(regressed) + " regressed; for " +
               count(open) + " there is not enough evidence to say.";
    if (withheld > 0)
        out += " Verdicts of " + plural(withheld, "capture") +
               " are withheld: the runs differ in what makes figures comparable.";
    return out;
}

ReportSide sideOf(const ComparisonSide &side)
{
    return {.name = side.name, .date = sideTimeText(side)};
}

void addFacts(const Comparison &comparison, Report &out)
{
    std::map<std::string, std::size_t> kinds;
    for (const auto &section : comparison.sections)
        ++kinds[section.kind];
    std::string text;
    for (const auto &[kind, n] : kinds)
        text += (text.empty() ? "" : ", ") +
                (n > 1 ? count(n) + " \u00d7 " + kindTitle(kind) : kindTitle(kind));
    if (comparison.sections.size() == 1)
        text += ": " + comparison.sections.front().title;
    out.facts.emplace_back("Compared", text);
    std::vector<std::string> normalised;
    for (const auto &section : comparison.sections) {
        const auto words = section.normalisation.words();
        if (!words.empty())
            addOnce(normalised,
                    comparison.sections.size() > 1 || section.normalisation.source.empty()
                        ? words
                        : words + ": " + section.normalisation.source);
    }
    if (!normalised.empty())
        out.facts.emplace_back("Normalised", lines(normalised, 3));
    if (!comparison.notCompared.empty())
        out.facts.emplace_back(
            "Not compared",
            comparison.notCompared.size() == 1
                ? comparison.notCompared.front()
                : plural(comparison.notCompared.size(), "capture") +
                      (out.kind == ReportTemplate::Full ? ", named at the end" : ""));
}

// Everything that was compared, whether it has a section of its own or not, and what was not.
void addCompared(const Comparison &comparison, std::size_t withSections, Report &out)
{
    if (comparison.sections.size() < 2 && comparison.notCompared.size() < 2)
        return;
    ReportTable table;
    table.columns = {"Kind", "Compared", "What is said first", "Normalised", "Figures"};
    table.numeric = {false, false, false, false, true};
    for (const auto &section : comparison.sections) {
        const auto words = section.normalisation.words();
        table.rows.push_back({{kindTitle(section.kind), {}},
                              {section.title, {}},
                              {section.sentences.empty() ? "" : section.sentences.front(), {}},
                              {words.empty() ? "as measured"
                                             : words + (section.normalisation.source.empty()
                                                            ? ""
                                                            : ": " + section.normalisation.source),
                               {}},
                              {count(section.items.size()), {}}});
    }
    ReportSection section{.title = "All that was compared", .tables = {std::move(table)}};
    if (withSections < comparison.sections.size())
        section.sentences.push_back("The " + count(withSections) +
                                    " with the largest changes have sections of their own.");
    for (const auto &line : comparison.notCompared)
        section.notes.push_back("Not compared: " + line);
    out.sections.push_back(std::move(section));
}

void addRemarks(const Comparison &comparison, Report &out)
{
    for (const auto &section : comparison.sections) {
        for (const auto &remark : section.remarks) {
            if (out.kind == ReportTemplate::Full ||
                remark.weight != ComparabilityRemark::Weight::Note)
                addOnce(out.remarks, remark);
        }
    }
    std::stable_sort(out.remarks.begin(), out.remarks.end(),
                     [](const ComparabilityRemark &a, const ComparabilityRemark &b) {
                         return a.weight > b.weight;
                     });
    if (out.kind == ReportTemplate::Full || out.remarks.empty())
        return;
    // A line has to do.
    std::vector<std::string> names;
    for (const auto &remark : out.remarks)
        addOnce(names, remark.what);
    std::string text;
    for (const auto &name : names)
        text += (text.empty() ? "" : ", ") + name;
    std::replace(text.begin(), text.end(), '_', ' ');
    out.facts.emplace_back("To be known", "both runs differ in " + text);
    out.remarks.clear();
}

// Where it comes from: what both sides share is said once.
void addProvenance(const Comparison &comparison, Report &out)
{
    const auto &a = comparison.base.provenance, &b = comparison.cand.provenance;
    std::map<std::string, std::array<std::vector<std::string>, 2>> values;
    std::vector<std::string> keys; // in the order in which they come
    const auto add = [&](const auto &of, std::size_t side) {
        for (const auto &[key, value] : of) {
            addOnce(keys, key);
            addOnce(values[key][side], value);
        }
    };
    add(a, 0);
    add(b, 1);
    for (const auto &key : keys) {
        const auto &[base, cand] = values[key];
        if (out.provenance.size() >= kProvenance)
            break;
        if (base == cand) {
            out.provenance.emplace_back(key, lines(base, kNamesOfFact));
            continue;
        }
        if (!base.empty())
            out.provenance.emplace_back("A: " + key, lines(base, kNamesOfFact));
        if (!cand.empty())
            out.provenance.emplace_back("B: " + key, lines(cand, kNamesOfFact));
    }
}

void addMethods(const Comparison &comparison, Report &out)
{
    for (const auto &section : comparison.sections) {
        if (!section.method.empty())
            addOnce(out.methods, kindTitle(section.kind) + ": " + section.method);
        for (const auto &explanation : section.explanations) {
            if (!explanation.method.empty())
                addOnce(out.methods, explanation.method);
        }
    }
    addOnce(out.methods,
            std::string("A figure is called improved or regressed only if all of its 95 % interval "
                        "lies beyond what two runs of one program differ by, and its p value, "
                        "adjusted for all figures that were tested with it (Holm), says so too."));
}

ReportSection sectionOf(const ComparedSection &section, const Report &report,
                        const TextMetrics &metrics)
{
    ReportSection out;
    out.title = kindTitle(section.kind) + ": " + section.title;
    out.sentences = section.sentences;
    out.figures = figuresOf(section, report.a, report.b, kFiguresOfSection, metrics);
    if (!section.items.empty()) {
        auto table = tableOfItems(section.items, kRowsOfSection);
        table.title = "What changed";
        const auto words = section.normalisation.words();
        if (!words.empty())
            table.title += ", " + words;
        out.tables.push_back(std::move(table));
    }
    for (std::size_t i = 0; i < std::min(section.explanations.size(), kExplanations); ++i)
        out.tables.push_back(tableOfExplanation(section.explanations[i]));
    out.notes = section.notes;
    if (out.notes.size() > kNotesOfSection) {
        const auto left = out.notes.size() - kNotesOfSection;
        out.notes.resize(kNotesOfSection);
        out.notes.push_back("and " + count(left) + " more notes");
    }
    return out;
}

// The largest changes of all captures: as a table for formats without figures.
ReportSection summaryOf(const Comparison &comparison, const TextMetrics &metrics)
{
    ReportSection out;
    std::vector<ComparedItem> items;
    // Of each capture in turn.
    for (std::size_t rank = 0; rank < kRowsOfSummary; ++rank) {
        for (const auto &section : comparison.sections) {
            if (rank < section.items.size() && items.size() < kRowsOfSummary)
                items.push_back(section.items[rank]);
        }
    }
    if (items.empty())
        return out;
    auto table = tableOfItems(items, kRowsOfSummary);
    table.title = "Largest changes";
    out.tables.push_back(std::move(table));
    out.figures.push_back(dotsOf(items, metrics));
    return out;
}

} // namespace

std::string kindTitle(std::string_view kind)
{
    if (kind == "profile")
        return "Profile";
    if (kind == "load" || kind == "load test")
        return "Load test";
    if (kind == "traces" || kind == "trace")
        return "Traces";
    if (kind == "benchmarks")
        return "Benchmarks";
    return std::string(kind);
}

std::string reportTime(std::int64_t epochNs)
{
    return sideTimeText({.name = {}, .startedAtNs = epochNs});
}

Report buildReport(const Comparison &comparison, const std::vector<PinnedFinding> &findings,
                   const ReportRequest &request, const TextMetrics &metrics)
{
    Report out;
    out.kind = request.kind;
    out.madeAt = request.madeAt;
    out.a = sideOf(comparison.base);
    out.b = sideOf(comparison.cand);
    out.title = request.title.empty() ? "What changed from " + out.a.name + " to " + out.b.name
                                      : request.title;
    out.subtitle = tally(comparison);
    addFacts(comparison, out);
    out.keyFigures = keyFiguresOf(comparison);
    out.headlines = headlines(comparison);
    out.findings = findings;
    addRemarks(comparison, out);
    if (request.kind == ReportTemplate::Summary) {
        out.headlines.resize(std::min(out.headlines.size(), kHeadlinesOfSummary));
        out.findings.resize(std::min(out.findings.size(), kFindingsOfSummary));
        for (auto &finding : out.findings)
            finding.picture.reset();
        out.sections.push_back(summaryOf(comparison, metrics));
        return out;
    }
    const auto shown = std::min(comparison.sections.size(), kSections);
    for (std::size_t i = 0; i < shown; ++i)
        out.sections.push_back(sectionOf(comparison.sections[i], out, metrics));
    addCompared(comparison, shown, out);
    addProvenance(comparison, out);
    addMethods(comparison, out);
    return out;
}

Report buildReport(const std::vector<CaptureInfo> &captures,
                   const std::vector<PinnedFinding> &findings, std::vector<ReportSection> views,
                   const ReportRequest &request)
{
    Report out;
    out.kind = request.kind;
    out.madeAt = request.madeAt;
    out.title = !request.title.empty() ? request.title
                : captures.size() == 1 ? captures.front().desc.name
                                       : count(captures.size()) + " captures";
    ReportTable table;
    table.columns = {"Capture", "Kind", "Format", "Started", "Length", "Samples, slices, requests"};
    table.numeric = {false, false, false, false, true, true};
    for (const auto &capture : captures) {
        const auto started = capture.startedAtNs();
        const auto length = capture.durationNs();
        table.rows.push_back({{capture.desc.name, {}},
                              {kindTitle(capture.kind), {}},
                              {capture.desc.formatId, {}},
                              {started ? reportTime(*started) : "\u2013", {}},
                              {length ? formatDuration(*length) : "\u2013", {}},
                              {formatCount(static_cast<std::int64_t>(
                                   capture.samples + capture.slices + capture.requests)),
                               {}}});
        for (const auto &entry : capture.meta.provenance) {
            if (out.provenance.size() < kProvenance && request.kind == ReportTemplate::Full)
                addOnce(out.provenance,
                        std::pair(captures.size() > 1 ? capture.desc.name + ": " + entry.first
                                                      : entry.first,
                                  entry.second));
        }
    }
    out.findings = findings;
    out.sections.push_back({.title = "Captures", .tables = {std::move(table)}});
    for (auto &view : views)
        out.sections.push_back(std::move(view));
    return out;
}

} // namespace flamewright
