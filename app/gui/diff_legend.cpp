#include "app/gui/diff_legend.h"

#include "views/scene/diff_flame_picture.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace flamewright {

DiffLegend::DiffLegend(QWidget *parent) : QWidget(parent)
{
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void DiffLegend::showOf(const DiffFlameView *view, Theme theme)
{
    m_view = view;
    m_theme = theme;
    setVisible(view != nullptr);
    updateGeometry();
    update();
}

int DiffLegend::heightForWidth(int width) const
{
    if (!m_view)
        return 0;
    const auto legend = diffFlameLegend(*m_view, m_theme, m_metrics);
    return static_cast<int>(std::ceil(legend.height(static_cast<float>(width))));
}

QSize DiffLegend::sizeHint() const
{
    return {400, heightForWidth(std::max(width(), 400))};
}

void DiffLegend::paintEvent(QPaintEvent *)
{
    if (!m_view)
        return;
    DisplayList list;
    diffFlameLegend(*m_view, m_theme, m_metrics)
        .paint({0, 0}, static_cast<float>(width()), m_theme, list);
    QPainter painter(this);
    paint(list, painter);
}

} // namespace flamewright
