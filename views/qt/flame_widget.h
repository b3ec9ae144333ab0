#pragma once

#include "analysis/transforms.h"
#include "views/qt/reduced_motion.h"
#include "views/scene/diff_flame_view.h"
#include "views/scene/flame_view.h"
#include "views/scene/sandwich_view.h"

#include <QElapsedTimer>
#include <QPoint>
#include <QPointer>
#include <QPointF>
#include <QTimer>
#include <QWidget>

#include <memory>
#include <optional>

class QScrollBar;

namespace flamewright {

class FrameTip;

// A flame graph in a window, in any layout: the canvas and what mouse and keyboard do to it. Holds
// a view model, no data; what it cannot do itself it asks for by a signal.
//
//   wheel         rows                     Ctrl+wheel     zoom around the pointer
//   + -           zoom around the selection
//   click         select                   double-click   zoom to the frame
//   drag          pan                      right click    menu of the frame (also the Menu key)
//   arrows        walk from frame to frame Page Up, Down  rows
//   Enter         zoom to the selection    Backspace      one level out
//   Home, Esc     everything               1 to 6         layouts
//   n, p          next, previous thread    f F h m d k c C r R S M
//                                          transforms of the selection (flame_keys.h)
//
// Middle click and Ctrl+click do nothing here: the window may use them.
class FlameWidget final : public QWidget {
    Q_OBJECT
public:
    explicit FlameWidget(QWidget *parent = nullptr);
    ~FlameWidget() override;

    // Forgets zoom, selection, search and marks. The profile is the layout's: that of
    // invertedProfile() for Inverted, of chartProfile() for Chart.
    void setProfile(std::shared_ptr<const Profile> profile); // in the layout shown
    void setProfile(std::shared_ptr<const Profile> profile, FlameLayout layout);
    // The same, with the work for large trees already done elsewhere.
    void setData(std::shared_ptr<const FlameData> flame);
    // Callers and callees of one function, until there is another profile or layout.
    void setSandwich(std::shared_ptr<const FlameData> callers,
                     std::shared_ptr<const FlameData> callees);
    // The difference of two profiles. As if it were a profile: that of the union.
    void setDiff(std::shared_ptr<const DiffFlameData> diff, DiffColor color);
    const DiffFlameView *diff() const { return m_diff; } // null: no difference is shown
    // Zoom, selection and search stay where they are.
    void setDiffWidth(DiffWidth width);
    void setDiffColor(DiffColor color);
    // Of the same profile; zoom and selection stay. A sandwich gives way to what was there before.
    void setLayout(FlameLayout layout);
    FlameLayout layout() const;
    void setColorScheme(ColorScheme scheme);
    void setReadable(bool on);
    void setValueStyle(ValueStyle style);       // of labels and tooltips
    void setTimeOrigin(std::int64_t beginNs);   // of a chart: see FlameView
    void setSearch(const SearchResult &result); // empty: none
    void setTheme(Theme theme);
    void setMotion(MotionChoice choice) { m_motion = choice; } // of the zoom
    // Marks every occurrence of a function; raw 0: none.
    void selectFunction(FunctionId function);
    void selectNode(std::uint32_t node); // kNoNode: none; scrolls to it
    void zoomTo(std::uint32_t node);     // 0: everything
    void resetZoom() { zoomTo(0); }

    const FlameView &view() const { return *m_view; } // unless it is a sandwich
    // What is shown. Says which profile a node of the signals belongs to.
    const FlameScene &scene() const;
    Viewport viewport() const;
    QString tooltipText() const; // empty when none is shown
    QSize sizeHint() const override { return {800, 400}; }
    QSize minimumSizeHint() const override { return {160, 80}; }

Q_SIGNALS:
    void nodeSelected(std::uint32_t node);                   // kNoNode: nothing
    void functionSelected(flamewright::FunctionId function); // of the same; raw 0: none, the root
    void zoomChanged(std::uint32_t node);                    // the frame zoomed to; 0: everything
    void layoutRequested(flamewright::FlameLayout layout);
    void transformRequested(flamewright::TransformKind kind, std::uint32_t node);
    void menuRequested(std::uint32_t node, QPoint global); // kNoNode: not of a frame
    void nextThreadRequested();
    void previousThreadRequested();

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
    // What is shown of the graph: share of the root from left to right, first row.
    struct Window {
        double begin = 0, end = 1;
        double scrollY = 0;
    };

    FlameScene &changing();
    void sceneChanged();
    bool isFrame(std::uint32_t node) const;
    std::optional<FlameBox> boxAt(QPointF at) const;
    void hover(QPoint at);
    void clearHover();
    void showWindow(Window shown);
    void glideTo(Window to);
    void jumpTo(Window to);
    void advanceGlide();
    void zoomAround(double x, double factor);
    void panBy(double dx, double dy);
    void setFocusNode(std::uint32_t node);
    void widenFocus(const Window &shown);
    double clampedScroll(double y) const;
    double scrollShowing(std::uint32_t node) const;
    double restingScroll() const;
    void placeParts();
    void scrolledByBar(int value);
    bool isOurKey(int key, bool shift) const;
    bool handleKey(int key, bool shift);
    bool hasFrameSelected() const;
    bool moveByKey(int key);
    bool walk(int key);
    void describe();

    std::unique_ptr<FlameView> m_view = std::make_unique<FlameView>();
    DiffFlameView *m_diff = nullptr; // m_view, when it is one
    SandwichView m_sandwich;
    bool m_sandwiched = false;
    ColorScheme m_scheme = ColorScheme::Name;
    bool m_readable = false;
    ValueStyle m_style;
    Theme m_theme = Theme::Light;
    MotionChoice m_motion = MotionChoice::System;
    QWidget *m_canvas;
    QScrollBar *m_bar;
    QPointer<FrameTip> m_tip;

    Window m_shown, m_from, m_to; // now, and where a glide comes from and goes to
    QTimer m_glide;
    QElapsedTimer m_clock;
    std::optional<QPointF> m_pressed; // where the button went down
    QPointF m_last;
    bool m_dragging = false;
};

} // namespace flamewright
