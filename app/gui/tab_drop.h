#pragma once

#include <QPoint>
#include <QRect>

#include <cstdint>
#include <optional>

class QWidget;

namespace flamewright {

class TabGroup;

// Where a dragged tab would go: between the tabs of a group, or to an edge of its view as a group
// of its own.
struct TabDrop {
    enum class Place : std::uint8_t { Tabs, Left, Right, Above, Below };

    TabGroup *group = nullptr;
    Place place = Place::Tabs;
    int at = 0; // of Tabs: before which of them
    QRect mark; // what to show of it, in coordinates of `area`

    // Beside another rather than below or above it.
    bool isSideways() const { return place == Place::Left || place == Place::Right; }
    bool isBefore() const { return place == Place::Left || place == Place::Above; }
    friend bool operator==(const TabDrop &, const TabDrop &) = default;
};

// What dropping at `point` of `area` means over `group`; nothing beside it. A quarter of the view at
// each side is an edge, its middle and the bar are the tabs.
std::optional<TabDrop> tabDropAt(const QWidget *area, TabGroup *group, QPoint point);

} // namespace flamewright
