#pragma once

#include "app/gui/plain_label.h"

#include <QFont>

namespace flamewright {

// Makes Inter and JetBrains Mono available from the Debian paths when fontconfig does not list
// them, and gives the application its font. Falls back to the system's fonts.
void setUpTypography();

// The type scale of the theme tokens: 11, 13, 15, 22 px.
QFont typeFont(TextStyle style);

} // namespace flamewright
