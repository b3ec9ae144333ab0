#include "app/gui/desk.h"

#include "app/gui/main_window.h"
#include "app/gui/message_bar.h"
#include "app/gui/palette.h"
#include "app/gui/settings.h"
#include "app/gui/text.h"
#include "capture/session/session.h"

#include <QFile>
#include <QFileDialog>
#include <QFileInfo>

#include <algorithm>

namespace flamewright {
namespace {

constexpr qint64 kSniffBytes = 100;

// Only plain files are looked into: opening a pipe would take bytes from it, or wait for ever.
bool isSession(const QString &path)
{
    QFile file(path);
    if (!QFileInfo(path).isFile() || !file.open(QIODevice::ReadOnly))
        return false;
    const auto head = file.read(kSniffBytes);
    return looksLikeSession(
        std::as_bytes(std::span(head.constData(), static_cast<std::size_t>(head.size()))));
}

} // namespace

Desk::Desk(const Services &services, SymbolSearch symbols, QObject *parent)
    : QObject(parent),
      m_services(services),
      m_symbols(std::move(symbols))
{
    connect(&services.settings, &Settings::preferencesChanged, this,
            [this](const Preferences &preferences) {
                m_services.appearance.choose(preferences.theme);
            });
    services.appearance.choose(services.settings.preferences().theme);
}

Desk::~Desk()
{
    for (const auto &window : m_windows)
        delete window;
}

MainWindow *Desk::newWindow()
{
    auto *window = new MainWindow(m_services, m_symbols);
    window->setAttribute(Qt::WA_DeleteOnClose);
    connect(window, &MainWindow::filesChosen, this,
            [this, window](const QStringList &paths) { openFiles(paths, window); });
    connect(window, &MainWindow::openRequested, this, [this, window] { chooseFiles(window); });
    connect(window, &MainWindow::newWindowRequested, this, [this] { newWindow()->show(); });
    m_windows.removeAll(QPointer<MainWindow>());
    m_windows << window;
    return window;
}

MainWindow *Desk::windowShowing(const QString &path) const
{
    const auto canonical = QFileInfo(path).canonicalFilePath();
    for (const auto &window : m_windows) {
        const auto session = window ? window->document().session() : nullptr;
        if (session && !canonical.isEmpty() &&
            QFileInfo(QString::fromStdString(session->path().string())).canonicalFilePath() ==
                canonical)
            return window;
    }
    return nullptr;
}

void Desk::openFiles(const QStringList &paths, MainWindow *window)
{
    QStringList captures;
    for (const auto &path : paths) {
        // Asked first: a session that this process has open must not be opened by hand, closing
        // that descriptor would drop SQLite's locks.
        if (auto *open = windowShowing(path)) {
            open->show();
            open->raise();
            open->activateWindow();
        } else if (isSession(path)) {
            openSession(path, window);
        } else {
            captures << path;
        }
    }
    if (!captures.isEmpty())
        window->importFiles(captures);
}

void Desk::openSession(const QString &path, MainWindow *window)
{
    m_services.settings.addRecentFile(path);
    m_services.settings.setLastSession(path);
    if (!window->isEmpty()) {
        window = newWindow();
        window->show();
    }
    window->openSessionFile(path);
}

void Desk::openLastSession(MainWindow *window)
{
    const auto path = m_services.settings.lastSession();
    if (m_services.settings.preferences().restoreSession && isSession(path))
        openSession(path, window);
}

void Desk::chooseFiles(MainWindow *window)
{
    auto *dialog = new QFileDialog(window, tr("Open captures or a session"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    dialog->setNameFilters({tr("All files (*)"), tr("Flamewright sessions (*.fws)")});
    if (const auto folder = m_services.settings.string(QStringLiteral("files/folder"));
        !folder.isEmpty())
        dialog->setDirectory(folder);
    connect(dialog, &QFileDialog::filesSelected, window, [this, window](const QStringList &paths) {
        m_services.settings.setString(QStringLiteral("files/folder"),
                                      QFileInfo(paths.value(0)).absolutePath());
        openFiles(paths, window);
    });
    dialog->open();
}

} // namespace flamewright
