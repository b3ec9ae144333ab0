#include "views/qt/frame_tip.h"
#include "views/qt/tracks_widget.h"

#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

// What mouse and keyboard do to the timeline.
namespace flamewright {
namespace {

constexpr double kZoomPerNotch = 0.8, kZoomPerKey = 0.6;
constexpr double kPanPerNotch = 60, kPanPerKey = 0.15; // pixels; of what is shown
constexpr double kDragFrom = 4;                        // pixels; less is a click
constexpr float kSnap = 6;

PointF pointOf(QPointF at)
{
    return {static_cast<float>(at.x()), static_cast<float>(at.y())};
}

} // namespace

// W, A, S, D by where they are: other layouts have other letters there. X11's and Wayland's codes of
// keys are those of the kernel + 8.
int TracksWidget::keyOf(const QKeyEvent &event) const
{
#ifdef Q_OS_LINUX
    switch (event.nativeScanCode()) {
    case 25: return Qt::Key_W;
    case 38: return Qt::Key_A;
    case 39: return Qt::Key_S;
    case 40: return Qt::Key_D;
    default: break;
    }
#endif
    return event.key();
}

bool TracksWidget::isOurs(int key, Qt::KeyboardModifiers modifiers) const
{
    if (key == Qt::Key_Escape && m_drag == Drag::Clock)
        return true; // whatever is held with it
    if (m_view.isEmpty() || (modifiers & ~(Qt::ShiftModifier | Qt::KeypadModifier)) != 0)
        return false;
    static constexpr int kOurs[] = {Qt::Key_W,         Qt::Key_A,           Qt::Key_S,
                                    Qt::Key_D,         Qt::Key_F,           Qt::Key_M,
                                    Qt::Key_Left,      Qt::Key_Right,       Qt::Key_Up,
                                    Qt::Key_Down,      Qt::Key_Period,      Qt::Key_Comma,
                                    Qt::Key_Home,      Qt::Key_Plus,        Qt::Key_Equal,
                                    Qt::Key_Minus,     Qt::Key_BracketLeft, Qt::Key_BracketRight,
                                    Qt::Key_Backspace, Qt::Key_PageUp,      Qt::Key_PageDown,
                                    Qt::Key_Return,    Qt::Key_Enter};
    if (key == Qt::Key_Escape)
        return m_drag != Drag::None || m_view.area() || m_view.selected() || m_view.matches();
    return std::find(std::begin(kOurs), std::end(kOurs), key) != std::end(kOurs);
}

bool TracksWidget::event(QEvent *event)
{
    if (event->type() == QEvent::WindowDeactivate)
        clearHover();
    // The window's shortcuts must not take the keys that mean something here.
    if (event->type() == QEvent::ShortcutOverride) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (isOurs(keyOf(*key), key->modifiers())) {
            event->accept();
            return true;
        }
    }
    return QWidget::event(event);
}

void TracksWidget::resizeEvent(QResizeEvent *)
{
    placeParts();
    Q_EMIT shownChanged();
}

void TracksWidget::hideEvent(QHideEvent *)
{
    clearHover();
}

void TracksWidget::leaveEvent(QEvent *)
{
    clearHover();
}

void TracksWidget::mousePressEvent(QMouseEvent *event)
{
    if (m_view.isEmpty())
        return event->ignore();
    if (event->button() == Qt::BackButton)
        return back();
    m_pressed = m_last = event->position();
    m_moved = false;
    if (event->button() == Qt::MiddleButton) {
        m_drag = Drag::Pan;
        remember();
        setCursor(Qt::ClosedHandCursor);
        return;
    }
    if (event->button() != Qt::LeftButton)
        return event->ignore();
    m_hit = m_view.hit(viewport(), pointOf(m_pressed));
    if (event->modifiers() & Qt::AltModifier && movesClock(m_hit)) {
        m_drag = Drag::Clock;
        m_shift = 0;
        setCursor(Qt::SizeHorCursor);
        return;
    }
    switch (m_hit.part) {
    case TracksHit::Part::Overview:
        m_drag = Drag::Overview;
        remember();
        return dragOverview(m_pressed);
    case TracksHit::Part::Note: Q_EMIT noteClicked(static_cast<int>(m_hit.note)); return;
    case TracksHit::Part::Caret: return toggle(*m_hit.node);
    case TracksHit::Part::Name:
        m_drag = Drag::Track;
        m_view.setFocusedTrack(m_hit.node);
        m_canvas->update();
        return;
    case TracksHit::Part::Ruler:
    case TracksHit::Part::Track:
        m_drag = Drag::Area;
        m_anchor = m_hit.part == TracksHit::Part::Track && !(event->modifiers() & Qt::AltModifier)
                       ? m_view.snapped(viewport(), pointOf(m_pressed), kSnap)
                       : m_view.timeAt(viewport(), static_cast<float>(m_pressed.x()));
        return;
    case TracksHit::Part::Nothing: break;
    }
}

void TracksWidget::mouseMoveEvent(QMouseEvent *event)
{
    const auto at = event->position();
    const auto by = at - std::exchange(m_last, at);
    m_moved = m_moved || (at - m_pressed).manhattanLength() >= kDragFrom;
    switch (m_drag) {
    case Drag::None: return hover(at.toPoint(), event->modifiers());
    case Drag::Overview: return dragOverview(at);
    case Drag::Pan: panBy(-by.x()); return setScrollY(m_scrollY - by.y());
    case Drag::Area:
        if (m_moved)
            dragArea(at, !(event->modifiers() & Qt::AltModifier));
        return;
    case Drag::Clock: return dragClock(at);
    case Drag::Track: {
        // Over the middle of its neighbour it takes that one's place.
        const auto *place = m_view.rows().placeOf(*m_hit.node);
        if (!m_moved || !place)
            return;
        const auto way = at.y() - m_pressed.y();
        if (std::fabs(way) < place->height * 0.75)
            return;
        m_pressed = at;
        auto choices = m_view.choices();
        moveTrack(m_view.set(), choices, *m_hit.node, way > 0 ? 1 : -1);
        setChoices(std::move(choices));
        Q_EMIT choicesChanged();
        return;
    }
    }
}

void TracksWidget::dragArea(QPointF at, bool snap)
{
    clearHover();
    const auto shown = viewport();
    const auto time = snap && m_hit.part == TracksHit::Part::Track
                          ? m_view.snapped(shown, pointOf(at), kSnap)
                          : m_view.timeAt(shown, static_cast<float>(at.x()));
    TracksView::Area area{std::max(std::min(m_anchor, time), m_view.set().begin),
                          std::min(std::max(m_anchor, time), m_view.set().end),
                          {}};
    if (area.end <= area.begin)
        area.end = saturatingAdd(area.begin, 1);
    if (m_hit.part == TracksHit::Part::Track)
        area.nodes = m_view.nodesBetween(shown, static_cast<float>(m_pressed.y()),
                                         static_cast<float>(at.y()));
    m_view.setArea(std::move(area));
    m_canvas->update();
}

bool TracksWidget::movesClock(const TracksHit &hit) const
{
    return m_view.hasClocks() && hit.node && m_view.set().nodes[*hit.node].isCapture();
}

void TracksWidget::dragClock(QPointF at)
{
    const auto where = m_view.layout(viewport());
    const auto by = std::round((at.x() - m_pressed.x()) / static_cast<double>(where.plotWidth) *
                               m_view.window().length);
    m_shift = m_moved && std::fabs(by) < 9e18 ? static_cast<std::int64_t>(by) : 0;
    const auto capture = m_view.set().nodes[*m_hit.node].capture;
    m_view.setShift(capture, m_shift);
    m_canvas->update();
    if (m_tip)
        m_tip->showAt(at.toPoint(), m_view.shiftTip(capture, m_shift), m_theme);
}

void TracksWidget::dragOverview(QPointF at)
{
    const auto time = m_view.overviewTime(viewport(), static_cast<float>(at.x()));
    const auto &window = m_view.window();
    showWindow(window.moved(window.after(time) - window.length / 2));
}

void TracksWidget::mouseReleaseEvent(QMouseEvent *event)
{
    const auto drag = std::exchange(m_drag, Drag::None);
    if (drag == Drag::None)
        return event->ignore();
    unsetCursor();
    if (drag == Drag::Clock) {
        clearHover();
        // What is shown stays until the session has it.
        if (m_shift != 0)
            Q_EMIT clockMoved(m_view.set().nodes[*m_hit.node].capture, m_shift);
        return;
    }
    if (drag != Drag::Area)
        return;
    if (m_moved)
        return Q_EMIT areaChosen();
    const bool hadArea = m_view.area().has_value();
    userSelects(m_hit.box, false);
    if (hadArea && !m_hit.box) {
        m_view.setArea(std::nullopt);
        m_canvas->update();
        Q_EMIT areaChosen();
    }
}

void TracksWidget::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return event->ignore();
    m_drag = Drag::None;
    const auto hit = m_view.hit(viewport(), pointOf(event->position()));
    if (hit.box)
        return zoomTo(hit.box->begin, hit.box->end, 0.1);
    if (hit.part == TracksHit::Part::Name)
        return toggle(*hit.node);
    if (hit.part != TracksHit::Part::Caret && hit.part != TracksHit::Part::Note)
        fitAll();
}

void TracksWidget::wheelEvent(QWheelEvent *event)
{
    const auto notches = QPointF(event->angleDelta()) / 120.0;
    if (event->modifiers() & Qt::ControlModifier) {
        zoomAround(event->position().x(), std::pow(kZoomPerNotch, notches.y()));
    } else if (event->modifiers() & Qt::ShiftModifier) {
        panBy(-(notches.x() + notches.y()) * kPanPerNotch);
    } else {
        const auto by = event->hasPixelDelta()
                            ? QPointF(event->pixelDelta())
                            : QPointF(notches.x() * kPanPerNotch, notches.y() * 3 * kLaneHeight);
        if (by.x() != 0)
            panBy(-by.x());
        setScrollY(m_scrollY - by.y());
    }
    event->accept();
    if (m_drag == Drag::None)
        hover(event->position().toPoint(), event->modifiers());
}

void TracksWidget::contextMenuEvent(QContextMenuEvent *event)
{
    const auto hit = m_view.hit(viewport(), pointOf(event->pos()));
    if (hit.node)
        Q_EMIT trackMenuRequested(*hit.node, event->globalPos());
}

void TracksWidget::toggle(std::uint32_t node)
{
    auto choices = m_view.choices();
    const auto ref = m_view.set().nodes[node].ref;
    if (!choices.closed.erase(ref))
        choices.closed.insert(ref);
    setChoices(std::move(choices));
    Q_EMIT choicesChanged();
}

void TracksWidget::keyPressEvent(QKeyEvent *event)
{
    const auto key = keyOf(*event);
    if (m_drag == Drag::None && key == Qt::Key_Alt)
        hover(mapFromGlobal(QCursor::pos()), Qt::AltModifier);
    if (!isOurs(key, event->modifiers()) || !handleKey(key, event->modifiers()))
        event->ignore();
}

// Where keys zoom: at the pointer if it is over the times, else in the middle.
double TracksWidget::pointerX() const
{
    const auto where = m_view.layout(viewport());
    const auto at = mapFromGlobal(QCursor::pos());
    if (underMouse() && static_cast<float>(at.x()) > where.plotX && rect().contains(at))
        return at.x();
    return static_cast<double>(where.plotX + where.plotWidth / 2);
}

bool TracksWidget::handleKey(int key, Qt::KeyboardModifiers modifiers)
{
    const auto width = static_cast<double>(m_view.layout(viewport()).plotWidth);
    const bool fast = modifiers & Qt::ShiftModifier;
    const auto pan = width * (fast ? 3 * kPanPerKey : kPanPerKey);
    switch (key) {
    case Qt::Key_W:
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        zoomAround(pointerX(), fast ? kZoomPerKey * kZoomPerKey : kZoomPerKey);
        break;
    case Qt::Key_S:
    case Qt::Key_Minus:
        zoomAround(pointerX(), 1 / (fast ? kZoomPerKey * kZoomPerKey : kZoomPerKey));
        break;
    case Qt::Key_A: panBy(-pan); break;
    case Qt::Key_D: panBy(pan); break;
    case Qt::Key_F: fit(); break;
    case Qt::Key_Home: fitAll(); break;
    case Qt::Key_Backspace: back(); break;
    case Qt::Key_PageUp:
    case Qt::Key_PageDown: {
        const auto page = static_cast<double>(m_view.layout(viewport()).tracks.height) * 0.8;
        setScrollY(m_scrollY + (key == Qt::Key_PageDown ? page : -page));
        break;
    }
    case Qt::Key_M: Q_EMIT noteRequested(); break;
    case Qt::Key_Period:
    case Qt::Key_Comma:
        if (m_view.matches())
            Q_EMIT matchRequested(key == Qt::Key_Period ? 1 : -1);
        else
            return walk(key == Qt::Key_Period ? Qt::Key_Right : Qt::Key_Left);
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (!m_view.selected())
            return false;
        zoomTo(m_view.selected()->begin, m_view.selected()->end);
        break;
    case Qt::Key_Escape: return clearStep();
    default: return walk(key);
    }
    return true;
}

bool TracksWidget::walk(int key)
{
    const auto &from = m_view.selected();
    const auto width = static_cast<double>(m_view.layout(viewport()).plotWidth);
    if (!from) {
        switch (key) {
        case Qt::Key_Left: panBy(-width * kPanPerKey); return true;
        case Qt::Key_Right: panBy(width * kPanPerKey); return true;
        case Qt::Key_Up: setScrollY(m_scrollY - 3 * kLaneHeight); return true;
        case Qt::Key_Down: setScrollY(m_scrollY + 3 * kLaneHeight); return true;
        default: return false;
        }
    }
    std::optional<TracksBox> to;
    switch (key) {
    case Qt::Key_Left: to = m_view.neighbour(*from, -1); break;
    case Qt::Key_Right: to = m_view.neighbour(*from, 1); break;
    case Qt::Key_Up: to = m_view.vertical(*from, -1); break;
    case Qt::Key_Down: to = m_view.vertical(*from, 1); break;
    case Qt::Key_BracketLeft: to = m_view.flowEnd(*from, -1); break;
    case Qt::Key_BracketRight: to = m_view.flowEnd(*from, 1); break;
    default: return false;
    }
    if (to)
        userSelects(to, true);
    return true;
}

// One thing at a time, the newest first.
bool TracksWidget::clearStep()
{
    if (const auto drag = std::exchange(m_drag, Drag::None); drag == Drag::Clock) {
        m_view.setShift(0, 0);
        clearHover();
        return true;
    } else if (drag != Drag::None) {
        unsetCursor();
    }
    if (m_view.area()) {
        m_view.setArea(std::nullopt);
        m_canvas->update();
        Q_EMIT areaChosen();
        return true;
    }
    if (m_view.selected()) {
        userSelects(std::nullopt, false);
        return true;
    }
    if (m_view.matches()) {
        Q_EMIT matchRequested(0);
        return true;
    }
    return false;
}

} // namespace flamewright
