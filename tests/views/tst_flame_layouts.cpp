#include "analysis/callers_tree.h"
#include "tests/support/import_contract.h"
#include "tests/views/naive_places.h"
#include "views/scene/flame_view.h"
#include "views/scene/time_axis.h"

#include <QTest>

#include <map>
#include <set>

using namespace flamewright;
using namespace flamewright::testing;

namespace {

const FixedMetrics kMetrics;

// Siblings are heaviest first in the tree: zeta before alpha.
const char *const kShop = "main;zeta;memcpy_[i] 40\n"
                          "main;zeta 20\n"
                          "main;alpha;sys_write_[k] 12\n"
                          "main;alpha;memcpy 8\n"
                          "main;gc 10\n"
                          "poll_[k] 10\n";

std::uint32_t nodeNamed(const Profile &profile, std::string_view name)
{
    for (std::uint32_t i = 0; i < profile.tree.size(); ++i) {
        if (profile.at(i).name == name)
            return i;
    }
    return kNoNode;
}

std::string golden(const std::string &name, const FlameView &view, const Viewport &viewport)
{
    DisplayList list;
    view.paint(viewport, Theme::Light, kMetrics, list);
    return compareGolden(FW_SOURCE_DIR "/tests/golden/views/layout-" + name + ".display-list.txt",
                         dump(list));
}

// Two threads over 1 s, samples 100 ms apart: one runs throughout, the other not from 0.3 to 0.7.
std::shared_ptr<const Profile> smallChart(const Profile &profile)
{
    constexpr std::int64_t ms = 1'000'000;
    SampleSeries series{.lanes = {"node 11", "worker 12"}, .periodNs = 100 * ms};
    series.beginNs = 5000 * ms;
    series.endNs = 6000 * ms;
    const auto zeta = nodeNamed(profile, "zeta"), alpha = nodeNamed(profile, "alpha");
    for (int i = 0; i < 10; ++i)
        series.samples.push_back({(5000 + i * 100) * ms, 0, i < 6 ? zeta : alpha});
    for (const int i : {0, 1, 2, 7, 8, 9})
        series.samples.push_back({(5000 + i * 100) * ms, 1, nodeNamed(profile, "poll")});
    return std::make_shared<const Profile>(chartProfile(profile, series));
}

std::shared_ptr<const Profile> profileFor(FlameLayout layout,
                                          const std::shared_ptr<const Profile> &base, unsigned seed)
{
    if (layout == FlameLayout::Inverted)
        return std::make_shared<const Profile>(invertedProfile(*base));
    if (layout == FlameLayout::Chart)
        return randomChart(*base, seed, 4, 200);
    return base;
}

} // namespace

class TestFlameLayouts : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void namesAreReadBack()
    {
        std::set<std::string_view> names;
        for (const auto layout : kFlameLayouts) {
            QCOMPARE(flameLayout(nameOf(layout)), std::optional(layout));
            names.insert(nameOf(layout));
        }
        QCOMPARE(names.size(), kFlameLayouts.size());
        QVERIFY(names.contains("left-heavy"));
        for (const auto scheme : kColorSchemes) {
            QCOMPARE(colorScheme(nameOf(scheme)), std::optional(scheme));
            names.insert(nameOf(scheme));
        }
        QCOMPARE(names.size(), kFlameLayouts.size() + kColorSchemes.size());
        QVERIFY(!flameLayout("") && !flameLayout("Icicle") && !colorScheme("heat"));
    }

    // 100 samples on 500 px are 5 px each. main 90 = 450 px, poll 10 = 50 px; in main: alpha 20 =
    // 100 px, gc 10 = 50 px, zeta 60 = 300 px. By name alpha begins at 0, gc at 100, zeta at 150;
    // by weight zeta begins at 0, alpha at 300, gc at 400. Inverted: self values, heaviest first:
    // the inlined memcpy 40 = 200 px, zeta 20 = 100, sys_write 12 = 60, gc and poll 10 = 50 each, and
    // memcpy as a call 8 = 40; below each its callers up to main.
    void drawsTheGoldenList_data()
    {
        QTest::addColumn<int>("layout");
        for (const auto layout : kFlameLayouts) {
            if (layout != FlameLayout::Sandwich && layout != FlameLayout::Chart)
                QTest::newRow(std::string(nameOf(layout)).c_str()) << static_cast<int>(layout);
        }
    }
    void drawsTheGoldenList()
    {
        QFETCH(int, layout);
        const auto as = static_cast<FlameLayout>(layout);
        const FlameView view(profileFor(as, drawn(kShop), 1), as);
        const auto diff = golden(std::string(nameOf(as)), view, {.size = {500, 95}});
        QVERIFY2(diff.empty(), diff.c_str());
    }

    // 1 s on 1000 px: 100 ms are 100 px. Lane 1 is row 1, main and zeta from 0 to 600, alpha from
    // 600 to 1000; lane 2 is row 4, poll from 0 to 300 and from 700 to 1000. Ticks every 200 ms from
    // the offset of 5 s: 5.0 s at 0, 5.2 s at 200.
    void drawsTheGoldenChart()
    {
        FlameView view(smallChart(*drawn(kShop)), FlameLayout::Chart);
        view.setTimeOrigin(5'000'000'000);
        auto diff = golden("chart", view, {.size = {1000, 120}});
        QVERIFY2(diff.empty(), diff.c_str());
        // Zoomed to the middle and scrolled: names stay in sight, the axis on top.
        diff = golden("chart-zoomed", view,
                      {.size = {1000, 60}, .begin = 0.5, .end = 0.75, .scrollY = 38});
        QVERIFY2(diff.empty(), diff.c_str());
    }

    void chartSaysWhatWasFoundInIt()
    {
        const auto chart = smallChart(*drawn(kShop));
        const FlameView view(chart, FlameLayout::Chart);
        const Viewport viewport{.size = {1000, 200}};
        // Where the thread did not run there is nothing.
        QVERIFY(view.boxAt(viewport, {290, 5 * 19 + 5}));
        QVERIFY(!view.boxAt(viewport, {310, 5 * 19 + 5}));
        QVERIFY(!view.boxAt(viewport, {690, 5 * 19 + 5}));
        QVERIFY(view.boxAt(viewport, {710, 5 * 19 + 5}));
        // The axis is no frame.
        QVERIFY(!view.boxAt(viewport, {500, 9}));
        QVERIFY(!view.boxAt({.size = {1000, 60}, .scrollY = 38}, {500, 9}));
        const auto lane = view.boxAt(viewport, {990, 4 * 19 + 5});
        QVERIFY(lane);
        QCOMPARE(chart->at(lane->node).name, std::string("worker 12"));
        QCOMPARE(view.tooltip(*lane).title, std::string("worker 12"));
    }

    void walksAlongTimeAndFromLaneToLane()
    {
        const auto chart = smallChart(*drawn(kShop));
        const FlameView view(chart, FlameLayout::Chart);
        using Step = FlameScene::Step;
        const auto name = [&](std::uint32_t node) {
            return node == kNoNode ? std::string("none") : chart->at(node).name;
        };
        const auto first = view.childOf(0);
        QCOMPARE(name(first), std::string("node 11"));
        const auto second = view.neighbourOf(first, Step::Right);
        QCOMPARE(name(second), std::string("worker 12"));
        QCOMPARE(view.neighbourOf(second, Step::Left), first);
        QCOMPARE(view.neighbourOf(second, Step::Up), first);
        QCOMPARE(name(view.neighbourOf(second, Step::Right)), std::string("none"));
        QCOMPARE(name(view.neighbourOf(first, Step::Left)), std::string("none"));
        const auto main = view.neighbourOf(first, Step::Down);
        QCOMPARE(name(main), std::string("main"));
        const auto zeta = view.neighbourOf(main, Step::Down);
        QCOMPARE(name(zeta), std::string("zeta"));
        QCOMPARE(name(view.neighbourOf(zeta, Step::Right)), std::string("alpha"));
        // Over the gap.
        const auto poll = view.neighbourOf(second, Step::Down);
        const auto later = view.neighbourOf(poll, Step::Right);
        QCOMPARE(name(later), std::string("poll"));
        QVERIFY(later != poll);
        QCOMPARE(view.neighbourOf(later, Step::Left), poll);
        QCOMPARE(view.neighbourOf(later, Step::Up), second);
    }

    void walksInTheOrderSeen()
    {
        const auto profile = drawn(kShop);
        const auto node = [&](const char *name) { return nodeNamed(*profile, name); };
        FlameView view(profile);
        QCOMPARE(view.siblingOf(node("alpha"), 1), node("gc"));
        QCOMPARE(view.siblingOf(node("gc"), 1), node("zeta"));
        QCOMPARE(view.siblingOf(node("alpha"), -1), kNoNode);
        view.setLayout(FlameLayout::LeftHeavy);
        QCOMPARE(view.siblingOf(node("zeta"), 1), node("alpha"));
        QCOMPARE(view.siblingOf(node("gc"), 1), kNoNode);
        // Down from main is the heaviest, whatever the order.
        QCOMPARE(view.neighbourOf(node("main"), FlameScene::Step::Down), node("zeta"));
        view.setLayout(FlameLayout::Flame);
        QCOMPARE(view.neighbourOf(node("main"), FlameScene::Step::Up), node("zeta"));
        QCOMPARE(view.neighbourOf(node("zeta"), FlameScene::Step::Down), node("main"));
    }

    void twoCapturesLookAlike()
    {
        // The same program, other weights: by name the order of frames is the same.
        const auto order = [](const Profile &profile, FlameLayout layout) {
            const FlameView view(std::make_shared<const Profile>(profile), layout);
            std::map<float, std::string> byX;
            const auto rows = view.boxes({.size = {900, 95}});
            for (const auto &box : rows) {
                if (profile.tree.depth[box.node] == 2)
                    byX[box.rect.x] = profile.at(box.node).name;
            }
            std::string out;
            for (const auto &[x, name] : byX)
                out += name + " ";
            return out;
        };
        const auto before = drawn("m;a 10\nm;b 20\nm;c 30\n"),
                   after = drawn("m;a 30\nm;b 5\nm;c 9\n");
        QCOMPARE(order(*before, FlameLayout::Icicle), std::string("a b c "));
        QCOMPARE(order(*after, FlameLayout::Icicle), std::string("a b c "));
        QCOMPARE(order(*before, FlameLayout::LeftHeavy), std::string("c b a "));
        QCOMPARE(order(*after, FlameLayout::LeftHeavy), std::string("a c b "));
    }

    void marksStayWhenTheLayoutChanges()
    {
        const auto profile = drawn(kShop);
        FlameView view(profile);
        view.setSearch(searchProfile(*profile, "gc").value());
        view.highlight(profile->tree.function[nodeNamed(*profile, "alpha")]);
        view.setSelected(nodeNamed(*profile, "gc"));
        view.setFocus(nodeNamed(*profile, "main"));
        view.setLayout(FlameLayout::LeftHeavy);
        DisplayList list;
        view.paint({.size = {500, 95}}, Theme::Light, kMetrics, list);
        FlameView fresh(profile, FlameLayout::LeftHeavy);
        fresh.setSearch(searchProfile(*profile, "gc").value());
        fresh.highlight(profile->tree.function[nodeNamed(*profile, "alpha")]);
        fresh.setSelected(nodeNamed(*profile, "gc"));
        fresh.setFocus(nodeNamed(*profile, "main"));
        DisplayList wanted;
        fresh.paint({.size = {500, 95}}, Theme::Light, kMetrics, wanted);
        QCOMPARE(dump(list), dump(wanted));
    }

    // A search over the profile finds the same functions in every picture of it.
    void searchesTheInvertedTree()
    {
        const auto profile = drawn(kShop);
        FlameView view(std::make_shared<const Profile>(invertedProfile(*profile)),
                       FlameLayout::Inverted);
        view.setSearch(searchProfile(*profile, "alpha").value());
        DisplayList list;
        view.paint({.size = {500, 95}}, Theme::Light, kMetrics, list);
        Rgba fill;
        int found = 0;
        for (const auto &c : list.commands()) {
            if (c.op == Op::FillRect && c.rect.height > 10)
                fill = c.color;
            if (c.op == Op::Text && list.textOf(c).starts_with("alp")) {
                const auto look =
                    frameColors({.match = true, .hash = nameHash("alpha")}, Theme::Light);
                QCOMPARE(fill.value, look.fill.value);
                ++found;
            }
        }
        QCOMPARE(found, 2); // the caller of sys_write and of one memcpy
    }

    void hitsWhatIsThere_data()
    {
        QTest::addColumn<int>("seed");
        QTest::addColumn<int>("layout");
        for (const auto layout : kFlameLayouts) {
            if (layout == FlameLayout::Sandwich)
                continue;
            for (int seed = 1; seed <= 6; ++seed)
                QTest::addRow("%s %d", std::string(nameOf(layout)).c_str(), seed)
                    << seed << static_cast<int>(layout);
        }
    }
    // Points all over the picture, against every frame one by one: a hit is the frame that is
    // there, or a merged box that holds it; a miss is where no frame is. Edges may be off by what
    // two narrow neighbours need: a pixel each.
    void hitsWhatIsThere()
    {
        QFETCH(int, seed);
        QFETCH(int, layout);
        const auto as = static_cast<FlameLayout>(layout);
        const auto profile =
            profileFor(as, randomProfile(static_cast<unsigned>(seed), seed * 60), 7u);
        const auto places = naivePlaces(*profile, as);
        const FlameView view(profile, as);
        const Viewport viewport{.size = {500, 300},
                                .begin = seed % 2 * 0.1,
                                .end = seed % 3 == 0 ? 0.4 : 1.0,
                                .scrollY = static_cast<float>(seed % 4) * 7,
                                .scale = 1 + static_cast<float>(seed % 3) * 0.5f};
        const auto &tree = profile->tree;
        const auto pxOf = [&](std::int64_t value) {
            const auto share = static_cast<double>(value) / static_cast<double>(tree.total[0]);
            return (share - viewport.begin) / (viewport.end - viewport.begin) * 500;
        };
        int hits = 0, misses = 0, merged = 0;
        std::mt19937 random(static_cast<unsigned>(seed));
        for (int i = 0; i < 3000; ++i) {
            const auto x = static_cast<float>(random() % 5000) / 10;
            const auto y = static_cast<float>(random() % 3000) / 10;
            const auto down = as == FlameLayout::Flame ? 300 - y : y;
            const auto row = static_cast<std::int64_t>(
                as == FlameLayout::Flame ? std::ceil((down + viewport.scrollY) / 19) - 1
                                         : std::floor((down + viewport.scrollY) / 19));
            const bool axis = as == FlameLayout::Chart && y < 19;
            const auto hit = view.boxAt(viewport, {x, y});
            std::set<std::uint32_t> inHit;
            if (hit) {
                QVERIFY(!axis);
                QCOMPARE(std::int64_t{tree.depth[hit->node]}, row);
                const auto nodes = nodesOf(*hit, *profile, places);
                QCOMPARE(nodes.size(), std::size_t{hit->count});
                inHit.insert(nodes.begin(), nodes.end());
                // What is said to be here is here.
                QVERIFY(pxOf(places[nodes.front()].begin) <= static_cast<double>(x) + 2.01);
                QVERIFY(pxOf(places[nodes.back()].end) >= static_cast<double>(x) - 2.01);
                ++hits;
                merged += hit->merged();
            } else {
                ++misses;
            }
            if (axis)
                continue;
            for (std::uint32_t node = 0; node < tree.size(); ++node) {
                const bool over = tree.depth[node] == row &&
                                  pxOf(places[node].begin) <= static_cast<double>(x) - 2.01 &&
                                  pxOf(places[node].end) >= static_cast<double>(x) + 2.01;
                if (over)
                    QVERIFY2(inHit.contains(node), qPrintable(QString::number(node)));
            }
        }
        QVERIFY(hits > 100 && misses > 100);
        QVERIFY(merged > 0);
    }

    void everyFrameIsInOneBox_data() { hitsWhatIsThere_data(); }
    void everyFrameIsInOneBox()
    {
        QFETCH(int, seed);
        QFETCH(int, layout);
        const auto as = static_cast<FlameLayout>(layout);
        const auto profile =
            profileFor(as, randomProfile(static_cast<unsigned>(seed), seed * 60), 9u);
        const auto places = naivePlaces(*profile, as);
        const FlameView view(profile, as);
        const Viewport all{.size = {400, 19 * 100}};
        std::set<std::uint32_t> shown;
        FlameBox before;
        for (const auto &box : view.boxes(all)) {
            for (const auto node : nodesOf(box, *profile, places))
                QVERIFY(shown.insert(node).second);
            if (before.node != kNoNode && before.rect.y == box.rect.y)
                QVERIFY(box.rect.x >= before.rect.right() - 0.001f);
            before = box;
        }
        for (std::uint32_t node = 0; node < profile->tree.size(); ++node) {
            if (profile->tree.total[node] > 0 && !(node == 0 && as == FlameLayout::Chart))
                QVERIFY2(shown.contains(node), qPrintable(QString::number(node)));
        }
    }

    // Frames of zero length, before their caller, after its end, going back.
    void hostileTimesStayInOrder()
    {
        auto profile = std::make_shared<Profile>(*randomChart(*randomProfile(3, 50), 3, 2, 50));
        std::mt19937_64 random(5);
        for (auto &begin : profile->tree.begin)
            begin = static_cast<std::int64_t>(random());
        for (std::size_t i = 1; i < profile->tree.size(); ++i)
            profile->tree.total[i] = static_cast<std::int64_t>(random());
        const FlameRows rows(*profile, FlameLayout::Chart);
        for (std::uint32_t row = 0; row < rows.count(); ++row) {
            const auto [first, last] = rows.row(row);
            for (auto i = first; i < last; ++i) {
                QVERIFY(rows.begin(i) <= rows.end(i));
                QVERIFY(i == first || rows.begin(i) >= rows.end(i - 1));
            }
        }
        const FlameView view(profile, FlameLayout::Chart);
        DisplayList list;
        view.paint({.size = {700, 2000}}, Theme::Dark, kMetrics, list);
        QVERIFY(list.commands().size() < 100'000);
    }

    void ticksAreRound_data()
    {
        QTest::addColumn<double>("begin");
        QTest::addColumn<double>("end");
        QTest::addColumn<QString>("labels");
        QTest::newRow("seconds") << 0.0 << 10e9 << "0 s|2 s|4 s|6 s|8 s|10 s";
        QTest::newRow("offset") << 12.3e9 << 13.3e9 << "12.4 s|12.6 s|12.8 s|13.0 s|13.2 s";
        QTest::newRow("micro") << 1e9 << 1e9 + 5000
                               << "1.000000 s|1.000001 s|1.000002 s|1.000003 s|"
                                  "1.000004 s|1.000005 s";
        QTest::newRow("millis") << 4.9e6 << 5.4e6 << "4.9 ms|5.0 ms|5.1 ms|5.2 ms|5.3 ms|5.4 ms";
        QTest::newRow("nanos") << 0.0 << 50.0
                               << QString::fromUtf8("0.00 \u00b5s|0.01 \u00b5s|0.02 \u00b5s|"
                                                    "0.03 \u00b5s|0.04 \u00b5s|0.05 \u00b5s");
        QTest::newRow("nothing") << 5.0 << 5.0 << "";
        QTest::newRow("backwards") << 5.0 << 1.0 << "";
    }
    void ticksAreRound()
    {
        QFETCH(double, begin);
        QFETCH(double, end);
        QFETCH(QString, labels);
        QStringList got;
        for (const auto &tick : timeTicks(begin, end, 600, 110))
            got << QString::fromStdString(tick.label);
        QCOMPARE(got.join(QLatin1Char('|')), labels);
    }

    void ticksAreFarApartAtEveryZoom()
    {
        for (double span = 1; span < 9e18; span *= 3.7) {
            for (const double begin : {0.0, span / 3, 1e15}) {
                const auto ticks = timeTicks(begin, begin + span, 1000, 100);
                QVERIFY(ticks.size() <= 11);
                for (std::size_t i = 1; i < ticks.size(); ++i) {
                    const auto by = static_cast<double>(ticks[i].ns - ticks[i - 1].ns);
                    QVERIFY(by / span * 1000 >= 99.9);
                    QVERIFY(ticks[i].label != ticks[i - 1].label);
                }
                QVERIFY(ticks.size() >= 2 || span < 5 || begin > 8e18);
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestFlameLayouts)
#include "tst_flame_layouts.moc"
