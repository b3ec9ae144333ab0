#pragma once

#include "capture/session/record_sink.h"
#include "importers/spans/attributes.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_set>

namespace flamewright {

// What a file says about the processes that wrote it, told once: as provenance, with all values of
// each attribute, not at every span.
class ResourceFacts {
public:
    explicit ResourceFacts(RecordSink &sink) : m_sink(sink) {}

    void add(Attributes &attributes);
    void finish();

private:
    static constexpr std::size_t kMaxKeys = 128;
    static constexpr std::size_t kMaxValues = 16; // of a key; more are counted as "..."
    static constexpr std::size_t kMaxValueBytes = 1024;
    static constexpr std::size_t kMaxSeen = 1u << 16;

    RecordSink &m_sink;
    std::map<std::string, std::set<std::string>, std::less<>> m_values;
    std::unordered_set<std::size_t> m_seen; // hashes of resources
    std::uint64_t m_left = 0;
};

} // namespace flamewright
