#include "app/cli/verb.h"
#include "importers/registry.h"

#include <QDir>
#include <QImage>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <fstream>
#include <sstream>

using namespace flamewright;

namespace {

constexpr const char *kFixtures = FW_SOURCE_DIR "/tests/fixtures/";
const char *const kViews[] = {"percentiles", "over-time", "heatmap-latency", "histogram", "load"};

// Eight steps of workers, each with a rate that levels off, of ten seconds; some of the last fail.
std::string steppedTest()
{
    std::string out = "timeStamp,elapsed,label,responseCode,responseMessage,threadName,success\n";
    std::uint64_t state = 99;
    const auto random = [&state](std::uint64_t below) {
        state = state * 6364136223846793005ull + 1442695040888963407ull;
        return static_cast<long>((state >> 33) % below);
    };
    struct Row {
        long begin, elapsed;
        int worker;
        bool failed;
    };
    std::vector<Row> rows;
    long start = 1'795'213'856'000;
    for (const int workers : {1, 2, 4, 8, 12, 16, 24, 32}) {
        const auto base = 10 + workers * workers / 20;
        for (int worker = 0; worker < workers; ++worker) {
            for (long at = random(10); at < 10'000;) {
                const auto elapsed = base + random(10);
                rows.push_back({start + at, elapsed, worker, workers == 32 && random(20) == 0});
                at += elapsed + 1;
            }
        }
        start += 10'000;
    }
    std::sort(rows.begin(), rows.end(),
              [](const Row &a, const Row &b) { return a.begin < b.begin; });
    for (const auto &row : rows)
        out += std::to_string(row.begin) + "," + std::to_string(row.elapsed) + "," +
               (row.worker % 2 == 0 ? "GET /a" : "GET /b") + "," +
               (row.failed ? "503,Service Unavailable" : "200,OK") + ",g 1-" +
               std::to_string(row.worker + 1) + (row.failed ? ",false\n" : ",true\n");
    return out;
}

} // namespace

// The views of a load test, from the file to the picture.
class TestRenderLoad : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    ImporterRegistry m_importers;
    JobContext m_job;
    std::string m_steps, m_log;

    std::string path(const char *name) const
    {
        return m_dir.filePath(QLatin1String(name)).toStdString();
    }
    ExitCode run(std::vector<std::string> arguments)
    {
        const Workbench workbench(m_importers, {.isolation = Isolation::InProcess});
        std::ostringstream out, log;
        const auto code = runVerb(arguments, workbench, m_job, out, log);
        m_log = log.str();
        return code;
    }
    // The SVG of a view; empty when it was not drawn.
    QByteArray drawn(const std::string &file, const char *view,
                     const std::vector<std::string> &more = {})
    {
        std::vector<std::string> arguments{"render", file, "--view", view, "-o", path("p.svg")};
        arguments.insert(arguments.end(), more.begin(), more.end());
        QFile::remove(m_dir.filePath(QStringLiteral("p.svg")));
        QFile svg(m_dir.filePath(QStringLiteral("p.svg")));
        return run(arguments) == ExitCode::Ok && svg.open(QIODevice::ReadOnly) ? svg.readAll()
                                                                               : QByteArray();
    }

private Q_SLOTS:
    void initTestCase()
    {
        addBuiltinImporters(m_importers);
        std::ofstream(path("steps.jtl")) << steppedTest();
        m_steps = path("steps.fws"); // read once
        QCOMPARE(run({"import", path("steps.jtl"), "-o", m_steps}), ExitCode::Ok);
    }

    void everyViewHasItsFigures()
    {
        const auto percentiles = drawn(m_steps, "percentiles", {"--slo", "p99:80ms"});
        QVERIFY2(percentiles.contains("Latency by percentile"), m_log.c_str());
        QVERIFY(percentiles.contains("p99.9") && percentiles.contains("met, "));
        QVERIFY(percentiles.contains("Failures are not in the percentiles."));
        const auto time = drawn(m_steps, "over-time");
        QVERIFY(time.contains("requests under way") && time.contains("Service Unavailable"));
        QVERIFY(drawn(m_steps, "heatmap-latency").contains("requests in a cell"));
        const auto histogram = drawn(m_steps, "histogram", {"--linear"});
        QVERIFY(histogram.contains("share of requests in a bin"));
        QVERIFY(!histogram.contains("logarithmic"));
        const auto load = drawn(m_steps, "load", {"--slo", "p95:20ms"});
        QVERIFY(load.contains("8 levels of load") && load.contains("Universal Scalability Law"));
        QVERIFY(load.contains("crossed at "));
    }

    void everyThemeIsDrawnAsPixels()
    {
        for (const auto *view : kViews) {
            for (const auto *theme : {"light", "dark", "print"}) {
                QCOMPARE(run({"render", m_steps, "--view", view, "-o", path("p.png"), "--theme",
                              theme, "--size", "700x400"}),
                         ExitCode::Ok);
                QCOMPARE(QImage(m_dir.filePath(QStringLiteral("p.png"))).size(), QSize(700, 400));
            }
            QCOMPARE(run({"render", m_steps, "--view", view, "-o", path("p.pdf")}), ExitCode::Ok);
        }
    }

    void groupsAndFailuresAreAsAskedFor()
    {
        const auto by = drawn(m_steps, "percentiles", {"--by", "endpoint"});
        QVERIFY(by.contains("GET /a") && by.contains("GET /b"));
        QVERIFY(drawn(m_steps, "percentiles", {"--endpoint", "GET /a"}).contains("requests"));
        const auto with = drawn(m_steps, "percentiles", {"--include-failures"});
        QVERIFY(with.contains("Failures are in the percentiles."));
        QVERIFY(
            drawn(m_steps, "over-time", {"--begin", "10s", "--end", "20s"}).contains("10s to 20s"));
    }

    void capturesAreCompared()
    {
        const auto session = path("two.fws");
        QCOMPARE(run({"import", path("steps.jtl"), "--name", "before", "-o", session}),
                 ExitCode::Ok);
        QCOMPARE(run({"import", std::string(kFixtures) + "jmeter-csv/before.jtl", "--name", "after",
                      "-o", session, "--append"}),
                 ExitCode::Ok);
        const auto both = drawn(session, "percentiles");
        QVERIFY(both.contains("Latency by percentile \u00b7 before, after"));
        QVERIFY(both.contains("before: ") && both.contains("after: "));
        QVERIFY(!both.contains("all captures together"));
        QVERIFY(drawn(session, "heatmap-latency").contains("all captures together"));
    }

    void figuresOfToolsAreSaidToBe()
    {
        const auto wrk = std::string(kFixtures) + "wrk/mix-L1.txt";
        const auto percentiles = drawn(wrk, "percentiles");
        QVERIFY2(percentiles.contains("as printed"), m_log.c_str());
        QVERIFY(percentiles.contains("figures that a tool computed, no requests"));
        for (const auto *view : {"over-time", "heatmap-latency", "histogram", "load"})
            QVERIFY2(drawn(wrk, view).contains("This file holds figures that a tool computed"),
                     view);
    }

    void tellsWhatCannotBeDrawn()
    {
        const auto demo = std::string(FW_SOURCE_DIR "/resources/demo/pricer-before.perf.data");
        for (const auto *view : kViews) {
            QCOMPARE(run({"render", demo, "--view", view, "-o", path("no.svg")}), ExitCode::Usage);
            QVERIFY2(m_log.find("not a load test") != std::string::npos, m_log.c_str());
        }
        for (const auto *bad : {"p99", "p99:", "p0:5ms", "p100:5ms", "px:5ms", "-3ms", "", "0ms"})
            QCOMPARE(run({"render", m_steps, "--view", "load", "-o", path("no.svg"), "--slo", bad}),
                     ExitCode::Usage);
        QCOMPARE(
            run({"render", m_steps, "--view", "load", "-o", path("no.svg"), "--log", "--linear"}),
            ExitCode::Usage);
        QCOMPARE(run({"render", m_steps, "--view", "load", "-o", path("no.svg"), "--by", "moon"}),
                 ExitCode::Usage);
        QVERIFY(!QFile::exists(m_dir.filePath(QStringLiteral("no.svg"))));
    }
};

QTEST_MAIN(TestRenderLoad)
#include "tst_render_load.moc"
