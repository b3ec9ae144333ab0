#pragma once

#include "capture/session/records.h"
#include "views/scene/flame_options.h"
#include "views/scene/theme.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace flamewright {

// What ColorScheme::Kind tells apart; index of FlameColors::kinds.
enum class FrameClass : std::uint8_t {
    User,
    Kernel,
    Jit,
    Interpreted,
    Inlined,
    GarbageCollection,
    Other, // guest, hypervisor, markers
    Unresolved
};
inline constexpr std::size_t kFrameClasses = 8;
FrameClass frameClass(FrameKind kind, bool unresolved, bool inlined, bool garbageCollection);

// Own shares of what is shown at which the heat scale has its steps; step 0 is nothing at all,
// step 1 less than the first.
inline constexpr double kHeatSteps[] = {0.001, 0.003, 0.01, 0.03, 0.1, 0.3};
std::uint8_t heatStep(double self, double whole);

// A group of ColorScheme::Module or Package that has no colour of its own.
inline constexpr std::uint8_t kOtherGroups = 255;

// The colour of a frame, and that of the text on it.
struct FrameLook {
    FrameKind kind = FrameKind::User;
    bool unresolved = false, inlined = false, merged = false;
    bool dimmed = false;   // a caller of the frame zoomed to
    bool match = false;    // found by the search
    bool mismatch = false; // not found by the search
    std::uint8_t hash = 0; // Name
    ColorScheme scheme = ColorScheme::Name;
    std::uint8_t shade =
        0; // Module, Package: the group. Kind: the FrameClass. Self: the heat step.
};
struct FrameColors {
    Rgba fill, text;
};
FrameColors frameColors(const FrameLook &look, Theme theme);
// The same of a colour that something else than the scheme decides.
FrameColors frameColors(const FrameLook &look, Rgba fill, Theme theme);

// The theme's text; where it cannot be read on `fill`, that of the opposite theme.
Rgba textOn(Rgba fill, const Palette &colors);

// The outline by which a box of merged frames is told from a frame, whatever its colour is.
Rgba mergedEdge(Rgba fill, Rgba text);

// Stable between views, runs and versions: digits do not count, so that "worker-1" and "worker-2"
// look alike.
std::uint8_t nameHash(std::string_view name);

} // namespace flamewright
