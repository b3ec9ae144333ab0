#pragma once

#include <QIcon>

namespace flamewright {

// The window's small line icons, drawn by us as paths: sharp at every scale and in the colour of
// the palette, without image files or an SVG plug-in.
enum class Glyph : unsigned char {
    Back,
    Forward,
    Close,
    Search,
    Down,
    Reset,
    Copy,
    Icicle,
    Flame,
    Open,
    Warning,
    Check,
    Add,
    Split,
    Table,
    HeatMap,
    OverTime,
    Curve,
    Bars,
    Levels,
    Swap,
    Difference,
    More
};
QIcon glyphIcon(Glyph glyph);

// The program's mark: stacked bars growing into a flame.
QIcon appIcon();
void paintAppMark(QPainter &painter, const QRectF &box);

} // namespace flamewright
