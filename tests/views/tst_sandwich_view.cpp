#include "analysis/callers_tree.h"
#include "analysis/transforms.h"
#include "tests/support/import_contract.h"
#include "tests/views/naive_places.h"
#include "views/scene/flame_picture.h"
#include "views/scene/sandwich_view.h"

#include <QTest>

#include <set>

using namespace flamewright;
using namespace flamewright::testing;

namespace {

const FixedMetrics kMetrics;
constexpr float kRow = tokens::k_row_frame;

struct Halves {
    std::shared_ptr<const Profile> callers, callees;
    SandwichView view() const { return {callers, callees}; }
};

Halves sandwichOf(const Profile &profile, std::string_view name)
{
    for (std::uint32_t i = 1; i < profile.functions.size(); ++i) {
        if (profile.functions[i].name == name) {
            const auto both = flamewright::sandwichOf(profile, FunctionId{i});
            return {both.callers, both.callees};
        }
    }
    return {};
}

// alloc is 50 of 100: 30 from parse (main), 20 from main itself. It calls malloc 25 (of which 5 in
// brk) and memset 10; 15 are its own.
const char *const kShop = "main;parse;alloc;malloc 12\n"
                          "main;parse;alloc;malloc;brk_[k] 3\n"
                          "main;parse;alloc 15\n"
                          "main;alloc;malloc 8\n"
                          "main;alloc;malloc;brk_[k] 2\n"
                          "main;alloc;memset 10\n"
                          "main;write 50\n";

std::uint32_t nodeNamed(const SandwichView &view, bool caller, std::string_view name)
{
    const auto &half = caller ? view.callers() : view.callees();
    for (std::uint32_t i = 2; i < half.profile()->tree.size(); ++i) {
        if (half.profile()->at(i).name == name)
            return caller ? i | SandwichView::kCallerBit : i;
    }
    return kNoNode;
}

std::string golden(const std::string &name, const SandwichView &view, const Viewport &viewport)
{
    DisplayList list;
    view.paint(viewport, Theme::Light, kMetrics, list);
    return compareGolden(FW_SOURCE_DIR "/tests/golden/views/sandwich-" + name + ".display-list.txt",
                         dump(list));
}

} // namespace

class TestSandwichView : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // 500 px for 50 samples: 10 px each. Rows from the top: main above parse (300 px), parse 300 and
    // main 200 px, alloc 500, malloc 250 and memset 100, brk 50. Three rows of 19 above... the
    // function is row 2 of 5: at 38 px.
    void drawsTheGoldenList()
    {
        auto view = sandwichOf(*drawn(kShop), "alloc").view();
        view.setSelected(0);
        const auto diff = golden("alloc", view, {.size = {500, 100}});
        QVERIFY2(diff.empty(), diff.c_str());
        QCOMPARE(view.contentHeight(), 5 * kRow);
    }

    void theFunctionStaysInSight()
    {
        const auto view = sandwichOf(*drawn(kShop), "alloc").view();
        const auto topAt = [&](float height, float scroll) {
            return view.rectOf(0, {.size = {500, height}, .scrollY = scroll}).y;
        };
        QCOMPARE(topAt(100, 0), 2 * kRow);
        QCOMPARE(topAt(30, 0), 30 - kRow); // callers in view: it is below
        QCOMPARE(topAt(30, 57), 0.0f);     // callees in view: it is above
        QCOMPARE(topAt(57, 19), kRow);     // in the middle
        QCOMPARE(view.restingScroll(57), kRow);
        QCOMPARE(view.restingScroll(500), 0.0f);
        const auto diff = golden("alloc-scrolled", view, {.size = {500, 30}, .scrollY = 57});
        QVERIFY2(diff.empty(), diff.c_str());
    }

    void hitsWhatIsThere_data()
    {
        QTest::addColumn<int>("seed");
        for (int seed = 1; seed <= 8; ++seed)
            QTest::addRow("seed %d", seed) << seed;
    }
    // Points all over, against every frame of both halves one by one.
    void hitsWhatIsThere()
    {
        QFETCH(int, seed);
        const auto base = randomProfile(static_cast<unsigned>(seed), 300);
        const auto both = sandwichOf(*base, "f1");
        QVERIFY(both.callers && both.callees->total > 0);
        QCOMPARE(both.callers->total, both.callees->total);
        const auto view = both.view();
        const Viewport viewport{.size = {500, 150},
                                .begin = seed % 2 * 0.2,
                                .end = seed % 3 == 0 ? 0.5 : 1.0,
                                .scrollY = view.restingScroll(150) +
                                           static_cast<float>(seed % 5 - 2) * 20};
        const auto middle = view.rectOf(0, viewport).y;
        const auto column = view.offsetOf(0) - viewport.scrollY; // where it is when it is not held
        std::mt19937 random(static_cast<unsigned>(seed));
        int above = 0, below = 0, misses = 0;
        for (int i = 0; i < 3000; ++i) {
            const auto x = static_cast<float>(random() % 5000) / 10;
            const auto y = static_cast<float>(random() % 1500) / 10;
            const auto hit = view.boxAt(viewport, {x, y});
            if (y >= middle && y < middle + kRow) {
                QVERIFY(hit);
                QCOMPARE(hit->node, 0u);
                continue;
            }
            const bool caller = y < middle;
            const auto &profile = caller ? *both.callers : *both.callees;
            const auto places = naivePlaces(profile, FlameLayout::Sandwich);
            // Rows away from the function: 1 is next to it, depth 2 of the tree.
            const auto away =
                caller ? std::ceil((column - y) / kRow) : std::floor((y - column) / kRow);
            const auto depth = static_cast<std::int64_t>(away) + 1;
            const auto pxOf = [&](std::int64_t value) {
                const auto share = static_cast<double>(value) / static_cast<double>(profile.total);
                return (share - viewport.begin) / (viewport.end - viewport.begin) * 500;
            };
            std::set<std::uint32_t> inHit;
            if (hit) {
                QCOMPARE(SandwichView::isCaller(hit->node), caller);
                const FlameBox inHalf{.node = view.indexOf(hit->node), .count = hit->count};
                QCOMPARE(std::int64_t{profile.tree.depth[inHalf.node]}, depth);
                const auto nodes = nodesOf(inHalf, profile, places);
                inHit.insert(nodes.begin(), nodes.end());
                QVERIFY(pxOf(places[nodes.front()].begin) <= static_cast<double>(x) + 2.01);
                QVERIFY(pxOf(places[nodes.back()].end) >= static_cast<double>(x) - 2.01);
                QVERIFY(hit->rect.contains({x, y}));
                ++(caller ? above : below);
            } else {
                ++misses;
            }
            for (std::uint32_t node = 0; node < profile.tree.size(); ++node) {
                if (profile.tree.depth[node] == depth &&
                    pxOf(places[node].begin) <= static_cast<double>(x) - 1.01 &&
                    pxOf(places[node].end) >= static_cast<double>(x) + 1.01)
                    QVERIFY(inHit.contains(node));
            }
        }
        QVERIFY(above + below > 100 && misses > 0);
    }

    void walksThroughTheFunction()
    {
        const auto view = sandwichOf(*drawn(kShop), "alloc").view();
        using Step = FlameScene::Step;
        const auto parse = nodeNamed(view, true, "parse"),
                   malloc = nodeNamed(view, false, "malloc");
        QCOMPARE(view.neighbourOf(0, Step::Up), parse);
        QCOMPARE(view.neighbourOf(0, Step::Down), malloc);
        QCOMPARE(view.neighbourOf(parse, Step::Down), 0u);
        QCOMPARE(view.neighbourOf(malloc, Step::Up), 0u);
        QCOMPARE(view.neighbourOf(malloc, Step::Right), nodeNamed(view, false, "memset"));
        QCOMPARE(view.neighbourOf(malloc, Step::Down), nodeNamed(view, false, "brk"));
        const auto main = view.neighbourOf(parse, Step::Up);
        QCOMPARE(view.profileOf(main)->at(view.indexOf(main)).name, std::string("main"));
        QVERIFY(view.neighbourOf(parse, Step::Right) != kNoNode); // main, calling it directly
        QCOMPARE(view.neighbourOf(0, Step::Left), kNoNode);
        QCOMPARE(view.parentOf(parse), 0u);
        QCOMPARE(view.parentOf(0), kNoNode);
        QCOMPARE(view.neighbourOf(kNoNode, Step::Up), kNoNode);
    }

    // alloc is 50 of 100 samples: parse's 30 are 30 % of all and 60 % of alloc, each with the
    // interval of its own base. Wilson for 30 of 100: 21.9 to 39.6 %, for 30 of 50: 46.2 to 72.4 %.
    void sharesAreOfAllAndOfTheFunction()
    {
        auto view = sandwichOf(*drawn(kShop), "alloc").view();
        const auto self = view.tooltip({.node = 0});
        QCOMPARE(self.title, std::string("alloc"));
        QCOMPARE(self.rows.at(0).value, std::string("50 samples"));
        QCOMPARE(self.rows.at(1).value, std::string("15 samples"));
        QCOMPARE(self.rows.at(0).ofAll, std::string("50.0 %"));
        QCOMPARE(self.rows.at(0).ofFunction, std::string("100.0 %"));
        QCOMPARE(self.rows.at(1).ofAll, std::string("15.0 %"));
        QCOMPARE(self.rows.at(1).ofFunction, std::string("30.0 %"));
        const auto parse = view.tooltip({.node = nodeNamed(view, true, "parse")});
        QCOMPARE(parse.title, std::string("parse"));
        QCOMPARE(parse.rows.at(0).ofAll, std::string("30.0 %"));
        QCOMPARE(parse.rows.at(0).ofFunction, std::string("60.0 %"));
        QVERIFY(parse.rows.at(0).ofView.empty()); // nothing is zoomed to
        QCOMPARE(parse.footer,
                 std::string("30 of 100 samples \u00b7 30.0 % (95 % interval 21.9 to 39.6 %)\n"
                             "of the function: 30 of 50 samples \u00b7 60.0 % "
                             "(95 % interval 46.2 to 72.4 %)"));
        DisplayList card;
        tooltipCard(parse, Theme::Light, kMetrics, card);
        const auto drawnCard = dump(card);
        for (const auto *text : {"of all", "of function", "30.0 %", "60.0 %"})
            QVERIFY(drawnCard.find("\"" + std::string(text) + "\"") != std::string::npos);
        QVERIFY(plainText(parse).find("60.0 % of function") != std::string::npos);
        const auto brk = view.tooltip({.node = nodeNamed(view, false, "brk")});
        QCOMPARE(brk.rows.at(0).value, std::string("5 samples"));
        QCOMPARE(brk.rows.at(0).ofParent, std::string("20.0 %")); // of malloc's 25
        QCOMPARE(brk.rows.at(0).ofFunction, std::string("10.0 %"));
        view.setFocus(nodeNamed(view, false, "malloc"));
        const auto zoomed = view.tooltip({.node = nodeNamed(view, false, "brk")});
        QCOMPARE(zoomed.rows.at(0).ofView, std::string("20.0 %"));
        QCOMPARE(zoomed.rows.at(0).ofFunction, std::string("10.0 %"));
    }

    // A function that is inlined here and called there is one function in the middle.
    void inlinedAndCalledAreOne()
    {
        const auto view =
            sandwichOf(*drawn("main;f_[i];a 30\nmain;f;b 10\nmain;x;f 5\n"), "f").view();
        const auto tip = view.tooltip({.node = 0});
        QCOMPARE(tip.rows.at(0).value, std::string("45 samples"));
        QCOMPARE(tip.rows.at(1).value, std::string("5 samples"));
        const Viewport viewport{.size = {450, 95}};
        for (const auto x : {10.0f, 310.0f, 440.0f})
            QCOMPARE(view.boxAt(viewport, {x, view.rectOf(0, viewport).y + 5})->node, 0u);
    }

    void findsAndMarksInBothHalves()
    {
        const auto base = drawn(kShop);
        auto view = sandwichOf(*base, "alloc").view();
        const auto matches = [&](const char *pattern) {
            view.setSearch(searchProfile(*base, pattern).value());
            view.setAnnotated(true);
            DisplayList list;
            view.paint({.size = {500, 100}}, Theme::Light, kMetrics, list);
            return std::count_if(list.commands().begin(), list.commands().end(),
                                 [](const DrawCmd &c) {
                                     return c.op == Op::BeginItem && c.role == ItemRole::Match;
                                 });
        };
        QCOMPARE(matches("parse"), 1);
        QCOMPARE(matches("main"), 2);
        QCOMPARE(matches("brk"), 1);
        QCOMPARE(matches("alloc"), 2); // the function, and malloc
        QCOMPARE(matches("write"), 0); // has no part in it
    }

    void modulesHaveOneColourInBothHalves()
    {
        auto view =
            sandwichOf(*drawn("aa::f;cc::x;dd::y 10\nbb::g;cc::x;aa::f 10\n"), "cc::x").view();
        view.setColorScheme(ColorScheme::Package);
        const auto shadeIn = [](const FlameView &half, std::string_view name) {
            for (const auto &group : half.coloring().groups()) {
                if (group.name == name)
                    return int{group.shade};
            }
            return -1;
        };
        QVERIFY(shadeIn(view.callers(), "aa") >= 0);
        QCOMPARE(shadeIn(view.callers(), "aa"), shadeIn(view.callees(), "aa"));
        QVERIFY(shadeIn(view.callers(), "bb") != shadeIn(view.callees(), "dd"));
    }

    void drawsThePicture()
    {
        const auto both = sandwichOf(*drawn(kShop), "alloc");
        const auto picture = flamePicture(both.callees,
                                          {.title = "alloc",
                                           .layout = FlameLayout::Sandwich,
                                           .scheme = ColorScheme::Kind,
                                           .callers = both.callers,
                                           .width = 532},
                                          kMetrics);
        const auto text = dump(picture.list);
        for (const char *shown :
             {"\"main\"", "\"parse\"", "\"alloc\"", "\"malloc\"", "\"user\"", "\"kernel\""})
            QVERIFY2(text.find(shown) != std::string::npos, shown);
        QVERIFY(text.find("not shown") == std::string::npos);
    }

    void nothingIsSaidToBeNothing()
    {
        const auto nothing = drawn("");
        const SandwichView view(nothing, nothing);
        QVERIFY(view.isEmpty());
        DisplayList list;
        view.paint({.size = {500, 200}}, Theme::Light, kMetrics, list);
        QVERIFY(dump(list).find("No samples in this scope") != std::string::npos);
        QVERIFY(!view.boxAt({.size = {500, 200}}, {10, 10}));
        const SandwichView unset;
        QVERIFY(unset.isEmpty());
        QCOMPARE(unset.neighbourOf(0, FlameScene::Step::Up), kNoNode);
    }
};

QTEST_GUILESS_MAIN(TestSandwichView)
#include "tst_sandwich_view.moc"
