#pragma once

#include "app/gui/document.h"
#include "app/gui/import_queue.h"
#include "app/gui/profile_model.h"
#include "app/gui/scope_controller.h"
#include "app/gui/services.h"
#include "importers/symbols/symbolizer.h"

#include <QMainWindow>
#include <QStringList>

class QSplitter;
class QStackedWidget;
class QVBoxLayout;

namespace flamewright {

class CapturesSidebar;
class DropOverlay;
class FlamePane;
class FunctionTable;
class Inspector;
class MessageBar;
class PlainLabel;
class ScopeBar;
class StatusLine;
enum class MessageKind : unsigned char;

// One session in one window. Owns the document, the scope of its (one) side and what follows
// from them; the widgets only show.
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    explicit MainWindow(const Services &services, SymbolSearch symbols = {},
                        QWidget *parent = nullptr);
    ~MainWindow() override;

    // Imports raw captures into the session of this window.
    void importFiles(const QStringList &paths);
    // Replaces what the window shows by a session file.
    void openSessionFile(const QString &path);
    // Nothing opened and nothing on the way: a session may be opened here.
    bool isEmpty() const;
    // Everything asked for has been answered and shown.
    bool isSettled() const;

    Document &document() { return m_document; }
    ScopeController &scope() { return m_scope; }
    ProfileModel &profile() { return m_profile; }
    ImportQueue &imports() { return m_imports; }
    ScopeBar *scopeBar() const { return m_scopeBar; }
    FlamePane *flamePane() const { return m_flame; }
    FunctionTable *functionTable() const { return m_table; }
    Inspector *inspector() const { return m_inspector; }
    CapturesSidebar *sidebar() const { return m_sidebar; }
    StatusLine *statusLine() const { return m_status; }
    QList<MessageBar *> messages() const;

public Q_SLOTS:
    MessageBar *showMessage(flamewright::MessageKind kind, const QString &sentence,
                            const QString &details = {});

Q_SIGNALS:
    void openRequested();
    void newWindowRequested();
    // Files of any kind: dropped, chosen, recent.
    void filesChosen(const QStringList &paths);

protected:
    void closeEvent(QCloseEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dragLeaveEvent(QDragLeaveEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void build();
    void connectModels();
    void buildMenus(); // main_window_menus.cpp
    void buildFileMenu();
    void buildEditMenu();
    void buildViewMenu();
    void buildScopeMenu();
    void buildHelpMenu();
    void fillRecent(QMenu *menu);
    void escape();
    void showAbout();

    void capturesMoved();
    void showCaptureFirst();
    void arrange();
    void retitle();
    void followReadOnly();
    void offerInterrupted();
    void saveAs();
    bool mayClose();
    void restoreSizes();
    void storeSizes();

    const Services &m_services;
    SymbolSearch m_symbols; // for what is imported here
    Document m_document;
    ScopeController m_scope;
    ProfileModel m_profile;
    ImportQueue m_imports;

    ScopeBar *m_scopeBar = nullptr;
    QVBoxLayout *m_messages = nullptr;
    QSplitter *m_columns = nullptr;
    QSplitter *m_rows = nullptr;
    QStackedWidget *m_centre = nullptr;
    PlainLabel *m_waiting = nullptr;
    PlainLabel *m_corner = nullptr;
    CapturesSidebar *m_sidebar = nullptr;
    FlamePane *m_flame = nullptr;
    FunctionTable *m_table = nullptr;
    Inspector *m_inspector = nullptr;
    StatusLine *m_status = nullptr;
    DropOverlay *m_overlay = nullptr;
    QList<MessageBar *> m_bars;
    MessageBar *m_readOnlyBar = nullptr;
    MessageBar *m_interruptedBar = nullptr;
    bool m_sidebarWanted = true, m_inspectorWanted = true;
    bool m_showNextImport = false;
    CaptureId m_pendingShow;
    bool m_closeAfterSave = false;
};

} // namespace flamewright
