#pragma once

#include "views/scene/heat_map_view.h"

#include <QPointer>
#include <QWidget>

#include <optional>
#include <vector>

namespace flamewright {

class FrameTip;

// A heat map on a canvas, and what mouse and keys do to it: a drag chooses a range of time, Shift
// adds to what is chosen, a click takes one cell, Esc or a double click takes all of the time.
// Arrow keys walk over the cells (left and right by a column, up and down in order of time), with
// Shift they choose, Enter commits.
//
// Time is zoomed as in the flame graph: Ctrl+wheel around the pointer, the wheel moves; + and -
// zoom around the cursor, Page Up and Down move, Backspace goes one step out, Home shows all of the
// time (Home again: the first cell). The overview below the plot can be dragged.
class HeatMapWidget final : public QWidget {
    Q_OBJECT
public:
    explicit HeatMapWidget(QWidget *parent = nullptr);
    ~HeatMapWidget() override;

    // The chosen ranges stay.
    void setMap(HeatMapData map);
    // What is chosen elsewhere; tells nobody.
    void setRanges(std::vector<TimeRange> ranges);
    void setTheme(Theme theme);

    const HeatMapView &view() const { return m_view; }
    const std::vector<TimeRange> &ranges() const { return m_view.ranges(); }
    Viewport viewport() const; // with the part of the time that is shown
    void resetZoom() { showTime(0, 1); }
    QString tooltipText() const; // what is shown, in lines; empty when nothing is

    QSize sizeHint() const override { return {640, 280}; }
    QSize minimumSizeHint() const override { return {240, 140}; }

Q_SIGNALS:
    // The user chose; sorted and without overlaps, empty for all of the time.
    void rangesChanged(const std::vector<TimeRange> &ranges);

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
    void focusOutEvent(QFocusEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    struct Cell {
        std::uint32_t column = 0, row = 0;
    };

    bool isZoomed() const { return m_end - m_begin < 1; }
    void showTime(double begin, double end);
    void zoomAround(double share, double factor); // `share` of the time stays where it is
    void panBy(double pixels);
    bool zoomByKey(int key);
    void showColumn(std::uint32_t column);
    bool isOnOverview(QPointF at) const;
    void dragOverview(QPointF at);
    void hover(QPoint at);
    void clearHover();
    void choose(const TimeRange &range, bool further);
    void clear();
    void dropPending();
    bool hasSomethingToClear() const;
    bool handleKey(int key, bool shift);
    bool walk(int key, bool extend);
    HeatBox boxOf(Cell cell) const;
    void showCursor();
    void describe(const QString &what = {});

    HeatMapView m_view;
    Theme m_theme = Theme::Light;
    QWidget *m_canvas;
    QPointer<FrameTip> m_tip;

    double m_begin = 0, m_end = 1; // shown part of the time
    bool m_dragsOverview = false;
    std::optional<HeatBox> m_pressed; // where the button went down
    bool m_further = false;           // with Shift
    std::optional<Cell> m_cursor;     // of the keyboard
    std::optional<Cell> m_anchor;     // where Shift and an arrow began
};

} // namespace flamewright
