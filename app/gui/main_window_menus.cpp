#include "app/gui/captures_sidebar.h"
#include "app/gui/figures.h"
#include "app/gui/flame_pane.h"
#include "app/gui/function_table.h"
#include "app/gui/inspector.h"
#include "app/gui/main_window.h"
#include "app/gui/palette.h"
#include "app/gui/scope_bar.h"
#include "app/gui/settings.h"
#include "app/gui/shortcuts_dialog.h"
#include "app/gui/text.h"
#include "app/gui/track_picker.h"
#include "app/workbench.h"
#include "views/qt/flame_widget.h"

#include <QActionGroup>
#include <QApplication>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QShortcut>

namespace flamewright {
namespace {

QString themeKey()
{
    return QStringLiteral("view/theme");
}

} // namespace

void MainWindow::buildMenus()
{
    buildFileMenu();
    buildEditMenu();
    buildViewMenu();
    buildScopeMenu();
    buildHelpMenu();
    auto *escapeKey = new QShortcut(Qt::Key_Escape, this);
    connect(escapeKey, &QShortcut::activated, this, &MainWindow::escape);
}

void MainWindow::buildFileMenu()
{
    auto *menu = menuBar()->addMenu(tr("&File"));
    menu->addAction(tr("&Open…"), QKeySequence::Open, this, &MainWindow::openRequested);
    auto *recent = menu->addMenu(tr("Open &recent"));
    recent->setObjectName(QStringLiteral("recentMenu"));
    connect(recent, &QMenu::aboutToShow, this, [this, recent] { fillRecent(recent); });
    menu->addAction(tr("&New window"), QKeySequence::New, this, &MainWindow::newWindowRequested);
    menu->addSeparator();
    auto *save = menu->addAction(tr("&Save session as…"), QKeySequence(tr("Ctrl+Shift+S")), this,
                                 &MainWindow::saveAs);
    connect(menu, &QMenu::aboutToShow, save,
            [this, save] { save->setEnabled(m_document.session() != nullptr); });
    menu->addSeparator();
    menu->addAction(tr("&Close window"), QKeySequence::Close, this, &QWidget::close);
    menu->addAction(tr("&Quit"), QKeySequence::Quit, qApp, &QApplication::closeAllWindows);
}

void MainWindow::fillRecent(QMenu *menu)
{
    menu->clear();
    const auto files = m_services.settings.recentFiles();
    for (const auto &path : files) {
        auto label = elided(menu->fontMetrics(), display(path.toStdString()), Qt::ElideMiddle, 480);
        auto *action = menu->addAction(label.replace(QLatin1Char('&'), QStringLiteral("&&")));
        connect(action, &QAction::triggered, this, [this, path] { Q_EMIT filesChosen({path}); });
    }
    if (files.isEmpty()) {
        menu->addAction(tr("No recent files"))->setEnabled(false);
        return;
    }
    menu->addSeparator();
    menu->addAction(tr("Clear this list"), &m_services.settings, &Settings::clearRecentFiles);
}

void MainWindow::buildEditMenu()
{
    auto *menu = menuBar()->addMenu(tr("&Edit"));
    menu->addAction(tr("Copy &name"), QKeySequence::Copy, m_inspector, &Inspector::copyName);
    menu->addAction(tr("Copy &stack"), QKeySequence(tr("Ctrl+Shift+C")), m_inspector,
                    &Inspector::copyStack);
    menu->addAction(tr("Copy as &folded stacks"), m_inspector, &Inspector::copyFolded);
    menu->addSeparator();
    menu->addAction(tr("&Rename capture"), QKeySequence(Qt::Key_F2), m_sidebar,
                    &CapturesSidebar::renameCurrent);
}

void MainWindow::buildViewMenu()
{
    auto *menu = menuBar()->addMenu(tr("&View"));
    auto *layouts = new QActionGroup(menu);
    const auto layout = [&](const QString &text, int key, FlameLayout value) {
        auto *action = menu->addAction(text, QKeySequence(key), m_flame,
                                       [this, value] { m_flame->setLayout(value); });
        action->setCheckable(true);
        layouts->addAction(action);
        connect(menu, &QMenu::aboutToShow, action,
                [this, action, value] { action->setChecked(m_flame->layoutShown() == value); });
    };
    layout(tr("&Icicle"), Qt::Key_1, FlameLayout::Icicle);
    layout(tr("&Flame"), Qt::Key_2, FlameLayout::Flame);
    menu->addAction(tr("Show &everything"), QKeySequence(Qt::Key_F), m_flame->flame(),
                    &FlameWidget::resetZoom);
    menu->addSeparator();
    const auto part = [&](const QString &text, const QString &keys, bool &wanted) {
        auto *action = menu->addAction(text);
        action->setShortcut(QKeySequence(keys));
        action->setCheckable(true);
        action->setChecked(wanted);
        connect(action, &QAction::toggled, this, [this, &wanted](bool on) {
            wanted = on;
            arrange();
        });
    };
    part(tr("&Captures"), tr("Ctrl+B"), m_sidebarWanted);
    part(tr("I&nspector"), tr("Ctrl+I"), m_inspectorWanted);
    menu->addSeparator();
    auto *themes = menu->addMenu(tr("&Theme"));
    auto *group = new QActionGroup(themes);
    const auto theme = [&](const QString &text, const QString &id, ThemeChoice choice) {
        auto *action = themes->addAction(text);
        action->setObjectName(QStringLiteral("theme_") + id);
        action->setCheckable(true);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, id, choice] {
            m_services.appearance.choose(choice);
            m_services.settings.setString(themeKey(), id);
        });
        const auto follow = [this, action, choice] {
            action->setChecked(m_services.appearance.choice() == choice);
        };
        connect(themes, &QMenu::aboutToShow, action, follow);
        follow();
    };
    theme(tr("As the &desktop"), QStringLiteral("system"), ThemeChoice::System);
    theme(tr("&Light"), QStringLiteral("light"), ThemeChoice::Light);
    theme(tr("&Dark"), QStringLiteral("dark"), ThemeChoice::Dark);
}

void MainWindow::buildScopeMenu()
{
    auto *menu = menuBar()->addMenu(tr("&Scope"));
    auto *back = menu->addAction(tr("&Back"), QKeySequence(tr("Alt+Left")), &m_scope,
                                 &ScopeController::back);
    auto *forward = menu->addAction(tr("&Forward"), QKeySequence(tr("Alt+Right")), &m_scope,
                                    &ScopeController::forward);
    menu->addSeparator();
    auto *search = menu->addAction(tr("&Search"), m_scopeBar, &ScopeBar::focusSearch);
    search->setShortcuts({QKeySequence(Qt::Key_Slash), QKeySequence(QKeySequence::Find)});
    menu->addAction(tr("Processes and &threads…"), QKeySequence(tr("Ctrl+T")),
                    m_scopeBar->trackPicker(), &TrackPicker::openPopup);
    menu->addAction(tr("&Reset"), QKeySequence(tr("Ctrl+0")), &m_scope, &ScopeController::reset);
    const auto follow = [this, back, forward] {
        back->setEnabled(m_scope.canGoBack());
        forward->setEnabled(m_scope.canGoForward());
    };
    connect(&m_scope, &ScopeController::scopeChanged, back, follow);
    follow();
}

void MainWindow::buildHelpMenu()
{
    auto *menu = menuBar()->addMenu(tr("&Help"));
    auto *keys = menu->addAction(tr("&Keyboard and mouse"), this, [this] {
        auto *dialog = new ShortcutsDialog(this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    });
    keys->setShortcuts({QKeySequence(QStringLiteral("?")), QKeySequence(Qt::Key_F1)});
    menu->addAction(tr("&About Flamewright"), this, &MainWindow::showAbout);
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

void MainWindow::escape()
{
    // From the innermost outwards: search, selection, zoom.
    if (!m_scope.scope().search.empty()) {
        m_scope.setSearch({});
        m_scope.commitSearch();
    } else if (m_profile.selection().node != 0) {
        m_profile.selectNode(0);
    } else {
        m_flame->flame()->resetZoom();
    }
}

} // namespace flamewright
