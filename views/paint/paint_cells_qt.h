#pragma once

#include "views/scene/cell_grid.h"

class QPainter;

namespace flamewright {

// A grid of cells with QPainter: as pixels where its edges are whole pixels of an image or a
// window, as rectangles elsewhere (documents, odd scales).
void paintCells(const CellGrid &grid, QPainter &painter);

} // namespace flamewright
