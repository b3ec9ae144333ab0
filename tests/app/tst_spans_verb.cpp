#include "app/cli/verb.h"
#include "tests/app/shop_spans.h"
#include "tests/capture/session_support.h"
#include "tests/support/import_contract.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <sstream>

using namespace flamewright;
using namespace flamewright::test;

namespace {

struct Ran {
    ExitCode code;
    std::string out, log;
    QJsonObject json() const
    {
        return QJsonDocument::fromJson(QByteArray::fromStdString(out)).object();
    }
};

} // namespace

// `spans` and `findings` of a small shop, whose figures are known.
class TestSpansVerb : public QObject {
    Q_OBJECT

    Workplace m_place;
    ImporterRegistry m_importers;
    JobContext m_job;

    Ran run(std::vector<std::string> arguments)
    {
        arguments.insert(arguments.begin() + 1, m_place.file().string());
        const Workbench workbench(m_importers, {.isolation = Isolation::InProcess});
        std::ostringstream out, log;
        const auto code = runVerb(arguments, workbench, m_job, out, log);
        return {code, out.str(), log.str()};
    }

private Q_SLOTS:
    void initTestCase()
    {
        auto session = openSession(m_place.file(), OpenMode::Create, m_place.options);
        FW_VERIFY(session);
        FW_VERIFY(addShop(**session));
        FW_VERIFY((*session)->close());
    }

    void printsWhatItPrinted_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("spans") << QStringList{"spans"};
        QTest::newRow("spans-limit") << QStringList{"spans", "--limit", "2"};
        QTest::newRow("spans-service-map") << QStringList{"spans", "--service-map"};
        QTest::newRow("spans-critical-path")
            << QStringList{"spans", "--critical-path", "--operation", "POST /checkout"};
        QTest::newRow("spans-slow")
            << QStringList{"spans", "--slow", "--operation", "GET /product"};
        QTest::newRow("spans-slow-few") << QStringList{"spans", "--slow"};
        QTest::newRow("spans-trace") << QStringList{"spans", "--trace"};
        QTest::newRow("findings") << QStringList{"findings"};
        QTest::newRow("findings-json") << QStringList{"findings", "--json"};
        QTest::newRow("spans-json") << QStringList{"spans", "--json"};
        QTest::newRow("spans-trace-json")
            << QStringList{"spans", "--json", "--trace", "00000000000000000000000000001000"};
    }
    void printsWhatItPrinted()
    {
        QFETCH(const QStringList, arguments);
        std::vector<std::string> list;
        for (const auto &argument : arguments)
            list.push_back(argument.toStdString());
        const auto ran = run(list);
        QVERIFY2(ran.code == ExitCode::Ok, ran.log.c_str());
        const auto difference = testing::compareGolden(
            std::string(FW_SOURCE_DIR "/tests/golden/verbs/") + QTest::currentDataTag() +
                (arguments.contains(QStringLiteral("--json")) ? ".json" : ".txt"),
            ran.out);
        QVERIFY2(difference.empty(), difference.c_str());
    }

    void countsAreThoseOfTheShop()
    {
        const auto json = run({"spans", "--json"}).json();
        QCOMPARE(json[u"services"].toInt(), 2);
        QCOMPARE(json[u"traces"].toInt(), kShopCheckouts + kShopProducts);
        QCOMPARE(json[u"spans"].toInt(), kShopCheckouts * (5 + kShopQueries) + kShopProducts * 2);
        double shares = 0;
        for (const auto &one : json[u"operations"].toArray()) {
            shares += one[u"self_share"].toDouble();
            if (one[u"name"].toString() != u"SELECT shop" || one[u"service"].toString() != u"web")
                continue;
            QCOMPARE(one[u"count"].toInt(), kShopCheckouts * kShopQueries + kShopProducts);
            // 240 of 1 ms, 80 of 2 ms.
            QCOMPARE(one[u"total_ns"].toInteger(), 400'000'000);
            QCOMPARE(one[u"p50_ns"].toInteger(), 1'000'000);
            QCOMPARE(one[u"p99_ns"].toInteger(), 2'000'000);
        }
        QVERIFY(std::abs(shares - 1) < 1e-9);
    }
    void theCriticalPathAddsUp()
    {
        const auto json =
            run({"spans", "--critical-path", "--json", "--operation", "POST /checkout"}).json();
        qint64 sum = 0;
        for (const auto &one : json[u"operations"].toArray())
            sum += one[u"ns"].toInteger();
        // 22 ms each, four of 40 ms, and 0 to 39 us more.
        QCOMPARE(sum, 36 * 22'000'000 + 4 * 40'000'000 + 780'000);
        QCOMPARE(json[u"total_ns"].toInteger(), sum);
    }
    void findsTheNPlusOne()
    {
        int found = 0;
        for (const auto &one : run({"findings", "--json"}).json()[u"findings"].toArray()) {
            if (one[u"kind"].toString() != u"n_plus_one")
                continue;
            ++found;
            const auto evidence = one[u"evidence"];
            QCOMPARE(evidence[u"calls_p95"].toDouble(), double{kShopQueries});
            QCOMPARE(evidence[u"n"].toDouble(), double{kShopCheckouts});
            QCOMPARE(evidence[u"calls_ns"].toDouble(), kShopCheckouts * kShopQueries * 1e6);
            QCOMPARE(evidence[u"statement"].toString(), u"SELECT price FROM p WHERE id = ?");
            QCOMPARE(one[u"scope"][u"operation"].toString(), u"POST /checkout");
            QCOMPARE(evidence[u"spans"].toArray().size(), kShopQueries + 1);
        }
        QCOMPARE(found, 1);
    }
    void refusesWhatIsNotThere_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("message");
        QTest::newRow("trace") << QStringList{"spans", "--trace", "beef"} << "no trace 'beef'";
        QTest::newRow("operation") << QStringList{"spans", "--slow", "--operation", "nope"}
                                   << "no trace begins with 'nope'";
        QTest::newRow("service") << QStringList{"spans",        "--slow",    "--operation",
                                                "GET /product", "--service", "pricing"}
                                 << "of 'pricing'";
        QTest::newRow("both") << QStringList{"spans", "--slow", "--service-map"} << "excludes";
    }
    void refusesWhatIsNotThere()
    {
        QFETCH(const QStringList, arguments);
        QFETCH(const QString, message);
        std::vector<std::string> list;
        for (const auto &argument : arguments)
            list.push_back(argument.toStdString());
        const auto ran = run(list);
        QCOMPARE(ran.code, ExitCode::Usage);
        QVERIFY2(ran.log.find(message.toStdString()) != std::string::npos, ran.log.c_str());
    }
};

QTEST_GUILESS_MAIN(TestSpansVerb)
#include "tst_spans_verb.moc"
