#include "tests/support/import_contract.h"
#include "tests/views/drawn_load.h"
#include "views/scene/histogram_view.h"
#include "views/scene/plot_picture.h"

#include <QTest>

#include <cmath>

using namespace flamewright;

namespace {

const FixedMetrics kMetrics;

HistogramData dataOf(const LoadRows &rows, const HistogramQuestion &question = {.bins = 30})
{
    return {.histogram =
                std::make_shared<const LatencyHistogram>(latencyHistogram(rows, question))};
}

std::string painted(const HistogramView &view, const Viewport &viewport)
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

class TestHistogramView : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void drawsTheGoldenPicture_data()
    {
        QTest::addColumn<int>("theme");
        QTest::addColumn<bool>("grouped");
        QTest::newRow("light") << int(Theme::Light) << false;
        QTest::newRow("groups-dark") << int(Theme::Dark) << true;
    }
    void drawsTheGoldenPicture()
    {
        QFETCH(int, theme);
        QFETCH(bool, grouped);
        auto data = dataOf(grouped ? drawnLoad() : ungrouped(drawnLoad()), {.bins = 16});
        data.limits = {{.perMyriad = 9900, .limitNs = 600 * kDrawnMs}};
        HistogramView view(data);
        view.setHover(PointF{200, 150});
        const auto picture = plotPicture(view,
                                         {.title = "Latency distribution",
                                          .subtitle = "1,120 requests",
                                          .theme = static_cast<Theme>(theme),
                                          .width = 480,
                                          .height = 360},
                                         kMetrics);
        const auto diff =
            testing::compareGolden(std::string(FW_SOURCE_DIR "/tests/golden/views/histogram-") +
                                       QTest::currentDataTag() + ".display-list.txt",
                                   dump(picture.list));
        QVERIFY2(diff.empty(), diff.c_str());
    }

    void everyBinIsFound()
    {
        for (const bool log : {true, false}) {
            const HistogramView view(dataOf(drawnLoad(), {.bins = 60, .log = log}));
            const Viewport viewport{.size = {1200, 500}};
            const auto where = view.frames(viewport);
            const auto &all = *view.data().histogram;
            for (std::size_t bin = 0; bin < all.bins(); ++bin) {
                const auto x =
                    (where.bars.xOf(all.edges[bin]) + where.bars.xOf(all.edges[bin + 1])) / 2;
                for (const auto y : {where.bars.plot.y + 3, where.cumulated.plot.y + 3}) {
                    const auto found = view.readout(viewport, {x, y});
                    QVERIFY(found);
                    QVERIFY(std::abs(found->at.x - x) < 0.5f);
                    for (std::size_t s = 0; s < all.series.size(); ++s) {
                        QCOMPARE(found->tip.rows[2 * s].value,
                                 formatCount(std::int64_t(all.series[s].count[bin])));
                        QCOMPARE(found->tip.rows[2 * s + 1].value,
                                 formatCount(std::int64_t(all.series[s].below(bin))));
                    }
                }
            }
            QVERIFY(!view.readout(viewport, {20, 200}));
        }
    }

    // A bar is as high as its share; even one request of many is seen.
    void barsAreAsHighAsTheirShare()
    {
        auto rows = ungrouped(drawnLoad(30, 200, 1));
        addRequest(rows, 30 * kDrawnSecond, 9 * kDrawnSecond);
        const HistogramView view(dataOf(rows));
        const Viewport viewport{.size = {1200, 500}};
        const auto frame = view.frames(viewport).bars;
        const auto &all = *view.data().histogram;
        DisplayList list;
        view.paint(viewport, Theme::Light, kMetrics, list);
        std::vector<RectF> bars;
        for (const auto &cmd : list.commands()) {
            if (cmd.op == Op::FillRect && cmd.rect.width > 4 && cmd.rect.y >= frame.plot.y &&
                cmd.rect.bottom() == frame.plot.bottom() && cmd.rect.width < 200)
                bars.push_back(cmd.rect);
        }
        std::size_t at = 0;
        for (std::size_t bin = 0; bin < all.bins(); ++bin) {
            if (all.series[0].count[bin] == 0)
                continue;
            QVERIFY(at < bars.size());
            const auto share = double(all.series[0].count[bin]) / double(all.series[0].total);
            QVERIFY(bars[at].height >= 1);
            QVERIFY(std::abs(double(bars[at].y) - std::min(double(frame.yOf(share)),
                                                           double(frame.plot.bottom() - 1))) < 1);
            ++at;
        }
        QCOMPARE(at, bars.size());
    }

    void marksHaveTheirValues()
    {
        LoadRows rows;
        for (int i = 1; i <= 1000; ++i)
            addRequest(rows, i, i * kDrawnMs);
        const auto dumped = painted(HistogramView(dataOf(ungrouped(rows))), {.size = {1200, 500}});
        for (const auto *text : {"\"p50 500 ms\"", "\"p95 950 ms\"", "\"p99 990 ms\""})
            QVERIFY2(shows(dumped, text), text);
        QVERIFY(shows(dumped, "all requests"));
    }

    void saysWhatIsMissing()
    {
        const Viewport viewport{.size = {800, 300}};
        QVERIFY(shows(painted(HistogramView(), viewport), "No requests in this scope"));
        QVERIFY(shows(painted(HistogramView({.aggregatesOnly = true}), viewport),
                      "This file holds figures that a tool computed, no requests."));
        LoadRows rows;
        addRequest(rows, 0, 5, 0, 1);
        QVERIFY(shows(painted(HistogramView(dataOf(rows)), viewport), "Every request here failed"));
        QVERIFY(
            shows(painted(HistogramView(dataOf(drawnLoad())), {.size = {90, 60}}), "Too small"));
        QVERIFY(shows(painted(HistogramView(dataOf(drawnLoad())), viewport),
                      "Failures are not included."));
    }

    void hostileLatenciesAreDrawn()
    {
        LoadRows rows;
        for (const auto latency : {INT64_MAX, INT64_MIN, std::int64_t{0}, std::int64_t{1}})
            addRequest(rows, 0, latency);
        for (const bool log : {true, false}) {
            HistogramView view(dataOf(rows, {.log = log}));
            view.setHover(PointF{300, 100});
            QVERIFY(!painted(view, {.size = {800, 400}}).empty());
        }
    }
};

QTEST_GUILESS_MAIN(TestHistogramView)
#include "tst_histogram_view.moc"
