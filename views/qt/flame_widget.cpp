#include "views/qt/flame_widget.h"

#include "views/qt/canvas.h"
#include "views/qt/frame_tip.h"

#include <QAccessible>
#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QStyle>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <utility>

namespace flamewright {
namespace {

constexpr int kGlideMs = 150;
constexpr double kLeastSpan = 1e-12;
constexpr double kZoomPerNotch = 0.8;
constexpr auto kRow = static_cast<double>(tokens::k_row_frame);

bool reducedMotion(const QWidget &widget)
{
    return qEnvironmentVariableIntValue("FLAMEWRIGHT_REDUCED_MOTION") != 0 ||
           widget.style()->styleHint(QStyle::SH_Widget_Animation_Duration, nullptr, &widget) == 0;
}

} // namespace

FlameWidget::FlameWidget(QWidget *parent) : QWidget(parent), m_tip(new FrameTip(this))
{
    m_canvas = createCanvas({.paint =
                                 [this](const CanvasFrame &frame, DisplayList &out) {
                                     auto shown = viewport();
                                     shown.size = frame.size;
                                     shown.scale = frame.scale;
                                     m_view.paint(shown, m_theme, frame.metrics, out);
                                 },
                             .background = [this] { return flamewright::palette(m_theme).surface0; }},
                            this);
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAccessibleName(tr("Flame graph"));
    m_glide.setInterval(16);
    connect(&m_glide, &QTimer::timeout, this, &FlameWidget::advanceGlide);
    describe();
}

FlameWidget::~FlameWidget()
{
    delete m_tip;
}

Viewport FlameWidget::viewport() const
{
    // Rows are put on whole device pixels, as the view does with edges.
    const auto ratio = devicePixelRatioF();
    return {.size = {static_cast<float>(width()), static_cast<float>(height())},
            .begin = m_shown.begin,
            .end = m_shown.end,
            .scrollY = static_cast<float>(std::round(m_shown.scrollY * ratio) / ratio),
            .scale = static_cast<float>(ratio)};
}

QString FlameWidget::tooltipText() const
{
    return m_tip ? m_tip->text() : QString();
}

void FlameWidget::setProfile(std::shared_ptr<const Profile> profile)
{
    const auto layout = m_view.layout();
    clearHover();
    m_view = FlameView(std::move(profile));
    m_view.setLayout(layout);
    jumpTo({});
    describe();
    Q_EMIT zoomChanged(0);
}

void FlameWidget::setSearch(const SearchResult &result)
{
    m_view.setSearch(result);
    m_canvas->update();
}

void FlameWidget::setLayout(FlameLayout layout)
{
    if (layout == m_view.layout())
        return;
    clearHover();
    m_view.setLayout(layout);
    m_canvas->update();
    Q_EMIT layoutChanged(layout);
}

void FlameWidget::setTheme(Theme theme)
{
    m_theme = theme;
    clearHover();
    m_canvas->update();
}

void FlameWidget::selectFunction(FunctionId function)
{
    m_view.highlight(function);
    m_canvas->update();
}

void FlameWidget::selectNode(std::uint32_t node)
{
    const auto *profile = m_view.profile();
    if (!profile || node >= profile->tree.size())
        node = kNoNode;
    const bool changed = node != m_view.selected();
    m_view.setSelected(node);
    if (node != kNoNode) {
        auto to = m_shown;
        to.scrollY = scrollShowing(node);
        // Out of sight to the side: move there without changing the zoom.
        const auto [begin, end] = m_view.rangeOf({.node = node});
        const auto span = to.end - to.begin;
        if (end <= to.begin || begin >= to.end) {
            to.begin = std::clamp((begin + end - span) / 2, 0.0, 1 - span);
            to.end = to.begin + span;
            widenFocus(to);
        }
        jumpTo(to);
    }
    m_canvas->update();
    if (changed) {
        describe();
        Q_EMIT nodeSelected(node);
    }
}

void FlameWidget::zoomTo(std::uint32_t node)
{
    if (m_view.isEmpty())
        return;
    const auto *profile = m_view.profile();
    if (node >= profile->tree.size() || profile->tree.total[node] <= 0)
        node = 0;
    setFocusNode(node);
    const auto [begin, end] = m_view.rangeOf({.node = node});
    glideTo({begin, end, node == 0 ? 0 : scrollShowing(node)});
}

void FlameWidget::setFocusNode(std::uint32_t node)
{
    if (node == m_view.focus())
        return;
    m_view.setFocus(node);
    Q_EMIT zoomChanged(node);
}

// A view that shows more than the frame zoomed to is a view of one of its callers.
void FlameWidget::widenFocus(const Window &shown)
{
    auto node = m_view.focus();
    const auto slack = (shown.end - shown.begin) * 1e-6;
    while (node != 0) {
        const auto [begin, end] = m_view.rangeOf({.node = node});
        if (begin <= shown.begin + slack && shown.end <= end + slack)
            break;
        node = m_view.parentOf(node);
    }
    setFocusNode(node);
}

void FlameWidget::jumpTo(Window to)
{
    m_glide.stop();
    m_shown = to;
    m_shown.scrollY = clampedScroll(to.scrollY);
    m_canvas->update();
}

void FlameWidget::glideTo(Window to)
{
    clearHover();
    if (reducedMotion(*this) || !isVisible())
        return jumpTo(to);
    m_from = m_shown;
    m_to = to;
    m_clock.start();
    m_glide.start();
}

void FlameWidget::advanceGlide()
{
    const auto t = std::min(static_cast<double>(m_clock.elapsed()) / kGlideMs, 1.0);
    if (t >= 1)
        return jumpTo(m_to);
    const auto eased = 1 - std::pow(1 - t, 3);
    const auto between = [&](double a, double b) { return a + (b - a) * eased; };
    m_shown = {between(m_from.begin, m_to.begin), between(m_from.end, m_to.end),
               clampedScroll(between(m_from.scrollY, m_to.scrollY))};
    m_canvas->update();
}

double FlameWidget::clampedScroll(double y) const
{
    const auto most = static_cast<double>(m_view.contentHeight()) - height();
    return std::clamp(y, 0.0, std::max(most, 0.0));
}

// Where to scroll so that a frame's row is seen, with a few callers and callees.
double FlameWidget::scrollShowing(std::uint32_t node) const
{
    const auto top = m_view.profile()->tree.depth[node] * kRow;
    if (top >= m_shown.scrollY && top + 2 * kRow <= m_shown.scrollY + height())
        return m_shown.scrollY;
    const auto context = std::min(3 * kRow, height() / 3.0);
    return clampedScroll(top < m_shown.scrollY ? top - context : top + kRow + context - height());
}

void FlameWidget::zoomAround(double x, double factor)
{
    if (m_view.isEmpty())
        return;
    const auto span = m_shown.end - m_shown.begin;
    const auto wanted = std::clamp(span * factor, kLeastSpan, 1.0);
    const auto share = x / std::max(width(), 1);
    auto to = m_shown;
    to.begin = std::clamp(m_shown.begin + share * (span - wanted), 0.0, 1 - wanted);
    to.end = to.begin + wanted;
    jumpTo(to);
    widenFocus(m_shown);
}

void FlameWidget::panBy(double dx, double dy)
{
    auto to = m_shown;
    const auto span = to.end - to.begin;
    to.begin = std::clamp(to.begin + dx / std::max(width(), 1) * span, 0.0, 1 - span);
    to.end = to.begin + span;
    to.scrollY += m_view.layout() == FlameLayout::Icicle ? dy : -dy;
    jumpTo(to);
    widenFocus(m_shown);
}

void FlameWidget::hover(QPoint at)
{
    const auto box = m_view.boxAt(
        viewport(), {static_cast<float>(at.x()) + 0.5f, static_cast<float>(at.y()) + 0.5f});
    if (!box)
        return clearHover();
    m_view.setHovered(box);
    m_canvas->update();
    m_tip->showAt(at, m_view.tooltip(*box), m_theme);
}

void FlameWidget::clearHover()
{
    m_view.setHovered(std::nullopt);
    if (m_tip)
        m_tip->hide();
    m_canvas->update();
}

bool FlameWidget::event(QEvent *event)
{
    if (event->type() == QEvent::WindowDeactivate)
        clearHover();
    // The window's shortcuts must not take the keys of the frame walk.
    if (event->type() == QEvent::ShortcutOverride) {
        const auto *key = static_cast<QKeyEvent *>(event);
        static constexpr int kOurs[] = {
            Qt::Key_Up,    Qt::Key_Down, Qt::Key_Left,      Qt::Key_Right, Qt::Key_Return,
            Qt::Key_Enter, Qt::Key_Home, Qt::Key_Backspace, Qt::Key_1,     Qt::Key_2};
        if (key->modifiers() == Qt::NoModifier &&
            std::find(std::begin(kOurs), std::end(kOurs), key->key()) != std::end(kOurs)) {
            event->accept();
            return true;
        }
    }
    return QWidget::event(event);
}

void FlameWidget::resizeEvent(QResizeEvent *)
{
    m_canvas->setGeometry(rect());
    m_shown.scrollY = clampedScroll(m_shown.scrollY);
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
    if (event->button() == Qt::BackButton && m_view.focus() != 0)
        return zoomTo(m_view.parentOf(m_view.focus()));
    if (event->button() != Qt::LeftButton)
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
    const auto box = m_view.boxAt(viewport(), {static_cast<float>(event->position().x()),
                                               static_cast<float>(event->position().y())});
    selectNode(box && !box->merged() ? box->node : kNoNode);
}

void FlameWidget::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return event->ignore();
    m_pressed.reset();
    const auto box = m_view.boxAt(viewport(), {static_cast<float>(event->position().x()),
                                               static_cast<float>(event->position().y())});
    if (!box)
        return;
    if (!box->merged())
        return zoomTo(box->node);
    // As wide as the view: its frames become boxes of their own.
    const auto [begin, end] = m_view.rangeOf(*box);
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

void FlameWidget::keyPressEvent(QKeyEvent *event)
{
    const auto modifiers = event->modifiers() & ~Qt::KeypadModifier;
    if (modifiers != Qt::NoModifier || m_view.isEmpty() || !handleKey(event->key()))
        event->ignore();
}

bool FlameWidget::handleKey(int key)
{
    switch (key) {
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_Left:
    case Qt::Key_Right: return walk(key);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_view.selected() == kNoNode)
            return false;
        zoomTo(m_view.selected());
        return true;
    case Qt::Key_Backspace:
        zoomTo(m_view.focus() == 0 ? 0 : m_view.parentOf(m_view.focus()));
        return true;
    case Qt::Key_Escape:
        // Nothing to undo here: the window may clear its search.
        if (m_view.focus() == 0 && m_shown.end - m_shown.begin >= 1)
            return false;
        resetZoom();
        return true;
    case Qt::Key_Home: resetZoom(); return true;
    case Qt::Key_1: setLayout(FlameLayout::Icicle); return true;
    case Qt::Key_2: setLayout(FlameLayout::Flame); return true;
    default: return false;
    }
}

bool FlameWidget::walk(int key)
{
    const auto from = m_view.selected();
    if (from == kNoNode) {
        selectNode(m_view.focus());
        return true;
    }
    const bool down = (key == Qt::Key_Down) == (m_view.layout() == FlameLayout::Icicle);
    const auto to = key == Qt::Key_Left    ? m_view.siblingOf(from, -1)
                    : key == Qt::Key_Right ? m_view.siblingOf(from, 1)
                    : down                 ? m_view.childOf(from)
                                           : m_view.parentOf(from);
    if (to != kNoNode)
        selectNode(to);
    return true;
}

void FlameWidget::describe()
{
    QString text = tr("Nothing to show.");
    if (!m_view.isEmpty())
        text = QString::fromStdString(m_view.selected() == kNoNode
                                          ? rootLabel(*m_view.profile())
                                          : plainText(m_view.tooltip({.node = m_view.selected()})));
    setAccessibleDescription(text);
    QAccessibleEvent changed(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&changed);
}

} // namespace flamewright
