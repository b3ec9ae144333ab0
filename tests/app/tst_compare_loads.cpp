#include "analysis/compare/load_diff.h"
#include "app/compare/compare.h"
#include "app/compare/open_sides.h"
#include "importers/registry.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <random>

using namespace flamewright;

namespace {

constexpr const char *kFixtures = FW_SOURCE_DIR "/tests/fixtures/";

const ComparedItem *itemOf(const ComparedSection &of, const std::string &name, const char *figure)
{
    const auto it = std::find_if(of.items.begin(), of.items.end(), [&](const ComparedItem &item) {
        return item.name == name && item.figure == figure;
    });
    return it == of.items.end() ? nullptr : &*it;
}

} // namespace

// From the files of load tests to what is said of both sides.
class TestCompareLoads : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    ImporterRegistry m_importers;
    JobContext m_job;
    std::optional<Workbench> m_workbench;

    // A minute of requests to /items/1, /items/2 ... and /cart, as JMeter writes them.
    std::string jtl(const char *name, unsigned seed, double slower)
    {
        std::mt19937_64 random(seed);
        std::lognormal_distribution<double> latency(4, 0.3); // about 55 ms
        const auto path = m_dir.filePath(QLatin1String(name)).toStdString();
        std::ofstream out(path, std::ios::binary);
        out << "timeStamp,elapsed,label,responseCode,success,threadName\n";
        for (int i = 0; i < 6000; ++i) {
            const bool cart = random() % 4 == 0;
            const auto ms = std::lround(latency(random) * (cart ? slower : 1));
            out << 1'795'213'856'000 + i * 10 << ',' << ms << ','
                << (cart ? std::string("/cart") : "/items/" + std::to_string(random() % 50))
                << ",200,true,Shoppers 1-" << i % 8 + 1 << '\n';
        }
        return path;
    }
    Result<ComparedSection> compared(const SidesRequest &request, const CompareOptions &options)
    {
        FW_ASSIGN(const auto sides, openSides(*m_workbench, request, m_job));
        FW_ASSIGN(auto out, compare(*m_workbench, sides.base, sides.cand, options, m_job));
        return std::move(out.sections.front());
    }

private Q_SLOTS:
    void initTestCase()
    {
        addBuiltinImporters(m_importers);
        m_workbench.emplace(m_importers, WorkbenchSettings{.isolation = Isolation::InProcess});
    }

    void saysWhichEndpointBecameSlower()
    {
        const auto base = jtl("before.jtl", 1, 1), cand = jtl("after.jtl", 2, 2);
        const auto section =
            compared({.base = base, .cand = cand}, {.rounds = 300, .patterns = true});
        QVERIFY2(section.has_value(), section ? "" : section.error().text().c_str());
        QCOMPARE(section->kind, std::string("load"));
        QVERIFY(section->load != nullptr);
        QCOMPARE(section->load->endpoints.size(), std::size_t{3}); // "*", /cart, /items/{n}
        const auto *p50 = itemOf(*section, "/cart", "p50");
        QVERIFY(p50 != nullptr);
        QCOMPARE(p50->change.verdict, Verdict::Regressed);
        QVERIFY(p50->change.relative->low < 1 && p50->change.relative->high > 0.9);
        QCOMPARE(itemOf(*section, "/items/{n}", "p50")->change.verdict, Verdict::NoEvidence);
        QCOMPARE(itemOf(*section, "*", "throughput")->change.verdict, Verdict::NoEvidence);
        QVERIFY(section->sentences.front().find("of /cart rose from") != std::string::npos);
        QVERIFY(section->weight > 0.5);
        QCOMPARE(section->explanations.front().parts.front().name, std::string("/cart"));
        QVERIFY(!section->method.empty());
        const auto single =
            std::any_of(section->notes.begin(), section->notes.end(), [](const std::string &note) {
                return note.starts_with("One run of a side");
            });
        QVERIFY(single);
    }

    void severalCapturesAreRuns()
    {
        SidesRequest request{.base = jtl("base.1.jtl", 1, 1), .cand = jtl("cand.1.jtl", 4, 1)};
        request.baseRuns = {jtl("base.2.jtl", 2, 1), jtl("base.3.jtl", 3, 1)};
        request.candRuns = {jtl("cand.2.jtl", 5, 1), jtl("cand.3.jtl", 6, 1)};
        const auto section = compared(request, {.rounds = 200, .patterns = true});
        QVERIFY2(section.has_value(), section ? "" : section.error().text().c_str());
        const auto *p99 = itemOf(*section, "*", "p99");
        QCOMPARE(p99->change.baseRuns, 3u);
        QCOMPARE(p99->baseRuns.size(), std::size_t{3});
        QCOMPARE(p99->change.candCount, std::uint64_t{18'000});
        QCOMPARE(p99->change.verdict, Verdict::NoEvidence);
        QCOMPARE(section->load->rules.noise, usualLoadNoise(3, 3));
    }

    void onlyTheAskedForTimeIsCompared()
    {
        SidesRequest request{.base = jtl("before.jtl", 1, 1), .cand = jtl("after.jtl", 2, 1)};
        request.beginNs = 0;
        request.endNs = 30'000'000'000;
        const auto section = compared(request, {.rounds = 50, .patterns = true});
        QVERIFY(section.has_value());
        QCOMPARE(itemOf(*section, "*", "p50")->change.baseCount, std::uint64_t{3000});
    }

    void figuresOfAToolAreShownAndNotJudged()
    {
        const auto path = std::string(kFixtures) + "wrk/mix-L1.txt";
        const auto copy = m_dir.filePath(u"again.txt"_qs);
        QFile::remove(copy);
        QVERIFY(QFile::copy(QString::fromStdString(path), copy));
        const auto section = compared({.base = path, .cand = copy.toStdString()}, {});
        QVERIFY2(section.has_value(), section ? "" : section.error().text().c_str());
        QVERIFY(!section->items.empty());
        for (const auto &item : section->items) {
            QCOMPARE(item.change.verdict, Verdict::NotEnoughData);
            QCOMPARE(item.change.why, std::string("the tool kept no requests"));
            QVERIFY(item.detail.find("tool") != std::string::npos);
        }
        QVERIFY(section->load == nullptr);
        QVERIFY(section->method.find("wrk") != std::string::npos);
    }

    void theShopBecameFaster()
    {
        const auto data =
            qEnvironmentVariable("FW_SHARED_DATA", QStringLiteral(FW_SOURCE_DIR "/../shared/data"));
        const auto file = [&](const char *side) {
            return data + u"/scenario/"_qs + QLatin1String(side) + u"/load/jmeter.jtl.csv"_qs;
        };
        if (!QFile::exists(file("before")))
            QSKIP("FW_SHARED_DATA has no load tests of the shop (scenario/*/load)");
        const auto section = compared(
            {.base = file("before").toStdString(), .cand = file("after").toStdString()}, {});
        QVERIFY(section.has_value());
        // Sorted p99 of the two files, by a script: 145 and 21 ms.
        const auto *p99 = itemOf(*section, "*", "p99");
        QCOMPARE(p99->change.base.value(), 145e6);
        QCOMPARE(p99->change.cand.value(), 21e6);
        QCOMPARE(p99->change.verdict, Verdict::Improved);
        QCOMPARE(itemOf(*section, "*", "throughput")->change.verdict, Verdict::Improved);
        // A third asks for what is not there, before and after.
        QCOMPARE(itemOf(*section, "*", "error_share")->change.verdict, Verdict::NoEvidence);
    }
};

QTEST_GUILESS_MAIN(TestCompareLoads)
#include "tst_compare_loads.moc"
