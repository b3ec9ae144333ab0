#include "views/qt/tracks_widget.h"

#include "views/qt/canvas.h"
#include "views/qt/frame_tip.h"

#include <QAccessible>
#include <QScrollBar>

#include <algorithm>
#include <cmath>
#include <utility>

namespace flamewright {
namespace {

constexpr int kBarWidth = 10;
constexpr std::size_t kMostBack = 100;
constexpr int kOneZoomMs = 800; // what follows sooner is the same one

} // namespace

TracksWidget::TracksWidget(QWidget *parent)
    : QWidget(parent),
      m_bar(new QScrollBar(Qt::Vertical, this)),
      m_tip(new FrameTip(this))
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
    setAccessibleName(tr("Timeline"));
    m_bar->setFocusPolicy(Qt::NoFocus);
    m_bar->setAccessibleName(tr("Tracks of the timeline"));
    m_bar->setSingleStep(static_cast<int>(kLaneHeight));
    m_bar->hide();
    connect(m_bar, &QScrollBar::valueChanged, this, [this](int value) {
        if (std::fabs(value - m_scrollY) >= 1)
            setScrollY(value);
    });
    m_sinceZoom.start();
    describe();
}

TracksWidget::~TracksWidget()
{
    delete m_tip;
}

Viewport TracksWidget::viewport() const
{
    const auto ratio = devicePixelRatioF();
    return {.size = {static_cast<float>(m_canvas->width()), static_cast<float>(height())},
            .scrollY = static_cast<float>(std::round(m_scrollY * ratio) / ratio),
            .scale = static_cast<float>(ratio)};
}

QString TracksWidget::tooltipText() const
{
    return m_tip ? m_tip->text() : QString();
}

void TracksWidget::setTraces(std::shared_ptr<const TraceSet> set)
{
    TracksView next(std::move(set));
    const auto &before = m_view.set();
    const auto sameTrack = [](const TrackNode &a, const TrackNode &b) { return a.ref == b.ref; };
    const bool sameTracks =
        !before.empty() && std::equal(before.nodes.begin(), before.nodes.end(),
                                      next.set().nodes.begin(), next.set().nodes.end(), sameTrack);
    const bool sameTime = before.begin == next.set().begin && before.end == next.set().end;
    if (sameTracks) {
        next.setChoices(m_view.choices());
        if (sameTime || !(m_view.window() == m_view.whole()))
            next.setWindow(m_view.window());
        if (sameTime)
            next.setArea(m_view.area());
        else
            m_back.clear();
    } else {
        m_scrollY = 0;
        m_back.clear();
    }
    next.setNotes(m_view.notes());
    clearHover();
    m_drag = Drag::None;
    m_view = std::move(next);
    placeParts();
    describe();
    m_canvas->update();
    Q_EMIT shownChanged();
}

void TracksWidget::setTheme(Theme theme)
{
    m_theme = theme;
    clearHover();
}

void TracksWidget::setStyle(ValueStyle style)
{
    m_view.setStyle(style);
    m_canvas->update();
}

void TracksWidget::setDetail(std::uint32_t capture, std::shared_ptr<const DetailRows> rows)
{
    m_view.setDetail(capture, std::move(rows));
    m_canvas->update();
}

void TracksWidget::setMatches(std::shared_ptr<const SliceMatches> matches)
{
    m_view.setMatches(std::move(matches));
    m_canvas->update();
}

void TracksWidget::setNotes(std::vector<TrackNote> notes)
{
    m_view.setNotes(std::move(notes));
    m_canvas->update();
}

void TracksWidget::setChoices(TrackChoices choices)
{
    m_view.setChoices(std::move(choices));
    clearHover();
    placeParts();
}

void TracksWidget::setArea(std::optional<TracksView::Area> area)
{
    m_view.setArea(std::move(area));
    m_canvas->update();
}

void TracksWidget::setWindow(const TimeWindow &window)
{
    showWindow(window);
}

// The only place where the shown time changes.
void TracksWidget::showWindow(const TimeWindow &window)
{
    const auto before = m_view.window();
    m_view.setWindow(window);
    if (m_view.window() == before)
        return;
    m_canvas->update();
    describe();
    Q_EMIT shownChanged();
}

void TracksWidget::remember()
{
    if (!m_back.empty() && m_back.back() == m_view.window())
        return;
    m_back.push_back(m_view.window());
    if (m_back.size() > kMostBack)
        m_back.erase(m_back.begin());
}

void TracksWidget::jumpTo(const TimeWindow &window)
{
    if (m_view.clamped(window) == m_view.window())
        return;
    remember();
    clearHover();
    showWindow(window);
}

void TracksWidget::back()
{
    if (m_back.empty())
        return;
    const auto to = m_back.back();
    m_back.pop_back();
    showWindow(to);
}

void TracksWidget::zoomAround(double x, double factor)
{
    if (m_sinceZoom.restart() > kOneZoomMs)
        remember();
    const auto where = m_view.layout(viewport());
    const auto share = std::clamp(
        (x - static_cast<double>(where.plotX)) / static_cast<double>(where.plotWidth), 0.0, 1.0);
    showWindow(m_view.window().zoomed(factor, share * m_view.window().length));
}

void TracksWidget::panBy(double pixels)
{
    const auto where = m_view.layout(viewport());
    showWindow(m_view.window().moved(pixels / static_cast<double>(where.plotWidth) *
                                     m_view.window().length));
}

void TracksWidget::zoomTo(std::int64_t begin, std::int64_t end, double margin)
{
    jumpTo(m_view.around(begin, end, margin));
}

void TracksWidget::fit()
{
    std::optional<TimeWindow> to;
    if (m_view.area())
        to = m_view.around(m_view.area()->begin, m_view.area()->end, 0.1);
    else if (m_view.selected())
        to = m_view.around(m_view.selected()->begin, m_view.selected()->end, 0.25);
    if (to && *to != m_view.window())
        return jumpTo(*to);
    fitAll();
}

void TracksWidget::select(std::optional<TracksBox> box)
{
    m_view.setSelected(std::move(box));
    m_canvas->update();
    describe();
}

void TracksWidget::userSelects(std::optional<TracksBox> box, bool show)
{
    const bool changed = box != m_view.selected();
    if (box && show)
        reveal(*box);
    else
        select(std::move(box));
    if (changed)
        Q_EMIT boxSelected();
}

void TracksWidget::reveal(const TracksBox &box)
{
    // Groups around it open; what filters it away does not.
    auto choices = m_view.choices();
    bool opened = false;
    for (auto up = m_view.set().nodes[box.node].parent; up != UINT32_MAX;
         up = m_view.set().nodes[up].parent)
        opened = choices.closed.erase(m_view.set().nodes[up].ref) > 0 || opened;
    if (box.depth > 0)
        opened = choices.closed.erase(m_view.set().nodes[box.node].ref) > 0 || opened;
    if (opened) {
        setChoices(std::move(choices));
        Q_EMIT choicesChanged();
    }
    showRow(box.node, box.depth);
    const auto &window = m_view.window();
    const auto from = window.after(box.begin), to = window.after(box.end);
    if (to < 0 || from > window.length || (to - from) < window.length / 2000) {
        // As wide as what is shown unless that would be a hair's breadth.
        const auto length = std::clamp(window.length, std::max((to - from) * 1.2, 1.0),
                                       std::max((to - from) * 60, 100.0));
        TimeWindow there{box.begin, 0, length};
        jumpTo(there.moved(((to - from) - length) / 2));
    } else if (from < 0 || to > window.length) {
        jumpTo(window.moved((from + to - window.length) / 2));
    }
    select(box);
}

void TracksWidget::showRow(std::uint32_t node, std::uint32_t depth)
{
    const auto *place = m_view.rows().placeOf(node);
    if (!place)
        return;
    const auto room = static_cast<double>(m_view.layout(viewport()).tracks.height);
    const auto top = place->y + place->lanesTop + depth * kLaneHeight;
    // Below the group's line that stays in sight.
    if (top < m_scrollY + kGroupHeight)
        setScrollY(top - kGroupHeight - kTrackPadding);
    else if (top + kLaneHeight > m_scrollY + room)
        setScrollY(top + kLaneHeight + kTrackPadding - room);
}

void TracksWidget::setScrollY(double y)
{
    m_scrollY = std::clamp(y, 0.0, m_view.mostScroll(viewport()));
    const QSignalBlocker quiet(m_bar);
    m_bar->setValue(static_cast<int>(std::lround(m_scrollY)));
    m_canvas->update();
}

void TracksWidget::placeParts()
{
    auto shown = viewport();
    shown.size.width = static_cast<float>(width());
    const auto most = m_view.mostScroll(shown);
    const bool scrolls = most > 0;
    m_bar->setVisible(scrolls);
    const auto bar = scrolls ? kBarWidth : 0;
    m_canvas->setGeometry(0, 0, std::max(width() - bar, 0), height());
    const auto top = static_cast<int>(m_view.layout(shown).tracks.y);
    m_bar->setGeometry(width() - bar, top, bar, std::max(height() - top, 0));
    {
        const QSignalBlocker quiet(m_bar);
        m_bar->setRange(0, static_cast<int>(std::ceil(most)));
        m_bar->setPageStep(std::max(1, height() - top));
    }
    setScrollY(m_scrollY);
    m_canvas->update();
}

void TracksWidget::hover(QPoint at, Qt::KeyboardModifiers modifiers)
{
    const auto hit =
        m_view.hit(viewport(), {static_cast<float>(at.x()), static_cast<float>(at.y())});
    m_view.setHovered(hit.box);
    m_canvas->update();
    switch (hit.part) {
    case TracksHit::Part::Overview: setCursor(Qt::SizeHorCursor); break;
    case TracksHit::Part::Note:
    case TracksHit::Part::Caret: setCursor(Qt::PointingHandCursor); break;
    default:
        if (movesClock(hit) && modifiers & Qt::AltModifier)
            setCursor(Qt::SizeHorCursor);
        else
            unsetCursor();
    }
    if (!m_tip)
        return;
    if (hit.box) {
        m_tip->showAt(at, m_view.tooltip(*hit.box), m_theme);
    } else if (hit.samples) {
        m_tip->showAt(at, m_view.tooltip(*hit.samples), m_theme);
    } else if (hit.part == TracksHit::Part::Note) {
        const auto &note = m_view.notes()[hit.note];
        FlameTooltip tip;
        tip.title = note.text;
        tip.subtitle = "note at " + m_view.timeText(note.begin, 1);
        m_tip->showAt(at, tip, m_theme);
    } else if (movesClock(hit)) {
        m_tip->showAt(at, m_view.clockTip(*hit.node), m_theme);
    } else {
        m_tip->hide();
    }
}

void TracksWidget::clearHover()
{
    m_view.setHovered(std::nullopt);
    if (m_tip)
        m_tip->hide();
    unsetCursor();
    m_canvas->update();
}

QRectF TracksWidget::placeOnScreen(const TracksBox &box) const
{
    const auto shown = viewport();
    const auto *place = m_view.rows().placeOf(box.node);
    if (!place)
        return {};
    const auto where = m_view.layout(shown);
    const auto y = static_cast<double>(where.tracks.y) + place->y - m_scrollY + place->lanesTop +
                   box.depth * kLaneHeight;
    const auto x0 = std::max(m_view.xOf(shown, box.begin), static_cast<double>(where.plotX));
    const auto x1 =
        std::min(m_view.xOf(shown, box.end), static_cast<double>(where.plotX + where.plotWidth));
    return {x0, y, std::max(x1 - x0, 1.0), kLaneHeight - 1};
}

void TracksWidget::describe(const QString &what)
{
    auto text = what;
    if (text.isEmpty()) {
        text = QString::fromStdString(m_view.summary());
        if (m_view.selected())
            text = QString::fromStdString(plainText(m_view.tooltip(*m_view.selected()))) +
                   QLatin1Char('\n') + text;
    }
    setAccessibleDescription(text);
    QAccessibleEvent changed(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&changed);
}

} // namespace flamewright
