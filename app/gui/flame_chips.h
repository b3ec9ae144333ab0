#pragma once

class QToolButton;
class QWidget;

// What the headers of flame graphs have in common.
namespace flamewright {

// Switches between whole names and those for people.
QToolButton *shortNamesChip(QWidget *parent);
// Hidden; says what is zoomed to, with a cross that leaves it. The text is set later.
QToolButton *unzoomChip(QWidget *parent);

} // namespace flamewright
