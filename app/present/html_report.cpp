#include "app/present/html_figures.h"
#include "app/present/html_style.h"
#include "app/present/report.h"
#include "app/present/report_words.h"
#include "capture/base/capture_text.h"

#include <QByteArray>
#include <QCryptographicHash>

#include <algorithm>
#include <utility>

namespace flamewright {
namespace {

std::string html(std::string_view text, std::size_t maxBytes = kMaxDisplayBytes)
{
    return CaptureText(text).toHtml(maxBytes);
}

// Lines of somebody's note stay lines.
std::string htmlLines(std::string_view text)
{
    std::string out;
    for (const auto line : linesOf(text))
        out += (out.empty() ? "" : "<br>") + html(line);
    return out;
}

std::string hashOf(std::string_view text)
{
    const auto hash = QCryptographicHash::hash(
        QByteArray(text.data(), static_cast<qsizetype>(text.size())), QCryptographicHash::Sha256);
    return "'sha256-" + hash.toBase64().toStdString() + "'";
}

class HtmlWriter {
public:
    explicit HtmlWriter(const Report &report) : m_report(report) {}
    std::string write();

private:
    void header();
    void keyFigures();
    void headlines();
    void findings();
    void remarks();
    void section(const ReportSection &section);
    void table(const ReportTable &table);
    void cell(const ReportCell &cell, bool numeric);
    void figure(const ThemedPicture &picture, std::string_view title, std::string_view caption);
    void pairs(std::string_view title,
               const std::vector<std::pair<std::string, std::string>> &entries);
    void methods();
    // A heading that the table of contents leads to.
    void heading(std::string_view title)
    {
        m_body += "<h2 id=\"s" + std::to_string(++m_headings) + "\">" + html(title, kMaxCellBytes) +
                  "</h2>\n";
        m_contents += "<li><a href=\"#s" + std::to_string(m_headings) + "\">" +
                      html(title, kMaxCellBytes) + "</a></li>\n";
    }
    void chip(std::string_view mark, std::string_view words)
    {
        m_body.append("<span class=\"chip ").append(knownMark(mark)).append("\">");
        m_body.append(html(words, kMaxCellBytes)).append("</span>");
    }

    const Report &m_report;
    std::string m_body, m_contents;
    HtmlFigures m_figures;
    int m_headings = 0, m_pictures = 0;
};

void HtmlWriter::header()
{
    const auto &r = m_report;
    m_body += "<header>\n<p class=\"brand\"><span><b>Flamewright</b> performance report</span>"
              "<span>" +
              html(r.madeAt) + "</span></p>\n<h1>" + html(r.title) + "</h1>\n";
    if (!r.subtitle.empty())
        m_body += "<p class=\"sub\">" + html(r.subtitle) + "</p>\n";
    if (!r.a.name.empty()) {
        const auto side = [&](const char *kind, const char *letter, const char *role,
                              const ReportSide &of) {
            m_body += std::string("<div class=\"side ") + kind + "\"><span class=\"letter\">" +
                      letter + "</span><div><b>" + html(of.name) + "</b><small>" + role +
                      (of.date.empty() ? "" : ", " + html(of.date)) + "</small></div></div>\n";
        };
        m_body += "<div class=\"sides\">\n";
        side("a", "A", "baseline", r.a);
        if (!r.b.name.empty())
            side("b", "B", "candidate", r.b);
        m_body += "</div>\n";
    }
    if (!r.facts.empty()) {
        m_body += "<dl class=\"facts\">\n";
        for (const auto &[name, value] : r.facts)
            m_body += "<dt>" + html(name) + "</dt><dd>" + htmlLines(value) + "</dd>\n";
        m_body += "</dl>\n";
    }
    m_body += "</header>\n";
}

void HtmlWriter::keyFigures()
{
    if (m_report.keyFigures.empty())
        return;
    m_body +=
        m_report.keyFigures.size() == 4 ? "<div class=\"keys four\">\n" : "<div class=\"keys\">\n";
    for (const auto &key : m_report.keyFigures) {
        m_body.append("<div class=\"key ").append(knownMark(key.mark)).append("\">");
        m_body +=
            "<p class=\"label\">" + html(key.label, kMaxCellBytes) + "</p><p class=\"values\">";
        if (!key.base.empty())
            m_body += "<span class=\"va\">" + html(key.base) + "</span> <i>\u2192</i> ";
        m_body += std::string("<span") + (key.base.empty() ? ">" : " class=\"vb\">") +
                  html(key.cand) + "</span></p>";
        if (!key.change.empty() || !key.mark.empty()) {
            m_body += "<p class=\"change\">" + html(key.change);
            if (!key.mark.empty())
                chip(key.mark, wordsOfMark(key.mark));
            m_body += "</p>";
        }
        if (!key.evidence.empty())
            m_body += "<p class=\"evidence\">" + html(key.evidence) + "</p>";
        m_body += "</div>\n";
    }
    m_body += "</div>\n";
}

void HtmlWriter::headlines()
{
    if (m_report.headlines.empty())
        return;
    heading(kHeadlinesTitle);
    m_body += "<ol class=\"headlines\">\n";
    for (const auto &sentence : m_report.headlines)
        m_body += "<li><span>" + html(sentence) + "</span></li>\n";
    m_body += "</ol>\n";
}

void HtmlWriter::findings()
{
    if (m_report.findings.empty())
        return;
    heading(kFindingsTitle);
    for (const auto &finding : m_report.findings) {
        m_body.append("<div class=\"finding ").append(knownMark(finding.severity)).append("\">");
        m_body += "<p>" + htmlLines(finding.sentence) + "</p>\n";
        if (!finding.note.empty())
            m_body += "<p class=\"note\">" + htmlLines(finding.note) + "</p>\n";
        if (finding.picture)
            figure({finding.picture->light, finding.picture->print, nullptr, finding.picture->size},
                   finding.picture->caption, {});
        m_body += "</div>\n";
    }
}

void HtmlWriter::remarks()
{
    if (m_report.remarks.empty())
        return;
    heading(kRemarksTitle);
    table(tableOfRemarks(m_report.remarks));
}

void HtmlWriter::section(const ReportSection &section)
{
    if (!section.title.empty())
        heading(section.title);
    for (const auto &sentence : section.sentences)
        m_body += "<p class=\"lead\">" + html(sentence) + "</p>\n";
    for (const auto &one : section.figures)
        figure({one.light, one.print, one.dark.commands().empty() ? nullptr : &one.dark, one.size},
               one.title, one.caption);
    // What a figure of a summary shows is in a table, too, for formats without figures.
    if (m_report.kind == ReportTemplate::Full || section.figures.empty()) {
        for (const auto &one : section.tables)
            table(one);
    }
    if (!section.notes.empty()) {
        m_body += "<ul class=\"notes\">\n";
        for (const auto &note : section.notes)
            m_body += "<li>" + html(note) + "</li>\n";
        m_body += "</ul>\n";
    }
}

void HtmlWriter::cell(const ReportCell &cell, bool numeric)
{
    const auto mark = knownMark(cell.mark);
    m_body += "<td";
    if (numeric)
        m_body.append(" class=\"n ").append(mark).append("\"");
    if (cell.text.size() > kMaxCellBytes)
        m_body += " title=\"" + html(cell.text) + '"';
    m_body += '>';
    if (!numeric && !mark.empty())
        chip(mark, cell.text);
    else
        m_body += html(cell.text, kMaxCellBytes);
    m_body += "</td>";
}

void HtmlWriter::table(const ReportTable &table)
{
    const auto isNumeric = [&](std::size_t column) {
        return column < table.numeric.size() && table.numeric[column];
    };
    m_body += "<div class=\"tablebox\">\n";
    if (!table.title.empty())
        m_body += "<h3>" + html(table.title, kMaxCellBytes) + "</h3>\n";
    m_body += "<div class=\"scroll\" tabindex=\"0\"><table>\n<thead><tr>";
    for (std::size_t i = 0; i < table.columns.size(); ++i)
        m_body += (isNumeric(i) ? "<th class=\"n\">" : "<th>") + html(table.columns[i]) + "</th>";
    m_body += "</tr></thead>\n<tbody>\n";
    for (const auto &row : table.rows) {
        m_body += "<tr>";
        for (std::size_t i = 0; i < row.size(); ++i)
            cell(row[i], isNumeric(i));
        m_body += "</tr>\n";
    }
    m_body += "</tbody></table></div>\n";
    if (!table.note.empty())
        m_body += "<p class=\"under\">" + html(table.note) + "</p>\n";
    m_body += "</div>\n";
}

// Enlarged it is the target of its own address: that needs no script.
void HtmlWriter::figure(const ThemedPicture &picture, std::string_view title,
                        std::string_view caption)
{
    const auto id = "p" + std::to_string(++m_pictures);
    const auto svg = m_figures.write(picture, id, title);
    m_body += "<figure class=\"figure\" id=\"" + id + "\"><figcaption><h3>" +
              html(title, kMaxCellBytes) +
              "</h3><span class=\"zoom\"></span><a class=\"open\" href=\"#" + id +
              "\">Enlarge</a><a class=\"close\" href=\"#" + id + "b\">Close</a>";
    if (!caption.empty())
        m_body += "<p>" + html(caption) + "</p>";
    m_body += "</figcaption>\n<div class=\"canvas";
    m_body += m_figures.lastHasDark() ? "\">" : " light\">";
    m_body += svg + "</div></figure><span id=\"" + id + "b\"></span>\n";
}

void HtmlWriter::pairs(std::string_view title,
                       const std::vector<std::pair<std::string, std::string>> &entries)
{
    if (entries.empty())
        return;
    heading(title);
    m_body += "<dl class=\"facts\">\n";
    for (const auto &[name, value] : entries)
        m_body += "<dt>" + html(name, kMaxCellBytes) + "</dt><dd>" + htmlLines(value) + "</dd>\n";
    m_body += "</dl>\n";
}

void HtmlWriter::methods()
{
    if (m_report.methods.empty())
        return;
    heading(kMethodsTitle);
    m_body += "<ul class=\"notes\">\n";
    for (const auto &method : m_report.methods)
        m_body += "<li>" + html(method) + "</li>\n";
    m_body += "</ul>\n";
}

std::string HtmlWriter::write()
{
    header();
    keyFigures();
    headlines();
    const auto top = std::move(m_body);
    m_body.clear();
    findings();
    if (hasWeightyRemark(m_report))
        remarks();
    for (const auto &one : m_report.sections)
        section(one);
    if (!hasWeightyRemark(m_report))
        remarks();
    pairs(kProvenanceTitle, m_report.provenance);
    methods();

    const auto style = reportStyle() + m_figures.css();
    const auto script = std::string(m_pictures > 0 ? reportScript() : std::string_view());
    std::string out =
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src " +
        hashOf(style) + (script.empty() ? "" : "; script-src " + hashOf(script)) +
        "; base-uri 'none'; form-action 'none'\">\n"
        "<meta name=\"referrer\" content=\"no-referrer\">\n"
        "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>" +
        html(m_report.title) + "</title>\n<style>" + style + "</style>\n</head>\n<body>\n" +
        "<main class=\"page\">\n";
    out.reserve(out.size() + top.size() + m_contents.size() + m_body.size() + script.size() + 1024);
    out += top;
    if (m_report.kind == ReportTemplate::Full)
        out += "<nav><h2>Contents</h2>\n<ol class=\"toc\">\n" + m_contents + "</ol></nav>\n";
    out += m_body;
    out += "<footer>Made by Flamewright, " + html(m_report.madeAt) +
           ". Every change is shown with its 95 % interval; without evidence it is not called "
           "one.</footer>\n</main>\n";
    if (!script.empty())
        out += "<script>" + script + "</script>\n";
    return out += "</body>\n</html>\n";
}

} // namespace

std::string toHtml(const Report &report)
{
    return HtmlWriter(report).write();
}

} // namespace flamewright
