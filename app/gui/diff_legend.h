#pragma once

#include "views/paint/paint_qt.h"
#include "views/scene/theme.h"

#include <QWidget>

namespace flamewright {

class DiffFlameView;

// What colours, marks and widths of a flame graph of a difference mean, below it. As high as it
// needs to be for its width.
class DiffLegend final : public QWidget {
    Q_OBJECT

public:
    explicit DiffLegend(QWidget *parent);

    // Of what this view shows now; null: nothing.
    void showOf(const DiffFlameView *view, Theme theme);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {100, 24}; }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const DiffFlameView *m_view = nullptr;
    Theme m_theme = Theme::Light;
    QtTextMetrics m_metrics;
};

} // namespace flamewright
