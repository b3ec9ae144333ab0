#include "views/qt/flame_keys.h"
#include "views/qt/flame_widget.h"
#include "views/qt/frame_tip.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <utility>

// What mouse and keyboard do to the flame graph.
namespace flamewright {

static constexpr double kZoomPerNotch = 0.8, kZoomPerKey = 0.5;
static constexpr auto kRow = static_cast<double>(tokens::k_row_frame);

bool FlameWidget::event(QEvent *event)
{
    if (event->type() == QEvent::WindowDeactivate)
        clearHover();
    // The window's shortcuts must not take the keys that mean something here.
    if (event->type() == QEvent::ShortcutOverride) {
        const auto *key = static_cast<QKeyEvent *>(event);
        const auto modifiers = key->modifiers() & ~Qt::KeypadModifier;
        if ((modifiers & ~Qt::ShiftModifier) == 0 &&
            isOurKey(key->key(), modifiers == Qt::ShiftModifier)) {
            event->accept();
            return true;
        }
    }
    return QWidget::event(event);
}

void FlameWidget::resizeEvent(QResizeEvent *event)
{
    const auto before =
        static_cast<double>(scene().restingScroll(static_cast<float>(event->oldSize().height())));
    placeParts();
    auto to = m_shown;
    if (std::abs(to.scrollY - before) < 1) // at rest, and stays there
        to.scrollY = restingScroll();
    showWindow(to);
}

void FlameWidget::hideEvent(QHideEvent *)
{
    clearHover();
}

void FlameWidget::leaveEvent(QEvent *)
{
    clearHover();
}

void FlameWidget::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::BackButton && scene().focus() != 0)
        return zoomTo(scene().parentOf(scene().focus()));
    if (event->button() != Qt::LeftButton || event->modifiers() & Qt::ControlModifier)
        return event->ignore();
    m_pressed = m_last = event->position();
    m_dragging = false;
}

void FlameWidget::mouseMoveEvent(QMouseEvent *event)
{
    if (!m_pressed)
        return hover(event->position().toPoint());
    const auto moved = event->position() - *m_pressed;
    if (!m_dragging && moved.manhattanLength() >= QApplication::startDragDistance()) {
        m_dragging = true;
        clearHover();
        setCursor(Qt::ClosedHandCursor);
    }
    if (m_dragging) {
        const auto by = m_last - event->position();
        m_last = event->position();
        panBy(by.x(), by.y());
    }
}

void FlameWidget::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || !m_pressed)
        return event->ignore();
    m_pressed.reset();
    unsetCursor();
    if (std::exchange(m_dragging, false))
        return;
    const auto box = boxAt(event->position());
    selectNode(box && !box->merged() ? box->node : kNoNode);
}

void FlameWidget::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return event->ignore();
    m_pressed.reset();
    const auto box = boxAt(event->position());
    if (!box)
        return;
    if (!box->merged())
        return zoomTo(box->node);
    // As wide as the view: its frames become boxes of their own.
    const auto [begin, end] = scene().rangeOf(*box);
    glideTo({begin, end, m_shown.scrollY});
    widenFocus({begin, end, 0});
}

void FlameWidget::wheelEvent(QWheelEvent *event)
{
    const auto notches = event->angleDelta().y() / 120.0;
    if (event->modifiers() & Qt::ControlModifier) {
        zoomAround(event->position().x(), std::pow(kZoomPerNotch, notches));
    } else {
        auto by = event->hasPixelDelta() ? QPointF(event->pixelDelta())
                                         : QPointF(event->angleDelta()) / 120.0 * 3 * kRow;
        if (event->modifiers() & Qt::ShiftModifier)
            by = {by.x() + by.y(), 0};
        panBy(-by.x(), -by.y());
    }
    event->accept();
    hover(event->position().toPoint());
}

void FlameWidget::contextMenuEvent(QContextMenuEvent *event)
{
    m_pressed.reset();
    if (event->reason() == QContextMenuEvent::Keyboard) {
        const auto node = scene().selected();
        auto at = rect().center();
        if (node != kNoNode) {
            const auto r = scene().rectOf(node, viewport());
            const auto left = std::max(r.x, 0.0f);
            const auto right = std::min(r.right(), viewport().size.width);
            at = {static_cast<int>((left + right) / 2), static_cast<int>(r.y + r.height / 2)};
        }
        Q_EMIT menuRequested(node, mapToGlobal(at));
        return;
    }
    const auto box = boxAt(QPointF(event->pos()));
    const auto node = box && !box->merged() ? box->node : kNoNode;
    clearHover();
    if (node != kNoNode)
        selectNode(node);
    Q_EMIT menuRequested(node, event->globalPos());
}

void FlameWidget::keyPressEvent(QKeyEvent *event)
{
    const auto modifiers = event->modifiers() & ~Qt::KeypadModifier;
    if ((modifiers & ~Qt::ShiftModifier) != 0 ||
        !handleKey(event->key(), modifiers == Qt::ShiftModifier))
        event->ignore();
}

// In, out, or none of the two: 0. Most keyboards have + on a key with Shift.
static double zoomOfKey(int key, bool shift)
{
    if (key == Qt::Key_Plus || (key == Qt::Key_Equal && !shift))
        return kZoomPerKey;
    return key == Qt::Key_Minus && !shift ? 1 / kZoomPerKey : 0;
}

bool FlameWidget::isOurKey(int key, bool shift) const
{
    if (zoomOfKey(key, shift) > 0)
        return true;
    static constexpr int kOurs[] = {Qt::Key_Up,       Qt::Key_Down,      Qt::Key_Left,
                                    Qt::Key_Right,    Qt::Key_Return,    Qt::Key_Enter,
                                    Qt::Key_Home,     Qt::Key_Backspace, Qt::Key_PageUp,
                                    Qt::Key_PageDown, Qt::Key_N,         Qt::Key_P};
    if (layoutOfKey(key, shift) || (transformOfKey(key, shift) && hasFrameSelected()))
        return true;
    return !shift && std::find(std::begin(kOurs), std::end(kOurs), key) != std::end(kOurs);
}

bool FlameWidget::hasFrameSelected() const
{
    const auto node = scene().selected();
    return isFrame(node) && scene().indexOf(node) != 0;
}

bool FlameWidget::handleKey(int key, bool shift)
{
    if (const auto factor = zoomOfKey(key, shift); factor > 0) {
        // Around the selection where it is seen, else around the middle.
        const auto shown = viewport();
        const auto r =
            isFrame(scene().selected()) ? scene().rectOf(scene().selected(), shown) : RectF{};
        const auto left = std::max(r.x, 0.0f), right = std::min(r.right(), shown.size.width);
        zoomAround(static_cast<double>(right > left ? (left + right) / 2 : shown.size.width / 2),
                   factor);
        return true;
    }
    if (const auto layout = layoutOfKey(key, shift)) {
        Q_EMIT layoutRequested(*layout);
        return true;
    }
    if (const auto kind = transformOfKey(key, shift)) {
        if (!hasFrameSelected())
            return false;
        Q_EMIT transformRequested(*kind, scene().selected());
        return true;
    }
    if (shift)
        return false;
    switch (key) {
    case Qt::Key_N: Q_EMIT nextThreadRequested(); return true;
    case Qt::Key_P: Q_EMIT previousThreadRequested(); return true;
    default: return !scene().isEmpty() && moveByKey(key);
    }
}

// Keys that move what is shown, or the selection.
bool FlameWidget::moveByKey(int key)
{
    const auto page = std::max(height() - 2 * kRow, kRow);
    switch (key) {
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_Left:
    case Qt::Key_Right: return walk(key);
    case Qt::Key_PageUp: panBy(0, -page); return true;
    case Qt::Key_PageDown: panBy(0, page); return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (scene().selected() == kNoNode)
            return false;
        zoomTo(scene().selected());
        return true;
    case Qt::Key_Backspace:
        zoomTo(scene().focus() == 0 ? 0 : scene().parentOf(scene().focus()));
        return true;
    case Qt::Key_Escape:
        // Nothing to undo here: the window may clear its search.
        if (scene().focus() == 0 && m_shown.end - m_shown.begin >= 1)
            return false;
        resetZoom();
        return true;
    case Qt::Key_Home: resetZoom(); return true;
    default: return false;
    }
}

bool FlameWidget::walk(int key)
{
    const auto from = scene().selected();
    if (from == kNoNode) {
        selectNode(scene().focus());
        return true;
    }
    const auto step = key == Qt::Key_Left    ? FlameScene::Step::Left
                      : key == Qt::Key_Right ? FlameScene::Step::Right
                      : key == Qt::Key_Up    ? FlameScene::Step::Up
                                             : FlameScene::Step::Down;
    if (const auto to = scene().neighbourOf(from, step); to != kNoNode)
        selectNode(to);
    return true;
}

} // namespace flamewright
