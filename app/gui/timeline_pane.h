#pragma once

#include "app/gui/slice_stats_model.h"
#include "app/gui/timeline_model.h"
#include "app/gui/timeline_notes.h"
#include "app/gui/view_catalogue.h"
#include "app/gui/view_pane.h"
#include "views/scene/track_rows.h"

#include <optional>
#include <vector>

class QLineEdit;
class QListView;
class QSplitter;
class QStackedWidget;
class QTableView;
class QToolButton;

namespace flamewright {

class FlameWidget;
class PlainLabel;
class SliceInspector;
class TracksWidget;

// Traces along time: tracks with their slices above, below them numbers of what is chosen, the
// selected slice, a flame graph of the area, notes. A brush is the time of the scope, which every view
// follows; its search is what is found here.
class TimelinePane final : public ViewPane {
    Q_OBJECT

public:
    TimelinePane(const ViewContext &context, QWidget *parent);
    ~TimelinePane() override;

    TracksWidget *tracks() const { return m_tracks; }
    TimelineModel &model() { return m_model; }
    SliceStatsModel &statsModel() { return m_statsModel; }
    QTableView *statsView() const { return m_statsView; }
    SliceInspector *inspector() const { return m_inspector; }
    QListView *noteList() const { return m_noteList; }
    TimelineNotes &notes() { return m_notes; }
    QLineEdit *filterField() const { return m_field; }
    QString summary() const;
    QString footer() const;

    QJsonObject state() const override;
    void restore(const QJsonObject &state) override;
    std::optional<ViewPicture> picture(Theme theme) const override;
    std::function<QString()> data() const override; // the statistics
    bool isSettled() const override { return !m_model.busy(); }

    // "statistics", "slice", "flame", "notes".
    void showPage(const QString &id);
    bool hasMatches() const { return m_model.matches() && !m_model.matches()->matches.empty(); }
    void stepMatch(int step); // to the next or previous one found; 0: no more search
    void addNote();

protected:
    void showEvent(QShowEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void buildHeader();
    void buildBelow();
    void connectParts();
    void setAdopted();
    void follow(); // the scope
    void areaMoved();
    void countArea();
    std::vector<TimeRange> onClocks(std::int64_t begin, std::int64_t end) const;
    std::optional<std::pair<std::int64_t, std::int64_t>> timesOnAxis() const;
    void statsMoved();
    void matchesMoved();
    void showNote(int row);
    void notesMoved();
    void trackMenu(std::uint32_t node, QPoint global);
    void describe();
    void look();

    ViewContext m_context;
    TimelineModel m_model;
    TimelineNotes m_notes;
    SliceStatsModel m_statsModel;
    TracksWidget *m_tracks;
    QWidget *m_header = nullptr, *m_below = nullptr;
    QSplitter *m_splitter = nullptr;
    QLineEdit *m_field = nullptr;
    QToolButton *m_previous = nullptr, *m_next = nullptr;
    PlainLabel *m_found = nullptr, *m_summary = nullptr, *m_footer = nullptr, *m_noNotes = nullptr;
    QStackedWidget *m_pages = nullptr;
    std::vector<QToolButton *> m_tabs;
    QTableView *m_statsView = nullptr;
    SliceInspector *m_inspector = nullptr;
    FlameWidget *m_flame = nullptr;
    QListView *m_noteList = nullptr;
    std::optional<std::size_t> m_match; // the one gone to
    std::vector<int> m_shownNotes;      // rows of m_notes that are drawn
    QJsonObject m_pending;              // state that waits for the traces
    bool m_stale = true;                // what is hidden is read when somebody looks
    bool m_brushing = false;
};

} // namespace flamewright
