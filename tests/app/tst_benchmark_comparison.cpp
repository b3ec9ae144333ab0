#include "analysis/compare/benchmark_diff.h"
#include "app/cli/verb.h"
#include "app/compare/compare.h"
#include "app/compare/open_sides.h"
#include "importers/registry.h"
#include "tests/support/import_contract.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace flamewright;

namespace {

std::string fixture(const char *path)
{
    return FW_SOURCE_DIR "/tests/fixtures/" + std::string(path);
}

const ComparedItem *find(const ComparedSection &section, const std::string &name,
                         const std::string &figure)
{
    const auto found =
        std::find_if(section.items.begin(), section.items.end(), [&](const ComparedItem &one) {
            return one.name == name && one.figure == figure;
        });
    return found == section.items.end() ? nullptr : &*found;
}

bool has(const std::vector<std::string> &texts, const std::string &part)
{
    return std::any_of(texts.begin(), texts.end(),
                       [&](const std::string &one) { return one.find(part) != std::string::npos; });
}

} // namespace

// Benchmarks of the shop before and after its faults were mended, and whether the captures of both
// runs may be compared.
class TestBenchmarkComparison : public QObject {
    Q_OBJECT

    ImporterRegistry m_importers;
    JobContext m_job;
    QTemporaryDir m_dir;

    Comparison compared(const SidesRequest &request, const CompareOptions &options = {})
    {
        const Workbench workbench(m_importers, {.isolation = Isolation::InProcess});
        auto sides = openSides(workbench, request, m_job);
        if (!sides.has_value()) {
            qWarning("%s", sides.error().text().c_str());
            return {};
        }
        auto out = compare(workbench, sides->base, sides->cand, options, m_job);
        if (!out.has_value()) {
            qWarning("%s", out.error().text().c_str());
            return {};
        }
        return std::move(*out);
    }
    std::string written(const std::string &name, const std::string &text)
    {
        const auto path = m_dir.filePath(QString::fromStdString(name)).toStdString();
        std::ofstream(path) << text;
        return path;
    }

private Q_SLOTS:
    void initTestCase() { addBuiltinImporters(m_importers); }

    void saysWhatTheMendingDid()
    {
        const auto made = compared(
            {.base = fixture("go-bench/shop.txt"), .cand = fixture("shop-bench/go-after.txt")});
        QCOMPARE(made.sections.size(), 1u);
        const auto &section = made.sections.front();
        QCOMPARE(section.kind, std::string("benchmarks"));
        // All p, as counted by a script.
        int compared = 0;
        const auto counted =
            testing::readFile(FW_SOURCE_DIR "/tests/golden/benchstat/shop.counted.tsv");
        for (const auto &line : QString::fromStdString(counted).split('\n', Qt::SkipEmptyParts)) {
            if (line.startsWith('#'))
                continue;
            const auto fields = line.split('\t');
            const auto figure =
                fields[1] == "ns/op" ? std::string("sec/op") : fields[1].toStdString();
            const double factor = fields[1] == "ns/op" ? 1e-9 : 1;
            const auto *item = find(section, fields[0].toStdString(), figure);
            QVERIFY2(item != nullptr, qPrintable(line));
            ++compared;
            QVERIFY(std::abs(*item->change.p - fields[4].toDouble()) < 1e-6);
            QVERIFY(std::abs(*item->change.base - fields[2].toDouble() * factor) < 1e-12);
            QVERIFY(std::abs(*item->change.cand - fields[3].toDouble() * factor) < 1e-12);
            QCOMPARE(item->change.verdict,
                     fields[4].toDouble() <= 0.05 ? Verdict::Improved : Verdict::NoEvidence);
            QCOMPARE(item->baseRuns.size(), 10u);
            QVERIFY(item->better == Better::Lower);
        }
        QCOMPARE(compared, 15);
        // Over 5 benchmarks, by the same script; allocations have a median of 0 now.
        const auto *mean = find(section, "geomean", "sec/op");
        QVERIFY(std::abs(*mean->change.ratio() - -0.8877060646900222) < 1e-9);
        QCOMPARE(mean->change.verdict, Verdict::Improved);
        QCOMPARE(find(section, "geomean", "allocs/op")->change.verdict, Verdict::NotEnoughData);
        // The largest first, and the whole of it.
        QVERIFY(section.items.front().change.verdict == Verdict::Improved);
        // Time before what it takes.
        QCOMPARE(section.items.front().figure, std::string("sec/op"));
        QVERIFY(section.sentences[0].find("in sec/op") != std::string::npos);
        QVERIFY(section.sentences[1].find("in B/op") != std::string::npos);
        QVERIFY(section.sentences[2].find("in allocs/op") != std::string::npos);
        QVERIFY(has(section.sentences, "0 regressed and 13 improved, 2 without evidence"));
        QVERIFY2(has(section.sentences, "95 % interval") && has(section.sentences, "p < 0.001"),
                 section.sentences.front().c_str());
        QVERIFY(section.weight > 0.9 && section.weight <= 1);
        QVERIFY(section.remarks.empty());
        QVERIFY(section.method.find("Mann and Whitney") != std::string::npos);
        QVERIFY(section.benchmarks && section.benchmarks->benchmarks.size() == 15);
    }

    void turnsAroundWithTheSides()
    {
        const auto made = compared({.base = fixture("go-bench/shop.txt"),
                                    .cand = fixture("shop-bench/go-after.txt"),
                                    .swap = true});
        const auto *item = find(made.sections.at(0), "Add-2", "sec/op");
        QCOMPARE(item->change.verdict, Verdict::Regressed);
        QVERIFY(item->change.relative->low > 13); // 187 ns to 2876 ns
        QVERIFY(compared(
                    {.base = fixture("go-bench/shop.txt"), .cand = fixture("go-bench/verbose.txt")})
                    .sections.empty());
    }

    void comparesCommands()
    {
        const auto made = compared({.base = fixture("shop-bench/hyperfine-before.json"),
                                    .cand = fixture("shop-bench/hyperfine-after.json")});
        QCOMPARE(made.sections.size(), 1u);
        QVERIFY(!made.sections[0].isBlocked());
        QVERIFY(!made.sections[0].items.empty());
        for (const auto &item : made.sections[0].items)
            QVERIFY2(item.name == "geomean" || item.change.p, item.name.c_str());
        QVERIFY(has(made.sections[0].sentences, "improved"));
    }

    // As benchstat: what is configured otherwise is another table, unless it is told to ignore it.
    void ignoresWhatTellsTheSidesApart()
    {
        std::string before = "note: slow\ngoos: linux\npkg: a\n",
                    after = "note: fast\ngoos: linux\npkg: a\n";
        for (int i = 0; i < 8; ++i) {
            before += "BenchmarkX-2 100 " + std::to_string(100 + i) + " ns/op\n";
            after += "BenchmarkX-2 100 " + std::to_string(80 + i) + " ns/op\n";
        }
        const auto made =
            compared({.base = written("before.txt", before), .cand = written("after.txt", after)});
        QCOMPARE(made.sections.size(), 1u);
        QCOMPARE(made.sections[0].items.front().change.verdict, Verdict::Improved);
        QVERIFY(has(made.sections[0].notes, "note is 'slow' before and 'fast' after"));
        QVERIFY(has(made.sections[0].notes, "benchstat -ignore note"));
        // Another package is another benchmark.
        const auto other = written("other.txt", "pkg: b\n" + after.substr(after.find("Bench")));
        QVERIFY(compared({.base = written("before.txt", before), .cand = other}).sections.empty());
    }

    // Runs of a side in several files are one sample, in the order of the files.
    void poolsTheRunsOfASide()
    {
        const auto lines = [](int from) {
            std::string out;
            for (int i = 0; i < 3; ++i)
                out += "BenchmarkX-2 100 " + std::to_string(from + i) + " ns/op\n";
            return out;
        };
        const SidesRequest request{.base = written("before-1.txt", lines(100)),
                                   .cand = written("after-1.txt", lines(50)),
                                   .baseRuns = {written("before-2.txt", lines(110))},
                                   .candRuns = {written("after-2.txt", lines(60))}};
        const auto made = compared(request);
        QCOMPARE(made.sections.size(), 1u);
        const auto &item = made.sections[0].items.front();
        QCOMPARE(item.change.baseCount, 6u);
        QCOMPARE(item.change.baseRuns, 2u);
        QCOMPARE(item.change.verdict, Verdict::Improved);
        QCOMPARE(item.baseRuns.size(), 6u);
        QVERIFY(std::abs(item.baseRuns[3] - 110e-9) < 1e-15);
        const auto single = compared({.base = request.base, .cand = request.cand});
        QCOMPARE(single.sections[0].items.front().change.verdict, Verdict::NotEnoughData);
    }

    // 14 runs; from the ninth on one benchmark takes 112 instead of 100, another one stays, a third is
    // not in all of them. Each run has a commit of its own, which tells no benchmarks apart.
    void findsTheRunThatChanged()
    {
        std::vector<std::string> arguments{"benchmarks", "--series"};
        for (int run = 0; run < 14; ++run) {
            const int off = run * 7 % 5; // no chance, but no constant either
            std::string text = "commit: c" + std::to_string(run) + "\npkg: shop\n";
            for (int i = 0; i < 3; ++i) {
                text += "BenchmarkAdd-2 100 " + std::to_string((run < 8 ? 1000 : 1120) + off + i) +
                        " ns/op\n";
                text += "BenchmarkSum-2 100 " + std::to_string(300 + off + i) + " MB/s\n";
                if (run % 2 == 0)
                    text += "BenchmarkHalf-2 100 " +
                            std::to_string((run < 6 ? 50.0 : 25.0) + 0.01 * off) + " MB/s\n";
            }
            arguments.push_back(written(
                "run" + std::string(run < 9 ? "0" : "") + std::to_string(run + 1) + ".txt", text));
        }
        const Workbench workbench(m_importers, {.isolation = Isolation::InProcess});
        std::ostringstream out, log;
        QCOMPARE(runVerb(arguments, workbench, m_job, out, log), ExitCode::Ok);
        const auto difference = testing::compareGolden(
            FW_SOURCE_DIR "/tests/golden/verbs/benchmarks-series.txt", out.str());
        QVERIFY2(difference.empty(), difference.c_str());
        arguments.push_back("--json");
        std::ostringstream json;
        QCOMPARE(runVerb(arguments, workbench, m_job, json, log), ExitCode::Ok);
        const auto root = QJsonDocument::fromJson(QByteArray::fromStdString(json.str())).object();
        QCOMPARE(root[u"runs"].toArray().size(), 14);
        const auto series = root[u"series"].toArray();
        QCOMPARE(series.size(), 3);
        const auto change = series[0][u"changes"][0];
        QCOMPARE(change[u"run"].toInt(), 8);
        QCOMPARE(change[u"run_name"].toString(), QStringLiteral("run09.txt"));
        QCOMPARE(change[u"verdict"].toString(), QStringLiteral("regressed"));
        QCOMPARE(change[u"n_before"].toInt(), 8);
        QVERIFY(series[1][u"changes"].toArray().isEmpty());
        // In the runs 1, 3, 5 ..., of which the fourth is run 7.
        QCOMPARE(series[2][u"changes"][0][u"run_name"].toString(), QStringLiteral("run07.txt"));
        QCOMPARE(series[2][u"changes"][0][u"verdict"].toString(), QStringLiteral("regressed"));
        QVERIFY(series[2][u"medians"][1].isNull());
        const std::vector<std::string> alone{"benchmarks", fixture("go-bench/shop.txt"),
                                             "--series"};
        QCOMPARE(runVerb(alone, workbench, m_job, out, log), ExitCode::Usage);
    }

    // A summary counts what failed, and of which endpoints the requests were.
    void readsTheFactsOfSummaries()
    {
        auto text = testing::readFile(fixture("autocannon/mix-L3.json"));
        const auto before = written("before.json", text);
        const std::string failed = R"("non2xx":202)";
        QVERIFY(text.find(failed) != text.npos);
        text.replace(text.find(failed), failed.size(), R"("non2xx":2)");
        const auto after = written("after.json", text);
        const Workbench workbench(m_importers, {.isolation = Isolation::InProcess});
        const auto sides = openSides(workbench, {.base = before, .cand = after}, m_job);
        QVERIFY2(sides.has_value(), sides.has_value() ? "" : sides.error().text().c_str());
        const auto facts = runFacts(sides->base.captures, m_job);
        QVERIFY(facts.has_value());
        QCOMPARE(*facts->errorShare, 202.0 / 4971);
        QCOMPARE(*facts->concurrency, 48.0);
        const auto remarks = comparability(*facts, *runFacts(sides->cand.captures, m_job));
        QCOMPARE(remarks.size(), 1u);
        QCOMPARE(remarks[0].what, std::string("error_share"));
        QVERIFY(remarks[0].weight == ComparabilityRemark::Weight::Warning); // 4 points
    }

    // It was one machine and one load: nothing grave, whatever the kind of capture.
    void lowersNoGateBetweenTheScenarios_data()
    {
        QTest::addColumn<QString>("file");
        for (const auto *file :
             {"perf/shop.perf.data", "cpp/pricer.fp.perf.data", "bench/google_benchmark.json",
              "load/jmeter.jtl.csv", "load/autocannon_mix_L2.json", "load/hey_checkout.csv"})
            QTest::newRow(file) << file;
    }
    void lowersNoGateBetweenTheScenarios()
    {
        QFETCH(QString, file);
        const auto set = qEnvironmentVariable("FW_SHARED_DATA").toStdString();
        const auto scenario =
            std::filesystem::path(set.empty() ? FW_SOURCE_DIR "/../shared/data" : set) / "scenario";
        if (!std::filesystem::exists(scenario))
            QSKIP("FW_SHARED_DATA has no scenario");
        const Workbench workbench(m_importers, {.isolation = Isolation::InProcess});
        const auto sides = openSides(workbench,
                                     {.base = (scenario / "before" / file.toStdString()).string(),
                                      .cand = (scenario / "after" / file.toStdString()).string()},
                                     m_job);
        QVERIFY(sides.has_value());
        const auto before = runFacts(sides->base.captures, m_job);
        const auto after = runFacts(sides->cand.captures, m_job);
        QVERIFY(before.has_value() && after.has_value());
        for (const auto &one : comparability(*before, *after)) {
            qInfo("%s: %s", std::string(nameOf(one.weight)).c_str(), one.sentence.c_str());
            QVERIFY(one.weight != ComparabilityRemark::Weight::Grave);
        }
    }
};

QTEST_GUILESS_MAIN(TestBenchmarkComparison)
#include "tst_benchmark_comparison.moc"
