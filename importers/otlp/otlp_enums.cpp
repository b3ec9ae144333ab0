#include "importers/otlp/otlp_enums.h"

#include "importers/text/number_text.h"

#include <array>
#include <iterator>

namespace flamewright {
namespace {

constexpr std::uint64_t kUnknown = 99;

template <std::size_t N>
std::uint64_t valueOf(std::string_view text, std::string_view prefix,
                      const std::array<std::string_view, N> &names)
{
    if (text.empty())
        return 0;
    if (text.front() >= '0' && text.front() <= '9')
        return parseUnsigned(text).value_or(kUnknown);
    if (!text.starts_with(prefix))
        return kUnknown;
    text.remove_prefix(prefix.size());
    for (std::size_t i = 0; i < N; ++i) {
        if (text == names[i])
            return i;
    }
    return kUnknown;
}

constexpr std::array<std::string_view, 6> kKinds{"UNSPECIFIED", "INTERNAL", "SERVER",
                                                 "CLIENT",      "PRODUCER", "CONSUMER"};
constexpr std::array<std::string_view, 3> kCodes{"UNSET", "OK", "ERROR"};
constexpr std::array<std::string_view, 3> kTemporalities{"UNSPECIFIED", "DELTA", "CUMULATIVE"};
constexpr std::array<std::string_view, 25> kSeverities{
    "UNSPECIFIED", "TRACE",  "TRACE2", "TRACE3", "TRACE4", "DEBUG",  "DEBUG2", "DEBUG3", "DEBUG4",
    "INFO",        "INFO2",  "INFO3",  "INFO4",  "WARN",   "WARN2",  "WARN3",  "WARN4",  "ERROR",
    "ERROR2",      "ERROR3", "ERROR4", "FATAL",  "FATAL2", "FATAL3", "FATAL4"};

} // namespace

std::uint64_t otlpSpanKind(std::string_view text)
{
    return valueOf(text, "SPAN_KIND_", kKinds);
}

std::uint64_t otlpStatusCode(std::string_view text)
{
    return valueOf(text, "STATUS_CODE_", kCodes);
}

std::uint64_t otlpSeverity(std::string_view text)
{
    return valueOf(text, "SEVERITY_NUMBER_", kSeverities);
}

std::uint64_t otlpTemporality(std::string_view text)
{
    return valueOf(text, "AGGREGATION_TEMPORALITY_", kTemporalities);
}

std::uint64_t otlpSum(std::uint64_t a, std::uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

} // namespace flamewright
