#pragma once

#include "views/scene/geometry.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace flamewright {

// Many cells on common edges, each in one of a few opaque colours: what would be a rectangle for
// each of 80,000 cells is one command, which a painter may draw as the pixels that it is.
struct CellGrid {
    std::vector<float> x, y; // edges from left to right and from the top: one more than cells
    std::vector<std::uint8_t> cells; // row by row from the top, indices of colors
    std::vector<Rgba> colors;        // the first one is the ground

    std::size_t columns() const { return x.empty() ? 0 : x.size() - 1; }
    std::size_t rows() const { return y.empty() ? 0 : y.size() - 1; }
    Rgba colorAt(std::size_t column, std::size_t row) const
    {
        return colors[cells[row * columns() + column]];
    }
    RectF area() const
    {
        return {x.front(), y.front(), x.back() - x.front(), y.back() - y.front()};
    }
};

// The same picture as rectangles, for painters of shapes: the ground, then neighbours of one colour
// in a column as one. `fill` is void(RectF, Rgba).
template <class Fill>
void forEachRect(const CellGrid &grid, Fill fill)
{
    if (grid.columns() == 0 || grid.rows() == 0)
        return;
    fill(grid.area(), grid.colors.front());
    for (std::size_t column = 0; column < grid.columns(); ++column) {
        const auto left = grid.x[column], width = grid.x[column + 1] - left;
        for (std::size_t row = 0, end = 0; row < grid.rows(); row = end) {
            const auto cell = grid.cells[row * grid.columns() + column];
            for (end = row + 1; end < grid.rows(); ++end) {
                if (grid.cells[end * grid.columns() + column] != cell)
                    break;
            }
            if (cell != 0 && width > 0)
                fill(RectF{left, grid.y[row], width, grid.y[end] - grid.y[row]}, grid.colors[cell]);
        }
    }
}

} // namespace flamewright
