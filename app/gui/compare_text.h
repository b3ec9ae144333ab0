#pragma once

#include "analysis/compare/comparison.h"
#include "capture/base/format_value.h"

#include <QString>

#include <optional>
#include <string_view>

// Comparisons in words: what bar, tables and cards say of a figure that was measured twice. A
// change never stands without its interval and what it is of.
namespace flamewright {

// app/compare/change_text.h, as the window writes values and shows text.
// "1.2 ms", "4.1 MiB", "12.4 %", "380/s"; an en dash where there is none.
QString comparedValue(const std::optional<double> &value, std::string_view unit, ValueStyle style);
QString comparedChange(const ComparedItem &item);   // "-74 %", "new", "gone"
QString comparedInterval(const ComparedItem &item); // "-76..-71 %"
QString comparedCounts(const Change &change);       // "24,310 and 24,502"
QString verdictWords(Verdict verdict);
QString figureTitle(std::string_view figure); // "p99", "self", "error share"
// All of it in lines, for tooltips and screen readers.
QString comparedTip(const ComparedItem &item, ValueStyle style);

QString titleOf(NormaliseBy by); // of the menu
// What it is based on, a sentence.
QString hintOf(NormaliseBy by);
// "per request", "share of total", "as measured".
QString wordsOf(const Normalisation &normalisation);
QString sectionTitle(const ComparedSection &section);  // "Profile: shop.perf.data"
QString sideDate(std::optional<std::int64_t> epochNs); // "2026-11-20 14:02 UTC"; empty: not known
QString weightText(ComparabilityRemark::Weight weight);
QString remarkTitle(std::string_view what); // "request mix"

} // namespace flamewright
