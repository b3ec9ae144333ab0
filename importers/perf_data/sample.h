#pragma once

#include "importers/perf_data/abi.h"
#include "importers/perf_data/attr.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace flamewright {

// A PERF_RECORD_SAMPLE, taken apart. Spans point into the record and hold 64-bit words in the
// file's byte order.
struct PerfSample {
    std::uint64_t ip = 0;
    std::int32_t pid = -1, tid = -1;
    std::uint64_t time = 0; // 0: none
    std::uint64_t id = 0;   // 0: none
    std::int32_t cpu = -1;
    std::uint64_t period = 0;
    std::span<const std::byte> chain; // addresses and context markers, innermost first
    // Counter values: `readCount` entries of `readStride` words, the value first, the id (when
    // the read format has one) at `readIdWord`, else that is 0.
    std::span<const std::byte> reads;
    std::size_t readCount = 0, readStride = 0, readIdWord = 0;
    std::span<const std::byte> branches; // (from, to, flags), newest first
    std::uint64_t userStackBytes = 0;
    std::uint64_t auxBytes = 0;
};

// Takes `body` (the record without its header) apart as `attr` says. False when it is too short
// for what it should hold.
bool parsePerfSample(const PerfAttr &attr, std::span<const std::byte> body, bool swap,
                     PerfSample &out);

// Fields that all other records of the kernel have at their end when the event says so
// (sample_id_all).
struct PerfTrailer {
    std::int32_t pid = -1, tid = -1;
    std::uint64_t time = 0;
    std::uint64_t id = 0;
    std::int32_t cpu = -1;
};
std::size_t perfTrailerBytes(const PerfAttr &attr);
PerfTrailer parsePerfTrailer(const PerfAttr &attr, std::span<const std::byte> body, bool swap);

} // namespace flamewright
