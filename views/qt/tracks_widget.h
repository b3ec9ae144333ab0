#pragma once

#include "views/scene/tracks_view.h"

#include <QElapsedTimer>
#include <QPointer>
#include <QWidget>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

class QScrollBar;

namespace flamewright {

class FrameTip;

// The timeline on a canvas, and what mouse and keys do to it. W and S zoom, A and D move (by where
// they are on the keyboard); Ctrl+wheel zooms at the pointer, the wheel scrolls, with Shift it moves
// in time. A drag measures and chooses a time on the tracks it crosses, in the ruler on all of them;
// ends keep to edges of slices unless Alt is down. A click selects, a double click zooms to a slice.
// On the line of a capture beside others Alt + drag moves its clock; Esc leaves it.
// F fits what is selected, then everything; arrows walk over slices, [ and ] follow flows, . and , go
// through what was found; M notes, Backspace takes a zoom back, Esc clears.
class TracksWidget final : public QWidget {
    Q_OBJECT

public:
    explicit TracksWidget(QWidget *parent = nullptr);
    ~TracksWidget() override;

    // What was set up stays where the tracks are the same.
    void setTraces(std::shared_ptr<const TraceSet> set);
    const TracksView &view() const { return m_view; }
    void setTheme(Theme theme);
    void setStyle(ValueStyle style);
    void setDetail(std::uint32_t capture, std::shared_ptr<const DetailRows> rows);
    void setMatches(std::shared_ptr<const SliceMatches> matches); // null: no search
    void setNotes(std::vector<TrackNote> notes);
    void setChoices(TrackChoices choices);
    // What is chosen elsewhere; tells nobody.
    void setArea(std::optional<TracksView::Area> area);
    void setWindow(const TimeWindow &window);

    void fitAll() { jumpTo(m_view.whole()); }
    // To what is selected, or everything where that is shown already.
    void fit();
    void zoomTo(std::int64_t begin, std::int64_t end, double margin = 0.25);
    void select(std::optional<TracksBox> box); // tells nobody
    // Selects it, and shows it where it is not in sight.
    void reveal(const TracksBox &box);
    void back();
    // What the key does, for menus.
    void act(Qt::Key key) { handleKey(key, {}); }

    Viewport viewport() const;
    QString tooltipText() const; // what is shown, in lines; empty when nothing is
    double scrollY() const { return m_scrollY; }
    void setScrollY(double y);
    // Where a box is drawn, for tests and menus; empty: nowhere.
    QRectF placeOnScreen(const TracksBox &box) const;

    QSize sizeHint() const override { return {800, 420}; }
    QSize minimumSizeHint() const override { return {320, 140}; }

Q_SIGNALS:
    void shownChanged(); // another part of the time
    void boxSelected();  // view().selected()
    void areaChosen();   // view().area()
    void choicesChanged();
    void clockMoved(std::uint32_t capture, qint64 by); // of the set; ns
    void noteRequested();
    void noteClicked(int note);
    void matchRequested(int step); // 1, -1; 0: no more of it
    void trackMenuRequested(std::uint32_t node, QPoint global);

protected:
    bool event(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    enum class Drag : std::uint8_t { None, Area, Overview, Pan, Track, Clock };

    void showWindow(const TimeWindow &window);
    void jumpTo(const TimeWindow &window);
    void remember();
    void zoomAround(double x, double factor);
    void panBy(double pixels);
    void placeParts();
    void hover(QPoint at, Qt::KeyboardModifiers modifiers);
    bool movesClock(const TracksHit &hit) const; // where Alt is down
    void dragClock(QPointF at);
    void clearHover();
    void userSelects(std::optional<TracksBox> box, bool show);
    void dragArea(QPointF at, bool snap);
    void dragOverview(QPointF at);
    void toggle(std::uint32_t node);
    void showRow(std::uint32_t node, std::uint32_t depth);
    int keyOf(const QKeyEvent &event) const;
    bool isOurs(int key, Qt::KeyboardModifiers modifiers) const;
    bool handleKey(int key, Qt::KeyboardModifiers modifiers);
    bool walk(int key);
    bool clearStep();
    double pointerX() const;
    void describe(const QString &what = {});

    TracksView m_view;
    Theme m_theme = Theme::Light;
    QWidget *m_canvas;
    QScrollBar *m_bar;
    QPointer<FrameTip> m_tip;
    double m_scrollY = 0;
    std::vector<TimeWindow> m_back;
    QElapsedTimer m_sinceZoom;

    Drag m_drag = Drag::None;
    QPointF m_pressed, m_last;
    bool m_moved = false;
    TracksHit m_hit;                        // where the button went down
    std::int64_t m_anchor = 0, m_shift = 0; // of Drag::Clock: ns
};

} // namespace flamewright
