#pragma once

#include "views/scene/flame_coloring.h"

#include <string>
#include <vector>

namespace flamewright {

// What the colours of a flame graph mean, as far as they occur in it.
struct LegendEntry {
    std::string label; // safe to show
    Rgba fill;
    bool notch = false; // the mark of inlined frames
};
struct FlameLegend {
    std::string title;                // "own share of the view": what the scale is of; may be empty
    std::vector<LegendEntry> entries; // most important first
    LegendEntry others;               // groups without a colour of their own; no label: none
};
FlameLegend flameLegend(const Profile &profile, const FlameColoring &coloring, bool searching,
                        Theme theme);

// Adds what is new in the legend of a picture beside the first, with the same colours.
void addEntries(const FlameLegend &of, FlameLegend &to);

// Draws as many entries as fit into one line of `width` pixels, and says how many do not.
void paintLegend(const FlameLegend &legend, PointF at, float width, Theme theme,
                 const TextMetrics &metrics, DisplayList &out);

} // namespace flamewright
