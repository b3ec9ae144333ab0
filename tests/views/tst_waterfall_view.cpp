#include "tests/support/import_contract.h"
#include "tests/views/drawn_spans.h"
#include "views/paint/paint_svg.h"
#include "views/scene/waterfall_view.h"

#include <QTest>

#include <cmath>

using namespace flamewright;

namespace {

const FixedMetrics kMetrics;

DisplayList painted(const WaterfallView &view, const Viewport &viewport, Theme theme = Theme::Light)
{
    DisplayList list;
    view.paint(viewport, theme, kMetrics, list);
    return list;
}

bool shows(const DisplayList &list, const std::string &text)
{
    return dump(list).find(text) != std::string::npos;
}

std::string goldenOf(const std::string &name)
{
    return std::string(FW_SOURCE_DIR "/tests/golden/views/") + name;
}

} // namespace

class TestWaterfallView : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void drawsTheGoldenList_data()
    {
        QTest::addColumn<int>("theme");
        QTest::addColumn<double>("begin");
        QTest::addColumn<double>("end");
        QTest::newRow("waterfall-light") << int(Theme::Light) << 0.0 << 1.0;
        QTest::newRow("waterfall-dark") << int(Theme::Dark) << 0.0 << 1.0;
        QTest::newRow("waterfall-zoomed") << int(Theme::Light) << 0.5 << 0.8;
    }
    void drawsTheGoldenList()
    {
        QFETCH(const int, theme);
        QFETCH(const double, begin);
        QFETCH(const double, end);
        const auto data = waterfallOf(drawnTrace());
        const WaterfallView view(data, ServiceColors(data->services));
        const auto list =
            painted(view, {.size = {760, view.contentHeight()}, .begin = begin, .end = end},
                    static_cast<Theme>(theme));
        const auto diff = testing::compareGolden(
            goldenOf(QTest::currentDataTag() + std::string(".display-list.txt")), dump(list));
        QVERIFY2(diff.empty(), diff.c_str());
    }
    void drawsTheGoldenPicture()
    {
        const auto data = waterfallOf(drawnTrace());
        const auto picture = waterfallPicture(data, ServiceColors(data->services),
                                              {.title = "POST <checkout> in web",
                                               .subtitle = "40 ms",
                                               .theme = Theme::Print,
                                               .width = 760},
                                              kMetrics);
        const auto svg = toSvg(picture.list, picture.size, Theme::Print);
        const auto diff = testing::compareGolden(goldenOf("waterfall.svg"), svg);
        QVERIFY2(diff.empty(), diff.c_str());
        // 14 of 40 ms.
        QVERIFY(svg.find("on the critical path for 14 ms, 35.0 % of the trace") !=
                std::string::npos);
    }
    void everyRowIsHitWhereItIs()
    {
        const auto data = waterfallOf(drawnTrace());
        const WaterfallView view(data);
        for (const float scroll : {0.0f, 30.0f}) {
            for (const float scale : {1.0f, 1.5f}) {
                const Viewport viewport{.size = {733, 170}, .scrollY = scroll, .scale = scale};
                const auto where = view.layout(viewport);
                int hits = 0;
                for (std::size_t row = 0; row < view.rows(); ++row) {
                    const auto bar = view.barOf(row, viewport);
                    QVERIFY(bar.width >= 1 / scale);
                    QVERIFY(bar.x >= where.bars.x && bar.right() <= where.bars.right() + 1);
                    const PointF centre{bar.x + bar.width / 2, bar.y + bar.height / 2};
                    const auto hit = view.hitTest(viewport, centre);
                    const bool seen = centre.y >= where.top && centre.y < where.bottom;
                    QCOMPARE(hit.has_value(), seen);
                    if (!seen)
                        continue;
                    ++hits;
                    QCOMPARE(hit->key, std::uint64_t{data->spans[row].row});
                    QCOMPARE(hit->title, data->names[data->spans[row].name]);
                }
                QVERIFY(hits >= 4);
                QVERIFY(!view.hitTest(viewport, {300, where.top - 1}));
                QVERIFY(!view.hitTest(viewport, {300, where.bottom}));
                QVERIFY(!view.hitTest(viewport, {-1, where.top + 1}));
            }
        }
    }
    void theMiddleIsLeftOutAndSaysSo()
    {
        const auto data = waterfallOf(drawnCalls(999));
        const WaterfallView view(data, {}, 11);
        QCOMPARE(view.rows(), 11u);
        QCOMPARE(view.leftOut(), 990u);
        std::vector<std::size_t> seen;
        for (std::size_t row = 0; row < view.rows(); ++row) {
            if (const auto span = view.spanAt(row))
                seen.push_back(*span);
        }
        QCOMPARE(seen, (std::vector<std::size_t>{0, 1, 2, 3, 4, 995, 996, 997, 998, 999}));
        const Viewport viewport{.size = {700, view.contentHeight()}};
        QVERIFY(shows(painted(view, viewport), "990 spans not shown"));
        QVERIFY(!view.hitTest(viewport, {300, view.layout(viewport).top + 5.5f * 22}));
        QCOMPARE(WaterfallView(data, {}, 1000).leftOut(), 0u);
        QCOMPARE(WaterfallView(data).rows(), 1000u);
    }
    // The parent has a part of its own between each two of a million calls.
    void workFollowsThePixels()
    {
        const auto data = waterfallOf(drawnCalls(1'000'000));
        const WaterfallView view(data);
        for (const auto &[begin, end] :
             {std::pair(0.0, 1.0), std::pair(0.3, 0.31), std::pair(0.5, 0.5001)}) {
            const auto list =
                painted(view, {.size = {1600, 900}, .begin = begin, .end = end, .scale = 2});
            QVERIFY(list.commands().size() < 20'000);
        }
    }
    // What is strong is the span's own time, to a pixel.
    void strongIsWhereASpanWorksItself()
    {
        for (unsigned seed = 0; seed < 40; ++seed) {
            const auto rows = wildSpans(seed, 30, 1);
            const auto data = waterfallOf(rows);
            const ServiceColors colors(data->services);
            const WaterfallView view(data, colors);
            const Viewport viewport{.size = {1000, view.contentHeight()}};
            const auto where = view.layout(viewport);
            const auto list = painted(view, viewport);
            for (std::size_t row = 0; row < view.rows(); ++row) {
                const auto &span = data->spans[row];
                const auto bar = view.barOf(row, viewport);
                const auto strong = colors.of(data->services[span.service], Theme::Light);
                for (auto x = bar.x + 1.5f; x < bar.right() - 1; x += 1) {
                    bool painted = false;
                    for (const auto &cmd : list.commands())
                        painted =
                            painted || (cmd.op == Op::FillRect && cmd.color == strong &&
                                        std::abs(cmd.rect.y - bar.y) < 0.01f &&
                                        cmd.rect.height == 12 && cmd.rect.contains({x, bar.y + 1}));
                    bool inside = false, near = false;
                    for (const auto &part : data->selfOf(span)) {
                        const auto left = where.xOf(static_cast<double>(part.begin));
                        const auto right = where.xOf(static_cast<double>(part.end));
                        inside = inside || (x > left + 1 && x < right - 1);
                        near = near || (x > left - 1 && x < right + 1);
                    }
                    QVERIFY(!inside || painted);
                    QVERIFY(near || !painted);
                }
            }
        }
    }
    void nothingSaysThatThereIsNothing()
    {
        QVERIFY(shows(painted(WaterfallView(), {.size = {400, 200}}), "This trace has no spans"));
        QVERIFY(!WaterfallView().hitTest({.size = {400, 200}}, {50, 50}));
    }
    void servicesKeepTheirColours()
    {
        const ServiceColors few({"web", "api"}), more({"web", "api", "zzz"});
        for (const auto *service : {"web", "api"})
            QVERIFY(few.of(service, Theme::Light) == more.of(service, Theme::Light));
        std::vector<std::string> many;
        for (int i = 0; i < 20; ++i)
            many.push_back(std::string(1, static_cast<char>('a' + i)) + "-service");
        const ServiceColors all(many);
        for (int i = 0; i < 8; ++i) {
            for (int j = 0; j < i; ++j)
                QVERIFY(!(all.of(many[i], Theme::Dark) == all.of(many[j], Theme::Dark)));
        }
        QVERIFY(all.of(many[19], Theme::Dark) == palette(Theme::Dark).otherLines);
    }
    void timesAtTheEndOfTimeAreDrawn()
    {
        const auto data = waterfallOf(madeSpans({{"t", 1, 0, "s", "a", INT64_MIN, INT64_MAX},
                                                 {"t", 2, 1, "s", "b", INT64_MAX, INT64_MAX}}));
        const WaterfallView view(data);
        QVERIFY(shows(painted(view, {.size = {500, 200}}), "\"a\""));
    }
};

QTEST_GUILESS_MAIN(TestWaterfallView)
#include "tst_waterfall_view.moc"
