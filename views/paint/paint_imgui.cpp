#include "views/paint/paint_imgui.h"

#include "capture/base/utf8.h"

#include <imgui.h>

#include <cmath>
#include <vector>

namespace flamewright {
namespace {

ImU32 toImGui(Rgba c)
{
    return IM_COL32(c.value >> 24, c.value >> 16 & 255, c.value >> 8 & 255, c.value & 255);
}

void paintText(std::string_view text, ImVec2 at, ImU32 color, FontRole font, ImDrawList &draw,
               ImGuiFonts &fonts)
{
    const auto ratio = fonts.pixelRatio();
    const auto top = std::round(at.y * ratio);
    float pen = at.x;
    for (std::size_t i = 0; i < text.size();) {
        const auto step = decodeUtf8(text, i);
        i += step.size;
        if (const auto *g = fonts.glyph(step.code, font)) {
            const auto x = std::round(pen * ratio);
            draw.PrimReserve(6, 4);
            draw.PrimRectUV({(x + g->x0) / ratio, (top + g->y0) / ratio},
                            {(x + g->x1) / ratio, (top + g->y1) / ratio}, {g->u0, g->v0},
                            {g->u1, g->v1}, color);
        }
        pen += fonts.metrics().advance(step.code, font);
    }
}

} // namespace

void paint(const DisplayList &list, ImDrawList &draw, ImGuiFonts &fonts, PointF origin)
{
    const auto at = [&](float x, float y) { return ImVec2(origin.x + x, origin.y + y); };
    draw._FringeScale = 1 / fonts.pixelRatio(); // edges are soft for one pixel of the device
    std::vector<ImVec2> points;
    for (const auto &c : list.commands()) {
        const auto color = toImGui(c.color);
        const auto a = at(c.rect.x, c.rect.y), b = at(c.rect.right(), c.rect.bottom());
        const auto width = static_cast<float>(c.count) / 16;
        switch (c.op) {
        case Op::FillRect: draw.AddRectFilled(a, b, color, c.radius); break;
        case Op::Cells:
            forEachRect(list.gridOf(c), [&](RectF r, Rgba fill) {
                draw.AddRectFilled(at(r.x, r.y), at(r.right(), r.bottom()), toImGui(fill));
            });
            break;
        case Op::StrokeRect:
            draw.PathRect({a.x + width / 2, a.y + width / 2}, {b.x - width / 2, b.y - width / 2},
                          c.radius);
            draw.PathStroke(color, ImDrawFlags_Closed, width);
            break;
        case Op::Line:
            draw.PathLineTo(a); // AddLine() would add half a pixel
            draw.PathLineTo(b);
            draw.PathStroke(color, 0, width);
            break;
        case Op::Polyline:
            points.clear();
            for (const auto p : list.pointsOf(c))
                points.push_back(at(p.x, p.y));
            draw.AddPolyline(points.data(), static_cast<int>(points.size()), color, 0, c.rect.x);
            break;
        case Op::Text: paintText(list.textOf(c), a, color, c.font, draw, fonts); break;
        case Op::PushClip: draw.PushClipRect(a, b, true); break;
        case Op::PopClip: draw.PopClipRect(); break;
        case Op::BeginItem:
        case Op::EndItem: // for documents only
        case Op::BeginLink:
        case Op::EndLink: break;
        }
    }
}

} // namespace flamewright
