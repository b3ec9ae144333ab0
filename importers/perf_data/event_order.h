#pragma once

#include "importers/perf_data/blocks.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace flamewright {

// Puts records of several CPUs into the order of their time. FINISHED_ROUND says that every
// buffer was read once: whatever is younger than the youngest record of the round before is
// complete then. A recording without rounds is delivered half by half when the blocks held
// exceed a limit, so memory stays bounded; records that come too late for that are counted.
class PerfEventOrder {
public:
    static constexpr std::size_t kMaxHeldBytes = 96u << 20;

    explicit PerfEventOrder(PerfBlocks &blocks) : m_blocks(blocks) {}

    void add(std::uint64_t time, std::uint32_t block, std::uint32_t position)
    {
        m_blocks.hold(block);
        m_entries.push_back({time, block, position});
        m_newest = std::max(m_newest, time);
        if (time < m_delivered)
            ++m_late;
    }
    template <class Deliver>
    void finishRound(Deliver deliver)
    {
        deliverUpTo(m_roundLimit, deliver);
        m_roundLimit = m_newest;
    }
    template <class Deliver>
    void finish(Deliver deliver)
    {
        deliverUpTo(UINT64_MAX, deliver);
    }
    // To be called now and then.
    template <class Deliver>
    void keepWithinLimit(Deliver deliver)
    {
        while (m_blocks.liveBytes() > kMaxHeldBytes && !m_entries.empty()) {
            sortEntries();
            deliverUpTo(m_entries[m_entries.size() / 2].time, deliver);
        }
    }
    // Records that were older than one already delivered.
    std::uint64_t late() const { return m_late; }

private:
    struct Entry {
        std::uint64_t time;
        std::uint32_t block, position;
    };
    void sortEntries()
    {
        const auto older = [](const Entry &a, const Entry &b) { return a.time < b.time; };
        if (!std::is_sorted(m_entries.begin(), m_entries.end(), older))
            std::stable_sort(m_entries.begin(), m_entries.end(), older);
    }
    template <class Deliver>
    void deliverUpTo(std::uint64_t limit, Deliver &deliver)
    {
        if (m_entries.empty())
            return;
        sortEntries();
        const auto end = std::upper_bound(
            m_entries.begin(), m_entries.end(), limit,
            [](std::uint64_t time, const Entry &entry) { return time < entry.time; });
        for (auto it = m_entries.begin(); it != end; ++it) {
            deliver(it->block, it->position);
            m_blocks.release(it->block);
            m_delivered = std::max(m_delivered, it->time);
        }
        m_entries.erase(m_entries.begin(), end);
    }

    PerfBlocks &m_blocks;
    std::vector<Entry> m_entries;
    std::uint64_t m_newest = 0, m_roundLimit = 0, m_delivered = 0, m_late = 0;
};

} // namespace flamewright
