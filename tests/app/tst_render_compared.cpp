#include "analysis/compare/load_diff.h"
#include "app/compare/open_sides.h"
#include "app/present/compare_picture.h"
#include "app/workbench.h"
#include "tests/support/import_contract.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <fstream>
#include <map>
#include <memory>

using namespace flamewright;

namespace {

const std::string kDemo = FW_SOURCE_DIR "/resources/demo/";
const FixedMetrics kMetrics;

// Two files of the demo, compared once for all tests.
struct Compared {
    OpenedSides sides;
    Comparison comparison;
};

} // namespace

// Every picture of a comparison, of captures as tools wrote them.
class TestRenderCompared : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    ImporterRegistry m_importers;
    JobContext m_job;
    std::unique_ptr<Workbench> m_workbench;
    std::map<std::string, Compared> m_compared;

    const Compared &compared(const std::string &base, const std::string &cand)
    {
        auto &out = m_compared[base];
        if (!out.comparison.sections.empty())
            return out;
        auto sides = openSides(*m_workbench, {.base = base, .cand = cand}, m_job);
        if (!sides.has_value())
            qFatal("%s", sides.error().text().c_str());
        out.sides = std::move(*sides);
        auto comparison = compare(*m_workbench, out.sides.base, out.sides.cand,
                                  {.rounds = 100, .confirmed = true}, m_job);
        if (!comparison.has_value())
            qFatal("%s", comparison.error().text().c_str());
        out.comparison = std::move(*comparison);
        return out;
    }
    const Compared &profiles()
    {
        return compared(kDemo + "pricer-before.perf.data", kDemo + "pricer-after.perf.data");
    }
    const Compared &loads()
    {
        return compared(kDemo + "shop-before.jtl.gz", kDemo + "shop-after.jtl.gz");
    }
    const Compared &traces()
    {
        return compared(kDemo + "shop-before.otlp.jsonl.gz", kDemo + "shop-after.otlp.jsonl.gz");
    }
    Result<ComparePicture> drawn(const Compared &of, ComparePictureRequest request)
    {
        request.size.width = 900;
        return comparePicture(of.comparison, {of.sides.base, of.sides.cand, m_job}, request,
                              kMetrics);
    }

private Q_SLOTS:
    void initTestCase()
    {
        addBuiltinImporters(m_importers);
        m_workbench = std::make_unique<Workbench>(
            m_importers, WorkbenchSettings{.isolation = Isolation::InProcess});
    }

    void everyViewIsDrawnOfWhatItIsFor_data()
    {
        QTest::addColumn<QString>("view");
        for (const auto &view : comparePictureViews())
            QTest::newRow(view.c_str()) << QString::fromStdString(view);
    }
    void everyViewIsDrawnOfWhatItIsFor()
    {
        QFETCH(QString, view);
        if (view == u"benchmarks") // of fixtures, below
            return;
        const auto &of = view == u"diff"             ? profiles()
                         : view == u"diff-traces"    ? traces()
                         : view.startsWith(u"diff-") ? loads()
                                                     : profiles();
        for (const auto theme : {Theme::Light, Theme::Print}) {
            const auto picture =
                drawn(of, {.view = view.toStdString(), .theme = theme, .annotated = true});
            QVERIFY2(picture.has_value(),
                     picture.has_value() ? "" : picture.error().text().c_str());
            QVERIFY(picture->list.commands().size() > 20);
            QVERIFY(picture->size.width >= 900 && picture->size.height > 150);
            // Both sides are named, with their letters.
            const auto text = dump(picture->list);
            QVERIFY(text.find("\"A\"") != std::string::npos);
            QVERIFY(text.find("\"B\"") != std::string::npos);
            QVERIFY(text.find("before") != std::string::npos);
            QVERIFY(text.find("after") != std::string::npos);
            // Nothing is drawn beside the picture but what is clipped.
            int clips = 0;
            for (const auto &cmd : picture->list.commands()) {
                clips += cmd.op == Op::PushClip ? 1 : cmd.op == Op::PopClip ? -1 : 0;
                if (cmd.op != Op::Text || clips > 0)
                    continue;
                QVERIFY2(cmd.rect.x >= 0 && cmd.rect.right() <= picture->size.width + 1,
                         std::string(picture->list.textOf(cmd)).c_str());
                QVERIFY(cmd.rect.y >= 0 && cmd.rect.y < picture->size.height);
            }
            QCOMPARE(clips, 0);
        }
    }

    void whatAViewCannotShowIsSaid()
    {
        const auto message = [&](const Compared &of, ComparePictureRequest request) {
            const auto picture = drawn(of, std::move(request));
            return picture.has_value() ? std::string() : picture.error().text();
        };
        QVERIFY(message(loads(), {.view = "diff"}).find("no profile") != std::string::npos);
        QVERIFY(message(profiles(), {.view = "diff-percentiles"}).find("load test") !=
                std::string::npos);
        QVERIFY(message(loads(), {.view = "diff-percentiles", .endpoint = "nowhere"})
                    .find("'nowhere'") != std::string::npos);
        QVERIFY(message(profiles(), {.view = "explanation", .pick = 999}).find("explanations") !=
                std::string::npos);
        QVERIFY(message(profiles(), {.view = "icicle"}).find("'icicle'") != std::string::npos);
    }

    void oneEndpointIsDrawnWhenAsked()
    {
        const auto &load = *loads().comparison.sections.front().load;
        QVERIFY(load.endpoints.size() > 1);
        const auto &name = load.endpoints[1].name;
        const auto picture = drawn(loads(), {.view = "diff-percentiles", .endpoint = name});
        QVERIFY(picture.has_value());
        QVERIFY(picture->title.find(name) != std::string::npos);
    }

    // Colours say that there is evidence: while it is withheld, that is said in words.
    void withheldVerdictsAreSaid()
    {
        auto blocked = profiles().comparison;
        blocked.confirmed = false;
        blocked.sections.front().remarks.push_back(
            {.weight = ComparabilityRemark::Weight::Grave, .what = "cpu"});
        const auto picture =
            comparePicture(blocked, {profiles().sides.base, profiles().sides.cand, m_job},
                           {.view = "diff"}, kMetrics);
        QVERIFY(picture.has_value());
        QVERIFY(dump(picture->list).find("verdicts withheld") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestRenderCompared)
#include "tst_render_compared.moc"
