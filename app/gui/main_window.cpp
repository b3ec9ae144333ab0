#include "app/gui/main_window.h"

#include "app/gui/action_registry.h"
#include "app/gui/capture_text_of.h"
#include "app/gui/captures_sidebar.h"
#include "app/gui/command_palette.h"
#include "app/gui/compare_bar.h"
#include "app/gui/dock_title.h"
#include "app/gui/drop_overlay.h"
#include "app/gui/flame_pane.h"
#include "app/gui/flame_tab.h"
#include "app/gui/function_table.h"
#include "app/gui/inspector.h"
#include "app/gui/load_inspector.h"
#include "app/gui/message_bar.h"
#include "app/gui/panels.h"
#include "app/gui/pinned_findings.h"
#include "app/gui/pinned_panel.h"
#include "app/gui/report_export.h"
#include "app/gui/plain_label.h"
#include "app/gui/saved_scopes.h"
#include "app/gui/saved_scopes_panel.h"
#include "app/gui/scope_bar.h"
#include "app/gui/session_keeper.h"
#include "app/gui/settings.h"
#include "app/gui/status_line.h"
#include "app/gui/text.h"
#include "app/gui/trace_inspector.h"
#include "app/gui/view_area.h"
#include "app/gui/view_export.h"
#include "app/gui/view_pane.h"
#include "app/gui/welcome_page.h"
#include "app/program_paths.h"
#include "app/workbench.h"
#include "views/qt/canvas.h"
#include "views/qt/flame_widget.h"

#include <QApplication>
#include <QFileInfo>
#include <QMenuBar>
#include <QMouseEvent>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace flamewright {
namespace {

constexpr int kCapturesWidth = 264, kInspectorWidth = 280, kFunctionsHeight = 244,
              kScopesHeight = 200, kPinnedHeight = 320;

} // namespace

MainWindow::MainWindow(const Services &services, SymbolSearch symbols, QWidget *parent)
    : QMainWindow(parent),
      m_services(services),
      m_symbols(std::move(symbols)),
      m_document(services),
      m_profile(services, m_document, m_scope),
      m_load(services, m_document, m_scope),
      m_traces(services, m_document, m_scope),
      m_compare(services, m_document, m_scope),
      m_imports(services, m_document),
      m_demo(findDemoCaptures(programDirectory())),
      m_actions(new ActionRegistry(this)),
      m_saved(new SavedScopes(this)),
      m_pinned(new PinnedFindings(m_document, this)),
      m_export(new ViewExport(m_services, this)),
      m_report(new ReportExport(m_services, this))
{
    setAcceptDrops(true);
    build();
    m_palette = new CommandPalette(m_services, *m_actions, m_document, m_scope, m_profile, this);
    buildActions();
    m_keeper = new SessionKeeper(m_document, m_scope, m_load, *m_views, *m_panels, *m_saved,
                                 m_services.settings, this);
    connectModels();
    m_keeper->restoreDefault();
    restoreSizes();
    qApp->installEventFilter(this);
    arrange();
    retitle();
}

MainWindow::~MainWindow()
{
    // The views are children and would outlive the models they listen to.
    m_messages = nullptr; // goes with them
    delete takeCentralWidget();
}

void MainWindow::build()
{
    auto *central = new QWidget(this);
    auto *column = new QVBoxLayout(central);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_scopeBar = new ScopeBar(m_services, m_document, m_scope, m_profile, m_load, central);
    m_compareBar = new CompareBar(m_document, m_compare, central);
    m_messages = new QVBoxLayout;
    m_messages->setContentsMargins(8, 0, 8, 0);
    m_messages->setSpacing(4);
    auto *welcome = new WelcomePage(m_services.workbench.importers(), m_services.settings,
                                    !m_demo.files.empty(), central);
    buildPanels(central);
    m_centre = new QStackedWidget(central);
    m_centre->addWidget(welcome);
    m_centre->addWidget(m_panels);
    m_status = new StatusLine(m_document, m_scope, m_profile, m_load, central);
    m_status->setRenderer(canvasChoice().reason);

    column->addWidget(m_scopeBar);
    column->addWidget(m_compareBar);
    connect(m_views, &ViewArea::problem, this,
            [this](const QString &sentence) { showMessage(MessageKind::Warning, sentence); });
    connect(m_scopeBar, &ScopeBar::matchRequested, this, &MainWindow::stepToMatch);
    column->addLayout(m_messages);
    column->addWidget(m_centre, 1);
    column->addWidget(m_status);
    setCentralWidget(central);

    m_corner = new PlainLabel(TextStyle::Body, TextTone::Secondary, this);
    m_corner->setContentsMargins(8, 1, 16, 0);
    m_corner->setMinimumHeight(26);
    menuBar()->setCornerWidget(m_corner);
    m_overlay = new DropOverlay(this);

    connect(welcome, &WelcomePage::openRequested, this, &MainWindow::openRequested);
    connect(welcome, &WelcomePage::fileChosen, this,
            [this](const QString &path) { Q_EMIT filesChosen({path}); });
    connect(welcome, &WelcomePage::demoRequested, this, &MainWindow::openDemo);
    connect(m_sidebar, &CapturesSidebar::addRequested, this, &MainWindow::openRequested);
    connect(m_table, &FunctionTable::activated, this, &MainWindow::showInFlameGraph);
    connect(m_views, &ViewArea::flameGraphRequested, this, &MainWindow::showInFlameGraph);
}

void MainWindow::buildPanels(QWidget *parent)
{
    m_panels = new Panels(parent);
    m_sidebar = new CapturesSidebar(m_services, m_document, m_scope, m_imports, m_panels);
    m_table = new FunctionTable(m_profile, m_services.settings, m_panels);
    m_inspector = new Inspector(m_profile, m_panels);
    m_sidebar->setMinimumWidth(200);
    m_loadInspector = new LoadInspector(m_load, m_panels);
    m_inspectors = new QStackedWidget(m_panels);
    m_inspectors->setMinimumWidth(220);
    m_inspectors->addWidget(m_inspector);
    m_inspectors->addWidget(m_loadInspector);
    m_traceInspector = new TraceInspector(m_services, m_document, m_traces, m_panels);
    m_inspectors->addWidget(m_traceInspector);

    m_waiting = new PlainLabel(TextStyle::Title, TextTone::Secondary, m_panels);
    m_waiting->setAlignment(Qt::AlignCenter);
    m_waiting->setElide(Qt::ElideMiddle);
    m_waiting->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    m_views =
        new ViewArea({m_services, m_document, m_scope, m_profile, m_load, m_traces, m_compare},
                     viewCatalogue(), m_panels);
    m_middle = new QStackedWidget(m_panels);
    m_middle->addWidget(m_waiting);
    m_middle->addWidget(m_views);
    m_panels->setCentralWidget(m_middle);

    auto *captures = m_panels->add(QStringLiteral("captures"), tr("Captures"), m_sidebar,
                                   Qt::LeftDockWidgetArea, kCapturesWidth);
    captures->titleBar()->addControl(m_sidebar->addButton());
    auto *functions = m_panels->add(QStringLiteral("functions"), tr("Functions"), m_table,
                                    Qt::BottomDockWidgetArea, kFunctionsHeight);
    functions->titleBar()->addControl(m_table->takeCount());
    m_savedPanel = new SavedScopesPanel(*m_saved, m_scope, m_panels);
    auto *scopes = m_panels->add(QStringLiteral("scopes"), tr("Saved scopes"), m_savedPanel,
                                 Qt::LeftDockWidgetArea, kScopesHeight, false);
    scopes->titleBar()->addControl(m_savedPanel->saveButton());
    m_pinnedPanel = new PinnedPanel(*m_pinned, m_views->kinds(), m_panels);
    auto *pinned = m_panels->add(QStringLiteral("pinned"), tr("Pinned findings"), m_pinnedPanel,
                                 Qt::LeftDockWidgetArea, kPinnedHeight, false);
    pinned->titleBar()->addControl(m_pinnedPanel->pinButton());
    m_panels->add(QStringLiteral("inspector"), tr("Inspector"), m_inspectors,
                  Qt::RightDockWidgetArea, kInspectorWidth);
}

void MainWindow::showInFlameGraph()
{
    m_views->show(QStringLiteral("flame"));
    if (auto *flame = flamePane()) {
        flame->flame()->zoomTo(m_profile.selection().node);
        flame->flame()->setFocus();
    }
}

FlamePane *MainWindow::flamePane() const
{
    const auto *tab = m_views->find<FlameTab>();
    return tab ? tab->flamePane() : nullptr;
}

void MainWindow::connectModels()
{
    const auto complain = [this](const QString &summary, const QString &details) {
        showMessage(MessageKind::Error, summary, details);
    };
    connect(&m_services.settings, &Settings::valueStyleChanged, this, &MainWindow::showValuesAgain);
    connect(&m_document, &Document::failed, this, complain);
    connect(&m_imports, &ImportQueue::failed, this, complain);
    connect(&m_document, &Document::opened, this, [this] {
        m_scope.restart({});
        m_pendingShow = {};
        m_keeper->restoreSession();
    });
    connect(&m_document, &Document::sessionChanged, this, [this] {
        retitle();
        followReadOnly();
        arrange();
    });
    connect(&m_document, &Document::capturesChanged, this, &MainWindow::capturesMoved);
    connect(&m_document, &Document::saved, this, [this](const QString &path) {
        m_services.settings.addRecentFile(path);
        m_services.settings.setLastSession(path);
        retitle();
        if (m_closeAfterSave)
            close();
    });
    connect(&m_scope, &ScopeController::scopeChanged, this, &MainWindow::retitle);
    connect(&m_scope, &ScopeController::scopeChanged, this, &MainWindow::followSubject);
    for (const auto signal : {&RequestsModel::answerChanged, &RequestsModel::choiceChanged})
        connect(&m_load, signal, m_actions, &ActionRegistry::refresh);
    for (const auto signal : {&ProfileModel::profileChanged, &ProfileModel::selectionChanged,
                              &ProfileModel::searchChanged})
        connect(&m_profile, signal, m_actions, &ActionRegistry::refresh);
    connect(&m_scope, &ScopeController::scopeChanged, m_actions, &ActionRegistry::refresh);
    connect(m_views, &ViewArea::currentChanged, m_actions, &ActionRegistry::refresh);
    connect(m_panels, &Panels::changed, m_actions, &ActionRegistry::refresh);
    connect(m_palette, &CommandPalette::functionChosen, this, [this](quint32 function) {
        m_profile.selectFunction(FunctionId{function});
        if (auto *flame = flamePane())
            flame->flame()->setFocus();
    });
    connect(m_export, &ViewExport::failed, this, complain);
    connect(m_export, &ViewExport::copied, m_status, &StatusLine::say);
    connect(m_export, &ViewExport::written, m_status, [this](const QString &path) {
        m_status->say(tr("Written: %1").arg(display(path.toStdString())));
    });
    connect(&m_document, &Document::copied, this, [this](const QString &path) {
        m_services.settings.addRecentFile(path);
        showMessage(MessageKind::Info, tr("A copy of the session was written."),
                    display(path.toStdString()));
    });
    connect(&m_profile, &ProfileModel::profileChanged, this, [this] {
        const auto &error = m_profile.error();
        for (const auto *bar : m_bars) {
            if (bar->details() == error)
                return;
        }
        if (!error.isEmpty())
            showMessage(MessageKind::Error, tr("This capture could not be shown."), error);
    });
    connect(&m_imports, &ImportQueue::queued, this,
            [this](ImportQueue::TaskId, const QString &name) {
                m_waiting->setPlain(tr("Reading %1").arg(name));
                arrange();
            });
    connect(&m_imports, &ImportQueue::imported, this,
            [this](CaptureId capture, const QString &path) {
                if (!path.isEmpty() && path != QLatin1String("-"))
                    m_services.settings.addRecentFile(path);
                if (m_showNextImport) {
                    m_pendingShow = capture;
                    m_showNextImport = false;
                }
            });
    connect(&m_imports, &ImportQueue::ended, this, &MainWindow::arrange);
    connectPinned();
    connectComparing();
}

void MainWindow::importFiles(const QStringList &paths, CaptureRole role)
{
    if (m_document.session() && m_document.session()->readOnly()) {
        showMessage(MessageKind::Error,
                    tr("Captures cannot be added: this session is read-only. Save a copy first."),
                    display(m_document.session()->readOnlyReason()));
        return;
    }
    m_showNextImport = true;
    for (const auto &path : paths) {
        auto request = requestFor(path.toStdString());
        request.role = role;
        m_imports.add(std::move(request));
    }
}

ImportRequest MainWindow::requestFor(const std::filesystem::path &path) const
{
    ImportRequest request;
    request.input = path;
    request.symbols = m_symbols;
    for (const auto &folder : m_services.settings.preferences().symbolPaths)
        request.symbols.directories.emplace_back(folder.toStdString());
    request.symbols.cacheDirectory = m_services.workbench.settings().cacheDirectory;
    return request;
}

void MainWindow::openDemo()
{
    m_showNextImport = true;
    for (const auto &file : m_demo.files) {
        auto request = requestFor(file);
        if (!m_demo.symbols.empty())
            request.symbols.directories.push_back(m_demo.symbols);
        m_imports.add(std::move(request));
    }
}

void MainWindow::openSessionFile(const QString &path)
{
    m_waiting->setPlain(tr("Opening %1").arg(display(QFileInfo(path).fileName().toStdString())));
    m_document.open(path.toStdString());
    arrange();
}

void MainWindow::showValuesAgain()
{
    // As after a new answer: whoever shows a number asks for its text again.
    m_document.refresh();
    Q_EMIT m_profile.profileChanged();
    Q_EMIT m_profile.zoomChanged();
    Q_EMIT m_profile.selectionChanged();
    Q_EMIT m_profile.searchChanged();
    Q_EMIT m_load.answerChanged();
    Q_EMIT m_compare.comparisonChanged();
}

bool MainWindow::isEmpty() const
{
    return !m_document.session() && m_imports.isEmpty() && !m_document.busy();
}

bool MainWindow::isSettled() const
{
    return m_imports.isEmpty() && !m_document.busy() && !m_profile.busy() && !m_load.busy() &&
           !m_traces.busy() && !m_compare.busy() && m_pendingShow == CaptureId{} &&
           std::ranges::all_of(m_views->panes(),
                               [](const ViewPane *pane) { return pane->isSettled(); });
}

void MainWindow::capturesMoved()
{
    showCaptureFirst();
    offerInterrupted();
    arrange();
    followSubject();
    retitle();
}

void MainWindow::showCaptureFirst()
{
    if (m_pendingShow != CaptureId{} && m_document.find(m_pendingShow)) {
        m_scope.showCaptures({m_pendingShow});
        m_pendingShow = {};
        return;
    }
    if (m_keeper->restoreScope())
        return;
    const auto &shown = m_scope.scope().captures;
    if (!shown.empty() && m_document.find(shown.front()))
        return;
    for (const auto &capture : m_document.captures()) {
        if (capture.state == CaptureState::Importing)
            continue;
        Scope first;
        first.captures = {capture.id};
        m_scope.restart(std::move(first));
        return;
    }
    if (!shown.empty())
        m_scope.restart({});
}

// What there is to show decides which parts of the window are there.
void MainWindow::arrange()
{
    const bool any = !m_document.captures().empty();
    const bool coming = !m_imports.isEmpty() || m_document.busy();
    m_centre->setCurrentIndex(any || coming ? 1 : 0);
    m_middle->setCurrentWidget(any ? static_cast<QWidget *>(m_views) : m_waiting);
    m_scopeBar->setVisible(any);
    m_compareBar->setVisible(any && m_compareBar->isUseful());
    for (auto *panel : m_panels->all())
        panel->setUseful(panel->widget() == m_sidebar ||
                         (any &&
                          (panel->widget() != m_table ||
                           (m_views->shows(Subject::Profile) && !comparesInFront())) &&
                          (panel->widget() != m_inspectors || hasInspector())));
    m_status->setVisible(any || coming);
    m_actions->refresh();
}

void MainWindow::retitle()
{
    const auto session = m_document.title();
    const auto &captures = m_scope.scope().captures;
    const auto *capture = captures.empty() ? nullptr : m_document.find(captures.front());
    QStringList parts;
    if (capture)
        parts << captureName(*capture);
    if (!session.isEmpty())
        parts << session;
    parts << tr("Flamewright");
    setWindowTitle(parts.join(QStringLiteral(" – ")));
    m_corner->setPlain(session);
    menuBar()->adjustSize();
}

QList<MessageBar *> MainWindow::messages() const
{
    return m_bars;
}

MessageBar *MainWindow::showMessage(MessageKind kind, const QString &sentence,
                                    const QString &details)
{
    auto *bar = new MessageBar(kind, sentence, details, centralWidget());
    m_bars << bar;
    m_messages->addWidget(bar);
    m_messages->setContentsMargins(8, 8, 8, 8);
    connect(bar, &QObject::destroyed, this, [this](QObject *gone) {
        m_bars.removeAll(static_cast<MessageBar *>(gone));
        if (gone == m_readOnlyBar)
            m_readOnlyBar = nullptr;
        if (gone == m_interruptedBar)
            m_interruptedBar = nullptr;
        if (m_messages && m_bars.isEmpty())
            m_messages->setContentsMargins(8, 0, 8, 0);
    });
    return bar;
}

void MainWindow::followReadOnly()
{
    if (m_readOnlyBar)
        m_readOnlyBar->dismiss();
    const auto &session = m_document.session();
    if (!session || !session->readOnly())
        return;
    m_readOnlyBar = showMessage(
        MessageKind::Info,
        tr("This session is open for reading only. %1").arg(display(session->readOnlyReason())));
}

void MainWindow::offerInterrupted()
{
    if (m_interruptedBar)
        m_interruptedBar->dismiss();
    m_interruptedBar = nullptr;
    const auto &session = m_document.session();
    const auto left = m_document.interrupted();
    if (left.empty() || !session || session->readOnly())
        return;
    const auto id = left.front().id;
    m_interruptedBar =
        showMessage(MessageKind::Warning,
                    tr("The import of %1 was interrupted. What was read until then can be kept.")
                        .arg(captureName(left.front())));
    auto *keep = m_interruptedBar->addAction(tr("Keep"));
    auto *discard = m_interruptedBar->addAction(tr("Discard"));
    connect(keep, &QPushButton::clicked, &m_document, [this, id] { m_document.keepPartial(id); });
    connect(discard, &QPushButton::clicked, &m_document, [this, id] { m_document.remove(id); });
}

void MainWindow::resizeEvent(QResizeEvent *event)
{
    QMainWindow::resizeEvent(event);
    m_overlay->setGeometry(rect());
}

bool MainWindow::eventFilter(QObject *watched, QEvent *event)
{
    // The mouse's own back and forward buttons, wherever the pointer is in this window.
    if (event->type() == QEvent::MouseButtonPress) {
        const auto *widget = qobject_cast<QWidget *>(watched);
        const auto button = static_cast<QMouseEvent *>(event)->button();
        if (widget && widget->window() == this &&
            (button == Qt::BackButton || button == Qt::ForwardButton)) {
            button == Qt::BackButton ? m_scope.back() : m_scope.forward();
            return true;
        }
    }
    return QMainWindow::eventFilter(watched, event);
}

} // namespace flamewright
