#pragma once

#include "app/gui/services.h"
#include "importers/symbols/symbolizer.h"

#include <QList>
#include <QObject>
#include <QPointer>
#include <QStringList>

namespace flamewright {

class MainWindow;

// All windows of the program, and which file opens where.
class Desk : public QObject {
    Q_OBJECT

public:
    Desk(const Services &services, SymbolSearch symbols, QObject *parent = nullptr);
    ~Desk() override;

    MainWindow *newWindow();
    // Sessions get a window each (an empty one first), captures go into the session of `window`.
    // Decided by content, not by name.
    void openFiles(const QStringList &paths, MainWindow *window);
    void chooseFiles(MainWindow *window);
    // The session that was open last, when somebody chose that it is opened at the start.
    void openLastSession(MainWindow *window);
    const QList<QPointer<MainWindow>> &windows() const { return m_windows; }

private:
    MainWindow *windowShowing(const QString &path) const;
    void openSession(const QString &path, MainWindow *window);

    const Services &m_services;
    SymbolSearch m_symbols;
    QList<QPointer<MainWindow>> m_windows;
};

} // namespace flamewright
