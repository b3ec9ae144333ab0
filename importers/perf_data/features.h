#pragma once

#include "importers/perf_data/events.h"
#include "importers/perf_data/modules.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace flamewright {

// Facts about the recording that perf writes behind the samples, or as records into a pipe.
class PerfFeatures {
public:
    PerfFeatures(RecordSink &sink, PerfEvents &events, PerfModules &modules)
        : m_sink(sink),
          m_events(events),
          m_modules(modules)
    {}

    // True for features that are used here; others need not be read.
    static bool isWanted(std::uint64_t feature);
    // False when the section is too short for what it should hold; what was there is used.
    bool parse(std::uint64_t feature, std::span<const std::byte> bytes, bool swap);
    // The body of a HEADER_BUILD_ID record, which a build id section is a list of.
    bool parseBuildId(std::uint16_t misc, std::span<const std::byte> body, bool swap);
    // What follows from the events themselves. Call when all is read.
    void finish();

private:
    bool parseBuildIds(std::span<const std::byte> bytes, bool swap);
    bool parseEventNames(std::span<const std::byte> bytes, bool swap);
    bool parseClock(std::span<const std::byte> bytes, bool swap);

    RecordSink &m_sink;
    PerfEvents &m_events;
    PerfModules &m_modules;
    bool m_hasWallClock = false;
};

} // namespace flamewright
