#include "analysis/compare/trace_diff.h"
#include "app/compare/open_sides.h"
#include "importers/registry.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>
#include <QTest>

#include <cmath>
#include <filesystem>

using namespace flamewright;

namespace {

bool near(double a, double b)
{
    return std::abs(a - b) <= 1e-9 * std::max({std::abs(a), std::abs(b), 1.0});
}

} // namespace

// The example shop's traces before and after its faults were mended, compared. What is expected is
// counted by tests/support/check_trace_diff.py from the files.
class TestTraceComparison : public QObject {
    Q_OBJECT

    ImporterRegistry m_importers;
    JobContext m_job;
    std::vector<OpenedSides> m_opened;

    Comparison compareFiles(const std::string &base, const std::string &cand,
                            const CompareOptions &options = {})
    {
        const Workbench workbench(m_importers, {.isolation = Isolation::InProcess});
        auto sides = openSides(workbench, {.base = base, .cand = cand}, m_job);
        if (!sides.has_value()) {
            qWarning("%s", sides.error().text().c_str());
            return {};
        }
        m_opened.push_back(std::move(*sides));
        auto out = compare(workbench, m_opened.back().base, m_opened.back().cand, options, m_job);
        if (!out.has_value()) {
            qWarning("%s", out.error().text().c_str());
            return {};
        }
        return std::move(*out);
    }
    static std::string fixture(const char *name)
    {
        return std::string(FW_SOURCE_DIR "/tests/fixtures/shop-traces/") + name + ".jsonl.gz";
    }
    static std::string demo(const char *name)
    {
        return std::string(FW_SOURCE_DIR "/resources/demo/shop-") + name + ".otlp.jsonl.gz";
    }
    static std::string scenario(const char *name)
    {
        const auto set = qEnvironmentVariable("FW_SHARED_DATA").toStdString();
        return (std::filesystem::path(set.empty() ? FW_SOURCE_DIR "/../shared/data" : set) /
                "scenario" / name / "otel/otlp-json/traces.jsonl")
            .string();
    }
    // What the script says of one side's operation; nothing where it is not there.
    static QJsonObject callOf(const QJsonArray &both, int side, const std::string &root,
                              const CallsChange &call)
    {
        const auto key = QString::fromStdString(call.service + "\t" + call.name);
        return both[side][QString::fromStdString(root)][u"calls"][key].toObject();
    }

private Q_SLOTS:
    void initTestCase() { addBuiltinImporters(m_importers); }
    void cleanup() { m_opened.clear(); }

    void everyFigureIsThatOfTheFiles_data()
    {
        QTest::addColumn<QString>("base");
        QTest::addColumn<QString>("cand");
        const auto add = [](const char *name, const auto &path) {
            QTest::newRow(name) << QString::fromStdString(path("before"))
                                << QString::fromStdString(path("after"));
        };
        add("a few whole traces", fixture);
        add("a phase of a load test", demo);
        add("the whole run", scenario);
    }
    void everyFigureIsThatOfTheFiles()
    {
        QFETCH(QString, base);
        QFETCH(QString, cand);
        if (!std::filesystem::exists(base.toStdString()))
            QSKIP("FW_SHARED_DATA has no traces of the shop (scenario/before/otel)");
        const auto python = QStandardPaths::findExecutable(QStringLiteral("python3"));
        if (python.isEmpty())
            QSKIP("python3 is not here");
        QProcess script;
        script.start(python, {QStringLiteral(FW_SOURCE_DIR "/tests/support/check_trace_diff.py"),
                              base, cand});
        QVERIFY(script.waitForFinished(300'000));
        QCOMPARE(script.exitCode(), 0);
        const auto expected = QJsonDocument::fromJson(script.readAllStandardOutput()).array();
        const auto got = compareFiles(base.toStdString(), cand.toStdString());
        QCOMPARE(got.sections.size(), 1u);
        const auto &section = got.sections.front();
        QVERIFY(section.traces);
        std::size_t shared = 0;
        for (const auto &name : expected[0].toObject().keys())
            shared += expected[1].toObject().contains(name) ? 1 : 0;
        QCOMPARE(section.traces->roots.size(), shared);
        for (const auto &root : section.traces->roots) {
            const auto sideOf = [&](int side) {
                return expected[side][QString::fromStdString(root.name)].toObject();
            };
            const auto before = sideOf(0), after = sideOf(1);
            QCOMPARE(static_cast<int>(root.mean.baseCount), before[u"n"].toInt());
            QCOMPARE(static_cast<int>(root.mean.candCount), after[u"n"].toInt());
            QVERIFY(near(*root.mean.base, before[u"mean"].toDouble()));
            QVERIFY(near(*root.mean.cand, after[u"mean"].toDouble()));
            QCOMPARE(*root.p50.base, before[u"p50"].toDouble());
            QCOMPARE(*root.p50.cand, after[u"p50"].toDouble());
            QVERIFY(near(root.tail.base, before[u"tail_mean"].toDouble()));
            QVERIFY(near(root.tail.cand, after[u"tail_mean"].toDouble()));
            double base_ns = 0, cand_ns = 0;
            for (const auto &call : root.calls) {
                const auto b = callOf(expected, 0, root.name, call);
                const auto c = callOf(expected, 1, root.name, call);
                QVERIFY2(!b.isEmpty() || !c.isEmpty(), call.name.c_str());
                const auto agree = [&](const Change &change, const char *key) {
                    const QLatin1String what(key);
                    return near(change.base.value_or(0), b[what].toDouble()) &&
                           near(change.cand.value_or(0), c[what].toDouble()) &&
                           change.base.has_value() == !b.isEmpty() &&
                           change.cand.has_value() == !c.isEmpty();
                };
                QVERIFY2(agree(call.calls, "calls"), call.name.c_str());
                QVERIFY2(agree(call.time, "self"), call.name.c_str());
                QVERIFY2(agree(call.onCriticalPath, "critical"), call.name.c_str());
                QVERIFY(near(call.baseTail, b[u"tail"].toDouble()));
                QVERIFY(near(call.candTail, c[u"tail"].toDouble()));
                base_ns += call.onCriticalPath.base.value_or(0);
                cand_ns += call.onCriticalPath.cand.value_or(0);
            }
            QVERIFY(near(base_ns, *root.mean.base));
            QVERIFY(near(cand_ns, *root.mean.cand));
        }
        for (const auto &explanation : section.explanations)
            QCOMPARE(explanation.remainder, 0.0);
    }
    void theFaultsComeOutInOrder()
    {
        if (!std::filesystem::exists(scenario("before")))
            QSKIP("FW_SHARED_DATA has no traces of the shop (scenario/before/otel)");
        const auto got = compareFiles(scenario("before"), scenario("after"));
        QCOMPARE(got.sections.size(), 1u);
        const auto &section = got.sections.front();
        // The search has no index and waits, products wait, checkouts wait and ask for each line.
        const std::vector<std::vector<const char *>> wanted{
            {"Mean of GET /search fell from 134 ms to 7.2 ms (-95 %, 95 % interval ",
             "; 64 and 293 traces); of the saved time 58 % was waiting for pg-pool.connect (73.8 "
             "ms "
             "to 629 \u00b5s per trace), 22 % SELECT products (33.1 ms to 4.92 ms)."},
            {"Mean of GET /product/:id fell from 57.4 ms to 15 ms (-74 %, 95 % interval ",
             "; 210 and 698 traces); of the saved time 63 % was waiting for pg-pool.connect (29 ms "
             "to 2.12 ms per trace), 41 % its own work (21.2 ms to 3.92 ms)."},
            {"Median of POST /checkout fell from 39.8 ms to 17.9 ms (-55 %, 95 % interval ",
             "; 49 and 165 traces); of the saved time more than all was waiting for "
             "pg-pool.connect (44.3 ms to 3.2 ms per trace); ",
             " are each called 12 times before, once after; pg-pool.connect is called once before, "
             "twice after."}};
        QCOMPARE(section.sentences.size(), wanted.size());
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            for (const auto *part : wanted[i])
                QVERIFY2(section.sentences[i].find(part) != std::string::npos,
                         section.sentences[i].c_str());
        }
        // SELECT, INSERT and UPDATE of a checkout, and serialize() are called an improvement; the
        // mean of checkouts is not, of 49 traces.
        const auto verdictOf = [&](const char *name, const char *detail, const char *figure) {
            for (const auto &item : section.items) {
                if (item.name == name && item.detail == detail && item.figure == figure)
                    return item.change.verdict;
            }
            return Verdict::NotEnoughData;
        };
        for (const auto *name : {"SELECT products", "INSERT order_items", "UPDATE products"})
            QCOMPARE(verdictOf(name, "frontend in POST /checkout", "calls"), Verdict::Improved);
        QCOMPARE(verdictOf("serialize", "frontend", "self"), Verdict::Improved);
        QCOMPARE(verdictOf("pg-pool.connect", "frontend", "p50"), Verdict::Improved);
        QCOMPARE(verdictOf("SELECT products", "frontend in GET /search", "critical_path"),
                 Verdict::Improved);
        QCOMPARE(verdictOf("POST /checkout", "frontend", "mean"), Verdict::NoEvidence);
        // Swapped it is as much worse.
        const auto swapped = compareFiles(scenario("after"), scenario("before"));
        QVERIFY2(swapped.sections.front().sentences.front().starts_with(
                     "Mean of GET /search rose from 7.2 ms to 134 ms ("),
                 swapped.sections.front().sentences.front().c_str());
    }
    // Traces of threads have no spans: of two that are the same nothing is said to have changed.
    void tracesOfThreadsAreComparedByTrackAndName()
    {
        const std::string file = FW_SOURCE_DIR "/tests/fixtures/chrome-trace/node_trace.json";
        const auto copy =
            std::filesystem::temp_directory_path() /
            ("fw_after_" + std::to_string(QCoreApplication::applicationPid()) + "_node_trace.json");
        std::filesystem::copy_file(file, copy, std::filesystem::copy_options::overwrite_existing);
        const auto got = compareFiles(file, copy.string());
        std::filesystem::remove(copy);
        QCOMPARE(got.sections.size(), 1u);
        const auto &section = got.sections.front();
        QCOMPARE(section.kind, std::string("traces"));
        QVERIFY(section.traces && section.traces->slices.size() > 5);
        QCOMPARE(section.explanations.front().remainder, 0.0);
        for (const auto &item : section.items) {
            QCOMPARE(item.change.delta(), 0.0);
            QVERIFY(item.change.verdict == Verdict::NoEvidence ||
                    item.change.verdict == Verdict::NotEnoughData);
        }
    }
    // The same in a phase of a load test that comes with the program.
    void theDemonstrationSaysWhatIsSlow()
    {
        const auto got = compareFiles(demo("before"), demo("after"));
        QCOMPARE(got.sections.size(), 1u);
        const auto &section = got.sections.front();
        QCOMPARE(section.sentences.size(), 1u);
        QVERIFY2(section.sentences.front().starts_with(
                     "Mean of GET /search fell from 56.5 ms to 4.21 ms (-93 %, 95 % interval "),
                 section.sentences.front().c_str());
        QCOMPARE(section.explanations.size(), section.traces->roots.size());
        QCOMPARE(section.explanations.front().of, std::string("mean of GET /search"));
        QCOMPARE(section.explanations.front().parts.front().name, std::string("SELECT products"));
        QVERIFY(section.weight > 0.9);
    }
};

QTEST_GUILESS_MAIN(TestTraceComparison)
#include "tst_trace_comparison.moc"
