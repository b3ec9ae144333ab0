#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace flamewright {

inline constexpr std::size_t kMaxDisplayBytes = 4096;

// Text that came out of a capture: names chosen by whoever wrote the profiled program. It may
// hold control characters, markup, bidirectional overrides, a megabyte of combining marks or no
// valid UTF-8 at all. There is no way to show it but through one of these conversions.
class CaptureText {
public:
    explicit CaptureText(std::string_view utf8) : m_bytes(utf8) {}

    std::string_view bytes() const { return m_bytes; }

    // Plain UTF-8 for labels and canvases. C0, DEL, C1, bidi and zero-width characters and
    // unpaired bytes become visible escapes (U+241B, U+27E6 "U+202E" U+27E7); runs of combining
    // marks are cut after four; text over `maxBytes` is cut with an ellipsis.
    std::string toDisplay(std::size_t maxBytes = kMaxDisplayBytes) const;
    // toDisplay() with & < > " ' escaped: for HTML, SVG and rich-text tooltips.
    std::string toHtml(std::size_t maxBytes = kMaxDisplayBytes) const;
    // For a terminal: controls in caret notation (^[), bidi and zero-width escaped, whole length.
    std::string toTerminal() const;
    // One CSV cell by RFC 4180; text that a spreadsheet would take for a formula gets a leading '.
    std::string toCsv() const;
    // A file name: [A-Za-z0-9._-], at most 120 bytes, never empty, never beginning with . or -.
    std::string toFileName() const;
    // A JSON string literal with quotes; invalid bytes become U+FFFD; <, >, & and U+2028/2029 are
    // escaped so that it can stand in a script element.
    std::string toJson() const;

private:
    std::string_view m_bytes;
};

} // namespace flamewright
