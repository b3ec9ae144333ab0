#pragma once

#include "views/scene/display_list.h"

#include <array>
#include <cstdint>
#include <span>

// The design tokens of resources/theme/tokens.json: colour roles, type scale, radii, rows, spacing.
// Every view, widget and report takes its looks from here.
namespace flamewright {

enum class Theme : std::uint8_t { Light, Dark, Print };

// Frames take a colour of their kind's list by a hash of their name.
struct FlameColors {
    std::array<Rgba, 12> user;
    std::array<Rgba, 6> kernel, jit, interpreted;
    std::array<Rgba, 4> other; // guest, hypervisor, markers
    std::array<Rgba, 3> unresolved;
    Rgba merged; // boxes that stand for several frames too narrow to draw
    Rgba match;  // found by the search
    // The other colour schemes.
    std::array<Rgba, 10> groups; // modules or packages, told apart
    Rgba otherGroups;            // those that no colour is left for
    std::array<Rgba, 8> kinds;   // by FrameClass
    std::array<Rgba, 8> heat;    // own share from none to most: lightness alone tells them apart
};

// One theme's colours by role. text1..3 reach 4.5:1 on every surface, text1 on every frame.
struct Palette {
    Rgba surface0, surface1, surface2; // canvas, panel, raised or striped
    Rgba border;
    Rgba text1, text2, text3; // strong, secondary, hint
    Rgba accent;
    Rgba sideA, sideB; // baseline is always A, candidate always B
    Rgba search;
    Rgba ok, warn, error;
    std::array<Rgba, 4> worse, better; // weak to strong
    Rgba noEvidence;
    Rgba grid;
    std::array<Rgba, 7> heat; // amounts above zero, small to large; zero is the surface
    std::array<Rgba, 8> lines; // of plots, at least 3:1 on every surface; A's and B's come first
    Rgba otherLines;           // what no colour is left for
    FlameColors flame;
};

namespace tokens {
#include "views/scene/tokens.inc"
} // namespace tokens

constexpr const Palette &palette(Theme theme)
{
    switch (theme) {
    case Theme::Light: return tokens::k_light;
    case Theme::Dark: return tokens::k_dark;
    case Theme::Print: return tokens::k_print;
    }
    return tokens::k_light;
}

// Font of a text: family, pixel size and weight come from the tokens.
struct FontSpec {
    bool mono = false;
    int pixelSize = tokens::k_size_body;
    int weight = tokens::k_weight_body; // as CSS and Qt count
};
constexpr FontSpec fontSpec(FontRole role)
{
    switch (role) {
    case FontRole::Label: return {.pixelSize = tokens::k_size_label};
    case FontRole::Caption: return {.pixelSize = tokens::k_size_caption};
    case FontRole::Body: return {};
    case FontRole::Strong: return {.weight = tokens::k_weight_strong};
    case FontRole::Title:
        return {.pixelSize = tokens::k_size_title, .weight = tokens::k_weight_strong};
    case FontRole::Mono: return {.mono = true, .pixelSize = tokens::k_size_label};
    }
    return {};
}

// `amount` of `b` in `a`, opaque: dimming, hover, tints.
constexpr Rgba mixed(Rgba a, Rgba b, double amount)
{
    std::uint32_t out = 0xff;
    for (int shift = 8; shift <= 24; shift += 8) {
        const auto from = static_cast<double>(a.value >> shift & 0xff);
        const auto to = static_cast<double>(b.value >> shift & 0xff);
        out |= static_cast<std::uint32_t>(from + (to - from) * amount + 0.5) << shift;
    }
    return {out};
}
constexpr Rgba withAlpha(Rgba color, double alpha)
{
    return {(color.value & 0xffffff00u) | static_cast<std::uint32_t>(alpha * 255 + 0.5)};
}

// WCAG 2 contrast ratio of two opaque colours, 1 to 21.
double contrastRatio(Rgba a, Rgba b);

} // namespace flamewright
