#pragma once

#include "app/gui/preferences.h"

#include <QByteArray>
#include <QObject>
#include <QSettings>
#include <QString>
#include <QStringList>
#include <QThreadPool>
#include <QTimer>
#include <QVariant>

#include <functional>

namespace flamewright {

// What the program remembers between runs: recent files, sizes, theme. The file is chosen by
// main(), so that tests have their own. What is set counts at once and is written a moment later by
// a thread: writing waits for the disk, which an import may keep busy for most of a second.
class Settings : public QObject {
    Q_OBJECT

public:
    explicit Settings(const QString &file = {}, QObject *parent = nullptr);
    ~Settings() override; // waits until all is written
    // Writes now and waits for it.
    void flush();

    // Newest first, files that are gone are left out; at most 12.
    QStringList recentFiles() const;
    void addRecentFile(const QString &path);
    void removeRecentFiles(const std::function<bool(const QString &path)> &which);

    // The session that was opened or saved last, wherever it is now; empty: none.
    QString lastSession() const;
    void setLastSession(const QString &path);

    QByteArray bytes(const QString &key) const;
    void setBytes(const QString &key, const QByteArray &value);
    QString string(const QString &key, const QString &fallback = {}) const;
    void setString(const QString &key, const QString &value);
    QStringList strings(const QString &key) const;
    void setStrings(const QString &key, const QStringList &values);

    // What a person chose. Everybody who follows hears of a change at once.
    Preferences preferences() const { return loadPreferences(*this); }
    void setPreferences(const Preferences &preferences);
    // Of the preferences: how times and sizes are written. Whoever shows numbers asks each time.
    ValueStyle valueStyle() const { return m_style; }

Q_SIGNALS:
    void recentFilesChanged();
    void preferencesChanged(const flamewright::Preferences &preferences);
    void valueStyleChanged();

private:
    QVariant value(const QString &key) const;
    void set(const QString &key, const QVariant &value);
    void write();

    QSettings m_store;   // as it was when the program began
    QVariantMap m_since; // what was set since
    QVariantMap m_due;   // of that: not with the writer yet
    ValueStyle m_style;
    QTimer m_timer;
    QThreadPool m_writer; // one thread: in order
};

} // namespace flamewright
