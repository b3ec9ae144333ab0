#pragma once

#include "analysis/flame_tree.h"
#include "capture/base/format_value.h"
#include "views/scene/display_list.h"
#include "views/scene/theme.h"

#include <cstdint>
#include <string>
#include <vector>

namespace flamewright {

// What is known about one frame, as text for people: tooltip, inspector, SVG title, screen
// reader. Everything is safe to show (control characters are visible) but plain: escape for HTML.
struct FlameTooltip {
    std::string title;    // whole name
    std::string subtitle; // "serialize.js:41 · JIT · node"
    struct Row {
        std::string label, value;
        std::string ofAll, ofView, ofParent; // "21.4 %"; empty: says nothing new
        std::string ofFunction;              // in a sandwich: of the one in the middle
    };
    std::vector<Row> rows; // total, self
    std::string footer;    // how many samples, and the interval that gives; may have two lines
};

// `focus` is what is zoomed to. Sums of "all" are those of the root, or of Profile::whole.
FlameTooltip frameTooltip(const Profile &profile, std::uint32_t node, std::uint32_t focus,
                          ValueStyle style = {});

// A box for `count` frames with these sums, drawn as one because they are too narrow.
FlameTooltip mergedTooltip(const Profile &profile, std::uint32_t count, std::int64_t total,
                           std::int64_t samples, std::uint32_t focus, ValueStyle style = {});

// Draws it as a card with its top left at the origin; returns the card's size.
SizeF tooltipCard(const FlameTooltip &tooltip, Theme theme, const TextMetrics &metrics,
                  DisplayList &out);

// One line each, as for an SVG title.
std::string plainText(const FlameTooltip &tooltip);

// "390 ms", "11,404 samples", "1,234 cycles": a value of the profile's measure.
std::string measureText(const Profile &profile, std::int64_t value, ValueStyle style = {});
// "all · 11,404 samples · 9.5 s"
std::string rootLabel(const Profile &profile, ValueStyle style = {});
// "21.4 %, 95 % interval 20.8 to 22.0 %": the share of samples, which is what was measured.
std::string sampledShare(std::int64_t samples, std::int64_t all);
// "kernel", "JIT" ...; empty for plain user code.
std::string kindText(const FunctionInfo &function);
// The last `parts` components of a path.
std::string pathTail(std::string_view path, int parts);

} // namespace flamewright
