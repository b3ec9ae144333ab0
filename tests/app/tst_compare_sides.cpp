#include "app/cli/verb.h"
#include "app/compare/open_sides.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <fstream>
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
};

CompareSide side(const char *name, std::initializer_list<std::array<const char *, 3>> captures)
{
    CompareSide out{.name = name};
    for (const auto &[captureName, format, kind] : captures) {
        ComparedCapture one;
        one.info.desc.name = captureName;
        one.info.desc.formatId = format;
        one.info.kind = kind;
        one.info.samples = one.info.kind == "profile" && one.info.desc.name != "x.csv" ? 1 : 0;
        out.captures.push_back(std::move(one));
    }
    return out;
}

// "load: a.jtl + a2.jtl | b.jtl", sorted; then what is left.
QStringList shown(const ComparePlan &plan)
{
    QStringList out;
    const auto names = [](const std::vector<ComparedCapture> &captures) {
        QStringList all;
        for (const auto &one : captures)
            all << QString::fromStdString(one.info.desc.name);
        return all.join(u" + ");
    };
    for (const auto &pair : plan.pairs)
        out << QString::fromStdString(pair.kind) + ": " + names(pair.base) + " | " +
                   names(pair.cand);
    out.sort();
    for (const auto &left : plan.left)
        out << QString::fromStdString(left);
    return out;
}

constexpr const char *kLoad = "load test";

} // namespace

// Which captures of two sides belong together, and how sides are named on the command line.
class TestCompareSides : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    ImporterRegistry m_importers;
    JobContext m_job;

    std::string path(const char *name) const
    {
        return m_dir.filePath(QLatin1String(name)).toStdString();
    }
    std::string write(const char *name, const std::string &content) const
    {
        std::ofstream(path(name), std::ios::binary) << content;
        return path(name);
    }
    Ran run(const std::vector<std::string> &arguments)
    {
        const Workbench workbench(m_importers, {.isolation = Isolation::InProcess});
        std::ostringstream out, log;
        const auto code = runVerb(arguments, workbench, m_job, out, log);
        return {code, out.str(), log.str()};
    }
    Result<OpenedSides> open(const SidesRequest &request)
    {
        const Workbench workbench(m_importers, {.isolation = Isolation::InProcess});
        return openSides(workbench, request, m_job);
    }
    static std::string demo(const char *name)
    {
        return FW_SOURCE_DIR "/resources/demo/" + std::string(name);
    }

private Q_SLOTS:
    void initTestCase()
    {
        addBuiltinImporters(m_importers);
        write("a.folded", "main;parse;read 300\nmain;write 200\nmain;parse 100\n");
        write("b.folded", "main;parse;read 100\nmain;write 900\n");
        std::filesystem::create_directories(path("before"));
        std::filesystem::create_directories(path("after"));
        write("before/app.folded", "main;read 300\n");
        write("after/app.folded", "main;read 100\n");
    }

    void pairsByKindFormatAndName()
    {
        const auto base = side("a", {{"shop-before.jtl", "jmeter-csv", kLoad},
                                     {"shop-before.pb.gz", "pprof", "profile"},
                                     {"heap-before.pb.gz", "pprof", "profile"},
                                     {"only.json", "chrome-trace", "trace"}});
        const auto cand = side("b", {{"heap-after.pb.gz", "pprof", "profile"},
                                     {"shop-after.pb.gz", "pprof", "profile"},
                                     {"shop-after.jtl", "jmeter-csv", kLoad},
                                     {"go.txt", "go-bench", "benchmarks"}});
        QCOMPARE(shown(planOf(base, cand)),
                 QStringList({"load: shop-before.jtl | shop-after.jtl",
                              "profile: heap-before.pb.gz | heap-after.pb.gz",
                              "profile: shop-before.pb.gz | shop-after.pb.gz",
                              "only.json (traces) of a has no counterpart",
                              "go.txt (benchmarks) of b has no counterpart"}));
    }
    void runsAreCounted()
    {
        const auto base = side("a", {{"run1/shop.1.jtl", "jmeter-csv", kLoad},
                                     {"run1/shop.2.jtl", "jmeter-csv", kLoad},
                                     {"run1/shop.3.jtl", "jmeter-csv", kLoad}});
        const auto cand = side("b", {{"run1/shop.1.jtl", "jmeter-csv", kLoad}});
        QCOMPARE(shown(planOf(base, cand)),
                 QStringList({"load: run1/shop.1.jtl + run1/shop.2.jtl + run1/shop.3.jtl | "
                              "run1/shop.1.jtl"}));
        // Parts of one recording, and names with processes and days in them.
        const auto parts = side("a", {{"spans-0001.pb", "otlp-proto", "trace"},
                                      {"spans-0007.pb", "otlp-proto", "trace"},
                                      {"CPU.20261120.4711.0.cpuprofile", "cpuprofile", "profile"}});
        const auto others = side("b", {{"spans-0002.pb", "otlp-proto", "trace"},
                                       {"CPU.20261121.815.0.cpuprofile", "cpuprofile", "profile"}});
        QCOMPARE(shown(planOf(parts, others)),
                 QStringList({"profile: CPU.20261120.4711.0.cpuprofile | "
                              "CPU.20261121.815.0.cpuprofile",
                              "traces: spans-0001.pb + spans-0007.pb | spans-0002.pb"}));
    }
    void whatWasNamedAsRunsIsOneThingWhateverItIsCalled()
    {
        auto base = side(
            "a", {{"monday.pb.gz", "pprof", "profile"}, {"tuesday.pb.gz", "pprof", "profile"}});
        auto cand = side("b", {{"x.pb.gz", "pprof", "profile"},
                               {"y.pb.gz", "pprof", "profile"},
                               {"z.pb.gz", "pprof", "profile"}});
        QCOMPARE(planOf(base, cand).pairs.size(), std::size_t{0});
        base.saidRuns = 2;
        cand.saidRuns = 3;
        QCOMPARE(shown(planOf(base, cand)), QStringList({"profile: monday.pb.gz + tuesday.pb.gz | "
                                                         "x.pb.gz + y.pb.gz + z.pb.gz"}));
        // Three captures of two runs are not runs of one thing.
        cand.saidRuns = 2;
        QCOMPARE(planOf(base, cand).pairs.size(), std::size_t{0});
    }
    void numbersThatCountNothingTellThingsApart()
    {
        const auto base = side("a", {{"wrk-8.txt", "wrk", kLoad}, {"wrk-48.txt", "wrk", kLoad}});
        const auto cand = side("b", {{"wrk-48.txt", "wrk", kLoad}, {"wrk-16.txt", "wrk", kLoad}});
        QCOMPARE(shown(planOf(base, cand)),
                 QStringList({"load: wrk-48.txt | wrk-48.txt", "load: wrk-8.txt | wrk-16.txt"}));
        const auto few = side("b", {{"wrk-48.txt", "wrk", kLoad}});
        QCOMPARE(shown(planOf(base, few)),
                 QStringList({"load: wrk-48.txt | wrk-48.txt",
                              "wrk-8.txt (load) of a has no counterpart"}));
    }
    void singleOnesArePairedWhateverTheirNames()
    {
        const auto base = side("a", {{"x.jtl", "jmeter-csv", kLoad}});
        const auto cand = side("b", {{"y.json", "k6-json", kLoad}});
        QCOMPARE(shown(planOf(base, cand)), QStringList({"load: x.jtl | y.json"}));
        // But nothing is made up where there are several.
        const auto more = side("b", {{"y.json", "k6-json", kLoad}, {"z.csv", "hey-csv", kLoad}});
        QCOMPARE(planOf(base, more).pairs.size(), std::size_t{0});
        const auto both = side("a", {{"x.jtl", "jmeter-csv", kLoad}, {"z.csv", "hey-csv", kLoad}});
        QCOMPARE(shown(planOf(both, more)),
                 QStringList({"load: z.csv | z.csv", "x.jtl (load) of a has no counterpart",
                              "y.json (load) of b has no counterpart"}));
    }

    // The kind of a capture is that of most of its rows; what can be compared is another matter.
    void figuresOfToolsMakeNoLoadTest()
    {
        auto base =
            side("a", {{"callgrind.out", "callgrind", kLoad}, {"x.csv", "locust-csv", "profile"}});
        auto cand = side("b", {{"callgrind.out", "callgrind", kLoad}});
        base.captures[0].info.samples = cand.captures[0].info.samples = 7;
        QCOMPARE(shown(planOf(base, cand)), QStringList({"profile: callgrind.out | callgrind.out",
                                                         "x.csv of a has no samples"}));
    }

    void sidesAreNamedApart()
    {
        auto sides = open({.base = path("a.folded"), .cand = path("b.folded")});
        QVERIFY(sides.has_value());
        QCOMPARE(sides->base.name, std::string("a.folded"));
        sides = open({.base = path("before/app.folded"), .cand = path("after/app.folded")});
        QCOMPARE(sides->base.name, std::string("before/app.folded"));
        QCOMPARE(sides->cand.name, std::string("after/app.folded"));
        sides = open({.base = path("before"), .cand = path("after/"), .swap = true});
        QVERIFY2(sides.has_value(), sides.has_value() ? "" : sides.error().text().c_str());
        QCOMPARE(sides->base.name, std::string("after"));
        QCOMPARE(sides->cand.captures.front().info.desc.name, std::string("app.folded"));
    }
    void rolesOfASessionAreItsSides()
    {
        const auto session = path("roles.fws");
        QCOMPARE(run({"import", path("a.folded"), "-o", session, "--role", "baseline"}).code,
                 ExitCode::Ok);
        const auto alone = open({.base = session});
        QVERIFY(!alone.has_value());
        QVERIFY(alone.error().text().find("role candidate") != std::string::npos);
        run({"import", path("b.folded"), "-o", session, "--append", "--role", "candidate"});
        run({"import", path("b.folded"), "-o", session, "--append", "--name", "other"});
        const auto sides = open({.base = session});
        QVERIFY(sides.has_value());
        QCOMPARE(sides->base.name, std::string("a.folded"));
        QCOMPARE(sides->cand.captures.size(), std::size_t{1});
        QCOMPARE(sides->notes.size(), std::size_t{1}); // of "other"
        // By number and name; never a capture with itself.
        const auto two = open({.base = session + "#2", .cand = session + "#other"});
        QVERIFY(two.has_value());
        QCOMPARE(two->cand.name, std::string("other"));
        QVERIFY(!open({.base = session, .cand = session + "#2"}).has_value());
    }
    void moreRunsAreAdded()
    {
        const auto sides = open({.base = path("a.folded"),
                                 .cand = path("b.folded"),
                                 .baseRuns = {path("b.folded"), path("a.folded")}});
        QVERIFY(sides.has_value());
        QCOMPARE(sides->base.captures.size(), std::size_t{3});
        QCOMPARE(sides->cand.captures.size(), std::size_t{1});
    }
    void rangesAreOfEveryCaptureThatHasTimes()
    {
        const auto jtl = demo("shop-before.jtl.gz");
        const auto sides = open({.base = jtl,
                                 .cand = path("a.folded"),
                                 .beginNs = 1'000'000'000,
                                 .endNs = 3'000'000'000});
        QVERIFY(sides.has_value());
        const auto &one = sides->base.captures.front();
        QCOMPARE(one.scope.times.size(), std::size_t{1});
        const auto begin = one.info.span->begin.time_since_epoch().count();
        QCOMPARE(one.scope.times[0].begin.time_since_epoch().count(), begin + 1'000'000'000);
        QCOMPARE(one.scope.times[0].end.time_since_epoch().count(), begin + 3'000'000'000);
        QVERIFY(sides->cand.captures.front().scope.times.empty());
        QCOMPARE(sides->notes.size(), std::size_t{1});
    }

    // Through the verbs, on benchmarks: 10 runs before and after, of which one is the control.
    void diffAndCheckAgree()
    {
        const auto row = [](const char *name, double ns) {
            std::string out;
            for (int i = 0; i < 10; ++i) // a spread of 1 %
                out += std::string("Benchmark") + name + "-2 1000 " +
                       std::to_string(ns * (1 + 0.001 * i)) + " ns/op\n";
            return out;
        };
        const auto before = write("before.txt", row("Price", 2000) + row("Control", 68));
        const auto after = write("after.txt", row("Price", 200) + row("Control", 68));
        const auto diff = run({"diff", before, after, "--json"});
        QVERIFY2(diff.code == ExitCode::Ok, diff.log.c_str());
        QMap<QString, QString> verdicts;
        for (const auto &item : diff.json()[u"sections"][0][u"items"].toArray())
            verdicts[item[u"name"].toString()] = item[u"verdict"].toString();
        QCOMPARE(verdicts[QStringLiteral("Price-2")], QStringLiteral("improved"));
        QCOMPARE(verdicts[QStringLiteral("Control-2")], QStringLiteral("no_evidence"));
        QVERIFY(run({"diff", before, after}).out.find("before.txt") != std::string::npos);
        const auto runs = run({"diff", "--base-run", before, before, after, "--json"});
        QVERIFY2(runs.code == ExitCode::Ok, runs.log.c_str());
        QCOMPARE(runs.json()[u"base"][u"captures"].toArray().size(), 2);
        QCOMPARE(run({"diff", before, after, "--swap"}).code, ExitCode::Ok); // whatever changed
        QCOMPARE(run({"diff", before, after, "--json", "--markdown"}).code, ExitCode::Usage);
        QCOMPARE(run({"diff", before, after, "--noise", "x"}).code, ExitCode::Usage);
        QCOMPARE(run({"diff", before, path("a.folded")}).code, ExitCode::Usage);

        const auto budget = write("budget.toml", "[[budget]]\nbenchmark = \".\"\n"
                                                 "match = \"regex\"\nfigure = \"sec/op\"\n");
        const auto junit = path("junit.xml"), markdown = path("check.md");
        const auto kept = run({"check", before, after, "--budget", budget});
        QVERIFY2(kept.code == ExitCode::Ok, (kept.out + kept.log).c_str());
        const auto broken = run(
            {"check", after, before, "--budget", budget, "--junit", junit, "--markdown", markdown});
        QCOMPARE(broken.code, ExitCode::BudgetBroken);
        QVERIFY2(broken.out.find("broken: sec/op of Price-2: ") == 0, broken.out.c_str());
        QVERIFY(broken.out.find("1 budget, 1 broken") != std::string::npos);
        QVERIFY(std::filesystem::file_size(junit) > 0 && std::filesystem::file_size(markdown) > 0);
        const auto json = run({"check", before, after, "--swap", "--budget", budget, "--json"});
        QCOMPARE(json.code, ExitCode::BudgetBroken);
        QCOMPARE(json.json()[u"broken"].toInt(), 1);
        const auto item = json.json()[u"budgets"][0][u"items"][0].toObject();
        QCOMPARE(item[u"name"].toString(), QStringLiteral("Price-2"));
        QCOMPARE(item[u"verdict"].toString(), QStringLiteral("regressed"));
        QCOMPARE(run({"check", before, after}).code, ExitCode::Usage);
        QCOMPARE(run({"check", before, after, "--budget", path("none.toml")}).code,
                 ExitCode::BadInput);

        // A budget from a baseline is kept by it, and broken by what is slower.
        const auto first = path("init.toml");
        QCOMPARE(run({"check", "--init", after, "-o", first}).code, ExitCode::Ok);
        const auto itself = run({"check", after, after, "--budget", first});
        QVERIFY2(itself.code == ExitCode::Ok, (itself.out + itself.log).c_str());
        QCOMPARE(run({"check", after, before, "--budget", first}).code, ExitCode::BudgetBroken);
    }
};

QTEST_GUILESS_MAIN(TestCompareSides)
#include "tst_compare_sides.moc"
