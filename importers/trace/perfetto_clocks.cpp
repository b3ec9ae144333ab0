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
        if (reading.clock == kRealtime)
            wall = reading.ns;
        if (reading.clock == m_primary)
            own = reading.ns;
    }
    for (const auto &reading : readings) {
        auto &clock = m_clocks[reading.clock];
        insert(clock.all, reading.ns, m_snapshots.size());
        if (own)
            insert(clock.withPrimary, reading.ns, m_snapshots.size());
    }
    if (wall && own && !m_wallOffset)
        m_wallOffset = minus(*wall, *own);
    m_snapshots.push_back(std::move(readings));
    return good && !fields.damaged();
}

void Clocks::insert(Readings &readings, std::int64_t ns, std::size_t snapshot)
{
    // A clock that is set back goes into its place, unless so often that it would take too long.
    constexpr std::size_t kMaxMoved = 1024;
    const std::pair entry(ns, snapshot);
    if (readings.empty() || readings.back() < entry)
        readings.push_back(entry);
    else if (readings.size() < kMaxMoved)
        readings.insert(std::upper_bound(readings.begin(), readings.end(), entry), entry);
}

// The last one before the time; of times before all, the first.
std::optional<std::size_t> Clocks::nearest(const Readings &readings, std::int64_t ns)
{
    if (readings.empty())
        return std::nullopt;
    auto it = std::upper_bound(readings.begin(), readings.end(),
                               std::pair(ns, static_cast<std::size_t>(-1)));
    if (it != readings.begin())
        --it;
    return it->second;
}

std::optional<std::int64_t> Clocks::distance(std::size_t snapshot, Key from, Key to) const
{
    std::optional<std::int64_t> here, there;
    for (const auto &reading : m_snapshots[snapshot]) {
        if (reading.clock == from)
            here = reading.ns;
        if (reading.clock == to)
            there = reading.ns;
    }
    return here && there ? std::optional(minus(*there, *here)) : std::nullopt;
}

std::optional<std::int64_t> Clocks::directly(Key from, std::int64_t ns) const
{
    const auto clock = m_clocks.find(from);
    if (clock == m_clocks.end())
        return std::nullopt;
    const auto snapshot = nearest(clock->second.withPrimary, ns);
    const auto add = snapshot ? distance(*snapshot, from, m_primary) : std::nullopt;
    return add ? std::optional(saturatingAdd(ns, *add)) : std::nullopt;
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
    if (const auto out = directly(key, ns))
        return out;
    const auto clock = m_clocks.find(key);
    const auto snapshot = clock == m_clocks.end() ? std::nullopt : nearest(clock->second.all, ns);
    if (!snapshot)
        return std::nullopt;
    // By way of another clock that was read together with this one.
    for (const auto &reading : m_snapshots[*snapshot]) {
        const auto add = distance(*snapshot, key, reading.clock);
        if (reading.clock == key || !add)
            continue;
        if (const auto out = directly(reading.clock, saturatingAdd(ns, *add)))
            return out;
    }
    return std::nullopt;
}

} // namespace flamewright::perfetto
