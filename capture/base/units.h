#pragma once

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

namespace flamewright {

// Time is integer nanoseconds. Points and lengths are different types, so point + point
// and "duration where a timestamp was meant" do not compile.
using Duration = std::chrono::duration<std::int64_t, std::nano>;

// Nanoseconds on the capture's own clock (perf's monotonic clock, a trace's epoch ...), as the
// tool that made it prints them. CaptureInfo::wallOffset moves them to the wall clock.
// It has no now(): captures are recorded, not running.
struct CaptureClock {
    using rep = Duration::rep;
    using period = Duration::period;
    using duration = Duration;
    using time_point = std::chrono::time_point<CaptureClock, Duration>;
    static constexpr bool is_steady = true;
};
using Timestamp = CaptureClock::time_point;

// The time of a row that has none, as in aggregated profiles. Inside the default TimeRange.
inline constexpr Timestamp kNoTime{Duration::min()};

// Half open: [begin, end).
struct TimeRange {
    Timestamp begin{Duration::min()};
    Timestamp end{Duration::max()};
    constexpr bool contains(Timestamp t) const { return begin <= t && t < end; }
    constexpr bool isAll() const { return *this == TimeRange{}; }
    friend constexpr bool operator==(const TimeRange &, const TimeRange &) = default;
};

// Input is hostile: ticks times scale is checked once, where it is parsed.
constexpr std::optional<Duration> nanosFrom(std::int64_t ticks, std::int64_t nanosPerTick)
{
    std::int64_t out = 0;
    if (__builtin_mul_overflow(ticks, nanosPerTick, &out))
        return std::nullopt;
    return Duration{out};
}

// a + b, or the nearest representable value: totals of hostile input must not overflow.
constexpr std::int64_t saturatingAdd(std::int64_t a, std::int64_t b)
{
    std::int64_t out = 0;
    if (__builtin_add_overflow(a, b, &out))
        return a < 0 ? INT64_MIN : INT64_MAX;
    return out;
}

// A dense 32-bit identity. Tag keeps FrameId and StackId apart; ids never inherit from ids.
// Raw 0 is the empty string, the empty stack, or "unknown".
template <class Tag>
struct Id {
    std::uint32_t raw = 0;
    friend constexpr auto operator<=>(Id, Id) = default;
};
using StringId = Id<struct StringTag>;
using ModuleId = Id<struct ModuleTag>;
using FrameId = Id<struct FrameTag>;
using StackId = Id<struct StackTag>;
using TrackId = Id<struct TrackTag>;
using MeasureId = Id<struct MeasureTag>;
// A text that is only read one by one, like the arguments of a slice: not interned, not held in
// memory.
using TextId = Id<struct TextTag>;
// A capture inside its session; 1, 2, 3 ... as rows of the capture table.
using CaptureId = Id<struct CaptureTag>;

enum class Unit : std::uint8_t { Count, Nanoseconds, Bytes, Cycles, Ratio };

} // namespace flamewright

template <class Tag>
struct std::hash<flamewright::Id<Tag>> {
    std::size_t operator()(flamewright::Id<Tag> id) const noexcept { return id.raw; }
};
