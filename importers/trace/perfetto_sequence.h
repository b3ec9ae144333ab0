#pragma once

#include "capture/session/record_sink.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace flamewright::perfetto {

// What one writer of packets has said before and refers to: names by number, and defaults.
struct Sequence {
    std::uint32_t id = 0;
    // Since a packet said that everything it needs comes again. Packets that refer to what came before
    // cannot be read without.
    bool valid = false;
    bool seen = false;
    std::uint64_t generation = 0; // changes whenever what came before is forgotten

    std::uint32_t defaultClock = 0; // 0: none
    std::optional<std::uint64_t> defaultTrack;
    std::vector<std::uint64_t> extraCounters, extraDoubleCounters; // tracks of extra values

    std::unordered_map<std::uint64_t, std::string> categories, eventNames, argNames, argTexts;

    // Of writers from before there were tracks: the thread, and the time that events count from.
    std::int32_t pid = -1, tid = -1;
    std::int64_t referenceUs = 0;

    void forget(std::uint64_t newGeneration);
};

// A message InternedData. Bytes that are kept come off `budget`; nothing is kept beyond. False when
// something was damaged or did not fit.
bool addInterned(Sequence &sequence, std::string_view message, std::uint64_t &budget);

// A message TracePacketDefaults.
bool setDefaults(Sequence &sequence, std::string_view message);

} // namespace flamewright::perfetto
