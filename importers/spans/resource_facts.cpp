#include "importers/spans/resource_facts.h"

#include <functional>

namespace flamewright {

void ResourceFacts::add(Attributes &attributes)
{
    const auto hash = std::hash<std::string_view>()(attributes.json());
    if (m_seen.size() < kMaxSeen ? !m_seen.insert(hash).second : m_seen.count(hash) > 0)
        return;
    attributes.eachSorted([this](std::string_view key, std::string_view json) {
        if (json.size() >= 2 && json.front() == '"')
            json = json.substr(1, json.size() - 2);
        auto known = m_values.find(key);
        if (known == m_values.end()) {
            if (m_values.size() >= kMaxKeys || key.size() > kMaxValueBytes) {
                ++m_left;
                return;
            }
            known = m_values.emplace(std::string(key), std::set<std::string>()).first;
        }
        // One more than is shown tells that there are more.
        if (json.size() > kMaxValueBytes)
            ++m_left;
        else if (known->second.size() <= kMaxValues)
            known->second.emplace(json);
    });
}

void ResourceFacts::finish()
{
    for (const auto &[key, values] : m_values) {
        std::string text;
        std::size_t shown = 0;
        for (const auto &value : values) {
            if (shown++ == kMaxValues) {
                text += ", ...";
                break;
            }
            text += (text.empty() ? "" : ", ") + value;
        }
        m_sink.provenance("resource." + key, text);
    }
    m_sink.note(Severity::Notice, "resource_attributes_left_out", 0,
                "attributes of resources were too many or too long to be kept", m_left);
}

} // namespace flamewright
