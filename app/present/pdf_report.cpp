#include "app/present/pdf_outline.h"
#include "app/present/pdf_table.h"
#include "app/present/report.h"
#include "app/present/report_words.h"
#include "views/paint/paint_qt.h"

#include <QBuffer>
#include <QFile>
#include <QSaveFile>

#include <algorithm>
#include <vector>

namespace flamewright {
namespace {

constexpr double kLeft = PdfPage::kLeft, kContent = PdfPage::kContent;

// One pass over the report. The headings that were found before fill the table of contents.
class PdfComposer {
public:
    PdfComposer(const Report &report, PdfPage &page, const PdfNavigation &known)
        : m_report(report),
          m_page(page),
          m_known(known)
    {}
    PdfNavigation compose();

private:
    void head();
    void sides();
    void pairs(const std::vector<std::pair<std::string, std::string>> &entries);
    void keyFigures();
    void keyFigure(const ReportKeyFigure &key, double left, double width, double height);
    void headlines();
    void contents();
    void findings();
    void remarks();
    void section(const ReportSection &section);
    void figure(const DisplayList &list, SizeF size, std::string_view title,
                std::string_view caption);
    void list(const std::vector<std::string> &items);
    void table(const ReportTable &table);

    void heading(std::string_view title)
    {
        m_page.moveDown(m_page.y() > PdfPage::kTop ? 22 : 0);
        m_page.need(90); // with something below
        m_found.headings.push_back({shownText(title, kMaxCellBytes), m_page.page(), m_page.y()});
        m_page.paragraph(m_found.headings.back().title, PdfPage::font(14, true), m_colors.text1,
                         kLeft, kContent, 1.3);
        m_page.moveDown(6);
    }
    void body(std::string_view text, double size, Rgba color, bool strong = false,
              double indent = 0)
    {
        m_page.paragraph(shownText(text), PdfPage::font(size, strong), color, kLeft + indent,
                         kContent - indent);
    }

    const Report &m_report;
    PdfPage &m_page;
    const PdfNavigation &m_known; // of the pass before
    PdfNavigation m_found;
    const Palette &m_colors = palette(Theme::Print);
};

void PdfComposer::head()
{
    const auto &r = m_report;
    m_page.moveTo(48);
    m_page.textAt(QStringLiteral("Flamewright performance report"), PdfPage::font(8.5),
                  m_colors.text3, kLeft, m_page.y(), 300);
    m_page.textAt(shownText(r.madeAt), PdfPage::font(8.5), m_colors.text3, kLeft + 300, m_page.y(),
                  kContent - 300, true);
    m_page.moveDown(34);
    m_page.paragraph(shownText(r.title, 400), PdfPage::font(23, true), m_colors.text1, kLeft,
                     kContent, 1.2);
    m_page.moveDown(4);
    if (!r.subtitle.empty())
        m_page.paragraph(shownText(r.subtitle, 800), PdfPage::font(12), m_colors.text2, kLeft,
                         kContent, 1.35);
    m_page.moveDown(12);
    sides();
    pairs(r.facts);
}

void PdfComposer::sides()
{
    const auto side = [&](const char *letter, const char *role, const ReportSide &of, Rgba color) {
        if (of.name.empty())
            return;
        constexpr double kIndent = 30, kInner = kContent - kIndent;
        const auto name = shownText(of.name, kMaxCellBytes);
        const auto strong = PdfPage::font(10, true);
        const auto height = PdfPage::heightOf(name, strong, kInner, 1.3) + 12;
        m_page.need(height + 8);
        m_page.fill(kLeft, m_page.y() + 1, 22, 22, color, 4);
        m_page.textAt(QString::fromLatin1(letter), PdfPage::font(11, true), m_colors.surface0,
                      kLeft + 7, m_page.y() + 4.5, 20);
        m_page.textAt(name, strong, m_colors.text1, kLeft + kIndent, m_page.y(), kInner, false,
                      1.3);
        m_page.textAt(
            QString::fromLatin1(role) +
                (of.date.empty() ? QString() : QStringLiteral(", ") + shownText(of.date, 100)),
            PdfPage::font(8.5), m_colors.text3, kLeft + kIndent, m_page.y() + height - 12, kInner);
        m_page.moveDown(height + 8);
    };
    side("A", "baseline", m_report.a, m_colors.sideA);
    side("B", "candidate", m_report.b, m_colors.sideB);
    m_page.moveDown(4);
}

void PdfComposer::pairs(const std::vector<std::pair<std::string, std::string>> &entries)
{
    constexpr double kNames = 120;
    for (const auto &[name, value] : entries) {
        const auto shown = shownText(name, kMaxCellBytes);
        const auto font = PdfPage::font(8.5);
        m_page.need(PdfPage::heightOf(shown, font, kNames - 8));
        const auto top = m_page.y();
        const auto page = m_page.page();
        m_page.textAt(shown, font, m_colors.text3, kLeft, top, kNames - 8);
        for (const auto line : linesOf(value))
            m_page.paragraph(shownText(line), font, m_colors.text1, kLeft + kNames,
                             kContent - kNames);
        const auto names = top + PdfPage::heightOf(shown, font, kNames - 8);
        if (m_page.page() == page && m_page.y() < names)
            m_page.moveTo(names);
        m_page.moveDown(2);
    }
}

void PdfComposer::keyFigures()
{
    constexpr double kGap = 12, kWidth = (kContent - kGap) / 2;
    const auto &keys = m_report.keyFigures;
    m_page.moveDown(keys.empty() ? 0 : 12);
    for (std::size_t i = 0; i < keys.size(); i += 2) {
        double height = 0;
        for (auto j = i; j < std::min(keys.size(), i + 2); ++j) {
            const auto inner = kWidth - 24;
            height = std::max(height, PdfPage::heightOf(shownText(keys[j].label, kMaxCellBytes),
                                                        PdfPage::font(9, true), inner) +
                                          PdfPage::heightOf(shownText(keys[j].evidence, 400),
                                                            PdfPage::font(8), inner) +
                                          66);
        }
        m_page.need(height);
        for (auto j = i; j < std::min(keys.size(), i + 2); ++j)
            keyFigure(keys[j], kLeft + static_cast<double>(j - i) * (kWidth + kGap), kWidth,
                      height);
        m_page.moveDown(height + kGap);
    }
}

void PdfComposer::keyFigure(const ReportKeyFigure &key, double left, double width, double height)
{
    const auto top = m_page.y(), inner = width - 24;
    const auto bar = key.mark == "improved"    ? m_colors.better[3]
                     : key.mark == "regressed" ? m_colors.worse[3]
                                               : m_colors.noEvidence;
    m_page.fill(left, top, width, height, m_colors.surface2, 4);
    m_page.fill(left, top, width, 2.5, bar);
    auto y = top + 12;
    const auto label = shownText(key.label, kMaxCellBytes);
    m_page.textAt(label, PdfPage::font(9, true), m_colors.text1, left + 12, y, inner);
    y += PdfPage::heightOf(label, PdfPage::font(9, true), inner) + 3;
    // A, arrow, B in one line, smaller if they must be.
    const auto base = shownText(key.base, 60), cand = shownText(key.cand, 60);
    const auto arrow = key.base.empty() ? QString() : QStringLiteral(" \u2192 ");
    double size = 19;
    const auto widthAt = [&] {
        const auto font = PdfPage::font(size, true);
        return PdfPage::widthOf(base, font) + PdfPage::widthOf(arrow, font) +
               PdfPage::widthOf(cand, font);
    };
    while (size > 6 && widthAt() > inner)
        size -= 1;
    const auto large = PdfPage::font(size, true);
    auto x = left + 12;
    const auto put = [&](const QString &text, Rgba color) {
        m_page.textAt(text, large, color, x, y + (19 - size) / 2, inner, false, 1.2);
        x += PdfPage::widthOf(text, large);
    };
    put(base, m_colors.sideA);
    put(arrow, m_colors.text3);
    put(cand, key.base.empty() ? m_colors.text1 : m_colors.sideB);
    y += 25;
    const auto strong = PdfPage::font(10.5, true);
    const auto change = shownText(key.change, 60);
    m_page.textAt(change, strong, m_colors.text1, left + 12, y, inner);
    if (!knownMark(key.mark).empty())
        writeChip(m_page, knownMark(key.mark), shownText(wordsOfMark(key.mark)),
                  left + 12 + PdfPage::widthOf(change, strong) + (change.isEmpty() ? 0 : 8),
                  y + 1.5);
    y += 17;
    m_page.textAt(shownText(key.evidence, 400), PdfPage::font(8), m_colors.text2, left + 12, y,
                  inner);
}

void PdfComposer::headlines()
{
    if (m_report.headlines.empty())
        return;
    heading(kHeadlinesTitle);
    for (std::size_t i = 0; i < m_report.headlines.size(); ++i) {
        const auto font = PdfPage::font(10.5);
        const auto text = shownText(m_report.headlines[i], 1200);
        m_page.need(std::min(PdfPage::heightOf(text, font, kContent - 24), 200.0));
        m_page.textAt(QString::number(i + 1), PdfPage::font(10.5, true), m_colors.text3, kLeft,
                      m_page.y(), 20);
        m_page.paragraph(text, font, m_colors.text1, kLeft + 24, kContent - 24);
        m_page.moveDown(5);
    }
}

void PdfComposer::contents()
{
    if (m_report.kind != ReportTemplate::Full || m_known.headings.empty())
        return;
    m_page.moveDown(22);
    m_page.need(60);
    m_page.paragraph(QStringLiteral("Contents"), PdfPage::font(14, true), m_colors.text1, kLeft,
                     kContent, 1.3);
    m_page.moveDown(6);
    const auto font = PdfPage::font(9.5);
    for (const auto &entry : m_known.headings) {
        m_page.need(15);
        m_found.links.push_back(
            {m_page.page(), {kLeft, m_page.y(), kContent, 15}, m_found.links.size()});
        auto title = entry.title;
        // One line each: a name without end would need many.
        while (title.size() > 1 && PdfPage::widthOf(title, font) > kContent - 40)
            title = title.left(title.size() * 9 / 10) + QStringLiteral("\u2026");
        m_page.textAt(title, font, m_colors.text1, kLeft, m_page.y(), kContent - 40);
        m_page.textAt(QString::number(entry.page), font, m_colors.text2, kLeft + kContent - 40,
                      m_page.y(), 40, true);
        const auto begin = kLeft + PdfPage::widthOf(title, font) + 6;
        const auto end = kLeft + kContent - PdfPage::widthOf(QString::number(entry.page), font) - 6;
        if (end > begin)
            m_page.line(begin, m_page.y() + 10, end - begin, m_colors.border, 0.4);
        m_page.moveDown(15);
    }
}

void PdfComposer::findings()
{
    if (m_report.findings.empty())
        return;
    heading(kFindingsTitle);
    for (const auto &finding : m_report.findings) {
        m_page.need(50);
        for (const auto line : linesOf(finding.sentence))
            body(line, 10.5, m_colors.text1, true);
        for (const auto line : linesOf(finding.note)) {
            if (!finding.note.empty())
                body(line, 9.5, m_colors.text2);
        }
        if (finding.picture)
            figure(finding.picture->print, finding.picture->size, finding.picture->caption, {});
        m_page.moveDown(12);
    }
}

void PdfComposer::remarks()
{
    if (m_report.remarks.empty())
        return;
    heading(kRemarksTitle);
    table(tableOfRemarks(m_report.remarks));
}

void PdfComposer::table(const ReportTable &of)
{
    m_page.moveDown(8);
    if (!of.title.empty()) {
        m_page.need(60);
        body(of.title, 9.5, m_colors.text1, true);
        m_page.moveDown(3);
    }
    writeTable(m_page, of);
    m_page.moveDown(3);
    if (!of.note.empty())
        body(of.note, 8, m_colors.text2);
}

void PdfComposer::section(const ReportSection &of)
{
    if (!of.title.empty())
        heading(of.title);
    for (const auto &sentence : of.sentences) {
        body(sentence, 10, m_colors.text1);
        m_page.moveDown(4);
    }
    for (const auto &one : of.figures)
        figure(one.print, one.size, one.title, one.caption);
    // What a figure of a summary shows is in a table, too, for formats without figures.
    if (m_report.kind == ReportTemplate::Full || of.figures.empty()) {
        for (const auto &one : of.tables)
            table(one);
    }
    if (!of.notes.empty()) {
        m_page.moveDown(8);
        list(of.notes);
    }
}

void PdfComposer::list(const std::vector<std::string> &items)
{
    for (const auto &item : items) {
        m_page.need(12);
        m_page.fill(kLeft + 2, m_page.y() + 4.5, 2.5, 2.5, m_colors.border, 1.2);
        body(item, 8, m_colors.text2, false, 12);
        m_page.moveDown(2);
    }
}

void PdfComposer::figure(const DisplayList &of, SizeF size, std::string_view title,
                         std::string_view caption)
{
    const auto heads = PdfPage::font(9.5, true), under = PdfPage::font(8);
    const auto shownTitle = shownText(title, kMaxCellBytes),
               shownCaption = shownText(caption, 1200);
    const auto above = (title.empty() ? 0 : PdfPage::heightOf(shownTitle, heads, kContent)) +
                       (caption.empty() ? 0 : PdfPage::heightOf(shownCaption, under, kContent)) + 4;
    constexpr double kPage = PdfPage::kHeight - PdfPage::kTop - PdfPage::kBottom;
    const auto width = static_cast<double>(size.width), height = static_cast<double>(size.height);
    // No larger than on a screen, and all of it on one page.
    const auto scale =
        std::min({0.75, kContent / width, std::max(kPage - above - 12, 40.0) / height});
    m_page.moveDown(10);
    m_page.need(above + height * scale);
    if (!title.empty())
        m_page.paragraph(shownTitle, heads, m_colors.text1, kLeft, kContent);
    if (!caption.empty())
        m_page.paragraph(shownCaption, under, m_colors.text2, kLeft, kContent);
    m_page.moveDown(4);
    if (auto *p = m_page.painter()) {
        p->save();
        p->translate(kLeft, m_page.y());
        p->scale(scale, scale);
        p->setClipRect(QRectF(0, 0, width, height));
        paint(of, *p);
        p->restore();
    }
    m_page.moveDown(height * scale + 8);
}

PdfNavigation PdfComposer::compose()
{
    head();
    keyFigures();
    headlines();
    contents();
    findings();
    if (hasWeightyRemark(m_report))
        remarks();
    for (const auto &one : m_report.sections)
        section(one);
    if (!hasWeightyRemark(m_report))
        remarks();
    if (!m_report.provenance.empty()) {
        heading(kProvenanceTitle);
        pairs(m_report.provenance);
    }
    if (!m_report.methods.empty()) {
        heading(kMethodsTitle);
        list(m_report.methods);
    }
    return std::move(m_found);
}

} // namespace

Result<> writePdf(const Report &report, const std::string &path)
{
    const auto title = shownText(report.title, 400);
    // What is where: first without a table of contents, then with one of as many lines.
    PdfNavigation known;
    int pages = 1;
    for (int pass = 0; pass < 2; ++pass) {
        PdfPage measured(nullptr, title, 0);
        known = PdfComposer(report, measured, known).compose();
        pages = measured.page();
    }
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    {
        QPdfWriter writer(&buffer);
        writer.setTitle(title);
        writer.setCreator(QStringLiteral("Flamewright"));
        writer.setResolution(720);
        if (!writer.setPageLayout(QPageLayout(QPageSize(QPageSize::A4), QPageLayout::Portrait,
                                              QMarginsF(), QPageLayout::Point)))
            return fail(Errc::Internal, "a page of A4 cannot be made");
        PdfPage page(&writer, title, pages);
        if (!page.begin())
            return fail(Errc::Internal, "a document cannot be painted");
        known = PdfComposer(report, page, known).compose();
        page.end();
    }
    QSaveFile file(QFile::decodeName(QByteArray::fromStdString(path)));
    const auto document = withNavigation(buffer.data(), known);
    if (!file.open(QIODevice::WriteOnly) || file.write(document) != document.size() ||
        !file.commit())
        return fail(Errc::Io, "cannot write " + path + ": " + file.errorString().toStdString());
    return {};
}

} // namespace flamewright
