#pragma once

#include <QByteArray>
#include <QObject>
#include <QSettings>
#include <QString>
#include <QStringList>

namespace flamewright {

// What the program remembers between runs: recent files, sizes, theme. The file is chosen by
// main(), so that tests have their own.
class Settings : public QObject {
    Q_OBJECT

public:
    explicit Settings(const QString &file = {}, QObject *parent = nullptr);

    // Newest first, files that are gone are left out; at most 12.
    QStringList recentFiles() const;
    void addRecentFile(const QString &path);
    void clearRecentFiles();

    QByteArray bytes(const QString &key) const;
    void setBytes(const QString &key, const QByteArray &value);
    QString string(const QString &key, const QString &fallback = {}) const;
    void setString(const QString &key, const QString &value);

Q_SIGNALS:
    void recentFilesChanged();

private:
    QSettings m_store;
};

} // namespace flamewright
