#include "analysis/benchmark_report.h"

#include <algorithm>

namespace flamewright {

std::size_t BenchmarkReportBuilder::groupOf(CaptureId capture, const BenchmarkColumns &rows,
                                            std::size_t row, const StringTable &strings)
{
    const bool computed = rows.statistic[row].raw != 0;
    const auto [known, unseen] =
        m_byIds.try_emplace({capture.raw, rows.name[row].raw, rows.metric[row].raw,
                             rows.unit[row].raw, rows.labels[row].raw, computed},
                            m_report.groups.size());
    if (!unseen)
        return known->second;
    const auto text = [&](StringId id) { return std::string(strings.text(id)); };
    const auto unit = benchmarkUnit(strings.text(rows.unit[row]));
    std::vector<std::string> key{std::to_string(capture.raw), text(rows.name[row]),
                                 text(rows.metric[row]), text(rows.labels[row])};
    // Relative statistics have no unit: they belong to the values that they are of.
    const auto [any, first] = m_groups.try_emplace(key, m_report.groups.size());
    key.push_back(unit.base);
    const auto own =
        m_groups.try_emplace(key, first || !computed ? m_report.groups.size() : any->second).first;
    known->second = own->second;
    if (own->second == m_report.groups.size()) {
        BenchmarkGroup added;
        added.capture = capture;
        added.name = text(rows.name[row]);
        added.metric = text(rows.metric[row]);
        added.labels = text(rows.labels[row]);
        added.unit = {unit.base, 1, unit.binary};
        m_report.groups.push_back(std::move(added));
        m_collected.emplace_back();
    }
    return own->second;
}

void BenchmarkReportBuilder::add(CaptureId capture, const BenchmarkColumns &rows,
                                 const StringTable &strings)
{
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto index = groupOf(capture, rows, i, strings);
        auto &group = m_report.groups[index];
        const auto unit = strings.text(rows.unit[i]);
        if (rows.statistic[i].raw == 0) {
            ++m_report.measured;
            m_collected[index].values.push_back(rows.value[i] * benchmarkUnit(unit).factor);
            m_collected[index].runs.push_back(rows.run[i]);
            group.failed += rows.ok[i] == 0 ? 1 : 0;
            continue;
        }
        ++m_report.computed;
        group.tool.push_back({std::string(strings.text(rows.statistic[i])),
                              std::string(strings.text(rows.method[i])), std::string(unit),
                              rows.value[i], rows.iterations[i]});
    }
}

BenchmarkReport BenchmarkReportBuilder::finish()
{
    // Captures, metrics and units with the medians of their benchmarks.
    std::vector<std::vector<double>> medians;
    for (std::size_t i = 0; i < m_report.groups.size(); ++i) {
        auto &group = m_report.groups[i];
        auto &collected = m_collected[i];
        std::sort(collected.values.begin(), collected.values.end());
        std::sort(collected.runs.begin(), collected.runs.end());
        group.summary = summarize(collected.values);
        group.runs = static_cast<std::uint32_t>(
            std::unique(collected.runs.begin(), collected.runs.end()) - collected.runs.begin());
        if (group.summary.count == 0)
            continue;
        auto mean = std::find_if(
            m_report.means.begin(), m_report.means.end(), [&](const BenchmarkMean &one) {
                return one.capture == group.capture && one.metric == group.metric &&
                       one.unit.base == group.unit.base;
            });
        if (mean == m_report.means.end()) {
            m_report.means.push_back({group.capture, group.metric, group.unit, 0, 0});
            medians.emplace_back();
            mean = m_report.means.end() - 1;
        }
        medians[static_cast<std::size_t>(mean - m_report.means.begin())].push_back(
            group.summary.median);
    }
    std::vector<BenchmarkMean> means;
    for (std::size_t i = 0; i < medians.size(); ++i) {
        const auto geometric = geometricMean(medians[i]);
        if (medians[i].size() < 2 || !geometric)
            continue;
        means.push_back(m_report.means[i]);
        means.back().geometric = *geometric;
        means.back().benchmarks = medians[i].size();
    }
    m_report.means = std::move(means);
    m_groups.clear();
    m_byIds.clear();
    m_collected.clear();
    return std::move(m_report);
}

} // namespace flamewright
