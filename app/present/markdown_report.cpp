#include "app/present/markdown_text.h"
#include "app/present/report.h"
#include "app/present/report_words.h"
#include "capture/base/capture_text.h"

namespace flamewright {
namespace {

std::string md(std::string_view text, std::size_t maxBytes = kMaxDisplayBytes)
{
    return markdownText(text, maxBytes);
}

std::string mdLines(std::string_view text)
{
    std::string out;
    for (const auto line : linesOf(text))
        out += (out.empty() ? "" : "<br>") + md(line);
    return out;
}

void appendHeading(std::string &out, std::string_view markdown)
{
    out.append("## ").append(markdown).append("\n\n");
}

void appendTable(std::string &out, const ReportTable &table)
{
    if (!table.title.empty())
        out += "**" + md(table.title, kMaxCellBytes) + "**\n\n";
    out += '|';
    for (const auto &column : table.columns)
        out += ' ' + md(column, kMaxCellBytes) + " |";
    out += "\n|";
    for (std::size_t i = 0; i < table.columns.size(); ++i)
        out += i < table.numeric.size() && table.numeric[i] ? " ---: |" : " --- |";
    out += '\n';
    for (const auto &row : table.rows) {
        out += '|';
        for (const auto &cell : row) {
            const auto text = md(cell.text, kMaxCellBytes);
            const bool strong = cell.mark == "regressed" || cell.mark == "improved";
            out += strong && !text.empty() ? " **" + text + "** |" : ' ' + text + " |";
        }
        out += '\n';
    }
    out += '\n';
    if (!table.note.empty())
        out += md(table.note) + "\n\n";
}

void appendKeyFigures(std::string &out, const Report &report)
{
    if (report.keyFigures.empty())
        return;
    const bool compared = !report.keyFigures.front().base.empty();
    ReportTable table;
    table.columns = compared
                        ? std::vector<std::string>{"", "A", "B", "Change", "Evidence", "Verdict"}
                        : std::vector<std::string>{"", "", "Evidence"};
    table.numeric = compared ? std::vector<bool>{false, true, true, true, false, false}
                             : std::vector<bool>{false, true, false};
    for (const auto &key : report.keyFigures) {
        if (compared)
            table.rows.push_back({{key.label},
                                  {key.base},
                                  {key.cand},
                                  {key.change, key.mark},
                                  {key.evidence},
                                  {std::string(wordsOfMark(key.mark)), key.mark}});
        else
            table.rows.push_back({{key.label}, {key.cand}, {key.evidence}});
    }
    appendTable(out, table);
}

void appendList(std::string &out, const std::vector<std::string> &items)
{
    for (const auto &item : items)
        out += "- " + md(item) + '\n';
    if (!items.empty())
        out += '\n';
}

// Closed until somebody asks: a pull request is no place for all of it.
void appendFolded(std::string &out, std::string_view title, const std::string &content)
{
    if (!content.empty())
        out.append("<details><summary>")
            .append(title)
            .append("</summary>\n\n")
            .append(content)
            .append("\n</details>\n\n");
}

void appendRemarks(std::string &out, const Report &report)
{
    if (report.remarks.empty())
        return;
    std::string table;
    appendTable(table, tableOfRemarks(report.remarks));
    if (!hasWeightyRemark(report)) {
        appendFolded(out, kRemarksTitle, table);
        return;
    }
    appendHeading(out, kRemarksTitle);
    out += table;
}

void appendHead(std::string &out, const Report &report)
{
    out += "# " + md(report.title) + "\n\n";
    if (!report.subtitle.empty())
        out += md(report.subtitle) + "\n\n";
    const auto side = [&](const char *letter, const char *role, const ReportSide &of) {
        if (!of.name.empty())
            out += std::string("- **") + letter + "** (" + role + "): " + md(of.name) +
                   (of.date.empty() ? "" : ", " + md(of.date)) + '\n';
    };
    side("A", "baseline", report.a);
    side("B", "candidate", report.b);
    for (const auto &[name, value] : report.facts)
        out += "- " + md(name) + ": " + mdLines(value) + '\n';
    out += '\n';
}

void appendSection(std::string &out, const ReportSection &section)
{
    if (!section.title.empty())
        appendHeading(out, md(section.title, kMaxCellBytes));
    for (const auto &sentence : section.sentences)
        out += md(sentence) + "\n\n";
    for (const auto &table : section.tables)
        appendTable(out, table);
    std::string notes;
    appendList(notes, section.notes);
    appendFolded(out, "Notes", notes);
}

} // namespace

std::string toMarkdown(const Report &report)
{
    std::string out;
    appendHead(out, report);
    appendKeyFigures(out, report);
    if (!report.headlines.empty()) {
        appendHeading(out, kHeadlinesTitle);
        for (std::size_t i = 0; i < report.headlines.size(); ++i)
            out += std::to_string(i + 1) + ". " + md(report.headlines[i]) + '\n';
        out += '\n';
    }
    if (!report.findings.empty()) {
        appendHeading(out, kFindingsTitle);
        for (const auto &finding : report.findings) {
            out += "- **" + mdLines(finding.sentence) + "**";
            if (!finding.note.empty())
                out += "<br>" + mdLines(finding.note);
            out += '\n';
        }
        out += '\n';
    }
    if (hasWeightyRemark(report))
        appendRemarks(out, report);
    for (const auto &section : report.sections)
        appendSection(out, section);
    if (!hasWeightyRemark(report))
        appendRemarks(out, report);
    std::string provenance, methods;
    for (const auto &[name, value] : report.provenance)
        provenance += "- " + md(name) + ": " + mdLines(value) + '\n';
    appendFolded(out, kProvenanceTitle, provenance);
    appendList(methods, report.methods);
    appendFolded(out, kMethodsTitle, methods);
    out += "Made by Flamewright, " + md(report.madeAt) + ".\n";
    return out;
}

} // namespace flamewright
