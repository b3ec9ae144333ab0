#include "analysis/compare/compared_side.h"

#include "analysis/latency_report.h"

#include <algorithm>

namespace flamewright {
namespace {

constexpr double kNanosPerSecond = 1e9;
constexpr std::uint32_t kUnwanted = UINT32_MAX;

} // namespace

ComparedSide::ComparedSide(std::span<const LoadRows> runs) : m_runs(runs)
{
    const auto empty = [](const LoadRows &rows) { return rows.empty(); };
    if (std::any_of(runs.begin(), runs.end(), empty)) {
        std::copy_if(runs.begin(), runs.end(), std::back_inserter(m_kept), std::not_fn(empty));
        m_runs = m_kept;
    }
    for (const auto &rows : m_runs) {
        m_requests += rows.size();
        const auto time = requestTime(rows);
        m_seconds.push_back(time ? static_cast<double>(*time) / kNanosPerSecond : 0);
        m_allSeconds += m_seconds.back();
        if (const auto first = rows.firstTimed(); first < rows.size())
            m_tailSeconds +=
                m_seconds.back() -
                static_cast<double>(rows.begin.back() - rows.begin[first]) / kNanosPerSecond;
    }
    m_tailSeconds = std::max(m_tailSeconds, 0.0);
}

std::uint64_t ComparedSide::seed() const
{
    std::uint64_t out = 0x6c6f6164;
    const auto mix = [&](std::uint64_t value) { out = (out ^ value) * 0x100000001b3; };
    for (const auto &rows : m_runs) {
        mix(rows.size());
        for (std::size_t i = 0; i < rows.size(); i += rows.size() / 1000 + 1) {
            mix(static_cast<std::uint64_t>(rows.begin[i]));
            mix(static_cast<std::uint64_t>(rows.latency[i]));
        }
    }
    return out;
}

void ComparedSide::number(std::map<std::string, std::uint32_t, std::less<>> &ids)
{
    for (const auto &rows : m_runs) {
        auto &numbers = m_numbers.emplace_back();
        for (const auto &name : rows.groups)
            numbers.push_back(
                ids.try_emplace(name, static_cast<std::uint32_t>(ids.size())).first->second);
    }
}

std::vector<std::uint64_t> ComparedSide::countRequests(std::size_t endpoints) const
{
    std::vector<std::uint64_t> out(endpoints, 0);
    for (std::size_t r = 0; r < m_runs.size(); ++r) {
        for (const auto group : m_runs[r].group)
            ++out[m_numbers[r][group]];
    }
    return out;
}

std::vector<MeanCount> ComparedSide::sums(std::size_t endpoints) const
{
    std::vector<MeanCount> out(2 * endpoints);
    for (std::size_t r = 0; r < m_runs.size(); ++r) {
        const auto &rows = m_runs[r];
        for (std::size_t i = 0; i < rows.size(); ++i) {
            auto &of = out[2 * std::size_t{m_numbers[r][rows.group[i]]} + rows.failed[i]];
            ++of.count;
            of.sum += static_cast<double>(rows.latency[i]);
        }
    }
    return out;
}

std::vector<std::uint64_t> ComparedSide::slower(std::size_t endpoints, std::int64_t thanNs) const
{
    std::vector<std::uint64_t> out(endpoints, 0);
    for (std::size_t r = 0; r < m_runs.size(); ++r) {
        const auto &rows = m_runs[r];
        for (std::size_t i = 0; i < rows.size(); ++i)
            out[m_numbers[r][rows.group[i]]] += rows.latency[i] > thanNs ? 1 : 0;
    }
    return out;
}

void ComparedSide::sort(std::span<const std::uint32_t> wanted, std::size_t endpoints)
{
    std::vector<std::uint32_t> position(endpoints, kUnwanted);
    for (std::size_t i = 0; i < wanted.size(); ++i)
        position[wanted[i]] = static_cast<std::uint32_t>(i);
    for (std::size_t r = 0; r < m_runs.size(); ++r) {
        const auto &rows = m_runs[r];
        const auto of = [&](std::size_t i) { return position[m_numbers[r][rows.group[i]]]; };
        auto &order = m_orders.emplace_back();
        order.begins.assign(wanted.size() + 1, 0);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (of(i) != kUnwanted)
                ++order.begins[of(i) + 1];
        }
        for (std::size_t i = 1; i < order.begins.size(); ++i)
            order.begins[i] += order.begins[i - 1];
        order.rows.resize(order.begins.back());
        auto ends = order.begins;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (of(i) != kUnwanted)
                order.rows[ends[of(i)]++] = static_cast<std::uint32_t>(i);
        }
    }
}

EndpointSample ComparedSide::sample(std::optional<std::uint32_t> wanted) const
{
    std::vector<std::span<const std::uint32_t>> order;
    if (wanted) {
        for (const auto &one : m_orders)
            order.push_back(std::span(one.rows).subspan(
                one.begins[*wanted], one.begins[*wanted + 1] - one.begins[*wanted]));
    }
    return endpointSample(m_runs, *m_plan, order);
}

} // namespace flamewright
