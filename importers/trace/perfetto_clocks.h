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
    // Time of a clock and index of the snapshot that has it, in order.
    using Readings = std::vector<std::pair<std::int64_t, std::size_t>>;
    struct Clock {
        std::int64_t unitNs = 1;
        bool incremental = false;
        std::int64_t last = 0; // of an incremental one
        Readings all;          // in all snapshots
        Readings withPrimary;  // in those that have the primary clock too
    };

    static void insert(Readings &readings, std::int64_t ns, std::size_t snapshot);
    static std::optional<std::size_t> nearest(const Readings &readings, std::int64_t ns);
    // What is to be added to a time of one clock for the other, in one snapshot that has both.
    std::optional<std::int64_t> distance(std::size_t snapshot, Key from, Key to) const;
    std::optional<std::int64_t> directly(Key from, std::int64_t ns) const;

    std::uint32_t m_primary = kBoottime;
    bool m_primaryGiven = false;
    std::optional<std::int64_t> m_wallOffset;
    std::vector<std::vector<Reading>> m_snapshots;
    std::unordered_map<Key, Clock> m_clocks;
};

} // namespace flamewright::perfetto
