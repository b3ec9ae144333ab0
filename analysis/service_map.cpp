#include "analysis/service_map.h"

#include "analysis/operations.h"
#include "analysis/wait_names.h"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <unordered_map>

namespace flamewright {
namespace {

// What is called is better named by what it is than by where it runs.
constexpr std::array<std::string_view, 12> kPeerKeys{
    "peer.service", "db.system.name", "db.system",     "messaging.system",
    "rpc.system",   "server.address", "net.peer.name", "network.peer.address",
    "net.peer.ip",  "peer.hostname",  "http.host",     "peer.address"};

bool calls(SliceKind kind)
{
    return kind == SliceKind::SpanClient || kind == SliceKind::SpanProducer;
}

} // namespace

CallTargets callTargets(const SpanRows &rows, const SpanForest &forest,
                        const SpanAttributes &attributes)
{
    CallTargets out;
    out.of.assign(rows.size(), kNoRow);
    // A caller with children in other services calls the first of them.
    for (std::uint32_t row = 0; row < rows.size(); ++row) {
        const auto parent = forest.parent[row];
        if (parent == kNoRow || rows.service[parent] == rows.service[row] ||
            out.of[parent] != kNoRow)
            continue;
        out.of[parent] = rows.service[row];
    }
    std::vector<const SpanAttribute *> keys;
    for (const auto key : kPeerKeys) {
        if (const auto *attribute = attributes.find(key))
            keys.push_back(attribute);
    }
    std::vector<std::uint8_t> waits;
    for (const auto &name : rows.names)
        waits.push_back(isWait(name) ? 1 : 0);
    std::unordered_map<std::string, std::uint32_t> known;
    for (std::uint32_t row = 0; row < rows.size(); ++row) {
        // A call within a call is the outer one's: a client of HTTP within a client of a database.
        if (!calls(rows.kind[row]) || out.of[row] != kNoRow || waits[rows.name[row]] != 0)
            continue;
        const auto children = forest.childrenOf(row);
        if (std::any_of(children.begin(), children.end(),
                        [&](std::uint32_t child) { return calls(rows.kind[child]); }))
            continue;
        std::string_view peer;
        for (const auto *attribute : keys) {
            peer = attribute->textOf(row);
            if (!peer.empty())
                break;
        }
        if (peer.empty()) {
            ++out.unnamed;
            continue;
        }
        const auto fresh = static_cast<std::uint32_t>(out.peers.size());
        const auto [it, added] = known.try_emplace(std::string(peer), fresh);
        if (added)
            out.peers.emplace_back(peer);
        out.of[row] = static_cast<std::uint32_t>(rows.services.size()) + it->second;
    }
    return out;
}

ServiceMap serviceMap(const SpanRows &rows, const SpanForest &forest,
                      const SpanAttributes &attributes)
{
    ServiceMap out;
    const auto targets = callTargets(rows, forest, attributes);
    out.unnamedCalls = targets.unnamed;
    const auto services = rows.services.size();
    std::vector<ServiceNode> all(services + targets.peers.size());
    for (std::size_t i = 0; i < services; ++i)
        all[i].name = rows.services[i];
    for (std::size_t i = 0; i < targets.peers.size(); ++i) {
        all[services + i].name = targets.peers[i];
        all[services + i].peer = true;
    }
    struct Calls {
        std::uint64_t errors = 0;
        std::vector<std::int64_t> lengths;
    };
    std::map<std::pair<std::uint32_t, std::uint32_t>, Calls> edges;
    const auto call = [&](std::uint32_t from, std::uint32_t to, std::uint32_t row) {
        auto &edge = edges[{from, to}];
        edge.errors += rows.failed(row) ? 1 : 0;
        edge.lengths.push_back(rows.length[row]);
    };
    for (std::uint32_t row = 0; row < rows.size(); ++row) {
        auto &node = all[rows.service[row]];
        ++node.spans;
        node.errors += rows.failed(row) ? 1 : 0;
        node.selfNs = saturatingAdd(node.selfNs, forest.self[row]);
        const auto parent = forest.parent[row];
        if (parent != kNoRow && rows.service[parent] != rows.service[row])
            call(rows.service[parent], rows.service[row], calls(rows.kind[parent]) ? parent : row);
        if (targets.of[row] != kNoRow && targets.of[row] >= services)
            call(rows.service[row], targets.of[row], row);
    }
    // In order of names; what has no spans and no calls is left out.
    std::vector<std::uint32_t> order(all.size()), place(all.size(), 0);
    std::iota(order.begin(), order.end(), 0u);
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        return std::pair(all[a].peer, std::string_view(all[a].name)) <
               std::pair(all[b].peer, std::string_view(all[b].name));
    });
    for (const auto node : order) {
        place[node] = static_cast<std::uint32_t>(out.nodes.size());
        if (all[node].peer || all[node].spans > 0)
            out.nodes.push_back(std::move(all[node]));
    }
    for (const auto &[ends, edge] : edges) {
        const auto latency = percentilesOf(edge.lengths);
        out.edges.push_back({place[ends.first], place[ends.second], edge.lengths.size(),
                             edge.errors, latency[0], latency[2]});
    }
    std::sort(out.edges.begin(), out.edges.end(), [](const ServiceEdge &a, const ServiceEdge &b) {
        return std::pair(a.from, a.to) < std::pair(b.from, b.to);
    });
    return out;
}

} // namespace flamewright
