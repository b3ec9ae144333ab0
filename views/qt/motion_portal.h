#pragma once

#include <QObject>
#include <QVariantMap>

#include <optional>

class QCoreApplication;
class QDBusMessage;
class QDBusVariant;

namespace flamewright {

// What the desktop's settings portal says about animations, asked when it is first needed and
// followed from then on. Never waits; without a session bus it knows nothing.
class MotionPortal final : public QObject {
    Q_OBJECT
public:
    // The one of the application, which owns it.
    static MotionPortal &of(QCoreApplication &application);

    std::optional<bool> animates() const;

    // One setting, as the portal has it; others are ignored.
    void take(const QString &group, const QString &key, const QVariant &value);

    explicit MotionPortal(QObject *parent = nullptr) : QObject(parent) {}

private Q_SLOTS:
    void settingChanged(const QString &group, const QString &key, const QDBusVariant &value);

private:
    void ask();

    std::optional<bool> m_reduced; // org.freedesktop.appearance reduced-motion
    std::optional<bool> m_enabled; // GNOME's enable-animations
};

} // namespace flamewright
