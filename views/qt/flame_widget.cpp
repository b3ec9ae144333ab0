#include "views/qt/flame_widget.h"

#include "views/qt/canvas.h"
#include "views/qt/frame_tip.h"

#include <QAccessible>
#include <QScrollBar>
#include <QStyle>

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

namespace flamewright {
namespace {

constexpr int kGlideMs = 150;
constexpr double kLeastSpan = 1e-12;
constexpr int kBarWidth = 10;
constexpr auto kRow = static_cast<double>(tokens::k_row_frame);

} // namespace

FlameWidget::FlameWidget(QWidget *parent)
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
                              scene().paint(shown, m_theme, frame.metrics, out);
                          },
                      .background = [this] { return flamewright::palette(m_theme).surface0; }},
                     this);
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAccessibleName(tr("Flame graph"));
    m_bar->setFocusPolicy(Qt::NoFocus);
    m_bar->setAccessibleName(tr("Rows of the flame graph"));
    m_bar->setSingleStep(static_cast<int>(kRow));
    m_bar->hide();
    connect(m_bar, &QScrollBar::valueChanged, this, &FlameWidget::scrolledByBar);
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
    return {.size = {static_cast<float>(m_canvas->width()), static_cast<float>(height())},
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
    setProfile(std::move(profile), m_view->layout());
}

void FlameWidget::setProfile(std::shared_ptr<const Profile> profile, FlameLayout layout)
{
    setData(std::make_shared<const FlameData>(std::move(profile), layout));
}

void FlameWidget::setData(std::shared_ptr<const FlameData> flame)
{
    m_view = std::make_unique<FlameView>(std::move(flame));
    m_diff = nullptr;
    if (m_scheme != ColorScheme::Name)
        m_view->setColorScheme(m_scheme);
    m_view->setReadable(m_readable);
    m_view->setValueStyle(m_style);
    m_sandwiched = false;
    sceneChanged();
}

void FlameWidget::setDiff(std::shared_ptr<const DiffFlameData> diff, DiffColor color)
{
    auto view = std::make_unique<DiffFlameView>(std::move(diff));
    m_diff = view.get();
    m_diff->setColor(color);
    m_diff->setReadable(m_readable);
    m_diff->setValueStyle(m_style);
    m_view = std::move(view);
    m_sandwiched = false;
    sceneChanged();
}

void FlameWidget::setDiffWidth(DiffWidth width)
{
    if (!m_diff || width == m_diff->width())
        return;
    clearHover();
    m_diff->setWidth(width);
    // Frames have other places now.
    auto to = m_shown;
    std::tie(to.begin, to.end) = m_diff->rangeOf({.node = m_diff->focus()});
    if (to.end - to.begin < kLeastSpan) { // what is zoomed to is not on this side
        setFocusNode(0);
        to = {.scrollY = restingScroll()};
    }
    placeParts();
    jumpTo(to);
    describe();
}

void FlameWidget::setDiffColor(DiffColor color)
{
    if (!m_diff)
        return;
    m_diff->setColor(color);
    clearHover();
    m_canvas->update();
}

void FlameWidget::setSandwich(std::shared_ptr<const FlameData> callers,
                              std::shared_ptr<const FlameData> callees)
{
    m_sandwich = SandwichView(std::move(callers), std::move(callees));
    m_sandwich.setColorScheme(m_scheme);
    m_sandwich.setReadable(m_readable);
    m_sandwich.setValueStyle(m_style);
    m_sandwiched = true;
    sceneChanged();
}

void FlameWidget::sceneChanged()
{
    clearHover();
    placeParts();
    jumpTo({.scrollY = restingScroll()});
    describe();
    Q_EMIT zoomChanged(0);
}

FlameScene &FlameWidget::changing()
{
    return m_sandwiched ? static_cast<FlameScene &>(m_sandwich) : *m_view;
}

const FlameScene &FlameWidget::scene() const
{
    return m_sandwiched ? static_cast<const FlameScene &>(m_sandwich) : *m_view;
}

FlameLayout FlameWidget::layout() const
{
    return m_sandwiched ? FlameLayout::Sandwich : m_view->layout();
}

void FlameWidget::setLayout(FlameLayout layout)
{
    if (layout == this->layout())
        return;
    clearHover();
    const auto focus = m_view->focus();
    m_view->setLayout(layout);
    if (std::exchange(m_sandwiched, false))
        return sceneChanged();
    // Frames may have other places now.
    auto to = m_shown;
    if (focus != 0)
        std::tie(to.begin, to.end) = m_view->rangeOf({.node = focus});
    jumpTo(to);
}

void FlameWidget::setColorScheme(ColorScheme scheme)
{
    m_scheme = scheme;
    m_view->setColorScheme(scheme);
    m_sandwich.setColorScheme(scheme);
    m_canvas->update();
}

void FlameWidget::setReadable(bool on)
{
    m_readable = on;
    m_view->setReadable(on);
    m_sandwich.setReadable(on);
    m_canvas->update();
}

void FlameWidget::setValueStyle(ValueStyle style)
{
    m_style = style;
    m_view->setValueStyle(style);
    m_sandwich.setValueStyle(style);
    clearHover();
    describe();
    m_canvas->update();
}

void FlameWidget::setTimeOrigin(std::int64_t beginNs)
{
    m_view->setTimeOrigin(beginNs);
    m_canvas->update();
}

void FlameWidget::setSearch(const SearchResult &result)
{
    changing().setSearch(result);
    m_canvas->update();
}

void FlameWidget::setTheme(Theme theme)
{
    m_theme = theme;
    clearHover();
    m_canvas->update();
}

void FlameWidget::selectFunction(FunctionId function)
{
    changing().highlight(function);
    m_canvas->update();
}

void FlameWidget::selectNode(std::uint32_t node)
{
    if (!isFrame(node))
        node = kNoNode;
    const bool changed = node != scene().selected();
    changing().setSelected(node);
    if (node != kNoNode) {
        auto to = m_shown;
        to.scrollY = scrollShowing(node);
        // Out of sight to the side: move there without changing the zoom.
        const auto [begin, end] = scene().rangeOf({.node = node});
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
        const auto *profile = node == kNoNode ? nullptr : scene().profileOf(node);
        Q_EMIT functionSelected(profile ? profile->tree.function[scene().indexOf(node)]
                                        : FunctionId{});
    }
}

void FlameWidget::zoomTo(std::uint32_t node)
{
    if (scene().isEmpty())
        return;
    if (!isFrame(node) || scene().profileOf(node)->tree.total[scene().indexOf(node)] <= 0)
        node = 0;
    setFocusNode(node);
    const auto [begin, end] = scene().rangeOf({.node = node});
    glideTo({begin, end, node == 0 ? restingScroll() : scrollShowing(node)});
}

void FlameWidget::setFocusNode(std::uint32_t node)
{
    if (node == scene().focus())
        return;
    changing().setFocus(node);
    Q_EMIT zoomChanged(node);
}

// A view that shows more than the frame zoomed to is a view of one of its callers.
void FlameWidget::widenFocus(const Window &shown)
{
    auto node = scene().focus();
    const auto slack = (shown.end - shown.begin) * 1e-6;
    while (node != 0) {
        const auto [begin, end] = scene().rangeOf({.node = node});
        if (begin <= shown.begin + slack && shown.end <= end + slack)
            break;
        node = scene().parentOf(node);
    }
    setFocusNode(node);
}

// The only place where what is shown changes.
void FlameWidget::showWindow(Window shown)
{
    m_shown = shown;
    m_shown.scrollY = clampedScroll(shown.scrollY);
    const auto most = std::max(static_cast<double>(scene().contentHeight()) - height(), 0.0);
    const QSignalBlocker quiet(m_bar);
    m_bar->setRange(0, static_cast<int>(std::ceil(most)));
    m_bar->setPageStep(height());
    m_bar->setValue(
        static_cast<int>(std::round(scene().growsUp() ? most - m_shown.scrollY : m_shown.scrollY)));
    m_canvas->update();
}

// The canvas and, where rows do not fit, the bar beside it.
void FlameWidget::placeParts()
{
    const bool scrolls = scene().contentHeight() > static_cast<float>(height());
    const auto canvas = scrolls ? std::max(width() - kBarWidth, 1) : width();
    m_canvas->setGeometry(0, 0, canvas, height());
    m_bar->setGeometry(canvas, 0, kBarWidth, height());
    m_bar->setVisible(scrolls);
}

void FlameWidget::scrolledByBar(int value)
{
    auto to = m_shown;
    to.scrollY = scene().growsUp() ? m_bar->maximum() - value : value;
    clearHover();
    jumpTo(to);
}

void FlameWidget::jumpTo(Window to)
{
    m_glide.stop();
    showWindow(to);
}

void FlameWidget::glideTo(Window to)
{
    clearHover();
    if (reducedMotion(*this, m_motion) || !isVisible())
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
    showWindow({between(m_from.begin, m_to.begin), between(m_from.end, m_to.end),
                between(m_from.scrollY, m_to.scrollY)});
}

bool FlameWidget::isFrame(std::uint32_t node) const
{
    const auto *profile = scene().profileOf(node);
    return profile && scene().indexOf(node) < profile->tree.size();
}

std::optional<FlameBox> FlameWidget::boxAt(QPointF at) const
{
    return scene().boxAt(viewport(), {static_cast<float>(at.x()), static_cast<float>(at.y())});
}

double FlameWidget::clampedScroll(double y) const
{
    const auto most = static_cast<double>(scene().contentHeight()) - height();
    return std::clamp(y, 0.0, std::max(most, 0.0));
}

double FlameWidget::restingScroll() const
{
    return static_cast<double>(scene().restingScroll(static_cast<float>(height())));
}

// Where to scroll so that a frame's row is seen, with a few callers and callees.
double FlameWidget::scrollShowing(std::uint32_t node) const
{
    const auto top = static_cast<double>(scene().offsetOf(node));
    // The function of a sandwich covers the first row when it is held there.
    const auto covered = m_sandwiched && node != 0 ? kRow : 0.0;
    if (top >= m_shown.scrollY + covered && top + 2 * kRow <= m_shown.scrollY + height())
        return m_shown.scrollY;
    const auto context = std::min(3 * kRow, height() / 3.0);
    return clampedScroll(top < m_shown.scrollY ? top - context : top + kRow + context - height());
}

void FlameWidget::zoomAround(double x, double factor)
{
    if (scene().isEmpty())
        return;
    const auto span = m_shown.end - m_shown.begin;
    const auto wanted = std::clamp(span * factor, kLeastSpan, 1.0);
    const auto share = x / std::max(m_canvas->width(), 1);
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
    to.begin = std::clamp(to.begin + dx / std::max(m_canvas->width(), 1) * span, 0.0, 1 - span);
    to.end = to.begin + span;
    to.scrollY += scene().growsUp() ? -dy : dy;
    jumpTo(to);
    widenFocus(m_shown);
}

void FlameWidget::hover(QPoint at)
{
    const auto box = boxAt(QPointF(at) + QPointF(0.5, 0.5));
    if (!box)
        return clearHover();
    changing().setHovered(box);
    m_canvas->update();
    m_tip->showAt(at, scene().tooltip(*box), m_theme);
}

void FlameWidget::clearHover()
{
    changing().setHovered(std::nullopt);
    if (m_tip)
        m_tip->hide();
    m_canvas->update();
}

void FlameWidget::describe()
{
    QString text = tr("Nothing to show.");
    if (!scene().isEmpty())
        text =
            QString::fromStdString(scene().selected() == kNoNode
                                       ? scene().summary()
                                       : plainText(scene().tooltip({.node = scene().selected()})));
    setAccessibleDescription(text);
    QAccessibleEvent changed(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&changed);
}

} // namespace flamewright
