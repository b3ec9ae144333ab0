#include "views/qt/heat_map_widget.h"

#include "views/qt/canvas.h"
#include "views/qt/frame_tip.h"

#include <QAccessible>
#include <QKeyEvent>
#include <QMouseEvent>

#include <algorithm>
#include <utility>

namespace flamewright {
namespace {

PointF centreOf(QPointF at)
{
    return {static_cast<float>(at.x()) + 0.5f, static_cast<float>(at.y()) + 0.5f};
}

bool sameBox(const HeatBox &a, const HeatBox &b)
{
    return a.column == b.column && a.row == b.row;
}

} // namespace

HeatMapWidget::HeatMapWidget(QWidget *parent) : QWidget(parent), m_tip(new FrameTip(this))
{
    m_canvas =
        createCanvas({.paint =
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
    setAccessibleName(tr("Heat map of time"));
    describe();
}

HeatMapWidget::~HeatMapWidget()
{
    delete m_tip;
}

Viewport HeatMapWidget::viewport() const
{
    return {.size = {static_cast<float>(width()), static_cast<float>(height())},
            .begin = m_begin,
            .end = m_end,
            .scale = static_cast<float>(devicePixelRatioF())};
}

QString HeatMapWidget::tooltipText() const
{
    return m_tip ? m_tip->text() : QString();
}

void HeatMapWidget::setMap(HeatMapData map)
{
    auto ranges = m_view.ranges();
    const auto *before = m_view.map();
    // Another filter of the same time: what is looked at stays.
    if (!before || !map.map || before->beginNs != map.map->beginNs ||
        before->columnNs != map.map->columnNs || before->columns != map.map->columns) {
        m_begin = 0;
        m_end = 1;
    }
    clearHover();
    m_dragsOverview = false;
    m_pressed.reset();
    m_cursor.reset();
    m_anchor.reset();
    m_view = HeatMapView(std::move(map));
    m_view.setRanges(std::move(ranges));
    m_canvas->update();
    describe();
}

void HeatMapWidget::setRanges(std::vector<TimeRange> ranges)
{
    if (ranges == m_view.ranges())
        return;
    m_view.setRanges(std::move(ranges));
    m_canvas->update();
    describe();
}

void HeatMapWidget::setTheme(Theme theme)
{
    m_theme = theme;
    clearHover();
}

void HeatMapWidget::choose(const TimeRange &range, bool further)
{
    auto ranges = further ? m_view.ranges() : std::vector<TimeRange>{};
    ranges.push_back(range);
    ranges = withoutOverlaps(std::move(ranges));
    dropPending();
    const bool changed = ranges != m_view.ranges();
    m_view.setRanges(ranges);
    m_canvas->update();
    describe();
    if (changed)
        Q_EMIT rangesChanged(ranges);
}

void HeatMapWidget::clear()
{
    dropPending();
    if (m_view.ranges().empty())
        return;
    m_view.setRanges({});
    m_canvas->update();
    describe();
    Q_EMIT rangesChanged({});
}

void HeatMapWidget::dropPending()
{
    m_pressed.reset();
    m_anchor.reset();
    m_view.setPending(std::nullopt);
    m_canvas->update();
}

bool HeatMapWidget::hasSomethingToClear() const
{
    return m_pressed || m_view.pending() || !m_view.ranges().empty() || isZoomed();
}

void HeatMapWidget::hover(QPoint at)
{
    const auto box = m_view.boxAt(viewport(), centreOf(at));
    if (!box) {
        clearHover();
        if (isOnOverview(at))
            setCursor(Qt::SizeHorCursor);
        return;
    }
    m_view.setHovered(box);
    m_canvas->update();
    setCursor(Qt::CrossCursor);
    m_tip->showAt(at, m_view.tooltip(*box), m_theme);
}

void HeatMapWidget::clearHover()
{
    m_view.setHovered(std::nullopt);
    if (m_tip)
        m_tip->hide();
    unsetCursor();
    m_canvas->update();
}

bool HeatMapWidget::event(QEvent *event)
{
    if (event->type() == QEvent::WindowDeactivate)
        clearHover();
    // The window's shortcuts must not take the keys of the walk.
    if (event->type() == QEvent::ShortcutOverride && !m_view.isEmpty()) {
        const auto *key = static_cast<QKeyEvent *>(event);
        static constexpr int kOurs[] = {
            Qt::Key_Up,    Qt::Key_Down,   Qt::Key_Left,     Qt::Key_Right,    Qt::Key_Return,
            Qt::Key_Enter, Qt::Key_Home,   Qt::Key_End,      Qt::Key_Plus,     Qt::Key_Equal,
            Qt::Key_Minus, Qt::Key_PageUp, Qt::Key_PageDown, Qt::Key_Backspace};
        const auto modifiers = key->modifiers() & ~(Qt::KeypadModifier | Qt::ShiftModifier);
        const bool ours =
            std::find(std::begin(kOurs), std::end(kOurs), key->key()) != std::end(kOurs) ||
            (key->key() == Qt::Key_Escape && hasSomethingToClear());
        if (modifiers == Qt::NoModifier && ours) {
            event->accept();
            return true;
        }
    }
    return QWidget::event(event);
}

void HeatMapWidget::resizeEvent(QResizeEvent *)
{
    m_canvas->setGeometry(rect());
    showTime(m_begin, m_end); // a column may not be as wide as it would be now
}

void HeatMapWidget::hideEvent(QHideEvent *)
{
    clearHover();
}

void HeatMapWidget::leaveEvent(QEvent *)
{
    clearHover();
}

void HeatMapWidget::focusOutEvent(QFocusEvent *event)
{
    if (m_anchor)
        dropPending();
    showCursor();
    QWidget::focusOutEvent(event);
}

void HeatMapWidget::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return event->ignore();
    dropPending();
    if (isOnOverview(event->position())) {
        m_dragsOverview = true;
        return dragOverview(event->position());
    }
    m_pressed = m_view.boxAt(viewport(), centreOf(event->position()));
    if (!m_pressed)
        return;
    m_further = (event->modifiers() & Qt::ShiftModifier) != 0;
    m_cursor = Cell{m_pressed->column, m_pressed->row};
    m_view.setCursor(std::nullopt);
}

void HeatMapWidget::mouseMoveEvent(QMouseEvent *event)
{
    if (m_dragsOverview)
        return dragOverview(event->position());
    if (!m_pressed)
        return hover(event->position().toPoint());
    const auto box = m_view.nearestBox(viewport(), centreOf(event->position()));
    // Back on the first cell, the drag is still one: its range is shown.
    if (!box || (!m_view.pending() && sameBox(*box, *m_pressed)))
        return;
    clearHover();
    setCursor(Qt::CrossCursor);
    m_view.setPending(m_view.rangeOf(*m_pressed, *box));
    m_canvas->update();
}

void HeatMapWidget::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return event->ignore();
    m_dragsOverview = false;
    if (!m_pressed)
        return;
    const auto box = m_view.nearestBox(viewport(), centreOf(event->position()));
    choose(m_view.rangeOf(*m_pressed, box ? *box : *m_pressed), m_further);
}

void HeatMapWidget::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return event->ignore();
    if (!isOnOverview(event->position()))
        clear();
}

void HeatMapWidget::keyPressEvent(QKeyEvent *event)
{
    const auto modifiers = event->modifiers() & ~Qt::KeypadModifier;
    const bool shift = modifiers == Qt::ShiftModifier;
    if ((modifiers != Qt::NoModifier && !shift) || m_view.isEmpty() ||
        !handleKey(event->key(), shift))
        event->ignore();
}

bool HeatMapWidget::handleKey(int key, bool shift)
{
    switch (key) {
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_End: return walk(key, shift);
    case Qt::Key_Home:
        if (!isZoomed() || shift)
            return walk(key, shift);
        resetZoom();
        return true;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
    case Qt::Key_Minus:
    case Qt::Key_Backspace:
    case Qt::Key_PageUp:
    case Qt::Key_PageDown: return zoomByKey(key);
    case Qt::Key_Return:
    case Qt::Key_Enter: {
        if (!m_cursor)
            return false;
        const auto cell = boxOf(*m_cursor);
        choose(m_view.pending().value_or(m_view.rangeOf(cell, cell)), shift);
        return true;
    }
    case Qt::Key_Escape:
        // Nothing to undo here: the window may have.
        if (!hasSomethingToClear())
            return false;
        if (m_pressed || m_view.pending())
            dropPending();
        else if (!m_view.ranges().empty())
            clear();
        else
            resetZoom();
        return true;
    default: return false;
    }
}

HeatBox HeatMapWidget::boxOf(Cell cell) const
{
    return m_view.layout(viewport()).boxOf(cell.column, cell.row);
}

bool HeatMapWidget::walk(int key, bool extend)
{
    const auto &map = *m_view.map();
    const auto where = m_view.layout(viewport());
    const bool fresh = !m_cursor;
    auto cell = m_cursor.value_or(Cell{});
    if (extend && !m_anchor)
        m_anchor = cell;
    if (!extend)
        dropPending();
    // The first key only shows where the walk begins.
    if (!fresh || key == Qt::Key_End) {
        const auto box = where.boxOf(cell.column, cell.row);
        const auto next = [&](std::uint32_t at, std::uint32_t step, std::uint32_t count) {
            return at + step < count ? at + step : at;
        };
        switch (key) {
        case Qt::Key_Left: cell.column = box.column >= 1 ? box.column - 1 : 0; break;
        case Qt::Key_Right: cell.column = next(box.column, box.columns, map.columns); break;
        // In order of time: after the top of a column comes the bottom of the next one.
        case Qt::Key_Up:
            if (box.row + box.rows < map.rows) {
                cell.row = box.row + box.rows;
            } else if (box.column + box.columns < map.columns) {
                cell = {box.column + box.columns, 0};
            }
            break;
        case Qt::Key_Down:
            if (box.row > 0) {
                cell.row = box.row - 1;
            } else if (box.column > 0) {
                cell = {box.column - 1, map.rows - 1};
            }
            break;
        case Qt::Key_Home: cell = {}; break;
        case Qt::Key_End: cell = {map.columns - 1, map.rows - 1}; break;
        default: return false;
        }
    }
    m_cursor = cell;
    showColumn(cell.column);
    if (m_anchor)
        m_view.setPending(m_view.rangeOf(boxOf(*m_anchor), boxOf(cell)));
    showCursor();
    auto text = QString::fromStdString(plainText(m_view.tooltip(boxOf(cell))));
    if (m_view.pending())
        text = tr("%1 to be chosen, Enter chooses it. %2")
                   .arg(QString::fromStdString(m_view.lengthText(*m_view.pending())), text);
    describe(text);
    return true;
}

void HeatMapWidget::showCursor()
{
    m_view.setCursor(std::nullopt);
    if (m_cursor && hasFocus() && !m_view.isEmpty())
        m_view.setCursor(boxOf(*m_cursor));
    m_canvas->update();
}

void HeatMapWidget::describe(const QString &what)
{
    setAccessibleDescription(what.isEmpty() ? QString::fromStdString(m_view.summary()) : what);
    QAccessibleEvent changed(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&changed);
}

} // namespace flamewright
