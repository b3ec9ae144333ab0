#pragma once

#include "analysis/compare/comparison.h"

#include <optional>
#include <string>
#include <string_view>

// Items of comparisons as text for people, the same on the command line, in reports and in the
// window: analysis/compare/change_text.h, put together. A change is never written without its
// interval but where the interval has a column of its own.
namespace flamewright {

// "220 ms", "46.55 ns/op": one side of an item, in its unit; an en dash where there is none.
std::string sideText(const std::optional<double> &value, std::string_view unit);

// "-74 %"; where nothing can be divided "+12 ms", "new" or "gone".
std::string changeOnly(const ComparedItem &item);
// "-76 to -71 %", "+10 ms to +14 ms", "unknown".
std::string intervalOnly(const ComparedItem &item);
// Both: "-74 % (-76 to -71 %)", "new, +12 ms (+10 ms to +14 ms)", "-74 % (interval unknown)".
std::string changeText(const ComparedItem &item);

// What is behind the figure: "24,310 and 24,502", with several runs "24,310 in 5 runs and ...".
std::string countsText(const Change &change);
// "regressed"; of the others why: "not enough data: n too small".
std::string verdictText(const Change &change);
// What was measured: "p99", "self time per request".
std::string figureText(const ComparedItem &item);
// "850 ms to 220 ms, -74 % (95 % interval -76 to -71 %), n 24,310 and 24,502".
std::string evidenceText(const ComparedItem &item);
// "p99 of POST /checkout fell from 850 ms to 220 ms, -74 % (95 % interval -76 to -71 %), n 24,310 and
// 24,502."; without evidence "... is 850 ms to 840 ms, ...: not enough evidence.". The name as it is in
// the capture.
std::string itemSentence(const ComparedItem &item);

// When a side began, "2026-11-20 10:00 UTC"; empty: not known.
std::string sideTimeText(const ComparisonSide &side);

} // namespace flamewright
