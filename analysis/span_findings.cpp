#include "analysis/span_findings.h"

#include "analysis/span_detectors.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace flamewright {
namespace {

constexpr double kWarning = 0.05, kCritical = 0.3;
constexpr std::size_t kShortName = 80; // bytes of a name in a sentence

constexpr std::array<std::string_view, 3> kStatementKeys{"db.query.text", "db.statement",
                                                         "sql.query"};

bool isWord(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isSpace(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

} // namespace

SpanFinding::Severity severityOf(double share)
{
    using Level = SpanFinding::Severity;
    return share >= kCritical  ? Level::Critical
           : share >= kWarning ? Level::Warning
                               : Level::Info;
}

std::string_view nameOf(SpanFinding::Severity severity)
{
    switch (severity) {
    case SpanFinding::Severity::Info: return "info";
    case SpanFinding::Severity::Warning: return "warning";
    case SpanFinding::Severity::Critical: return "critical";
    }
    return "info";
}

std::string shortName(std::string_view name)
{
    if (name.size() <= kShortName)
        return std::string(name);
    auto end = kShortName;
    while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xc0) == 0x80)
        --end; // not within a character
    return std::string(name.substr(0, end)) + "\u2026";
}

std::string operationName(const SpanRows &rows, OperationKey key)
{
    return shortName(rows.names[key.name]) + " in " + shortName(rows.services[key.service]);
}

double shareOf(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

std::string statementPattern(std::string_view statement)
{
    std::string out;
    for (std::size_t i = 0; i < statement.size();) {
        const char c = statement[i];
        if (isSpace(c)) {
            while (i < statement.size() && isSpace(statement[i]))
                ++i;
            if (!out.empty() && i < statement.size())
                out += ' ';
        } else if (c == '\'') {
            ++i; // two quotes are one quote of the text: two texts side by side, the same here
            while (i < statement.size() && statement[i] != '\'')
                ++i;
            i += i < statement.size() ? 1 : 0;
            if (!out.ends_with('?'))
                out += '?';
        } else if (isDigit(c)) {
            while (i < statement.size() && (isWord(statement[i]) || statement[i] == '.'))
                ++i;
            out += '?';
        } else if (isWord(c)) {
            while (i < statement.size() && isWord(statement[i]))
                out += statement[i++];
        } else {
            out += c;
            ++i;
        }
    }
    return out;
}

Statements::Statements(const SpanAttributes &attributes)
{
    for (const auto key : kStatementKeys) {
        m_attribute = attributes.find(key);
        if (m_attribute != nullptr)
            break;
    }
    if (m_attribute == nullptr)
        return;
    std::unordered_map<std::string, std::uint32_t> known;
    m_pattern.reserve(m_attribute->values.size());
    for (const auto &statement : m_attribute->values) {
        auto pattern = statementPattern(statement);
        const auto fresh = static_cast<std::uint32_t>(m_texts.size());
        const auto [it, added] = known.try_emplace(pattern, fresh);
        if (added)
            m_texts.push_back(std::move(pattern));
        m_pattern.push_back(it->second);
    }
}

std::uint32_t Statements::patternOf(std::uint32_t row) const
{
    if (m_attribute == nullptr)
        return 0;
    const auto value = m_attribute->valueOf(row);
    return value == SpanAttribute::kNone ? 0 : m_pattern[value];
}

std::vector<SpanFinding> spanFindings(const SpanEvidence &evidence)
{
    std::vector<SpanFinding> out;
    for (const auto detect :
         {findNPlusOne, findSequentialCalls, findRetryStorms, findChattyServices, findFanOut,
          findSlowByAttribute, findQueueingDelay, findLockWaits}) {
        auto found = detect(evidence);
        out.insert(out.end(), std::make_move_iterator(found.begin()),
                   std::make_move_iterator(found.end()));
    }
    std::stable_sort(out.begin(), out.end(), [](const SpanFinding &a, const SpanFinding &b) {
        return std::pair(a.severity, a.share) > std::pair(b.severity, b.share);
    });
    return out;
}

} // namespace flamewright
