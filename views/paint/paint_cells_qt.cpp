#include "views/paint/paint_cells_qt.h"

#include "views/paint/paint_qt.h"

#include <QImage>
#include <QPaintEngine>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

namespace flamewright {
namespace {

constexpr int kWidest = 32'000; // pixels, of an image

// Edges as pixels of the device; nothing where one of them is between pixels.
std::optional<std::vector<int>> wholePixels(const std::vector<float> &edges, double scale,
                                            double offset)
{
    constexpr double kNear = 0.02;
    std::vector<int> out;
    out.reserve(edges.size());
    for (const auto edge : edges) {
        const auto place = static_cast<double>(edge) * scale + offset;
        const auto whole = std::round(place);
        if (std::abs(place - whole) > kNear || std::abs(whole) > kWidest)
            return std::nullopt;
        out.push_back(static_cast<int>(whole));
    }
    return out;
}

// Row by row: one line of pixels, repeated as high as the row is. A strip stays in the cache of the
// processor, where the rectangles of a column would be all over the memory of the picture.
bool paintPixels(const CellGrid &grid, QPainter &painter)
{
    const auto *engine = painter.paintEngine();
    const auto place = painter.deviceTransform();
    if (!engine || engine->type() != QPaintEngine::Raster || place.type() > QTransform::TxScale ||
        place.m11() <= 0 || place.m22() <= 0)
        return false;
    const auto x = wholePixels(grid.x, place.m11(), place.dx());
    const auto y = wholePixels(grid.y, place.m22(), place.dy());
    if (!x || !y || x->back() - x->front() > kWidest)
        return false;
    const auto width = x->back() - x->front();
    int highest = 0;
    for (std::size_t row = 0; row < grid.rows(); ++row)
        highest = std::max(highest, (*y)[row + 1] - (*y)[row]);
    if (width <= 0 || highest <= 0)
        return true; // less than a pixel
    std::vector<QRgb> colors;
    for (const auto color : grid.colors)
        colors.push_back(0xff000000u | color.value >> 8);
    QImage strip(width, highest, QImage::Format_RGB32);
    if (strip.isNull())
        return false;
    painter.save();
    painter.setWorldTransform(place.inverted(), true); // pixels of the device
    for (std::size_t row = 0; row < grid.rows(); ++row) {
        const auto height = (*y)[row + 1] - (*y)[row];
        if (height <= 0)
            continue;
        auto *line = reinterpret_cast<QRgb *>(strip.scanLine(0));
        for (std::size_t column = 0; column < grid.columns(); ++column)
            std::fill(line + ((*x)[column] - x->front()), line + ((*x)[column + 1] - x->front()),
                      colors[grid.cells[row * grid.columns() + column]]);
        for (int i = 1; i < height; ++i)
            std::copy_n(line, width, reinterpret_cast<QRgb *>(strip.scanLine(i)));
        painter.drawImage(QPoint(x->front(), (*y)[row]), strip, QRect(0, 0, width, height));
    }
    painter.restore();
    return true;
}

} // namespace

void paintCells(const CellGrid &grid, QPainter &painter)
{
    if (paintPixels(grid, painter))
        return;
    painter.setRenderHint(QPainter::Antialiasing, false);
    forEachRect(grid, [&](RectF r, Rgba color) {
        painter.fillRect(QRectF(static_cast<double>(r.x), static_cast<double>(r.y),
                                static_cast<double>(r.width), static_cast<double>(r.height)),
                         toQt(color));
    });
}

} // namespace flamewright
