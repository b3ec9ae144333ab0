#include "capture/base/capture_text.h"

#include "capture/base/utf8.h"

#include <algorithm>
#include <array>

namespace flamewright {
namespace {

constexpr int kMaxCombining = 4;
constexpr std::string_view kEllipsis = "\u2026";

void appendHex(std::string &out, char32_t value, int digits)
{
    constexpr std::string_view kHex = "0123456789ABCDEF";
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
        out += kHex[value >> shift & 15];
}

void appendCodePoint(std::string &out, char32_t code)
{
    out += "\u27e6U+";
    appendHex(out, code, code > 0xffff ? 6 : 4);
    out += "\u27e7";
}

// A byte that is not UTF-8, as \xNN.
void appendByte(std::string &out, char32_t byte)
{
    out += "\\x";
    appendHex(out, byte, 2);
}

// Calls put(code) for what may stand as it is and escape(step) for the rest.
template <class Put, class Escape>
void walk(std::string_view text, Put put, Escape escape)
{
    for (std::size_t i = 0; i < text.size();) {
        const auto step = decodeUtf8(text, i);
        if (step.valid && !isControl(step.code) && !isInvisibleFormat(step.code))
            put(step.code);
        else
            escape(step);
        i += step.size;
    }
}

} // namespace

std::string CaptureText::toDisplay(std::size_t maxBytes) const
{
    std::string out;
    out.reserve(std::min(m_bytes.size(), maxBytes) + 8);
    int combining = 0;
    for (std::size_t i = 0; i < m_bytes.size();) {
        if (out.size() >= maxBytes) {
            out += kEllipsis;
            break;
        }
        const auto step = decodeUtf8(m_bytes, i);
        i += step.size;
        combining = step.valid && isCombining(step.code) ? combining + 1 : 0;
        if (combining > kMaxCombining)
            continue;
        if (!step.valid)
            appendByte(out, step.code);
        else if (step.code < 0x20)
            appendUtf8(out, 0x2400 + step.code); // control pictures
        else if (step.code == 0x7f)
            appendUtf8(out, 0x2421);
        else if (isControl(step.code) || isInvisibleFormat(step.code))
            appendCodePoint(out, step.code);
        else
            appendUtf8(out, step.code);
    }
    return out;
}

std::string CaptureText::toHtml(std::size_t maxBytes) const
{
    std::string out;
    for (const char c : toDisplay(maxBytes)) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        case '\'': out += "&#39;"; break;
        default: out += c;
        }
    }
    return out;
}

std::string CaptureText::toTerminal() const
{
    std::string out;
    out.reserve(m_bytes.size());
    walk(
        m_bytes, [&](char32_t code) { appendUtf8(out, code); },
        [&](const Utf8Step &step) {
            if (!step.valid) {
                appendByte(out, step.code);
            } else if (step.code < 0x20 || step.code == 0x7f) {
                out += '^';
                out += static_cast<char>(step.code ^ 0x40);
            } else {
                appendCodePoint(out, step.code);
            }
        });
    return out;
}

std::string CaptureText::toCsv() const
{
    // What spreadsheets evaluate (CWE-1236), full-width forms included.
    const auto first = m_bytes.empty() ? Utf8Step{} : decodeUtf8(m_bytes, 0);
    constexpr std::array<char32_t, 11> kFormula{U'=',  U'+',   U'-',   U'@',   U'\t', U'\r',
                                                U'\0', 0xff1d, 0xff0b, 0xff0d, 0xff20};
    std::string text;
    if (!m_bytes.empty() && first.valid) {
        if (std::find(kFormula.begin(), kFormula.end(), first.code) != kFormula.end())
            text.push_back('\'');
    }
    for (const char c : m_bytes) {
        if (c != '\0')
            text += c;
    }
    if (text.find_first_of(",\"\r\n") == std::string::npos)
        return text;
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"')
            out += '"';
        out += c;
    }
    return out + '"';
}

std::string CaptureText::toFileName() const
{
    std::string out;
    for (const char c : m_bytes) {
        if (out.size() >= 120)
            break;
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
        if (plain && !(out.empty() && (c == '.' || c == '-')))
            out += c;
        else if (!out.empty() && out.back() != '_')
            out += '_';
    }
    while (!out.empty() && out.back() == '_')
        out.pop_back();
    return out.empty() ? "unnamed" : out;
}

std::string CaptureText::toJson() const
{
    std::string out = "\"";
    for (std::size_t i = 0; i < m_bytes.size();) {
        const auto step = decodeUtf8(m_bytes, i);
        i += step.size;
        const auto c = step.code;
        if (!step.valid) {
            out += "\uFFFD";
        } else if (c == '"' || c == '\\') {
            out += '\\';
            out += static_cast<char>(c);
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '\t') {
            out += "\\t";
        } else if (c > 0xffff && isInvisibleFormat(c)) { // a surrogate pair
            out += "\\u";
            appendHex(out, 0xd800 + ((c - 0x10000) >> 10), 4);
            out += "\\u";
            appendHex(out, 0xdc00 + (c & 0x3ff), 4);
        } else if (isControl(c) || c == '<' || c == '>' || c == '&' || isInvisibleFormat(c)) {
            out += "\\u";
            appendHex(out, c, 4);
        } else {
            appendUtf8(out, c);
        }
    }
    return out + '"';
}

} // namespace flamewright
