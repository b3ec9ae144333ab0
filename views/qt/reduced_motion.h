#pragma once

#include <QString>

#include <optional>

class QWidget;

namespace flamewright {

enum class MotionChoice : unsigned char {
    System, // FLAMEWRIGHT_REDUCED_MOTION and the desktop decide
    Reduced,
    Full
};

// Whether a widget should jump where it would glide. What a person chose in the program decides;
// then FLAMEWRIGHT_REDUCED_MOTION=1 or 0; otherwise it is what the desktop says: the style, the
// settings portal, KDE's and GTK's settings files, in this order. Where none of them says anything,
// things move. GUI thread only; the portal is asked without waiting for it, so that its answer
// counts from a moment later.
bool reducedMotion(const QWidget &widget, MotionChoice choice = MotionChoice::System);

// What settings files say about animations; nullopt when they say nothing.
std::optional<bool> gtkAnimates(const QString &settingsIni);
std::optional<bool> kdeAnimates(const QString &kdeglobals);

} // namespace flamewright
