#include "importers/callgrind/cost_table.h"

#include "capture/base/units.h"

namespace flamewright {

std::uint32_t CostTable::text(std::string_view text)
{
    const auto [entry, fresh] =
        m_textIds.try_emplace(std::string(text), static_cast<std::uint32_t>(m_texts.size()));
    if (fresh)
        m_texts.push_back(&entry->first);
    return entry->second;
}

// The number of a pair, from 1.
std::uint32_t CostTable::row(InternTable &index, std::uint32_t first, std::uint32_t second)
{
    return index.findOrAddKey(bijectiveMix(std::uint64_t{first} << 32 | second),
                              static_cast<std::uint32_t>(index.size() + 1));
}

std::uint32_t CostTable::function(const Function &function)
{
    const auto pair = row(m_namesAndFiles, function.name, function.file);
    const auto id = row(m_functionIds, pair, function.object) - 1;
    if (id == m_functions.size())
        m_functions.push_back(function);
    return id;
}

bool CostTable::add(std::vector<std::int64_t> &to, std::size_t row,
                    std::span<const std::int64_t> costs)
{
    bool fits = true;
    for (std::size_t i = 0; i < costs.size() && i < m_events; ++i) {
        auto &sum = to[row * m_events + i];
        std::int64_t exact = 0;
        fits = !__builtin_add_overflow(sum, costs[i], &exact) && fits;
        sum = saturatingAdd(sum, costs[i]);
    }
    return fits;
}

bool CostTable::addSelf(std::uint32_t function, std::uint32_t file, std::uint32_t line,
                        std::span<const std::int64_t> costs)
{
    const auto pair = row(m_functionsAndFiles, function, file);
    const auto id = row(m_lineIds, pair, line) - 1;
    if (id == m_lines.size()) {
        m_lines.push_back({function, file, line});
        m_selfCosts.resize(m_selfCosts.size() + m_events);
    }
    return add(m_selfCosts, id, costs);
}

bool CostTable::addCall(std::uint32_t caller, std::uint32_t callee, std::uint64_t calls,
                        std::span<const std::int64_t> costs)
{
    const auto id = row(m_arcIds, caller, callee) - 1;
    if (id == m_arcs.size()) {
        m_arcs.push_back({caller, callee, 0});
        m_arcCosts.resize(m_arcCosts.size() + m_events);
    }
    auto &arc = m_arcs[id];
    arc.calls = calls > UINT64_MAX - arc.calls ? UINT64_MAX : arc.calls + calls;
    return add(m_arcCosts, id, costs);
}

} // namespace flamewright
