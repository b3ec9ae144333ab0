#include "views/qt/heat_map_widget.h"

#include <QWheelEvent>

#include <algorithm>
#include <cmath>

// Which part of the time a heat map shows, with the wheel and keys of the flame graph.
namespace flamewright {
namespace {

constexpr double kZoomPerNotch = 0.8, kZoomPerKey = 0.5;
constexpr double kPanPerNotch = 60; // pixels
constexpr double kPage = 0.8;       // of what is shown

} // namespace

// The only place where what is shown changes.
void HeatMapWidget::showTime(double begin, double end)
{
    const auto least = m_view.leastSpan(viewport());
    const auto span = std::clamp(end - begin, least, 1.0);
    const bool all = span >= 1;
    const auto first = all ? 0.0 : std::clamp((begin + end - span) / 2, 0.0, 1 - span);
    const auto last = all ? 1.0 : first + span;
    const bool changed = first != m_begin || last != m_end;
    m_begin = first;
    m_end = last;
    clearHover();
    showCursor();
    if (changed)
        describe(isZoomed()
                     ? tr("Shown: %1.").arg(QString::fromStdString(m_view.shownText(viewport())))
                     : QString());
}

void HeatMapWidget::zoomAround(double share, double factor)
{
    if (m_view.isEmpty())
        return;
    const auto span = m_end - m_begin;
    const auto wanted = std::clamp(span * factor, m_view.leastSpan(viewport()), 1.0);
    const auto begin = std::clamp(share - (share - m_begin) / span * wanted, 0.0, 1 - wanted);
    showTime(begin, begin + wanted);
}

void HeatMapWidget::panBy(double pixels)
{
    const auto span = m_end - m_begin;
    const auto plot = static_cast<double>(m_view.layout(viewport()).plot.width);
    const auto begin = std::clamp(m_begin + pixels / std::max(plot, 1.0) * span, 0.0, 1 - span);
    showTime(begin, begin + span);
}

void HeatMapWidget::wheelEvent(QWheelEvent *event)
{
    event->accept();
    if (m_view.isEmpty())
        return;
    const auto at = event->position();
    if (event->modifiers() & Qt::ControlModifier) {
        const auto where = m_view.layout(viewport());
        zoomAround(where.shareAt(static_cast<float>(at.x())),
                   std::pow(kZoomPerNotch, event->angleDelta().y() / 120.0));
    } else {
        // There are no rows to move: both wheels move in time.
        const auto by = event->hasPixelDelta()
                            ? QPointF(event->pixelDelta())
                            : QPointF(event->angleDelta()) / 120.0 * kPanPerNotch;
        panBy(-by.x() - by.y());
    }
    if (!m_pressed)
        hover(at.toPoint());
}

bool HeatMapWidget::zoomByKey(int key)
{
    const auto span = m_end - m_begin;
    // Around the cursor where that is seen, else around the middle.
    auto centre = (m_begin + m_end) / 2;
    if (m_cursor) {
        const auto at = (m_cursor->column + 0.5) / m_view.map()->columns;
        if (at > m_begin && at < m_end)
            centre = at;
    }
    switch (key) {
    case Qt::Key_Plus:
    case Qt::Key_Equal: zoomAround(centre, kZoomPerKey); return true;
    case Qt::Key_Minus: zoomAround(centre, 1 / kZoomPerKey); return true;
    case Qt::Key_Backspace:
        if (!isZoomed())
            return false;
        zoomAround(centre, 1 / kZoomPerKey);
        return true;
    case Qt::Key_PageUp: showTime(m_begin - kPage * span, m_end - kPage * span); return true;
    case Qt::Key_PageDown: showTime(m_begin + kPage * span, m_end + kPage * span); return true;
    default: return false;
    }
}

void HeatMapWidget::showColumn(std::uint32_t column)
{
    const auto columns = static_cast<double>(m_view.map()->columns);
    const auto left = column / columns, right = (column + 1) / columns;
    const auto span = m_end - m_begin;
    if (left < m_begin)
        showTime(left, left + span);
    else if (right > m_end)
        showTime(right - span, right);
}

bool HeatMapWidget::isOnOverview(QPointF at) const
{
    const auto all = m_view.layout(viewport()).overview;
    constexpr float kReach = 3; // it is low
    return isZoomed() && RectF{all.x, all.y - kReach, all.width, all.height + 2 * kReach}.contains(
                             {static_cast<float>(at.x()), static_cast<float>(at.y())});
}

void HeatMapWidget::dragOverview(QPointF at)
{
    const auto centre = m_view.layout(viewport()).overviewShareAt(static_cast<float>(at.x()));
    const auto span = m_end - m_begin;
    showTime(centre - span / 2, centre + span / 2);
}

} // namespace flamewright
