#include "tests/support/import_contract.h"
#include "tests/views/drawn_spans.h"
#include "views/paint/paint_svg.h"
#include "views/scene/service_map_view.h"

#include <QTest>

#include <random>

using namespace flamewright;

namespace {

const FixedMetrics kMetrics;

ServiceColors colorsOf(const ServiceMap &map)
{
    std::vector<std::string> names;
    for (const auto &node : map.nodes)
        names.push_back(node.name);
    return ServiceColors(names);
}

DisplayList painted(const ServiceMapView &view, const Viewport &viewport,
                    Theme theme = Theme::Light)
{
    DisplayList list;
    view.paint(viewport, theme, kMetrics, list);
    return list;
}

} // namespace

class TestServiceMapView : public QObject {
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
        QFETCH(const int, theme);
        const auto map = drawnServices();
        const ServiceMapView view(map, colorsOf(*map));
        const auto list = painted(view, {.size = {1300, 420}}, static_cast<Theme>(theme));
        const auto diff =
            testing::compareGolden(std::string(FW_SOURCE_DIR "/tests/golden/views/service-map-") +
                                       QTest::currentDataTag() + ".display-list.txt",
                                   dump(list));
        QVERIFY2(diff.empty(), diff.c_str());
    }
    void drawsTheGoldenPicture()
    {
        const auto map = drawnServices();
        const auto picture = serviceMapPicture(
            map, colorsOf(*map), {.title = "Services", .theme = Theme::Print, .width = 1200},
            kMetrics);
        const auto svg = toSvg(picture.list, picture.size, Theme::Print);
        const auto diff =
            testing::compareGolden(FW_SOURCE_DIR "/tests/golden/views/service-map.svg", svg);
        QVERIFY2(diff.empty(), diff.c_str());
        QVERIFY(svg.find("700 calls \u00b7 p95 74 ms") != std::string::npos);
        QVERIFY(svg.find("9 failed (1.3 %)") != std::string::npos);
    }
    // Left of what they call, except where calls go in a circle.
    void callersAreLeftOfWhatTheyCall()
    {
        const auto map = drawnServices();
        const ServiceMapView view(map);
        const Viewport viewport{.size = {1300, 420}};
        for (const auto &edge : map->edges) {
            const auto from = view.nodeRect(edge.from, viewport);
            const auto to = view.nodeRect(edge.to, viewport);
            QVERIFY(from.right() < to.x);
        }
    }
    void everythingIsHitWhereItIs()
    {
        const auto map = drawnServices();
        const ServiceMapView view(map);
        const Viewport viewport{.size = {1300, 420}};
        for (std::size_t i = 0; i < map->nodes.size(); ++i) {
            const auto rect = view.nodeRect(i, viewport);
            const auto hit =
                view.hitTest(viewport, {rect.x + rect.width / 2, rect.y + rect.height / 2});
            QVERIFY(hit);
            QCOMPARE(hit->key, std::uint64_t{i});
            QCOMPARE(hit->title, map->nodes[i].name);
            for (std::size_t j = 0; j < i; ++j) {
                const auto other = view.nodeRect(j, viewport);
                QVERIFY(rect.right() <= other.x || other.right() <= rect.x ||
                        rect.bottom() <= other.y || other.bottom() <= rect.y);
            }
        }
        for (std::size_t i = 0; i < map->edges.size(); ++i) {
            const auto curve = view.edgeCurve(i, viewport);
            const auto hit = view.hitTest(viewport, curve[2]);
            QVERIFY(hit);
            QCOMPARE(hit->key, std::uint64_t{map->nodes.size() + i});
        }
        QVERIFY(!view.hitTest(viewport, {2, 2}));
    }
    // Circles, calls to oneself, nothing: an answer, with every node in its own place.
    void anyMapHasPlaces()
    {
        for (unsigned seed = 0; seed < 100; ++seed) {
            std::mt19937 random(seed);
            ServiceMap map;
            const auto n = seed % 13;
            for (unsigned i = 0; i < n; ++i)
                map.nodes.push_back({.name = std::to_string(i)});
            for (std::uint32_t from = 0; from < n; ++from) {
                for (std::uint32_t to = 0; to < n; ++to) {
                    if (random() % 4 == 0)
                        map.edges.push_back({from, to, 1 + random() % 100'000, random() % 2, 5, 6});
                }
            }
            const ServiceMapView view(std::make_shared<const ServiceMap>(map));
            const auto size = view.contentSize();
            const auto list = painted(view, {.size = size});
            QVERIFY(!list.commands().empty());
            for (std::size_t i = 0; i < n; ++i) {
                const auto rect = view.nodeRect(i, {.size = size});
                QVERIFY(rect.x >= 0 && rect.y >= 0 && rect.right() <= size.width &&
                        rect.bottom() <= size.height);
                for (std::size_t j = 0; j < i; ++j) {
                    const auto other = view.nodeRect(j, {.size = size});
                    QVERIFY(rect.x != other.x || rect.y != other.y);
                }
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestServiceMapView)
#include "tst_service_map_view.moc"
