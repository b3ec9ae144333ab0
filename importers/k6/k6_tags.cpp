#include "importers/k6/k6_tags.h"

#include "importers/json_text.h"

#define XXH_INLINE_ALL
#include <algorithm>
#include <vector>
#include <xxhash.h>

namespace flamewright {
namespace {

std::string_view valueOf(std::span<const K6Tag> tags, std::string_view key)
{
    for (const auto &[k, v] : tags) {
        if (k == key)
            return v;
    }
    return {};
}

std::string joined(std::string_view a, std::string_view b)
{
    std::string out(a);
    if (!a.empty() && !b.empty())
        out += ' ';
    return out += b;
}

std::string endpointOf(std::span<const K6Tag> tags)
{
    auto name = valueOf(tags, "name");
    if (name.empty())
        name = valueOf(tags, "url");
    const auto method = valueOf(tags, "method");
    // gRPC: the name is the address, the method lies in a service.
    if (const auto service = valueOf(tags, "service"); !service.empty() && !method.empty())
        return std::string(service) + '/' + std::string(method);
    return joined(method, name);
}

std::string phaseOf(std::span<const K6Tag> tags)
{
    const auto scenario = valueOf(tags, "scenario");
    if (!scenario.empty())
        return std::string(scenario);
    const auto group = valueOf(tags, "group");
    for (const std::string_view outside : {"::setup", "::teardown"}) {
        if (group.starts_with(outside))
            return std::string(outside.substr(2));
    }
    return {};
}

std::string errorOf(std::span<const K6Tag> tags)
{
    const auto text = valueOf(tags, "error");
    const auto code = valueOf(tags, "error_code");
    if (!text.empty() || code.empty())
        return std::string(text);
    return "error code " + std::string(code);
}

// Tags that have a column of their own, or are different for every request.
bool isShownElsewhere(const K6Tag &tag, std::span<const K6Tag> tags)
{
    const auto &[key, value] = tag;
    for (const std::string_view known : {"name", "method", "service", "scenario", "status", "error",
                                         "expected_response", "check", "vu", "iter"}) {
        if (key == known)
            return true;
    }
    return value.empty() || (key == "url" && value == valueOf(tags, "name")) ||
           (key == "group" &&
            phaseOf(tags) == value.substr(std::min<std::size_t>(2, value.size())));
}

std::string labelsOf(std::span<const K6Tag> tags)
{
    std::vector<K6Tag> kept;
    for (const auto &tag : tags) {
        if (!isShownElsewhere(tag, tags))
            kept.push_back(tag);
    }
    if (kept.empty())
        return {};
    std::stable_sort(kept.begin(), kept.end(),
                     [](const K6Tag &a, const K6Tag &b) { return a.first < b.first; });
    std::string out;
    for (std::size_t i = 0; i < kept.size(); ++i) {
        if (i > 0 && kept[i].first == kept[i - 1].first)
            continue;
        out += out.empty() ? '{' : ',';
        appendJsonString(out, kept[i].first);
        out += ':';
        appendJsonString(out, kept[i].second);
    }
    return out + '}';
}

} // namespace

std::size_t K6TagCache::Hash::operator()(std::string_view text) const
{
    return XXH3_64bits(text.data(), text.size());
}

const K6Tags *K6TagCache::find(std::string_view raw)
{
    if (m_last != nullptr && raw == m_lastRaw)
        return m_last;
    const auto it = m_known.find(raw);
    if (it == m_known.end())
        return nullptr;
    m_lastRaw = it->first;
    return m_last = &it->second;
}

const K6Tags *K6TagCache::add(std::string_view raw, std::span<const K6Tag> tags)
{
    if (full()) {
        m_known.clear();
        m_bytes = 0;
        m_last = nullptr;
    }
    K6Tags out{.id = m_nextId++,
               .endpoint = endpointOf(tags),
               .phase = phaseOf(tags),
               .worker = {},
               .status = std::string(valueOf(tags, "status")),
               .error = errorOf(tags),
               .check = std::string(valueOf(tags, "check")),
               .labels = labelsOf(tags),
               .expected = {}};
    if (const auto vu = valueOf(tags, "vu"); !vu.empty())
        out.worker = "VU " + std::string(vu);
    if (const auto expected = valueOf(tags, "expected_response"); !expected.empty())
        out.expected = expected != "false";
    m_bytes += raw.size() + out.labels.size() + out.endpoint.size() + out.error.size();
    const auto [it, added] = m_known.insert_or_assign(std::string(raw), std::move(out));
    m_lastRaw = it->first;
    return m_last = &it->second;
}

} // namespace flamewright
