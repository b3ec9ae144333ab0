#pragma once

#include "app/gui/palette.h"
#include "capture/base/format_value.h"
#include "views/qt/reduced_motion.h"

#include <QString>
#include <QStringList>

namespace flamewright {

class Settings;

enum class WheelChoice : unsigned char {
    Scrolls, // the wheel scrolls rows, with Ctrl it zooms
    Zooms    // the other way round
};

// What a person chose, in the settings dialog or elsewhere. A plain value.
struct Preferences {
    ThemeChoice theme = ThemeChoice::System;
    MotionChoice motion = MotionChoice::System;
    WheelChoice wheel = WheelChoice::Scrolls;
    ValueStyle values;
    QString editor;      // command with %f and %l; empty: defaultEditor()
    QString linkPattern; // of exported pictures: see link_pattern.h
    QStringList symbolPaths;
    bool restoreSession = false;
    friend bool operator==(const Preferences &, const Preferences &) = default;
};

Preferences loadPreferences(const Settings &settings);
void storePreferences(const Preferences &preferences, Settings &settings);

} // namespace flamewright
