#pragma once

#include <QByteArray>
#include <QRectF>
#include <QString>

#include <cstddef>
#include <vector>

namespace flamewright {

struct PdfHeading {
    QString title;
    int page = 1;   // from 1
    double top = 0; // points from the top of the page
};

// An area of a page that leads to a heading.
struct PdfLink {
    int page = 1;
    QRectF area; // points from the left top
    std::size_t heading = 0;
};

struct PdfNavigation {
    std::vector<PdfHeading> headings;
    std::vector<PdfLink> links;
};

// A document of QPdfWriter with what that cannot make: an outline, which PDF readers show beside the
// pages, and links inside of the document. Appended as an update (ISO 32000-1, 7.5.6); where the
// document is built otherwise than expected it stays as it is.
QByteArray withNavigation(const QByteArray &document, const PdfNavigation &navigation);

} // namespace flamewright
