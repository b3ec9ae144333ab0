#pragma once

#include "app/present/pdf_page.h"
#include "app/present/report.h"

namespace flamewright {

// A table that goes on over pages, each with the heads of the columns.
void writeTable(PdfPage &page, const ReportTable &table);

// A word on a tinted ground; returns its width.
double writeChip(PdfPage &page, std::string_view mark, const QString &words, double left,
                 double top, double size = 7);

} // namespace flamewright
