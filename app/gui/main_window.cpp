#include "app/gui/main_window.h"

#include "app/gui/capture_text_of.h"
#include "app/gui/captures_sidebar.h"
#include "app/gui/drop_overlay.h"
#include "app/gui/flame_pane.h"
#include "app/gui/function_table.h"
#include "app/gui/inspector.h"
#include "app/gui/message_bar.h"
#include "app/gui/palette.h"
#include "app/gui/plain_label.h"
#include "app/gui/scope_bar.h"
#include "app/gui/settings.h"
#include "app/gui/status_line.h"
#include "app/gui/text.h"
#include "app/gui/welcome_page.h"
#include "app/workbench.h"
#include "views/qt/canvas.h"
#include "views/qt/flame_widget.h"

#include <QApplication>
#include <QCloseEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace flamewright {
namespace {

QStringList localFiles(const QMimeData *data)
{
    QStringList out;
    for (const auto &url : data->urls()) {
        if (url.isLocalFile())
            out << url.toLocalFile();
    }
    return out;
}

} // namespace

MainWindow::MainWindow(const Services &services, SymbolSearch symbols, QWidget *parent)
    : QMainWindow(parent),
      m_services(services),
      m_symbols(std::move(symbols)),
      m_document(services),
      m_profile(services, m_document, m_scope),
      m_imports(services, m_document)
{
    setAcceptDrops(true);
    build();
    buildMenus();
    connectModels();
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
    m_scopeBar = new ScopeBar(m_services, m_document, m_scope, m_profile, central);
    m_messages = new QVBoxLayout;
    m_messages->setContentsMargins(8, 0, 8, 0);
    m_messages->setSpacing(4);

    m_sidebar = new CapturesSidebar(m_services, m_document, m_scope, m_imports, central);
    m_flame = new FlamePane(m_services, m_profile, central);
    m_table = new FunctionTable(m_profile, m_services.settings, central);
    m_inspector = new Inspector(m_profile, central);
    m_rows = new QSplitter(Qt::Vertical, central);
    m_rows->addWidget(m_flame);
    m_rows->addWidget(m_table);
    m_rows->setStretchFactor(0, 3);
    m_rows->setStretchFactor(1, 2);
    m_rows->setChildrenCollapsible(false);

    auto *welcome = new WelcomePage(m_services.workbench.importers(), m_services.settings, central);
    m_waiting = new PlainLabel(TextStyle::Title, TextTone::Secondary, central);
    m_waiting->setAlignment(Qt::AlignCenter);
    m_waiting->setElide(Qt::ElideMiddle);
    m_waiting->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    m_centre = new QStackedWidget(central);
    m_centre->addWidget(welcome);
    m_centre->addWidget(m_waiting);
    m_centre->addWidget(m_rows);

    m_columns = new QSplitter(Qt::Horizontal, central);
    m_columns->addWidget(m_sidebar);
    m_columns->addWidget(m_centre);
    m_columns->addWidget(m_inspector);
    for (auto *splitter : {m_columns, m_rows})
        splitter->setHandleWidth(1);
    m_columns->setStretchFactor(0, 0);
    m_columns->setStretchFactor(1, 1);
    m_columns->setStretchFactor(2, 0);
    m_columns->setChildrenCollapsible(false);
    m_sidebar->setMinimumWidth(200);
    m_inspector->setMinimumWidth(220);
    m_status = new StatusLine(m_document, m_scope, m_profile, central);
    m_status->setRenderer(canvasChoice().reason);

    column->addWidget(m_scopeBar);
    column->addLayout(m_messages);
    column->addWidget(m_columns, 1);
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
    connect(m_sidebar, &CapturesSidebar::addRequested, this, &MainWindow::openRequested);
    connect(m_table, &FunctionTable::activated, this, [this] {
        m_flame->flame()->zoomTo(m_profile.selection().node);
        m_flame->flame()->setFocus();
    });
}

void MainWindow::connectModels()
{
    const auto complain = [this](const QString &summary, const QString &details) {
        showMessage(MessageKind::Error, summary, details);
    };
    connect(&m_document, &Document::failed, this, complain);
    connect(&m_imports, &ImportQueue::failed, this, complain);
    connect(&m_document, &Document::opened, this, [this] {
        m_scope.restart({});
        m_pendingShow = {};
    });
    connect(&m_document, &Document::sessionChanged, this, [this] {
        retitle();
        followReadOnly();
        arrange();
    });
    connect(&m_document, &Document::capturesChanged, this, &MainWindow::capturesMoved);
    connect(&m_document, &Document::saved, this, [this](const QString &path) {
        m_services.settings.addRecentFile(path);
        retitle();
        if (m_closeAfterSave)
            close();
    });
    connect(&m_scope, &ScopeController::scopeChanged, this, &MainWindow::retitle);
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
}

void MainWindow::importFiles(const QStringList &paths)
{
    if (m_document.session() && m_document.session()->readOnly()) {
        showMessage(MessageKind::Error,
                    tr("Captures cannot be added: this session is read-only. Save a copy first."),
                    display(m_document.session()->readOnlyReason()));
        return;
    }
    m_showNextImport = true;
    for (const auto &path : paths) {
        ImportRequest request;
        request.input = path.toStdString();
        request.symbols = m_symbols;
        request.symbols.cacheDirectory = m_services.workbench.settings().cacheDirectory;
        m_imports.add(std::move(request));
    }
}

void MainWindow::openSessionFile(const QString &path)
{
    m_waiting->setPlain(tr("Opening %1").arg(display(QFileInfo(path).fileName().toStdString())));
    m_document.open(path.toStdString());
    arrange();
}

bool MainWindow::isEmpty() const
{
    return !m_document.session() && m_imports.isEmpty() && !m_document.busy();
}

bool MainWindow::isSettled() const
{
    return m_imports.isEmpty() && !m_document.busy() && !m_profile.busy() &&
           m_pendingShow == CaptureId{};
}

void MainWindow::capturesMoved()
{
    showCaptureFirst();
    offerInterrupted();
    arrange();
    retitle();
}

void MainWindow::showCaptureFirst()
{
    if (m_pendingShow != CaptureId{} && m_document.find(m_pendingShow)) {
        m_scope.showCaptures({m_pendingShow});
        m_pendingShow = {};
        return;
    }
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
    m_centre->setCurrentIndex(any ? 2 : coming ? 1 : 0);
    m_scopeBar->setVisible(any);
    m_sidebar->setVisible(m_sidebarWanted && (any || coming));
    m_inspector->setVisible(m_inspectorWanted && any);
    m_status->setVisible(any || coming);
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

void MainWindow::saveAs()
{
    if (!m_document.session())
        return;
    if (!m_imports.isEmpty()) {
        showMessage(MessageKind::Warning,
                    tr("The session can be saved when the running imports have ended."));
        return;
    }
    auto *dialog =
        new QFileDialog(this, tr("Save session as"), {}, tr("Flamewright sessions (*.fws)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("fws"));
    connect(dialog, &QFileDialog::fileSelected, this,
            [this](const QString &path) { m_document.saveAs(path.toStdString()); });
    connect(dialog, &QFileDialog::rejected, this, [this] { m_closeAfterSave = false; });
    dialog->open();
}

bool MainWindow::mayClose()
{
    if (!m_document.hasUnsavedEdits())
        return true;
    QMessageBox box(QMessageBox::Question, tr("Flamewright"), {}, QMessageBox::NoButton, this);
    setPlainMessage(&box, tr("Save this session before closing?"),
                    tr("Names and roles that you gave are lost otherwise. The files it was made "
                       "from are not touched."));
    auto *save = box.addButton(tr("Save as…"), QMessageBox::AcceptRole);
    auto *discard = box.addButton(tr("Do not save"), QMessageBox::DestructiveRole);
    box.addButton(QMessageBox::Cancel);
    box.exec();
    if (box.clickedButton() == save) {
        m_closeAfterSave = true;
        saveAs();
        return false;
    }
    return box.clickedButton() == discard;
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (!mayClose()) {
        event->ignore();
        return;
    }
    m_imports.cancelAll();
    storeSizes();
    event->accept();
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    const auto files = localFiles(event->mimeData());
    if (files.isEmpty())
        return;
    event->acceptProposedAction();
    m_overlay->showFor(static_cast<int>(files.size()));
}

void MainWindow::dragLeaveEvent(QDragLeaveEvent *)
{
    m_overlay->hide();
}

void MainWindow::dropEvent(QDropEvent *event)
{
    m_overlay->hide();
    const auto files = localFiles(event->mimeData());
    if (files.isEmpty())
        return;
    event->acceptProposedAction();
    Q_EMIT filesChosen(files);
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

void MainWindow::restoreSizes()
{
    auto &settings = m_services.settings;
    resize(1280, 800);
    m_columns->setSizes({264, 736, 280});
    m_rows->setSizes({470, 230});
    if (const auto state = settings.bytes(QStringLiteral("layout/window")); !state.isEmpty())
        restoreGeometry(state);
    if (const auto state = settings.bytes(QStringLiteral("layout/columns")); !state.isEmpty())
        m_columns->restoreState(state);
    if (const auto state = settings.bytes(QStringLiteral("layout/rows")); !state.isEmpty())
        m_rows->restoreState(state);
}

void MainWindow::storeSizes()
{
    auto &settings = m_services.settings;
    settings.setBytes(QStringLiteral("layout/window"), saveGeometry());
    // Hidden parts have no size worth keeping.
    if (m_inspector->isVisible() && m_sidebar->isVisible()) {
        settings.setBytes(QStringLiteral("layout/columns"), m_columns->saveState());
        settings.setBytes(QStringLiteral("layout/rows"), m_rows->saveState());
    }
}

} // namespace flamewright
