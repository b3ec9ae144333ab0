#include "analysis/compare/profile_diff.h"
#include "app/compare/compare.h"
#include "app/compare/open_sides.h"
#include "tests/support/import_contract.h"

#include <QDir>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <map>
#include <random>

using namespace flamewright;

namespace {

struct Delta {
    double flat = 0, cum = 0;
};
using Table = std::map<std::string, Delta>;

// The lines of `go tool pprof -top -diff_base` by name, without the marks of inlined functions.
Table parseTop(const QString &output)
{
    Table out;
    bool inTable = false;
    for (const auto &line : output.split(u'\n')) {
        if (!inTable) {
            inTable = line.simplified() == QStringLiteral("flat flat% sum% cum cum%");
            continue;
        }
        static const QRegularExpression row(QStringLiteral(
            "^\\s*(-?[0-9.]+)\\S*\\s+\\S+\\s+\\S+\\s+(-?[0-9.]+)\\S*\\s+\\S+\\s\\s?(.*)$"));
        const auto match = row.match(line);
        if (!match.hasMatch())
            continue;
        auto name = match.captured(3);
        name.remove(QRegularExpression(QStringLiteral(" \\((partial-)?inline\\)$")));
        out[name.toStdString()] = {match.captured(1).toDouble(), match.captured(2).toDouble()};
    }
    return out;
}

void write(const QString &path, const std::string &text)
{
    std::ofstream(path.toStdString()) << text;
}

} // namespace

// Profiles of two sides, as they are compared from files: the same differences as other tools', and
// what they are divided by.
class TestCompareProfiles : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    ImporterRegistry m_importers;
    std::unique_ptr<Workbench> m_workbench;
    JobContext m_job;

    QString path(const QString &name) const { return m_dir.filePath(name); }

    ComparedSection compared(const std::string &base, const std::string &cand,
                             const CompareOptions &options = {})
    {
        SidesRequest request;
        request.base = base;
        request.cand = cand;
        auto sides = openSides(*m_workbench, request, m_job);
        if (!sides.has_value())
            qFatal("%s", sides.error().text().c_str());
        auto out = compare(*m_workbench, sides->base, sides->cand, options, m_job);
        if (!out.has_value())
            qFatal("%s", out.error().text().c_str());
        for (auto &section : out->sections) {
            if (section.kind == "profile")
                return std::move(section);
        }
        qFatal("no profile was compared");
    }

    // A session of one perf capture that began at `startedAtNs`, and of files of load tests.
    std::unique_ptr<Session> session(const QString &name, std::int64_t startedAtNs,
                                     const QStringList &loads)
    {
        auto out = openSession(path(name).toStdString(), OpenMode::Create);
        if (!out.has_value())
            qFatal("%s", out.error().text().c_str());
        ImportRequest request;
        request.input = FW_SOURCE_DIR "/resources/demo/pricer-before.perf.data";
        request.startedAtNs = startedAtNs;
        auto imported = m_workbench->import(**out, request, m_job);
        for (const auto &load : loads) {
            ImportRequest more;
            more.input = load.toStdString();
            imported = m_workbench->import(**out, more, m_job);
        }
        if (!imported.has_value())
            qFatal("%s", imported.error().text().c_str());
        return std::move(*out);
    }
    CompareSide side(const Session &session)
    {
        CompareSide out{.name = "side"};
        const auto reader = *session.reader();
        const auto captures = *reader->captures();
        for (const auto &info : captures) {
            out.captures.push_back({.session = &session, .info = info});
            out.captures.back().scope.captures = {info.id};
        }
        return out;
    }
    std::optional<WorkDone> work(const CompareSide &side)
    {
        auto out = workDone(side, side.captures.front(), m_job);
        if (!out.has_value())
            qFatal("%s", out.error().text().c_str());
        return *out;
    }

    static constexpr std::int64_t kStart = 1'700'000'000'000'000'000; // epoch ns, on a second
    // A request each 10 ms from kStart on, for two seconds.
    QString requests(const QString &name) const
    {
        std::string text = "timeStamp,elapsed,label,responseCode,responseMessage,threadName,"
                           "success,bytes,Latency\n";
        for (int i = 0; i < 200; ++i)
            text += std::to_string(kStart / 1'000'000 + i * 10) + ",5,GET /,200,OK,t 1-1," +
                    (i % 10 ? "true" : "false") + ",10,5\n";
        write(path(name), text);
        return path(name);
    }
private Q_SLOTS:
    void initTestCase()
    {
        addBuiltinImporters(m_importers);
        m_workbench = std::make_unique<Workbench>(
            m_importers, WorkbenchSettings{.isolation = Isolation::InProcess});
    }

    void agreesWithPprofsDifference_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("measure");
        QTest::addColumn<QString>("golden");
        QTest::newRow("cpu") << "cpu"
                             << "cpu"
                             << "go.cpu";
        QTest::newRow("alloc_space") << "heap"
                                     << "alloc_space"
                                     << "go.heap.alloc_space";
        QTest::newRow("inuse_space") << "heap"
                                     << "inuse_space"
                                     << "go.heap.inuse_space";
    }
    void agreesWithPprofsDifference()
    {
        QFETCH(QString, kind);
        QFETCH(QString, measure);
        QFETCH(QString, golden);
        const std::string folder = FW_SOURCE_DIR "/tests/fixtures/profile-diff/";
        CompareOptions options;
        options.measure = measure.toStdString();
        const auto section =
            compared(folder + "go-before." + kind.toStdString() + ".pb.gz",
                     folder + "go-after." + kind.toStdString() + ".pb.gz", options);
        const auto expected = parseTop(QString::fromStdString(
            testing::readFile(FW_SOURCE_DIR "/tests/golden/profile-diff/" + golden.toStdString() +
                              ".go-tool-pprof-diff-base-top.txt")));
        QVERIFY(expected.size() > 15);
        std::size_t found = 0;
        for (const auto &row : section.profile->table) {
            const auto &name = section.profile->functions[row.function].name;
            const auto at = expected.find(name);
            // pprof leaves out what sums up to nothing.
            const auto known = at == expected.end() ? Delta{} : at->second;
            QVERIFY2(row.self.delta() == known.flat, name.c_str());
            QVERIFY2(row.total.delta() == known.cum, name.c_str());
            found += at != expected.end();
        }
        QCOMPARE(found, expected.size());
    }

    void agreesWithAScriptOverFoldedStacks()
    {
        const auto python = QStandardPaths::findExecutable(QStringLiteral("python3"));
        if (python.isEmpty())
            QSKIP("needs python3");
        std::mt19937 random(3);
        for (const auto *name : {"a.folded", "b.folded"}) {
            std::string text;
            for (int i = 0; i < 300; ++i) {
                const auto depth = 1 + random() % 8;
                for (unsigned k = 0; k < depth; ++k)
                    text += (k ? ";f" : "f") + std::to_string(random() % 12);
                text += " " + std::to_string(1 + random() % 50) + "\n";
            }
            write(path(QString::fromLatin1(name)), text);
        }
        const auto a = path(QStringLiteral("a.folded")), b = path(QStringLiteral("b.folded"));
        QProcess script;
        script.start(python, {QStringLiteral(FW_SOURCE_DIR "/tests/support/diff_folded.py"), a, b});
        QVERIFY(script.waitForFinished());
        const auto section = compared(a.toStdString(), b.toStdString());
        std::map<std::string, const FunctionChange *> rows;
        for (const auto &row : section.profile->table)
            rows[section.profile->functions[row.function].name] = &row;
        std::size_t lines = 0;
        for (const auto &line :
             QString::fromUtf8(script.readAllStandardOutput()).split(u'\n', Qt::SkipEmptyParts)) {
            const auto parts = line.split(u'\t');
            const auto *row = rows.at(parts[0].toStdString());
            QCOMPARE(row->self.base.value_or(0), parts[1].toDouble());
            QCOMPARE(row->self.cand.value_or(0), parts[2].toDouble());
            QCOMPARE(row->total.base.value_or(0), parts[3].toDouble());
            QCOMPARE(row->total.cand.value_or(0), parts[4].toDouble());
            ++lines;
        }
        QCOMPARE(lines, rows.size());
    }

    void countsTheRequestsOfTheSameTime()
    {
        const auto one = session(QStringLiteral("rows.fws"), kStart + 200'000'000,
                                 {requests(QStringLiteral("load.jtl"))});
        const auto of = side(*one);
        const auto duration = *of.captures.front().info.durationNs();
        const auto done = work(of);
        QVERIFY(done.has_value());
        QCOMPARE(done->units, static_cast<double>(duration / 10'000'000 + 1));
        QCOMPARE(done->unit, std::string("request"));
        QVERIFY(done->source.ends_with(" requests of load.jtl"));
        // Twice the same test is one test.
        const auto twice =
            session(QStringLiteral("twice.fws"), kStart + 200'000'000,
                    {requests(QStringLiteral("load.jtl")), requests(QStringLiteral("copy.jtl"))});
        QCOMPARE(work(side(*twice))->units, done->units);
        // What a tool counted, for the part of its time: 4,971 requests from 22:26:56.822 on.
        const auto counted =
            session(QStringLiteral("tool.fws"), 1'795'213'620'000'000'000,
                    {QStringLiteral(FW_SOURCE_DIR "/tests/fixtures/autocannon/mix-L3.json")});
        const auto tool = side(*counted);
        QCOMPARE(work(tool)->units, 4971.0 * static_cast<double>(duration) /
                                        static_cast<double>(*tool.captures[1].info.durationNs()));
        // At another time nothing is known.
        const auto other = session(QStringLiteral("other.fws"), kStart + 60'000'000'000,
                                   {requests(QStringLiteral("load.jtl"))});
        QVERIFY(!work(side(*other)).has_value());
    }
    void dividesByWorkWhereItIsKnown()
    {
        const auto one = session(QStringLiteral("a.fws"), kStart + 200'000'000,
                                 {requests(QStringLiteral("load.jtl"))});
        const auto two = session(QStringLiteral("b.fws"), kStart + 200'000'000,
                                 {requests(QStringLiteral("load.jtl"))});
        const auto base = side(*one), cand = side(*two);
        const auto of = [&](const CompareOptions &options) {
            auto out = compare(*m_workbench, base, cand, options, m_job);
            if (!out.has_value())
                qFatal("%s", out.error().text().c_str());
            for (const auto &section : out->sections) {
                if (section.kind == "profile")
                    return section;
            }
            qFatal("no profile");
        };
        const auto section = of({});
        QCOMPARE(section.normalisation.by, NormaliseBy::Work);
        QCOMPARE(section.normalisation.per, std::string("request"));
        QCOMPARE(section.items.front().name, std::string("*"));
        const auto total = static_cast<double>(section.profile->tree.base.total[0]);
        QCOMPARE(section.items.front().change.base.value(), total / section.normalisation.base);
        QCOMPARE(section.items.front().change.verdict, Verdict::NoEvidence); // the same file
        QVERIFY2(section.sentences.front().starts_with("CPU per request: "),
                 section.sentences.front().c_str());
        for (const auto &item : section.items)
            QVERIFY(item.change.verdict != Verdict::Regressed &&
                    item.change.verdict != Verdict::Improved);
        // What is asked for goes before what is known.
        CompareOptions options;
        options.by = NormaliseBy::Nothing;
        QCOMPARE(of(options).items.front().change.base.value(), total);
        options.by = NormaliseBy::Total;
        QCOMPARE(of(options).items.front().change.base.value(), 1.0);
        QCOMPARE(of(options).items.front().unit, std::string("share"));
        options.by = NormaliseBy::WallTime;
        QCOMPARE(of(options).normalisation.per, std::string("s"));
        options.by = NormaliseBy::CpuTime;
        QCOMPARE(of(options).normalisation.base, total / 1e9);
        options.by = NormaliseBy::Work;
        options.work = std::pair(10.0, 20.0);
        options.workUnit = "frame";
        QCOMPARE(of(options).items.front().change.cand.value(), total / 20);
        QCOMPARE(of(options).normalisation.per, std::string("frame"));
    }
    void refusesWhatIsNotKnown()
    {
        SidesRequest request;
        request.base = FW_SOURCE_DIR "/resources/demo/pricer-before.perf.data";
        request.cand = FW_SOURCE_DIR "/resources/demo/pricer-after.perf.data";
        auto sides = openSides(*m_workbench, request, m_job);
        QVERIFY(sides.has_value());
        CompareOptions options;
        options.by = NormaliseBy::Work;
        const auto out = compare(*m_workbench, sides->base, sides->cand, options, m_job);
        QVERIFY(!out.has_value() && out.error().code() == Errc::Usage);
        QVERIFY(out.error().text().find("how much work") != std::string::npos);
    }
    void findsWhatTheDemoIsAbout()
    {
        const std::string demo = FW_SOURCE_DIR "/resources/demo/";
        const auto section =
            compared(demo + "pricer-before.perf.data", demo + "pricer-after.perf.data");
        const auto &items = section.items;
        const auto hot = std::find_if(items.begin(), items.end(), [](const ComparedItem &item) {
            return item.name == "__memcmp_evex_movbe" && item.figure == "self";
        });
        QVERIFY(hot != items.end());
        QCOMPARE(hot->change.verdict, Verdict::Improved);
        const auto &why = section.explanations.front();
        double sum = why.remainder;
        for (const auto &part : why.parts)
            sum += part.delta();
        QCOMPARE(sum, why.cand - why.base);
    }
};

QTEST_GUILESS_MAIN(TestCompareProfiles)
#include "tst_compare_profiles.moc"
