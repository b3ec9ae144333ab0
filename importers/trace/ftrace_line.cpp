#include "importers/trace/ftrace_line.h"

#include "importers/text/number_text.h"

#include <algorithm>
#include <charconv>

namespace flamewright::ftrace {
namespace {

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
constexpr std::int64_t kNanosPerMicro = 1'000;
constexpr std::size_t kMaxFlags = 16;
constexpr std::size_t kMaxHead = 512; // of a line: the task and the CPU, whatever else is printed

bool isSpace(char c)
{
    return c == ' ' || c == '\t';
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

std::optional<std::int32_t> number(std::string_view text)
{
    std::int32_t out = 0;
    const auto *const stop = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), stop, out);
    if (error != std::errc() || end != stop || text.empty() || out < 0)
        return std::nullopt;
    return out;
}

// "1224.147545": seconds as nanoseconds.
std::optional<std::int64_t> seconds(std::string_view text)
{
    const auto dot = text.find('.');
    const auto good = [](char c) { return isDigit(c) || c == '.'; };
    if (dot == std::string_view::npos || dot == 0 || dot + 1 == text.size() ||
        !std::all_of(text.begin(), text.end(), good) || text.find('.', dot + 1) != text.npos)
        return std::nullopt;
    return parseScaled(text, kNanosPerSecond);
}

std::string_view firstWord(std::string_view &text)
{
    text = trimmed(text);
    const auto end =
        static_cast<std::size_t>(std::find_if(text.begin(), text.end(), isSpace) - text.begin());
    const auto word = text.substr(0, end);
    text.remove_prefix(end);
    return word;
}

// "comm-tid (tgid)", "comm-tid". Threads that the kernel has no name for any more are "<...>".
bool takeTask(std::string_view text, EventLine &out)
{
    text = trimmed(text);
    if (text.ends_with(')')) {
        const auto open = text.rfind('(');
        if (open == std::string_view::npos)
            return false;
        const auto inside = trimmed(text.substr(open + 1, text.size() - open - 2));
        const auto dashes =
            std::all_of(inside.begin(), inside.end(), [](char c) { return c == '-'; });
        const auto tgid = number(inside);
        if (!tgid && (!dashes || inside.empty()))
            return false;
        out.tgid = tgid.value_or(-1);
        text = trimmed(text.substr(0, open));
    }
    const auto dash = text.rfind('-');
    if (dash == std::string_view::npos)
        return false;
    const auto tid = number(text.substr(dash + 1));
    if (!tid)
        return false;
    out.tid = *tid;
    out.comm = trimmed(text.substr(0, dash));
    if (out.comm == "<...>")
        out.comm = {};
    return true;
}

// "d.h3", "....", "dNh2.": the third says in which interrupt, if in any.
bool isFlags(std::string_view word)
{
    const auto good = [](char c) {
        return c == '.' || c == '#' || isDigit(c) || (c >= 'a' && c <= 'z') ||
               (c >= 'A' && c <= 'Z');
    };
    return word.size() >= 2 && word.size() <= kMaxFlags &&
           std::all_of(word.begin(), word.end(), good);
}

void takeFlags(std::string_view flags, EventLine &out)
{
    constexpr std::string_view kInInterrupt = "hsHzZ";
    out.inInterrupt = flags.size() > 2 && kInInterrupt.find(flags[2]) != std::string_view::npos;
}

bool isEventName(std::string_view name)
{
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return c == '_' || c == '-' || c == '.' || isDigit(c) || (c >= 'a' && c <= 'z') ||
               (c >= 'A' && c <= 'Z');
    });
}

// What follows the time: "event: args", or a function with its caller.
bool takeEvent(std::string_view text, EventLine &out)
{
    text = trimmed(text);
    const auto colon = text.find(':');
    if (colon != std::string_view::npos && isEventName(text.substr(0, colon))) {
        out.event = text.substr(0, colon);
        out.args = trimmed(text.substr(colon + 1));
        return true;
    }
    if (text.find(" <-") == std::string_view::npos)
        return false;
    out.event = "function";
    out.args = text;
    return true;
}

std::optional<EventLine> parseAfterCpu(std::string_view left, std::int32_t cpu,
                                       std::string_view right)
{
    EventLine out;
    out.cpu = cpu;
    auto word = firstWord(right);
    auto time = word.ends_with(':') ? seconds(word.substr(0, word.size() - 1)) : std::nullopt;
    if (!time && isFlags(word)) {
        takeFlags(word, out);
        word = firstWord(right);
        time = word.ends_with(':') ? seconds(word.substr(0, word.size() - 1)) : std::nullopt;
    }
    if (!time || !takeTask(left, out) || !takeEvent(right, out))
        return std::nullopt;
    out.timeNs = *time;
    return out;
}

// Format "latency": "    bash-22690     0d..2. 34727us!: sched_switch: ...", from the first event on.
std::optional<EventLine> parseLatencyLine(std::string_view line)
{
    for (auto at = line.find("us"); at != std::string_view::npos; at = line.find("us", at + 2)) {
        auto begin = at;
        while (begin > 0 && isDigit(line[begin - 1]))
            --begin;
        auto end = at + 2;
        if (begin == at || begin == 0 || !isSpace(line[begin - 1]) || end + 1 >= line.size())
            continue;
        ++end; // the mark of a long wait, or a space
        if (line[end] != ':')
            continue;
        auto left = trimmed(line.substr(0, begin));
        const auto space = left.find_last_of(" \t");
        const auto micros = parseInteger(line.substr(begin, at - begin));
        std::int64_t nanos = 0;
        if (space == std::string_view::npos || !micros ||
            __builtin_mul_overflow(*micros, kNanosPerMicro, &nanos))
            return std::nullopt;
        auto flags = left.substr(space + 1);
        const auto digits = static_cast<std::size_t>(
            std::find_if_not(flags.begin(), flags.end(), isDigit) - flags.begin());
        const auto cpu = number(flags.substr(0, digits));
        EventLine out;
        if (!cpu || !takeTask(left.substr(0, space), out) || !takeEvent(line.substr(end + 1), out))
            return std::nullopt;
        takeFlags(flags.substr(digits), out);
        out.cpu = *cpu;
        out.timeNs = nanos;
        return out;
    }
    return std::nullopt;
}

} // namespace

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && isSpace(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && (isSpace(text.back()) || text.back() == '\r'))
        text.remove_suffix(1);
    return text;
}

std::optional<std::string_view> between(std::string_view text, std::string_view begin,
                                        std::string_view end)
{
    const auto from = text.find(begin);
    if (from == std::string_view::npos)
        return std::nullopt;
    const auto rest = text.substr(from + begin.size());
    if (end.empty())
        return rest;
    const auto to = rest.find(end);
    if (to == std::string_view::npos)
        return std::nullopt;
    return rest.substr(0, to);
}

std::optional<EventLine> parseLine(std::string_view line)
{
    // A hostile line consists of brackets: the right one is near the beginning.
    const auto head = line.substr(0, kMaxHead);
    for (auto open = head.find('['); open != std::string_view::npos;
         open = head.find('[', open + 1)) {
        const auto close = head.find(']', open);
        if (close == std::string_view::npos)
            break;
        if (open == 0 || !isSpace(line[open - 1]))
            continue;
        const auto cpu = number(line.substr(open + 1, close - open - 1));
        if (!cpu)
            continue;
        if (auto out = parseAfterCpu(line.substr(0, open), *cpu, line.substr(close + 1)))
            return out;
    }
    return parseLatencyLine(line);
}

std::optional<std::int64_t> parseGraphDuration(std::string_view text)
{
    text = trimmed(text);
    while (!text.empty() && !isDigit(text.front()))
        text.remove_prefix(1);
    const auto space = text.find(' ');
    if (space == std::string_view::npos || trimmed(text.substr(space)) != "us")
        return std::nullopt;
    return parseScaled(text.substr(0, space), kNanosPerMicro);
}

std::optional<GraphLine> parseGraphLine(std::string_view line)
{
    const auto bar = line.find('|');
    if (bar == std::string_view::npos)
        return std::nullopt;
    const auto time = seconds(trimmed(line.substr(0, bar)));
    auto rest = line.substr(bar + 1);
    const auto paren = rest.find(')');
    if (!time || paren == std::string_view::npos)
        return std::nullopt;
    const auto cpu = number(trimmed(rest.substr(0, paren)));
    if (!cpu)
        return std::nullopt;
    rest.remove_prefix(paren + 1);
    GraphLine out;
    out.timeNs = *time;
    out.cpu = *cpu;
    auto next = rest.find('|');
    if (next == std::string_view::npos)
        return std::nullopt;
    EventLine task;
    if (takeTask(rest.substr(0, next), task)) {
        out.comm = task.comm;
        out.tid = task.tid;
        rest.remove_prefix(next + 1);
        next = rest.find('|');
        if (next == std::string_view::npos)
            return std::nullopt;
    }
    out.durationNs = parseGraphDuration(rest.substr(0, next));
    out.call = trimmed(rest.substr(next + 1));
    return out;
}

bool isGraphLineWithoutTime(std::string_view line)
{
    line = trimmed(line);
    const auto paren = line.find(')');
    return paren != std::string_view::npos && paren <= 5 && number(line.substr(0, paren)) &&
           line.find('|') != std::string_view::npos;
}

} // namespace flamewright::ftrace
