#include "importers/hdr/percentile_rows.h"

#include "importers/load/unit_text.h"

#include <algorithm>

namespace flamewright {
namespace {

std::string_view takeField(std::string_view &rest)
{
    rest.remove_prefix(std::min(rest.find_first_not_of(", \t\""), rest.size()));
    const auto field = rest.substr(0, rest.find_first_of(", \t\"\r"));
    rest.remove_prefix(field.size());
    return field;
}

// The number behind `name` and an equals sign.
std::optional<double> named(std::string_view text, std::string_view name)
{
    const auto at = text.find(name);
    if (at == text.npos)
        return std::nullopt;
    auto rest = text.substr(at + name.size());
    const auto equals = rest.find('=');
    if (equals == rest.npos)
        return std::nullopt;
    rest = rest.substr(equals + 1);
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    return parseDouble(rest.substr(0, rest.find_first_of(",] ")));
}

} // namespace

bool PercentileRows::isHeader(std::string_view line)
{
    auto rest = line;
    return takeField(rest).starts_with("Value") && takeField(rest) == "Percentile" &&
           takeField(rest) == "TotalCount" && takeField(rest) == "1/(1-Percentile)";
}

std::optional<double> PercentileRows::nanosPerUnit(std::string_view header)
{
    auto rest = header;
    const auto name = takeField(rest);
    if (name.ends_with("(ms)"))
        return 1e6;
    if (name.ends_with("(us)"))
        return 1e3;
    if (name.ends_with("(ns)"))
        return 1.0;
    return std::nullopt;
}

bool PercentileRows::footer(std::string_view text)
{
    if (const auto mean = named(text, "#[Mean"))
        m_out.add(m_subject, SummaryFigure::Mean, *mean * m_nanosPerUnit);
    if (const auto deviation = named(text, "StdDeviation"))
        m_out.add(m_subject, SummaryFigure::Deviation, *deviation * m_nanosPerUnit);
    if (const auto max = named(text, "#[Max"))
        m_out.add(m_subject, SummaryFigure::Max, *max * m_nanosPerUnit);
    if (const auto count = named(text, "Total count"))
        m_out.count(m_subject, *count);
    m_finished = m_finished || text.starts_with("#[Buckets");
    return true;
}

bool PercentileRows::line(std::string_view text)
{
    if (text.find_first_not_of(" \t\r") == text.npos)
        return true;
    if (text.starts_with("#["))
        return footer(text);
    auto rest = text;
    const auto value = parseDouble(takeField(rest)), quantile = parseDouble(takeField(rest)),
               total = parseDouble(takeField(rest));
    if (!value || !quantile || !total || *quantile < 0 || *quantile > 1)
        return false;
    m_out.quantile(m_subject, *quantile, *value * m_nanosPerUnit);
    return true;
}

} // namespace flamewright
