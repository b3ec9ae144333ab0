#include "app/gui/tsv.h"

#include "capture/base/capture_text.h"
#include "capture/base/utf8.h"

#include <limits>

namespace flamewright {

QString tsvCell(std::string_view captured)
{
    if (captured.empty())
        return {};
    // One rule for what is a formula: that of CSV, asked with the character that decides.
    const auto first = captured.substr(0, decodeUtf8(captured, 0).size);
    const auto csv = CaptureText(first).toCsv();
    const bool marked = first != "'" && (csv.starts_with('\'') || csv.starts_with("\"'"));
    const auto text = CaptureText(captured).toDisplay(std::numeric_limits<std::size_t>::max() / 2);
    return (marked ? QStringLiteral("'") : QString()) + QString::fromStdString(text);
}

} // namespace flamewright
