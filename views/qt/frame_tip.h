#pragma once

#include "views/paint/paint_qt.h"
#include "views/scene/flame_tooltip.h"
#include "views/scene/theme.h"

#include <QWidget>

namespace flamewright {

// The tooltip of a frame, a child of the window it is shown in. It paints plain text: a QToolTip
// would take names such as "call_once<p>" for markup.
class FrameTip final : public QWidget {
    Q_OBJECT
public:
    explicit FrameTip(QWidget *host);

    // Beside the pointer (in the host's coordinates), inside the window.
    void showAt(QPoint at, const FlameTooltip &tooltip, Theme theme);
    QString text() const; // what is shown, in lines

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QWidget *m_host;
    FlameTooltip m_content;
    QtTextMetrics m_metrics;
    DisplayList m_list;
    QColor m_shadow;
};

} // namespace flamewright
