#pragma once

#include "capture/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace flamewright {

// What the figures of both sides are divided by before they are compared.
enum class NormaliseBy : std::uint8_t {
    Automatic, // per unit of work where it is known, nothing otherwise
    Nothing,   // as measured
    Total,     // share of the side's total
    WallTime,  // per second of the recording
    CpuTime,   // per second of CPU
    Work       // per unit of work: request, frame, byte ...
};
// "auto", "nothing", "total", "wall", "cpu", "work". Errc::Usage.
Result<NormaliseBy> normaliseBy(std::string_view text);
std::string_view nameOf(NormaliseBy by);

// The choice for one pair of captures, with what it is based on: shown next to every figure.
struct Normalisation {
    NormaliseBy by = NormaliseBy::Nothing; // never Automatic
    double base = 1, cand = 1;             // divide by these; both above 0
    std::string per;                       // "request", "s", "CPU second", "total"; empty: nothing
    std::string source; // "4,132 and 15,210 requests of autocannon_perf_cpu.json"; empty: nothing

    // "per request": for headings; empty for nothing, "share of total" for Total.
    std::string words() const;
};

} // namespace flamewright
