#include "app/gui/action_registry.h"
#include "app/gui/capture_text_of.h"
#include "app/gui/captures_sidebar.h"
#include "app/gui/command_palette.h"
#include "app/gui/inspector.h"
#include "app/gui/main_window.h"
#include "app/gui/panels.h"
#include "app/gui/saved_scopes.h"
#include "app/gui/saved_scopes_panel.h"
#include "app/gui/scope_bar.h"
#include "app/gui/settings.h"
#include "app/gui/settings_dialog.h"
#include "app/gui/shortcuts_dialog.h"
#include "app/gui/text.h"
#include "app/gui/track_picker.h"
#include "app/gui/view_area.h"
#include "app/gui/view_export.h"
#include "app/workbench.h"

#include <QApplication>
#include <QFileInfo>
#include <QMenuBar>
#include <QMessageBox>
#include <QShortcut>

// What can be done in a window: files, editing, scope, help. Views and panels are in
// main_window_views.cpp.
namespace flamewright {
namespace {

bool isSessionName(const QString &path)
{
    return path.endsWith(QLatin1String(".fws"), Qt::CaseInsensitive);
}

} // namespace

void MainWindow::buildActions()
{
    addFileActions();
    addEditActions();
    addViewActions();
    addScopeActions();
    addCompareActions();
    addPresentActions();
    addHelpActions();
    m_actions->fill(menuBar());
    auto *escapeKey = new QShortcut(Qt::Key_Escape, this);
    connect(escapeKey, &QShortcut::activated, this, &MainWindow::escape);
}

QString MainWindow::needsCapture() const
{
    return m_document.captures().empty() ? tr("Open a capture first.") : QString();
}

void MainWindow::addFileActions()
{
    const auto needsSession = [this] {
        return m_document.session() ? QString() : tr("There is no session to save yet.");
    };
    auto &a = *m_actions;
    a.beginMenu(tr("&File"));
    a.add({.id = QStringLiteral("file.open"),
           .text = tr("&Open…"),
           .keys = {QKeySequence::Open},
           .run = [this] { Q_EMIT openRequested(); },
           .words = tr("import load add capture")});
    a.add({.id = QStringLiteral("file.demo"),
           .text = tr("Open the &demo captures"),
           .run = [this] { openDemo(); },
           .whyNot =
               [this] {
                   if (m_demo.files.empty())
                       return tr("The demo captures are not installed.");
                   const auto &session = m_document.session();
                   return session && session->readOnly() ? tr("This session is read-only.")
                                                         : QString();
               },
           .words = tr("example try")});
    const auto recent = [this](bool sessions) {
        std::vector<ActionRegistry::Choice> out;
        for (const auto &path : m_services.settings.recentFiles()) {
            if (isSessionName(path) == sessions)
                out.push_back({path, display(path.toStdString()),
                               [this, path] { Q_EMIT filesChosen({path}); }});
        }
        return out;
    };
    a.addChoices({.id = QStringLiteral("recentMenu"),
                  .menu = tr("&File/Recent &captures"),
                  .phrase = tr("Open recent capture %1"),
                  .none = tr("No recent captures"),
                  .list = [recent] { return recent(false); }});
    a.addChoices({.id = QStringLiteral("recentSessionsMenu"),
                  .menu = tr("&File/Recent &sessions"),
                  .phrase = tr("Open recent session %1"),
                  .none = tr("No recent sessions"),
                  .list = [recent] { return recent(true); }});
    const auto clear = [&](const char *id, const QString &text, bool sessions) {
        a.add({.id = QString::fromLatin1(id),
               .text = text,
               .run =
                   [this, sessions] {
                       m_services.settings.removeRecentFiles([sessions](const QString &path) {
                           return isSessionName(path) == sessions;
                       });
                   },
               .whyNot =
                   [recent, sessions] {
                       return recent(sessions).empty() ? tr("The list is empty.") : QString();
                   }});
    };
    a.beginMenu(tr("&File/Recent &captures"));
    clear("file.clearCaptures", tr("Clear recent captures"), false);
    a.beginMenu(tr("&File/Recent &sessions"));
    clear("file.clearSessions", tr("Clear recent sessions"), true);
    a.beginMenu(tr("&File"));
    a.add({.id = QStringLiteral("file.newWindow"),
           .text = tr("&New window"),
           .keys = {QKeySequence::New},
           .run = [this] { Q_EMIT newWindowRequested(); }});
    a.beginSection();
    a.add({.id = QStringLiteral("file.saveAs"),
           .text = tr("&Save session as…"),
           .keys = {QKeySequence(tr("Ctrl+Shift+S"))},
           .run = [this] { saveAs(); },
           .whyNot = needsSession});
    a.add({.id = QStringLiteral("file.saveCopy"),
           .text = tr("Save a co&py…"),
           .run = [this] { saveCopy(); },
           .whyNot = needsSession,
           .words = tr("session backup")});
    a.beginSection();
    const auto needsView = [this] {
        return m_views->current() ? needsCapture() : tr("No view is open.");
    };
    a.add({.id = QStringLiteral("file.exportView"),
           .text = tr("&Export view…"),
           .keys = {QKeySequence(tr("Ctrl+E"))},
           .run = [this] { m_export->ask(*m_views->current(), this); },
           .whyNot = needsView,
           .words = tr("svg png pdf picture image save")});
    a.add({.id = QStringLiteral("file.exportData"),
           .text = tr("Export da&ta…"),
           .keys = {QKeySequence(tr("Ctrl+Shift+E"))},
           .run = [this] { m_export->askData(*m_views->current(), this); },
           .whyNot = needsView,
           .words = tr("csv tsv rows table spreadsheet save")});
    a.beginSection();
    a.add({.id = QStringLiteral("file.settings"),
           .text = tr("Se&ttings…"),
           .keys = {QKeySequence(tr("Ctrl+,"))},
           .run = [this] { openSettings(); },
           .words = tr("preferences options theme units editor symbols")});
    a.beginSection();
    a.add({.id = QStringLiteral("file.close"),
           .text = tr("&Close window"),
           .keys = {QKeySequence(tr("Ctrl+Shift+W"))},
           .run = [this] { close(); }});
    a.add({.id = QStringLiteral("file.quit"),
           .text = tr("&Quit"),
           .keys = {QKeySequence::Quit},
           .run = [] { QApplication::closeAllWindows(); },
           .words = tr("exit")});
}

void MainWindow::addEditActions()
{
    const auto needsFunction = [this] {
        return m_profile.profile() && m_profile.selection().node != 0
                   ? QString()
                   : tr("Select a function first.");
    };
    auto &a = *m_actions;
    a.beginMenu(tr("&Edit"));
    a.add({.id = QStringLiteral("edit.copyName"),
           .text = tr("Copy &name"),
           .keys = {QKeySequence::Copy},
           .run = [this] { m_inspector->copyName(); },
           .whyNot = needsFunction});
    a.add({.id = QStringLiteral("edit.copyStack"),
           .text = tr("Copy &stack"),
           .keys = {QKeySequence(tr("Ctrl+Shift+C"))},
           .run = [this] { m_inspector->copyStack(); },
           .whyNot = needsFunction});
    a.add({.id = QStringLiteral("edit.copyFolded"),
           .text = tr("Copy as &folded stacks"),
           .run = [this] { m_inspector->copyFolded(); },
           .whyNot = needsFunction});
    a.beginSection();
    const auto needsView = [this] {
        return m_views->current() ? needsCapture() : tr("No view is open.");
    };
    a.add({.id = QStringLiteral("edit.copyImage"),
           .text = tr("Copy &image of the view"),
           .run =
               [this] {
                   m_export->copyImage(*m_views->current(),
                                       static_cast<float>(devicePixelRatioF()));
               },
           .whyNot = needsView,
           .words = tr("picture png clipboard")});
    a.add({.id = QStringLiteral("edit.copyData"),
           .text = tr("Copy &data of the view"),
           .run = [this] { m_export->copyData(*m_views->current()); },
           .whyNot = needsView,
           .words = tr("tsv folded rows clipboard")});
    a.beginSection();
    a.add({.id = QStringLiteral("edit.rename"),
           .text = tr("&Rename capture"),
           .keys = {QKeySequence(Qt::Key_F2)},
           .run = [this] { m_sidebar->renameCurrent(); },
           .whyNot =
               [this] {
                   const auto &session = m_document.session();
                   return session && session->readOnly() ? tr("This session is read-only.")
                                                         : needsCapture();
               }});
}

void MainWindow::addScopeActions()
{
    auto &a = *m_actions;
    a.beginMenu(tr("&Scope"));
    a.add({.id = QStringLiteral("scope.back"),
           .text = tr("&Back"),
           .keys = {QKeySequence(tr("Alt+Left"))},
           .run = [this] { m_scope.back(); },
           .whyNot =
               [this] { return m_scope.canGoBack() ? QString() : tr("This is the first scope."); },
           .words = tr("undo")});
    a.add({.id = QStringLiteral("scope.forward"),
           .text = tr("&Forward"),
           .keys = {QKeySequence(tr("Alt+Right"))},
           .run = [this] { m_scope.forward(); },
           .whyNot =
               [this] {
                   return m_scope.canGoForward() ? QString() : tr("This is the newest scope.");
               },
           .words = tr("redo")});
    a.beginSection();
    a.add({.id = QStringLiteral("scope.search"),
           .text = tr("&Search"),
           .keys = {QKeySequence(Qt::Key_Slash), QKeySequence(QKeySequence::Find)},
           .run = [this] { m_scopeBar->focusSearch(); },
           .whyNot = [this] { return needsCapture(); },
           .words = tr("find filter")});
    a.add({.id = QStringLiteral("scope.threads"),
           .text = tr("Processes and &threads…"),
           .keys = {QKeySequence(tr("Ctrl+T"))},
           .run = [this] { m_scopeBar->trackPicker()->openPopup(); },
           .whyNot = [this] { return needsCapture(); }});
    a.add({.id = QStringLiteral("scope.reset"),
           .text = tr("&Reset"),
           .keys = {QKeySequence(tr("Ctrl+0"))},
           .run = [this] { m_scope.reset(); },
           .whyNot = [this] { return needsCapture(); },
           .words = tr("clear all filters")});
    a.beginSection();
    addTraceActions();
    a.beginSection();
    a.add({.id = QStringLiteral("scope.save"),
           .text = tr("Sa&ve scope"),
           .keys = {QKeySequence(tr("Ctrl+D"))},
           .run =
               [this] {
                   m_panels->panel(QStringLiteral("scopes"))->setWanted(true);
                   m_savedPanel->saveCurrent();
               },
           .whyNot = [this] { return needsCapture(); },
           .words = tr("bookmark saved scopes name")});
    a.addChoices({.id = QStringLiteral("scopeMenu"),
                  .menu = tr("&Scope/A&pply saved scope"),
                  .phrase = tr("Apply scope %1"),
                  .none = tr("No saved scopes"),
                  .list = [this] {
                      std::vector<ActionRegistry::Choice> out;
                      for (const auto &saved : m_saved->all())
                          out.push_back({saved.name, display(saved.name.toStdString()),
                                         [this, scope = saved.scope] { m_scope.setScope(scope); },
                                         saved.scope == m_scope.scope()});
                      return out;
                  }});
    a.beginSection();
    a.addChoices({.id = QStringLiteral("captureMenu"),
                  .menu = tr("&Scope/Show &capture"),
                  .phrase = tr("Show capture %1"),
                  .none = tr("No captures"),
                  .list = [this] {
                      std::vector<ActionRegistry::Choice> out;
                      const auto &shown = m_scope.scope().captures;
                      for (const auto &capture : m_document.captures())
                          out.push_back({QString::number(capture.id.raw), captureName(capture),
                                         [this, id = capture.id] { m_scope.showCaptures({id}); },
                                         shown == std::vector{capture.id}});
                      return out;
                  }});
}

void MainWindow::addHelpActions()
{
    auto &a = *m_actions;
    a.beginMenu(tr("&Help"));
    a.add({.id = QStringLiteral("help.palette"),
           .text = tr("Command &palette…"),
           .keys = {QKeySequence(tr("Ctrl+Shift+P"))},
           .run = [this] { m_palette->open(); },
           .words = tr("find run anything")});
    a.add({.id = QStringLiteral("help.function"),
           .text = tr("&Go to function…"),
           .keys = {QKeySequence(tr("Ctrl+P"))},
           .run = [this] { m_palette->open(QStringLiteral("@")); },
           .whyNot = [this] { return needsCapture(); }});
    a.add({.id = QStringLiteral("help.keys"),
           .text = tr("&Keyboard and mouse"),
           .keys = {QKeySequence(QStringLiteral("?")), QKeySequence(Qt::Key_F1)},
           .run =
               [this] {
                   auto *dialog = new ShortcutsDialog(
                       *m_actions, m_services.settings.preferences().wheel, this);
                   dialog->setAttribute(Qt::WA_DeleteOnClose);
                   dialog->open();
               },
           .words = tr("shortcuts help")});
    a.add({.id = QStringLiteral("help.about"),
           .text = tr("&About Flamewright"),
           .run = [this] { showAbout(); },
           .words = tr("version")});
}

void MainWindow::openSettings()
{
    auto *dialog = new SettingsDialog(m_services.settings, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void MainWindow::showAbout()
{
    auto *box =
        new QMessageBox(QMessageBox::NoIcon, tr("About Flamewright"), {}, QMessageBox::Close, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    QStringList formats;
    for (const auto &importer : m_services.workbench.importers().all())
        formats << display(importer->format().title);
    setPlainMessage(box, tr("Flamewright %1").arg(QApplication::applicationVersion()),
                    tr("Opens performance captures, shows where the time went. Reads %1.")
                        .arg(formats.join(QStringLiteral(", "))));
    box->open();
}

} // namespace flamewright
