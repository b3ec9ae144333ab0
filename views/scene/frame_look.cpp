#include "views/scene/frame_look.h"

namespace flamewright {
namespace {

template <std::size_t N>
Rgba pick(const std::array<Rgba, N> &colors, std::uint8_t hash)
{
    return colors[hash % N];
}

Rgba baseColor(const FrameLook &look, const FlameColors &colors)
{
    if (look.merged)
        return colors.merged;
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

} // namespace

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

FrameColors frameColors(const FrameLook &look, Theme theme)
{
    const auto &colors = palette(theme);
    auto fill = baseColor(look, colors.flame);
    auto text = colors.text1;
    if (look.match)
        fill = mixed(colors.flame.match, fill, look.merged ? 0.0 : 0.12);
    if (look.inlined && !look.match)
        fill = mixed(fill, colors.surface0, 0.25);
    if (look.mismatch)
        fill = mixed(fill, colors.surface0, 0.4);
    if (look.dimmed)
        fill = mixed(fill, colors.surface0, look.match ? 0.35 : 0.6);
    return {fill, text};
}

} // namespace flamewright
