#include "views/scene/tracks_painter.h"

#include <algorithm>
#include <array>

// The column of names beside the tracks.
namespace flamewright {
namespace {

constexpr float kIndent = 12, kLeft = 8, kCaretRoom = 14;

} // namespace

void TracksView::Paint::caret(float x, float y, bool open)
{
    const auto points =
        open ? std::array{PointF{x, y - 2}, PointF{x + 3.5f, y + 2}, PointF{x + 7, y - 2}}
             : std::array{PointF{x + 1.5f, y - 3.5f}, PointF{x + 5.5f, y},
                          PointF{x + 1.5f, y + 3.5f}};
    out.polyline(points, colors.text3, 1.5f);
}

void TracksView::Paint::name(const TrackPlace &place, double y, RectF area)
{
    const auto &node = view.m_set->nodes[place.node];
    const auto top = static_cast<float>(y), height = static_cast<float>(place.height);
    const RectF cell{0, top, where.names, height};
    const bool heading = place.group && place.lanes == 0;
    out.fillRect(cell, heading ? colors.surface2 : colors.surface1);
    if (view.m_focused == place.node)
        out.fillRect({0, top, 3, height - 1}, colors.accent);
    out.fillRect({0, top + height - 1, where.names, 1}, colors.grid);
    // The name stays in sight while any of the track is.
    const auto line = metrics.lineHeight(FontRole::Body);
    const auto middle = std::min(kGroupHeight, place.height);
    auto baseline = y + (middle - static_cast<double>(line)) / 2;
    baseline = std::max(baseline, std::min(static_cast<double>(area.y) + 5,
                                           y + place.height - static_cast<double>(line) - 4));
    const auto at = static_cast<float>(baseline);
    auto left = kLeft + kIndent * static_cast<float>(node.indent);
    if (place.group || node.lanes > 1)
        caret(left, at + line / 2, place.open);
    left += kCaretRoom;
    const auto right = where.names - 8;
    const auto title = heading || node.isCapture() ? FontRole::Strong : FontRole::Body;
    const auto width = text(node.name, left, at, right - left, colors.text1, title);
    auto detail = node.detail;
    if (!place.open && place.group)
        detail = formatCount(node.subtreeEnd - place.node - 1) +
                 (node.subtreeEnd - place.node == 2 ? " track" : " tracks");
    const auto room = right - left - width - 8;
    if (!detail.empty() && room > 30) {
        const auto own = metrics.width(detail, FontRole::Caption);
        const auto lower = at + line - metrics.lineHeight(FontRole::Caption) - 1;
        if (own <= room)
            text(detail, right - own, lower, own + 1, colors.text3, FontRole::Caption);
    }
}

void TracksView::Paint::names(const std::vector<TrackPlace> &places, RectF area, double scroll)
{
    out.fillRect({0, area.y, where.names, area.height}, colors.surface1);
    const auto first =
        std::lower_bound(places.begin(), places.end(), scroll,
                         [](const TrackPlace &p, double at) { return p.y + p.height <= at; });
    for (auto it = first; it != places.end(); ++it) {
        const auto y = device(static_cast<double>(area.y) + it->y - scroll);
        if (y >= static_cast<double>(area.bottom()))
            break;
        name(*it, y, area);
    }
    out.fillRect({where.names - 1, area.y, 1, area.height}, colors.border);
}

// The group that the first visible track is in, when its own line is out of sight.
void TracksView::Paint::stickyGroup(RectF area, double scroll)
{
    const auto first = view.m_rows.at(scroll);
    if (first == view.m_rows.places().size())
        return;
    const auto &place = view.m_rows.places()[first];
    const auto parent = view.m_set->nodes[place.node].parent;
    const auto *group = parent == UINT32_MAX ? nullptr : view.m_rows.placeOf(parent);
    if (!group || group->lanes > 0 || group->y >= scroll)
        return;
    // The last of the group pushes it out.
    const auto end = view.m_set->nodes[parent].subtreeEnd;
    auto y = static_cast<double>(area.y);
    for (auto i = first; i < view.m_rows.places().size(); ++i) {
        const auto &next = view.m_rows.places()[i];
        if (next.node >= end || next.node < parent) {
            y = std::min(y, static_cast<double>(area.y) + next.y - scroll - kGroupHeight);
            break;
        }
        if (next.y > scroll + kGroupHeight)
            break;
    }
    TrackPlace shown = *group;
    shown.height = kGroupHeight;
    y = device(y);
    out.fillRect({where.names, static_cast<float>(y), where.plotWidth, kGroupHeight},
                 withAlpha(colors.surface2, 0.94));
    out.fillRect({where.names, static_cast<float>(y + kGroupHeight - 1), where.plotWidth, 1},
                 colors.border);
    name(shown, y, area);
    out.fillRect({where.names - 1, static_cast<float>(y), 1, kGroupHeight}, colors.border);
}

void TracksView::Paint::corner()
{
    out.fillRect(where.corner, colors.surface1);
    const auto bottom = where.corner.bottom();
    out.fillRect({0, bottom - 1, viewport.size.width, 1}, colors.border);
    out.fillRect({where.names - 1, 0, 1, bottom}, colors.border);
    const auto room = where.names - 2 * kLeft;
    const auto shown = view.durationText(static_cast<std::int64_t>(view.m_window.length));
    const auto line = metrics.lineHeight(FontRole::Body);
    const auto y = where.ruler.y + (where.ruler.height - line) / 2;
    if (view.m_bare) {
        text(shown + " shown", kLeft, y, room, colors.text2, FontRole::Body);
        return;
    }
    std::int64_t all = 0;
    if (__builtin_sub_overflow(view.m_set->end, view.m_set->begin, &all))
        all = INT64_MAX;
    text(view.durationText(all), kLeft, 11, room, colors.text1, FontRole::Strong);
    text(shown + " shown", kLeft, y, room, colors.text2, FontRole::Caption);
}

} // namespace flamewright
