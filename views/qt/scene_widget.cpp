#include "views/qt/scene_widget.h"

#include "views/qt/canvas.h"
#include "views/qt/frame_tip.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <utility>

namespace flamewright {
namespace {

constexpr int kWheelStep = 60; // pixels for a notch

// The first line of what a hit says is its title; lines "name: value" become rows.
FlameTooltip cardOf(const Hit &hit)
{
    FlameTooltip out;
    out.title = hit.title;
    std::string_view rest = hit.detail;
    while (!rest.empty()) {
        const auto end = std::min(rest.find('\n'), rest.size());
        const auto line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (const auto colon = line.find(": "); colon != std::string_view::npos && colon < 32)
            out.rows.push_back({.label = std::string(line.substr(0, colon)),
                                .value = std::string(line.substr(colon + 2))});
        else if (out.subtitle.empty())
            out.subtitle = line;
        else
            out.footer += (out.footer.empty() ? "" : "\n") + std::string(line);
    }
    return out;
}

} // namespace

SceneWidget::SceneWidget(QWidget *parent)
    : QWidget(parent),
      m_bar(new QScrollBar(Qt::Vertical, this)),
      m_tip(new FrameTip(this))
{
    m_canvas =
        createCanvas({.paint =
                          [this](const CanvasFrame &frame, DisplayList &out) {
                              if (!m_scene)
                                  return;
                              auto shown = viewport();
                              shown.size = frame.size;
                              shown.scale = frame.scale;
                              m_scene->paint(shown, m_theme, frame.metrics, out);
                              if (m_overlay)
                                  m_overlay(shown, m_theme, out);
                          },
                      .background = [this] { return flamewright::palette(m_theme).surface0; }},
                     this);
    m_bar->setObjectName(QStringLiteral("sceneScroll"));
    connect(m_bar, &QScrollBar::valueChanged, this, &SceneWidget::scrolled);
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    layOut();
}

SceneWidget::~SceneWidget()
{
    delete m_tip;
}

Viewport SceneWidget::viewport() const
{
    return {.size = {static_cast<float>(m_canvas->width()), static_cast<float>(m_canvas->height())},
            .scrollY = static_cast<float>(m_bar->value()),
            .scale = static_cast<float>(devicePixelRatioF())};
}

void SceneWidget::setScene(std::shared_ptr<const ViewModel> scene, Height height, bool fromTop)
{
    clearHover();
    m_scene = std::move(scene);
    m_height = std::move(height);
    if (fromTop)
        m_bar->setValue(0);
    layOut();
    refresh();
}

void SceneWidget::setTheme(Theme theme)
{
    m_theme = theme;
    clearHover();
    refresh();
}

void SceneWidget::setOverlay(Overlay overlay)
{
    m_overlay = std::move(overlay);
    refresh();
}

void SceneWidget::refresh()
{
    m_canvas->update();
}

void SceneWidget::reveal(float top, float bottom)
{
    const auto shown = viewport();
    if (top < shown.scrollY)
        m_bar->setValue(static_cast<int>(std::floor(top)));
    else if (bottom > shown.scrollY + shown.size.height)
        m_bar->setValue(static_cast<int>(std::ceil(bottom - shown.size.height)));
}

QString SceneWidget::tooltipText() const
{
    return m_tip ? m_tip->text() : QString();
}

void SceneWidget::layOut()
{
    const int bar = m_bar->sizeHint().width();
    const auto all = [this](int width) {
        return m_scene && m_height ? std::ceil(m_height(static_cast<float>(width))) : 0.0f;
    };
    const bool scrolls = all(width()) > static_cast<float>(height());
    const int room = scrolls ? std::max(0, width() - bar) : width();
    m_canvas->setGeometry(0, 0, room, height());
    m_bar->setVisible(scrolls);
    m_bar->setGeometry(room, 0, bar, height());
    m_bar->setPageStep(height());
    m_bar->setSingleStep(kWheelStep / 3);
    m_bar->setMaximum(scrolls ? static_cast<int>(all(room)) - height() : 0);
}

void SceneWidget::scrolled()
{
    clearHover();
    refresh();
}

std::optional<Hit> SceneWidget::hitAt(QPointF at) const
{
    if (!m_scene || at.x() >= m_canvas->width())
        return std::nullopt;
    return m_scene->hitTest(viewport(), {static_cast<float>(at.x()), static_cast<float>(at.y())});
}

void SceneWidget::clearHover()
{
    if (m_tip)
        m_tip->hide();
    unsetCursor();
}

void SceneWidget::resizeEvent(QResizeEvent *)
{
    layOut();
}

void SceneWidget::hideEvent(QHideEvent *)
{
    clearHover();
}

void SceneWidget::leaveEvent(QEvent *)
{
    clearHover();
}

void SceneWidget::mouseMoveEvent(QMouseEvent *event)
{
    const auto hit = hitAt(event->position());
    if (!hit)
        return clearHover();
    setCursor(Qt::PointingHandCursor);
    if (m_tip)
        m_tip->showAt(event->position().toPoint(), cardOf(*hit), m_theme);
}

void SceneWidget::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return event->ignore();
    if (const auto hit = hitAt(event->position()))
        Q_EMIT clicked(hit->key);
    else
        Q_EMIT missed();
}

void SceneWidget::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return event->ignore();
    if (const auto hit = hitAt(event->position()))
        Q_EMIT doubleClicked(hit->key);
}

void SceneWidget::wheelEvent(QWheelEvent *event)
{
    const auto pixels = event->pixelDelta().y();
    const auto by = pixels != 0 ? pixels : event->angleDelta().y() * kWheelStep / 120;
    m_bar->setValue(m_bar->value() - by);
    event->accept();
}

bool SceneWidget::event(QEvent *event)
{
    // The window's shortcuts must not take the keys of the view.
    if (event->type() == QEvent::ShortcutOverride && m_scene) {
        const auto *key = static_cast<QKeyEvent *>(event);
        static constexpr int kOurs[] = {Qt::Key_Up,       Qt::Key_Down, Qt::Key_PageUp,
                                        Qt::Key_PageDown, Qt::Key_Home, Qt::Key_End,
                                        Qt::Key_Return,   Qt::Key_Enter};
        const bool ours =
            std::find(std::begin(kOurs), std::end(kOurs), key->key()) != std::end(kOurs) ||
            (key->key() == Qt::Key_Escape && m_dismissable);
        if ((key->modifiers() & ~Qt::KeypadModifier) == Qt::NoModifier && ours) {
            event->accept();
            return true;
        }
    }
    return QWidget::event(event);
}

void SceneWidget::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Up: Q_EMIT stepped(-1); return;
    case Qt::Key_Down: Q_EMIT stepped(1); return;
    case Qt::Key_PageUp: m_bar->setValue(m_bar->value() - m_bar->pageStep()); return;
    case Qt::Key_PageDown: m_bar->setValue(m_bar->value() + m_bar->pageStep()); return;
    case Qt::Key_Home: m_bar->setValue(0); return;
    case Qt::Key_End: m_bar->setValue(m_bar->maximum()); return;
    case Qt::Key_Return:
    case Qt::Key_Enter: Q_EMIT accepted(); return;
    case Qt::Key_Escape: Q_EMIT dismissed(); return;
    default: QWidget::keyPressEvent(event);
    }
}

} // namespace flamewright
