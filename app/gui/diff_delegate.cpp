#include "app/gui/diff_delegate.h"

#include "analysis/compare/comparison.h"
#include "app/gui/diff_rows.h"
#include "app/gui/palette.h"
#include "app/gui/text.h"
#include "app/gui/typography.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

constexpr int kPadding = 8;

struct Cell {
    QPainter &painter;
    QRect box;
    const Colors &colors;
    const ComparedItem &item;
    QString text;

    bool judged() const
    {
        return item.change.verdict == Verdict::Regressed ||
               item.change.verdict == Verdict::Improved;
    }
};

void drawName(const Cell &cell)
{
    auto &painter = cell.painter;
    painter.setFont(typeFont(TextStyle::Mono));
    painter.setPen(cell.judged() ? cell.colors.text1 : cell.colors.text2);
    const auto name = elided(painter.fontMetrics(), cell.text, Qt::ElideMiddle, cell.box.width());
    painter.drawText(cell.box, Qt::AlignVCenter | Qt::TextSingleLine, name);
    // Of a file the name; of a service all there is.
    const auto &whole = cell.item.detail;
    const auto detail = whole.starts_with('/') ? displayBaseName(whole) : display(whole);
    const auto left = painter.fontMetrics().horizontalAdvance(name) + 10;
    if (detail.isEmpty() || cell.box.width() - left < 40)
        return;
    painter.setFont(typeFont(TextStyle::Caption));
    painter.setPen(cell.colors.text3);
    painter.drawText(
        cell.box.adjusted(left, 0, 0, 0), Qt::AlignVCenter | Qt::TextSingleLine,
        elided(painter.fontMetrics(), detail, Qt::ElideRight, cell.box.width() - left));
}

// A value with a bar below it: how much of the larger side it is.
void drawValue(const Cell &cell, const std::optional<double> &value, const QColor &side)
{
    auto &painter = cell.painter;
    painter.setFont(typeFont(TextStyle::Body));
    painter.setPen(cell.judged() ? cell.colors.text1 : cell.colors.text2);
    drawTabular(painter, cell.box.adjusted(0, -2, 0, -2),
                elided(painter.fontMetrics(), cell.text, Qt::ElideRight, cell.box.width()));
    const auto most = std::max(std::fabs(cell.item.change.base.value_or(0)),
                               std::fabs(cell.item.change.cand.value_or(0)));
    if (!value || !(most > 0))
        return;
    const QRectF track(cell.box.left(), cell.box.bottom() - 4, cell.box.width(), 2);
    const auto wide = track.width() * std::min(1.0, std::fabs(*value) / most);
    painter.setPen(Qt::NoPen);
    painter.setBrush(cell.colors.grid);
    painter.drawRoundedRect(track, 1, 1);
    painter.setBrush(cell.judged() ? side : cell.colors.text3);
    painter.drawRoundedRect(QRectF(track.left(), track.top(), wide, track.height()), 1, 1);
}

void drawJudged(const Cell &cell, bool strong, Qt::Alignment alignment)
{
    auto &painter = cell.painter;
    painter.setFont(typeFont(strong && cell.judged() ? TextStyle::Strong : TextStyle::Body));
    const auto &c = cell.colors;
    painter.setPen(cell.item.change.verdict == Verdict::Regressed  ? c.worse
                   : cell.item.change.verdict == Verdict::Improved ? c.better
                                                                   : c.text3);
    const auto text = elided(painter.fontMetrics(), cell.text, Qt::ElideRight, cell.box.width());
    if (alignment & Qt::AlignRight)
        drawTabular(painter, cell.box, text);
    else
        painter.drawText(cell.box, Qt::AlignVCenter | Qt::TextSingleLine, text);
}

// Every run as a dot, A's then B's, on the scale from 0 to the largest.
void drawRuns(const Cell &cell)
{
    const auto &base = cell.item.baseRuns, &cand = cell.item.candRuns;
    const auto count = base.size() + cand.size();
    double most = 0;
    for (const auto *side : {&base, &cand}) {
        for (const auto value : *side)
            most = std::max(most, value);
    }
    if (count < 2 || !(most > 0))
        return;
    auto &painter = cell.painter;
    painter.setRenderHint(QPainter::Antialiasing);
    const auto box = QRectF(cell.box).adjusted(3, 7, -3, -7);
    const auto step = box.width() / static_cast<double>(count - 1);
    const auto at = [&](std::size_t i, double value) {
        return QPointF(box.left() + step * static_cast<double>(i),
                       box.bottom() - box.height() * std::max(0.0, value) / most);
    };
    std::size_t i = 0;
    for (const auto *side : {&base, &cand}) {
        QPolygonF line;
        for (const auto value : *side)
            line << at(i++, value);
        const auto color = side == &base ? cell.colors.sideA : cell.colors.sideB;
        painter.setPen(QPen(color, 1.2));
        painter.setBrush(Qt::NoBrush);
        painter.drawPolyline(line);
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        for (const auto &point : line)
            painter.drawEllipse(point, 2, 2);
    }
}

} // namespace

DiffDelegate::DiffDelegate(Items items, QObject *parent)
    : QStyledItemDelegate(parent),
      m_items(std::move(items))
{}

void DiffDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                         const QModelIndex &index) const
{
    const auto *item = m_items(index.row());
    if (!item)
        return;
    const auto c = colorsOf(option.palette);
    painter->save();
    if (option.state & QStyle::State_Selected) {
        painter->fillRect(option.rect, c.surface0);
        if (index.column() == DiffName)
            painter->fillRect(QRect(option.rect.left(), option.rect.top(), 3, option.rect.height()),
                              c.accent);
    } else if (option.state & QStyle::State_MouseOver) {
        painter->fillRect(option.rect, c.surface2);
    }
    painter->setClipRect(option.rect);
    const bool first = index.column() == DiffName;
    const bool last = index.column() == DiffColumnCount - 1;
    const Cell cell{*painter,
                    option.rect.adjusted(first ? 2 * kPadding : kPadding, 0,
                                         last ? -2 * kPadding : -kPadding, 0),
                    c, *item, index.data(Qt::DisplayRole).toString()};
    switch (index.column()) {
    case DiffName: drawName(cell); break;
    case DiffBase: drawValue(cell, item->change.base, c.sideA); break;
    case DiffCand: drawValue(cell, item->change.cand, c.sideB); break;
    case DiffChange: drawJudged(cell, true, Qt::AlignRight); break;
    case DiffVerdict: drawJudged(cell, false, Qt::AlignLeft); break;
    case DiffRuns: drawRuns(cell); break;
    default:
        painter->setFont(typeFont(TextStyle::Body));
        painter->setPen(cell.judged() ? c.text2 : c.text3);
        if (index.column() == DiffFigure)
            painter->drawText(
                cell.box, Qt::AlignVCenter | Qt::TextSingleLine,
                elided(painter->fontMetrics(), cell.text, Qt::ElideRight, cell.box.width()));
        else
            drawTabular(
                *painter, cell.box,
                elided(painter->fontMetrics(), cell.text, Qt::ElideRight, cell.box.width()));
    }
    painter->restore();
}

} // namespace flamewright
