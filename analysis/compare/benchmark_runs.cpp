#include "analysis/compare/benchmark_runs.h"

#include <algorithm>

namespace flamewright {

std::size_t BenchmarkRunsBuilder::indexOf(CaptureId capture, const BenchmarkColumns &rows,
                                          std::size_t row, const StringTable &strings)
{
    const auto [known, unseen] =
        m_byIds.try_emplace({capture.raw, rows.name[row].raw, rows.metric[row].raw,
                             rows.unit[row].raw, rows.labels[row].raw},
                            m_runs.size());
    if (!unseen)
        return known->second;
    const auto text = [&](StringId id) { return std::string(strings.text(id)); };
    const auto unit = benchmarkUnit(strings.text(rows.unit[row]));
    const auto [found, first] = m_byText.try_emplace(
        {text(rows.name[row]), text(rows.metric[row]), text(rows.labels[row]), unit.base},
        m_runs.size());
    known->second = found->second;
    if (first) {
        BenchmarkRuns added;
        added.name = text(rows.name[row]);
        added.metric = text(rows.metric[row]);
        added.labels = text(rows.labels[row]);
        added.unit = {unit.base, 1, unit.binary};
        m_runs.push_back(std::move(added));
        m_processes.emplace_back();
    }
    return known->second;
}

void BenchmarkRunsBuilder::add(CaptureId capture, const BenchmarkColumns &rows,
                               const StringTable &strings)
{
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows.statistic[i].raw != 0) {
            m_computed.emplace(strings.text(rows.name[i]), strings.text(rows.metric[i]));
            continue;
        }
        const auto index = indexOf(capture, rows, i, strings);
        auto &runs = m_runs[index];
        runs.values.push_back(rows.value[i] * benchmarkUnit(strings.text(rows.unit[i])).factor);
        runs.failed += rows.ok[i] == 0 ? 1 : 0;
        m_processes[index].emplace(capture.raw, rows.run[i]);
    }
}

std::vector<BenchmarkRuns> BenchmarkRunsBuilder::finish()
{
    for (std::size_t i = 0; i < m_runs.size(); ++i)
        m_runs[i].processes = static_cast<std::uint32_t>(m_processes[i].size());
    for (const auto &one : m_runs)
        m_computed.erase({one.name, one.metric});
    m_processes.clear();
    m_byText.clear();
    m_byIds.clear();
    return std::exchange(m_runs, {});
}

std::vector<std::string> BenchmarkRunsBuilder::onlyComputed() const
{
    std::vector<std::string> out;
    for (const auto &[name, metric] : m_computed)
        out.push_back(name + " (" + metric + ")");
    return out;
}

} // namespace flamewright
