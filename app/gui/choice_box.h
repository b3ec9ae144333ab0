#pragma once

#include <QComboBox>

namespace flamewright {

// A combo box in the look of the window: the style sheet draws the field, this the arrow, which a
// style sheet can only take from an image file.
class ChoiceBox : public QComboBox {
    Q_OBJECT

public:
    explicit ChoiceBox(QWidget *parent = nullptr);

protected:
    void paintEvent(QPaintEvent *event) override;
};

} // namespace flamewright
