#include "importers/trace/chrome_event.h"

#include "importers/text/number_text.h"
#include "importers/trace/json_scan.h"

#include <charconv>

namespace flamewright {
namespace {

using namespace json_scan;

constexpr std::uint64_t keyWord(std::string_view key)
{
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < key.size(); ++i)
        out |= std::uint64_t{static_cast<unsigned char>(key[i])} << 8 * i;
    return out;
}

// Of a key of at most eight characters, which all that matter have; 0: a longer one.
std::uint64_t wordOf(const char *p, std::size_t length)
{
    std::uint64_t out = 0;
    if (length > sizeof out)
        return 0;
    for (std::size_t i = 0; i < length; ++i)
        out |= std::uint64_t{static_cast<unsigned char>(p[i])} << 8 * i;
    return out;
}

// Fields are few and come in millions: a switch over the key, not a table of strings.
void setField(ChromeEvent &out, std::uint64_t key, std::string_view value, bool escaped)
{
    switch (key) {
    case keyWord("ph"): out.phase = value; break;
    case keyWord("name"):
        out.name = value;
        out.escapes = out.escapes || escaped;
        break;
    case keyWord("cat"):
        out.category = value;
        out.escapes = out.escapes || escaped;
        break;
    case keyWord("ts"): out.time = value; break;
    case keyWord("dur"): out.duration = value; break;
    case keyWord("tdur"): out.threadDuration = value; break;
    case keyWord("pid"): out.pid = value; break;
    case keyWord("tid"): out.tid = value; break;
    case keyWord("args"): out.args = value; break;
    case keyWord("id"): out.id = value; break;
    case keyWord("id2"): out.id2 = value; break;
    case keyWord("scope"): out.scope = value; break;
    case keyWord("bind_id"): out.bindId = value; break;
    case keyWord("bp"): out.bindingPoint = value; break;
    case keyWord("s"): out.instantScope = value; break;
    case keyWord("sf"): out.stackFrame = value; break;
    case keyWord("esf"): out.endStackFrame = value; break;
    case keyWord("stack"): out.stack = value; break;
    case keyWord("flow_in"): out.flowIn = value == "true"; break;
    case keyWord("flow_out"): out.flowOut = value == "true"; break;
    case keyWord("tts"):   // when on the thread's own clock: shown by nobody
    case keyWord("cname"): // a colour
    case keyWord("estack"): break;
    default: ++out.others;
    }
}

} // namespace

JsonPiece readChromeEvent(const char *p, const char *end, ChromeEvent &out, const char *&next)
{
    out = {};
    p = skipSpace(p + 1, end);
    while (p < end) {
        if (*p == '}') {
            next = p + 1;
            return JsonPiece::Whole;
        }
        if (*p != '"')
            return JsonPiece::Bad;
        bool escaped = false;
        const auto *const key = p + 1;
        const auto *const keyEnd = stringEnd(key, end, escaped);
        if (keyEnd == nullptr)
            return JsonPiece::NeedsMore;
        p = skipSpace(keyEnd + 1, end);
        if (p < end && *p != ':')
            return JsonPiece::Bad;
        p = skipSpace(p + 1, end);
        if (p >= end)
            return JsonPiece::NeedsMore;
        const auto word = wordOf(key, static_cast<std::size_t>(keyEnd - key));
        escaped = false;
        if (*p == '"') {
            const auto *const close = stringEnd(p + 1, end, escaped);
            if (close == nullptr)
                return JsonPiece::NeedsMore;
            setField(out, word, {p + 1, static_cast<std::size_t>(close - p - 1)}, escaped);
            p = close + 1;
        } else {
            bool spaces = false;
            const auto *const valueFrom = p;
            p = valueEnd(p, end, spaces);
            if (p == nullptr)
                return JsonPiece::NeedsMore;
            if (p == valueFrom)
                return JsonPiece::Bad;
            setField(out, word, {valueFrom, static_cast<std::size_t>(p - valueFrom)}, false);
        }
        p = skipSpace(p, end);
        if (p < end && *p == ',')
            p = skipSpace(p + 1, end);
        else if (p < end && *p != '}')
            return JsonPiece::Bad;
    }
    return JsonPiece::NeedsMore;
}

ChromeTime chromeTime(std::string_view text)
{
    // Digits, perhaps a dot and a few more: all that tools write in practice.
    constexpr std::size_t kSafeDigits = 18;
    std::size_t i = 0;
    std::int64_t ns = 0;
    while (i < text.size() && i < kSafeDigits && text[i] >= '0' && text[i] <= '9')
        ns = ns * 10 + (text[i++] - '0');
    if (i > 0 && ns < INT64_MAX / 1000) {
        ns *= 1000;
        if (i == text.size())
            return {ns, true};
        std::int64_t scale = 1000;
        if (text[i] == '.' && text.size() - i <= 4) {
            for (++i; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i)
                ns += (text[i] - '0') * (scale /= 10);
            if (i == text.size())
                return {ns, true};
        }
    }
    if (const auto exact = parseScaled(text, 1000))
        return {*exact, true};
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (end != text.data() + text.size() || text.empty() || error == std::errc::invalid_argument ||
        value != value)
        return {};
    // It is a number, and too large or, which from_chars calls the same, too small.
    if (error == std::errc::result_out_of_range && text.find("e-") != std::string_view::npos)
        return {0, true};
    return {text.front() == '-' ? INT64_MIN : INT64_MAX, true, true};
}

} // namespace flamewright
