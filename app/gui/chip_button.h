#pragma once

#include <QString>

class QToolButton;
class QWidget;

// The rounded buttons of bars and headers.
namespace flamewright {

// With a text, a tooltip, and the text as accessible name.
QToolButton *textChip(const QString &text, const QString &tip, QWidget *parent);
// Opens something to choose from: a text that is set later, with an arrow after it.
QToolButton *pickerChip(const QString &objectName, QWidget *parent);

} // namespace flamewright
