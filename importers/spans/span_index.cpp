#include "importers/spans/span_index.h"

#include <functional>
#include <utility>

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

std::size_t SpanIndex::Generation::slotOf(std::uint64_t key) const
{
    auto slot = static_cast<std::size_t>(key) & (slots.size() - 1);
    while (slots[slot].key != 0 && slots[slot].key != key)
        slot = (slot + 1) & (slots.size() - 1);
    return slot;
}

const SpanIndex::Place *SpanIndex::Generation::find(std::uint64_t key) const
{
    if (slots.empty())
        return nullptr;
    const auto &place = slots[slotOf(key)];
    return place.key != 0 ? &place : nullptr;
}

void SpanIndex::Generation::grow()
{
    auto old = std::move(slots);
    slots.assign(old.empty() ? 4096 : old.size() * 2, Place{});
    for (const auto &place : old) {
        if (place.key != 0)
            slots[slotOf(place.key)] = place;
    }
}

void SpanIndex::prefetch(std::uint64_t key) const
{
    for (const auto *generation : {&m_young, &m_old}) {
        if (!generation->slots.empty())
            __builtin_prefetch(&generation->slots[key & (generation->slots.size() - 1)]);
    }
}

const SpanIndex::Place *SpanIndex::find(std::uint64_t key) const
{
    const auto *place = m_young.find(key);
    return place != nullptr ? place : m_old.find(key);
}

const SpanIndex::Place *SpanIndex::add(const Place &place)
{
    if (const auto *known = m_old.find(place.key))
        return known;
    if (m_young.used == kGeneration) {
        m_forgets |= m_old.used > 0;
        std::swap(m_young, m_old);
        m_young.slots.assign(m_old.slots.size(), Place{});
        m_young.used = 0;
    }
    if (m_young.used * 2 >= m_young.slots.size())
        m_young.grow();
    auto &slot = m_young.slots[m_young.slotOf(place.key)];
    if (slot.key != 0)
        return &slot;
    slot = place;
    ++m_young.used;
    return nullptr;
}

} // namespace flamewright
