#pragma once

#include <cstdint>
#include <string_view>

namespace flamewright {

// Enums of OTLP, which JSON writes as numbers or as names. What nobody knows becomes a number that
// is out of range.
std::uint64_t otlpSpanKind(std::string_view text);    // 0..5
std::uint64_t otlpStatusCode(std::string_view text);  // 0..2
std::uint64_t otlpSeverity(std::string_view text);    // 0..24
std::uint64_t otlpTemporality(std::string_view text); // 0..2

// Saturating.
std::uint64_t otlpSum(std::uint64_t a, std::uint64_t b);

} // namespace flamewright
