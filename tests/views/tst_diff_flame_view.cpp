#include "tests/support/import_contract.h"
#include "tests/views/drawn_diff.h"
#include "tests/views/naive_places.h"
#include "views/scene/diff_flame_picture.h"
#include "views/scene/diff_flame_view.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace flamewright;
using testing::randomProfile;

namespace {

const FixedMetrics kMetrics;

// A served 100 requests, B 200: per request cart costs the same (20 and 40 samples), price a
// fourth (40 and 20), pay twice as much (10 and 40); legacy is gone, cache is new.
const char *const kBefore = "main;cart 20\nmain;price;query 30\nmain;price 10\nmain;pay 10\n"
                            "main;legacy 15\nmain 5\n";
const char *const kAfter = "main;cart 40\nmain;price;query 10\nmain;price 10\nmain;pay 40\n"
                           "main;cache;lookup 30\nmain 10\n";
const Normalisation kPerRequest{.by = NormaliseBy::Work,
                                .base = 100,
                                .cand = 200,
                                .per = "request",
                                .source = "100 and 200 requests of ab.txt"};

std::string golden(const std::string &name, const DisplayList &list)
{
    return testing::compareGolden(
        FW_SOURCE_DIR "/tests/golden/views/diff-" + name + ".display-list.txt", dump(list));
}

std::shared_ptr<const DiffFlameData> dataOf(const std::shared_ptr<const ProfileDiff> &diff,
                                            DiffWidth width = DiffWidth::Larger,
                                            FlameLayout layout = FlameLayout::Icicle)
{
    return std::make_shared<const DiffFlameData>(diff, width, layout);
}

std::uint32_t nodeNamed(const ProfileDiff &diff, std::string_view name)
{
    for (std::uint32_t i = 0; i < diff.tree.size(); ++i) {
        if (diff.functions[diff.tree.function[i]].name == name)
            return i;
    }
    return kNoNode;
}

std::shared_ptr<const ProfileDiff> randomDiff(unsigned seed)
{
    return DrawnDiff(randomProfile(seed, 400), randomProfile(seed + 1000, 400)).build();
}

PointF centre(RectF r)
{
    return {r.x + r.width / 2, r.y + r.height / 2};
}

} // namespace

class TestDiffFlameView : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void namesAreReadBack()
    {
        for (const auto width : kDiffWidths)
            QCOMPARE(diffWidth(nameOf(width)), std::optional(width));
        for (const auto color : kDiffColors)
            QCOMPARE(diffColor(nameOf(color)), std::optional(color));
        QVERIFY(!diffWidth("A") && !diffColor(""));
    }

    // Per request, in samples: A main 0.9, cart 0.2, price 0.4, pay 0.1, legacy 0.15; B main 0.7,
    // cart 0.2, price 0.1, pay 0.2, cache 0.15. The larger: cart 0.2, price 0.4, pay 0.2, legacy
    // 0.15, cache 0.15: 1.1, which is more than main's 0.9, so that main is 1.1 wide: on 550 px
    // cache 75, cart 100, legacy 75, pay 100, price 200, by name from the left.
    void everyFrameIsAsWideAsItsLargerSideAtLeast()
    {
        const auto diff = drawnDiff(kBefore, kAfter, kPerRequest);
        const DiffFlameView view(dataOf(diff));
        const Viewport viewport{.size = {550, 100}};
        const auto place = [&](const char *name) {
            const auto rect = view.rectOf(nodeNamed(*diff, name), viewport);
            return std::pair(std::lround(rect.x), std::lround(rect.width));
        };
        QCOMPARE(place("main"), std::pair(0l, 550l));
        QCOMPARE(place("cache"), std::pair(0l, 75l));
        QCOMPARE(place("cart"), std::pair(75l, 100l));
        QCOMPARE(place("legacy"), std::pair(175l, 75l));
        QCOMPARE(place("pay"), std::pair(250l, 100l));
        QCOMPARE(place("price"), std::pair(350l, 200l));
        QCOMPARE(place("query"), std::pair(350l, 150l));
    }

    // By A main is 0.9, by B 0.7: what the other side alone has is a hair.
    void widthsAreThoseOfOneSideWhenAsked()
    {
        const auto diff = drawnDiff(kBefore, kAfter, kPerRequest);
        DiffFlameView view(dataOf(diff));
        const auto width = [&](const char *name, float whole) {
            const Viewport viewport{.size = {whole, 100}};
            return std::lround(view.rectOf(nodeNamed(*diff, name), viewport).width);
        };
        view.setWidth(DiffWidth::Base);
        QCOMPARE(width("price", 900), 400l);
        QCOMPARE(width("legacy", 900), 150l);
        QCOMPARE(width("cache", 900), 0l);
        view.setWidth(DiffWidth::Cand);
        QCOMPARE(width("price", 700), 100l);
        QCOMPARE(width("cache", 700), 150l);
        QCOMPARE(width("legacy", 700), 0l);
        // It has a box of at least a pixel all the same, so that it can be found.
        const auto boxes = view.boxes({.size = {700, 100}});
        QVERIFY(std::any_of(boxes.begin(), boxes.end(), [&](const FlameBox &box) {
            return box.node == nodeNamed(*diff, "legacy") && box.rect.width >= 1;
        }));
    }

    // Against the definition, from the leaves up.
    void widthsHoldWhateverTheTrees()
    {
        for (unsigned seed = 1; seed <= 20; ++seed) {
            const auto diff = randomDiff(seed);
            const auto &tree = diff->tree;
            const auto size = static_cast<std::uint32_t>(tree.size());
            std::vector<double> wide(size, 0);
            for (auto i = size; i-- > 0;) {
                double called = 0;
                for (auto child = i + 1; child < tree.subtreeEnd[i]; child = tree.subtreeEnd[child])
                    called += wide[child];
                wide[i] = std::max({static_cast<double>(tree.base.total[i]),
                                    static_cast<double>(tree.cand.total[i]), called});
            }
            const auto data = dataOf(diff);
            const auto &widths = data->flame()->profile->tree.total;
            QCOMPARE(widths[0], DiffFlameData::kWhole);
            for (std::uint32_t i = 0; i < size; ++i) {
                const auto share = static_cast<double>(widths[i]) / DiffFlameData::kWhole;
                QVERIFY(std::fabs(share - wide[i] / wide[0]) < 1e-9);
            }
        }
    }

    void coloursSayTheEvidenceAndItsSize()
    {
        // Ratios: 1.2 either way, 1.5, 2 and more; what is on one side only is as far as can be.
        QCOMPARE(int(changeShade(Verdict::Regressed, 100, 120)), 1);
        QCOMPARE(int(changeShade(Verdict::Improved, 120, 100)), -1);
        QCOMPARE(int(changeShade(Verdict::Regressed, 100, 150)), 2);
        QCOMPARE(int(changeShade(Verdict::Improved, 150, 100)), -2);
        QCOMPARE(int(changeShade(Verdict::Regressed, 100, 200)), 3);
        QCOMPARE(int(changeShade(Verdict::Improved, 3, 0)), -3);
        QCOMPARE(int(changeShade(Verdict::NoEvidence, 100, 900)), 0);
        QCOMPARE(int(changeShade(Verdict::NotEnoughData, 1, 900)), 0);
        for (const auto theme : {Theme::Light, Theme::Dark, Theme::Print}) {
            const auto &colors = palette(theme);
            for (int shade = -3; shade <= 3; ++shade) {
                const auto fill = changeColor(static_cast<ChangeShade>(shade), colors);
                QVERIFY(contrastRatio(textOn(fill, colors), fill) >= 4.5);
                QVERIFY(shade == 0 || fill != colors.noEvidence);
            }
        }
    }

    // Nothing is said by colour alone.
    void labelsSayWhichWayAndWhatIsOfOneSideOnly()
    {
        const auto diff = drawnDiff(kBefore, kAfter, kPerRequest);
        const DiffFlameView view(dataOf(diff));
        DisplayList list;
        view.paint({.size = {1100, 100}}, Theme::Light, kMetrics, list);
        const auto text = dump(list);
        for (const auto *const label : {"\u2193 price", "\u2191 pay", "gone: legacy", "new: cache",
                                        "new: lookup", "\u2193 query"})
            QVERIFY2(text.find(label) != std::string::npos, label);
        // cart is the same on both sides: no mark.
        QVERIFY(text.find("\u2191 cart") == std::string::npos);
        QVERIFY(text.find("\u2193 cart") == std::string::npos);
        // Lines are drawn for hatching only, and only what is gone is hatched.
        const auto gone = view.rectOf(nodeNamed(*diff, "legacy"), {.size = {1100, 100}});
        for (const auto &cmd : list.commands()) {
            if (cmd.op != Op::Line)
                continue;
            QVERIFY(cmd.rect.x >= gone.x - 0.01f && cmd.rect.right() <= gone.right() + 0.01f);
            QVERIFY(cmd.rect.y <= gone.bottom() && cmd.rect.bottom() >= gone.y);
        }
    }

    void tooltipsHaveBothSidesTheChangeItsIntervalAndTheCounts()
    {
        const auto diff = drawnDiff(kBefore, kAfter, kPerRequest, Unit::Nanoseconds, 1'000'000);
        DiffFlameView view(dataOf(diff));
        const auto tip = plainText(view.tooltip({.node = nodeNamed(*diff, "pay")}));
        // 10 ms of 100 requests, 40 ms of 200.
        QVERIFY2(tip.find("A total 100 \u00b5s per request \u00b7 11.1 % of all") !=
                     std::string::npos,
                 tip.c_str());
        QVERIFY2(tip.find("B total 200 \u00b5s per request") != std::string::npos, tip.c_str());
        QVERIFY2(tip.find("total here: +100 \u00b5s per request, regressed (10 and 40 samples)") !=
                     std::string::npos,
                 tip.c_str());
        QVERIFY2(tip.find("self everywhere: +100 % (95 % interval +97 to +103 %), regressed") !=
                     std::string::npos,
                 tip.c_str());
        QVERIFY2(tip.find("100 and 200 requests of ab.txt") != std::string::npos, tip.c_str());
        QVERIFY(
            plainText(view.tooltip({.node = nodeNamed(*diff, "legacy")})).find("gone: only in A") !=
            std::string::npos);
        QVERIFY(
            plainText(view.tooltip({.node = nodeNamed(*diff, "cache")})).find("new: only in B") !=
            std::string::npos);
        QCOMPARE(view.summary(), std::string("all \u00b7 A 900 \u00b5s \u00b7 B 700 \u00b5s per "
                                             "request \u00b7 -22 % (95 % interval -25 to -19 %)"));
    }

    void drawsTheGoldenPicture_data()
    {
        QTest::addColumn<int>("theme");
        QTest::addColumn<int>("layout");
        QTest::addColumn<int>("color");
        QTest::newRow("icicle") << int(Theme::Light) << int(FlameLayout::Icicle)
                                << int(DiffColor::Total);
        QTest::newRow("flame-self")
            << int(Theme::Dark) << int(FlameLayout::Flame) << int(DiffColor::Self);
    }
    void drawsTheGoldenPicture()
    {
        QFETCH(int, theme);
        QFETCH(int, layout);
        QFETCH(int, color);
        const auto diff = drawnDiff(kBefore, kAfter, kPerRequest, Unit::Nanoseconds, 1'000'000);
        const auto picture = diffFlamePicture(
            diff,
            {.title = "CPU per request",
             .subtitle = "cpu-clock",
             .sides = {{"before.data", "2026-11-20 14:02 UTC"}, {"after.data", ""}},
             .layout = static_cast<FlameLayout>(layout),
             .color = static_cast<DiffColor>(color),
             .theme = static_cast<Theme>(theme),
             .width = 700},
            kMetrics);
        const auto text = golden(QTest::currentDataTag(), picture.list);
        QVERIFY2(text.empty(), text.c_str());
    }

    // Every box is found at its middle, and nothing but boxes is.
    void hitTestFindsEveryBox()
    {
        for (const auto layout : {FlameLayout::Icicle, FlameLayout::Flame, FlameLayout::LeftHeavy})
            for (unsigned seed = 1; seed <= 5; ++seed) {
                const DiffFlameView view(dataOf(randomDiff(seed), DiffWidth::Larger, layout));
                const Viewport viewport{.size = {800, 300}};
                const auto boxes = view.boxes(viewport);
                QVERIFY(boxes.size() > 5);
                for (const auto &box : boxes) {
                    const auto at = centre(box.rect);
                    // A hair may have been moved over the edge by those before it.
                    if (at.y < 0 || at.y >= viewport.size.height || at.x >= viewport.size.width)
                        continue;
                    const auto hit = view.boxAt(viewport, at);
                    QVERIFY(hit);
                    QCOMPARE(hit->node, box.node);
                    QCOMPARE(hit->count, box.count);
                    QVERIFY(!view.tooltip(*hit).title.empty());
                }
            }
    }

    void walksAndKeepsTheSelectionWhenWidthColourAndLayoutChange()
    {
        const auto diff = drawnDiff(kBefore, kAfter, kPerRequest);
        DiffFlameView view(dataOf(diff));
        const auto pay = nodeNamed(*diff, "pay");
        view.setSelected(pay);
        view.setFocus(nodeNamed(*diff, "main"));
        view.setWidth(DiffWidth::Base);
        view.setColor(DiffColor::Self);
        view.setLayout(FlameLayout::LeftHeavy);
        view.setLayout(FlameLayout::Inverted); // has no meaning here: nothing happens
        QCOMPARE(view.layout(), FlameLayout::LeftHeavy);
        QCOMPARE(view.selected(), pay);
        QCOMPARE(view.focus(), nodeNamed(*diff, "main"));
        QCOMPARE(view.parentOf(pay), nodeNamed(*diff, "main"));
        view.setLayout(FlameLayout::Flame);
        QVERIFY(view.growsUp());
        // By name: legacy is left of pay, price right.
        QCOMPARE(view.siblingOf(pay, -1), nodeNamed(*diff, "legacy"));
        QCOMPARE(view.siblingOf(pay, 1), nodeNamed(*diff, "price"));
    }

    // 300 functions too narrow to draw, all doubled: their box says worse; without evidence none.
    void mergedBoxesTellWhichWayTheirFramesWent()
    {
        std::string before = "main;big 100000\n", after = "main;big 100000\n", same = before;
        for (int i = 0; i < 300; ++i) {
            const auto stack = "main;many;m" + std::to_string(i);
            before += stack + " 10\n";
            after += stack + " 20\n";
            same += stack + " 10\n";
        }
        const auto fillOfMany = [&](const std::string &other) {
            const auto diff = drawnDiff(before, other);
            const auto data = dataOf(diff);
            const DiffFlameView view(data);
            ChangeShade found = 99;
            for (const auto &box : view.boxes({.size = {600, 100}})) {
                if (box.merged() && box.count > 100)
                    found = data->shadeOf(DiffColor::Total, box);
            }
            return int{found};
        };
        QCOMPARE(fillOfMany(after), 1);
        QCOMPARE(fillOfMany(same), 0);
    }

    void nothingToCompareIsSaid()
    {
        const DiffFlameView none;
        QVERIFY(none.isEmpty());
        DisplayList list;
        none.paint({.size = {400, 200}}, Theme::Light, kMetrics, list);
        const DiffFlameView empty(dataOf(drawnDiff("", "")));
        QVERIFY(empty.isEmpty());
        empty.paint({.size = {400, 200}}, Theme::Light, kMetrics, list);
        QVERIFY(dump(list).find("No samples on either side") != std::string::npos);
        QVERIFY(empty.tooltip({.node = 0}).title.empty());
        // One side only: everything is new.
        const auto fresh = drawnDiff("", kAfter);
        const DiffFlameView view(dataOf(fresh));
        QVERIFY(!view.isEmpty());
        QVERIFY(view.boxes({.size = {400, 100}}).size() >= 6);
    }
};

QTEST_APPLESS_MAIN(TestDiffFlameView)
#include "tst_diff_flame_view.moc"
