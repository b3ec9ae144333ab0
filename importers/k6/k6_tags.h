#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace flamewright {

// What the tags of a k6 sample say about the request it belongs to.
struct K6Tags {
    std::uint64_t id = 0; // of this set of tags: equal ids, equal tags
    std::string endpoint; // "GET /cart": method and name, or of gRPC the service and method
    std::string phase;    // the scenario; "setup" and "teardown" run outside of any
    std::string worker;   // "VU 3", where the tag vu is recorded
    std::string status;
    std::string error;            // why it failed, if it did
    std::string check;            // of samples of the metric "checks"
    std::string labels;           // canonical JSON of the rest
    std::optional<bool> expected; // what the script expected of the status
};

// A tag, unescaped.
using K6Tag = std::pair<std::string_view, std::string_view>;

// Tags by their text as it lies in the file. The nine samples of one request have the same, and so
// have most requests to one endpoint: whoever reads a text for the second time need not parse it.
class K6TagCache {
public:
    // Null when `raw` is not known. The answer is valid until add() says that it forgot.
    const K6Tags *find(std::string_view raw);
    const K6Tags *add(std::string_view raw, std::span<const K6Tag> tags);
    // Whether add() would forget everything that it knew: nobody may keep tags of before.
    bool full() const { return m_known.size() >= kMaxSets || m_bytes >= kMaxBytes; }

private:
    static constexpr std::size_t kMaxSets = 16'384;
    static constexpr std::size_t kMaxBytes = 32u << 20; // of texts

    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const;
    };
    std::unordered_map<std::string, K6Tags, Hash, std::equal_to<>> m_known;
    std::string_view m_lastRaw;
    const K6Tags *m_last = nullptr;
    std::size_t m_bytes = 0;
    std::uint64_t m_nextId = 1;
};

} // namespace flamewright
