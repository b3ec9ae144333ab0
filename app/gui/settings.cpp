#include "app/gui/settings.h"

#include <QFileInfo>
#include <QStandardPaths>

namespace flamewright {
namespace {

constexpr int kRecentFiles = 12;

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
{}

QStringList Settings::recentFiles() const
{
    QStringList out;
    for (const auto &path : m_store.value(recentKey()).toStringList()) {
        if (QFileInfo::exists(path))
            out << path;
    }
    return out;
}

void Settings::addRecentFile(const QString &path)
{
    const auto absolute = QFileInfo(path).absoluteFilePath();
    auto files = m_store.value(recentKey()).toStringList();
    files.removeAll(absolute);
    files.prepend(absolute);
    while (files.size() > kRecentFiles)
        files.removeLast();
    m_store.setValue(recentKey(), files);
    Q_EMIT recentFilesChanged();
}

void Settings::removeRecentFiles(const std::function<bool(const QString &path)> &which)
{
    auto files = m_store.value(recentKey()).toStringList();
    files.removeIf(which);
    m_store.setValue(recentKey(), files);
    Q_EMIT recentFilesChanged();
}

QString Settings::lastSession() const
{
    return m_store.value(lastSessionKey()).toString();
}

void Settings::setLastSession(const QString &path)
{
    m_store.setValue(lastSessionKey(), QFileInfo(path).absoluteFilePath());
}

QByteArray Settings::bytes(const QString &key) const
{
    return m_store.value(key).toByteArray();
}

void Settings::setBytes(const QString &key, const QByteArray &value)
{
    m_store.setValue(key, value);
}

QString Settings::string(const QString &key, const QString &fallback) const
{
    return m_store.value(key, fallback).toString();
}

QStringList Settings::strings(const QString &key) const
{
    return m_store.value(key).toStringList();
}

void Settings::setStrings(const QString &key, const QStringList &values)
{
    m_store.setValue(key, values);
}

void Settings::setPreferences(const Preferences &preferences)
{
    if (preferences == this->preferences())
        return;
    storePreferences(preferences, *this);
    Q_EMIT preferencesChanged(preferences);
}

void Settings::setString(const QString &key, const QString &value)
{
    m_store.setValue(key, value);
}

} // namespace flamewright
