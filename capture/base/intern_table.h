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
        const auto mask = m_slots.size() - 1;
        for (auto i = mix(hash) & mask;; i = (i + 1) & mask) {
            auto &slot = m_slots[i];
            if (slot.id == 0) {
                slot = {hash, fresh};
                ++m_size;
                return fresh;
            }
            if (slot.hash == hash && same(slot.id))
                return slot.id;
        }
    }
    // The id for which `same(id)` holds, or 0.
    template <class Same>
    std::uint32_t find(std::uint64_t hash, Same same) const
    {
        if (m_slots.empty())
            return 0;
        const auto mask = m_slots.size() - 1;
        for (auto i = mix(hash) & mask;; i = (i + 1) & mask) {
            const auto &slot = m_slots[i];
            if (slot.id == 0 || (slot.hash == hash && same(slot.id)))
                return slot.id;
        }
    }
    // findOrAdd for keys of 64 bits: `hash` is bijectiveMix(key), so that equal hashes are equal
    // keys and no row has to be looked at.
    std::uint32_t findOrAddKey(std::uint64_t hash, std::uint32_t fresh)
    {
        return findOrAdd(hash, fresh, [](std::uint32_t) { return true; });
    }
    std::size_t size() const { return m_size; }

private:
    struct Slot {
        std::uint64_t hash = 0;
        std::uint32_t id = 0;
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

// Mixes without losing anything: different keys have different hashes (the finaliser of
// MurmurHash3, whose steps can each be undone).
constexpr std::uint64_t bijectiveMix(std::uint64_t key)
{
    key ^= key >> 33;
    key *= 0xff51afd7ed558ccdull;
    key ^= key >> 33;
    key *= 0xc4ceb9fe1a85ec53ull;
    return key ^ key >> 33;
}

} // namespace flamewright
