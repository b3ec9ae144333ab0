#pragma once

#include <QWidget>

namespace flamewright {

// Covers the window while files are dragged over it and says what dropping will do.
class DropOverlay : public QWidget {
    Q_OBJECT

public:
    explicit DropOverlay(QWidget *window);
    void showFor(int files);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_text;
};

} // namespace flamewright
