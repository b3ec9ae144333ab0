#include "analysis/benchmark_stats.h"
#include "app/cli/capture_flags.h"
#include "app/cli/verb.h"
#include "tests/support/import_contract.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <cstdio>
#include <sstream>

using namespace flamewright;

namespace {

struct Ran {
    ExitCode code;
    std::string out, log;
    QJsonObject json() const
    {
        return QJsonDocument::fromJson(QByteArray::fromStdString(out)).object();
    }
    // The first of this name and metric.
    QJsonObject benchmark(const QString &name, const QString &metric) const
    {
        for (const auto &one : json()[u"benchmarks"].toArray()) {
            if (one[u"name"].toString() == name && one[u"metric"].toString() == metric)
                return one.toObject();
        }
        return {};
    }
};

} // namespace

// Medians and intervals as benchstat prints them; what the tool computed apart.
class TestBenchmarksVerb : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    ImporterRegistry m_importers;
    JobContext m_job;

    static std::string fixture(const char *path)
    {
        return FW_SOURCE_DIR "/tests/fixtures/" + std::string(path);
    }
    Ran run(const std::vector<std::string> &arguments)
    {
        const Workbench workbench(m_importers, {.isolation = Isolation::InProcess});
        std::ostringstream out, log;
        const auto code = runVerb(arguments, workbench, m_job, out, log);
        return {code, out.str(), log.str()};
    }

private Q_SLOTS:
    void initTestCase() { addBuiltinImporters(m_importers); }

    void printsWhatItPrinted_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("golden");
        QTest::newRow("go") << "go-bench/shop.txt"
                            << "go-bench";
        QTest::newRow("google") << "google-benchmark/counters.json"
                                << "google-benchmark";
        QTest::newRow("hyperfine") << "hyperfine-json/scan-failing.json"
                                   << "hyperfine";
        QTest::newRow("jmh") << "jmh/shop.json"
                             << "jmh";
        QTest::newRow("settings") << "go-bench/bad-lines.txt"
                                  << "go-settings";
    }
    void printsWhatItPrinted()
    {
        QFETCH(QString, file);
        QFETCH(QString, golden);
        const auto ran = run({"benchmarks", fixture(file.toUtf8().constData())});
        QCOMPARE(ran.code, ExitCode::Ok);
        const auto difference = testing::compareGolden(
            FW_SOURCE_DIR "/tests/golden/verbs/benchmarks-" + golden.toStdString() + ".txt",
            ran.out);
        QVERIFY2(difference.empty(), difference.c_str());
    }

    // Digit for digit.
    void equalsBenchstat()
    {
        const auto set = qEnvironmentVariable("FW_SHARED_DATA").toStdString();
        const auto input =
            std::filesystem::path(set.empty() ? FW_SOURCE_DIR "/../shared/data" : set) /
            "corpus/bench_go/perf__crc-new.txt";
        if (!std::filesystem::exists(input))
            QSKIP("FW_SHARED_DATA has no example of benchstat");
        const auto ran = run({"benchmarks", input.string()});
        QCOMPARE(ran.code, ExitCode::Ok);
        // "44.40n ± 2%" of "44.40 ns  ± 2%", by metric and name.
        std::map<QString, QString> printed;
        QString metric;
        for (const auto &line : QString::fromStdString(ran.out).split('\n')) {
            const auto fields = line.simplified().split(' ');
            if (line.startsWith(u"ns/op ") || line.startsWith(u"MB/s "))
                metric = fields[0] == u"ns/op" ? QStringLiteral("sec/op") : QStringLiteral("B/s");
            const bool mean = fields[0] == u"geomean";
            if (metric.isEmpty() || (!mean && !fields[0].startsWith(u"CRC32")))
                continue;
            const auto at = mean ? 1 : 2;
            auto prefix = fields[at + 1];
            prefix.remove(metric == u"B/s" ? QStringLiteral("B/s") : QStringLiteral("s"));
            printed[metric + ' ' + fields[0]] =
                fields[at] + prefix +
                (mean ? QString() : ' ' + fields[at + 2] + ' ' + fields[at + 3]);
        }
        const auto expected = QString::fromStdString(
            testing::readFile(FW_SOURCE_DIR "/tests/golden/benchstat/crc-new.txt"));
        int compared = 0;
        for (const auto &line : expected.split('\n', Qt::SkipEmptyParts)) {
            const auto fields = line.simplified().split(' ');
            if (fields.size() == 1) {
                metric = fields[0];
                continue;
            }
            QCOMPARE(printed[metric + ' ' + fields[0]], fields.mid(1).join(' '));
            ++compared;
        }
        QCOMPARE(compared, 74);
    }

    // Its example of a comparison, csvOldNew.stdout of the same place.
    void testEqualsBenchstats()
    {
        const std::vector<double> oldJson{1726, 1723, 1707, 1707, 1713,
                                          1729, 1736, 1707, 1705, 1774},
            newJson{1423, 1416, 1411, 1413, 1412, 1426, 1422, 1424, 1447, 1425},
            oldGob{3069, 3075, 3069, 3067, 3207, 3064, 3064, 3058, 3059, 3062},
            newGob{3075, 3065, 3059, 3065, 3060, 3081, 3186, 3135, 3087, 3062};
        const auto p = [](const std::vector<double> &a, const std::vector<double> &b) {
            char text[32];
            std::snprintf(text, sizeof text, "%.3f", rankTest(a, b)->p);
            return std::string(text);
        };
        QCOMPARE(p(oldJson, newJson), std::string("0.000"));
        QCOMPARE(p(oldGob, newGob), std::string("0.446"));
        const auto spread = [](std::vector<double> values) {
            std::sort(values.begin(), values.end());
            return spreadText(summarize(values));
        };
        QCOMPARE(spread(oldJson), std::string("1%"));
        QCOMPARE(spread(newJson), std::string("1%"));
        QCOMPARE(spread(oldGob), std::string("0%"));
        QCOMPARE(spread(newGob), std::string("2%"));
        const std::vector<double> medians{1.718e-06, 3.0655e-06};
        QVERIFY(std::abs(*geometricMean(medians) - 2.294891936453654e-06) < 1e-20);
    }

    void writesJson()
    {
        const auto ran = run({"benchmarks", fixture("hyperfine-json/scan-failing.json"), "--json"});
        QCOMPARE(ran.code, ExitCode::Ok);
        const auto one = ran.benchmark("sh -c \"sleep 0.002; exit 3\"", "time");
        QCOMPARE(one[u"n"].toInt(), 6);
        QCOMPARE(one[u"failed"].toInt(), 6);
        QCOMPARE(one[u"unit"].toString(), QStringLiteral("s"));
        QCOMPARE(one[u"labels"][u"code"].toString(), QStringLiteral("3"));
        QCOMPARE(one[u"min"].toDouble(), 0.0036996200000000003);
        // hyperfine's own median is the same number here; it stands apart.
        QCOMPARE(one[u"median"].toDouble(), one[u"tool"][2][u"value"].toDouble());
        QCOMPARE(one[u"tool"][2][u"method"].toString(), QStringLiteral("hyperfine"));
        QCOMPARE(one[u"median_ci"][0].toDouble(), one[u"min"].toDouble());
        QCOMPARE(one[u"confidence"].toDouble(), 0.96875);
        // Statistics alone: nothing of ours.
        const auto csv = run({"benchmarks", fixture("hyperfine-csv/pricer.csv"), "--json"});
        const auto pricer = csv.benchmark("pricer 200 lines x 6", "time");
        QCOMPARE(pricer[u"n"].toInt(), 0);
        QVERIFY(pricer[u"median"].isNull() && pricer[u"median_ci"].isNull());
        QCOMPARE(pricer[u"tool"].toArray().size(), 5);
        // Units of one kind are one; relative statistics stay with what they are of.
        const auto google = run({"benchmarks", fixture("google-benchmark/feed.json"), "--json"});
        const auto feed = google.benchmark("BM_PriceFeed/2000", "real_time");
        QCOMPARE(feed[u"unit"].toString(), QStringLiteral("s"));
        QCOMPARE(feed[u"n"].toInt(), 25);
        QCOMPARE(feed[u"tool"].toArray().last()[u"statistic"].toString(), QStringLiteral("cv"));
        QCOMPARE(google.json()[u"geomeans"][0][u"benchmarks"].toInt(), 3);
    }

    void asksForSome()
    {
        const auto path = fixture("go-bench/shop.txt");
        const auto some =
            run({"benchmarks", path, "--json", "--name", "Normalize", "--metric", "B/op"});
        QCOMPARE(some.json()[u"benchmarks"].toArray().size(), 2);
        QVERIFY(some.json()[u"geomeans"].toArray().isEmpty());
        QCOMPARE(run({"benchmarks", path, "--name", "nobody"}).code, ExitCode::Usage);
        QCOMPARE(run({"benchmarks", fixture("folded/small.folded")}).code, ExitCode::Usage);
    }

    // Through a session, a copy of it and SQL.
    void keepsBenchmarksInSessions()
    {
        const auto session = m_dir.filePath("b.fws").toStdString();
        const auto copy = m_dir.filePath("c.fws").toStdString();
        QCOMPARE(run({"import", fixture("go-bench/shop.txt"), "-o", session}).code, ExitCode::Ok);
        const auto imported = run({"import", fixture("jmh/shop.json"), "-o", session, "--append"});
        QVERIFY(imported.log.find("jmh, benchmarks, capture 2") != std::string::npos);
        const auto info = run({"info", session, "--json"}).json()[u"captures"].toArray();
        QCOMPARE(info[0][u"kind"].toString(), QStringLiteral("benchmarks"));
        QCOMPARE(info[0][u"rows"][u"benchmark_values"].toInt(), 150);
        QCOMPARE(info[1][u"benchmarks"][u"measured"].toInt(), 8);
        QCOMPARE(info[1][u"benchmarks"][u"computed"].toInt(), 19);
        QVERIFY(run({"info", session}).out.find("8 values measured, 19 computed by the tool") !=
                std::string::npos);
        QCOMPARE(run({"query", session,
                      "select name, count(*), max(value) from benchmark where capture=1 and "
                      "metric='ns/op' and statistic is null group by 1 limit 1"})
                         .out.find("Add-2") != std::string::npos,
                 true);
        QCOMPARE(run({"import", session, "-o", copy}).code, ExitCode::Ok);
        QCOMPARE(run({"benchmarks", copy}).out, run({"benchmarks", session}).out);
        QVERIFY(run({"benchmarks", session}).out.find("#2  shop.json") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestBenchmarksVerb)
#include "tst_benchmarks_verb.moc"
