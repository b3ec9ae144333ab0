#include "app/gui/benchmark_delegate.h"

#include "app/gui/benchmark_model.h"
#include "app/gui/palette.h"
#include "app/gui/text.h"
#include "app/gui/typography.h"

#include <QPainter>

namespace flamewright {
namespace {

constexpr int kPadding = 8;

// A line from the least to the largest value, a bar for the interval, a stroke for the median.
void drawSpread(QPainter &painter, const QRectF &box, const BenchmarkSpread &spread,
                const Colors &colors)
{
    if (!spread.known)
        return;
    const auto y = box.center().y();
    const auto at = [&](double share) { return box.left() + box.width() * share; };
    painter.setRenderHint(QPainter::Antialiasing);
    if (!spread.flat) {
        painter.setPen(QPen(colors.text3, 1));
        painter.drawLine(QPointF(at(0), y), QPointF(at(1), y));
    }
    if (spread.interval) {
        painter.setPen(Qt::NoPen);
        auto bar = colors.sideA;
        bar.setAlphaF(0.35F);
        painter.setBrush(bar);
        painter.drawRoundedRect(
            QRectF(QPointF(at(spread.low), y - 4), QPointF(at(spread.high), y + 4)), 2, 2);
    }
    painter.setPen(QPen(colors.sideA, 2, Qt::SolidLine, Qt::RoundCap));
    painter.drawLine(QPointF(at(spread.median), y - 5), QPointF(at(spread.median), y + 5));
    painter.setRenderHint(QPainter::Antialiasing, false);
}

} // namespace

void BenchmarkDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                              const QModelIndex &index) const
{
    const auto c = colorsOf(option.palette);
    painter->save();
    if (option.state & QStyle::State_Selected) {
        painter->fillRect(option.rect, c.surface0);
        if (index.column() == 0)
            painter->fillRect(QRect(option.rect.left(), option.rect.top(), 3, option.rect.height()),
                              c.accent);
    } else if (option.state & QStyle::State_MouseOver) {
        painter->fillRect(option.rect, c.surface2);
    }
    const bool name = index.column() == BenchmarkModel::Name;
    // As the header has it at both ends.
    const bool last = index.column() == index.model()->columnCount() - 1;
    const auto box = option.rect.adjusted(name ? 2 * kPadding : kPadding, 0,
                                          last ? -2 * kPadding : -kPadding, 0);
    if (index.column() == BenchmarkModel::Range) {
        drawSpread(*painter, QRectF(box),
                   index.data(BenchmarkModel::SpreadRole).value<BenchmarkSpread>(), c);
        painter->restore();
        return;
    }
    const auto text = index.data(Qt::DisplayRole).toString();
    const Qt::Alignment alignment(index.data(Qt::TextAlignmentRole).toInt());
    const bool main = index.column() == BenchmarkModel::Median;
    painter->setFont(typeFont(name ? TextStyle::Mono : main ? TextStyle::Strong : TextStyle::Body));
    painter->setPen(index.data(BenchmarkModel::MatchRole).toBool()   ? c.search
                    : index.data(BenchmarkModel::AlarmRole).toBool() ? c.error
                    : name || main                                   ? c.text1
                                                                     : c.text2);
    painter->setClipRect(option.rect); // a number never runs into its neighbour
    if (alignment & Qt::AlignRight)
        drawTabular(*painter, box,
                    elided(painter->fontMetrics(), text, Qt::ElideRight, box.width()));
    else
        painter->drawText(box, Qt::AlignVCenter | Qt::TextSingleLine,
                          elided(painter->fontMetrics(), text,
                                 name ? Qt::ElideMiddle : Qt::ElideRight, box.width()));
    painter->restore();
}

} // namespace flamewright
