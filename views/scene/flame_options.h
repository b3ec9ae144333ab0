#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

// What a user chooses about a flame graph, with the names used on the command line and in saved
// layouts.
namespace flamewright {

enum class FlameLayout : std::uint8_t {
    Icicle,    // root on top, siblings by name: two captures look alike
    Flame,     // the same, root at the bottom
    Inverted,  // of invertedProfile(): functions that ran on top, their callers below
    LeftHeavy, // root on top, heaviest sibling first
    Chart,     // of chartProfile(): along time, a lane for each thread
    Sandwich   // callers of one function above it, what it calls below
};
inline constexpr std::array kFlameLayouts = {FlameLayout::Icicle,   FlameLayout::Flame,
                                             FlameLayout::Inverted, FlameLayout::LeftHeavy,
                                             FlameLayout::Chart,    FlameLayout::Sandwich};

enum class ColorScheme : std::uint8_t {
    Name,    // a colour of the frame's kind, by a hash of its name
    Module,  // program, library, kernel
    Package, // C++ namespace, Java package, Go package, Rust crate; else the module
    Kind,    // user, kernel, JIT, interpreted, inlined, garbage collection
    Self     // own share of what is shown: a heat scale
};
inline constexpr std::array kColorSchemes = {ColorScheme::Name, ColorScheme::Module,
                                             ColorScheme::Package, ColorScheme::Kind,
                                             ColorScheme::Self};

// "icicle", "flame", "inverted", "left-heavy", "chart", "sandwich".
std::string_view nameOf(FlameLayout layout);
std::optional<FlameLayout> flameLayout(std::string_view name);
// "name", "module", "package", "kind", "self".
std::string_view nameOf(ColorScheme scheme);
std::optional<ColorScheme> colorScheme(std::string_view name);

} // namespace flamewright
