#include "importers/trace/perfetto_clocks.h"

#include "capture/base/units.h"
#include "importers/trace/proto_fields.h"

#include <algorithm>

namespace flamewright::perfetto {
namespace {

constexpr std::uint32_t kFirstOfSequence = 64, kLastOfSequence = 127;
constexpr std::size_t kMaxClocks = 64;         // of one snapshot
constexpr std::size_t kMaxReadings = 8u << 20; // of all: more than a year of them

std::int64_t saturated(std::uint64_t value)
{
    return static_cast<std::int64_t>(std::min<std::uint64_t>(value, INT64_MAX));
}

std::int64_t scaled(std::uint64_t value, std::int64_t unit)
{
    std::int64_t out = 0;
    return __builtin_mul_overflow(saturated(value), unit, &out) ? INT64_MAX : out;
}

std::int64_t minus(std::int64_t a, std::int64_t b)
{
    std::int64_t out = 0;
    return __builtin_sub_overflow(a, b, &out) ? (a < b ? INT64_MIN : INT64_MAX) : out;
}

} // namespace

Clocks::Key Clocks::keyOf(std::uint32_t clock, std::uint32_t sequence)
{
    const bool own = clock >= kFirstOfSequence && clock <= kLastOfSequence;
    return static_cast<Key>(own ? sequence : 0) << 32 | clock;
}

bool Clocks::addSnapshot(std::string_view message, std::uint32_t sequence)
{
    std::vector<Reading> readings;
    ProtoFields fields(message);
    ProtoFields::Field field;
    bool good = true;
    while (fields.next(field)) {
        if (field.tag == 2 && !m_primaryGiven && field.number > 0) {
            m_primary = static_cast<std::uint32_t>(field.number);
            m_primaryGiven = true;
        }
        if (field.tag != 1 || readings.size() >= kMaxClocks)
            continue;
        ProtoFields parts(field.bytes);
        ProtoFields::Field part;
        std::uint32_t id = 0;
        std::uint64_t time = 0, unit = 1;
        bool incremental = false;
        while (parts.next(part)) {
            switch (part.tag) {
            case 1: id = static_cast<std::uint32_t>(part.number); break;
            case 2: time = part.number; break;
            case 3: incremental = part.number != 0; break;
            case 4: unit = std::max<std::uint64_t>(part.number, 1); break;
            default: break;
            }
        }
        good &= !parts.damaged();
        auto &clock = m_clocks[keyOf(id, sequence)];
        clock.unitNs = saturated(unit);
        clock.incremental = incremental;
        clock.last = scaled(time, clock.unitNs);
        readings.push_back({keyOf(id, sequence), clock.last});
    }
    if (readings.size() < 2 || m_snapshots.size() * 8 > kMaxReadings)
        return good && !fields.damaged();
    std::optional<std::int64_t> wall, own;
    for (const auto &reading : readings) {
        auto &read = m_clocks[reading.clock].read;
        const std::pair entry(reading.ns, m_snapshots.size());
        if (read.empty() || read.back() < entry)
            read.push_back(entry);
        else if (read.size() <
                 1024) // a clock that was set back; a hostile file cannot make this slow
            read.insert(std::upper_bound(read.begin(), read.end(), entry), entry);
        if (reading.clock == kRealtime)
            wall = reading.ns;
        if (reading.clock == m_primary)
            own = reading.ns;
    }
    if (wall && own && !m_wallOffset)
        m_wallOffset = minus(*wall, *own);
    m_snapshots.push_back(std::move(readings));
    return good && !fields.damaged();
}

// The last one before the time; of times before all, the first.
std::optional<std::size_t> Clocks::snapshotNear(const Clock &clock, std::int64_t ns) const
{
    if (clock.read.empty())
        return std::nullopt;
    auto it = std::upper_bound(clock.read.begin(), clock.read.end(),
                               std::pair(ns, static_cast<std::size_t>(-1)));
    if (it != clock.read.begin())
        --it;
    return it->second;
}

std::optional<std::int64_t> Clocks::direct(Key from, std::int64_t ns, Key to,
                                           std::optional<std::size_t> &used) const
{
    const auto clock = m_clocks.find(from);
    used = clock == m_clocks.end() ? std::nullopt : snapshotNear(clock->second, ns);
    if (!used)
        return std::nullopt;
    std::optional<std::int64_t> here, there;
    for (const auto &reading : m_snapshots[*used]) {
        if (reading.clock == from)
            here = reading.ns;
        if (reading.clock == to)
            there = reading.ns;
    }
    if (!here || !there)
        return std::nullopt;
    return saturatingAdd(ns, minus(*there, *here));
}

std::optional<std::int64_t> Clocks::toPrimary(std::uint32_t id, std::uint32_t sequence,
                                              std::uint64_t time)
{
    const auto key = keyOf(id, sequence);
    auto ns = saturated(time);
    if (const auto it = m_clocks.find(key); it != m_clocks.end()) {
        ns = scaled(time, it->second.unitNs);
        if (it->second.incremental)
            it->second.last = ns = saturatingAdd(it->second.last, ns);
    }
    if (id == m_primary)
        return ns;
    std::optional<std::size_t> used;
    if (const auto out = direct(key, ns, m_primary, used))
        return out;
    if (!used)
        return std::nullopt;
    // By way of another clock that was read together with this one.
    for (const auto &reading : m_snapshots[*used]) {
        std::optional<std::size_t> ignored;
        if (reading.clock == key)
            continue;
        if (const auto middle = direct(key, ns, reading.clock, ignored)) {
            if (const auto out = direct(reading.clock, *middle, m_primary, ignored))
                return out;
        }
    }
    return std::nullopt;
}

} // namespace flamewright::perfetto
