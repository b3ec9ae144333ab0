#include "views/scene/frame_look.h"

namespace flamewright {
namespace {

template <std::size_t N>
Rgba pick(const std::array<Rgba, N> &colors, std::uint8_t hash)
{
    return colors[hash % N];
}

Rgba colorByName(const FrameLook &look, const FlameColors &colors)
{
    if (look.unresolved)
        return pick(colors.unresolved, look.hash);
    switch (look.kind) {
    case FrameKind::Unknown:
    case FrameKind::User: return pick(colors.user, look.hash);
    case FrameKind::Kernel: return pick(colors.kernel, look.hash);
    case FrameKind::Jit: return pick(colors.jit, look.hash);
    case FrameKind::Interpreter: return pick(colors.interpreted, look.hash);
    case FrameKind::Guest:
    case FrameKind::Hypervisor:
    case FrameKind::Marker: return pick(colors.other, look.hash);
    }
    return colors.merged;
}

Rgba baseColor(const FrameLook &look, const FlameColors &colors)
{
    // Heat of a merged box is that of all its frames.
    if (look.scheme == ColorScheme::Self)
        return pick(colors.heat, look.shade);
    if (look.merged)
        return colors.merged;
    switch (look.scheme) {
    case ColorScheme::Name: return colorByName(look, colors);
    case ColorScheme::Module:
    case ColorScheme::Package:
        return look.shade == kOtherGroups ? colors.otherGroups : pick(colors.groups, look.shade);
    case ColorScheme::Kind: return pick(colors.kinds, look.shade);
    case ColorScheme::Self: break;
    }
    return colors.merged;
}

constexpr double kMergedEdge = 0.45;

} // namespace

Rgba textOn(Rgba fill, const Palette &colors)
{
    constexpr double kReadable = 4.5;
    for (const auto text : {colors.text1, colors.surface0}) {
        if (contrastRatio(text, fill) >= kReadable)
            return text;
    }
    const Rgba black{0x000000ff}, white{0xffffffff};
    return contrastRatio(black, fill) > contrastRatio(white, fill) ? black : white;
}

Rgba mergedEdge(Rgba fill, Rgba text)
{
    return mixed(fill, text, kMergedEdge);
}

std::uint8_t nameHash(std::string_view name)
{
    // FNV-1a; a name is told apart by its first bytes, however long it is.
    std::uint32_t hash = 2166136261u;
    for (const auto c : name.substr(0, 512)) {
        if (c < '0' || c > '9')
            hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
    }
    return static_cast<std::uint8_t>(hash >> 24 ^ hash >> 16 ^ hash >> 8 ^ hash);
}

FrameClass frameClass(FrameKind kind, bool unresolved, bool inlined, bool garbageCollection)
{
    if (unresolved)
        return FrameClass::Unresolved;
    if (garbageCollection)
        return FrameClass::GarbageCollection;
    switch (kind) {
    case FrameKind::Kernel: return FrameClass::Kernel;
    case FrameKind::Guest:
    case FrameKind::Hypervisor:
    case FrameKind::Marker: return FrameClass::Other;
    case FrameKind::Unknown:
    case FrameKind::User: return inlined ? FrameClass::Inlined : FrameClass::User;
    case FrameKind::Jit: return inlined ? FrameClass::Inlined : FrameClass::Jit;
    case FrameKind::Interpreter: return inlined ? FrameClass::Inlined : FrameClass::Interpreted;
    }
    return FrameClass::Other;
}

std::uint8_t heatStep(double self, double whole)
{
    if (!(self > 0) || !(whole > 0))
        return 0;
    std::uint8_t step = 1;
    for (const auto from : kHeatSteps)
        step = static_cast<std::uint8_t>(step + (self / whole >= from));
    return step;
}

FrameColors frameColors(const FrameLook &look, Theme theme)
{
    return frameColors(look, baseColor(look, palette(theme).flame), theme);
}

FrameColors frameColors(const FrameLook &look, Rgba fill, Theme theme)
{
    const auto &colors = palette(theme);
    if (look.match)
        fill = mixed(colors.flame.match, fill, look.merged ? 0.0 : 0.12);
    // The other schemes give the colour a meaning that their legend shows.
    if (look.inlined && !look.match && look.scheme == ColorScheme::Name)
        fill = mixed(fill, colors.surface0, 0.25);
    if (look.mismatch)
        fill = mixed(fill, colors.surface0, 0.4);
    if (look.dimmed)
        fill = mixed(fill, colors.surface0, look.match ? 0.35 : 0.6);
    return {fill, textOn(fill, colors)};
}

} // namespace flamewright
