#include "analysis/span_sequence.h"

#include <queue>

#include <algorithm>
#include <functional>
#include <tuple>

namespace flamewright {
namespace {

std::vector<std::uint32_t> greedy(const SpanRows &rows, const std::vector<std::uint32_t> &order,
                                  std::int64_t step)
{
    std::vector<std::uint32_t> out;
    std::int64_t free = INT64_MIN;
    for (const auto row : order) {
        const auto begin = rows.begin[row];
        const auto start = std::max(free, begin);
        if (start > saturatingAdd(begin, step - 1))
            continue;
        free = saturatingAdd(start, rows.length[row]);
        out.push_back(row);
    }
    return out;
}

} // namespace

std::vector<std::int64_t> clockSteps(const SpanRows &rows)
{
    constexpr std::int64_t kMilli = 1'000'000, kMicro = 1'000;
    std::vector<std::int64_t> out(rows.services.size(), kMilli);
    for (std::size_t row = 0; row < rows.size(); ++row) {
        auto &step = out[rows.service[row]];
        if (rows.begin[row] % step == 0)
            continue;
        step = rows.begin[row] % kMicro == 0 ? kMicro : 1;
    }
    return out;
}

std::vector<std::uint32_t> inSequence(const SpanRows &rows, std::span<const std::uint32_t> spans,
                                      std::int64_t step)
{
    std::vector<std::uint32_t> order(spans.begin(), spans.end());
    // What ends first leaves most room for the others.
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        return std::pair(rows.endOf(a), rows.begin[a]) < std::pair(rows.endOf(b), rows.begin[b]);
    });
    auto out = greedy(rows, order, step);
    if (step <= 1 || out.size() == order.size())
        return out;
    // Ends are not exact either where begins are not.
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        return std::pair(rows.begin[a], rows.length[a]) < std::pair(rows.begin[b], rows.length[b]);
    });
    auto other = greedy(rows, order, step);
    return other.size() > out.size() ? other : out;
}

std::uint64_t mostAtOnce(const SpanRows &rows, std::span<const std::uint32_t> spans,
                         std::int64_t step)
{
    std::priority_queue<std::int64_t, std::vector<std::int64_t>, std::greater<>> ends;
    std::uint64_t out = 0;
    for (const auto row : spans) {
        const auto begin = saturatingAdd(rows.begin[row], step - 1);
        while (!ends.empty() && ends.top() <= begin)
            ends.pop();
        if (rows.endOf(row) > begin)
            ends.push(rows.endOf(row));
        out = std::max<std::uint64_t>(out, ends.size());
    }
    return out;
}

} // namespace flamewright
