#include "tests/support/import_contract.h"
#include "tests/views/drawn_benchmarks.h"
#include "views/paint/paint_svg.h"
#include "views/scene/benchmark_dots_view.h"
#include "views/scene/plot_picture.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace flamewright;

namespace {

const FixedMetrics kMetrics;

DisplayList painted(const BenchmarkDotsView &view, const Viewport &viewport,
                    Theme theme = Theme::Light)
{
    DisplayList list;
    view.paint(viewport, theme, kMetrics, list);
    return list;
}

bool shows(const DisplayList &list, const std::string &text)
{
    return dump(list).find(text) != std::string::npos;
}

} // namespace

class TestBenchmarkDotsView : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void drawsTheGoldenList_data()
    {
        QTest::addColumn<int>("theme");
        QTest::addColumn<double>("factor");
        QTest::newRow("benchmark-dots-light") << int(Theme::Light) << 0.8;
        QTest::newRow("benchmark-dots-log") << int(Theme::Dark) << 0.05;
    }
    void drawsTheGoldenList()
    {
        QFETCH(const int, theme);
        QFETCH(const double, factor);
        const BenchmarkDotsView view(drawnBenchmarks(factor), "main", "branch");
        const auto list =
            painted(view, {.size = {860, view.contentHeight()}}, static_cast<Theme>(theme));
        const auto diff = testing::compareGolden(std::string(FW_SOURCE_DIR "/tests/golden/views/") +
                                                     QTest::currentDataTag() + ".display-list.txt",
                                                 dump(list));
        QVERIFY2(diff.empty(), diff.c_str());
    }

    // A metric's heading, its benchmarks, their mean.
    void everyRowIsReadWhereItIs()
    {
        const BenchmarkDotsView view(drawnBenchmarks());
        QCOMPARE(view.rows().size(), 8u);
        for (const float scroll : {0.0f, 40.0f}) {
            const Viewport viewport{.size = {700, 300}, .scrollY = scroll};
            const auto plot = view.plotArea(viewport);
            int read = 0;
            for (std::size_t row = 0; row < view.rows().size(); ++row) {
                const auto area = view.rowArea(row, viewport);
                const PointF at{200, area.y + area.height / 2};
                const auto readout = view.readout(viewport, at);
                const bool seen =
                    at.y >= plot.y && at.y < plot.bottom() && view.rows()[row].heading.empty();
                QCOMPARE(readout.has_value(), seen);
                if (!seen)
                    continue;
                ++read;
                QCOMPARE(readout->tip.title.empty(), false);
                QVERIFY(!readout->tip.footer.empty());
            }
            QVERIFY(read >= 4);
            QVERIFY(!view.readout(viewport, {200, plot.bottom() + 1}));
            QVERIFY(!view.readout(viewport, {-1, plot.y + 50}));
        }
        const Viewport viewport{.size = {700, view.contentHeight()}};
        const auto first = view.rowArea(1, viewport);
        const auto next = view.stepped(viewport, {200, first.y + 4}, 1);
        QVERIFY(next && view.readout(viewport, *next)->tip.title.find("Find") == 0);
        QVERIFY(!view.stepped(viewport, {200, first.y + 4}, -1));
        // From the mean over the heading of the next metric.
        const auto mean = view.rowArea(5, viewport);
        QCOMPARE(
            view.readout(viewport, *view.stepped(viewport, {200, mean.y + 4}, 1))->tip.subtitle,
            std::string("allocs/op"));
    }

    void saysWhatItCannotShow()
    {
        const auto few = painted(BenchmarkDotsView(drawnBenchmarks()), {.size = {700, 160}});
        QVERIFY(shows(few, "more below"));
        const auto all = painted(BenchmarkDotsView(drawnBenchmarks()), {.size = {900, 600}});
        QVERIFY(!shows(all, "more below"));
        QVERIFY(shows(all, "not enough data"));
        QVERIFY(shows(painted(BenchmarkDotsView(), {.size = {300, 200}}), "No benchmark"));
        QVERIFY(BenchmarkDotsView().isEmpty());
        for (const float width : {0.0f, 1.0f, 40.0f})
            painted(BenchmarkDotsView(drawnBenchmarks()), {.size = {width, width}});
        QVERIFY(BenchmarkDotsView(drawnBenchmarks()).summary().find("1 regressed, 2 improved") !=
                std::string::npos);
    }

    // Grey unless there is evidence; a side keeps its colour.
    void coloursWhatIsKnown()
    {
        const auto text = dump(painted(BenchmarkDotsView(drawnBenchmarks()), {.size = {900, 600}}));
        QVERIFY(text.find("\x1b") == std::string::npos);
        BenchmarkDotsView view(drawnBenchmarks(), "main", "branch");
        view.setAnnotated(true);
        const auto picture =
            plotPicture(view, {.title = "Benchmarks", .width = 860, .height = 420}, kMetrics);
        const auto svg = toSvg(picture.list, picture.size, Theme::Light);
        QVERIFY(svg.find("<b>") == std::string::npos);
        const auto diff =
            testing::compareGolden(FW_SOURCE_DIR "/tests/golden/views/benchmark-dots.svg", svg);
        QVERIFY2(diff.empty(), diff.c_str());
    }

    // A hundred thousand runs are no more than pixels.
    void costFollowsThePixels()
    {
        const std::vector<BenchmarkRuns> base{drawnRuns("Many", "ns/op", 100, 0.001, 20001)};
        const std::vector<BenchmarkRuns> cand{drawnRuns("Many", "ns/op", 101, 0.001, 20001)};
        const BenchmarkDotsView view(
            std::make_shared<BenchmarkDiff>(diffBenchmarks(base, cand, {.rounds = 0})));
        QVERIFY(painted(view, {.size = {800, 200}}).commands().size() < 2000);
    }
};

QTEST_GUILESS_MAIN(TestBenchmarkDotsView)
#include "tst_benchmark_dots_view.moc"
