#include "tests/support/import_contract.h"
#include "tests/views/drawn_profile.h"
#include "views/scene/flame_legend.h"
#include "views/scene/flame_picture.h"
#include "views/scene/flame_view.h"

#include <QTest>

#include <algorithm>

using namespace flamewright;

namespace {

const FixedMetrics kMetrics;

// 1000 samples; on 1000 px each is a pixel. Kernel frames are of [kernel.kallsyms], all others of
// /usr/bin/shop.
//   shop     1000 of 1000: main is at the bottom of every stack
//   kernel    120: sys_write
//   packages: shop (main, sys_write is the kernel's) 1000, std 500 (nested once), net/http 250,
//             [kernel.kallsyms] 120
//   self:     main 0, std::sort 100 (10 %), std::less 400 (40 %), serve 130 (13 %),
//             sys_write 120 (12 %), gcDrain 249 (24.9 %), tiny 1 (0.1 %)
const char *const kMixed = "main;std::sort<int>(int*) 100\n"
                           "main;std::sort<int>(int*);std::less<int>()_[i] 400\n"
                           "main;net/http.(*conn).serve 130\n"
                           "main;net/http.(*conn).serve;sys_write_[k] 120\n"
                           "main;runtime.gcDrain 249\n"
                           "main;tiny 1\n";

Rgba fillOf(const FlameView &view, std::string_view label)
{
    DisplayList list;
    view.paint({.size = {4000, 95}}, Theme::Light, kMetrics, list);
    Rgba fill;
    for (const auto &c : list.commands()) {
        if (c.op == Op::FillRect && c.rect.height > 15)
            fill = c.color;
        if (c.op == Op::Text && list.textOf(c) == label)
            return fill;
    }
    return {};
}

std::string labels(const FlameLegend &legend)
{
    std::string out;
    for (const auto &entry : legend.entries)
        out += entry.label + "|";
    return out + legend.others.label;
}

} // namespace

class TestFlameColors : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void drawsTheGoldenPicture_data()
    {
        QTest::addColumn<int>("scheme");
        for (const auto scheme : kColorSchemes)
            QTest::newRow(std::string(nameOf(scheme)).c_str()) << static_cast<int>(scheme);
    }
    void drawsTheGoldenPicture()
    {
        QFETCH(int, scheme);
        const auto as = static_cast<ColorScheme>(scheme);
        const auto picture = flamePicture(drawn(kMixed),
                                          {.title = "mixed",
                                           .subtitle = "samples",
                                           .scheme = as,
                                           .width = 1032,
                                           .annotated = false},
                                          kMetrics);
        const auto diff = testing::compareGolden(FW_SOURCE_DIR "/tests/golden/views/colours-" +
                                                     std::string(nameOf(as)) + ".display-list.txt",
                                                 dump(picture.list));
        QVERIFY2(diff.empty(), diff.c_str());
    }

    void groupsAreModulesAndPackagesByTotal()
    {
        const auto profile = drawn(kMixed);
        FlameView view(profile);
        const auto totals = [&] {
            std::string out;
            for (const auto &group : view.coloring().groups())
                out += group.name + " " + std::to_string(group.total) + "|";
            return out;
        };
        view.setColorScheme(ColorScheme::Module);
        QCOMPARE(totals(), std::string("/usr/bin/shop 1000|[kernel.kallsyms] 120|"));
        QVERIFY(fillOf(view, "main") == fillOf(view, "runtime.gcDrain"));
        QVERIFY(!(fillOf(view, "main") == fillOf(view, "sys_write")));
        view.setColorScheme(ColorScheme::Package);
        QCOMPARE(totals(), std::string("shop 1000|std 500|net/http 250|runtime 249|"
                                       "[kernel.kallsyms] 120|"));
        QVERIFY(fillOf(view, "std::sort<int>(int*)") == fillOf(view, "std::less<int>()"));
    }

    void everyGroupWithAColourHasItsOwn()
    {
        DrawnProfile many;
        for (int i = 0; i < 40; ++i)
            many.add("p" + std::string(1, static_cast<char>('a' + i % 26)) + (i < 26 ? "x" : "y") +
                         "::f",
                     100 - i, 100 - i);
        const auto profile = many.build();
        FlameView view(profile);
        view.setColorScheme(ColorScheme::Package);
        const auto legend = flameLegend(*profile, view.coloring(), false, Theme::Dark);
        QCOMPARE(legend.entries.size(), std::size_t{10});
        QCOMPARE(legend.others.label, std::string("others (30)"));
        std::vector<std::uint32_t> fills;
        for (const auto &entry : legend.entries)
            fills.push_back(entry.fill.value);
        std::sort(fills.begin(), fills.end());
        QVERIFY(std::adjacent_find(fills.begin(), fills.end()) == fills.end());
        QCOMPARE(legend.entries[0].label, std::string("pax"));
        QCOMPARE(fillOf(view, "pay::f").value, palette(Theme::Light).flame.otherGroups.value);
        // On a narrow line it says how many it leaves out, and the others stay.
        DisplayList list;
        paintLegend(legend, {0, 0}, 300, Theme::Dark, kMetrics, list);
        const auto text = dump(list);
        QVERIFY(text.find("\"others (30)\"") != std::string::npos);
        QVERIFY(text.find("\"and 8 more\"") != std::string::npos);
        for (const auto &c : list.commands())
            QVERIFY(c.rect.right() <= 300);
        paintLegend(legend, {0, 0}, 5, Theme::Dark, kMetrics, list);
    }

    void groupsKeepTheirColourBetweenCaptures()
    {
        const auto before = drawn("aa::f 5\nbb::f 3\n"),
                   after = drawn("bb::f 9\naa::f 1\ncc::f 1\n");
        FlameView a(before), b(after);
        a.setColorScheme(ColorScheme::Package);
        b.setColorScheme(ColorScheme::Package);
        QCOMPARE(fillOf(a, "aa::f").value, fillOf(b, "aa::f").value);
        QCOMPARE(fillOf(a, "bb::f").value, fillOf(b, "bb::f").value);
    }

    void kindsAreToldApart()
    {
        FlameView view(drawn(kMixed));
        view.setColorScheme(ColorScheme::Kind);
        const auto &kinds = palette(Theme::Light).flame.kinds;
        const auto of = [&](FrameClass c) { return kinds[static_cast<std::size_t>(c)].value; };
        QCOMPARE(fillOf(view, "main").value, of(FrameClass::User));
        QCOMPARE(fillOf(view, "sys_write").value, of(FrameClass::Kernel));
        QCOMPARE(fillOf(view, "std::less<int>()").value, of(FrameClass::Inlined));
        QCOMPARE(fillOf(view, "runtime.gcDrain").value, of(FrameClass::GarbageCollection));
        QCOMPARE(labels(flameLegend(*view.profile(), view.coloring(), true, Theme::Light)),
                 std::string("found|user|kernel|inlined|garbage collection|"));
    }

    void heatIsTheOwnShareOfTheView()
    {
        const auto profile = drawn(kMixed);
        FlameView view(profile);
        view.setColorScheme(ColorScheme::Self);
        const auto &heat = palette(Theme::Light).flame.heat;
        QCOMPARE(fillOf(view, "main").value, heat[0].value);                 // 0
        QCOMPARE(fillOf(view, "std::less<int>()").value, heat[7].value);     // 40 %
        QCOMPARE(fillOf(view, "runtime.gcDrain").value, heat[6].value);      // 24.9 %
        QCOMPARE(fillOf(view, "std::sort<int>(int*)").value, heat[6].value); // 10.0 %
        // Zoomed to serve: sys_write is 120 of 250, 48 %.
        for (std::uint32_t node = 0; node < profile->tree.size(); ++node) {
            if (profile->at(node).name == "net/http.(*conn).serve")
                view.setFocus(node);
        }
        QCOMPARE(fillOf(view, "sys_write").value, heat[7].value);
        QCOMPARE(heatStep(0, 10), std::uint8_t{0});
        QCOMPARE(heatStep(1, 100'000), std::uint8_t{1});
        QCOMPARE(heatStep(1, 1000), std::uint8_t{2});
        QCOMPARE(heatStep(1, 1), std::uint8_t{7});
        QCOMPARE(heatStep(1, 0), std::uint8_t{0});
    }

    // A merged box is as hot as its frames together: nothing hot hides in it.
    void mergedBoxesShowTheirHeat()
    {
        DrawnProfile many;
        many.add("main;big", 600, 600);
        for (int i = 0; i < 400; ++i)
            many.add("main;small" + std::to_string(i), 1, 1);
        FlameView view(many.build());
        view.setColorScheme(ColorScheme::Self);
        DisplayList list;
        view.paint({.size = {500, 95}}, Theme::Light, kMetrics, list);
        Rgba fill;
        for (const auto &c : list.commands()) {
            if (c.op == Op::FillRect && c.rect.height > 15 && c.rect.width > 1) // not an edge
                fill = c.color;
            if (c.op == Op::Text && list.textOf(c) == "(400 merged)")
                QCOMPARE(fill.value, palette(Theme::Light).flame.heat[7].value); // 40 %
        }
        QVERIFY(dump(list).find("(400 merged)") != std::string::npos);
    }

    void inlinedFramesAreMarkedInEveryScheme()
    {
        FlameView view(drawn(kMixed));
        for (const auto scheme : kColorSchemes) {
            view.setColorScheme(scheme);
            DisplayList list;
            view.paint({.size = {1000, 95}}, Theme::Dark, kMetrics, list);
            const auto notches =
                std::count_if(list.commands().begin(), list.commands().end(), [](const auto &c) {
                    return c.op == Op::FillRect && c.rect.width == 2.0f && c.rect.height == 12.0f;
                });
            QCOMPARE(notches, 1);
        }
    }
};

QTEST_GUILESS_MAIN(TestFlameColors)
#include "tst_flame_colors.moc"
