#include "tests/support/import_contract.h"
#include "tests/views/drawn_heat_map.h"
#include "views/paint/paint_svg.h"
#include "views/scene/heat_map_picture.h"
#include "views/scene/theme.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <random>

using namespace flamewright;

namespace {

const FixedMetrics kMetrics;
constexpr std::int64_t kMs = 1'000'000, kSecond = 1000 * kMs;

HeatMapData timed(std::shared_ptr<const HeatMap> map)
{
    return {std::move(map), Unit::Nanoseconds, "cpu-clock"};
}

// Three seconds in ten rows: 100 ms a cell.
std::shared_ptr<HeatMap> small()
{
    return drawnHeatMap(7 * kSecond, 3 * kSecond,
                        {{0, 4 * kMs, 4},
                         {150 * kMs, 1 * kMs, 1},
                         {1950 * kMs, 8 * kMs, 8},
                         {1950 * kMs, 2 * kMs, 2},
                         {2300 * kMs, 5 * kMs, 5}});
}

std::string painted(const HeatMapView &view, const Viewport &viewport, Theme theme = Theme::Light)
{
    DisplayList list;
    view.paint(viewport, theme, kMetrics, list);
    return dump(list);
}

bool shows(const std::string &dumped, const std::string &text)
{
    return dumped.find("\"" + text + "\"") != std::string::npos;
}

// What a painter would leave at a point of the cells.
Rgba colorAt(const DisplayList &list, PointF at)
{
    auto out = palette(Theme::Light).surface1;
    const auto fill = [&](RectF r, Rgba color) {
        if (r.contains(at))
            out = color;
    };
    for (const auto &cmd : list.commands()) {
        if (cmd.op == Op::Cells)
            forEachRect(list.gridOf(cmd), fill);
        else if (cmd.op == Op::FillRect && cmd.rect.width == 1.0f)
            fill(cmd.rect, cmd.color);
    }
    return out;
}

// Even-odd rule.
bool inside(const std::vector<std::vector<PointF>> &polygons, PointF p)
{
    bool in = false;
    for (const auto &polygon : polygons) {
        for (std::size_t i = 0; i < polygon.size(); ++i) {
            const auto a = polygon[i], b = polygon[(i + 1) % polygon.size()];
            if ((a.y > p.y) != (b.y > p.y) && p.x < a.x)
                in = !in; // sides are vertical where they are crossed
        }
    }
    return in;
}

} // namespace

class TestHeatMapView : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void drawsTheGoldenList_data()
    {
        QTest::addColumn<int>("theme");
        QTest::newRow("light") << int(Theme::Light);
        QTest::newRow("dark") << int(Theme::Dark);
    }
    void drawsTheGoldenList()
    {
        QFETCH(int, theme);
        HeatMapView view(timed(small()));
        view.setRanges({{at(7100 * kMs), at(8000 * kMs)}, {at(8900 * kMs), at(9200 * kMs)}});
        const auto dumped = painted(view, {.size = {480, 240}}, static_cast<Theme>(theme));
        const auto diff =
            testing::compareGolden(std::string(FW_SOURCE_DIR "/tests/golden/views/heat-map-") +
                                       QTest::currentDataTag() + ".display-list.txt",
                                   dumped);
        QVERIFY2(diff.empty(), diff.c_str());
    }

    void drawsTheGoldenPicture()
    {
        const auto picture = heatMapPicture(timed(small()),
                                            {.title = "shop & sons",
                                             .subtitle = "cpu-clock",
                                             .theme = Theme::Print,
                                             .width = 480,
                                             .height = 260,
                                             .ranges = {{at(7100 * kMs), at(9200 * kMs)}}},
                                            kMetrics);
        const auto svg = toSvg(picture.list, picture.size, Theme::Print);
        const auto diff =
            testing::compareGolden(FW_SOURCE_DIR "/tests/golden/views/heat-map.svg", svg);
        QVERIFY2(diff.empty(), diff.c_str());
        QVERIFY(svg.find("<g class=\"part\"><title>1 s to 2 s\n") != std::string::npos);
        QVERIFY(svg.find("this column 10 ms \u00b7 50.0 % of all") != std::string::npos);
    }

    void everyCellIsWhereItsTimeIs()
    {
        for (const float scale : {1.0f, 1.5f, 2.0f}) {
            const auto map = randomHeatMap(3, 40);
            const HeatMapView view(timed(map));
            const Viewport viewport{.size = {733, 411}, .scale = scale};
            const auto where = view.layout(viewport);
            QCOMPARE(where.joinColumns, 1u);
            for (std::uint32_t c = 0; c < map->columns; ++c) {
                for (std::uint32_t r = 0; r < map->rows; ++r) {
                    const auto box = where.boxOf(c, r);
                    const PointF centre{box.rect.x + box.rect.width / 2,
                                        box.rect.y + box.rect.height / 2};
                    const auto hit = view.boxAt(viewport, centre);
                    QVERIFY(hit);
                    QCOMPARE(hit->column, c);
                    QCOMPARE(hit->row, r);
                    // On whole device pixels.
                    for (const auto edge : {box.rect.x, box.rect.y, box.rect.right()})
                        QVERIFY(std::abs(edge * scale - std::round(edge * scale)) < 0.01f);
                }
            }
            // Row 0 is at the bottom, time runs up.
            QVERIFY(where.boxOf(0, 0).rect.y > where.boxOf(0, 1).rect.y);
            QVERIFY(!view.boxAt(viewport, {where.plot.x - 1, where.plot.y + 5}));
            QVERIFY(view.nearestBox(viewport, {-50, -50}));
        }
    }

    // Zoomed in anywhere: a pixel is in the box of its time, to a device pixel, and a box in it again.
    void everyPixelIsItsTimeUnderZoom()
    {
        std::mt19937 random(7);
        const auto map = randomHeatMap(3, 300);
        const HeatMapView view(timed(map));
        const auto whole = static_cast<double>(map->columnNs) * map->columns;
        for (int round = 0; round < 200; ++round) {
            Viewport viewport{.size = {733, 411}, .scale = round % 2 == 0 ? 1.0f : 1.5f};
            const auto span = std::pow(10.0, -1.5 * static_cast<double>(random() % 1000) / 1000);
            viewport.begin = (1 - span) * static_cast<double>(random() % 1001) / 1000;
            viewport.end = viewport.begin + span;
            const auto where = view.layout(viewport);
            const auto pixelNs = whole * span / static_cast<double>(where.plot.width);
            const auto y = where.plot.y + where.plot.height / 2;
            for (auto x = where.plot.x + 0.5f; x < where.plot.right(); x += 7) {
                const auto box = view.boxAt(viewport, {x, y});
                QVERIFY(box);
                QVERIFY(box->rect.contains({x, y}));
                const auto time = where.shareAt(x) * whole;
                const auto begin = static_cast<double>(box->column) * 1e9;
                const auto end = static_cast<double>(box->column + box->columns) * 1e9;
                const auto slack = pixelNs / static_cast<double>(viewport.scale);
                QVERIFY2(time >= begin - slack && time <= end + slack,
                         qPrintable(QString::number(time) + " " + QString::number(begin)));
                QVERIFY(box->column + box->columns > where.firstShown());
                QVERIFY(box->column <= where.lastShown());
            }
            // A brush beyond the border ends at the last cell that is seen.
            const auto right = view.nearestBox(viewport, {10'000, y});
            QVERIFY(right->rect.right() >= where.plot.right());
            QVERIFY(right->rect.width > 0);
            QVERIFY(right->column <= where.lastShown());
            const auto left = view.nearestBox(viewport, {-10'000, y});
            QVERIFY(left->rect.x <= where.plot.x && left->rect.width > 0);
            QVERIFY(left->column + left->columns > where.firstShown());
        }
    }

    // A tenth of 100 s; what is chosen beside it is in the overview alone.
    void zoomedPictureHasAnOverview()
    {
        HeatMapView view(timed(randomHeatMap(3, 100)));
        const Viewport all{.size = {572, 300}}, part{.size = {572, 300}, .begin = 0.4, .end = 0.5};
        QCOMPARE(view.layout(all).overview.height, 0.0f);
        const auto where = view.layout(part);
        QCOMPARE(where.plot.width, 500.0f);
        QCOMPARE(where.firstShown(), 40u);
        QCOMPARE(where.lastShown(), 49u);
        QCOMPARE(where.boxOf(41, 0).rect.width, 50.0f);
        QCOMPARE(where.boxOf(41, 0).rect.x, where.plot.x + 50);
        QVERIFY(where.overview.y > where.plot.bottom());
        QVERIFY(where.overview.bottom() < 300);
        QCOMPARE(where.overviewShareAt(where.overview.x + 250), 0.5);
        QCOMPARE(view.shownText(part), std::string("40 s to 50 s of 100 s"));
        const auto outlines = [&](std::int64_t from, std::int64_t to) {
            return view.outlineOf({at((5 + from) * kSecond), at((5 + to) * kSecond)}, where).size();
        };
        QCOMPARE(outlines(0, 40), 0u);
        QCOMPARE(outlines(50, 60), 0u);
        QCOMPARE(outlines(39, 41), 1u);
        view.setRanges({{at(6 * kSecond), at(8 * kSecond)}, {at(47 * kSecond), at(48 * kSecond)}});
        DisplayList list;
        view.paint(part, Theme::Light, kMetrics, list);
        int bars = 0, marks = 0;
        for (const auto &c : list.commands()) {
            if (c.op != Op::FillRect || c.color != palette(Theme::Light).accent)
                continue;
            bars += c.rect.height == 3.0f;
            marks += c.rect.y > where.overview.bottom() && c.rect.height == 2.0f;
        }
        QCOMPARE(bars, 1);
        QCOMPARE(marks, 2);
        const auto diff = testing::compareGolden(
            FW_SOURCE_DIR "/tests/golden/views/heat-map-zoomed.display-list.txt", dump(list));
        QVERIFY2(diff.empty(), diff.c_str());
    }

    void cellsAreNotMadeWiderThanAHand()
    {
        const HeatMapView view(timed(randomHeatMap(3, 60)));
        const Viewport wide{.size = {1272, 300}}; // a plot of 1200: ten columns of 120
        QVERIFY(std::abs(view.leastSpan(wide) - 10.0 / 60) < 1e-9);
        QVERIFY(std::abs(view.leastSpan({.size = {200, 300}}) - 4.0 / 60) < 1e-9);
        QCOMPARE(HeatMapView().leastSpan(wide), 1.0);
        QCOMPARE(HeatMapView(timed(drawnHeatMap(0, 2 * kSecond, {{0, 1, 1}}))).leastSpan(wide),
                 1.0);
    }

    void outlineHoldsExactlyTheCellsOfARange_data()
    {
        QTest::addColumn<int>("begin");
        QTest::addColumn<int>("end");
        QTest::newRow("one cell") << 13 << 14;
        QTest::newRow("one column") << 12 << 18;
        QTest::newRow("two columns that touch") << 15 << 27;
        QTest::newRow("two columns apart") << 18 << 23;
        QTest::newRow("three columns") << 18 << 32;
        QTest::newRow("all") << 0 << 60;
        QTest::newRow("from the first row") << 20 << 31;
    }
    void outlineHoldsExactlyTheCellsOfARange()
    {
        QFETCH(int, begin);
        QFETCH(int, end);
        const auto map = drawnHeatMap(2 * kSecond, 6 * kSecond, {{0, 1, 1}});
        const HeatMapView view(timed(map));
        const Viewport viewport{.size = {600, 300}};
        const auto where = view.layout(viewport);
        const auto outline = view.outlineOf(
            {at(2 * kSecond + begin * 100 * kMs), at(2 * kSecond + end * 100 * kMs)}, where);
        QVERIFY(!outline.empty());
        for (int cell = 0; cell < 60; ++cell) {
            const auto box = where.boxOf(static_cast<std::uint32_t>(cell / 10),
                                         static_cast<std::uint32_t>(cell % 10));
            const PointF centre{box.rect.x + box.rect.width / 2, box.rect.y + box.rect.height / 2};
            QVERIFY2(inside(outline, centre) == (cell >= begin && cell < end),
                     qPrintable(QString::number(cell)));
        }
    }

    void rangesFromElsewhereAreClippedAndCounted()
    {
        const auto map = small();
        HeatMapView view(timed(map));
        const auto where = view.layout({.size = {600, 300}});
        QVERIFY(view.outlineOf({at(0), at(kSecond)}, where).empty());
        QVERIFY(view.outlineOf({at(8 * kSecond), at(8 * kSecond)}, where).empty());
        // A part of a cell takes its outline; everything takes all.
        QCOMPARE(view.outlineOf({at(7010 * kMs), at(7020 * kMs)}, where).size(), 1u);
        QCOMPARE(view.outlineOf({}, where)[0][0].x, where.plot.x);
        view.setRanges({{}, {at(0), at(kSecond)}, {at(7500 * kMs), at(8 * kSecond)}});
        const auto dumped = painted(view, {.size = {600, 300}});
        QVERIFY(shows(dumped, "3 s"));    // open ends are those of the map
        QVERIFY(shows(dumped, "500 ms")); // moved beside the other label
        QVERIFY(shows(dumped, "1 outside"));
    }

    void tooltipHasTimeValueAndSamples()
    {
        const auto map = small();
        const HeatMapView view(timed(map));
        const Viewport viewport{.size = {600, 300}};
        const auto tip = view.tooltip(view.layout(viewport).boxOf(1, 9));
        QCOMPARE(plainText(tip), std::string("1.9 s to 2 s\nafter the first sample\n"
                                             "this cell 10 ms \u00b7 50.0 % of all\n10 samples"));
        const HeatMapView counted({map, Unit::Count, {}});
        QCOMPARE(counted.valueText(1234), std::string("1,234 samples"));
        const HeatMapView cycles({map, Unit::Cycles, "cycles"});
        QCOMPARE(cycles.valueText(1234), std::string("1,234 cycles"));
    }

    void narrowColumnsAreJoinedByMaximumAndItIsSaid()
    {
        const auto map = randomHeatMap(9, 900);
        QCOMPARE(map->columns, 900u);
        const HeatMapView view(timed(map));
        const Viewport viewport{.size = {372, 240}}; // a plot of 300 pixels
        const auto where = view.layout(viewport);
        QCOMPARE(where.plot.width, 300.0f);
        QCOMPARE(where.joinColumns, 3u);
        const auto dumped = painted(view, viewport);
        QVERIFY(dumped.find("3 cells share a pixel") != std::string::npos);
        // Each pixel has the colour of the highest of its three cells.
        DisplayList list;
        view.paint(viewport, Theme::Light, kMetrics, list);
        int checked = 0;
        for (std::uint32_t c = 0; c < 900; c += 3) {
            for (std::uint32_t r = 0; r < map->rows; ++r) {
                const auto box = where.boxOf(c, r);
                QCOMPARE(box.rect.width, 1.0f);
                const auto most = std::max({map->at(c, r), map->at(c + 1, r), map->at(c + 2, r)});
                const auto expected = heatColor(most, map->most, Theme::Light);
                if (c % 60 == 0) { // all of them take long, the search is brute force
                    const PointF at{box.rect.x + 0.5f, box.rect.y + box.rect.height / 2};
                    QCOMPARE(colorAt(list, at).value, expected.value);
                    ++checked;
                }
            }
        }
        QCOMPARE(checked, 15 * 50);
        const auto tip = view.tooltip(where.boxOf(30, 4));
        QVERIFY(tip.subtitle.find("3 cells less than a pixel each") != std::string::npos);
        QCOMPARE(tip.rows[0].label, std::string("highest cell"));
        // Twice the device pixels: half as many are joined.
        QCOMPARE(view.layout({.size = {372, 240}, .scale = 2}).joinColumns, 2u);
        QCOMPARE(view.layout({.size = {1072, 240}}).joinColumns, 1u);
    }

    void costFollowsThePixels()
    {
        const auto map = randomHeatMap(2, 1900);
        const HeatMapView view(timed(map));
        DisplayList narrow, wide;
        view.paint({.size = {200, 160}}, Theme::Light, kMetrics, narrow);
        view.paint({.size = {2000, 160}}, Theme::Light, kMetrics, wide);
        const auto cells = [](const DisplayList &list) {
            std::size_t out = 0;
            for (const auto &cmd : list.commands())
                out += cmd.op == Op::Cells ? list.gridOf(cmd).cells.size() : 0;
            return out;
        };
        QVERIFY(cells(narrow) > 0 && cells(narrow) <= 128 * 50);
        QVERIFY(cells(wide) > cells(narrow) * 2);
        // They are one command, however many they are.
        QVERIFY(narrow.commands().size() < 500);
        QVERIFY(wide.commands().size() < 500);
    }

    void coloursGrowWithTheAmount()
    {
        for (const auto theme : {Theme::Light, Theme::Dark, Theme::Print}) {
            QCOMPARE(heatColor(0, 100, theme), palette(theme).surface1);
            QCOMPARE(heatColor(-5, 100, theme), palette(theme).surface1);
            QCOMPARE(heatColor(100, 100, theme), palette(theme).heat.back());
            QVERIFY(heatColor(1, 1'000'000, theme) != palette(theme).surface1);
            auto last = contrastRatio(heatColor(1, 1000, theme), palette(theme).surface1);
            for (int v = 20; v <= 1000; v += 20) {
                const auto ratio =
                    contrastRatio(heatColor(v, 1000, theme), palette(theme).surface1);
                QVERIFY(ratio > last);
                last = ratio;
            }
        }
    }

    void saysWhatIsMissing()
    {
        QVERIFY(painted(HeatMapView(), {.size = {400, 200}}).empty());
        auto none = std::make_shared<HeatMap>(emptyHeatMap({at(0), at(0)}));
        none->untimed = 42;
        const HeatMapView untimed(timed(none));
        QVERIFY(untimed.isEmpty());
        QVERIFY(shows(painted(untimed, {.size = {800, 200}}), "This capture has no times"));
        const HeatMapView unmatched(timed(drawnHeatMap(0, kSecond, {})));
        QVERIFY(shows(painted(unmatched, {.size = {800, 200}}), "No samples in this scope"));
        auto some = small();
        some->untimed = 1234;
        const HeatMapView part(timed(some));
        QVERIFY(shows(painted(part, {.size = {800, 200}}),
                      "1,234 samples have no time and are not shown"));
        QVERIFY(shows(painted(part, {.size = {800, 30}}), "Too small for the heat map"));
    }

    void ticksAreRoundAndDoNotMeet_data()
    {
        QTest::addColumn<qint64>("seconds");
        QTest::addColumn<QString>("tick");
        QTest::newRow("3 s") << qint64{3} << "1 s";
        QTest::newRow("100 s") << qint64{100} << "15 s";
        QTest::newRow("30 min") << qint64{1800} << "5 min";
        QTest::newRow("10 h") << qint64{36000} << "2 h";
        QTest::newRow("20 days") << qint64{86400} * 20 << "3 d";
    }
    void ticksAreRoundAndDoNotMeet()
    {
        QFETCH(qint64, seconds);
        QFETCH(QString, tick);
        const auto map = drawnHeatMap(0, seconds * kSecond, {{0, 1, 1}}, 50);
        const HeatMapView view(timed(map));
        DisplayList list;
        view.paint({.size = {800, 300}}, Theme::Light, kMetrics, list);
        const auto bottom = view.layout({.size = {800, 300}}).plot.bottom();
        float free = -100;
        int ticks = 0;
        bool found = false;
        for (const auto &c : list.commands()) {
            if (c.op != Op::Text || c.rect.y < bottom || c.rect.y > bottom + 12)
                continue;
            QVERIFY(c.rect.x >= free);
            free = c.rect.right();
            found = found || QString::fromStdString(std::string(list.textOf(c))) == tick;
            ++ticks;
        }
        QVERIFY2(ticks >= 3, qPrintable(QString::number(ticks)));
        QVERIFY(found);
    }

    void timesOfHostileFilesAreHeld()
    {
        auto map = std::make_shared<HeatMap>(emptyHeatMap({at(INT64_MIN + 1), at(INT64_MAX)}));
        addSample(*map, at(5), INT64_MAX, INT64_MAX);
        addSample(*map, at(5), INT64_MAX, INT64_MAX);
        HeatMapView view(timed(map));
        view.setRanges({{}, {at(INT64_MIN + 1), at(INT64_MAX)}});
        const auto dumped = painted(view, {.size = {600, 200}});
        QVERIFY(!dumped.empty());
        QVERIFY(!view.summary().empty());
    }

    void overlappingRangesBecomeOne()
    {
        const auto joined = withoutOverlaps({{at(50), at(60)},
                                             {at(0), at(20)},
                                             {at(10), at(30)},
                                             {at(30), at(35)},
                                             {at(7), at(7)}});
        const std::vector<TimeRange> expected{{at(0), at(35)}, {at(50), at(60)}};
        QVERIFY(joined == expected);
    }
};

QTEST_GUILESS_MAIN(TestHeatMapView)
#include "tst_heat_map_view.moc"
