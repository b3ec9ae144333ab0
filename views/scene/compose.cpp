#include "views/scene/compose.h"

#include <vector>

namespace flamewright {

void appendMoved(const DisplayList &from, float dx, float dy, DisplayList &out)
{
    for (const auto &c : from.commands()) {
        const RectF rect{c.rect.x + dx, c.rect.y + dy, c.rect.width, c.rect.height};
        const auto width = static_cast<float>(c.count) / 16;
        switch (c.op) {
        case Op::FillRect: out.fillRect(rect, c.color, c.radius); break;
        case Op::StrokeRect: out.strokeRect(rect, c.color, width, c.radius); break;
        case Op::Line:
            out.line({rect.x, rect.y}, {rect.right(), rect.bottom()}, c.color, width);
            break;
        case Op::Polyline: {
            std::vector<PointF> points(from.pointsOf(c).begin(), from.pointsOf(c).end());
            for (auto &p : points)
                p = {p.x + dx, p.y + dy};
            out.polyline(points, c.color, c.rect.x);
            break;
        }
        case Op::Text:
            out.text({rect.x, rect.y}, from.textOf(c), c.color, c.font, c.rect.width);
            break;
        case Op::PushClip: out.pushClip(rect); break;
        case Op::PopClip: out.popClip(); break;
        case Op::BeginItem: out.beginItem(c.role, from.textOf(c)); break;
        case Op::EndItem: out.endItem(); break;
        }
    }
}

} // namespace flamewright
