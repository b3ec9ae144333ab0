#include "tests/support/import_contract.h"
#include "views/paint/paint_svg.h"
#include "views/scene/trace_diff_view.h"

#include <QTest>

#include <cmath>

using namespace flamewright;

namespace {

const FixedMetrics kMetrics;

Change judged(double base, double cand, Verdict verdict)
{
    Change out{.base = base, .cand = cand, .verdict = verdict};
    out.baseCount = 49;
    out.candCount = 165;
    const auto width = verdict == Verdict::NoEvidence ? 0.5 : 0.1;
    if (base > 0)
        out.relative = ChangeInterval{cand / base * (1 - width) - 1, cand / base * (1 + width) - 1};
    out.difference = ChangeInterval{cand - base - 1e6, cand - base + 1e6};
    return out;
}

// Checkouts whose mean fell from 60 to 30 ms: 38 ms less waiting, a query that is made once instead of
// twelve times, 10 ms more of their own, and what cannot be told.
std::shared_ptr<const TraceDiff> drawnDiff(std::size_t more = 0)
{
    auto out = std::make_shared<TraceDiff>();
    auto &root = out->roots.emplace_back();
    root.service = "web";
    root.name = "POST <checkout>";
    root.mean = judged(60e6, 30e6, Verdict::Improved);
    const auto add = [&root](const std::string &name, double base, double cand, Verdict verdict,
                             double before, double after) -> CallsChange & {
        auto &one = root.calls.emplace_back();
        one.service = "web";
        one.name = name;
        one.onCriticalPath = judged(base, cand, verdict);
        one.calls =
            judged(before, after, before == after ? Verdict::NoEvidence : Verdict::Improved);
        return one;
    };
    add("pool.connect", 40e6, 2e6, Verdict::Improved, 1, 1);
    add("POST <checkout>", 10e6, 20e6, Verdict::Regressed, 1, 1);
    add("SELECT products", 6e6, 3e6, Verdict::Improved, 12, 1).statements = {
        {"SELECT a FROM products WHERE id = $1", 12, 0},
        {"SELECT a FROM products WHERE id = ANY($1)", 0, 1}};
    auto &same = add("COMMIT", 4e6, 5e6, Verdict::NoEvidence, 1, 1);
    same.onCriticalPath.why = "the interval does not rule out chance";
    for (std::size_t i = 0; i < more; ++i)
        add("small " + std::to_string(i), 1000, 2000, Verdict::NoEvidence, 1, 1);
    return out;
}

std::string painted(const TraceDiffView &view, const Viewport &viewport, Theme theme = Theme::Light)
{
    DisplayList list;
    view.paint(viewport, theme, kMetrics, list);
    return dump(list);
}

std::string goldenOf(const std::string &name)
{
    return std::string(FW_SOURCE_DIR "/tests/golden/views/") + name;
}

} // namespace

class TestTraceDiffView : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void drawsTheGoldenList_data()
    {
        QTest::addColumn<int>("theme");
        QTest::addColumn<int>("width");
        QTest::newRow("trace-diff-light") << int(Theme::Light) << 900;
        QTest::newRow("trace-diff-dark") << int(Theme::Dark) << 900;
        QTest::newRow("trace-diff-narrow") << int(Theme::Light) << 420;
    }
    void drawsTheGoldenList()
    {
        QFETCH(const int, theme);
        QFETCH(const int, width);
        const TraceDiffView view(drawnDiff());
        const auto list = painted(view, {.size = {static_cast<float>(width), view.contentHeight()}},
                                  static_cast<Theme>(theme));
        const auto diff = testing::compareGolden(
            goldenOf(QTest::currentDataTag() + std::string(".display-list.txt")), list);
        QVERIFY2(diff.empty(), diff.c_str());
    }
    void drawsTheGoldenPicture()
    {
        const auto picture = traceDiffPicture(
            drawnDiff(), 0,
            {.title = "POST <checkout> in web", .subtitle = "49 and 165 traces", .width = 900},
            kMetrics);
        const auto diff = testing::compareGolden(goldenOf("trace-diff.svg"),
                                                 toSvg(picture.list, picture.size, Theme::Light));
        QVERIFY2(diff.empty(), diff.c_str());
    }
    void theBarsOfAllRowsAreAsLongAsTheFirst()
    {
        const TraceDiffView view(drawnDiff());
        const Viewport viewport{.size = {900, view.contentHeight()}, .scale = 16};
        const auto whole = view.barsOf(0, viewport);
        float base = 0, cand = 0;
        for (std::size_t row = 1; row < view.rows(); ++row) {
            const auto bars = view.barsOf(row, viewport);
            base += bars.base.width;
            cand += bars.cand.width;
        }
        QVERIFY(std::abs(base - whole.base.width) < 0.5f);
        QVERIFY(std::abs(cand - whole.cand.width) < 0.5f);
        QVERIFY(std::abs(whole.cand.width / whole.base.width - 0.5f) < 0.01f);
    }
    void everyRowIsHitWhereItIs()
    {
        const TraceDiffView view(drawnDiff());
        const auto *names = "Mean of POST <checkout>|pool.connect|POST <checkout>|SELECT products|"
                            "COMMIT";
        const auto expected = QString::fromLatin1(names).split(u'|');
        for (const float scroll : {0.0f, 30.0f}) {
            const Viewport viewport{.size = {800, 150}, .scrollY = scroll};
            const auto where = view.layout(viewport);
            int hits = 0;
            for (std::size_t row = 0; row < view.rows(); ++row) {
                const auto bars = view.barsOf(row, viewport);
                for (const auto &bar : {bars.base, bars.cand}) {
                    const PointF centre{bar.x + bar.width / 2, bar.y + bar.height / 2};
                    const bool seen = centre.y >= where.top && centre.y < where.bottom;
                    const auto hit = view.hitTest(viewport, centre);
                    QCOMPARE(hit.has_value(), seen);
                    if (!seen)
                        continue;
                    ++hits;
                    QCOMPARE(hit->key, std::uint64_t{row});
                    QCOMPARE(QString::fromStdString(hit->title), expected[qsizetype(row)]);
                }
            }
            QVERIFY(hits >= 4);
            QVERIFY(!view.hitTest(viewport, {100, where.bottom}));
            QVERIFY(!view.hitTest(viewport, {100, where.top - 1}));
        }
    }
    void aRowTellsItsStatementsAndCalls()
    {
        const TraceDiffView view(drawnDiff());
        const Viewport viewport{.size = {800, view.contentHeight()}};
        const auto bar = view.barsOf(3, viewport).base;
        const auto hit = view.hitTest(viewport, {bar.x + 1, bar.y + 1});
        QVERIFY(hit.has_value());
        QVERIFY2(hit->detail.find("12 calls per trace before, 1 after") != std::string::npos,
                 hit->detail.c_str());
        QVERIFY(hit->detail.find("12 \u2192 0 \u00d7 SELECT a FROM products WHERE id = $1") !=
                std::string::npos);
    }
    void rowsThatAreTooManyAreOne()
    {
        const TraceDiffView view(drawnDiff(100), 0, 6);
        QCOMPARE(view.rows(), 6u);
        const Viewport viewport{.size = {900, view.contentHeight()}};
        QVERIFY(painted(view, viewport).find("100 more operations") != std::string::npos);
        const auto bar = view.barsOf(5, viewport).cand;
        const auto hit = view.hitTest(viewport, {bar.x, bar.y + 1});
        // A hundred times 1 and 2 us.
        QVERIFY(hit->detail.find("A 100 \u00b5s, B 200 \u00b5s") != std::string::npos);
    }
    void nothingToCompareSaysSo()
    {
        const TraceDiffView view;
        QVERIFY(view.isEmpty());
        QVERIFY(painted(view, {.size = {500, 200}}).find("No operation is at the root") !=
                std::string::npos);
        QVERIFY(!view.hitTest({.size = {500, 200}}, {10, 10}));
        QVERIFY(TraceDiffView(drawnDiff(), 7).isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestTraceDiffView)
#include "tst_trace_diff_view.moc"
