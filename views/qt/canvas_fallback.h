#pragma once

#include "views/paint/paint_qt.h"
#include "views/qt/canvas.h"

#include <QWidget>

class QPainter;

namespace flamewright {

class CanvasOverlay;

// The canvas where there is no usable GL: QPainter paints the same list.
class CanvasFallback final : public QWidget {
    Q_OBJECT
public:
    CanvasFallback(CanvasHost host, QWidget *parent);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void paintFigures(QPainter &painter);

    CanvasHost m_host;
    CanvasOverlay *m_overlay;
    QtTextMetrics m_metrics;
    DisplayList m_list;
};

} // namespace flamewright
