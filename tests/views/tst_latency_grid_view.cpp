#include "tests/support/import_contract.h"
#include "tests/views/drawn_load.h"
#include "views/scene/latency_grid_view.h"
#include "views/scene/plot_picture.h"

#include <QTest>

#include <cmath>

using namespace flamewright;

namespace {

const FixedMetrics kMetrics;

LatencyGridData dataOf(const LoadRows &rows, const LatencyGridQuestion &question = {})
{
    return {.grid = std::make_shared<const LatencyGrid>(latencyGrid(rows, question))};
}

std::string painted(const LatencyGridView &view, const Viewport &viewport)
{
    DisplayList list;
    view.paint(viewport, Theme::Light, kMetrics, list);
    return dump(list);
}

bool shows(const std::string &dumped, const std::string &text)
{
    return dumped.find(text) != std::string::npos;
}

} // namespace

class TestLatencyGridView : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void drawsTheGoldenPicture_data()
    {
        QTest::addColumn<int>("theme");
        QTest::addColumn<qulonglong>("singles");
        QTest::newRow("cells") << int(Theme::Light) << qulonglong{0};
        QTest::newRow("requests") << int(Theme::Dark) << qulonglong{2000};
    }
    void drawsTheGoldenPicture()
    {
        QFETCH(int, theme);
        QFETCH(qulonglong, singles);
        auto data = dataOf(drawnLoad(10, 20), {.pixelsWide = 200,
                                               .pixelsHigh = 160,
                                               .cellPixels = 8,
                                               .singles = std::size_t(singles)});
        data.limits = {{.perMyriad = 9900, .limitNs = 300 * kDrawnMs}};
        LatencyGridView view(data);
        view.setRanges({{2 * kDrawnSecond, 3 * kDrawnSecond}});
        view.setHover(PointF{150, 160});
        const auto picture = plotPicture(view,
                                         {.title = "Latency over time",
                                          .subtitle = "200 requests",
                                          .theme = static_cast<Theme>(theme),
                                          .width = 480,
                                          .height = 300},
                                         kMetrics);
        const auto diff =
            testing::compareGolden(std::string(FW_SOURCE_DIR "/tests/golden/views/latency-grid-") +
                                       QTest::currentDataTag() + ".display-list.txt",
                                   dump(picture.list));
        QVERIFY2(diff.empty(), diff.c_str());
    }

    // The tooltip at the centre of every cell has the count of the cell, zoomed or not, and the
    // colour there is that of the count.
    void everyCellIsFoundAndHasItsColour()
    {
        const LatencyGridView view(
            dataOf(drawnLoad(30, 100), {.pixelsWide = 300, .pixelsHigh = 200, .singles = 0}));
        const auto &grid = *view.data().grid;
        for (const auto &[begin, end] : {std::pair(0.0, 1.0), std::pair(0.31, 0.44)}) {
            const Viewport viewport{.size = {1600, 700}, .begin = begin, .end = end};
            const auto frame = view.frame(viewport);
            DisplayList list;
            view.paint(viewport, Theme::Light, kMetrics, list);
            const CellGrid *cells = nullptr;
            for (const auto &cmd : list.commands()) {
                if (cmd.op == Op::Cells)
                    cells = &list.gridOf(cmd);
            }
            QVERIFY(cells);
            int found = 0;
            for (std::size_t c = 0; c < grid.columns; ++c) {
                const auto x = frame.xOf(static_cast<double>(grid.columnBegin(c)) +
                                         static_cast<double>(grid.columnNs) / 2);
                if (x < frame.plot.x + 3 || x > frame.plot.right() - 3)
                    continue;
                for (std::size_t r = 0; r < grid.rows(); ++r) {
                    const auto y = (frame.yOf(grid.edges[r]) + frame.yOf(grid.edges[r + 1])) / 2;
                    const auto readout = view.readout(viewport, {x, y});
                    QVERIFY(readout);
                    QCOMPARE(readout->tip.rows[0].value, formatCount(grid.at(c, r)));
                    QCOMPARE(readout->span->beginNs, grid.columnBegin(c));
                    Rgba color;
                    for (std::size_t i = 0; i < cells->columns(); ++i) {
                        for (std::size_t j = 0; j < cells->rows(); ++j) {
                            if (x >= cells->x[i] && x < cells->x[i + 1] && y >= cells->y[j] &&
                                y < cells->y[j + 1])
                                color = cells->colorAt(i, j);
                        }
                    }
                    QCOMPARE(color == palette(Theme::Light).surface1, grid.at(c, r) == 0);
                    if (grid.at(c, r) == grid.most)
                        QCOMPARE(color, palette(Theme::Light).heat.back());
                    ++found;
                }
            }
            QVERIFY(found > 300);
        }
    }

    void everyRequestIsFound()
    {
        const LatencyGridView view(dataOf(drawnLoad(10, 20)));
        QVERIFY(view.showsSingles());
        const Viewport viewport{.size = {1600, 700}};
        const auto frame = view.frame(viewport);
        for (const auto &single : view.data().grid->singles) {
            auto at = frame.at(static_cast<double>(single.beginNs),
                               static_cast<double>(single.latencyNs));
            at.x = std::clamp(at.x, frame.plot.x, frame.plot.right() - 0.5f);
            at.y = std::clamp(at.y, frame.plot.y, frame.plot.bottom() - 0.5f);
            const auto found = view.readout(viewport, at);
            QVERIFY(found);
            QVERIFY(std::hypot(found->at.x - at.x, found->at.y - at.y) < 1);
            QCOMPARE(shows(found->tip.title, "failed"), single.failed);
        }
    }

    void eightyThousandCellsAreOneCommand()
    {
        const LatencyGridView view(
            dataOf(drawnLoad(600, 300), {.pixelsWide = 1200, .pixelsHigh = 600, .cellPixels = 2}));
        DisplayList list;
        view.paint({.size = {1300, 700}}, Theme::Dark, kMetrics, list);
        std::size_t cells = 0;
        for (const auto &cmd : list.commands())
            cells += cmd.op == Op::Cells ? list.gridOf(cmd).cells.size() : 0;
        QVERIFY2(cells > 30'000, qPrintable(QString::number(cells)));
        QVERIFY(list.commands().size() < 1500); // the strip of failures and the legend
    }

    // While what was counted is not yet what is shown, it is drawn where it belongs.
    void cellsOfAnotherPartStayWhereTheyBelong()
    {
        const auto rows = drawnLoad(40, 100);
        const LatencyGridView view(
            dataOf(rows, {.shown = LoadSpan{10 * kDrawnSecond, 20 * kDrawnSecond}, .singles = 0}));
        const Viewport all{.size = {800, 400}};
        DisplayList list;
        view.paint(all, Theme::Light, kMetrics, list);
        for (const auto &cmd : list.commands()) {
            if (cmd.op != Op::Cells)
                continue;
            const auto area = list.gridOf(cmd).area();
            QVERIFY(std::abs(area.x - view.xOfTime(all, 10e9)) < 2);
            QVERIFY(std::abs(area.right() - view.xOfTime(all, 20e9)) < 8);
        }
        QVERIFY(painted(view, {.size = {800, 400}, .begin = 0.9}).find("cells") ==
                std::string::npos);
    }

    void aLimitIsSeenHoweverHigh()
    {
        auto data = dataOf(drawnLoad(10, 20), {.singles = 0});
        data.limits = {{.perMyriad = 9900, .limitNs = 90 * kDrawnSecond}};
        const LatencyGridView view(data);
        const Viewport viewport{.size = {800, 400}};
        QVERIFY(shows(painted(view, viewport), "SLO p99 \u2264 90 s"));
        const auto frame = view.frame(viewport);
        QVERIFY(frame.yOf(90e9) > frame.plot.y);
        // Above the cells is nothing to be read.
        QVERIFY(!view.readout(viewport, {300, frame.plot.y + 4}));
    }

    void saysWhatIsMissing()
    {
        const Viewport viewport{.size = {800, 300}};
        QVERIFY(shows(painted(LatencyGridView(), viewport), "No requests in this scope"));
        QVERIFY(shows(painted(LatencyGridView({.aggregatesOnly = true}), viewport),
                      "This file holds figures that a tool computed, no requests."));
        LoadRows rows;
        addRequest(rows, LoadRows::kUntimed, 5);
        QVERIFY(shows(painted(LatencyGridView(dataOf(rows)), viewport),
                      "These requests have no times"));
        QVERIFY(
            shows(painted(LatencyGridView(dataOf(drawnLoad())), {.size = {90, 60}}), "Too small"));
        QVERIFY(shows(painted(LatencyGridView(dataOf(drawnLoad(), {.singles = 0})), viewport),
                      "successes"));
    }

    void hostileTimesAreDrawn()
    {
        LoadRows rows;
        addRequest(rows, 0, INT64_MAX);
        addRequest(rows, 3, INT64_MIN);
        addRequest(rows, INT64_MAX / 3, 1, 0, 1);
        for (const std::size_t singles : {0, 10}) {
            LatencyGridView view(dataOf(rows, {.singles = singles}));
            view.setHover(PointF{300, 100});
            QVERIFY(!painted(view, {.size = {800, 400}}).empty());
            QVERIFY(!painted(view, {.size = {800, 400}, .begin = 0.99999}).empty());
        }
    }
};

QTEST_GUILESS_MAIN(TestLatencyGridView)
#include "tst_latency_grid_view.moc"
