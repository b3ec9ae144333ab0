#include "app/cli/verb.h"
#include "tests/support/import_contract.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <sstream>

using namespace flamewright;

namespace {

constexpr const char *kFixtures = FW_SOURCE_DIR "/tests/fixtures/";

struct Ran {
    ExitCode code;
    std::string out, log;
    QJsonObject json() const
    {
        return QJsonDocument::fromJson(QByteArray::fromStdString(out)).object();
    }
    QJsonObject group(const QString &name) const
    {
        for (const auto &group : json()[u"groups"].toArray()) {
            if (group[u"name"] == name)
                return group.toObject();
        }
        return {};
    }
};

// "1528 504 1000000 ...", as check_latency.py prints it.
QString line(const QJsonObject &group)
{
    QStringList out;
    for (const char *key : {"count", "errors", "min_ns"})
        out << QString::number(group[QLatin1String(key)].toInteger());
    out << QString::number(group[u"mean_ns"].toDouble(), 'g', 17);
    for (const char *key : {"p50_ns", "p90_ns", "p95_ns", "p99_ns", "p999_ns", "max_ns"})
        out << QString::number(group[QLatin1String(key)].toInteger());
    return out.join(u' ');
}

QString withFullMean(const QString &printed)
{
    auto parts = printed.trimmed().split(u' ');
    if (parts.size() > 3)
        parts[3] = QString::number(parts[3].toDouble(), 'g', 17);
    return parts.join(u' ');
}

} // namespace

// How long requests took, from the file to the figure: against a script that reads the same rows
// with Python's own readers, and the contract of the verb.
class TestLatencyVerb : public QObject {
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
    // What the script says; empty: it cannot read the file.
    static QString script(const QStringList &arguments)
    {
        QProcess python;
        python.start(u"python3"_qs,
                     QStringList{QStringLiteral(FW_SOURCE_DIR "/tests/support/check_latency.py")} +
                         arguments);
        python.waitForFinished(60'000);
        return python.exitCode() == 0
                   ? withFullMean(QString::fromUtf8(python.readAllStandardOutput()))
                   : QString();
    }
    static QString shared()
    {
        return qEnvironmentVariable("FW_SHARED_DATA",
                                    QStringLiteral(FW_SOURCE_DIR "/../shared/data"));
    }
    static QString fixture(const char *name)
    {
        return QLatin1String(kFixtures) + QLatin1String(name);
    }

private Q_SLOTS:
    void initTestCase() { addBuiltinImporters(m_importers); }

    void agreesWithTheScript_data()
    {
        if (QStandardPaths::findExecutable(u"python3"_qs).isEmpty())
            QSKIP("python3 is not installed");
        QTest::addColumn<QString>("path");
        for (const char *name :
             {"jmeter-csv/before.jtl", "jmeter-csv/bad-cut.csv", "jmeter-csv/transactions.csv",
              "jmeter-csv/plain.csv", "jmeter-xml/before.jtl", "jmeter-xml/nested.jtl",
              "vegeta-gob/nine-fields.bin", "vegeta-gob/twelve-fields.bin",
              "vegeta-json/results.json", "vegeta-csv/twelve-columns.csv", "hey-csv/checkout.csv",
              "hey-csv/search-crlf.csv", "ab-gnuplot/product.tsv", "phout/three-tags.phout",
              "phout/crlf-no-tag.phout", "pgbench-log/plain.6957", "pgbench-log/rate.6978",
              "pgbench-log/rate-retries.log", "siege/verbose.txt"})
            QTest::newRow(name) << fixture(name);
        const QDir corpus(shared() + u"/corpus/jmeter"_qs);
        for (const auto &entry : corpus.entryInfoList(QDir::Files))
            QTest::newRow(qPrintable(entry.fileName())) << entry.filePath();
        for (const char *one :
             {"corpus/vegeta/version-compliance-checker__results.bin",
              "corpus/phout/yandex-tank__phout.dat", "corpus/phout/yandex-tank__phout1",
              "corpus/phout/yandex-tank__phout2927", "corpus/phout/yandex-tank__tests_phout.dat",
              "corpus/ab_siege_tsung/taurus__ab.tsv", "pg/pgb_rate.6978", "pg/pgb_tx.6957",
              "pg/pgb_tx.6957.1"}) {
            const auto path = shared() + u'/' + QLatin1String(one);
            if (QFile::exists(path))
                QTest::newRow(one) << path;
        }
        for (const char *side : {"before", "after"}) {
            for (const char *name : {"hey_search.csv", "hey_product.csv", "hey_checkout.csv",
                                     "ab_product.tsv", "ab_checkout.tsv", "siege_mix.txt"}) {
                const auto path = shared() + u"/scenario/%1/load/%2"_qs.arg(QLatin1String(side),
                                                                            QLatin1String(name));
                if (QFile::exists(path))
                    QTest::newRow(qPrintable(QLatin1String(side) + u'/' + QLatin1String(name)))
                        << path;
            }
            for (const char *form : {"csv", "xml"}) {
                const auto path = shared() + u"/scenario/%1/load/jmeter.jtl.%2"_qs.arg(
                                                 QLatin1String(side), QLatin1String(form));
                if (QFile::exists(path))
                    QTest::newRow(qPrintable(QLatin1String(side) + u'.' + QLatin1String(form)))
                        << path;
            }
        }
    }
    void agreesWithTheScript()
    {
        QFETCH(QString, path);
        const auto expected = script({path});
        const auto ran = run({"latency", path.toStdString(), "--json"});
        // Without elapsed times, or no XML: the script says nothing, we read it or refuse it.
        if (expected.isEmpty()) {
            QVERIFY2(ran.code == ExitCode::BadInput ||
                         (ran.code == ExitCode::Ok && ran.json().contains(u"groups")),
                     ran.log.c_str());
            return;
        }
        if (expected == u"-") {
            QVERIFY(ran.code != ExitCode::Ok);
            return;
        }
        QVERIFY2(ran.code == ExitCode::Ok, ran.log.c_str());
        QCOMPARE(line(ran.group(u"*"_qs)), expected);
    }

    // All rows, as JMeter's own report counts them.
    void countsTransactionsWhenAsked()
    {
        const auto path = fixture("jmeter-csv/transactions.csv");
        const auto all = run({"latency", path.toStdString(), "--json", "--transactions"});
        QCOMPARE(line(all.group(u"*"_qs)), script({u"--rows"_qs, path}));
        QCOMPARE(all.json()[u"left_out"].toInt(), 0);
        const auto requests = run({"latency", path.toStdString(), "--json"});
        QCOMPARE(requests.json()[u"left_out"].toInt(), 1);
        QVERIFY(requests.log.find("--transactions") != std::string::npos);
        const auto xml = fixture("jmeter-xml/nested.jtl").toStdString();
        QCOMPARE(run({"latency", xml, "--json"}).group(u"*"_qs)[u"count"].toInt(), 3);
        QCOMPARE(run({"latency", xml, "--json", "--parts"}).group(u"*"_qs)[u"count"].toInt(), 5);
    }

    // Facts that other tools computed about files with transactions: every row counts.
    void agreesWithTheFactsOfTheCorpus()
    {
        QFile file(shared() + u"/corpus_facts.json"_qs);
        if (!file.open(QIODevice::ReadOnly))
            QSKIP("FW_SHARED_DATA has no corpus_facts.json");
        const auto facts = QJsonDocument::fromJson(file.readAll()).object();
        int compared = 0;
        for (auto fact = facts.begin(); fact != facts.end(); ++fact) {
            if (!fact.key().startsWith(u"jmeter/"))
                continue;
            const auto path = shared() + u"/corpus/"_qs + fact.key();
            const auto ran = run({"latency", path.toStdString(), "--json", "--transactions"});
            QCOMPARE(line(ran.group(u"*"_qs)), line(fact->toObject()));
            ++compared;
        }
        QVERIFY(compared > 10);
    }

    void groupsAndKeepsFailuresApart()
    {
        const auto path =
            write("mixed.jtl", "timeStamp,elapsed,label,responseCode,threadName,success\n"
                               "1000,10,a,200,T1,true\n1010,20,a,200,T2,true\n"
                               "1020,1,a,503,T1,false\n1030,30,b,200,T1,true\n"
                               "2000,1000,b,Non HTTP response code: x.Y,T2,false\n");
        const auto byEndpoint = run({"latency", path, "--json"});
        const auto a = byEndpoint.group(u"a"_qs);
        QCOMPARE(a[u"count"].toInt(), 3);
        QCOMPARE(a[u"errors"].toInt(), 1);
        QCOMPARE(a[u"of"].toString(), u"ok");
        QCOMPARE(a[u"min_ns"].toInteger(), 10'000'000);
        QCOMPARE(a[u"failed"][u"max_ns"].toInteger(), 1'000'000);
        QCOMPARE(a[u"aggregate"].toBool(true), false);
        QCOMPARE(a[u"rate_per_s"].toDouble(), 1.5); // 3 in 2 s
        const auto all = byEndpoint.group(u"*"_qs);
        QCOMPARE(all[u"min_ns"].toInteger(), 1'000'000); // failures included
        QCOMPARE(all[u"errors"].toInt(), 2);
        QVERIFY(all[u"ci95_ns"][u"p50"].isNull());
        const auto together = run({"latency", path, "--json", "--include-failures"});
        QCOMPARE(together.group(u"a"_qs)[u"min_ns"].toInteger(), 1'000'000);
        const auto byStatus = run({"latency", path, "--json", "--by", "status"});
        QCOMPARE(byStatus.group(u"200"_qs)[u"count"].toInt(), 3);
        QCOMPARE(byStatus.group(u"503"_qs)[u"of"].toString(), u"failed");
        QCOMPARE(byStatus.group(u"Non HTTP response code: x.Y"_qs)[u"count"].toInt(), 1);
        QCOMPARE(
            run({"latency", path, "--json", "--by", "worker"}).group(u"T2"_qs)[u"count"].toInt(),
            2);
        // Parts of the time, of the workers and of the endpoints.
        QCOMPARE(
            run({"latency", path, "--json", "--begin", "500ms"}).group(u"*"_qs)[u"count"].toInt(),
            1);
        QCOMPARE(
            run({"latency", path, "--json", "--thread", "T1"}).group(u"*"_qs)[u"count"].toInt(), 3);
        QCOMPARE(
            run({"latency", path, "--json", "--endpoint", "b"}).group(u"*"_qs)[u"count"].toInt(),
            2);
    }

    void groupsByCaptureTagAndPattern()
    {
        // Two files of one session: the same threads in both are not the same workers.
        const auto session = m_dir.filePath(u"pair.fws"_qs).toStdString();
        const auto one = write("one.jtl", "timeStamp,elapsed,label,success,threadName\n"
                                          "1000,10,/users/1,true,T1\n1010,20,/users/2,true,T1\n");
        const auto two = write("two.jtl", "timeStamp,elapsed,label,success,threadName\n"
                                          "901000,30,/users/3,true,T1\n");
        QVERIFY(run({"import", one, "-o", session}).code == ExitCode::Ok);
        QVERIFY(run({"import", two, "-o", session, "--append"}).code == ExitCode::Ok);
        const auto byCapture = run({"latency", session, "--json", "--by", "capture"});
        QCOMPARE(byCapture.group(u"one.jtl"_qs)[u"count"].toInt(), 2);
        QCOMPARE(byCapture.group(u"two.jtl"_qs)[u"count"].toInt(), 1);
        QCOMPARE(byCapture.json()[u"duration_ns"].toInteger(), 60'000'000); // 30 ms and 30 ms
        const auto pattern = run({"latency", session, "--json", "--pattern"});
        QCOMPARE(pattern.group(u"/users/{n}"_qs)[u"count"].toInt(), 3);
        // k6's own tags.
        const auto k6 = run(
            {"latency", fixture("k6-json/shop.json").toStdString(), "--json", "--by", "tag:group"});
        QVERIFY2(k6.code == ExitCode::Ok, k6.log.c_str());
        QCOMPARE(k6.group(u"::checkout"_qs)[u"count"].toInt(),
                 2); // lines of http_req_duration with it
        QCOMPARE(k6.group(u"(no group)"_qs)[u"count"].toInt(), 8);
        QCOMPARE(run({"latency", session, "--by", "tag:"}).code, ExitCode::Usage);
    }
    // URLs with ids: so many that nobody can read them are offered as one.
    void offersPatternsWhereEndpointsAreMany()
    {
        std::string text = "timeStamp,elapsed,label,success\n";
        for (int i = 0; i < 60; ++i)
            text += std::to_string(1000 + i) + ",5,/users/" + std::to_string(i) + ",true\n";
        const auto ran = run({"latency", write("ids.jtl", text)});
        QVERIFY2(ran.log.find("60 endpoints look like 1 with ids in their paths (--pattern)") !=
                     std::string::npos,
                 ran.log.c_str());
    }

    // Two runs a day apart are not one long run at a low rate.
    void ratesAreOfTheTimeInWhichThereWasLoad()
    {
        const auto ran = run({"latency", fixture("jmeter-csv/transactions.csv").toStdString(),
                              "--json", "--by", "phase"});
        // From 20 to 705 ms, and 40 ms.
        QCOMPARE(ran.json()[u"duration_ns"].toInteger(), 725'000'000);
        QCOMPARE(ran.group(u"run 2"_qs)[u"rate_per_s"].toDouble(), 25.0);
    }

    void printsATable()
    {
        const auto ran = run({"latency", fixture("jmeter-csv/before.jtl").toStdString()});
        const auto golden = std::filesystem::path(FW_SOURCE_DIR "/tests/golden/verbs/latency.txt");
        const auto difference = testing::compareGolden(golden, ran.out);
        QVERIFY2(difference.empty(), difference.c_str());
        QVERIFY(ran.log.find("--include-failures") != std::string::npos);
        const auto info = run({"info", fixture("jmeter-csv/before.jtl").toStdString()});
        QVERIFY2(info.out.find("60 to 3 endpoints from 4 workers, 18 failed (30.0 %)") !=
                     std::string::npos,
                 info.out.c_str());
        const auto json =
            run({"info", fixture("jmeter-csv/before.jtl").toStdString(), "--json"}).json();
        const auto load = json[u"captures"][0][u"load"];
        QCOMPARE(load[u"errors"].toInt(), 18);
        QCOMPARE(load[u"endpoints"].toInt(), 3);
        QCOMPARE(json[u"captures"][0][u"kind"].toString(), u"load test");
    }

    // A session with a load test and a profile: each is counted in what it has.
    void livesInASessionWithProfiles()
    {
        const auto session = m_dir.filePath(u"both.fws"_qs).toStdString();
        const auto load = fixture("jmeter-csv/before.jtl").toStdString();
        const auto imported = run({"import", load, "-o", session, "--name", "load"});
        QVERIFY2(imported.log.find("60 requests") != std::string::npos, imported.log.c_str());
        const auto profile = write("b.folded", "main;parse 1\n");
        QVERIFY(run({"import", profile, "-o", session, "--append"}).code == ExitCode::Ok);
        QCOMPARE(run({"latency", session, "--json"}).group(u"*"_qs)[u"count"].toInt(), 60);
        QCOMPARE(run({"latency", session + "#load", "--json"}).group(u"*"_qs)[u"count"].toInt(),
                 60);
        QCOMPARE(run({"latency", session + "#b.folded"}).code, ExitCode::Usage);
        const auto sql = run({"query", session, "--csv",
                              "select kind, count(*) from request where not ok group by 1"});
        QVERIFY2(sql.out.find("request,18") != std::string::npos, sql.out.c_str());
    }

    // Figures that a tool computed stay its own.
    void showsWhatToolsSummedUpAsTheirs()
    {
        const auto wrk = run({"latency", fixture("wrk/mix-L1.txt").toStdString(), "--json"});
        const auto groups = wrk.json()[u"groups"].toArray();
        QVERIFY2(groups.size() == 1, wrk.log.c_str());
        QCOMPARE(groups[0][u"aggregate"].toBool(), true);
        QVERIFY(groups[0][u"method"].toString().startsWith(u"wrk"));
        QVERIFY(groups[0][u"p50_ns"].toDouble() > 0);
        QVERIFY(groups[0][u"p999_ns"].isNull()); // wrk does not print it
        const auto text = run({"latency", fixture("locust-csv/stats.csv").toStdString()});
        QCOMPARE(text.code, ExitCode::Ok);
        QVERIFY2(text.out.find("as Locust summed it up") != std::string::npos, text.out.c_str());
        QVERIFY(text.out.find("rounded to two digits") != std::string::npos);
        const auto history = run({"latency", fixture("locust-csv/history.csv").toStdString()});
        QVERIFY(history.out.find("cannot be put together") != std::string::npos);
    }

    void refusesWhatIsNoLoadTest()
    {
        const auto profile = write("a.folded", "main;parse 1\n");
        QCOMPARE(run({"latency", profile}).code, ExitCode::Usage);
        QCOMPARE(run({"latency", profile, "--by", "colour"}).code, ExitCode::Usage);
    }
};

QTEST_MAIN(TestLatencyVerb)
#include "tst_latency_verb.moc"
