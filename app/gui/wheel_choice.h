#pragma once

#include <QObject>

class QWidget;

namespace flamewright {

class Settings;

// Swaps the wheel with Ctrl+wheel on a canvas when somebody chose that the wheel zooms. Canvases
// know one way only: the wheel scrolls, with Ctrl it zooms. A child of the canvas.
class WheelSwap : public QObject {
    Q_OBJECT

public:
    WheelSwap(QWidget *canvas, const Settings &settings);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    bool m_zooms;
    bool m_sending = false;
};

} // namespace flamewright
