#include "analysis/operations.h"

#include "analysis/order_statistics.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>

namespace flamewright {

OperationIndex operationIndex(const SpanRows &rows)
{
    OperationIndex out;
    out.of.reserve(rows.size());
    std::unordered_map<std::uint64_t, std::uint32_t> numbers;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        const auto key = std::uint64_t{rows.service[row]} << 32 | rows.name[row];
        const auto fresh = static_cast<std::uint32_t>(out.keys.size());
        const auto [it, added] = numbers.try_emplace(key, fresh);
        if (added)
            out.keys.push_back({rows.service[row], rows.name[row]});
        out.of.push_back(it->second);
    }
    return out;
}

std::array<std::int64_t, 5> percentilesOf(std::span<const std::int64_t> lengths)
{
    std::array<std::int64_t, 5> out{};
    if (lengths.empty())
        return out;
    std::array<std::uint64_t, 5> ranks{};
    for (std::size_t i = 0; i < kSpanPercentiles.size(); ++i)
        ranks[i] = nearestRank(kSpanPercentiles[i], lengths.size());
    ranks.back() = lengths.size();
    const auto values = valuesAtRanks(lengths, ranks);
    std::copy(values.begin(), values.end(), out.begin());
    return out;
}

std::int64_t percentileOf(std::span<const std::int64_t> values, unsigned perMyriad)
{
    if (values.empty())
        return 0;
    const std::array ranks{nearestRank(perMyriad, values.size())};
    return valuesAtRanks(values, ranks).front();
}

OperationTable operationTable(const SpanRows &rows, const SpanForest &forest,
                              const OperationIndex &index)
{
    OperationTable out;
    out.spans = rows.size();
    std::vector<std::vector<std::int64_t>> lengths(index.size());
    out.operations.resize(index.size());
    std::vector<std::uint8_t> service(rows.services.size(), 0);
    for (std::uint32_t row = 0; row < rows.size(); ++row) {
        auto &operation = out.operations[index.of[row]];
        ++operation.count;
        operation.errors += rows.failed(row) ? 1 : 0;
        operation.totalNs = saturatingAdd(operation.totalNs, rows.length[row]);
        operation.selfNs = saturatingAdd(operation.selfNs, forest.self[row]);
        out.selfNs = saturatingAdd(out.selfNs, forest.self[row]);
        lengths[index.of[row]].push_back(rows.length[row]);
        service[rows.service[row]] = 1;
    }
    for (std::uint32_t trace = 0; trace < forest.traces(); ++trace)
        out.traces += forest.rootOf(trace) != kNoRow ? 1 : 0;
    out.services = static_cast<std::uint64_t>(std::count(service.begin(), service.end(), 1));
    const auto seconds =
        rows.empty()
            ? 0.0
            : (static_cast<double>(rows.begin.back()) - static_cast<double>(rows.begin.front())) /
                  1e9;
    for (std::size_t i = 0; i < index.size(); ++i) {
        auto &operation = out.operations[i];
        operation.key = index.keys[i];
        out.errors += operation.errors;
        if (seconds > 0)
            operation.ratePerSecond = static_cast<double>(operation.count) / seconds;
        const auto [p50, p90, p95, p99, max] = percentilesOf(lengths[i]);
        std::tie(operation.p50, operation.p90, operation.p95, operation.p99, operation.max) =
            std::tuple(p50, p90, p95, p99, max);
        if (out.selfNs > 0)
            operation.share =
                static_cast<double>(operation.selfNs) / static_cast<double>(out.selfNs);
    }
    std::stable_sort(out.operations.begin(), out.operations.end(),
                     [](const Operation &a, const Operation &b) {
                         return std::tuple(b.selfNs, b.count) < std::tuple(a.selfNs, a.count);
                     });
    return out;
}

} // namespace flamewright
