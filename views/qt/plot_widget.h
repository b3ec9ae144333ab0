#pragma once

#include "analysis/load_rows.h"
#include "views/scene/plot_view.h"
#include "views/scene/theme.h"

#include <QPointer>
#include <QTimer>
#include <QWidget>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace flamewright {

class FrameTip;

// Any plot of a load test on a canvas, and what mouse and keys do to it. The pointer has a crosshair
// and a card beside it; arrow keys move it from value to value.
//
// Along time a drag chooses a range, Shift adds to what is chosen, a click takes what is under it, Esc
// or a double click takes all of the time. It is zoomed as in the flame graph: Ctrl+wheel around the
// pointer, the wheel moves; + and - (W and S) zoom, A and D, Page Up and Down move, Backspace goes
// one step out, Home shows all of the time. Shift and an arrow choose, Enter commits.
class PlotWidget final : public QWidget {
    Q_OBJECT

public:
    explicit PlotWidget(QWidget *parent = nullptr);
    ~PlotWidget() override;

    // The chosen ranges, and what is shown of the same time, stay. Never null.
    void setView(std::unique_ptr<PlotView> view);
    const PlotView &view() const { return *m_view; }
    // What is chosen elsewhere; tells nobody.
    void setRanges(std::vector<LoadSpan> ranges);
    void setEmphasis(std::optional<std::uint32_t> group);
    void setTheme(Theme theme);

    Viewport viewport() const; // with the part of the time that is shown
    bool isZoomed() const { return m_end - m_begin < 1; }
    void resetZoom() { showTime(0, 1); }
    void showTime(double begin, double end); // shares of all of the time
    QString tooltipText() const; // what is shown, in lines; empty when nothing is

    QSize sizeHint() const override { return {640, 360}; }
    QSize minimumSizeHint() const override { return {240, 140}; }

Q_SIGNALS:
    // The user chose; sorted and without overlaps, empty for all of the time.
    void rangesChanged(const std::vector<flamewright::LoadSpan> &ranges);
    // Another part of the time, or another size: data may be counted for it.
    void shownChanged();
    // A line or its name in the legend was clicked: index of PlotView::groupNames().
    void groupClicked(std::uint32_t group);

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
    bool isAlongTime() const { return m_view->timeSpan().has_value(); }
    void zoomAround(double share, double factor); // `share` of the time stays where it is
    void panBy(double shareOfShown);
    double shareAt(double x) const;
    bool zoomByKey(int key);
    bool stepByKey(int key, bool extend);
    bool handleKey(int key, bool shift);
    void point(PointF at, bool withCard);
    void clearHover();
    std::optional<LoadSpan> spanTo(double x) const; // from where the button went down
    void choose(const LoadSpan &span, bool further);
    void clearRanges();
    void dropPending();
    bool hasSomethingToClear() const;
    void describe(const QString &what = {});

    std::unique_ptr<PlotView> m_view;
    Theme m_theme = Theme::Light;
    QWidget *m_canvas;
    QPointer<FrameTip> m_tip;
    double m_begin = 0, m_end = 1;    // shown part of the time
    std::optional<QPointF> m_pressed; // where the button went down
    bool m_further = false;           // with Shift
    std::optional<PointF> m_cursor;   // of the keyboard
    std::optional<double> m_anchor;   // ns, where Shift and an arrow began
};

} // namespace flamewright
