#pragma once

#include "capture/base/units.h"
#include "capture/session/records.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace flamewright {

// Where the spans are that were read lately, for links and to see ids that are there twice. A file
// may hold any number of them, and what belongs together lies near each other: two generations are
// remembered, and the older one is forgotten when the younger is full.
class SpanIndex {
public:
    static constexpr std::size_t kGeneration = 1u << 17;

    struct Place {
        std::uint64_t key = 0; // 0: nothing here
        Timestamp begin;
        TrackId track;
        SliceKind kind = SliceKind::Span;
    };
    static std::uint64_t keyOf(std::string_view trace, std::uint64_t span);

    // Brings its place into the cache while something else is done.
    void prefetch(std::uint64_t key) const;
    // Valid until the next add().
    const Place *find(std::uint64_t key) const;
    // The one that was there before, or null.
    const Place *add(const Place &place);
    // Whether some were forgotten.
    bool forgets() const { return m_forgets; }

private:
    struct Generation {
        std::vector<Place> slots; // a power of two, at most half of them used
        std::size_t used = 0;

        std::size_t slotOf(std::uint64_t key) const;
        const Place *find(std::uint64_t key) const;
        void grow();
    };
    Generation m_young, m_old;
    bool m_forgets = false;
};

} // namespace flamewright
