#include "app/present/pdf_table.h"

#include "app/present/report_words.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace flamewright {
namespace {

constexpr double kPad = 4, kSize = 7.5, kSpacing = 1.35;

struct MarkColors {
    Rgba text, ground;
};
MarkColors colorsOf(std::string_view mark)
{
    const auto &p = palette(Theme::Print);
    const auto tinted = [&](Rgba c) { return MarkColors{c, mixed(p.surface0, c, 0.12)}; };
    if (mark == "improved")
        return tinted(p.better[3]);
    if (mark == "regressed" || mark == "critical" || mark == "grave")
        return tinted(p.worse[3]);
    if (mark == "warning")
        return tinted(p.warn);
    return {p.text2, p.noEvidence};
}

class TableWriter {
public:
    TableWriter(PdfPage &page, const ReportTable &table) : m_page(page), m_table(table)
    {
        findWidths();
    }
    void write()
    {
        // The head never stands alone at the bottom.
        m_page.need(headHeight() + 2 * kSize * kSpacing + 4 * kPad);
        head();
        for (const auto &row : m_table.rows)
            write(row);
    }

private:
    bool isNumeric(std::size_t column) const
    {
        return column < m_table.numeric.size() && m_table.numeric[column];
    }
    QString text(const ReportCell &cell) const { return shownText(cell.text, kMaxCellBytes); }
    void findWidths();
    double headHeight() const;
    void head();
    void write(const std::vector<ReportCell> &row);

    PdfPage &m_page;
    const ReportTable &m_table;
    QFont m_font = PdfPage::font(kSize), m_strong = PdfPage::font(kSize, true);
    std::vector<double> m_widths;
};

// As wide as what is in them; if that is too much, columns of words are narrower.
void TableWriter::findWidths()
{
    constexpr std::size_t kLooked = 300; // rows; more of them hardly are wider
    const auto columns = m_table.columns.size();
    m_widths.assign(columns, 0);
    for (std::size_t i = 0; i < columns; ++i) {
        m_widths[i] = PdfPage::widthOf(shownText(m_table.columns[i], kMaxCellBytes), m_strong);
        for (std::size_t row = 0; row < std::min(m_table.rows.size(), kLooked); ++row) {
            if (i < m_table.rows[row].size())
                m_widths[i] = std::max(
                    m_widths[i], PdfPage::widthOf(text(m_table.rows[row][i]), m_strong) +
                                     (m_table.rows[row][i].mark.empty() || isNumeric(i) ? 0 : 10));
        }
        m_widths[i] += 2 * kPad + 1;
    }
    const auto all = std::accumulate(m_widths.begin(), m_widths.end(), 0.0);
    if (all <= PdfPage::kContent) {
        if (columns > 0)
            m_widths[0] += PdfPage::kContent - all;
        return;
    }
    // What is above an equal share gives way, the widest first.
    double low = 0, high = PdfPage::kContent;
    for (int i = 0; i < 40; ++i) {
        const auto most = (low + high) / 2;
        double sum = 0;
        for (const auto width : m_widths)
            sum += std::min(width, most);
        (sum > PdfPage::kContent ? high : low) = most;
    }
    for (auto &width : m_widths)
        width = std::min(width, low);
}

double TableWriter::headHeight() const
{
    double out = 0;
    for (std::size_t i = 0; i < m_table.columns.size(); ++i)
        out = std::max(out, PdfPage::heightOf(shownText(m_table.columns[i], kMaxCellBytes),
                                              m_strong, m_widths[i] - 2 * kPad, kSpacing));
    return out + 2 * kPad;
}

void TableWriter::head()
{
    const auto &p = palette(Theme::Print);
    const auto height = headHeight();
    m_page.fill(PdfPage::kLeft, m_page.y(), PdfPage::kContent, height, p.surface2);
    double left = PdfPage::kLeft;
    for (std::size_t i = 0; i < m_table.columns.size(); ++i) {
        m_page.textAt(shownText(m_table.columns[i], kMaxCellBytes), m_strong, p.text2, left + kPad,
                      m_page.y() + kPad, m_widths[i] - 2 * kPad, isNumeric(i), kSpacing);
        left += m_widths[i];
    }
    m_page.moveDown(height);
    m_page.line(PdfPage::kLeft, m_page.y(), PdfPage::kContent, p.border);
}

void TableWriter::write(const std::vector<ReportCell> &row)
{
    const auto &p = palette(Theme::Print);
    double height = 0;
    const auto columns = std::min(row.size(), m_widths.size());
    for (std::size_t i = 0; i < columns; ++i)
        height = std::max(
            height, PdfPage::heightOf(text(row[i]), m_font, m_widths[i] - 2 * kPad, kSpacing));
    height += 2 * kPad;
    if (height > m_page.room()) {
        m_page.newPage();
        head();
    }
    double left = PdfPage::kLeft;
    for (std::size_t i = 0; i < columns; ++i) {
        const auto mark = knownMark(row[i].mark);
        const auto inner = m_widths[i] - 2 * kPad;
        if (!isNumeric(i) && !mark.empty() &&
            PdfPage::widthOf(text(row[i]), PdfPage::font(7, true)) + 9 <= inner) {
            writeChip(m_page, mark, text(row[i]), left + kPad, m_page.y() + kPad - 0.5);
        } else {
            const bool telling = mark == "improved" || mark == "regressed";
            const auto color = mark.empty() ? p.text1 : telling ? colorsOf(mark).text : p.text3;
            m_page.textAt(text(row[i]), telling ? m_strong : m_font, color, left + kPad,
                          m_page.y() + kPad, inner, isNumeric(i), kSpacing);
        }
        left += m_widths[i];
    }
    m_page.moveDown(height);
    m_page.line(PdfPage::kLeft, m_page.y(), PdfPage::kContent, p.border, 0.4);
}

} // namespace

void writeTable(PdfPage &page, const ReportTable &table)
{
    TableWriter(page, table).write();
}

double writeChip(PdfPage &page, std::string_view mark, const QString &words, double left,
                 double top, double size)
{
    const auto colors = colorsOf(mark);
    const auto font = PdfPage::font(size, true);
    const auto width = PdfPage::widthOf(words, font) + 9;
    page.fill(left, top, width, size * 1.6, colors.ground, size * 0.8);
    page.textAt(words, font, colors.text, left + 4.5, top + size * 0.2, width, false, 1.2);
    return width;
}

} // namespace flamewright
