#include "app/gui/wheel_choice.h"

#include "app/gui/settings.h"

#include <QCoreApplication>
#include <QScopedValueRollback>
#include <QWheelEvent>
#include <QWidget>

namespace flamewright {

WheelSwap::WheelSwap(QWidget *canvas, const Settings &settings)
    : QObject(canvas),
      m_zooms(settings.preferences().wheel == WheelChoice::Zooms)
{
    canvas->installEventFilter(this);
    connect(&settings, &Settings::preferencesChanged, this,
            [this](const Preferences &p) { m_zooms = p.wheel == WheelChoice::Zooms; });
}

bool WheelSwap::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::Wheel || !m_zooms || m_sending)
        return QObject::eventFilter(watched, event);
    const auto *wheel = static_cast<QWheelEvent *>(event);
    if (wheel->modifiers() & ~(Qt::ControlModifier | Qt::KeypadModifier))
        return false; // Shift pans, as it always does
    const QScopedValueRollback guard(m_sending, true);
    QWheelEvent swapped(wheel->position(), wheel->globalPosition(), wheel->pixelDelta(),
                        wheel->angleDelta(), wheel->buttons(),
                        wheel->modifiers() ^ Qt::ControlModifier, wheel->phase(), wheel->inverted(),
                        wheel->source(), wheel->pointingDevice());
    QCoreApplication::sendEvent(watched, &swapped);
    event->setAccepted(swapped.isAccepted());
    return true;
}

} // namespace flamewright
