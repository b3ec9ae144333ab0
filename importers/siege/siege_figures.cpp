#include "importers/siege/siege_figures.h"

#include "importers/load/unit_text.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <string>

namespace flamewright {

struct SiegeFigure {
    std::string_view name; // as in the JSON; of the text in lower case with blanks
    std::string_view metric;
    SummaryFigure figure;
    Unit unit;
    double factor;
    std::string_view subset = {};
};

namespace {

constexpr std::size_t kMaxKept = 1000;

// Seconds, unless the text says "ms". Sizes are of 1024 * 1024 bytes.
constexpr SiegeFigure kFigures[] = {
    {"transactions", "latency", SummaryFigure::Count, Unit::Count, 1},
    {"availability", "availability", SummaryFigure::Last, Unit::Ratio, 0.01},
    {"data_transferred", "bytes received", SummaryFigure::Sum, Unit::Bytes, 0x1p20},
    {"response_time", "latency", SummaryFigure::Mean, Unit::Nanoseconds, 1e9},
    {"transaction_rate", "latency", SummaryFigure::Rate, Unit::Count, 1},
    {"throughput", "bytes received", SummaryFigure::Rate, Unit::Bytes, 0x1p20},
    {"concurrency", "concurrency", SummaryFigure::Mean, Unit::Count, 1},
    {"successful_transactions", "latency", SummaryFigure::Count, Unit::Count, 1, "ok"},
    {"failed_transactions", "latency", SummaryFigure::Failed, Unit::Count, 1},
    {"longest_transaction", "latency", SummaryFigure::Max, Unit::Nanoseconds, 1e9},
    {"shortest_transaction", "latency", SummaryFigure::Min, Unit::Nanoseconds, 1e9}};

// The name as in the JSON, and what stands behind the colon.
std::pair<std::string, std::string_view> split(std::string_view text)
{
    const auto colon = text.find(':');
    if (colon == text.npos)
        return {};
    std::string name;
    for (const auto c : text.substr(0, colon)) {
        if (c == ' ' && !name.empty())
            name += '_';
        else if (std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_')
            name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    auto value = text.substr(colon + 1);
    value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
    return {name, value};
}

} // namespace

bool SiegeFigures::line(std::string_view text)
{
    // Not a structured binding: clang 14 cannot capture one.
    const auto parts = split(text);
    const auto &name = parts.first;
    const auto value = parts.second;
    if (name.empty())
        return false;
    const auto number = parseDouble(value.substr(0, value.find_first_of(" ,\t\r}")));
    if (!number)
        return false;
    if (name == "elapsed_time") {
        m_length = Duration{static_cast<std::int64_t>(std::clamp(*number, 0.0, 1e9) * 1e9)};
        return true;
    }
    const auto *const found =
        std::ranges::find_if(kFigures, [&](const SiegeFigure &one) { return one.name == name; });
    if (found == std::end(kFigures))
        return false;
    const bool millis = found->unit == Unit::Nanoseconds && value.find(" ms") != value.npos;
    if (m_kept.size() < kMaxKept)
        m_kept.push_back({found, *number * (millis ? 1e6 : found->factor)});
    return true;
}

std::uint64_t SiegeFigures::finish()
{
    for (const auto &kept : m_kept)
        m_out.add({.metric = kept.figure->metric,
                   .subset = kept.figure->subset,
                   .unit = kept.figure->unit,
                   .length = m_length,
                   .method = "siege"},
                  kept.figure->figure, kept.value);
    m_kept.clear();
    return m_out.written();
}

bool headHasSiegeKeys(std::string_view head)
{
    return head.find("\"transactions\":") != head.npos &&
           head.find("\"availability\":") != head.npos &&
           head.find("\"longest_transaction\":") != head.npos;
}

} // namespace flamewright
