#pragma once

#include <QString>

#include <string_view>

namespace flamewright {

// One cell of tab-separated text for the clipboard: captured text made harmless as on the screen
// (which leaves neither tabs nor line breaks) but not shortened, and with a leading ' where
// CaptureText::toCsv() puts one, so that no spreadsheet takes it for a formula.
QString tsvCell(std::string_view captured);

} // namespace flamewright
