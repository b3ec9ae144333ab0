#include "app/gui/icons.h"

#include <QApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>
#include <QPalette>
#include <QPixmap>

#include <array>

namespace flamewright {
namespace {

// Paths in a 16 x 16 box.
QPainterPath pathOf(Glyph glyph)
{
    QPainterPath p;
    switch (glyph) {
    case Glyph::Back:
        p.moveTo(10, 3.5);
        p.lineTo(5.5, 8);
        p.lineTo(10, 12.5);
        break;
    case Glyph::Forward:
        p.moveTo(6, 3.5);
        p.lineTo(10.5, 8);
        p.lineTo(6, 12.5);
        break;
    case Glyph::Close:
        p.moveTo(4.5, 4.5);
        p.lineTo(11.5, 11.5);
        p.moveTo(11.5, 4.5);
        p.lineTo(4.5, 11.5);
        break;
    case Glyph::Search:
        p.addEllipse(QPointF(7, 7), 4.2, 4.2);
        p.moveTo(10.2, 10.2);
        p.lineTo(13.5, 13.5);
        break;
    case Glyph::Down:
        p.moveTo(4.5, 6.5);
        p.lineTo(8, 10);
        p.lineTo(11.5, 6.5);
        break;
    case Glyph::Reset:
        p.arcMoveTo(3.5, 3.5, 9, 9, 60);
        p.arcTo(3.5, 3.5, 9, 9, 60, 290);
        p.moveTo(10.5, 1.5);
        p.lineTo(10.3, 4.2);
        p.lineTo(13, 4.6);
        break;
    case Glyph::Copy:
        p.addRoundedRect(5.5, 5.5, 8, 8, 1.5, 1.5);
        p.moveTo(10.5, 2.5);
        p.lineTo(4, 2.5);
        p.quadTo(2.5, 2.5, 2.5, 4);
        p.lineTo(2.5, 10.5);
        break;
    case Glyph::Icicle:
        p.addRect(2.5, 2.5, 11, 2.5);
        p.addRect(2.5, 6.75, 7, 2.5);
        p.addRect(2.5, 11, 3.5, 2.5);
        break;
    case Glyph::Flame:
        p.addRect(2.5, 11, 11, 2.5);
        p.addRect(2.5, 6.75, 7, 2.5);
        p.addRect(2.5, 2.5, 3.5, 2.5);
        break;
    case Glyph::Open:
        p.moveTo(2.5, 12.5);
        p.lineTo(2.5, 3.5);
        p.lineTo(6.5, 3.5);
        p.lineTo(8, 5.5);
        p.lineTo(13.5, 5.5);
        p.lineTo(13.5, 12.5);
        p.closeSubpath();
        break;
    case Glyph::Warning:
        p.moveTo(8, 2.5);
        p.lineTo(14, 13);
        p.lineTo(2, 13);
        p.closeSubpath();
        p.moveTo(8, 6.5);
        p.lineTo(8, 9.5);
        p.moveTo(8, 11.2);
        p.lineTo(8, 11.4);
        break;
    case Glyph::Check:
        p.moveTo(3.5, 8.5);
        p.lineTo(6.5, 11.5);
        p.lineTo(12.5, 4.5);
        break;
    case Glyph::Add:
        p.moveTo(8, 3.5);
        p.lineTo(8, 12.5);
        p.moveTo(3.5, 8);
        p.lineTo(12.5, 8);
        break;
    case Glyph::Split:
        p.addRoundedRect(2.5, 3, 11, 10, 1.5, 1.5);
        p.moveTo(8, 3);
        p.lineTo(8, 13);
        break;
    case Glyph::Table:
        p.addRoundedRect(2.5, 3, 11, 10, 1.5, 1.5);
        p.moveTo(2.5, 6.5);
        p.lineTo(13.5, 6.5);
        p.moveTo(2.5, 9.75);
        p.lineTo(13.5, 9.75);
        break;
    case Glyph::HeatMap:
        for (const auto x : {2.5, 6.5, 10.5}) {
            for (const auto y : {3.0, 7.0, 11.0}) {
                if (x != 6.5 || y != 3.0)
                    p.addRect(x, y, 2.5, 2.5);
            }
        }
        break;
    case Glyph::OverTime:
        p.moveTo(2.5, 13.5);
        p.lineTo(13.5, 13.5);
        p.moveTo(2.5, 10);
        p.lineTo(5.5, 7);
        p.lineTo(8, 9);
        p.lineTo(10.5, 3);
        p.lineTo(13.5, 8);
        break;
    case Glyph::Curve:
        p.moveTo(2.5, 2.5);
        p.lineTo(2.5, 13.5);
        p.lineTo(13.5, 13.5);
        p.moveTo(4.5, 11);
        p.cubicTo(QPointF(10, 11), QPointF(12, 8), QPointF(12.5, 3));
        break;
    case Glyph::Bars:
        p.moveTo(2.5, 13.5);
        p.lineTo(13.5, 13.5);
        p.addRect(3.5, 9, 2, 4);
        p.addRect(7, 4, 2, 9);
        p.addRect(10.5, 7, 2, 6);
        break;
    case Glyph::Levels:
        p.moveTo(2.5, 13.5);
        p.lineTo(13.5, 13.5);
        p.addEllipse(QPointF(4.5, 10.5), 1, 1);
        p.addEllipse(QPointF(8, 8.5), 1, 1);
        p.addEllipse(QPointF(12, 4), 1, 1);
        break;
    case Glyph::Swap:
        p.moveTo(2.5, 5.5);
        p.lineTo(13, 5.5);
        p.moveTo(10.5, 3);
        p.lineTo(13, 5.5);
        p.lineTo(10.5, 8);
        p.moveTo(13.5, 10.5);
        p.lineTo(3, 10.5);
        p.moveTo(5.5, 8);
        p.lineTo(3, 10.5);
        p.lineTo(5.5, 13);
        break;
    case Glyph::Difference:
        p.addRect(2.5, 3, 8, 3.5);
        p.addRect(2.5, 9.5, 11, 3.5);
        p.moveTo(12, 4.75);
        p.lineTo(13.5, 4.75);
        break;
    case Glyph::More:
        for (const auto x : {3.5, 8.0, 12.5})
            p.addEllipse(QPointF(x, 8), 0.4, 0.4);
        break;
    }
    return p;
}

class GlyphEngine final : public QIconEngine {
public:
    explicit GlyphEngine(Glyph glyph) : m_glyph(glyph) {}

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State state) override
    {
        const auto palette = QApplication::palette();
        auto color = palette.color(QPalette::WindowText);
        if (mode == QIcon::Disabled)
            color = palette.color(QPalette::Mid);
        else if (state == QIcon::On)
            color = palette.color(QPalette::HighlightedText);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->translate(rect.topLeft());
        painter->scale(rect.width() / 16.0, rect.height() / 16.0);
        painter->setPen(QPen(color, 1.4, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter->drawPath(pathOf(m_glyph));
        painter->restore();
    }
    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap out(size);
        out.fill(Qt::transparent);
        QPainter painter(&out);
        paint(&painter, QRect({}, size), mode, state);
        return out;
    }
    QIconEngine *clone() const override { return new GlyphEngine(m_glyph); }

private:
    Glyph m_glyph;
};

} // namespace

QIcon glyphIcon(Glyph glyph)
{
    return QIcon(new GlyphEngine(glyph));
}

void paintAppMark(QPainter &painter, const QRectF &box)
{
    // The same drawing as resources/icons/flamewright.svg, in a 64 x 64 box.
    struct Bar {
        qreal x, y, width;
        QRgb color;
    };
    static constexpr std::array kBars{
        Bar{8, 47, 48, 0xffb4530a},  Bar{8, 36, 36, 0xffd6701a},  Bar{46, 36, 10, 0xffe9a23b},
        Bar{14, 25, 22, 0xffe98a2b}, Bar{14, 14, 13, 0xfff4b04d}, Bar{46, 25, 6, 0xfff6c566},
    };
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(box.topLeft());
    painter.scale(box.width() / 64, box.height() / 64);
    painter.setPen(Qt::NoPen);
    for (const auto &bar : kBars) {
        painter.setBrush(QColor(bar.color));
        painter.drawRoundedRect(QRectF(bar.x, bar.y, bar.width, 9), 2, 2);
    }
    painter.restore();
}

QIcon appIcon()
{
    QIcon icon;
    for (const int size : {16, 24, 32, 48, 64, 128, 256}) {
        QPixmap pixmap(size, size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paintAppMark(painter, QRectF(0, 0, size, size));
        icon.addPixmap(pixmap);
    }
    return icon;
}

} // namespace flamewright
