#include "views/scene/flame_options.h"

namespace flamewright {
namespace {

template <class T, std::size_t N>
std::optional<T> named(const std::array<T, N> &all, std::string_view name)
{
    for (const auto value : all) {
        if (nameOf(value) == name)
            return value;
    }
    return std::nullopt;
}

} // namespace

std::string_view nameOf(FlameLayout layout)
{
    switch (layout) {
    case FlameLayout::Icicle: return "icicle";
    case FlameLayout::Flame: return "flame";
    case FlameLayout::Inverted: return "inverted";
    case FlameLayout::LeftHeavy: return "left-heavy";
    case FlameLayout::Chart: return "chart";
    case FlameLayout::Sandwich: return "sandwich";
    }
    return {};
}

std::optional<FlameLayout> flameLayout(std::string_view name)
{
    return named(kFlameLayouts, name);
}

std::string_view nameOf(ColorScheme scheme)
{
    switch (scheme) {
    case ColorScheme::Name: return "name";
    case ColorScheme::Module: return "module";
    case ColorScheme::Package: return "package";
    case ColorScheme::Kind: return "kind";
    case ColorScheme::Self: return "self";
    }
    return {};
}

std::optional<ColorScheme> colorScheme(std::string_view name)
{
    return named(kColorSchemes, name);
}

} // namespace flamewright
