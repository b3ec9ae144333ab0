#include "views/qt/plot_widget.h"

#include "views/qt/canvas.h"
#include "views/qt/frame_tip.h"

#include <QAccessible>
#include <QKeyEvent>
#include <QMouseEvent>

#include <algorithm>
#include <cmath>
#include <utility>

namespace flamewright {
namespace {

constexpr double kDragFrom = 4; // pixels; less is a click

PointF pointOf(QPointF at)
{
    return {static_cast<float>(at.x()), static_cast<float>(at.y())};
}

std::vector<LoadSpan> withoutOverlaps(std::vector<LoadSpan> spans)
{
    std::sort(spans.begin(), spans.end(),
              [](const LoadSpan &a, const LoadSpan &b) { return a.beginNs < b.beginNs; });
    std::vector<LoadSpan> out;
    for (const auto &span : spans) {
        if (!out.empty() && span.beginNs <= out.back().endNs)
            out.back().endNs = std::max(out.back().endNs, span.endNs);
        else
            out.push_back(span);
    }
    return out;
}

// Until there is one: nothing, in words of no plot.
class NoPlot final : public PlotView {
public:
    std::string_view kind() const override { return "none"; }
    void paint(const Viewport &, Theme, const TextMetrics &, DisplayList &) const override {}
    bool isEmpty() const override { return true; }
    RectF plotArea(const Viewport &) const override { return {}; }
    std::optional<PlotReadout> readout(const Viewport &, PointF) const override
    {
        return std::nullopt;
    }
    std::string summary() const override { return {}; }
};

} // namespace

PlotWidget::PlotWidget(QWidget *parent)
    : QWidget(parent),
      m_view(std::make_unique<NoPlot>()),
      m_tip(new FrameTip(this))
{
    m_canvas =
        createCanvas({.paint =
                          [this](const CanvasFrame &frame, DisplayList &out) {
                              auto shown = viewport();
                              shown.size = frame.size;
                              shown.scale = frame.scale;
                              m_view->paint(shown, m_theme, frame.metrics, out);
                          },
                      .background = [this] { return flamewright::palette(m_theme).surface0; }},
                     this);
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAccessibleName(tr("Plot"));
    describe();
}

PlotWidget::~PlotWidget()
{
    delete m_tip;
}

Viewport PlotWidget::viewport() const
{
    return {.size = {static_cast<float>(width()), static_cast<float>(height())},
            .begin = m_begin,
            .end = m_end,
            .scale = static_cast<float>(devicePixelRatioF())};
}

QString PlotWidget::tooltipText() const
{
    return m_tip ? m_tip->text() : QString();
}

void PlotWidget::setView(std::unique_ptr<PlotView> view)
{
    const auto before = m_view->timeSpan();
    view->setRanges(m_view->ranges());
    view->setPending(m_view->pending());
    // Other figures of the same time: what is looked at stays.
    if (view->timeSpan() != before) {
        m_begin = 0;
        m_end = 1;
        view->setPending(std::nullopt);
        m_pressed.reset();
        m_anchor.reset();
    }
    const auto hover = m_view->hover();
    m_view = std::move(view);
    if (hover && m_tip && m_tip->isVisible())
        point(*hover, true);
    m_canvas->update();
    describe();
}

void PlotWidget::setRanges(std::vector<LoadSpan> ranges)
{
    if (ranges == m_view->ranges())
        return;
    m_view->setRanges(std::move(ranges));
    m_canvas->update();
    describe();
}

void PlotWidget::setEmphasis(std::optional<std::uint32_t> group)
{
    m_view->setEmphasis(group);
    m_canvas->update();
}

void PlotWidget::setTheme(Theme theme)
{
    m_theme = theme;
    clearHover();
}

void PlotWidget::point(PointF at, bool withCard)
{
    const auto found = m_view->readout(viewport(), at);
    m_view->setHover(found ? std::optional(at) : std::nullopt);
    m_canvas->update();
    if (!found) {
        if (m_tip)
            m_tip->hide();
        unsetCursor();
        return;
    }
    setCursor(isAlongTime() ? Qt::CrossCursor : Qt::ArrowCursor);
    if (m_tip && withCard)
        m_tip->showAt(QPoint(qRound(at.x), qRound(at.y)), found->tip, m_theme);
}

void PlotWidget::clearHover()
{
    m_view->setHover(std::nullopt);
    if (m_tip)
        m_tip->hide();
    unsetCursor();
    m_canvas->update();
}

std::optional<LoadSpan> PlotWidget::spanTo(double x) const
{
    if (!m_pressed)
        return std::nullopt;
    const auto from = m_view->timeAt(viewport(), static_cast<float>(m_pressed->x()));
    const auto to = m_view->timeAt(viewport(), static_cast<float>(x));
    if (!from || !to)
        return std::nullopt;
    const auto low = std::llround(std::min(*from, *to)), high = std::llround(std::max(*from, *to));
    return LoadSpan{low, std::max(high, low + 1)};
}

void PlotWidget::choose(const LoadSpan &span, bool further)
{
    auto ranges = further ? m_view->ranges() : std::vector<LoadSpan>{};
    ranges.push_back(span);
    ranges = withoutOverlaps(std::move(ranges));
    dropPending();
    const bool changed = ranges != m_view->ranges();
    m_view->setRanges(ranges);
    m_canvas->update();
    describe();
    if (changed)
        Q_EMIT rangesChanged(ranges);
}

void PlotWidget::clearRanges()
{
    dropPending();
    if (m_view->ranges().empty())
        return;
    m_view->setRanges({});
    m_canvas->update();
    describe();
    Q_EMIT rangesChanged({});
}

void PlotWidget::dropPending()
{
    m_pressed.reset();
    m_anchor.reset();
    m_view->setPending(std::nullopt);
    m_canvas->update();
}

bool PlotWidget::hasSomethingToClear() const
{
    return m_pressed || m_view->pending() || (isAlongTime() && !m_view->ranges().empty()) ||
           isZoomed();
}

bool PlotWidget::event(QEvent *event)
{
    if (event->type() == QEvent::WindowDeactivate)
        clearHover();
    // The window's shortcuts must not take the keys of the plot.
    if (event->type() == QEvent::ShortcutOverride && !m_view->isEmpty()) {
        const auto *key = static_cast<QKeyEvent *>(event);
        static constexpr int kOurs[] = {
            Qt::Key_Left,      Qt::Key_Right, Qt::Key_Return, Qt::Key_Enter,  Qt::Key_Home,
            Qt::Key_Plus,      Qt::Key_Equal, Qt::Key_Minus,  Qt::Key_PageUp, Qt::Key_PageDown,
            Qt::Key_Backspace, Qt::Key_W,     Qt::Key_A,      Qt::Key_S,      Qt::Key_D};
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

void PlotWidget::resizeEvent(QResizeEvent *)
{
    m_canvas->setGeometry(rect());
    Q_EMIT shownChanged();
}

void PlotWidget::hideEvent(QHideEvent *)
{
    clearHover();
}

void PlotWidget::leaveEvent(QEvent *)
{
    clearHover();
}

void PlotWidget::focusOutEvent(QFocusEvent *event)
{
    if (m_anchor)
        dropPending();
    m_cursor.reset();
    if (!underMouse())
        clearHover();
    QWidget::focusOutEvent(event);
}

void PlotWidget::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return event->ignore();
    dropPending();
    m_cursor.reset();
    m_pressed = event->position();
    m_further = (event->modifiers() & Qt::ShiftModifier) != 0;
}

void PlotWidget::mouseMoveEvent(QMouseEvent *event)
{
    const auto at = event->position();
    if (!m_pressed || !isAlongTime())
        return point(pointOf(at), true);
    const bool inside = m_view->plotArea(viewport()).contains(pointOf(*m_pressed));
    if (!inside || (!m_view->pending() && std::fabs(at.x() - m_pressed->x()) < kDragFrom))
        return;
    clearHover();
    setCursor(Qt::CrossCursor);
    m_view->setPending(spanTo(at.x()));
    m_canvas->update();
}

void PlotWidget::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return event->ignore();
    if (!m_pressed)
        return;
    if (m_view->pending()) {
        if (const auto span = spanTo(event->position().x()))
            return choose(*span, m_further);
        return dropPending();
    }
    const auto found = m_view->readout(viewport(), pointOf(*m_pressed));
    dropPending();
    if (!found)
        return;
    const bool onPlot = m_view->plotArea(viewport()).contains(pointOf(event->position()));
    if (onPlot && isAlongTime() && found->span)
        choose(*found->span, m_further);
    else if (found->group)
        Q_EMIT groupClicked(*found->group);
}

void PlotWidget::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return event->ignore();
    m_pressed.reset();
    clearRanges();
}

void PlotWidget::describe(const QString &what)
{
    setAccessibleDescription(what.isEmpty() ? QString::fromStdString(m_view->summary()) : what);
    QAccessibleEvent changed(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&changed);
}

} // namespace flamewright
