#pragma once

#include "views/scene/display_list.h"
#include "views/scene/theme.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace flamewright {

struct Viewport {
    SizeF size;       // device-independent pixels
    double begin = 0; // shown part of the domain (share of the whole, ns, percentile), in double:
    double end = 1;   // pixels are float, time is not
    float scrollY = 0;
    float scale = 1; // device pixels per pixel: edges are put on whole ones
};

struct Hit {
    std::uint64_t key = 0; // the view's own name for the thing
    std::string title;
    std::string detail;
};

// What a view is, without a toolkit: state in, display list out. Qt hosts it, ImGui or QPainter
// paints it, tests and `flamewright render` need neither.
class ViewModel {
public:
    virtual ~ViewModel() = default;
    virtual std::string_view kind() const = 0;
    // Appends this view to `out`. Pure: same state, viewport, theme and metrics, same list.
    virtual void paint(const Viewport &viewport, Theme theme, const TextMetrics &metrics,
                       DisplayList &out) const = 0;
    virtual std::optional<Hit> hitTest(const Viewport &viewport, PointF at) const = 0;
};

} // namespace flamewright
