#pragma once

#include "views/scene/geometry.h"
#include "views/scene/theme.h"

#include <QFont>
#include <QPainter>
#include <QPdfWriter>
#include <QString>

#include <string_view>

namespace flamewright {

// Where a report is written, in units of a point (1/72 inch) from the left top of an A4 page: from
// the top down, with a new page when there is no room. On the first of two passes nothing is
// painted: it finds out on which page what will be.
class PdfPage {
public:
    static constexpr double kWidth = 595.28, kHeight = 841.89;
    static constexpr double kLeft = 51, kTop = 62, kBottom = 62;
    static constexpr double kContent = kWidth - 2 * kLeft;

    // `writer` is nullptr on the pass that only measures.
    PdfPage(QPdfWriter *writer, QString runningTitle, int pages);

    double y() const { return m_y; }
    void moveDown(double by) { m_y += by; }
    void moveTo(double y) { m_y = y; }
    int page() const { return m_page; }
    double room() const { return kHeight - kBottom - m_y; }
    // A new page unless so much fits.
    void need(double height)
    {
        if (height > room() && m_y > kTop)
            newPage();
    }
    void newPage();

    // nullptr while measuring.
    QPainter *painter() { return m_writer == nullptr ? nullptr : &m_painter; }
    bool begin();
    void end();

    static QFont font(double points, bool strong = false);
    // Lines of text within `width`, broken anywhere if they must be; broken over pages. Returns the
    // height.
    double paragraph(const QString &text, const QFont &font, Rgba color, double left, double width,
                     double lineSpacing = 1.4);
    static double heightOf(const QString &text, const QFont &font, double width,
                           double lineSpacing = 1.4);
    // One paragraph that stays together, at a place.
    void textAt(const QString &text, const QFont &font, Rgba color, double left, double top,
                double width, bool right = false, double lineSpacing = 1.4);
    void fill(double left, double top, double width, double height, Rgba color, double radius = 0);
    void line(double left, double top, double width, Rgba color, double thickness = 0.6);
    // What leads to a page when clicked: see PdfOutline.
    static double widthOf(const QString &text, const QFont &font);

private:
    void furniture();

    QPdfWriter *m_writer;
    QPainter m_painter;
    QString m_runningTitle;
    int m_pages, m_page = 1;
    double m_y = kTop;
};

// Text of captures, made visible.
QString shownText(std::string_view text, std::size_t maxBytes = 4096);

} // namespace flamewright
