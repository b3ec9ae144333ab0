#include "app/cli/verb.h"
#include "importers/registry.h"
#include "tests/support/import_contract.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <filesystem>
#include <map>
#include <sstream>

using namespace flamewright;

namespace {

constexpr const char *kStatements[] = {
    "SELECT id, name, category, price_cents, stock FROM products WHERE id = $1",
    "INSERT INTO order_items(order_id, product_id, qty, price_cents) VALUES ($1, $2, $3, $4)",
    "UPDATE products SET stock = stock - $2 WHERE id = $1"};

} // namespace

// The example shop, traced before and after its faults were mended. What is expected was counted by
// tests/support/make_shop_traces.py's input in Python: spans with the same statement and parent.
class TestShopTraces : public QObject {
    Q_OBJECT

    ImporterRegistry m_importers;
    JobContext m_job;

    QJsonObject run(const std::vector<std::string> &arguments)
    {
        const Workbench workbench(m_importers, {.isolation = Isolation::InProcess});
        std::ostringstream out, log;
        if (runVerb(arguments, workbench, m_job, out, log) != ExitCode::Ok)
            qWarning("%s", log.str().c_str());
        return QJsonDocument::fromJson(QByteArray::fromStdString(out.str())).object();
    }
    // Of findings of a kind, by statement: how many calls, and of how many parents.
    std::map<std::string, std::pair<double, double>> nPlusOne(const std::string &file)
    {
        std::map<std::string, std::pair<double, double>> out;
        for (const auto &one : run({"findings", file, "--json"})[u"findings"].toArray()) {
            if (one[u"kind"].toString() != u"n_plus_one")
                continue;
            const auto evidence = one[u"evidence"];
            out[evidence[u"statement"].toString().toStdString()] = {
                evidence[u"calls_p95"].toDouble(), evidence[u"n"].toDouble()};
        }
        return out;
    }
    // The shares of the critical path of checkouts; nothing where they do not add up.
    qint64 addedUp(const std::string &file)
    {
        const auto path =
            run({"spans", file, "--json", "--critical-path", "--operation", "POST /checkout"});
        qint64 sum = 0;
        double shares = 0;
        for (const auto &one : path[u"operations"].toArray()) {
            sum += one[u"ns"].toInteger();
            shares += one[u"share"].toDouble();
        }
        return sum == path[u"total_ns"].toInteger() && std::abs(shares - 1) < 1e-9 ? sum : 0;
    }
    static std::string fixture(const char *name)
    {
        return std::string(FW_SOURCE_DIR "/tests/fixtures/shop-traces/") + name + ".jsonl.gz";
    }
    static std::string scenario(const char *name)
    {
        const auto set = qEnvironmentVariable("FW_SHARED_DATA").toStdString();
        return (std::filesystem::path(set.empty() ? FW_SOURCE_DIR "/../shared/data" : set) /
                "scenario" / name / "otel/otlp-json/traces.jsonl")
            .string();
    }

private Q_SLOTS:
    void initTestCase() { addBuiltinImporters(m_importers); }

    void theNPlusOneIsFoundBeforeAndGoneAfter()
    {
        const auto found = nPlusOne(fixture("before"));
        QCOMPARE(found.size(), std::size(kStatements));
        for (const auto *statement : kStatements) {
            const auto one = found.find(statement);
            QVERIFY2(one != found.end(), statement);
            QCOMPARE(one->second, (std::pair{12.0, 8.0}));
        }
        QVERIFY(nPlusOne(fixture("after")).empty());
    }
    void theCriticalPathAddsUpToTheTraces()
    {
        QCOMPARE(addedUp(fixture("before")), 115'166'528);
        QCOMPARE(addedUp(fixture("after")), 38'861'131);
    }

    // All of both runs.
    void theWholeRunSaysTheSame()
    {
        if (!std::filesystem::exists(scenario("before")))
            QSKIP("FW_SHARED_DATA has no traces of the shop (scenario/before/otel)");
        const auto found = nPlusOne(scenario("before"));
        QCOMPARE(found.size(), std::size(kStatements));
        for (const auto *statement : kStatements) {
            const auto one = found.find(statement);
            QVERIFY2(one != found.end(), statement);
            QCOMPARE(one->second, (std::pair{12.0, 49.0}));
        }
        QVERIFY(nPlusOne(scenario("after")).empty());
        QVERIFY(addedUp(scenario("before")) > 0);
        QVERIFY(addedUp(scenario("after")) > 0);
    }
};

QTEST_GUILESS_MAIN(TestShopTraces)
#include "tst_shop_traces.moc"
