#include "app/gui/endpoint_delegate.h"

#include "app/gui/endpoint_model.h"
#include "app/gui/palette.h"
#include "app/gui/text.h"
#include "app/gui/typography.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace flamewright {
namespace {

constexpr int kPadding = 8, kDetailHeight = 15;

// The curve from 0 to its highest point; a gap where nothing was asked.
void drawTrend(QPainter &painter, QRectF box, const QList<qreal> &values, const Colors &colors)
{
    const auto highest = values.isEmpty() ? 0 : *std::max_element(values.begin(), values.end());
    if (highest <= 0 || values.size() < 2)
        return;
    box = box.adjusted(0, 8, 0, -7);
    QPainterPath path;
    bool drawing = false;
    for (qsizetype i = 0; i < values.size(); ++i) {
        const auto x = box.left() +
                       box.width() * static_cast<qreal>(i) / static_cast<qreal>(values.size() - 1);
        if (values[i] < 0) {
            drawing = false;
            continue;
        }
        const QPointF at(x, box.bottom() - box.height() * values[i] / highest);
        if (drawing) {
            path.lineTo(at);
        } else {
            path.moveTo(at);
            // One slice alone is a dot.
            path.lineTo(at + QPointF(0.01, 0));
        }
        drawing = true;
    }
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colors.grid, 1));
    painter.drawLine(QPointF(box.left(), box.bottom() + 1.5),
                     QPointF(box.right(), box.bottom() + 1.5));
    painter.setPen(QPen(colors.sideA, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(path);
    painter.setRenderHint(QPainter::Antialiasing, false);
}

} // namespace

void EndpointDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                             const QModelIndex &index) const
{
    const auto c = colorsOf(option.palette);
    const bool total = index.data(EndpointModel::TotalRole).toBool();
    painter->save();
    if (option.state & QStyle::State_Selected) {
        painter->fillRect(option.rect, c.surface0);
        if (index.column() == 0)
            painter->fillRect(QRect(option.rect.left(), option.rect.top(), 3, option.rect.height()),
                              c.accent);
    } else if (option.state & QStyle::State_MouseOver || total) {
        painter->fillRect(option.rect, c.surface2);
    }
    if (total)
        painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1),
                          c.border);
    const bool name = index.column() == 0;
    const bool last = index.column() == index.model()->columnCount() - 1;
    const auto box = option.rect.adjusted(name ? 2 * kPadding : kPadding, 0,
                                          last ? -2 * kPadding : -kPadding, 0);
    if (const auto trend = index.data(EndpointModel::TrendRole).value<QList<qreal>>();
        !trend.isEmpty()) {
        drawTrend(*painter, QRectF(box), trend, c);
        painter->restore();
        return;
    }
    const auto text = index.data(Qt::DisplayRole).toString();
    const auto detail = index.data(EndpointModel::DetailRole).toString();
    const bool alarm = index.data(EndpointModel::AlarmRole).toBool();
    if (name) {
        painter->setFont(typeFont(total ? TextStyle::Strong : TextStyle::Mono));
        painter->setPen(index.data(EndpointModel::MatchRole).toBool() ? c.search : c.text1);
        painter->drawText(box, Qt::AlignVCenter | Qt::TextSingleLine,
                          elided(painter->fontMetrics(), text, Qt::ElideMiddle, box.width()));
        painter->restore();
        return;
    }
    painter->setFont(typeFont(total ? TextStyle::Strong : TextStyle::Body));
    painter->setPen(alarm ? c.error : c.text1);
    const auto upper = detail.isEmpty() ? box : box.adjusted(0, 3, 0, -kDetailHeight);
    drawTabular(*painter, upper,
                elided(painter->fontMetrics(), text, Qt::ElideRight, upper.width()));
    if (!detail.isEmpty()) {
        painter->setFont(typeFont(TextStyle::Caption));
        painter->setPen(c.text2);
        drawTabular(*painter,
                    QRect(box.left(), box.bottom() - kDetailHeight - 2, box.width(), kDetailHeight),
                    elided(painter->fontMetrics(), detail, Qt::ElideRight, box.width()));
    }
    painter->restore();
}

QSize EndpointDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    return {QStyledItemDelegate::sizeHint(option, index).width(), kRowHeight};
}

} // namespace flamewright
