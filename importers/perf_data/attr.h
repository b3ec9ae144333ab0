#pragma once

#include "capture/base/units.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace flamewright {

// What of struct perf_event_attr matters here, in native byte order. Fields that an older or
// shorter struct lacks are zero.
struct PerfAttr {
    std::uint32_t type = 0;
    std::uint32_t size = 0; // of the struct in the file
    std::uint64_t config = 0;
    std::uint64_t period = 0; // or frequency, see `freq`
    std::uint64_t sampleType = 0;
    std::uint64_t readFormat = 0;
    std::uint64_t bpAddr = 0;
    std::uint64_t branchSampleType = 0;
    std::uint64_t regsUser = 0;
    std::uint64_t regsIntr = 0;
    std::int32_t clockId = 0;
    std::uint8_t preciseIp = 0;
    bool inherit = false;
    bool excludeUser = false, excludeKernel = false, excludeHv = false;
    bool excludeHost = false, excludeGuest = false;
    bool freq = false; // `period` is samples per second
    bool sampleIdAll = false;
    bool useClockId = false;

    bool isDummy() const;
    friend bool operator==(const PerfAttr &, const PerfAttr &) = default;
};

// `bytes` is as much of the struct as there is. Bit-fields of the other byte order are laid out
// from the other end of each byte, which is undone here.
PerfAttr parsePerfAttr(std::span<const std::byte> bytes, bool swap);

// The event's name as perf makes it up for files that do not tell: "cycles:u",
// "L1-dcache-load-misses", "raw 0x1c2".
std::string perfEventName(const PerfAttr &attr);
// The unit of the event's period.
Unit perfEventUnit(const PerfAttr &attr, std::string_view name);

} // namespace flamewright
