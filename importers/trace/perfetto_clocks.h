#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace flamewright::perfetto {

enum BuiltinClock : std::uint32_t {
    kRealtime = 1,
    kMonotonic = 3,
    kMonotonicRaw = 5,
    kBoottime = 6
};

// Times of several clocks as times of one: snapshots say what the clocks read at one moment. Clocks
// from 64 to 127 belong to the sequence of packets that they are used in.
class Clocks {
public:
    // A message ClockSnapshot. False when it is damaged.
    bool addSnapshot(std::string_view message, std::uint32_t sequence);

    std::uint32_t primary() const { return m_primary; }
    // What is to be added to a time of the primary clock, by the first snapshot that has both.
    std::optional<std::int64_t> wallOffset() const { return m_wallOffset; }

    // A time in units of its clock, which may count from the time before, on the primary clock. Nothing
    // for a clock that no snapshot connects with it.
    std::optional<std::int64_t> toPrimary(std::uint32_t clock, std::uint32_t sequence,
                                          std::uint64_t time);

private:
    using Key = std::uint64_t; // clock, with the sequence where it belongs to one
    static Key keyOf(std::uint32_t clock, std::uint32_t sequence);

    struct Reading {
        Key clock = 0;
        std::int64_t ns = 0;
    };
    struct Clock {
        std::int64_t unitNs = 1;
        bool incremental = false;
        std::int64_t last = 0; // of an incremental one
        std::vector<std::pair<std::int64_t, std::size_t>>
            read; // when, index of m_snapshots; sorted
    };

    std::optional<std::size_t> snapshotNear(const Clock &clock, std::int64_t ns) const;
    std::optional<std::int64_t> direct(Key from, std::int64_t ns, Key to,
                                       std::optional<std::size_t> &used) const;

    std::uint32_t m_primary = kBoottime;
    bool m_primaryGiven = false;
    std::optional<std::int64_t> m_wallOffset;
    std::vector<std::vector<Reading>> m_snapshots;
    std::unordered_map<Key, Clock> m_clocks;
};

} // namespace flamewright::perfetto
