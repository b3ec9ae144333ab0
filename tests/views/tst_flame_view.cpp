#include "tests/support/import_contract.h"
#include "tests/views/drawn_profile.h"
#include "tests/views/naive_places.h"
#include "views/scene/flame_picture.h"
#include "views/scene/flame_view.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <set>

using namespace flamewright;
using testing::randomProfile;

namespace {

const FixedMetrics kMetrics;

const char *const kShop = "main;handleRequest;serialize;memcpy_[i] 40\n"
                          "main;handleRequest;serialize 20\n"
                          "main;handleRequest;checkout;sys_write_[k] 12\n"
                          "main;handleRequest;checkout;LazyCompile:~total_[j] 9\n"
                          "main;handleRequest;shop+0x1234_[u] 6\n"
                          "main;gc 10\n"
                          "start_thread;poll_[k] 3\n";

std::string golden(const std::string &name, const std::string &text)
{
    return testing::compareGolden(std::string(FW_SOURCE_DIR "/tests/golden/views/") + name, text);
}

std::uint32_t nodeNamed(const Profile &profile, std::string_view name)
{
    for (std::uint32_t i = 0; i < profile.tree.size(); ++i) {
        if (profile.at(i).name == name)
            return i;
    }
    return kNoNode;
}

PointF centre(RectF r)
{
    return {r.x + r.width / 2, r.y + r.height / 2};
}

} // namespace

class TestFlameView : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void drawsTheGoldenList_data()
    {
        QTest::addColumn<int>("layout");
        QTest::addColumn<int>("theme");
        QTest::addColumn<QString>("name");
        QTest::newRow("icicle") << int(FlameLayout::Icicle) << int(Theme::Light) << "icicle-light";
        QTest::newRow("flame") << int(FlameLayout::Flame) << int(Theme::Dark) << "flame-dark";
    }
    void drawsTheGoldenList()
    {
        QFETCH(int, layout);
        QFETCH(int, theme);
        QFETCH(QString, name);
        FlameView view(drawn(kShop, Unit::Nanoseconds, 1'000'000));
        view.setLayout(static_cast<FlameLayout>(layout));
        DisplayList list;
        view.paint({.size = {640, 120}}, static_cast<Theme>(theme), kMetrics, list);
        const auto diff = golden("shop-" + name.toStdString() + ".display-list.txt", dump(list));
        QVERIFY2(diff.empty(), diff.c_str());
    }

    void drawsSearchZoomSelectionAndHighlightAsTheGolden()
    {
        const auto profile = drawn(kShop);
        FlameView view(profile);
        const auto node = nodeNamed(*profile, "handleRequest");
        view.setFocus(node);
        view.setSelected(nodeNamed(*profile, "checkout"));
        view.highlight(profile->tree.function[nodeNamed(*profile, "serialize")]);
        view.setSearch(searchProfile(*profile, "write").value());
        const auto [begin, end] = view.rangeOf({.node = node});
        DisplayList list;
        view.paint({.size = {640, 120}, .begin = begin, .end = end, .scale = 2}, Theme::Light,
                   kMetrics, list);
        const auto diff = golden("shop-zoomed.display-list.txt", dump(list));
        QVERIFY2(diff.empty(), diff.c_str());
    }

    void hitsEveryBoxAtItsCentre_data()
    {
        QTest::addColumn<int>("seed");
        QTest::addColumn<double>("scale");
        QTest::addColumn<bool>("flame");
        for (int seed = 1; seed <= 8; ++seed)
            QTest::addRow("seed %d", seed) << seed << 1.0 + seed % 3 * 0.5 << (seed % 2 == 0);
    }
    // Brute force over every node: each is either a box of its own, where its edges say, or
    // inside a merged box that counts it; boxes of a row do not overlap.
    void hitsEveryBoxAtItsCentre()
    {
        QFETCH(int, seed);
        QFETCH(double, scale);
        QFETCH(bool, flame);
        const auto profile = randomProfile(static_cast<unsigned>(seed), seed * 60);
        FlameView view(profile);
        view.setLayout(flame ? FlameLayout::Flame : FlameLayout::Icicle);
        const Viewport viewport{.size = {500, 400},
                                .begin = seed % 2 * 0.1,
                                .end = seed % 3 == 0 ? 0.4 : 1.0,
                                .scrollY = static_cast<float>(seed % 4) * 7,
                                .scale = static_cast<float>(scale)};
        const auto boxes = view.boxes(viewport);
        const auto places = testing::naivePlaces(*profile, view.layout());
        QVERIFY(boxes.size() > 10);
        std::set<std::uint32_t> shown;
        const auto &tree = profile->tree;
        for (const auto &box : boxes) {
            const auto hit = view.boxAt(viewport, centre(box.rect));
            if (box.rect.y > -box.rect.height / 2 && box.rect.y < 390) {
                QVERIFY(hit);
                QCOMPARE(hit->node, box.node);
                QCOMPARE(hit->count, box.count);
            }
            for (const auto node : testing::nodesOf(box, *profile, places))
                QVERIFY(shown.insert(node).second);
            if (!box.merged()) {
                const auto r = view.rectOf(box.node, viewport);
                // Its neighbours may need a pixel each.
                QVERIFY(std::abs(std::max(r.x, 0.0f) - box.rect.x) < 2.01f);
                QCOMPARE(r.y, box.rect.y);
            }
        }
        for (std::uint32_t node = 0; node < tree.size(); ++node) {
            const auto [begin, end] = view.rangeOf({.node = node});
            const auto r = view.rectOf(node, viewport);
            const bool inside = tree.total[node] > 0 && end > viewport.begin + 1e-9 &&
                                begin < viewport.end - 1e-9 && r.y < 400 && r.bottom() > 0;
            if (inside)
                QVERIFY2(shown.contains(node), qPrintable(QString::number(node)));
        }
    }

    void boxesOfARowDoNotOverlap()
    {
        const auto profile = randomProfile(99, 3000);
        const FlameView view(profile);
        const auto boxes = view.boxes({.size = {300, 400}});
        for (std::size_t i = 1; i < boxes.size(); ++i) {
            if (boxes[i].rect.y == boxes[i - 1].rect.y)
                QVERIFY(boxes[i].rect.x >= boxes[i - 1].rect.right() - 0.001f);
        }
    }

    void marksWhatIsTooNarrow()
    {
        DrawnProfile many;
        many.add("main;big", 9000, 9000);
        for (int i = 0; i < 500; ++i)
            many.add("main;small" + std::to_string(i), 2, 2);
        const auto profile = many.build();
        FlameView view(profile);
        const Viewport viewport{.size = {1000, 100}};
        const auto boxes = view.boxes(viewport);
        const auto merged =
            std::find_if(boxes.begin(), boxes.end(), [](const FlameBox &b) { return b.merged(); });
        QVERIFY(merged != boxes.end());
        QCOMPARE(merged->count, 500u);
        const auto tip = view.tooltip(*merged);
        QCOMPARE(tip.title, std::string("(500 merged)"));
        QCOMPARE(tip.rows.at(0).value, std::string("1,000 samples"));
        QCOMPARE(tip.rows.at(0).ofAll, std::string("10.0 %"));
        DisplayList list;
        view.paint(viewport, Theme::Light, kMetrics, list);
        QVERIFY(dump(list).find("\"(500 merged)\"") != std::string::npos);
        // A match inside shows.
        view.setSearch(searchProfile(*profile, "small77").value());
        list.clear();
        view.paint(viewport, Theme::Light, kMetrics, list);
        const auto match = palette(Theme::Light).flame.match;
        QVERIFY(std::any_of(list.commands().begin(), list.commands().end(),
                            [&](const DrawCmd &c) { return c.color == match; }));
        // Zoomed in, they come apart.
        const auto [begin, end] = view.rangeOf(*merged);
        const auto close = view.boxes({.size = {2000, 100}, .begin = begin, .end = end});
        QVERIFY(close.size() > 500);
    }

    // A number that is cut is a wrong one: "(12 merged)" is there whole, or a mark, or nothing. The
    // outline is there whatever the width.
    void labelsOfMergedFramesAreNeverCut()
    {
        int whole = 0, marks = 0, none = 0;
        for (int width = 4; width < 160; ++width) {
            DrawnProfile many;
            many.add("main;big", 1000 - width, 1000 - width);
            for (int i = 0; i < width; ++i)
                many.add("main;s" + std::to_string(i), 1, 1);
            FlameView view(many.build());
            DisplayList list;
            view.paint({.size = {1000, 95}}, Theme::Light, kMetrics, list);
            const auto label = "(" + std::to_string(width) + " merged)";
            const auto room = static_cast<float>(width) - 1 - 2 * 5; // gap, padding
            std::string found;
            for (const auto &c : list.commands()) {
                const auto text = std::string(c.op == Op::Text ? list.textOf(c) : "");
                if (text == "\u22ef" || text.starts_with("("))
                    found = text;
            }
            if (kMetrics.width(label, FontRole::Label) <= room && width >= 23) {
                QCOMPARE(found, label);
                ++whole;
            } else if (width >= 23) {
                QCOMPARE(found, std::string("\u22ef"));
                ++marks;
            } else {
                QCOMPARE(found, std::string());
                ++none;
            }
            const auto [fill, text] = frameColors({.merged = true}, Theme::Light);
            const auto edge = mergedEdge(fill, text);
            QCOMPARE(std::count_if(
                         list.commands().begin(), list.commands().end(),
                         [&](const DrawCmd &c) { return c.op == Op::FillRect && c.color == edge; }),
                     4);
        }
        QVERIFY(whole > 20 && marks > 20 && none > 10);
    }

    void labelsNeverOverflowTheirBox()
    {
        const auto profile = randomProfile(5, 400);
        const FlameView view(profile);
        DisplayList list;
        view.paint({.size = {700, 400}}, Theme::Dark, kMetrics, list);
        RectF box;
        int labels = 0;
        for (const auto &c : list.commands()) {
            if (c.op == Op::FillRect)
                box = c.rect;
            if (c.op != Op::Text)
                continue;
            ++labels;
            const auto width = kMetrics.width(list.textOf(c), c.font);
            QVERIFY(std::abs(width - c.rect.width) < 0.01f);
            QVERIFY(c.rect.x >= box.x && c.rect.x + width <= box.right());
        }
        QVERIFY(labels > 10);
    }

    void showsHostileNamesSafely()
    {
        DrawnProfile hostile;
        hostile.add(std::string("a\x1b[31m\xff\xe2\x80\xae<b>&\"") + std::string(1 << 20, 'x'), 5,
                    5);
        const auto profile = hostile.build();
        FlameView view(profile);
        DisplayList list;
        view.paint({.size = {40000, 100}}, Theme::Light, kMetrics, list);
        const auto text = dump(list);
        QVERIFY(text.size() < 10'000);
        QVERIFY(text.find('\x1b') == std::string::npos);
        QVERIFY(text.find("\xe2\x80\xae") == std::string::npos);
        QVERIFY(view.tooltip({.node = 1}).title.size() < 5000);
    }

    void saysWhenThereIsNothing()
    {
        const FlameView none(drawn(""));
        QVERIFY(none.isEmpty());
        DisplayList list;
        none.paint({.size = {800, 300}}, Theme::Light, kMetrics, list);
        const auto text = dump(list);
        QVERIFY(text.find("No samples in this scope") != std::string::npos);
        QVERIFY(text.find("Widen the time range or clear the filter.") != std::string::npos);
        QVERIFY(!none.boxAt({.size = {800, 300}}, {5, 5}));
        const FlameView unset;
        QVERIFY(unset.isEmpty());
        unset.paint({.size = {0, 0}}, Theme::Light, kMetrics, list);
    }

    void dimsTheCallersOfTheFocusOnly()
    {
        const auto profile = drawn(kShop);
        FlameView view(profile);
        const auto fillOf = [&](std::string_view name) {
            DisplayList list;
            view.paint({.size = {6400, 400}}, Theme::Light, kMetrics, list);
            Rgba fill;
            for (const auto &c : list.commands()) {
                if (c.op == Op::FillRect && c.rect.height > 10)
                    fill = c.color;
                if (c.op == Op::Text && list.textOf(c) == name)
                    return fill;
            }
            return Rgba{};
        };
        const auto main = fillOf("main"), serialize = fillOf("serialize"), gc = fillOf("gc");
        view.setFocus(nodeNamed(*profile, "handleRequest"));
        QVERIFY(!(fillOf("main") == main));
        QCOMPARE(fillOf("serialize").value, serialize.value);
        QCOMPARE(fillOf("gc").value, gc.value);
    }

    void tooltipGivesSharesAndTheInterval()
    {
        const auto profile = drawn(kShop, Unit::Nanoseconds, 1'000'000);
        FlameView view(profile);
        const auto focus = nodeNamed(*profile, "handleRequest");
        view.setFocus(focus);
        const auto tip = view.tooltip({.node = nodeNamed(*profile, "serialize")});
        QCOMPARE(tip.title, std::string("serialize"));
        QCOMPARE(tip.subtitle, std::string("src/serialize.c:42 · shop"));
        QCOMPARE(tip.rows.at(0).label, std::string("total"));
        QCOMPARE(tip.rows.at(0).value, std::string("60 ms"));
        QCOMPARE(tip.rows.at(0).ofAll, std::string("60.0 %"));
        QCOMPARE(tip.rows.at(0).ofView, std::string("69.0 %"));
        QCOMPARE(tip.rows.at(0).ofParent, std::string("69.0 %"));
        QCOMPARE(tip.rows.at(1).value, std::string("20 ms"));
        // Wilson, 60 of 100: 0.5020 to 0.6906.
        QCOMPARE(tip.footer,
                 std::string("60 of 100 samples · 60.0 % (95 % interval 50.2 to 69.1 %)"));
        const auto kernel = view.tooltip({.node = nodeNamed(*profile, "sys_write")});
        QCOMPARE(kernel.subtitle, std::string("kernel · [kernel.kallsyms]"));
        const auto inlined = view.tooltip({.node = nodeNamed(*profile, "memcpy")});
        QCOMPARE(inlined.subtitle, std::string("inlined · shop"));
        QCOMPARE(rootLabel(*profile), std::string("all · 100 samples · 100 ms"));
        const ValueStyle style{.time = TimeStyle::Seconds};
        QCOMPARE(rootLabel(*profile, style), std::string("all · 100 samples · 0.1 s"));
        FlameView styled(profile);
        styled.setValueStyle(style);
        QCOMPARE(styled.tooltip({.node = 0}).rows.front().value, std::string("0.1 s"));
        QCOMPARE(rootLabel(*drawn("a 7")), std::string("all · 7 samples"));
    }

    void walksTheTree()
    {
        const auto profile = drawn(kShop);
        const FlameView view(profile);
        const auto request = nodeNamed(*profile, "handleRequest");
        QCOMPARE(view.childOf(request), nodeNamed(*profile, "serialize"));
        QCOMPARE(view.siblingOf(nodeNamed(*profile, "serialize"), 1),
                 nodeNamed(*profile, "shop+0x1234"));
        QCOMPARE(view.siblingOf(nodeNamed(*profile, "checkout"), -1), kNoNode);
        QCOMPARE(view.parentOf(request), nodeNamed(*profile, "main"));
        QCOMPARE(view.parentOf(0), kNoNode);
        QCOMPARE(view.siblingOf(0, 1), kNoNode);
        QCOMPARE(view.childOf(nodeNamed(*profile, "gc")), kNoNode);
        QCOMPARE(view.childOf(kNoNode), kNoNode);
    }

    // Negative and overflowing values, as in differences: boxes stay inside their callers.
    void keepsBoxesInsideTheirCallers()
    {
        DrawnProfile odd;
        odd.add("main;a", 100, 1);
        odd.add("main;b", -60, 1);
        odd.add("main;c;d", INT64_MAX, 1);
        const auto profile = odd.build();
        const FlameView view(profile);
        const Viewport viewport{.size = {300, 200}};
        for (std::uint32_t node = 1; node < profile->tree.size(); ++node) {
            const auto r = view.rectOf(node, viewport);
            const auto p = view.rectOf(profile->tree.parent[node], viewport);
            QVERIFY(r.x >= p.x - 0.01f && r.right() <= p.right() + 0.01f);
        }
        QVERIFY(!view.boxes(viewport).empty());
    }

    void staysSmallForDeepAndForWideTrees()
    {
        DrawnProfile deep;
        StackId at;
        for (int i = 0; i < 50'000; ++i)
            at = deep.child(at, deep.frame("f" + std::to_string(i % 100)));
        deep.addTo(at, 10, 10);
        const auto top = deep.build();
        QCOMPARE(top->tree.size(), std::size_t{50'001});
        const FlameView tall(top);
        DisplayList list;
        tall.paint({.size = {1600, 800}, .scrollY = 19 * 20'000}, Theme::Light, kMetrics, list);
        QVERIFY(list.commands().size() > 80 && list.commands().size() < 200);

        DrawnProfile wide;
        for (int i = 0; i < 100'000; ++i)
            wide.add("main;f" + std::to_string(i), 1 + i % 3, 1);
        const auto profile = wide.build();
        const FlameView view(profile);
        list.clear();
        view.paint({.size = {1600, 800}}, Theme::Light, kMetrics, list);
        QVERIFY(list.commands().size() < 1600 * 3);
    }

    void pictureSaysWhatItHides()
    {
        DrawnProfile deep;
        std::string stack = "f0";
        for (int i = 1; i < 100; ++i)
            stack += ";f" + std::to_string(i);
        deep.add(stack, 10, 10);
        const auto picture = flamePicture(
            deep.build(), {.title = "deep", .subtitle = "samples", .width = 800, .maxHeight = 600},
            kMetrics);
        QCOMPARE(picture.size.height, 600.0f);
        const auto text = dump(picture.list);
        // 101 rows of 19 px in 512 px.
        QVERIFY(text.find("75 deeper rows not shown") != std::string::npos);
        QVERIFY(text.find("\"deep\"") != std::string::npos);
        QVERIFY(text.find("\"user\"") != std::string::npos);
    }

    void cardHoldsAllItsText()
    {
        const auto profile = drawn(kShop);
        DisplayList list;
        auto tip = frameTooltip(*profile, 3, 2);
        tip.title = std::string(5000, 'W');
        const auto size = tooltipCard(tip, Theme::Dark, kMetrics, list);
        for (const auto &c : list.commands()) {
            if (c.op != Op::Text)
                continue;
            QVERIFY(c.rect.x >= 0 && c.rect.right() <= size.width);
            QVERIFY(c.rect.y + kMetrics.lineHeight(c.font) <= size.height);
        }
        QVERIFY(size.width < 600 && size.height < 300);
    }
};

QTEST_GUILESS_MAIN(TestFlameView)
#include "tst_flame_view.moc"
