#include "app/present/pdf_page.h"

#include "capture/base/capture_text.h"
#include "views/paint/paint_qt.h"

#include <QFontMetricsF>
#include <QTextLayout>
#include <QTextOption>

#include <cmath>
#include <utility>

namespace flamewright {
namespace {

// Metrics of fonts are those of a device with one pixel for a tenth of a point: letters of the
// pages are as wide as they are measured.
constexpr double kFine = 10;

QTextOption wrapping(bool right)
{
    QTextOption option(right ? Qt::AlignRight : Qt::AlignLeft);
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    return option;
}

// f(line, top): the lines of a text; returns the height of all of them, in tenths of a point.
template <class F>
double eachLine(const QString &text, const QFont &font, double width, double lineSpacing,
                bool right, F f)
{
    QTextLayout layout(text, font);
    layout.setTextOption(wrapping(right));
    layout.setCacheEnabled(true);
    const auto height = QFontMetricsF(font).height() / 1.21 * lineSpacing; // as of the size
    double top = 0;
    layout.beginLayout();
    for (;;) {
        auto line = layout.createLine();
        if (!line.isValid())
            break;
        line.setLineWidth(width * kFine);
        line.setPosition({0, 0});
        f(line, top);
        top += height;
    }
    layout.endLayout();
    return top;
}

} // namespace

QString shownText(std::string_view text, std::size_t maxBytes)
{
    const auto shown = CaptureText(text).toDisplay(maxBytes);
    return QString::fromUtf8(shown.data(), static_cast<qsizetype>(shown.size()));
}

PdfPage::PdfPage(QPdfWriter *writer, QString runningTitle, int pages)
    : m_writer(writer),
      m_runningTitle(std::move(runningTitle)),
      m_pages(pages)
{}

bool PdfPage::begin()
{
    if (m_writer == nullptr)
        return true;
    if (!m_painter.begin(m_writer))
        return false;
    furniture();
    return true;
}

void PdfPage::end()
{
    if (m_writer != nullptr)
        m_painter.end();
}

void PdfPage::newPage()
{
    if (m_writer != nullptr)
        m_writer->newPage();
    ++m_page;
    m_y = kTop;
    furniture();
}

// Running title and page number. The first page has its title already.
void PdfPage::furniture()
{
    if (m_writer == nullptr)
        return;
    m_painter.resetTransform();
    m_painter.scale(m_writer->resolution() / 72.0, m_writer->resolution() / 72.0);
    const auto &colors = palette(Theme::Print);
    const auto small = font(8);
    if (m_page > 1) {
        const auto cut = QFontMetricsF(small).elidedText(m_runningTitle, Qt::ElideRight,
                                                         (kContent - 80) * kFine);
        textAt(cut, small, colors.text3, kLeft, 34, kContent - 80);
        line(kLeft, 50, kContent, colors.border, 0.4);
    }
    textAt(QStringLiteral("Flamewright"), small, colors.text3, kLeft, kHeight - 40, 200);
    textAt(QStringLiteral("%1 / %2").arg(m_page).arg(m_pages), small, colors.text3,
           kWidth - kLeft - 100, kHeight - 40, 100, true);
}

QFont PdfPage::font(double points, bool strong)
{
    auto out = qtFont(strong ? FontRole::Strong : FontRole::Body);
    out.setPixelSize(static_cast<int>(std::lround(points * kFine)));
    // Letter by letter: the contextual forms of Inter ("10:00", "-74") are glyphs that cannot be
    // searched for or copied.
    out.setStyleStrategy(QFont::PreferNoShaping);
    return out;
}

double PdfPage::widthOf(const QString &text, const QFont &font)
{
    return QFontMetricsF(font).horizontalAdvance(text) / kFine;
}

double PdfPage::heightOf(const QString &text, const QFont &font, double width, double lineSpacing)
{
    return eachLine(text, font, width, lineSpacing, false, [](QTextLine &, double) {}) / kFine;
}

double PdfPage::paragraph(const QString &text, const QFont &font, Rgba color, double left,
                          double width, double lineSpacing)
{
    const auto lineHeight = QFontMetricsF(font).height() / 1.21 * lineSpacing / kFine;
    const auto height =
        eachLine(text, font, width, lineSpacing, false, [&](QTextLine &line, double) {
            need(lineHeight);
            if (auto *p = painter()) {
                p->save();
                p->translate(left, m_y);
                p->scale(1 / kFine, 1 / kFine);
                p->setPen(toQt(color));
                line.draw(p, {0, 0});
                p->restore();
            }
            m_y += lineHeight;
        });
    return height / kFine;
}

void PdfPage::textAt(const QString &text, const QFont &font, Rgba color, double left, double top,
                     double width, bool right, double lineSpacing)
{
    auto *p = painter();
    if (p == nullptr)
        return;
    p->save();
    p->translate(left, top);
    p->scale(1 / kFine, 1 / kFine);
    p->setPen(toQt(color));
    eachLine(text, font, width, lineSpacing, right, [&](QTextLine &line, double y) {
        line.draw(p, {0, y});
    });
    p->restore();
}

void PdfPage::fill(double left, double top, double width, double height, Rgba color, double radius)
{
    auto *p = painter();
    if (p == nullptr)
        return;
    p->setPen(Qt::NoPen);
    p->setBrush(toQt(color));
    const QRectF area(left, top, width, height);
    if (radius > 0)
        p->drawRoundedRect(area, radius, radius);
    else
        p->drawRect(area);
}

void PdfPage::line(double left, double top, double width, Rgba color, double thickness)
{
    auto *p = painter();
    if (p == nullptr)
        return;
    p->setPen(QPen(toQt(color), thickness));
    p->drawLine(QPointF(left, top), QPointF(left + width, top));
}

} // namespace flamewright
