#include "views/qt/canvas_fallback.h"

#include <QPainter>

#include <utility>

namespace flamewright {

CanvasFallback::CanvasFallback(CanvasHost host, QWidget *parent)
    : QWidget(parent),
      m_host(std::move(host))
{
    setAttribute(Qt::WA_OpaquePaintEvent);
    setAttribute(Qt::WA_TransparentForMouseEvents);
}

void CanvasFallback::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), toQt(m_host.background()));
    m_list.clear();
    m_host.paint({.size = {static_cast<float>(width()), static_cast<float>(height())},
                  .scale = static_cast<float>(devicePixelRatioF()),
                  .metrics = m_metrics},
                 m_list);
    flamewright::paint(m_list, painter);
}

} // namespace flamewright
