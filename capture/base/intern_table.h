#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace flamewright {

// A hash index over rows that live elsewhere: maps a hash to the row id for which `same(id)`
// holds. Ids are 32 bits and never 0. Open addressing with linear probing: 16 bytes a slot
// (id and hash), one cache line per lookup in the usual case. This is the inner loop of
// every import, which is why it is not an unordered_map.
class InternTable {
public:
    // The id for which `same(id)` holds, or `fresh`, which is then entered.
    template <class Same>
    std::uint32_t findOrAdd(std::uint64_t hash, std::uint32_t fresh, Same same)
    {
        if ((m_size + 1) * 4 > m_slots.size() * 3)
            grow();
        const auto tag = static_cast<std::uint32_t>(hash >> 32);
        const auto mask = m_slots.size() - 1;
        for (auto i = mix(hash) & mask;; i = (i + 1) & mask) {
            auto &slot = m_slots[i];
            if (slot.id == 0) {
                slot = {fresh, tag, hash};
                ++m_size;
                return fresh;
            }
            if (slot.tag == tag && same(slot.id))
                return slot.id;
        }
    }
    std::size_t size() const { return m_size; }

private:
    struct Slot {
        std::uint32_t id = 0;
        std::uint32_t tag = 0;
        std::uint64_t hash = 0;
    };
    static std::uint64_t mix(std::uint64_t h) { return h ^ h >> 29; }
    void grow()
    {
        std::vector<Slot> old(m_slots.empty() ? 1024 : m_slots.size() * 2);
        old.swap(m_slots);
        const auto mask = m_slots.size() - 1;
        for (const auto &slot : old) {
            if (slot.id == 0)
                continue;
            auto i = mix(slot.hash) & mask;
            while (m_slots[i].id != 0)
                i = (i + 1) & mask;
            m_slots[i] = slot;
        }
    }

    std::vector<Slot> m_slots;
    std::size_t m_size = 0;
};

// Mixes a 64-bit word into a hash; good enough for ids, not for hostile keys on its own (the
// tables are bounded by SinkLimits).
constexpr std::uint64_t hashMix(std::uint64_t seed, std::uint64_t value)
{
    seed ^= value + 0x9e3779b97f4a7c15ull + (seed << 6) + (seed >> 2);
    seed ^= seed >> 32;
    seed *= 0xd6e8feb86659fd93ull;
    return seed ^ seed >> 32;
}

} // namespace flamewright
