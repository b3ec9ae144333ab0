#pragma once

#include "app/demo_captures.h"
#include "app/gui/compare_model.h"
#include "app/gui/document.h"
#include "app/gui/import_queue.h"
#include "app/gui/profile_model.h"
#include "app/gui/requests_model.h"
#include "app/gui/scope_controller.h"
#include "app/gui/services.h"
#include "app/gui/trace_model.h"
#include "importers/symbols/symbolizer.h"

#include <QMainWindow>
#include <QStringList>

#include <functional>
#include <vector>

class QStackedWidget;
class QVBoxLayout;

namespace flamewright {

class ActionRegistry;
class CapturesSidebar;
class CommandPalette;
class CompareBar;
class DropOverlay;
class FlamePane;
class FunctionTable;
class Inspector;
class LoadInspector;
class TraceInspector;
class MessageBar;
class Panel;
class Panels;
class PlainLabel;
class ReportExport;
class SavedScopes;
class PinnedFindings;
class PinnedPanel;
class SavedScopesPanel;
class ScopeBar;
class SessionKeeper;
class StatusLine;
class ViewArea;
class ViewExport;
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
    void importFiles(const QStringList &paths, CaptureRole role = CaptureRole::None);
    // Replaces what the window shows by a session file.
    void openSessionFile(const QString &path);
    // Nothing opened and nothing on the way: a session may be opened here.
    bool isEmpty() const;
    // Everything asked for has been answered and shown.
    bool isSettled() const;

    Document &document() { return m_document; }
    ScopeController &scope() { return m_scope; }
    ProfileModel &profile() { return m_profile; }
    RequestsModel &load() { return m_load; }
    TraceModel &traces() { return m_traces; }
    CompareModel &comparing() { return m_compare; }
    CompareBar *compareBar() const { return m_compareBar; }
    ImportQueue &imports() { return m_imports; }
    ActionRegistry &actions() { return *m_actions; }
    ViewArea *views() const { return m_views; }
    Panels *panels() const { return m_panels; }
    ViewExport &exporter() { return *m_export; }
    ReportExport &reports() { return *m_report; }
    CommandPalette *palette() const { return m_palette; }
    SavedScopes &savedScopes() { return *m_saved; }
    SavedScopesPanel *savedScopesPanel() const { return m_savedPanel; }
    ScopeBar *scopeBar() const { return m_scopeBar; }
    // The one in front, else the first; null: no flame graph is open.
    FlamePane *flamePane() const;
    FunctionTable *functionTable() const { return m_table; }
    Inspector *inspector() const { return m_inspector; }
    LoadInspector *loadInspector() const { return m_loadInspector; }
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
    // Values are written in other units from now on.
    void showValuesAgain();
    void buildPanels(QWidget *parent);
    void connectModels();
    void buildActions(); // main_window_actions.cpp
    void addFileActions();
    void addEditActions();
    void addScopeActions();
    void addHelpActions();
    void addViewActions();  // main_window_views.cpp
    void addFlameActions(); // main_window_flame.cpp
    void addFlameLooks(const std::function<QString()> &needsFlame);
    void addFilterActions();
    void addLoadActions();    // main_window_load.cpp
    void addPresentActions(); // main_window_present.cpp
    void connectPinned();
    void pinView();
    void restoreFinding(std::size_t at);
    void present(int from);
    void askReport();
    QString currentViewTitle() const;
    void addTraceActions(); // main_window_traces.cpp
    void addTimelineActions();
    void addCompareActions(); // main_window_compare.cpp
    void connectComparing();
    void followSides();
    void followComparison();
    void openCompareViews();
    bool comparesInFront() const; // then what is of one capture only makes room
    void useAs(CaptureRole role);
    void showSameTime();
    bool hasInspector() const;
    std::optional<std::pair<CaptureId, TimeRange>> timeLookedAt() const;
    void followSubject();
    std::vector<CaptureId> loadTests() const;
    std::vector<CaptureId> withTracks() const;
    void addPanelActions();
    void addThemeActions();
    QString needsCapture() const; // why not, for actions
    void escape();
    void showAbout();
    void openSettings();
    void focusNextArea(int by);

    void capturesMoved();
    void showCaptureFirst();
    ImportRequest requestFor(const std::filesystem::path &path) const;
    void openDemo();
    void showInFlameGraph();
    void stepToMatch(int step);
    void arrange();
    void retitle();
    void followReadOnly();
    void offerInterrupted();
    void saveAs(); // main_window_files.cpp
    void saveCopy();
    bool mayBeSaved();
    bool mayClose();
    void restoreSizes();
    void storeSizes();

    const Services &m_services;
    SymbolSearch m_symbols; // for what is imported here
    Document m_document;
    ScopeController m_scope;
    ProfileModel m_profile;
    RequestsModel m_load;
    TraceModel m_traces;
    CompareModel m_compare;
    ImportQueue m_imports;

    DemoCaptures m_demo;
    ActionRegistry *m_actions;
    ScopeBar *m_scopeBar = nullptr;
    CompareBar *m_compareBar = nullptr;
    QVBoxLayout *m_messages = nullptr;
    QStackedWidget *m_centre = nullptr; // welcome, panels
    QStackedWidget *m_middle = nullptr; // in the panels: waiting, views
    PlainLabel *m_waiting = nullptr;
    PlainLabel *m_corner = nullptr;
    Panels *m_panels = nullptr;
    ViewArea *m_views = nullptr;
    CapturesSidebar *m_sidebar = nullptr;
    FunctionTable *m_table = nullptr;
    QStackedWidget *m_inspectors = nullptr; // of profiles, of load tests
    Inspector *m_inspector = nullptr;
    LoadInspector *m_loadInspector = nullptr;
    TraceInspector *m_traceInspector = nullptr;
    SavedScopes *m_saved;
    SavedScopesPanel *m_savedPanel = nullptr;
    PinnedFindings *m_pinned;
    PinnedPanel *m_pinnedPanel = nullptr;
    ViewExport *m_export;
    ReportExport *m_report;
    SessionKeeper *m_keeper = nullptr;
    CommandPalette *m_palette = nullptr;
    StatusLine *m_status = nullptr;
    DropOverlay *m_overlay = nullptr;
    QList<MessageBar *> m_bars;
    MessageBar *m_readOnlyBar = nullptr;
    MessageBar *m_interruptedBar = nullptr;
    bool m_showNextImport = false;
    bool m_hadBoth = false, m_sidesKnown = false; // of the session that is open
    bool m_offerCompareViews = false;             // somebody has just chosen both sides
    CaptureId m_pendingShow;
    bool m_closeAfterSave = false;
};

} // namespace flamewright
