#include "views/paint/paint_cells_qt.h"
#include "views/paint/paint_qt.h"

#include <QImage>
#include <QPainter>
#include <QTest>

#include <random>

using namespace flamewright;

namespace {

constexpr int kSide = 120;

// Edges on whole pixels of a device with this many to a pixel; some cells have no width.
std::vector<float> edges(std::mt19937 &random, float scale)
{
    std::vector<float> out;
    for (int at = 6; at < 210 && static_cast<float>(at) / scale < kSide - 8;
         at += static_cast<int>(random() % 9))
        out.push_back(static_cast<float>(at) / scale);
    return out;
}

CellGrid drawnGrid(unsigned seed, float scale)
{
    std::mt19937 random(seed);
    CellGrid out{.x = edges(random, scale),
                 .y = edges(random, scale),
                 .cells = {},
                 .colors = {{0xffffffff}, {0x204060ff}, {0xff8000ff}, {0x00ff00ff}}};
    for (std::size_t i = 0; i < out.columns() * out.rows(); ++i)
        out.cells.push_back(static_cast<std::uint8_t>(random() % out.colors.size()));
    return out;
}

// `draw` on an image of `scale` device pixels to a pixel, moved and cut.
template <class Draw>
QImage drawn(float scale, QPointF moved, Draw draw)
{
    const auto side = static_cast<int>(kSide * scale);
    QImage out(side, side, QImage::Format_ARGB32_Premultiplied);
    out.setDevicePixelRatio(static_cast<double>(scale));
    out.fill(Qt::gray);
    QPainter painter(&out);
    painter.setClipRect(QRectF(4, 4, 80, 90));
    painter.translate(moved);
    draw(painter);
    // What comes after it is where it would have been.
    painter.fillRect(QRectF(70, 70, 6, 6), Qt::red);
    return out;
}

void asRectangles(const CellGrid &grid, QPainter &painter)
{
    forEachRect(grid, [&](RectF r, Rgba color) {
        painter.fillRect(QRectF(static_cast<double>(r.x), static_cast<double>(r.y),
                                static_cast<double>(r.width), static_cast<double>(r.height)),
                         toQt(color));
    });
}

} // namespace

// Cells are painted as pixels where that can be; nobody can tell them from rectangles.
class TestPaintCells : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void looksLikeItsRectangles_data()
    {
        QTest::addColumn<float>("scale");
        QTest::addColumn<QPointF>("moved");
        QTest::newRow("100 %") << 1.0f << QPointF();
        QTest::newRow("150 %") << 1.5f << QPointF();
        QTest::newRow("200 %") << 2.0f << QPointF();
        QTest::newRow("moved by pixels") << 1.0f << QPointF(7, 3);
        QTest::newRow("moved by half a pixel of the device") << 1.0f << QPointF(0.5, 0.5);
        QTest::newRow("an odd scale") << 1.3f << QPointF(0.2, 0);
    }
    void looksLikeItsRectangles()
    {
        QFETCH(const float, scale);
        QFETCH(const QPointF, moved);
        for (unsigned seed = 1; seed <= 20; ++seed) {
            const auto grid = drawnGrid(seed, scale);
            const auto cells =
                drawn(scale, moved, [&](QPainter &painter) { paintCells(grid, painter); });
            const auto rectangles =
                drawn(scale, moved, [&](QPainter &painter) { asRectangles(grid, painter); });
            QVERIFY2(cells == rectangles, qPrintable(QString::number(seed)));
        }
    }

    void everyCellIsInOneRectangle()
    {
        const auto grid = drawnGrid(5, 1);
        for (std::size_t row = 0; row < grid.rows(); ++row) {
            for (std::size_t column = 0; column < grid.columns(); ++column) {
                if (grid.x[column] == grid.x[column + 1] || grid.y[row] == grid.y[row + 1])
                    continue;
                int found = 0;
                auto color = grid.colors.front();
                forEachRect(grid, [&](RectF r, Rgba fill) {
                    if (!r.contains({grid.x[column] + 0.5f, grid.y[row] + 0.5f}))
                        return;
                    ++found;
                    color = fill;
                });
                QCOMPARE(color.value, grid.colorAt(column, row).value);
                QCOMPARE(found, grid.cells[row * grid.columns() + column] == 0 ? 1 : 2);
            }
        }
    }

    void listsMoveAndForgetTheirGrids()
    {
        const auto grid = drawnGrid(2, 1);
        DisplayList part;
        part.cells({}); // nothing to paint
        QVERIFY(part.commands().empty());
        part.cells(grid);
        DisplayList whole;
        whole.cells(drawnGrid(3, 1));
        whole.append(part, {10, 20});
        QCOMPARE(whole.commands().size(), std::size_t{2});
        const auto &moved = whole.gridOf(whole.commands()[1]);
        QCOMPARE(moved.x.front(), grid.x.front() + 10);
        QCOMPARE(moved.y.back(), grid.y.back() + 20);
        QVERIFY(moved.cells == grid.cells);
        QCOMPARE(whole.commands()[1].rect.x, grid.x.front() + 10);
        whole.clear();
        QVERIFY(whole.commands().empty());
    }
};

QTEST_MAIN(TestPaintCells)
#include "tst_paint_cells.moc"
