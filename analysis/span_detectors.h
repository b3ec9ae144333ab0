#pragma once

#include "analysis/span_findings.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// The detectors behind spanFindings(), a file each, and what they share.
namespace flamewright {

std::vector<SpanFinding> findNPlusOne(const SpanEvidence &evidence);
std::vector<SpanFinding> findSequentialCalls(const SpanEvidence &evidence);
std::vector<SpanFinding> findRetryStorms(const SpanEvidence &evidence);
std::vector<SpanFinding> findChattyServices(const SpanEvidence &evidence);
std::vector<SpanFinding> findFanOut(const SpanEvidence &evidence);
std::vector<SpanFinding> findSlowByAttribute(const SpanEvidence &evidence);
std::vector<SpanFinding> findQueueingDelay(const SpanEvidence &evidence);
std::vector<SpanFinding> findLockWaits(const SpanEvidence &evidence);

inline constexpr std::size_t kExampleSpans = 20; // of a finding

SpanFinding::Severity severityOf(double share);
// "POST /checkout in frontend". Names are cut to a readable length.
std::string operationName(const SpanRows &rows, OperationKey key);
std::string shortName(std::string_view name);
// 0 of nothing.
double shareOf(double part, double whole);

// What a database is asked, without numbers and texts: statements that differ in values only are
// the same. Spaces are joined.
std::string statementPattern(std::string_view statement);

// Statements of spans by pattern, where attributes have them.
class Statements {
public:
    explicit Statements(const SpanAttributes &attributes);
    // 0: none.
    std::uint32_t patternOf(std::uint32_t row) const;
    const std::string &text(std::uint32_t pattern) const { return m_texts[pattern]; }

private:
    const SpanAttribute *m_attribute = nullptr;
    std::vector<std::uint32_t> m_pattern; // by value of the attribute
    std::vector<std::string> m_texts{""};
};

} // namespace flamewright
