#pragma once

#include "analysis/compare/normalisation.h"
#include "analysis/compare/verdict.h"
#include "capture/base/format_value.h"

#include <string>
#include <string_view>

// Figures that are compared, as text for people: the same in pictures, tables and reports. Units
// are those of ComparedItem and Explanation; names of units are as captured.
namespace flamewright {

// "12.3 ms per request", "1,240 samples", "412/s", "3.1 %" of a share. `per` empty: as measured.
std::string figureText(double value, std::string_view unit, std::string_view per = {},
                       ValueStyle style = {});
// With a sign, always: "+3.1 ms per request", "-0.4 points" of a share, "0 ms".
std::string differenceText(double delta, std::string_view unit, std::string_view per = {},
                           ValueStyle style = {});
// "-74 %", "+0.3 %", "0 %", "12×" from tenfold on: of cand / base - 1.
std::string relativeText(double ratio);
// "-76 to -71 %", "+9 % to 12×": of both ends of the interval of a relative change.
std::string relativeText(const ChangeInterval &interval);

// What changed, with its interval, never a bare percentage: "-74 % (95 % interval -76 to -71 %)",
// "new", "gone", "+3 ms (95 % interval +1 to +5 ms)" where there is nothing to be relative to.
std::string changeText(const Change &change, std::string_view unit, std::string_view per = {},
                       ValueStyle style = {});
// "850 ms to 220 ms"; "none to 220 ms".
std::string fromToText(const Change &change, std::string_view unit, std::string_view per = {},
                       ValueStyle style = {});
// "24,310 and 24,502 requests", with runs where there are several: "... of 5 and 5 runs".
std::string countsText(const Change &change, std::string_view of);

// The unit of a profile's measure: "ns", "bytes", "cycles", else the measure's name. Shares of the
// total: "share".
std::string unitOf(Unit unit, std::string_view measure, const Normalisation &normalisation);

} // namespace flamewright
