#include "analysis/omission_correction.h"

#include <algorithm>

namespace flamewright {
namespace {

std::uint64_t saturated(OmissionCorrection::Count count)
{
    return count > UINT64_MAX ? UINT64_MAX : static_cast<std::uint64_t>(count);
}

} // namespace

OmissionCorrection::OmissionCorrection(std::span<const ValueCount> values, std::int64_t interval)
    : m_interval(std::max<std::int64_t>(interval, 0)),
      m_values(values.begin(), values.end())
{
    std::sort(m_values.begin(), m_values.end(),
              [](const ValueCount &a, const ValueCount &b) { return a.value < b.value; });
    m_upTo.reserve(m_values.size());
    for (const auto &[value, count] : m_values)
        m_upTo.push_back(m_recorded += count);
    // Below twice the interval there is nothing between it and the value.
    m_firstLong = m_values.size();
    if (m_interval > 0) {
        const auto it =
            std::partition_point(m_values.begin(), m_values.end(), [&](const ValueCount &v) {
                return v.value < m_interval || v.value - m_interval < m_interval;
            });
        m_firstLong = static_cast<std::size_t>(it - m_values.begin());
    }
    for (auto i = m_firstLong; i < m_values.size(); ++i)
        m_added += Count{static_cast<std::uint64_t>(m_values[i].value / m_interval - 1)} *
                   m_values[i].count;
}

OmissionCorrection::Count OmissionCorrection::addedAtMost(std::int64_t value) const
{
    Count out = 0;
    if (value < m_interval)
        return out;
    for (auto i = m_firstLong; i < m_values.size(); ++i) {
        const auto [longest, count] = m_values[i];
        const auto last = longest / m_interval - 1; // longest - k * interval, k from 1 to here
        std::int64_t first = 1;
        if (longest > value)
            first = std::max<std::int64_t>((longest - value - 1) / m_interval + 1, 1);
        if (first <= last)
            out += Count{static_cast<std::uint64_t>(last - first + 1)} * count;
    }
    return out;
}

OmissionCorrection::Count OmissionCorrection::countAtMost(std::int64_t value) const
{
    const auto it = std::partition_point(m_values.begin(), m_values.end(),
                                         [&](const ValueCount &v) { return v.value <= value; });
    const auto below = static_cast<std::size_t>(it - m_values.begin());
    return (below == 0 ? Count{0} : m_upTo[below - 1]) + addedAtMost(value);
}

std::int64_t OmissionCorrection::percentile(unsigned perMyriad) const
{
    if (m_recorded == 0)
        return 0;
    // Whole ten-thousands first: the product of a count that is nearly 2^128 would not fit.
    const auto whole = total() / 10'000, rest = total() % 10'000;
    const auto rank = std::max<Count>(whole * perMyriad + (rest * perMyriad + 9'999) / 10'000, 1);
    // What is added can be less than all that was recorded, but not less than the interval.
    auto low = m_values.front().value, high = m_values.back().value;
    if (m_added > 0)
        low = std::min(low, m_interval);
    while (low < high) {
        const auto distance = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
        const auto middle =
            static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + distance / 2);
        if (countAtMost(middle) >= rank)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

double OmissionCorrection::mean() const
{
    if (m_recorded == 0)
        return 0;
    long double sum = 0;
    for (std::size_t i = 0; i < m_values.size(); ++i) {
        const auto count = static_cast<long double>(m_values[i].count);
        const auto value = static_cast<long double>(m_values[i].value);
        sum += value * count;
        if (i < m_firstLong)
            continue;
        const auto steps = static_cast<long double>(m_values[i].value / m_interval - 1);
        sum += count *
               (steps * value - static_cast<long double>(m_interval) * steps * (steps + 1) / 2);
    }
    return static_cast<double>(sum / static_cast<long double>(total()));
}

CorrectedLatency correctOmission(std::span<const std::int64_t> latencies, std::int64_t intervalNs)
{
    std::vector<std::int64_t> sorted(latencies.begin(), latencies.end());
    std::sort(sorted.begin(), sorted.end());
    std::vector<ValueCount> values;
    for (const auto latency : sorted) {
        if (values.empty() || values.back().value != latency)
            values.push_back({latency, 0});
        ++values.back().count;
    }
    return correctOmission(values, intervalNs);
}

CorrectedLatency correctOmission(std::span<const ValueCount> values, std::int64_t intervalNs)
{
    const OmissionCorrection correction(values, intervalNs);
    CorrectedLatency out;
    out.intervalNs = intervalNs;
    out.recorded = saturated(correction.recorded());
    out.added = saturated(correction.added());
    auto &latency = out.latency;
    latency.count = saturated(correction.total());
    if (values.empty())
        return out;
    latency.min = correction.percentile(0);
    latency.max = correction.percentile(10'000);
    latency.mean = correction.mean();
    for (std::size_t i = 0; i < kPercentiles.size(); ++i)
        latency.percentiles[i].value = correction.percentile(kPercentiles[i].perMyriad);
    return out;
}

} // namespace flamewright
