#include "views/scene/diff_options.h"

#include <algorithm>

namespace flamewright {
namespace {

template <typename Choice, std::size_t N>
std::optional<Choice> named(const std::array<Choice, N> &choices, std::string_view name)
{
    const auto *const it = std::find_if(choices.begin(), choices.end(),
                                        [&](Choice choice) { return nameOf(choice) == name; });
    return it == choices.end() ? std::nullopt : std::optional(*it);
}

} // namespace

std::string_view nameOf(DiffWidth width)
{
    switch (width) {
    case DiffWidth::Larger: return "max";
    case DiffWidth::Base: return "a";
    case DiffWidth::Cand: return "b";
    }
    return "max";
}

std::optional<DiffWidth> diffWidth(std::string_view name)
{
    return named(kDiffWidths, name);
}

std::string_view nameOf(DiffColor color)
{
    return color == DiffColor::Self ? "self" : "total";
}

std::optional<DiffColor> diffColor(std::string_view name)
{
    return named(kDiffColors, name);
}

} // namespace flamewright
