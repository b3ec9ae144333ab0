#pragma once

#include "views/scene/theme.h"
#include "views/scene/view_model.h"

#include <QPointer>
#include <QWidget>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

class QScrollBar;

namespace flamewright {

class FrameTip;

// A view that is as high as it has rows and as wide as there is room, on a canvas: what the pointer
// is on is said beside it and can be clicked. Wheel, Page Up and Down, Home and End scroll.
class SceneWidget final : public QWidget {
    Q_OBJECT

public:
    // How high all of a view is at this width.
    using Height = std::function<float(float width)>;

    explicit SceneWidget(QWidget *parent = nullptr);
    ~SceneWidget() override;

    // Null: nothing is shown. Where it is scrolled to stays unless `fromTop`.
    void setScene(std::shared_ptr<const ViewModel> scene, Height height, bool fromTop);
    const ViewModel *scene() const { return m_scene.get(); }
    void setTheme(Theme theme);
    // Drawn over the view: what is chosen.
    using Overlay = std::function<void(const Viewport &viewport, Theme theme, DisplayList &out)>;
    void setOverlay(Overlay overlay);
    void refresh(); // the scene looks different now
    // Something is chosen: Esc is for the view, not for the window.
    void setDismissable(bool on) { m_dismissable = on; }

    Viewport viewport() const;
    // Scrolls as little as needed to show [top, bottom) of the view.
    void reveal(float top, float bottom);
    QString tooltipText() const; // what is shown, in lines; empty when nothing is

    QSize sizeHint() const override { return {640, 360}; }
    QSize minimumSizeHint() const override { return {240, 140}; }

Q_SIGNALS:
    void clicked(std::uint64_t key); // Hit::key of what was clicked
    void doubleClicked(std::uint64_t key);
    void missed();          // a click on nothing
    void stepped(int rows); // arrow keys: -1 up, 1 down
    void accepted();        // Enter
    void dismissed();       // Esc

protected:
    void resizeEvent(QResizeEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void leaveEvent(QEvent *event) override;
    bool event(QEvent *event) override;

private:
    std::optional<Hit> hitAt(QPointF at) const;
    void layOut();
    void scrolled();
    void clearHover();

    std::shared_ptr<const ViewModel> m_scene;
    Height m_height;
    Overlay m_overlay;
    Theme m_theme = Theme::Light;
    QWidget *m_canvas;
    QScrollBar *m_bar;
    QPointer<FrameTip> m_tip;
    bool m_dismissable = false;
};

} // namespace flamewright
