#pragma once

#include "views/paint/paint_qt.h"
#include "views/scene/display_list.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>

struct ImFontAtlas;

namespace flamewright {

// The glyphs of a Dear ImGui canvas. Qt rasterises them, at the screen's pixel ratio, into the
// texture that Dear ImGui uses for everything: every script the system has a font for is shown,
// and text looks and measures the same as with QPainter.
class ImGuiFonts {
public:
    // Corners in device pixels from the pen at the top of the line, and in the texture.
    struct Glyph {
        float x0 = 0, y0 = 0, x1 = 0, y1 = 0;
        float u0 = 0, v0 = 0, u1 = 0, v1 = 0;
    };

    explicit ImGuiFonts(ImFontAtlas &atlas);

    // Makes the texture's pixels, with all glyphs asked for so far. The caller uploads them. Not
    // between NewFrame() and Render().
    void build(float pixelRatio);
    // A glyph that is not in the texture yet was asked for, or the texture is for another screen:
    // build and paint again.
    bool needsBuild(float pixelRatio) const { return m_stale || pixelRatio != m_ratio; }

    // nullptr: nothing to draw, or not yet.
    const Glyph *glyph(char32_t codePoint, FontRole font);

    // Glyphs found and not found in the texture.
    std::size_t hits() const { return m_hits; }
    std::size_t misses() const { return m_misses; }
    void resetCounts() { m_hits = m_misses = 0; }

    float pixelRatio() const { return m_ratio; }
    const QtTextMetrics &metrics() const { return m_metrics; }

private:
    static std::uint64_t key(char32_t codePoint, FontRole font)
    {
        return static_cast<std::uint64_t>(font) << 32 | codePoint;
    }

    ImFontAtlas &m_atlas;
    QtTextMetrics m_metrics;
    float m_ratio = 1;
    bool m_stale = true;
    std::size_t m_hits = 0, m_misses = 0;
    std::unordered_map<std::uint64_t, Glyph> m_glyphs;
};

} // namespace flamewright
