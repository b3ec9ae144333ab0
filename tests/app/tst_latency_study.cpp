#include "app/cli/verb.h"
#include "tests/support/import_contract.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
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
    bool says(const char *text) const { return out.find(text) != std::string::npos; }
};

// The same numbers everywhere: distributions of the standard library are not.
struct Lottery {
    std::uint64_t state = 1;
    double next() // [0, 1)
    {
        state = state * 6364136223846793005u + 1442695040888963407u;
        return static_cast<double>(state >> 40) / (1 << 24);
    }
};

// A JMeter file of closed loops: `workers` of them in each step of `seconds`, with answers that
// take `latencyMs(lottery, workers, begin)`.
std::string jtl(const std::vector<int> &workers, int seconds,
                const std::function<int(Lottery &, int, int)> &latencyMs)
{
    Lottery lottery;
    std::string out = "timeStamp,elapsed,label,responseCode,threadName,success\n";
    constexpr std::int64_t kEpoch = 1'700'000'000'000;
    int begin = 0;
    for (const auto count : workers) {
        for (int worker = 1; worker <= count; ++worker) {
            for (int at = begin + worker; at < begin + seconds * 1000;) {
                const auto latency = latencyMs(lottery, count, at);
                out += std::to_string(kEpoch + at) + ',' + std::to_string(latency) +
                       ",GET /,200,T" + std::to_string(worker) + ",true\n";
                at += latency;
            }
        }
        begin += seconds * 1000;
    }
    return out;
}

QString printed(double value)
{
    return QString::number(value, 'g', 15);
}

QString integers(const QJsonObject &object, std::initializer_list<const char *> keys)
{
    QStringList out;
    for (const char *key : keys)
        out << QString::number(object[QLatin1String(key)].toInteger());
    return out.join(u' ');
}

} // namespace

// What the verb says of a load test besides its table.
class TestLatencyStudy : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    ImporterRegistry m_importers;
    JobContext m_job;

    Ran run(const std::vector<std::string> &arguments)
    {
        const Workbench workbench(m_importers, {.isolation = Isolation::InProcess});
        std::ostringstream out, log;
        const auto code = runVerb(arguments, workbench, m_job, out, log);
        return {code, out.str(), log.str()};
    }
    std::string write(const char *name, const std::string &content) const
    {
        const auto path = m_dir.filePath(QLatin1String(name)).toStdString();
        std::ofstream(path, std::ios::binary) << content;
        return path;
    }
    // Contention: 8 workers are as fast as it gets.
    std::string staircase() const
    {
        return write("staircase.jtl",
                     jtl({1, 2, 4, 8, 12, 16, 24}, 20, [](Lottery &lottery, int workers, int) {
                         const auto mean =
                             10 * (1 + 0.03 * (workers - 1) + 0.004 * workers * (workers - 1));
                         return static_cast<int>(std::lround(mean * (0.7 + 0.6 * lottery.next())));
                     }));
    }
    // A stall of four seconds in a minute.
    std::string stalled() const
    {
        return write("stalled.jtl", jtl({6}, 60, [](Lottery &lottery, int, int at) {
                         const auto latency = 8 + static_cast<int>(5 * lottery.next());
                         return at < 30'000 && at + latency >= 30'000 ? latency + 4'000 : latency;
                     }));
    }
    // Slow answers for the first five seconds.
    std::string cold() const
    {
        return write("cold.jtl", jtl({4}, 60, [](Lottery &lottery, int, int at) {
                         return (10 + static_cast<int>(6 * lottery.next())) * (at < 5'000 ? 4 : 1);
                     }));
    }

private Q_SLOTS:
    void initTestCase() { addBuiltinImporters(m_importers); }

    void agreesWithTheScript_data()
    {
        if (QStandardPaths::findExecutable(u"python3"_qs).isEmpty())
            QSKIP("python3 is not installed");
        QTest::addColumn<QString>("path");
        QTest::newRow("fixture") << QStringLiteral(FW_SOURCE_DIR
                                                   "/tests/fixtures/jmeter-csv/before.jtl");
        QTest::newRow("staircase") << QString::fromStdString(staircase());
        QTest::newRow("stalled") << QString::fromStdString(stalled());
        const auto shared =
            qEnvironmentVariable("FW_SHARED_DATA", QStringLiteral(FW_SOURCE_DIR "/../shared/data"));
        for (const char *side : {"before", "after"}) {
            const auto path =
                shared + u"/scenario/%1/load/jmeter.jtl.csv"_qs.arg(QLatin1String(side));
            if (QFile::exists(path))
                QTest::newRow(side) << path;
        }
    }
    void agreesWithTheScript()
    {
        QFETCH(const QString, path);
        QProcess python;
        python.start(u"python3"_qs,
                     {QStringLiteral(FW_SOURCE_DIR "/tests/support/check_load_study.py"), path,
                      u"50"_qs, u"100"_qs, u"30"_qs});
        python.waitForFinished(60'000);
        const auto expected =
            QString::fromUtf8(python.readAllStandardOutput()).trimmed().split(u'\n');
        QCOMPARE(expected.size(), 4);
        const auto ran = run({"latency", path.toStdString(), "--json", "--slo", "p95:100ms",
                              "--apdex", "50ms", "--levels", "--correct-omission", "30ms"});
        QVERIFY2(ran.code == ExitCode::Ok, ran.log.c_str());
        const auto json = ran.json();
        const auto all = json[u"groups"][0];
        QCOMPARE(integers(all[u"within_objective"].toObject(), {"good", "total"}), expected[0]);
        QCOMPARE(integers(all[u"apdex"].toObject(), {"satisfied", "tolerating", "frustrated"}),
                 expected[1]);
        const auto levels = json[u"levels"][u"levels"].toArray();
        if (levels.size() == 1) {
            const auto concurrency = levels[0][u"concurrency"].toDouble();
            QVERIFY2(std::abs(concurrency / expected[2].toDouble() - 1) < 1e-6,
                     qPrintable(printed(concurrency)));
        }
        const auto whatIf = json[u"what_if"][0].toObject();
        const auto parts = expected[3].split(u' ');
        QCOMPARE(QString::number(whatIf[u"recorded"].toInteger() + whatIf[u"added"].toInteger()),
                 parts[0]);
        QVERIFY(std::abs(whatIf[u"mean_ns"].toDouble() / 1e6 / parts[1].toDouble() - 1) < 1e-9);
        int i = 2;
        for (const char *key : {"p50_ns", "p90_ns", "p99_ns", "max_ns"})
            QCOMPARE(whatIf[QLatin1String(key)].toInteger(), parts[i++].toLongLong() * 1'000'000);
    }

    void printsLevels()
    {
        const auto ran = run({"latency", staircase(), "--levels", "--slo", "p95:30ms", "--apdex",
                              "20ms", "--intervals", "blocks"});
        QVERIFY2(ran.code == ExitCode::Ok, ran.log.c_str());
        const auto difference = testing::compareGolden(
            std::filesystem::path(FW_SOURCE_DIR "/tests/golden/verbs/latency-levels.txt"), ran.out);
        QVERIFY2(difference.empty(), difference.c_str());
    }
    void printsWhatIfs()
    {
        const auto ran = run({"latency", stalled(), "--correct-omission", "--warm-up",
                              "--intervals", "independent"});
        QVERIFY2(ran.code == ExitCode::Ok, ran.log.c_str());
        const auto difference = testing::compareGolden(
            std::filesystem::path(FW_SOURCE_DIR "/tests/golden/verbs/latency-stalled.txt"),
            ran.out);
        QVERIFY2(difference.empty(), difference.c_str());
    }

    void levelsForPrograms()
    {
        const auto json = run({"latency", staircase(), "--json", "--levels"}).json();
        const auto levels = json[u"levels"].toObject();
        QCOMPARE(levels[u"from"].toString(), u"steps of the number of busy workers");
        QCOMPARE(levels[u"levels"].toArray().size(), 7);
        const auto second = levels[u"levels"][1].toObject();
        QVERIFY(std::abs(second[u"concurrency"].toDouble() - 2) < 0.02);
        QVERIFY(second[u"ci95_ns"][u"p50"].isArray());
        const auto usl = levels[u"usl"].toObject();
        QVERIFY(std::abs(usl[u"sigma"].toDouble() - 0.03) < 0.01);
        QVERIFY(std::abs(usl[u"kappa"].toDouble() - 0.004) < 0.001);
        QCOMPARE(usl[u"residuals_per_s"].toArray().size(), 7);
        QVERIFY(usl[u"sigma_ci95"][0].toDouble() <= usl[u"sigma"].toDouble());
        QVERIFY(!levels.contains(u"usl_missing"));
        // Too few levels: said, not made up.
        const auto one =
            run({"latency", cold(), "--json", "--levels"}).json()[u"levels"].toObject();
        QVERIFY(one[u"usl"].isNull());
        QVERIFY(!one[u"usl_missing"].toString().isEmpty());
    }
    void objectivesForPrograms()
    {
        const auto json = run({"latency", staircase(), "--json", "--slo", "p95:30ms"}).json();
        const auto objective = json[u"objective"].toObject();
        QCOMPARE(objective[u"percentile"].toDouble(), 0.95);
        QCOMPARE(objective[u"threshold_ns"].toInteger(), 30'000'000);
        QCOMPARE(objective[u"met"].toBool(), objective[u"share"].toDouble() >= 0.95);
        QVERIFY(std::abs(objective[u"burn_rate"].toDouble() -
                         (1 - objective[u"share"].toDouble()) / 0.05) < 1e-9);
        QCOMPARE(objective[u"alerts"].toArray().size(), 4);
        const auto room = objective[u"headroom"].toObject();
        QCOMPARE(room[u"kind"].toString(), u"crosses");
        QVERIFY(room[u"low_per_s"].toDouble() <= room[u"throughput_per_s"].toDouble());
        QVERIFY(room[u"throughput_per_s"].toDouble() <= room[u"high_per_s"].toDouble());
        QVERIFY(!json.contains(u"levels"));
    }
    void keysAreOnlyAdded()
    {
        const auto plain = run({"latency", cold(), "--json"}).json();
        QCOMPARE(plain.keys(), (QStringList{u"by"_qs, u"duration_ns"_qs, u"groups"_qs,
                                            u"left_out"_qs, u"remarks"_qs}));
        auto group = plain[u"groups"][0].toObject();
        const auto all = run({"latency", cold(), "--json", "--levels", "--slo", "p99:1s", "--apdex",
                              "1s", "--intervals", "blocks", "--correct-omission", "--warm-up"})
                             .json();
        auto more = all[u"groups"][0].toObject();
        for (const char *key : {"apdex", "within_objective", "ci95_blocks_ns"})
            QVERIFY(!more.take(QLatin1String(key)).isUndefined());
        QCOMPARE(more, group);
        for (const char *key : {"levels", "objective", "what_if", "warm_up"})
            QVERIFY(all.contains(QLatin1String(key)));
    }
    void omissionIsSaid()
    {
        const auto ran = run({"latency", stalled(), "--json"});
        const auto remarks = ran.json()[u"remarks"].toArray();
        QStringList kinds;
        for (const auto &remark : remarks)
            kinds << remark[u"kind"].toString();
        QVERIFY2(kinds.contains(u"closed_model") && kinds.contains(u"coordinated_omission"),
                 qPrintable(kinds.join(u' ')));
        for (const auto &remark : remarks) {
            if (remark[u"kind"].toString() == u"coordinated_omission") {
                QCOMPARE(remark[u"severity"].toString(), u"warning");
                QVERIFY(remark[u"evidence"][u"slow_latency_ns"].toDouble() > 1e9);
            }
        }
        QVERIFY(run({"latency", stalled()}).says("percentiles are a lower bound"));
    }
    void warmUpsAreOfferedAndDroppedWhenAsked()
    {
        const auto offered = run({"latency", cold()});
        QVERIFY2(offered.says("look like a warm-up"), offered.out.c_str());
        const auto all = run({"latency", cold(), "--json", "--warm-up"}).json();
        const auto warmUp = all[u"warm_up"][0].toObject();
        QCOMPARE(warmUp[u"skipped"].toBool(true), false);
        QVERIFY(std::abs(warmUp[u"end_ns"].toDouble() / 5e9 - 1) < 0.1);
        const auto skipped = run({"latency", cold(), "--json", "--skip-warm-up"}).json();
        QCOMPARE(skipped[u"groups"][0][u"count"].toInteger() + warmUp[u"count"].toInteger(),
                 all[u"groups"][0][u"count"].toInteger());
        QCOMPARE(skipped[u"warm_up"][0][u"skipped"].toBool(), true);
        QCOMPARE(skipped[u"groups"][1][u"p99_ns"].toInteger(),
                 warmUp[u"without"][u"p99_ns"].toInteger());
        const auto text = run({"latency", cold(), "--skip-warm-up"});
        QVERIFY2(text.says("(--skip-warm-up)") && !text.says("look like a warm-up"),
                 text.out.c_str());
        QVERIFY(run({"latency", stalled(), "--warm-up"}).says("No warm-up"));
    }
    void blocksOfTime()
    {
        const auto group =
            run({"latency", cold(), "--json", "--intervals", "blocks"}).json()[u"groups"][1];
        const auto blocks = group[u"ci95_blocks_ns"].toObject();
        QCOMPARE(blocks[u"resamples"].toInt(), 1000);
        QVERIFY(blocks[u"block_ns"].toInteger() >= 1'000'000'000);
        QVERIFY(blocks[u"p9999"].isNull());
        // The warm-up is in one piece: which blocks are drawn decides the tail.
        const auto width = [&](const char *of, const char *key) {
            const auto ends = group[QLatin1String(of)][QLatin1String(key)];
            return ends[1].toInteger() - ends[0].toInteger();
        };
        QVERIFY(width("ci95_blocks_ns", "p99") > width("ci95_ns", "p99"));
    }
    // Of a log of HdrHistogram: the counts that it holds, value by value.
    void histogramsAreCorrectedToo()
    {
        const std::string path = FW_SOURCE_DIR "/tests/fixtures/hdr-log/tagged.v2.hlog";
        const auto ran = run({"latency", path, "--json", "--correct-omission", "5ms"});
        QVERIFY2(ran.code == ExitCode::Ok, ran.log.c_str());
        const auto group = ran.json()[u"groups"][0].toObject();
        const auto session = m_dir.filePath(u"hdr.fws"_qs).toStdString();
        QVERIFY(run({"import", path, "-o", session}).code == ExitCode::Ok);
        const auto buckets =
            run({"query", session, "--csv",
                 "select position, sum(value) from summary where metric='latency' and "
                 "figure='bucket' and endpoint=0 group by position"})
                .out;
        std::vector<std::int64_t> values;
        std::istringstream lines(buckets);
        std::string line;
        for (std::getline(lines, line); std::getline(lines, line);) {
            const auto parts = QString::fromStdString(line).split(u',');
            for (int i = 0; i < parts[1].toDouble(); ++i) {
                for (auto value = std::llround(parts[0].toDouble()); value > 0;) {
                    values.push_back(value);
                    value -= 5'000'000;
                    if (value < 5'000'000)
                        break;
                }
            }
        }
        std::sort(values.begin(), values.end());
        QVERIFY2(values.size() > 120, buckets.c_str());
        const auto whatIf = group[u"what_if"].toObject();
        QCOMPARE(whatIf[u"recorded"].toInteger(), 120);
        QCOMPARE(whatIf[u"recorded"].toInteger() + whatIf[u"added"].toInteger(),
                 static_cast<qint64>(values.size()));
        for (const auto &[key, q] : {std::pair{"p50_ns", 50u}, {"p90_ns", 90u}, {"p99_ns", 99u}})
            QCOMPARE(whatIf[QLatin1String(key)].toInteger(),
                     values[(values.size() * q + 99) / 100 - 1]);
        const auto text = run({"latency", path, "--correct-omission", "5ms"});
        QVERIFY2(text.says("nobody measured this") && text.says("checkout"), text.out.c_str());
        QVERIFY(run({"latency", path, "--correct-omission"}).log.find("say it") !=
                std::string::npos);
        const std::string wrk = FW_SOURCE_DIR "/tests/fixtures/locust-json/";
        for (const auto &entry : std::filesystem::directory_iterator(wrk)) {
            if (entry.path().extension() != ".json" ||
                entry.path().filename().string().rfind("bad-", 0) == 0)
                continue;
            const auto none = run({"latency", entry.path().string(), "--correct-omission", "5ms"});
            QVERIFY2(none.says("No what-if"), none.out.c_str());
        }
    }
    void refusesWhatItCannotRead()
    {
        const auto path = cold();
        for (const char *wrong : {"99:300ms", "p99", "p:1s", "p100:1s", "p0:1s", "p99.999:1s",
                                  "p99:never", "p99:0s", "p99:-1s", ""})
            QVERIFY2(run({"latency", path, "--slo", wrong}).code == ExitCode::Usage, wrong);
        for (const char *wrong : {"0s", "-5ms", "soon"}) {
            QCOMPARE(run({"latency", path, "--apdex", wrong}).code, ExitCode::Usage);
            QCOMPARE(run({"latency", path, "--correct-omission", wrong}).code, ExitCode::Usage);
        }
        QCOMPARE(run({"latency", path, "--intervals", "wide"}).code, ExitCode::Usage);
        QCOMPARE(run({"latency", path, "--slo", "p99.9:1s"}).code, ExitCode::Ok);
    }
};

QTEST_MAIN(TestLatencyStudy)
#include "tst_latency_study.moc"
