#include "views/qt/plot_widget.h"

#include <QKeyEvent>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

// Which part of the time a plot shows, and the keys of plots.
namespace flamewright {
namespace {

constexpr double kZoomPerNotch = 0.8, kZoomPerKey = 0.5;
constexpr double kPanPerNotch = 60;        // pixels
constexpr double kPage = 0.8, kStep = 0.2; // of what is shown

} // namespace

// The only place where what is shown changes.
void PlotWidget::showTime(double begin, double end)
{
    if (!isAlongTime())
        return;
    const auto least = std::clamp(m_view->leastSpan(viewport()), 1e-9, 1.0);
    const auto span = std::clamp(end - begin, least, 1.0);
    const bool all = span >= 1;
    const auto first = all ? 0.0 : std::clamp((begin + end - span) / 2, 0.0, 1 - span);
    const auto last = all ? 1.0 : first + span;
    if (first == m_begin && last == m_end)
        return;
    m_begin = first;
    m_end = last;
    clearHover();
    describe();
    Q_EMIT shownChanged();
}

double PlotWidget::shareAt(double x) const
{
    const auto plot = m_view->plotArea(viewport());
    const auto inside = std::clamp((x - static_cast<double>(plot.x)) /
                                       std::max(1.0, static_cast<double>(plot.width)),
                                   0.0, 1.0);
    return m_begin + inside * (m_end - m_begin);
}

void PlotWidget::zoomAround(double share, double factor)
{
    const auto span = m_end - m_begin;
    const auto least = std::clamp(m_view->leastSpan(viewport()), 1e-9, 1.0);
    const auto wanted = std::clamp(span * factor, least, 1.0);
    const auto begin = std::clamp(share - (share - m_begin) / span * wanted, 0.0, 1 - wanted);
    showTime(begin, begin + wanted);
}

void PlotWidget::panBy(double shareOfShown)
{
    const auto span = m_end - m_begin;
    const auto begin = std::clamp(m_begin + shareOfShown * span, 0.0, 1 - span);
    showTime(begin, begin + span);
}

void PlotWidget::wheelEvent(QWheelEvent *event)
{
    event->accept();
    if (!isAlongTime() || m_view->isEmpty())
        return;
    const auto at = event->position();
    if (event->modifiers() & Qt::ControlModifier) {
        zoomAround(shareAt(at.x()), std::pow(kZoomPerNotch, event->angleDelta().y() / 120.0));
    } else {
        // There are no rows to move: both wheels move in time.
        const auto by = event->hasPixelDelta()
                            ? QPointF(event->pixelDelta())
                            : QPointF(event->angleDelta()) / 120.0 * kPanPerNotch;
        const auto plot = m_view->plotArea(viewport());
        panBy((-by.x() - by.y()) / std::max(1.0, static_cast<double>(plot.width)));
    }
    if (!m_pressed)
        point({static_cast<float>(at.x()), static_cast<float>(at.y())}, true);
}

void PlotWidget::keyPressEvent(QKeyEvent *event)
{
    const auto modifiers = event->modifiers() & ~Qt::KeypadModifier;
    const bool shift = modifiers == Qt::ShiftModifier;
    if ((modifiers != Qt::NoModifier && !shift) || m_view->isEmpty() ||
        !handleKey(event->key(), shift))
        event->ignore();
}

bool PlotWidget::handleKey(int key, bool shift)
{
    switch (key) {
    case Qt::Key_Left:
    case Qt::Key_Right: return stepByKey(key, shift);
    case Qt::Key_Return:
    case Qt::Key_Enter: {
        if (const auto pending = m_view->pending()) {
            choose(*pending, shift);
            return true;
        }
        const auto found =
            m_cursor ? m_view->readout(viewport(), *m_cursor) : std::optional<PlotReadout>();
        if (!found)
            return false;
        if (isAlongTime() && found->span)
            choose(*found->span, shift);
        else if (found->group)
            Q_EMIT groupClicked(*found->group);
        return true;
    }
    case Qt::Key_Escape:
        // Nothing to undo here: the window may have.
        if (!hasSomethingToClear())
            return false;
        if (m_pressed || m_view->pending())
            dropPending();
        else if (isAlongTime() && !m_view->ranges().empty())
            clearRanges();
        else
            resetZoom();
        return true;
    default: return isAlongTime() && zoomByKey(key);
    }
}

bool PlotWidget::zoomByKey(int key)
{
    // Around the cursor where that is seen, else around the middle.
    const auto centre =
        m_cursor ? shareAt(static_cast<double>(m_cursor->x)) : (m_begin + m_end) / 2;
    switch (key) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
    case Qt::Key_W: zoomAround(centre, kZoomPerKey); return true;
    case Qt::Key_Minus:
    case Qt::Key_S: zoomAround(centre, 1 / kZoomPerKey); return true;
    case Qt::Key_Backspace:
        if (!isZoomed())
            return false;
        zoomAround(centre, 1 / kZoomPerKey);
        return true;
    case Qt::Key_Home: resetZoom(); return true;
    case Qt::Key_A: panBy(-kStep); return true;
    case Qt::Key_D: panBy(kStep); return true;
    case Qt::Key_PageUp: panBy(-kPage); return true;
    case Qt::Key_PageDown: panBy(kPage); return true;
    default: return false;
    }
}

bool PlotWidget::stepByKey(int key, bool extend)
{
    const auto plot = m_view->plotArea(viewport());
    const PointF middle{plot.x + plot.width / 2, plot.y + plot.height / 2};
    const bool fresh = !m_cursor;
    const auto from = m_cursor.value_or(m_view->hover().value_or(middle));
    if (!extend)
        dropPending();
    // The first key only shows where the walk begins.
    const auto next = fresh ? std::optional(from)
                            : m_view->stepped(viewport(), from, key == Qt::Key_Right ? 1 : -1);
    if (!next)
        return false;
    if (extend && !m_anchor)
        m_anchor = m_view->timeAt(viewport(), from.x);
    m_cursor = *next;
    point(*next, true);
    const auto found = m_view->readout(viewport(), *next);
    auto text = found ? QString::fromStdString(plainText(found->tip)) : QString();
    const auto at = m_view->timeAt(viewport(), next->x);
    if (m_anchor && at) {
        const auto low = std::llround(std::min(*m_anchor, *at));
        const auto high = std::llround(std::max(*m_anchor, *at));
        m_view->setPending(LoadSpan{low, std::max(high, low + 1)});
        text = tr("To be chosen, Enter chooses it. %1").arg(text);
    }
    m_canvas->update();
    describe(text);
    return true;
}

} // namespace flamewright
