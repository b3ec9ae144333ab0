#include "importers/perf_data/address_space.h"

#include <algorithm>

namespace flamewright {
namespace {

// The first map that ends behind `address`.
template <class Maps>
auto firstEndingAfter(Maps &maps, std::uint64_t address)
{
    return std::partition_point(maps.begin(), maps.end(),
                                [address](const PerfMap &map) { return map.end <= address; });
}

} // namespace

void PerfAddressSpace::erase(std::uint64_t start, std::uint64_t end, std::uint64_t &work)
{
    auto first = firstEndingAfter(m_maps, start);
    if (first == m_maps.end() || first->start >= end)
        return;
    if (first->start < start && first->end > end) {
        // A hole in the middle: the map becomes two.
        auto upper = *first;
        upper.start = end;
        first->end = start;
        work += static_cast<std::uint64_t>(m_maps.end() - first);
        m_maps.insert(first + 1, upper);
        return;
    }
    if (first->start < start) {
        first->end = start;
        ++first;
    }
    auto last = first;
    while (last != m_maps.end() && last->end <= end)
        ++last;
    if (last != m_maps.end() && last->start < end)
        last->start = end;
    work += static_cast<std::uint64_t>(m_maps.end() - first);
    m_maps.erase(first, last);
}

bool PerfAddressSpace::insert(const PerfMap &map, std::uint64_t &work)
{
    if (map.start >= map.end)
        return true;
    if (m_maps.size() + 2 > kMaxMaps)
        return false;
    erase(map.start, map.end, work);
    const auto at = firstEndingAfter(m_maps, map.start);
    work += static_cast<std::uint64_t>(m_maps.end() - at) + 1;
    m_maps.insert(at, map);
    return true;
}

const PerfMap *PerfAddressSpace::find(std::uint64_t address) const
{
    const auto it = firstEndingAfter(m_maps, address);
    return it != m_maps.end() && it->start <= address ? &*it : nullptr;
}

} // namespace flamewright
