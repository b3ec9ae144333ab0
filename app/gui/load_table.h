#pragma once

#include <QString>
#include <QVariant>

#include <functional>

class QTableView;

namespace flamewright {

// How tables of load tests look and behave: whole rows, several with Ctrl and Shift, no grid.
void setUpLoadTable(QTableView &view, int rowHeight);

// Ctrl+C in the table puts its rows as text on the clipboard: `rows` gives the work that makes it, as
// ViewPane::data() does.
void copyRowsOf(QTableView &view, std::function<std::function<QString()>()> rows);

// What a header says of a column.
struct HeaderText {
    QString title, tip;
    bool right = false; // numbers
    bool sorted = false, descending = false;
};
QVariant headerData(const HeaderText &text, int role);

// The column takes the room that the others leave, but is never narrower than this: then the table
// scrolls. Until somebody changes its width by hand.
void stretchColumn(QTableView &view, int column, int least);

} // namespace flamewright
