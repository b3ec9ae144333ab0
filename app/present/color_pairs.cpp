#include "app/present/color_pairs.h"

#include <algorithm>

namespace flamewright {
namespace {

bool equal(PointF a, PointF b)
{
    return a.x == b.x && a.y == b.y;
}

bool equal(RectF a, RectF b)
{
    return a.x == b.x && a.y == b.y && a.width == b.width && a.height == b.height;
}

bool equalTexts(const DisplayList &one, const DrawCmd &a, const DisplayList &other,
                const DrawCmd &b)
{
    return one.textOf(a) == other.textOf(b);
}

bool equalPoints(const DisplayList &one, const DrawCmd &a, const DisplayList &other,
                 const DrawCmd &b)
{
    const auto left = one.pointsOf(a), right = other.pointsOf(b);
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](PointF p, PointF q) { return equal(p, q); });
}

bool equalGrids(const CellGrid &a, const CellGrid &b)
{
    return a.x == b.x && a.y == b.y && a.cells == b.cells && a.colors.size() == b.colors.size();
}

} // namespace

bool isRecolored(const DisplayList &one, const DisplayList &other)
{
    const auto left = one.commands(), right = other.commands();
    if (left.size() != right.size())
        return false;
    for (std::size_t i = 0; i < left.size(); ++i) {
        const auto &a = left[i], &b = right[i];
        if (a.op != b.op || a.font != b.font || a.radius != b.radius || a.role != b.role ||
            a.count != b.count || !equal(a.rect, b.rect))
            return false;
        switch (a.op) {
        case Op::Text:
        case Op::BeginItem:
        case Op::BeginLink:
            if (!equalTexts(one, a, other, b))
                return false;
            break;
        case Op::Polyline:
            if (!equalPoints(one, a, other, b))
                return false;
            break;
        case Op::Cells:
            if (!equalGrids(one.gridOf(a), other.gridOf(b)))
                return false;
            break;
        case Op::FillRect:
        case Op::StrokeRect:
        case Op::Line:
        case Op::PushClip:
        case Op::PopClip:
        case Op::EndItem:
        case Op::EndLink: break;
        }
    }
    return true;
}

std::size_t ColorPairs::numberOf(ColorPair pair)
{
    const auto key = std::uint64_t{pair.screen.value} << 32 | pair.print.value;
    const auto [it, fresh] = m_numbers.try_emplace(key, m_pairs.size());
    if (fresh)
        m_pairs.push_back(pair);
    return it->second;
}

} // namespace flamewright
