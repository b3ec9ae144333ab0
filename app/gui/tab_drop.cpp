#include "app/gui/tab_drop.h"

#include "app/gui/tab_group.h"

#include <QTabBar>
#include <QWidget>

#include <algorithm>
#include <array>

namespace flamewright {
namespace {

constexpr int kMarkWidth = 2;
constexpr double kEdgeShare = 0.25;

QRect rectIn(const QWidget *area, const QWidget *part)
{
    return {part->mapTo(area, QPoint()), part->size()};
}

// Before which tab, and a line there.
TabDrop betweenTabs(const QWidget *area, TabGroup *group, QPoint point)
{
    const auto *bar = group->bar();
    const auto origin = bar->mapTo(area, QPoint());
    TabDrop out{.group = group, .at = group->count()};
    int x = 0;
    for (int i = 0; i < group->count(); ++i) {
        const auto tab = bar->tabRect(i);
        if (point.x() - origin.x() < tab.center().x()) {
            out.at = i;
            x = tab.left();
            break;
        }
        x = tab.right() + 1;
    }
    const auto header = rectIn(area, group->header());
    // The view beside may cover what is left of the first tab.
    const auto left = std::max(origin.x() + x - kMarkWidth / 2, header.left());
    out.mark = {left, header.top() + 4, kMarkWidth, header.height() - 8};
    return out;
}

} // namespace

std::optional<TabDrop> tabDropAt(const QWidget *area, TabGroup *group, QPoint point)
{
    using Place = TabDrop::Place;
    if (rectIn(area, group->header()).contains(point))
        return betweenTabs(area, group, point);
    const auto whole = rectIn(area, group);
    const QRect view(whole.left(), whole.top() + group->header()->height(), whole.width(),
                     whole.height() - group->header()->height());
    if (!view.contains(point))
        return std::nullopt;
    const auto across = static_cast<double>(point.x() - view.left()) / view.width();
    const auto down = static_cast<double>(point.y() - view.top()) / view.height();
    struct Edge {
        double distance;
        Place place;
        QRect mark;
    };
    const auto w = view.width() / 2, h = view.height() / 2;
    const std::array<Edge, 4> edges{
        {{across, Place::Left, view.adjusted(0, 0, w - view.width(), 0)},
         {1 - across, Place::Right, view.adjusted(view.width() - w, 0, 0, 0)},
         {down, Place::Above, view.adjusted(0, 0, 0, h - view.height())},
         {1 - down, Place::Below, view.adjusted(0, view.height() - h, 0, 0)}}};
    const auto nearest =
        std::min_element(edges.begin(), edges.end(),
                         [](const Edge &a, const Edge &b) { return a.distance < b.distance; });
    if (nearest->distance < kEdgeShare)
        return TabDrop{.group = group, .place = nearest->place, .mark = nearest->mark};
    return TabDrop{.group = group, .at = group->count(), .mark = view};
}

} // namespace flamewright
