#include "views/qt/motion_portal.h"

#include <QCoreApplication>
#include <QDBusArgument>
#include <QDBusConnection>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QFile>

namespace flamewright {
namespace {

const auto kService = QStringLiteral("org.freedesktop.portal.Desktop");
const auto kPath = QStringLiteral("/org/freedesktop/portal/desktop");
const auto kSettings = QStringLiteral("org.freedesktop.portal.Settings");
const auto kAppearance = QStringLiteral("org.freedesktop.appearance");
const auto kGnome = QStringLiteral("org.gnome.desktop.interface");

// Asking for a bus that is not there may start one.
bool hasSessionBus()
{
    return qEnvironmentVariableIsSet("DBUS_SESSION_BUS_ADDRESS") ||
           QFile::exists(qEnvironmentVariable("XDG_RUNTIME_DIR") + QStringLiteral("/bus"));
}

} // namespace

MotionPortal &MotionPortal::of(QCoreApplication &application)
{
    if (auto *known = application.findChild<MotionPortal *>(QString(), Qt::FindDirectChildrenOnly))
        return *known;
    auto *portal = new MotionPortal(&application);
    portal->ask();
    return *portal;
}

std::optional<bool> MotionPortal::animates() const
{
    if (m_reduced && *m_reduced)
        return false;
    if (m_enabled)
        return m_enabled;
    return m_reduced ? std::optional(true) : std::nullopt;
}

void MotionPortal::take(const QString &group, const QString &key, const QVariant &value)
{
    if (group == kAppearance && key == QLatin1String("reduced-motion"))
        m_reduced = value.toUInt() == 1;
    else if (group == kGnome && key == QLatin1String("enable-animations"))
        m_enabled = value.toBool();
}

void MotionPortal::settingChanged(const QString &group, const QString &key,
                                  const QDBusVariant &value)
{
    take(group, key, value.variant());
}

void MotionPortal::ask()
{
    if (!hasSessionBus())
        return;
    auto bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    bus.connect(kService, kPath, kSettings, QStringLiteral("SettingChanged"), this,
                SLOT(settingChanged(QString, QString, QDBusVariant)));
    auto call =
        QDBusMessage::createMethodCall(kService, kPath, kSettings, QStringLiteral("ReadAll"));
    call << QStringList{kAppearance, kGnome};
    auto *watcher = new QDBusPendingCallWatcher(bus.asyncCall(call), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
        watcher->deleteLater();
        const auto reply = watcher->reply();
        if (reply.type() != QDBusMessage::ReplyMessage || reply.arguments().isEmpty())
            return;
        // a{sa{sv}}
        const auto argument = reply.arguments().constFirst().value<QDBusArgument>();
        if (argument.currentSignature() != QLatin1String("a{sa{sv}}"))
            return;
        argument.beginMap();
        while (!argument.atEnd()) {
            QString group;
            QVariantMap values;
            argument.beginMapEntry();
            argument >> group >> values;
            argument.endMapEntry();
            for (auto it = values.cbegin(); it != values.cend(); ++it)
                take(group, it.key(), it.value());
        }
        argument.endMap();
    });
}

} // namespace flamewright
