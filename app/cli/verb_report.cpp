#include "app/cli/compare_flags.h"
#include "app/cli/gui_application.h"
#include "app/cli/output_file.h"
#include "app/cli/session_views.h"
#include "app/cli/verbs.h"
#include "app/present/build_report.h"
#include "capture/base/capture_text.h"
#include "views/paint/paint_qt.h"

#include <algorithm>
#include <chrono>
#include <ostream>

namespace flamewright {
namespace {

struct Flags {
    std::string output, shape = "full", title;
};

enum class Format : std::uint8_t { Html, Pdf, Markdown };

Result<Format> formatOf(const std::filesystem::path &path)
{
    auto extension = path.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (extension == ".html" || extension == ".htm")
        return Format::Html;
    if (extension == ".pdf")
        return Format::Pdf;
    if (extension == ".md")
        return Format::Markdown;
    return fail(Errc::Usage, "a report is an .html, .pdf or .md file, not '" + path.string() + "'");
}

// What somebody pinned in the session.
Result<std::vector<PinnedFinding>> findingsOf(Session &session, VerbRun &run)
{
    FW_ASSIGN(const auto json, session.saved(kPinnedFindingsKey));
    if (!json)
        return std::vector<PinnedFinding>();
    FW_ASSIGN(auto read, findingsFromJson(*json));
    if (read.leftOut > 0)
        run.log << read.leftOut << " parts of findings could not be read and are left out\n";
    return std::move(read.findings);
}

Result<> writeText(const std::string &path, const std::string &text)
{
    return writeWholeText(path, [&](std::ostream &out) -> Result<> {
        out << text;
        return {};
    });
}

Result<> write(const Report &report, Format format, const std::string &path)
{
    switch (format) {
    case Format::Html: return writeText(path, toHtml(report));
    case Format::Markdown: return writeText(path, toMarkdown(report));
    case Format::Pdf: return writePdf(report, path);
    }
    return {};
}

bool hasRole(const OpenedCapture &opened, CaptureRole role)
{
    return std::any_of(opened.captures().begin(), opened.captures().end(),
                       [&](const CaptureInfo &capture) { return capture.desc.role == role; });
}

// A session that holds both sides, or two arguments.
Result<bool> isComparison(const CompareFlags &sides, VerbRun &run)
{
    if (!sides.cand.empty())
        return true;
    if (!isSessionFile(sides.base))
        return false;
    FW_ASSIGN(const auto opened, openCapture(run.workbench, sides.base, {}, run.job));
    return hasRole(opened, CaptureRole::Baseline) && hasRole(opened, CaptureRole::Candidate);
}

Result<Report> reportOfSides(const CompareFlags &sides, const ReportRequest &request,
                             const TextMetrics &metrics, VerbRun &run)
{
    FW_ASSIGN(const auto options, sides.options());
    FW_ASSIGN(const auto opened, sides.open(run));
    for (const auto &note : opened.notes)
        run.log << CaptureText(note).toTerminal() << '\n';
    std::vector<PinnedFinding> findings;
    for (const auto &one : opened.opened) {
        FW_ASSIGN(auto more, findingsOf(one.session(), run));
        findings.insert(findings.end(), std::make_move_iterator(more.begin()),
                        std::make_move_iterator(more.end()));
    }
    FW_ASSIGN(const auto comparison,
              compare(run.workbench, opened.base, opened.cand, options, run.job));
    return buildReport(comparison, findings, request, metrics);
}

Result<Report> reportOfSession(const CompareFlags &sides, const ReportRequest &request,
                               const TextMetrics &metrics, VerbRun &run)
{
    ImportRequest imports;
    imports.formatId = sides.format;
    imports.options.strict = sides.strict;
    imports.symbols.directories.assign(sides.symbols.begin(), sides.symbols.end());
    imports.symbols.kallsyms = sides.kallsyms;
    FW_ASSIGN(const auto opened, openCapture(run.workbench, sides.base, imports, run.job));
    for (const auto &line : opened.leftOut())
        run.log << CaptureText(line).toTerminal() << '\n';
    FW_ASSIGN(const auto findings, findingsOf(opened.session(), run));
    FW_ASSIGN(auto views, viewsOfSession(run, opened, request.kind, metrics));
    return buildReport(opened.captures(), findings, std::move(views), request);
}

Result<ExitCode> report(VerbRun &run, const CompareFlags &sides, const Flags &flags)
{
    FW_ASSIGN(const auto format, formatOf(flags.output));
    const auto now = std::chrono::duration_cast<std::chrono::nanoseconds>(
        std::chrono::system_clock::now().time_since_epoch());
    const ReportRequest request{.kind = flags.shape == "summary" ? ReportTemplate::Summary
                                                                 : ReportTemplate::Full,
                                .title = flags.title,
                                .madeAt = reportTime(now.count())};
    const OffscreenGui gui;
    loadFonts();
    const QtTextMetrics metrics;
    FW_ASSIGN(const auto compared, isComparison(sides, run));
    FW_ASSIGN(const auto made, compared ? reportOfSides(sides, request, metrics, run)
                                        : reportOfSession(sides, request, metrics, run));
    FW_TRY(write(made, format, flags.output));
    return ExitCode::Ok;
}

} // namespace

Verb::Work declareReport(CLI::App &command)
{
    auto sides = CompareFlags::declare(command);
    auto flags = std::make_shared<Flags>();
    command
        .add_option("-o,--output", flags->output,
                    "What to write: .html (one file for everybody), .pdf or .md")
        ->required();
    command.add_option("--template", flags->shape, "full, or summary: one page")
        ->check(CLI::IsMember({"full", "summary"}))
        ->default_str("full");
    command.add_option("--title", flags->title, "Its title");
    return [sides, flags](VerbRun &run) { return report(run, *sides, *flags); };
}

} // namespace flamewright
