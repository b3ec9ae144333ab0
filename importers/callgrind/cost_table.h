#pragma once

#include "capture/base/intern_table.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace flamewright {

// What a file of callgrind says, added up: the cost of every line of every function, and of every call of
// one function by another. Costs are as many as there are events.
class CostTable {
public:
    static constexpr std::uint32_t kNone = 0xffff'ffff;
    static constexpr std::size_t kMaxSums = 48u << 20;

    CostTable() = default;
    CostTable(const CostTable &) = delete;
    CostTable &operator=(const CostTable &) = delete;

    void setEvents(std::size_t count) { m_events = count; }
    std::size_t events() const { return m_events; }

    // Texts are numbers from here on; the empty one is 0.
    std::uint32_t text(std::string_view text);
    const std::string &textAt(std::uint32_t id) const { return *m_texts[id]; }

    struct Function {
        std::uint32_t name = 0, file = 0, object = 0;
    };
    std::uint32_t function(const Function &function);
    const std::vector<Function> &functions() const { return m_functions; }

    // False when a sum no longer fits into 64 bits: it is the largest one then.
    bool addSelf(std::uint32_t function, std::uint32_t file, std::uint32_t line,
                 std::span<const std::int64_t> costs);
    bool addCall(std::uint32_t caller, std::uint32_t callee, std::uint64_t calls,
                 std::span<const std::int64_t> costs);

    struct Line {
        std::uint32_t function = 0, file = 0, line = 0;
    };
    const std::vector<Line> &lines() const { return m_lines; }
    std::int64_t selfCost(std::size_t line, std::size_t event) const
    {
        return m_selfCosts[line * m_events + event];
    }
    struct Arc {
        std::uint32_t caller = 0, callee = 0;
        std::uint64_t calls = 0;
    };
    const std::vector<Arc> &arcs() const { return m_arcs; }
    std::int64_t arcCost(std::size_t arc, std::size_t event) const
    {
        return m_arcCosts[arc * m_events + event];
    }
    // More sums than anything that ran has: a short line may have many of them.
    bool tooLarge() const
    {
        return (m_lines.size() + m_arcs.size() + 4 * m_functions.size()) * m_events > kMaxSums;
    }

private:
    std::uint32_t row(InternTable &index, std::uint32_t first, std::uint32_t second);
    bool add(std::vector<std::int64_t> &to, std::size_t row, std::span<const std::int64_t> costs);

    std::size_t m_events = 0;
    std::unordered_map<std::string, std::uint32_t> m_textIds{{"", 0}};
    std::vector<const std::string *> m_texts{&m_textIds.begin()->first}; // in the table above
    std::vector<Function> m_functions;
    std::vector<Line> m_lines;
    std::vector<Arc> m_arcs;
    std::vector<std::int64_t> m_selfCosts, m_arcCosts;
    // Triples are pairs of a pair: its number and the third.
    InternTable m_namesAndFiles, m_functionIds, m_functionsAndFiles, m_lineIds, m_arcIds;
};

} // namespace flamewright
