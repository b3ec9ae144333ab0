#include "importers/perf_script/script_lines.h"

#include <algorithm>
#include <charconv>

namespace flamewright::perfscript {
namespace {

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

bool isSpace(char c)
{
    return c == ' ' || c == '\t';
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isHexDigit(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

template <class T>
std::optional<T> number(std::string_view text, int base = 10)
{
    T out{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out, base);
    if (error != std::errc() || end != text.data() + text.size() || text.empty())
        return std::nullopt;
    return out;
}

// "1224.147545:" or with 9 digits; nanoseconds.
std::optional<std::int64_t> timeToken(std::string_view token)
{
    if (!token.ends_with(':'))
        return std::nullopt;
    token.remove_suffix(1);
    const auto dot = token.find('.');
    if (dot == std::string_view::npos || dot == 0)
        return std::nullopt;
    const auto fraction = token.substr(dot + 1);
    if (fraction.size() < 3 || fraction.size() > 9 ||
        !std::all_of(token.begin(), token.begin() + static_cast<std::ptrdiff_t>(dot), isDigit) ||
        !std::all_of(fraction.begin(), fraction.end(), isDigit))
        return std::nullopt;
    const auto seconds = number<std::int64_t>(token.substr(0, dot));
    auto nanos = number<std::int64_t>(fraction);
    if (!seconds || !nanos)
        return std::nullopt;
    for (auto digits = fraction.size(); digits < 9; ++digits)
        *nanos *= 10;
    std::int64_t out = 0;
    if (__builtin_mul_overflow(*seconds, kNanosPerSecond, &out) ||
        __builtin_add_overflow(out, *nanos, &out))
        return std::nullopt;
    return out;
}

// "[003]"
std::optional<std::int32_t> cpuToken(std::string_view token)
{
    if (token.size() < 3 || token.front() != '[' || token.back() != ']')
        return std::nullopt;
    return number<std::int32_t>(token.substr(1, token.size() - 2));
}

// Takes the last word off `text`.
std::string_view lastToken(std::string_view &text)
{
    text = trimmed(text);
    auto begin = text.size();
    while (begin > 0 && !isSpace(text[begin - 1]))
        --begin;
    const auto token = text.substr(begin);
    text = text.substr(0, begin);
    return token;
}

std::string_view firstToken(std::string_view &text)
{
    text = trimmed(text);
    std::size_t end = 0;
    while (end < text.size() && !isSpace(text[end]))
        ++end;
    const auto token = text.substr(0, end);
    text.remove_prefix(end);
    return token;
}

// "1234" or "1234/1235". Pids are 32 bits.
bool takeIds(std::string_view token, ScriptEvent &out)
{
    const auto slash = token.find('/');
    if (slash == std::string_view::npos) {
        const auto tid = number<std::int32_t>(token);
        out.tid = tid.value_or(-1);
        return tid.has_value();
    }
    const auto pid = number<std::int32_t>(token.substr(0, slash));
    const auto tid = number<std::int32_t>(token.substr(slash + 1));
    out.pid = pid.value_or(-1);
    out.tid = tid.value_or(-1);
    return pid && tid;
}

// What is before the time: comm, ids, cpu, and the flags of -F misc.
void parseLeft(std::string_view left, ScriptEvent &out)
{
    auto rest = left;
    auto token = lastToken(rest);
    const auto isFlag = [](char c) { return c >= 'A' && c <= 'Z'; };
    if (!token.empty() && token.size() <= 4 && std::all_of(token.begin(), token.end(), isFlag)) {
        auto before = rest;
        const auto previous = lastToken(before);
        if (cpuToken(previous) || takeIds(previous, out))
            token = lastToken(rest);
    }
    if (const auto cpu = cpuToken(token)) {
        out.cpu = *cpu;
        token = lastToken(rest);
    }
    out.pid = out.tid = -1;
    if (!takeIds(token, out)) {
        // No ids: all of it is the name.
        out.comm = trimmed(
            left.substr(0, static_cast<std::size_t>(token.data() - left.data()) + token.size()));
        return;
    }
    out.comm = trimmed(rest);
}

// What is after the time: period, event, and whatever else.
void parseRight(std::string_view right, ScriptEvent &out)
{
    auto rest = right;
    auto token = firstToken(rest);
    if (const auto period = number<std::uint64_t>(token); period && !rest.empty()) {
        auto after = rest;
        if (firstToken(after).ends_with(':')) {
            out.period = static_cast<std::int64_t>(
                std::min<std::uint64_t>(*period, static_cast<std::uint64_t>(INT64_MAX)));
            token = firstToken(rest);
        }
    }
    if (token.size() > 1 && token.ends_with(':')) {
        out.event = token.substr(0, token.size() - 1);
        out.rest = trimmed(rest);
    } else {
        out.rest = trimmed(right);
    }
}

// "java 19983 cycles:", as older tools print it: without a time.
std::optional<ScriptEvent> parseWithoutTime(std::string_view line)
{
    auto rest = trimmed(line);
    const auto last = lastToken(rest);
    if (last.size() < 2 || !last.ends_with(':'))
        return std::nullopt;
    ScriptEvent out;
    out.event = last.substr(0, last.size() - 1);
    auto token = lastToken(rest);
    auto before = rest;
    // "comm pid period event:" has two numbers.
    ScriptEvent scratch;
    auto probe = lastToken(before);
    if (number<std::int64_t>(token) && (cpuToken(probe) || takeIds(probe, scratch))) {
        out.period = number<std::int64_t>(token);
        token = lastToken(rest);
    }
    if (const auto cpu = cpuToken(token)) {
        out.cpu = *cpu;
        token = lastToken(rest);
    }
    if (!takeIds(token, out))
        return std::nullopt;
    out.comm = trimmed(rest);
    return out;
}

} // namespace

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (isSpace(text.front())))
        text.remove_prefix(1);
    while (!text.empty() && (isSpace(text.back()) || text.back() == '\r'))
        text.remove_suffix(1);
    return text;
}

std::optional<ScriptEvent> parseEventLine(std::string_view line)
{
    // The first word that can only be a time.
    for (auto colon = line.find(':'); colon != std::string_view::npos;
         colon = line.find(':', colon + 1)) {
        if (colon + 1 < line.size() && !isSpace(line[colon + 1]))
            continue;
        auto begin = colon;
        while (begin > 0 && !isSpace(line[begin - 1]))
            --begin;
        const auto time = timeToken(line.substr(begin, colon + 1 - begin));
        if (!time)
            continue;
        ScriptEvent out;
        out.timeNs = time;
        parseLeft(line.substr(0, begin), out);
        parseRight(line.substr(colon + 1), out);
        return out;
    }
    return parseWithoutTime(line);
}

std::optional<FrameLine> parseFrameLine(std::string_view line)
{
    auto rest = trimmed(line);
    std::size_t digits = 0;
    while (digits < rest.size() && isHexDigit(rest[digits]))
        ++digits;
    if (digits == 0 || digits > 16 || (digits < rest.size() && !isSpace(rest[digits])))
        return std::nullopt;
    FrameLine out;
    out.address = *number<std::uint64_t>(rest.substr(0, digits), 16);
    rest = trimmed(rest.substr(digits));
    if (rest.ends_with(')')) {
        // The group that the last parenthesis closes: "(/tmp/a (deleted))", but not "f(int)".
        int depth = 0;
        for (auto i = rest.size(); i-- > 0;) {
            depth += rest[i] == ')' ? 1 : rest[i] == '(' ? -1 : 0;
            if (depth != 0)
                continue;
            if (i == 0 || isSpace(rest[i - 1])) {
                out.dso = rest.substr(i + 1, rest.size() - i - 2);
                rest = trimmed(rest.substr(0, i));
            }
            break;
        }
    }
    if (out.dso == "inlined") {
        out.inlined = true;
        out.dso = {};
    } else if (out.dso == "[unknown]") {
        out.dso = {};
    }
    if (const auto plus = rest.rfind("+0x"); plus != std::string_view::npos && plus > 0) {
        const auto offset = rest.substr(plus + 3);
        if (!offset.empty() && std::all_of(offset.begin(), offset.end(), isHexDigit))
            rest = rest.substr(0, plus);
    }
    if (rest != "[unknown]")
        out.symbol = rest;
    return out;
}

std::optional<SourceLine> parseSourceLine(std::string_view line)
{
    const auto text = trimmed(line);
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0 || line.empty() || !isSpace(line.front()))
        return std::nullopt;
    const auto at = number<std::uint32_t>(text.substr(colon + 1));
    if (!at)
        return std::nullopt;
    return SourceLine{text.substr(0, colon), *at};
}

} // namespace flamewright::perfscript
