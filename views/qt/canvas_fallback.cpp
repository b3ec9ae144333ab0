#include "views/qt/canvas_fallback.h"

#include "views/qt/canvas_overlay.h"
#include "views/scene/theme.h"

#include <QElapsedTimer>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <utility>

namespace flamewright {

CanvasFallback::CanvasFallback(CanvasHost host, QWidget *parent)
    : QWidget(parent),
      m_host(std::move(host)),
      m_overlay(new CanvasOverlay(this))
{
    setAttribute(Qt::WA_OpaquePaintEvent);
    setAttribute(Qt::WA_TransparentForMouseEvents);
}

void CanvasFallback::paintEvent(QPaintEvent *)
{
    QElapsedTimer clock;
    clock.start();
    QPainter painter(this);
    painter.fillRect(rect(), toQt(m_host.background()));
    m_list.clear();
    m_host.paint({.size = {static_cast<float>(width()), static_cast<float>(height())},
                  .scale = static_cast<float>(devicePixelRatioF()),
                  .metrics = m_metrics},
                 m_list);
    auto &figures = m_overlay->figures;
    figures.listMs = static_cast<double>(clock.nsecsElapsed()) / 1e6;
    figures.commands = m_list.commands().size();
    flamewright::paint(m_list, painter);
    if (m_overlay->isShown())
        paintFigures(painter);
    figures.addFrame(static_cast<double>(clock.nsecsElapsed()) / 1e6);
}

void CanvasFallback::paintFigures(QPainter &painter)
{
    constexpr float kMargin = 8, kPadding = 8;
    constexpr Rgba kPanel{0x14181ed8}, kText{0xf2f5f8ff}; // readable on every theme
    const auto lines = m_overlay->figures.lines();
    const auto height = m_metrics.lineHeight(FontRole::Mono) + 2;
    float width = 0;
    for (const auto &line : lines)
        width = std::max(width, m_metrics.width(line, FontRole::Mono));
    DisplayList list;
    list.fillRect({kMargin, kMargin, std::ceil(width) + 2 * kPadding,
                   static_cast<float>(lines.size()) * height + 2 * kPadding},
                  kPanel, 4);
    auto y = kMargin + kPadding;
    for (const auto &line : lines) {
        list.text({kMargin + kPadding, y}, line, kText, FontRole::Mono);
        y += height;
    }
    flamewright::paint(list, painter);
}

} // namespace flamewright
