#pragma once

#include "views/scene/display_list.h"
#include "views/scene/theme.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace flamewright {

// Keys of a picture one after the other, in as many lines as they need: what colours, marks and
// widths mean is never cut off.
class LegendFlow {
public:
    static constexpr float kLine = 20;
    static constexpr float kSwatch = 14;

    explicit LegendFlow(const TextMetrics &metrics) : m_metrics(metrics) {}

    void text(std::string text);
    // A swatch that is painted by the caller, and what it means.
    using Swatch = std::function<void(RectF box, const Palette &colors, DisplayList &out)>;
    void key(std::string label, Swatch swatch);
    void key(std::string label, Rgba fill);
    // Swatches side by side with their names in them, and words at both ends.
    struct Step {
        std::string label;
        Rgba fill;
    };
    void scale(std::string before, std::vector<Step> steps, std::string after);
    void newLine();

    float height(float width) const;
    void paint(PointF at, float width, Theme theme, DisplayList &out) const;

private:
    struct Item {
        std::string before, label; // `label` after the swatch
        Swatch swatch;
        std::vector<Step> steps;
        bool breaks = false; // begins a line
    };
    float widthOf(const Item &item) const;
    float stepWidth(const Step &step) const;
    // Calls `place` with each item and where it is; returns the height.
    template <typename Place>
    float flow(float width, Place place) const;
    void paintItem(const Item &item, PointF at, const Palette &colors, DisplayList &out) const;

    const TextMetrics &m_metrics;
    std::vector<Item> m_items;
};

} // namespace flamewright
