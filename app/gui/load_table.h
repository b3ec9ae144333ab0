#pragma once

class QTableView;

namespace flamewright {

// How tables of load tests look and behave: whole rows, several with Ctrl and Shift, no grid.
void setUpLoadTable(QTableView &view, int rowHeight);

// The column takes the room that the others leave, but is never narrower than this: then the table
// scrolls. Until somebody changes its width by hand.
void stretchColumn(QTableView &view, int column, int least);

} // namespace flamewright
