#include "importers/callgrind/callgrind_lines.h"

#include "importers/text/number_text.h"

#include <algorithm>
#include <charconv>

namespace flamewright {
namespace {

constexpr std::size_t kMaxEvents = 256;
constexpr std::size_t kMaxPositions = 8;

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

// Takes the next word off; empty at the end.
std::string_view takeWord(std::string_view &rest)
{
    rest = trimmed(rest);
    const auto word = rest.substr(0, std::min(rest.find_first_of(" \t"), rest.size()));
    rest.remove_prefix(word.size());
    return word;
}

std::optional<std::uint64_t> parseNumber(std::string_view text)
{
    if (!text.starts_with("0x"))
        return parseUnsigned(text);
    text.remove_prefix(2);
    std::uint64_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out, 16);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return out;
}

} // namespace

std::optional<std::uint32_t> CallgrindLines::Names::resolve(std::string_view text, CostTable &table)
{
    const auto close = text.starts_with('(') ? text.find(')') : text.npos;
    const auto id = close == text.npos ? std::nullopt : parseUnsigned(text.substr(1, close - 1));
    if (!id)
        return table.text(text); // a name, which may begin with a bracket
    const auto rest = trimmed(text.substr(close + 1));
    if (!rest.empty())
        return m_known[*id] = table.text(rest);
    const auto known = m_known.find(*id);
    return known == m_known.end() ? std::nullopt : std::optional(known->second);
}

std::uint32_t CallgrindLines::name(Names &names, std::string_view text, std::uint64_t offset)
{
    const auto out = names.resolve(trimmed(text), m_table);
    if (!out)
        m_sink.note(Severity::DataLoss, "callgrind_unknown_name", offset,
                    "a name is only a number, and no line before says which: " +
                        std::string(text.substr(0, 40)));
    return out.value_or(m_table.text("(unknown)"));
}

void CallgrindLines::badLine(std::string_view text, std::uint64_t offset)
{
    m_sink.note(Severity::DataLoss, "callgrind_bad_line", offset, text.substr(0, 80));
}

void CallgrindLines::setPositions(std::string_view names)
{
    m_positions = 0;
    m_hasLines = false;
    for (auto word = takeWord(names); !word.empty() && m_positions < kMaxPositions;
         word = takeWord(names)) {
        if (word == "line") {
            m_linePosition = m_positions;
            m_hasLines = true;
        }
        ++m_positions;
    }
    m_at.assign(m_positions, 0);
}

// A file may have several parts, each with its own events.
void CallgrindLines::setEvents(std::string_view names, std::uint64_t offset)
{
    const bool first = m_events.empty();
    m_column.clear();
    for (auto word = takeWord(names); !word.empty() && m_column.size() < kMaxEvents;
         word = takeWord(names)) {
        const auto known = std::find(m_events.begin(), m_events.end(), word);
        m_column.push_back(static_cast<std::size_t>(known - m_events.begin()));
        if (known == m_events.end() && first)
            m_events.emplace_back(word);
        else if (known == m_events.end())
            m_sink.note(Severity::DataLoss, "callgrind_new_event", offset,
                        "a later part has an event that the first has not: " +
                            std::string(word.substr(0, 40)));
    }
    if (first)
        m_table.setEvents(m_events.size());
}

std::vector<std::int64_t> CallgrindLines::numbers(std::string_view text)
{
    std::vector<std::int64_t> out;
    for (auto word = takeWord(text); !word.empty() && out.size() < kMaxEvents;
         word = takeWord(text))
        out.push_back(parseInteger(word).value_or(0));
    return out;
}

bool CallgrindLines::header(std::string_view text, std::uint64_t offset)
{
    const auto colon = text.find(':');
    if (colon == text.npos)
        return false;
    const auto key = text.substr(0, colon);
    const auto value = trimmed(text.substr(colon + 1));
    if (key == "events") {
        setEvents(value, offset);
    } else if (key == "positions") {
        setPositions(value);
    } else if (key == "totals") {
        m_totals = numbers(value);
    } else if (key == "summary") {
        // Of one part each.
        const auto part = numbers(value);
        m_summary.resize(std::max(m_summary.size(), part.size()));
        for (std::size_t i = 0; i < part.size(); ++i)
            m_summary[i] = saturatingAdd(m_summary[i], part[i]);
    } else if (key == "creator") {
        m_sink.provenance("tool", value);
    } else if (key == "cmd") {
        m_sink.provenance("command_line", value);
    } else if (key == "pid") {
        m_sink.provenance("pid", value);
    } else if (key == "part") {
        ++m_parts;
    } else if (key == "desc") {
        const auto second = value.find(':');
        if (second != value.npos)
            m_sink.provenance("callgrind " + std::string(trimmed(value.substr(0, second))),
                              trimmed(value.substr(second + 1)));
    } else if (key != "version" && key != "thread" && key != "event" && key != "frontend") {
        return false;
    }
    return true;
}

void CallgrindLines::callee(std::string_view text, std::uint64_t offset)
{
    m_called = m_table.function({.name = name(m_functions, text, offset),
                                 .file = m_calledFile.value_or(m_file),
                                 .object = m_calledObject.value_or(m_object)});
    m_calledFile.reset();
    m_calledObject.reset();
}

// "fn=(12) main" and the like.
bool CallgrindLines::specification(std::string_view text, std::uint64_t offset)
{
    const auto equals = text.find('=');
    if (equals == text.npos || equals > 5)
        return false;
    const auto key = text.substr(0, equals);
    const auto value = text.substr(equals + 1);
    if (key == "fn") {
        m_function = m_table.function(
            {.name = name(m_functions, value, offset), .file = m_file, .object = m_object});
    } else if (key == "fl" || key == "fi" || key == "fe") {
        m_file = name(m_files, value, offset);
    } else if (key == "ob") {
        m_object = name(m_objects, value, offset);
    } else if (key == "cfn") {
        callee(value, offset);
    } else if (key == "cfi" || key == "cfl") {
        m_calledFile = name(m_files, value, offset);
    } else if (key == "cob") {
        m_calledObject = name(m_objects, value, offset);
    } else if (key == "calls") {
        auto rest = value;
        m_calls = parseNumber(takeWord(rest));
        if (!m_calls)
            badLine(text, offset);
    } else if (key == "jump" || key == "jcnd") {
        m_jumped = true;
    } else if (key == "jfi") {
        name(m_files, value, offset);
    } else if (key == "jfn") {
        name(m_functions, value, offset);
    } else {
        return false;
    }
    return true;
}

bool CallgrindLines::positions(std::string_view &rest)
{
    for (std::size_t i = 0; i < m_positions; ++i) {
        const auto word = takeWord(rest);
        if (word == "*")
            continue;
        const bool relative = word.starts_with('+') || word.starts_with('-');
        const auto value = parseNumber(relative ? word.substr(1) : word);
        if (!value)
            return false;
        if (!relative)
            m_at[i] = *value;
        else
            m_at[i] += word.front() == '+' ? *value : 0 - *value;
    }
    return true;
}

// Events at the end of a line that are 0 may be left out.
bool CallgrindLines::costs(std::string_view rest)
{
    m_costs.assign(m_events.size(), 0);
    std::size_t column = 0;
    for (auto word = takeWord(rest); !word.empty(); word = takeWord(rest)) {
        const auto value = word.starts_with("0x") ? std::nullopt : parseInteger(word);
        if (!value || column >= m_column.size())
            return false;
        const auto event = m_column[column++];
        if (event < m_costs.size())
            m_costs[event] = *value;
    }
    return true;
}

void CallgrindLines::add(std::uint64_t offset)
{
    bool fits = true;
    if (m_calls) {
        if (m_called == CostTable::kNone)
            m_sink.note(Severity::DataLoss, "callgrind_no_function", offset,
                        "a call does not say what is called");
        else
            fits = m_table.addCall(m_function, m_called, *m_calls, m_costs);
    } else {
        const auto line = m_hasLines ? m_at[m_linePosition] : 0;
        fits = m_table.addSelf(m_function, m_file,
                               line <= UINT32_MAX ? static_cast<std::uint32_t>(line) : 0, m_costs);
    }
    if (!fits)
        m_sink.note(Severity::DataLoss, "callgrind_cost_saturated", offset,
                    "costs add up to more than 64 bits can hold");
}

void CallgrindLines::costLine(std::string_view text, std::uint64_t offset)
{
    auto rest = text;
    if (!positions(rest) || (!m_jumped && !costs(rest))) {
        badLine(text, offset);
    } else if (m_events.empty()) {
        badLine(text, offset);
    } else if (m_function == CostTable::kNone) {
        m_sink.note(Severity::DataLoss, "callgrind_no_function", offset,
                    "a cost belongs to no function");
    } else if (!m_jumped) {
        add(offset);
    }
    m_calls.reset();
    m_jumped = false;
}

void CallgrindLines::line(std::string_view text, std::uint64_t offset)
{
    text = trimmed(text);
    if (text.empty() || text.front() == '#')
        return;
    const auto c = text.front();
    if ((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '*') {
        costLine(text, offset);
        return;
    }
    if (m_calls) {
        m_sink.note(Severity::DataLoss, "callgrind_call_without_cost", offset,
                    "the line behind a call is not what it cost");
        m_calls.reset();
    }
    m_jumped = false;
    if (!specification(text, offset) && !header(text, offset))
        badLine(text, offset);
}

void CallgrindLines::finish(std::uint64_t offset)
{
    if (m_calls)
        m_sink.note(Severity::DataLoss, "callgrind_call_without_cost", offset,
                    "the file ends before what a call cost");
}

} // namespace flamewright
