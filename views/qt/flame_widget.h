#pragma once

#include "views/scene/flame_view.h"

#include <QElapsedTimer>
#include <QPointer>
#include <QPointF>
#include <QTimer>
#include <QWidget>

#include <memory>
#include <optional>

namespace flamewright {

class FrameTip;

// A flame graph in a window: the canvas and what mouse and keyboard do to it. Holds a view model,
// no data.
//
//   wheel      rows                       Ctrl+wheel    zoom around the pointer
//   click      select                     double-click  zoom to the frame
//   drag       pan                        arrows        walk from frame to frame
//   Enter      zoom to the selection      Backspace     one level out
//   Home, Esc  everything                 1, 2          icicle, flame
class FlameWidget final : public QWidget {
    Q_OBJECT
public:
    explicit FlameWidget(QWidget *parent = nullptr);
    ~FlameWidget() override;

    void setProfile(std::shared_ptr<const Profile> profile);
    void setSearch(const SearchResult &result); // of the profile shown; empty: none
    void setLayout(FlameLayout layout);
    void setTheme(Theme theme);
    // Marks every occurrence of a function; raw 0: none.
    void selectFunction(FunctionId function);
    void selectNode(std::uint32_t node); // kNoNode: none; scrolls to it
    void zoomTo(std::uint32_t node);     // 0: everything
    void resetZoom() { zoomTo(0); }

    const FlameView &view() const { return m_view; }
    Viewport viewport() const;
    QString tooltipText() const; // empty when none is shown
    QSize sizeHint() const override { return {800, 400}; }
    QSize minimumSizeHint() const override { return {160, 80}; }

Q_SIGNALS:
    void nodeSelected(std::uint32_t node); // kNoNode: nothing
    void zoomChanged(std::uint32_t node);  // the frame zoomed to; 0: everything
    void layoutChanged(flamewright::FlameLayout layout);

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
    void leaveEvent(QEvent *event) override;

private:
    // What is shown of the graph: share of the root from left to right, first row.
    struct Window {
        double begin = 0, end = 1;
        double scrollY = 0;
    };

    void hover(QPoint at);
    void clearHover();
    void glideTo(Window to);
    void jumpTo(Window to);
    void advanceGlide();
    void zoomAround(double x, double factor);
    void panBy(double dx, double dy);
    void setFocusNode(std::uint32_t node);
    void widenFocus(const Window &shown);
    double clampedScroll(double y) const;
    double scrollShowing(std::uint32_t node) const;
    bool walk(int key);
    bool handleKey(int key);
    void describe();

    FlameView m_view;
    Theme m_theme = Theme::Light;
    QWidget *m_canvas;
    QPointer<FrameTip> m_tip;

    Window m_shown, m_from, m_to; // now, and where a glide comes from and goes to
    QTimer m_glide;
    QElapsedTimer m_clock;
    std::optional<QPointF> m_pressed; // where the button went down
    QPointF m_last;
    bool m_dragging = false;
};

} // namespace flamewright
