#pragma once

#include <QCheckBox>

namespace flamewright {

// A check box in the look of the window: the style sheet draws the box, this the tick, which a style
// sheet can only take from an image file.
class TickBox : public QCheckBox {
    Q_OBJECT

public:
    using QCheckBox::QCheckBox;

protected:
    void paintEvent(QPaintEvent *event) override;
};

} // namespace flamewright
