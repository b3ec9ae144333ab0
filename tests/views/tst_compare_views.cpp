#include "tests/support/import_contract.h"
#include "tests/views/drawn_compare.h"
#include "views/scene/change_dots_view.h"
#include "views/scene/explanation_view.h"
#include "views/scene/legend_flow.h"
#include "views/scene/over_time_diff_view.h"
#include "views/scene/percentile_diff_view.h"
#include "views/scene/plot_picture.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace flamewright;

namespace {

const FixedMetrics kMetrics;
constexpr SizeF kSize{640, 400};

struct Made {
    std::string name;
    std::unique_ptr<PlotView> view;
};

std::vector<Made> allViews()
{
    std::vector<Made> out;
    out.push_back({"percentiles", std::make_unique<PercentileDiffView>(
                                      PercentileDiffData{.diff = drawnLoadDiff(), .endpoint = 1})});
    out.push_back({"percentiles-relative", std::make_unique<PercentileDiffView>(PercentileDiffData{
                                               .diff = drawnLoadDiff(), .relative = true})});
    out.push_back({"over-time", std::make_unique<OverTimeDiffView>(OverTimeDiffData{
                                    .series = drawnAligned(), .by = AlignedBy::Phases})});
    out.push_back({"explanation", std::make_unique<ExplanationView>(
                                      ExplanationData{.explanation = drawnExplanation()})});
    out.push_back(
        {"changes", std::make_unique<ChangeDotsView>(ChangeDotsData{.items = drawnItems()})});
    return out;
}

std::string painted(const PlotView &view, SizeF size = kSize)
{
    DisplayList list;
    view.paint({.size = size}, Theme::Light, kMetrics, list);
    return dump(list);
}

bool shows(const std::string &dumped, std::string_view text)
{
    return dumped.find(text) != std::string::npos;
}

} // namespace

class TestCompareViews : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void drawTheGoldenPictures()
    {
        for (const auto theme : {Theme::Light, Theme::Dark}) {
            for (const auto &[name, view] : allViews()) {
                view->setAnnotated(true);
                const auto picture =
                    plotPicture(*view,
                                {.title = "what changed",
                                 .subtitle = "per request",
                                 .sides = PictureSides{{"before", "2026-11-20 14:02 UTC"},
                                                       {"after", "2026-11-26 09:41 UTC"}},
                                 .theme = theme,
                                 .width = 700,
                                 .height = 480},
                                kMetrics);
                const auto diff = testing::compareGolden(
                    FW_SOURCE_DIR "/tests/golden/views/compared-" + name +
                        (theme == Theme::Dark ? "-dark" : "-light") + ".display-list.txt",
                    dump(picture.list));
                QVERIFY2(diff.empty(), diff.c_str());
            }
        }
    }

    // What is said of a point is of what is drawn there, and outside of the plot nothing is.
    void readoutsAreOfWhatIsDrawnThere()
    {
        for (const auto &[name, view] : allViews()) {
            const Viewport viewport{.size = kSize};
            const auto area = view->plotArea(viewport);
            int found = 0;
            for (auto y = 1.0f; y < kSize.height; y += 7) {
                for (auto x = 1.0f; x < kSize.width; x += 9) {
                    const auto at = view->readout(viewport, {x, y});
                    if (!at)
                        continue;
                    ++found;
                    QVERIFY2(area.contains({x, y}), name.c_str());
                    QVERIFY(!at->tip.title.empty() && !at->tip.rows.empty());
                }
            }
            QVERIFY2(found > 100, name.c_str());
            QVERIFY2(!view->summary().empty(), name.c_str());
        }
    }

    void emptyAndTinyViewsSaySo()
    {
        const PercentileDiffView percentiles;
        const OverTimeDiffView time;
        const ExplanationView explanation;
        const ChangeDotsView changes;
        for (const PlotView *view :
             {static_cast<const PlotView *>(&percentiles), static_cast<const PlotView *>(&time),
              static_cast<const PlotView *>(&explanation),
              static_cast<const PlotView *>(&changes)}) {
            QVERIFY(view->isEmpty());
            QVERIFY(shows(painted(*view), "text"));
            QVERIFY(!view->readout({.size = kSize}, {100, 100}));
        }
        for (const auto &[name, view] : allViews()) {
            for (const auto size : {SizeF{0, 0}, SizeF{30, 20}, SizeF{120, 60}, SizeF{200, 2000}}) {
                painted(*view, size);
                view->readout({.size = size}, {10, 10});
                view->stepped({.size = size}, {10, 10}, 1);
            }
        }
    }

    // Where the band of the difference holds 0 it is grey.
    void differencesAreJudgedByTheirInterval()
    {
        const PercentileDiffView view({.diff = drawnLoadDiff(), .endpoint = 1});
        const Viewport viewport{.size = kSize};
        const auto below = view.lower(viewport);
        const auto footer = [&](double quantile) {
            return view.readout(viewport, {below.xOf(quantile), below.plot.y + 5})->tip.footer;
        };
        // At p20 a tenth of 6 ms, and the band is 4 %; at p90 nothing; at p99 half.
        QVERIFY(footer(0.2).starts_with("slower"));
        QVERIFY(footer(0.9).starts_with("not enough evidence"));
        QVERIFY(footer(0.99).starts_with("faster"));
        // 0 is on the axis, and both have the same x.
        QVERIFY(below.y.from < 0 && below.y.to > 0);
        QCOMPARE(below.xOf(0.99), view.upper(viewport).xOf(0.99));
        const auto tip = view.readout(viewport, {below.xOf(0.99), below.plot.y + 5})->tip;
        QCOMPARE(tip.rows[0].value, std::string("44 ms (39.2 ms to 48.8 ms)"));
        QCOMPARE(tip.rows[1].value, std::string("22 ms (19.6 ms to 24.4 ms)"));
        QVERIFY(tip.rows[3].value.starts_with("-50 % (-61 to -39 %)"));
    }

    void timeIsCommonAndPhasesAreNamed()
    {
        const OverTimeDiffView view({.series = drawnAligned(), .by = AlignedBy::Phases});
        const Viewport viewport{.size = {800, 600}};
        const auto text = painted(view, viewport.size);
        QVERIFY(shows(text, "ramp") && shows(text, "steady"));
        QVERIFY(shows(text, "share of failures"));
        QCOMPARE(*view.timeSpan(), (LoadSpan{0, 60'000'000'000}));
        // The bin of 32 s to 34 s.
        const auto tip = view.readout(viewport, {view.xOfTime(viewport, 33e9), 200});
        QCOMPARE(*tip->span, (LoadSpan{32'000'000'000, 34'000'000'000}));
        QVERIFY(tip->tip.subtitle.starts_with("steady"));
        QVERIFY(tip->tip.footer.find("B: ") != std::string::npos);
        // One bin to the right.
        const auto next = view.stepped(viewport, tip->at, 1);
        QCOMPARE(view.readout(viewport, *next)->span->beginNs, std::int64_t{34'000'000'000});
    }

    // -3.6 - 1.2 + 0.9 - 0.3 - 0.2 - 0.1 = -4.5; steps follow one another without a gap.
    void stepsAddUpToTheWhole()
    {
        for (const auto height : {600.0f, 200.0f, 150.0f}) {
            const ExplanationView view({.explanation = drawnExplanation()});
            const auto rows = view.rows({.size = {700, height}});
            QCOMPARE(rows.front().to, 12.4 * kComparedMs);
            QCOMPARE(rows.back().to, 7.9 * kComparedMs);
            auto at = rows.front().to;
            for (std::size_t i = 1; i + 1 < rows.size(); ++i) {
                QCOMPARE(rows[i].from, at);
                at = rows[i].to;
            }
            QCOMPARE(at, rows.back().to);
        }
        const ExplanationView view({.explanation = drawnExplanation()});
        // Two parts have room beside totals and the rest, which says that it has three more.
        const auto rows = view.rows({.size = {700, 38 + 5 * 34 + 1}});
        QCOMPARE(rows.size(), std::size_t{5});
        QCOMPARE(rows[3].detail, std::string("with 3 smaller parts"));
        const auto text = painted(view, {700, 400});
        QVERIFY(shows(text, "-3.6 ms") && shows(text, "80.0 % of the change"));
        QVERIFY(shows(text, "42 calls before, 1 after"));
        QVERIFY(!shows(text, "the axis begins at"));
    }

    void smallStepsHaveAnAxisThatSaysWhereItBegins()
    {
        auto small = std::make_shared<Explanation>();
        small->of = "CPU";
        small->unit = "ns";
        small->base = 1000 * kComparedMs;
        small->cand = 980 * kComparedMs;
        small->parts = {{"a", "", 50 * kComparedMs, 30 * kComparedMs, ""}};
        const ExplanationView view({.explanation = small});
        QVERIFY(shows(painted(view), "the axis begins at 97"));
    }

    void changesAreRowsWithTheirEvidence()
    {
        const ChangeDotsView view({.items = drawnItems()});
        const Viewport viewport{.size = {900, view.wantedHeight(20)}};
        QCOMPARE(view.rowsShown(viewport), std::size_t{8});
        const auto text = painted(view, viewport.size);
        QVERIFY(shows(text, "850 ms to 220 ms"));
        QVERIFY(shows(text, "-74 % (-76 to -71 %)"));
        QVERIFY(shows(text, "\"all\""));
        QVERIFY(shows(text, "\"new\"") || shows(text, "new"));
        QVERIFY(shows(text, "gone"));
        const auto area = view.plotArea(viewport);
        for (std::size_t i = 0; i < 8; ++i) {
            const PointF middle{area.x + 50, area.y + 34 * (static_cast<float>(i) + 0.5f)};
            QCOMPARE(view.itemAt(viewport, middle), std::optional(i));
        }
        const auto tip = view.readout(viewport, {area.x + 5, area.y + 5})->tip;
        QVERIFY(tip.footer.find("improved") != std::string::npos);
        QVERIFY(tip.footer.find("24,310 and 24,502") != std::string::npos);
        // Too many for the room: said.
        QVERIFY(shows(painted(view, {900, 200}), "and 4 more"));
    }

    void legendsWrapAndLoseNothing()
    {
        LegendFlow legend(kMetrics);
        for (int i = 0; i < 12; ++i)
            legend.key("entry number " + std::to_string(i), palette(Theme::Light).sideA);
        const auto narrow = legend.height(200), wide = legend.height(4000);
        QCOMPARE(wide, LegendFlow::kLine);
        QVERIFY(narrow > 6 * LegendFlow::kLine - 1);
        DisplayList list;
        legend.paint({0, 0}, 200, Theme::Light, list);
        for (int i = 0; i < 12; ++i)
            QVERIFY(shows(dump(list), "entry number " + std::to_string(i)));
    }
};

QTEST_APPLESS_MAIN(TestCompareViews)
#include "tst_compare_views.moc"
