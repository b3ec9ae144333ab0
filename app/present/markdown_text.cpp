#include "app/present/markdown_text.h"

#include "capture/base/capture_text.h"

namespace flamewright {
namespace {

// Keeps what is left and right of it from being read together.
constexpr std::string_view kNothing = "&#8203;";

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}
bool isAlphanumeric(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool isPunctuated(char c)
{
    return std::string_view("\\`*_[]|~$").find(c) != std::string_view::npos;
}

bool isListMark(char c)
{
    return c == '-' || c == '+';
}
bool isEnd(char c)
{
    return c == ' ' || c == '\0';
}

bool endsWithWww(std::string_view text)
{
    return text.size() >= 3 && (text[text.size() - 1] | 32) == 'w' &&
           (text[text.size() - 2] | 32) == 'w' && (text[text.size() - 3] | 32) == 'w';
}

} // namespace

std::string markdownText(std::string_view text, std::size_t maxBytes)
{
    const auto shown = CaptureText(text).toDisplay(maxBytes);
    std::string out;
    bool onlyDigits = true; // so far: "1." begins a list
    for (std::size_t i = 0; i < shown.size(); ++i) {
        const auto c = shown[i];
        const auto next = i + 1 < shown.size() ? shown[i + 1] : '\0';
        const bool first = out.empty();
        if (c == '<') {
            out += "&lt;";
        } else if (c == '>') {
            out += "&gt;";
        } else if (c == '&') {
            out += "&amp;";
        } else if (isPunctuated(c) || (first && isListMark(c) && (isEnd(next) || next == c)) ||
                   ((c == '.' || c == ')') && i > 0 && onlyDigits && isEnd(next)) ||
                   (c == '.' && endsWithWww(shown.substr(0, i))) || (c == ':' && next == '/')) {
            out += '\\';
            out += c;
        } else if (c == '#') {
            out += "\\#";
            if (isDigit(next))
                out += kNothing;
        } else if (c == '@' && isAlphanumeric(next)) {
            out += '@';
            out += kNothing;
        } else if (first && c == ' ') {
            continue; // four of them would be code
        } else {
            out += c;
        }
        onlyDigits = onlyDigits && isDigit(c);
    }
    return out;
}

} // namespace flamewright
