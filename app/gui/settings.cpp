#include "app/gui/settings.h"

#include <QFileInfo>
#include <QStandardPaths>

#include <utility>

namespace flamewright {
namespace {

constexpr int kRecentFiles = 12, kWriteMs = 200;

QString defaultFile()
{
    return QStandardPaths::writableLocation(QStandardPaths::ConfigLocation) +
           QStringLiteral("/flamewright/window.ini");
}

QString lastSessionKey()
{
    return QStringLiteral("session/last");
}

QString recentKey()
{
    return QStringLiteral("recent/files");
}

} // namespace

Settings::Settings(const QString &file, QObject *parent)
    : QObject(parent),
      m_store(file.isEmpty() ? defaultFile() : file, QSettings::IniFormat)
{
    m_style = preferences().values;
    m_writer.setMaxThreadCount(1);
    m_timer.setSingleShot(true);
    m_timer.setInterval(kWriteMs);
    connect(&m_timer, &QTimer::timeout, this, &Settings::write);
}

Settings::~Settings()
{
    flush();
}

void Settings::flush()
{
    write();
    m_writer.waitForDone();
}

void Settings::write()
{
    m_timer.stop();
    if (m_due.isEmpty())
        return;
    // Key by key: another program may have set others in the same file.
    m_writer.start([file = m_store.fileName(), due = std::exchange(m_due, {})] {
        QSettings store(file, QSettings::IniFormat);
        for (auto at = due.begin(); at != due.end(); ++at)
            store.setValue(at.key(), at.value());
        store.sync();
    });
}

QVariant Settings::value(const QString &key) const
{
    const auto at = m_since.constFind(key);
    return at == m_since.constEnd() ? m_store.value(key) : *at;
}

void Settings::set(const QString &key, const QVariant &value)
{
    if (value == this->value(key))
        return;
    m_since.insert(key, value);
    m_due.insert(key, value);
    m_timer.start();
}

QStringList Settings::recentFiles() const
{
    QStringList out;
    for (const auto &path : value(recentKey()).toStringList()) {
        if (QFileInfo::exists(path))
            out << path;
    }
    return out;
}

void Settings::addRecentFile(const QString &path)
{
    const auto absolute = QFileInfo(path).absoluteFilePath();
    auto files = value(recentKey()).toStringList();
    files.removeAll(absolute);
    files.prepend(absolute);
    while (files.size() > kRecentFiles)
        files.removeLast();
    set(recentKey(), files);
    Q_EMIT recentFilesChanged();
}

void Settings::removeRecentFiles(const std::function<bool(const QString &path)> &which)
{
    auto files = value(recentKey()).toStringList();
    files.removeIf(which);
    set(recentKey(), files);
    Q_EMIT recentFilesChanged();
}

QString Settings::lastSession() const
{
    return value(lastSessionKey()).toString();
}

void Settings::setLastSession(const QString &path)
{
    set(lastSessionKey(), QFileInfo(path).absoluteFilePath());
}

QByteArray Settings::bytes(const QString &key) const
{
    return value(key).toByteArray();
}

void Settings::setBytes(const QString &key, const QByteArray &value)
{
    set(key, value);
}

QString Settings::string(const QString &key, const QString &fallback) const
{
    const auto kept = value(key);
    return kept.isValid() ? kept.toString() : fallback;
}

QStringList Settings::strings(const QString &key) const
{
    return value(key).toStringList();
}

void Settings::setStrings(const QString &key, const QStringList &values)
{
    set(key, values);
}

void Settings::setPreferences(const Preferences &preferences)
{
    if (preferences == this->preferences())
        return;
    storePreferences(preferences, *this);
    const bool styled = m_style != preferences.values;
    m_style = preferences.values;
    Q_EMIT preferencesChanged(preferences);
    if (styled)
        Q_EMIT valueStyleChanged();
}

void Settings::setString(const QString &key, const QString &value)
{
    set(key, value);
}

} // namespace flamewright
