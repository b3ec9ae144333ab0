#include "analysis/clock_skew.h"

#include "analysis/operations.h"
#include "analysis/span_sequence.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace flamewright {
namespace {

using Pair = std::pair<std::uint32_t, std::uint32_t>; // services: client, server

std::int64_t saturatingSub(std::int64_t a, std::int64_t b)
{
    std::int64_t out = 0;
    if (__builtin_sub_overflow(a, b, &out))
        return a < 0 ? INT64_MIN : INT64_MAX;
    return out;
}

bool isCall(const SpanRows &rows, const SpanForest &forest, std::uint32_t server)
{
    const auto client = forest.parent[server];
    return rows.kind[server] == SliceKind::SpanServer && client != kNoRow &&
           rows.kind[client] == SliceKind::SpanClient &&
           rows.service[client] != rows.service[server];
}

// Of a few bounds: lowest and highest difference that a call allows.
struct Bounds {
    std::int64_t low = 0, high = 0;
};

ServiceSkew skewOf(const Pair &pair, const std::vector<Bounds> &calls)
{
    ServiceSkew out{.client = pair.first, .server = pair.second};
    out.calls = calls.size();
    out.lowNs = INT64_MIN;
    out.highNs = INT64_MAX;
    std::vector<std::int64_t> middles;
    for (const auto &bounds : calls) {
        out.lowNs = std::max(out.lowNs, bounds.low);
        out.highNs = std::min(out.highNs, bounds.high);
        out.outside += bounds.low > 0 || bounds.high < 0 ? 1 : 0;
        middles.push_back(std::midpoint(bounds.low, bounds.high));
    }
    out.consistent = out.lowNs <= out.highNs;
    if (out.outside == 0) {
        out.offsetNs = 0;
    } else if (out.consistent) {
        // What is left of each call's network time is taken to be the same both ways.
        out.offsetNs = std::midpoint(out.lowNs, out.highNs);
    } else {
        out.offsetNs = percentileOf(middles, 5'000);
        out.lowNs = out.highNs = out.offsetNs;
    }
    return out;
}

template <class T>
void reorder(std::vector<T> &column, const std::vector<std::uint32_t> &order)
{
    std::vector<T> out;
    out.reserve(order.size());
    for (const auto row : order)
        out.push_back(column[row]);
    column = std::move(out);
}

} // namespace

std::vector<ServiceSkew> clockSkew(const SpanRows &rows, const SpanForest &forest)
{
    const auto steps = clockSteps(rows);
    std::map<Pair, std::vector<Bounds>> calls;
    for (std::uint32_t server = 0; server < rows.size(); ++server) {
        if (!isCall(rows, forest, server))
            continue;
        const auto client = forest.parent[server];
        if (rows.length[server] > rows.length[client])
            continue;
        // A begin may be up to a step later than it is written, on either side.
        const auto clientStep = steps[rows.service[client]] - 1;
        const auto serverStep = steps[rows.service[server]] - 1;
        const auto low = saturatingSub(rows.endOf(server), rows.endOf(client));
        const auto high = saturatingSub(rows.begin[server], rows.begin[client]);
        calls[{rows.service[client], rows.service[server]}].push_back(
            {saturatingSub(low, clientStep), saturatingAdd(high, serverStep)});
    }
    std::vector<ServiceSkew> out;
    for (const auto &[pair, bounds] : calls)
        out.push_back(skewOf(pair, bounds));
    return out;
}

SpanRows withoutSkew(const SpanRows &rows, const SpanForest &forest,
                     const std::vector<ServiceSkew> &skew, std::vector<std::uint32_t> *orderOut)
{
    std::map<Pair, std::int64_t> offsets;
    for (const auto &one : skew)
        offsets[{one.client, one.server}] = one.offsetNs;
    auto out = rows;
    std::vector<std::int64_t> ahead(rows.size(), 0); // of the root's clock
    for (const auto row : forest.order) {
        const auto parent = forest.parent[row];
        if (parent == kNoRow)
            continue;
        ahead[row] = ahead[parent];
        if (isCall(rows, forest, row)) {
            const auto known = offsets.find({rows.service[parent], rows.service[row]});
            if (known != offsets.end())
                ahead[row] = saturatingAdd(ahead[row], known->second);
        }
        out.begin[row] = saturatingSub(out.begin[row], ahead[row]);
    }
    std::vector<std::uint32_t> order(rows.size());
    std::iota(order.begin(), order.end(), 0u);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return out.begin[a] < out.begin[b]; });
    reorder(out.begin, order);
    reorder(out.length, order);
    reorder(out.trace, order);
    reorder(out.span, order);
    reorder(out.parent, order);
    reorder(out.service, order);
    reorder(out.name, order);
    reorder(out.kind, order);
    reorder(out.flags, order);
    reorder(out.track, order);
    reorder(out.args, order);
    if (orderOut != nullptr)
        *orderOut = std::move(order);
    return out;
}

} // namespace flamewright
