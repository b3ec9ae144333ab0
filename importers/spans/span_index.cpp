#include "importers/spans/span_index.h"

#include <functional>

namespace flamewright {
namespace {

constexpr std::uint64_t mixed(std::uint64_t v)
{
    v ^= v >> 32;
    v *= 0xd6e8'feb8'6659'fd93;
    v ^= v >> 32;
    v *= 0xd6e8'feb8'6659'fd93;
    return v ^ v >> 32;
}

} // namespace

std::uint64_t SpanIndex::keyOf(std::string_view trace, std::uint64_t span)
{
    const auto key = mixed(mixed(span) + std::hash<std::string_view>()(trace));
    return key == 0 ? 1 : key;
}

std::size_t SpanIndex::slotOf(std::uint64_t key) const
{
    auto slot = static_cast<std::size_t>(key) & (m_slots.size() - 1);
    while (m_slots[slot].key != 0 && m_slots[slot].key != key)
        slot = (slot + 1) & (m_slots.size() - 1);
    return slot;
}

const SpanIndex::Place *SpanIndex::find(std::uint64_t key) const
{
    if (m_slots.empty())
        return nullptr;
    const auto &place = m_slots[slotOf(key)];
    return place.key != 0 ? &place : nullptr;
}

void SpanIndex::grow()
{
    auto old = std::move(m_slots);
    m_slots.assign(old.empty() ? 4096 : old.size() * 4, Place{});
    for (const auto &place : old) {
        if (place.key != 0)
            m_slots[slotOf(place.key)] = place;
    }
}

const SpanIndex::Place *SpanIndex::add(const Place &place)
{
    if (m_used * 2 >= m_slots.size() && !full())
        grow();
    auto &slot = m_slots[slotOf(place.key)];
    if (slot.key != 0)
        return &slot;
    if (!full()) {
        slot = place;
        ++m_used;
    }
    return nullptr;
}

} // namespace flamewright
