#include "views/paint/imgui_fonts.h"

#include "views/scene/theme.h"

#include <QFontMetricsF>
#include <QImage>
#include <QPainter>
#include <QString>

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace flamewright {
namespace {

// A capture may be full of strange characters; the texture stays bounded.
constexpr std::size_t kMaxGlyphs = 8192;
constexpr int kLargestGlyph = 256; // device pixels

struct Raster {
    std::uint64_t key = 0;
    QImage image;
    int left = 0, top = 0; // device pixels from pen and top of line
    int rect = -1;         // of the atlas
};

class Rasterizer {
public:
    Rasterizer(const QtTextMetrics &metrics, double ratio) : m_metrics(metrics), m_ratio(ratio) {}

    Raster draw(char32_t codePoint, FontRole role)
    {
        auto font = qtFont(role);
        font.setStyleStrategy(QFont::NoSubpixelAntialias);
        const auto text = QString::fromUcs4(&codePoint, 1);
        const auto ascent = static_cast<double>(m_metrics.ascent(role));
        const auto ink = QFontMetricsF(font).boundingRect(text).translated(0, ascent);
        Raster out;
        out.left = static_cast<int>(std::floor(ink.left() * m_ratio)) - 1;
        out.top = static_cast<int>(std::floor(ink.top() * m_ratio)) - 1;
        const auto width = static_cast<int>(std::ceil(ink.right() * m_ratio)) + 1 - out.left;
        const auto height = static_cast<int>(std::ceil(ink.bottom() * m_ratio)) + 1 - out.top;
        if (ink.isEmpty() || width > kLargestGlyph || height > kLargestGlyph)
            return out;
        out.image = QImage(width, height, QImage::Format_ARGB32_Premultiplied);
        out.image.setDevicePixelRatio(m_ratio);
        out.image.fill(Qt::transparent);
        QPainter painter(&out.image);
        painter.setFont(font);
        painter.setPen(Qt::white);
        painter.drawText(QPointF(-out.left / m_ratio, ascent - out.top / m_ratio), text);
        return out;
    }

private:
    const QtTextMetrics &m_metrics;
    double m_ratio;
};

// Alpha of the image into the texture, which has one byte per pixel.
void copyAlpha(const Raster &glyph, const ImFontAtlasCustomRect &rect, ImFontAtlas &atlas)
{
    for (int y = 0; y < glyph.image.height(); ++y) {
        const auto *from = reinterpret_cast<const QRgb *>(glyph.image.constScanLine(y));
        auto *to = atlas.TexPixelsAlpha8 +
                   static_cast<std::ptrdiff_t>(rect.Y + y) * atlas.TexWidth + rect.X;
        for (int x = 0; x < glyph.image.width(); ++x)
            to[x] = static_cast<unsigned char>(qAlpha(from[x]));
    }
}

} // namespace

ImGuiFonts::ImGuiFonts(ImFontAtlas &atlas) : m_atlas(atlas)
{
    for (std::size_t role = 0; role < kFontRoles; ++role) {
        for (char32_t c = '!'; c <= '~'; ++c)
            m_glyphs.emplace(key(c, static_cast<FontRole>(role)), Glyph{});
        for (const char32_t c : {U'\u2026', U'\u00b7', U'\u2212', U'\u00b5'})
            m_glyphs.emplace(key(c, static_cast<FontRole>(role)), Glyph{});
    }
}

void ImGuiFonts::build(float pixelRatio)
{
    m_ratio = pixelRatio;
    m_stale = false;
    m_atlas.Clear();
    m_atlas.Flags |= ImFontAtlasFlags_NoMouseCursors;
    m_atlas.TexDesiredWidth = m_glyphs.size() > 2048 || pixelRatio > 1.5f ? 2048 : 1024;
    m_atlas.AddFontDefault(); // Dear ImGui insists on one
    // In a fixed order: the same glyphs make the same texture.
    std::vector<std::uint64_t> keys;
    for (const auto &entry : m_glyphs)
        keys.push_back(entry.first);
    std::sort(keys.begin(), keys.end());
    std::vector<Raster> rasters;
    Rasterizer rasterizer(m_metrics, static_cast<double>(pixelRatio));
    for (const auto k : keys) {
        auto raster = rasterizer.draw(static_cast<char32_t>(k), static_cast<FontRole>(k >> 32));
        if (raster.image.isNull())
            continue;
        raster.key = k;
        raster.rect = m_atlas.AddCustomRectRegular(raster.image.width(), raster.image.height());
        rasters.push_back(std::move(raster));
    }
    m_atlas.Build();
    for (const auto &raster : rasters) {
        const auto &rect = *m_atlas.GetCustomRectByIndex(raster.rect);
        if (!rect.IsPacked())
            continue;
        copyAlpha(raster, rect, m_atlas);
        ImVec2 from, to;
        m_atlas.CalcCustomRectUV(&rect, &from, &to);
        m_glyphs[raster.key] = {static_cast<float>(raster.left),
                                static_cast<float>(raster.top),
                                static_cast<float>(raster.left + raster.image.width()),
                                static_cast<float>(raster.top + raster.image.height()),
                                from.x,
                                from.y,
                                to.x,
                                to.y};
    }
}

const ImGuiFonts::Glyph *ImGuiFonts::glyph(char32_t codePoint, FontRole font)
{
    if (codePoint <= ' ')
        return nullptr;
    const auto it = m_glyphs.find(key(codePoint, font));
    if (it == m_glyphs.end()) {
        if (m_glyphs.size() >= kMaxGlyphs)
            return glyph(U'?', font);
        ++m_misses;
        m_glyphs.emplace(key(codePoint, font), Glyph{});
        m_stale = true;
        return nullptr;
    }
    ++m_hits;
    return it->second.x1 > it->second.x0 ? &it->second : nullptr;
}

} // namespace flamewright
