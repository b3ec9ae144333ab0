#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

// What a user chooses about the picture of a difference, with the names used on the command line and
// in saved layouts.
namespace flamewright {

enum class DiffWidth : std::uint8_t {
    Larger, // of both sides: what vanished and what is new can be seen
    Base,   // A's values: what only B has is a hair wide
    Cand    // B's
};
inline constexpr std::array kDiffWidths = {DiffWidth::Larger, DiffWidth::Base, DiffWidth::Cand};

enum class DiffColor : std::uint8_t { Total, Self }; // the change of which value
inline constexpr std::array kDiffColors = {DiffColor::Total, DiffColor::Self};

// "max", "a", "b".
std::string_view nameOf(DiffWidth width);
std::optional<DiffWidth> diffWidth(std::string_view name);
// "total", "self".
std::string_view nameOf(DiffColor color);
std::optional<DiffColor> diffColor(std::string_view name);

} // namespace flamewright
