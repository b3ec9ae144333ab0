#pragma once

#include "analysis/compare/comparison.h"
#include "capture/base/format_value.h"

#include <QString>

#include <optional>
#include <string_view>

// Comparisons in words: what bar, tables and cards say of a figure that was measured twice. A
// change never stands without its interval and what it is of.
namespace flamewright {

// "1.2 ms", "4.1 MiB", "12.4 %", "380/s".
QString comparedValue(double value, std::string_view unit, ValueStyle style);
QString comparedValue(const std::optional<double> &value, std::string_view unit, ValueStyle style);
// "−74 %", of shares "−21.1 pp", "new", "gone"; an en dash where nothing can be said.
QString changeText(const ComparedItem &item);
// "−76.0 … −71.2 %"; of figures of one side only what it may be: "1.1 … 1.4 ms".
QString intervalText(const ComparedItem &item, ValueStyle style);
// "24,310 · 24,502", with runs where there are several: "3 × 8,104 · 3 × 8,210".
QString countsText(const Change &change);
QString verdictText(Verdict verdict);
// All of it in lines, for tooltips and screen readers.
QString comparedTip(const ComparedItem &item, ValueStyle style);
QString figureTitle(std::string_view figure); // "p99", "self", "error share"

QString titleOf(NormaliseBy by); // of the menu
// What it is based on, a sentence.
QString hintOf(NormaliseBy by);
// "per request", "share of total", "as measured".
QString wordsOf(const Normalisation &normalisation);
QString sectionTitle(const ComparedSection &section);  // "Profile: shop.perf.data"
QString dateText(std::optional<std::int64_t> epochNs); // "20 Nov 2026, 14:02"; empty: not known
QString weightText(ComparabilityRemark::Weight weight);
QString remarkTitle(std::string_view what); // "request mix"

} // namespace flamewright
