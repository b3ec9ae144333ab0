#pragma once

#include "capture/base/units.h"
#include "capture/session/records.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace flamewright {

// Where the spans are that were read so far, for links and to see ids that are there twice. Remembers
// so many and no more: a file may hold any number.
class SpanIndex {
public:
    static constexpr std::size_t kMaxSpans = 1u << 20;

    struct Place {
        std::uint64_t key = 0; // 0: nothing here
        Timestamp begin;
        TrackId track;
        SliceKind kind = SliceKind::Span;
    };
    static std::uint64_t keyOf(std::string_view trace, std::uint64_t span);

    const Place *find(std::uint64_t key) const;
    // The one that was there before, or null.
    const Place *add(const Place &place);
    bool full() const { return m_used >= kMaxSpans; }

private:
    std::size_t slotOf(std::uint64_t key) const;
    void grow();

    std::vector<Place> m_slots; // a power of two, at most half of them used
    std::size_t m_used = 0;
};

} // namespace flamewright
