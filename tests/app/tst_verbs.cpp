#include "app/cli/capture_flags.h"
#include "app/cli/verb.h"

#include <QDir>
#include <QFile>
#include <QImage>
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

} // namespace

// The command-line contract, run in process: what goes to standard output, and the exit codes.
class TestVerbs : public QObject {
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
    Ran ok(const std::vector<std::string> &arguments)
    {
        auto ran = run(arguments);
        if (ran.code != ExitCode::Ok)
            qWarning("%s", ran.log.c_str());
        return ran;
    }

private Q_SLOTS:
    void initTestCase()
    {
        addBuiltinImporters(m_importers);
        write("a.folded", "main;parse;read 3\nmain;write 2\nmain;parse 1\n");
        write("b.folded", "main;parse;read 1\nmain;write 9\n");
    }

    void tellsLoadTestsAndSummariesFromProfiles()
    {
        const std::string fixtures = FW_SOURCE_DIR "/tests/fixtures/";
        const auto imported = ok({"import", fixtures + "k6-summary/export.json",
                                  fixtures + "k6-json/shop.json", "-o", path("load.fws")});
        QVERIFY(QString::fromStdString(imported.log).contains(u"k6-summary, a summary, capture 1"));
        QVERIFY(QString::fromStdString(imported.log).contains(u"k6-json, 10 requests, capture 2"));
        const auto text = QString::fromStdString(ok({"info", path("load.fws")}).out);
        QVERIFY(text.contains(u"summary    35 figures"));
        QVERIFY(!text.contains(u"samples"));
        const auto captures =
            ok({"info", path("load.fws"), "--json"}).json()[u"captures"].toArray();
        QCOMPARE(captures[0][u"kind"].toString(), QStringLiteral("load test"));
        QCOMPARE(captures[0][u"load"][u"figures"].toInt(), 35);
        QCOMPARE(captures[1][u"load"][u"errors"].toInt(), 3);
        QCOMPARE(
            ok({"export", path("load.fws") + "#1", "--to", "sqlite", "-o", path("load.db")}).code,
            ExitCode::Ok);
        QFile database(m_dir.filePath(QStringLiteral("load.db")));
        QVERIFY(database.open(QIODevice::ReadOnly));
        QVERIFY(database.readAll().contains("k6, linear between ranks"));
        // Another session takes them as they are.
        ok({"import", path("load.fws"), "-o", path("other.fws")});
        QCOMPARE(ok({"query", path("load.fws"), "select * from summary"}).out,
                 ok({"query", path("other.fws"), "select * from summary"}).out);
    }

    void aDirectoryStandsForTheCapturesBelowIt()
    {
        QDir(m_dir.path()).mkpath(QStringLiteral("run/deep"));
        write("run/b.folded", "main;write 2\n");
        write("run/deep/a.folded", "main;read 3\n");
        write("run/notes.txt", std::string(64, '\x01'));
        const auto imported = ok({"import", path("run"), "-o", path("run.fws")});
        QCOMPARE(imported.code, ExitCode::Ok);
        const auto log = QString::fromStdString(imported.log);
        QVERIFY(log.contains(u"1 file of ") && log.contains(u" is of no known format"));
        QCOMPARE(ok({"query", path("run.fws"), "select id, name from capture", "--csv"}).out,
                 std::string("id,name\r\n1,b.folded\r\n2,deep/a.folded\r\n"));
        // The same as an argument, without a session.
        const auto functions = ok({"functions", path("run"), "--json"}).json();
        QCOMPARE(functions[u"total"].toInt(), 5);
        QDir(m_dir.path()).mkpath(QStringLiteral("empty"));
        const auto none = run({"functions", path("empty")});
        QCOMPARE(none.code, ExitCode::BadInput);
        QVERIFY(QString::fromStdString(none.log).contains(u"there is no capture in"));
    }

    void transformsChangeWhatIsSummedUp()
    {
        const auto folded = [&](const std::vector<std::string> &transforms) {
            std::vector<std::string> arguments{"export", path("a.folded"), "--to", "folded"};
            for (const auto &transform : transforms) {
                arguments.push_back("--transform");
                arguments.push_back(transform);
            }
            return run(arguments);
        };
        QCOMPARE(folded({"hide:=parse"}).out, std::string("main 1\nmain;read 3\nmain;write 2\n"));
        QCOMPARE(folded({"drop:write", "focus:=parse"}).out,
                 std::string("parse 1\nparse;read 3\n"));
        const auto bad = folded({"fold:x"});
        QCOMPARE(bad.code, ExitCode::Usage);
        QVERIFY(bad.log.find("keep-modules") != std::string::npos); // says what there is
        QCOMPARE(run({"export", path("a.folded"), "--to", "csv", "--transform", "drop:read"}).code,
                 ExitCode::Usage);
        const auto total =
            ok({"functions", path("a.folded"), "--transform", "keep:write", "--json"})
                .json()[u"total"];
        QCOMPARE(total.toInt(), 2);
    }

    void importsIntoANewSession()
    {
        const auto ran = ok({"import", path("a.folded"), "-o", path("s.fws"), "--role", "baseline",
                             "--name", "before"});
        QCOMPARE(ran.code, ExitCode::Ok);
        QVERIFY(ran.out.empty());
        const auto info = ok({"info", path("s.fws"), "--json"}).json();
        const auto capture = info[u"captures"][0];
        QCOMPARE(capture[u"name"].toString(), u"before");
        QCOMPARE(capture[u"format"].toString(), u"folded");
        QCOMPARE(capture[u"role"].toString(), u"baseline");
        QCOMPARE(capture[u"rows"][u"samples"].toInteger(), 3);
        QCOMPARE(capture[u"measures"][0][u"name"].toString(), u"samples");
        QCOMPARE(capture[u"measures"][0][u"total"].toInteger(), 6);
        QVERIFY(capture[u"started_at_ns"].isNull());
        QVERIFY(capture[u"notes"].toArray().isEmpty());
    }
    void refusesToOverwriteButAppends()
    {
        QCOMPARE(run({"import", path("b.folded"), "-o", path("s.fws")}).code, ExitCode::Usage);
        QCOMPARE(ok({"import", path("b.folded"), "-o", path("s.fws"), "--append", "--start",
                     "2026-11-20T10:00:00Z"})
                     .code,
                 ExitCode::Ok);
        const auto captures = ok({"info", path("s.fws"), "--json"}).json()[u"captures"].toArray();
        QCOMPARE(captures.size(), 2);
        QCOMPARE(captures[1][u"started_at_ns"].toInteger(),
                 1763632800000000000 + 31536000000000000);
    }
    void listsFunctionsOfOneCapture()
    {
        const auto json = ok({"functions", path("s.fws") + "#before", "--json"}).json();
        QCOMPARE(json[u"measure"].toString(), u"samples");
        QCOMPARE(json[u"unit"].toString(), u"count");
        QCOMPARE(json[u"total"].toInteger(), 6);
        const auto rows = json[u"functions"].toArray();
        QCOMPARE(rows.size(), 4);
        QCOMPARE(rows[0][u"name"].toString(), u"read");
        QCOMPARE(rows[0][u"self"].toInteger(), 3);
        QCOMPARE(rows[3][u"name"].toString(), u"main");
        QCOMPARE(rows[3][u"total"].toInteger(), 6);
        const auto byTotal =
            ok({"functions", path("a.folded"), "--by", "total", "--limit", "1", "--json"}).json();
        QCOMPARE(byTotal[u"functions"].toArray().size(), 1);
        QCOMPARE(byTotal[u"functions"][0][u"name"].toString(), u"main");
    }
    void addsCapturesUpWhenNoneIsNamed()
    {
        const auto json = ok({"functions", path("s.fws"), "--json"}).json();
        QCOMPARE(json[u"total"].toInteger(), 16);
    }
    void exportsFolded()
    {
        QCOMPARE(ok({"export", path("a.folded"), "--to", "folded"}).out,
                 std::string("main;parse 1\nmain;parse;read 3\nmain;write 2\n"));
    }
    void exportsCsv()
    {
        const auto csv = ok({"export", path("a.folded"), "--to", "csv"}).out;
        QVERIFY2(csv.find("1,,folded,,,,,samples,count,3,3,main;parse;read\r\n") !=
                     std::string::npos,
                 csv.c_str());
    }
    void exportsAPlainDatabaseAndLeavesNoHalfFile()
    {
        QCOMPARE(ok({"export", path("a.folded"), "--to", "sqlite", "-o", path("plain.db")}).code,
                 ExitCode::Ok);
        QVERIFY(QFile::exists(m_dir.filePath(QStringLiteral("plain.db"))));
        QCOMPARE(run({"export", path("a.folded"), "--to", "folded", "-o", "/nowhere/x"}).code,
                 ExitCode::BadInput);
    }
    void answersSql()
    {
        const auto ran = ok({"query", path("s.fws"),
                             "select count(*), sum(value) from sample where capture=1", "--csv"});
        QCOMPARE(ran.out, std::string("count(*),sum(value)\r\n3,6\r\n"));
        QCOMPARE(run({"query", path("s.fws"), "delete from capture"}).code, ExitCode::Usage);
        QCOMPARE(run({"query", path("s.fws"), "nonsense"}).code, ExitCode::Usage);
    }
    void drawsPictures()
    {
        QCOMPARE(ok({"render", path("a.folded"), "--view", "flame", "-o", path("a.svg")}).code,
                 ExitCode::Ok);
        QFile svg(m_dir.filePath(QStringLiteral("a.svg")));
        QVERIFY(svg.open(QIODevice::ReadOnly));
        QVERIFY(svg.readAll().contains("parse"));
        QCOMPARE(ok({"render", path("a.folded"), "--view", "icicle", "-o", path("a.png"), "--size",
                     "800x600", "--theme", "dark"})
                     .code,
                 ExitCode::Ok);
        QImage image(m_dir.filePath(QStringLiteral("a.png")));
        QCOMPARE(image.size(), QSize(800, 600));
    }
    void picturesLeadToTheSource()
    {
        const auto demo = std::string(FW_SOURCE_DIR "/resources/demo/pricer-before.perf.data");
        const auto drawn = [&](const char *link) {
            std::vector<std::string> arguments{"render", demo, "--view",
                                               "icicle", "-o", path("l.svg")};
            if (*link)
                arguments.insert(arguments.end(), {"--link", link});
            const auto code = run(arguments).code;
            QFile svg(m_dir.filePath(QStringLiteral("l.svg")));
            return code == ExitCode::Ok && svg.open(QIODevice::ReadOnly) ? svg.readAll()
                                                                         : QByteArray();
        };
        const auto none = drawn("none"), files = drawn("");
        QVERIFY(none.contains("</svg>") && files.contains("</svg>"));
        QVERIFY(!none.contains("<a "));
        const auto hosted = drawn("https://git/{file}#L{line}");
        QVERIFY(hosted.contains("<a href=\"https://git/"));
        QVERIFY(!hosted.contains("file://"));
        for (const auto *bad : {"javascript:{file}", "https://{file}/", "ftp://host/{file}"})
            QCOMPARE(
                run({"render", demo, "--view", "icicle", "-o", path("x.svg"), "--link", bad}).code,
                ExitCode::Usage);
        QVERIFY(!QFile::exists(m_dir.filePath(QStringLiteral("x.svg"))));
    }
    void tellsUsageFromBadInput()
    {
        QCOMPARE(run({"functions"}).code, ExitCode::Usage);
        QCOMPARE(run({"nonsense"}).code, ExitCode::Usage);
        QCOMPARE(run({"functions", path("a.folded"), "--measure", "cycles"}).code, ExitCode::Usage);
        QCOMPARE(run({"functions", path("a.folded"), "--begin", "1s"}).code, ExitCode::Usage);
        QCOMPARE(run({"functions", path("s.fws") + "#77"}).code, ExitCode::Usage);
        QCOMPARE(run({"info", path("missing")}).code, ExitCode::BadInput);
        QDir(m_dir.path()).mkpath(QStringLiteral("nothing"));
        QCOMPARE(run({"info", path("nothing")}).code, ExitCode::BadInput);
        QCOMPARE(run({"info", write("empty", "")}).code, ExitCode::BadInput);
        QCOMPARE(run({"info", write("noise", std::string(300, '\xfe'))}).code, ExitCode::BadInput);
    }
    void strictRefusesDamageAndLeavesNothing()
    {
        const auto damaged = write("damaged.folded", "main;a 3\nmain;b 4\nmain;c 1\nmain;b\n");
        QCOMPARE(ok({"import", damaged, "-o", path("d.fws")}).code, ExitCode::Ok);
        QCOMPARE(run({"import", damaged, "-o", path("e.fws"), "--strict"}).code,
                 ExitCode::BadInput);
        QVERIFY(!QFile::exists(m_dir.filePath(QStringLiteral("e.fws"))));
    }
    void namesAddressesLaterWithoutReadingTheFileAgain()
    {
        const auto demo = std::string(FW_SOURCE_DIR "/resources/demo/");
        QCOMPARE(ok({"import", demo + "pricer-after.perf.data", "-o", path("later.fws")}).code,
                 ExitCode::Ok);
        const auto find = [&](const char *name) {
            const auto json = ok({"functions", path("later.fws"), "--json"}).json();
            for (const auto &f : json[u"functions"].toArray()) {
                if (f[u"name"].toString() == QLatin1String(name))
                    return f[u"self_samples"].toInteger();
            }
            return qint64{0};
        };
        const auto samples =
            ok({"info", path("later.fws"), "--json"}).json()[u"captures"][0][u"rows"];
        QCOMPARE(
            ok({"import", "--symbols", demo + "symbols", "--append", "-o", path("later.fws")}).code,
            ExitCode::Ok);
        // perf report --no-children says 29 for add_line in this file.
        QCOMPARE(find("add_line"), 29);
        QCOMPARE(
            ok({"info", path("later.fws"), "--json"}).json()[u"captures"][0][u"rows"][u"samples"],
            samples[u"samples"]);
        // By capture, and again: nothing changes.
        QCOMPARE(ok({"import", path("later.fws") + "#1", "--symbols", demo + "symbols", "--append"})
                     .code,
                 ExitCode::Ok);
        QCOMPARE(find("add_line"), 29);
        QVERIFY(!QFile::exists(m_dir.filePath(QStringLiteral("later.fws-wal"))));
    }
    void takesOverCapturesOfAnotherSession()
    {
        QCOMPARE(ok({"import", path("s.fws"), "-o", path("copy.fws")}).code, ExitCode::Ok);
        const auto captures =
            ok({"info", path("copy.fws"), "--json"}).json()[u"captures"].toArray();
        QCOMPARE(captures.size(), 2);
        QCOMPARE(captures[0][u"name"].toString(), u"before");
        QCOMPARE(ok({"export", path("copy.fws") + "#1", "--to", "folded"}).out,
                 ok({"export", path("s.fws") + "#1", "--to", "folded"}).out);
    }
    void saysWhatAFileIsTakenFor()
    {
        const auto json = ok({"formats", path("a.folded"), "--json"}).json();
        QCOMPARE(json[u"candidates"][0][u"id"].toString(), u"folded");
        QVERIFY(ok({"formats"}).out.find("perf-data") != std::string::npos);
        QCOMPARE(run({"formats", path("noise")}).code, ExitCode::BadInput);
    }
    void neverPrintsControlCharactersOfACapture()
    {
        const auto hostile = write("hostile.folded", "main;a\x1b[7mb\u202e 3\n");
        for (const auto &verb :
             {std::vector<std::string>{"functions", hostile, "--format", "folded"},
              {"functions", hostile, "--format", "folded", "--json"},
              {"export", hostile, "--format", "folded", "--to", "folded"},
              {"info", hostile, "--format", "folded"}}) {
            const auto ran = ok(verb);
            QCOMPARE(ran.code, ExitCode::Ok);
            QVERIFY((ran.out + ran.log).find('\x1b') == std::string::npos);
            QVERIFY((ran.out + ran.log).find("\u202e") == std::string::npos);
        }
    }
    void parsesTimes()
    {
        QCOMPARE(*parseDuration("1.5s"), 1'500'000'000);
        QCOMPARE(*parseDuration("200ms"), 200'000'000);
        QCOMPARE(*parseDuration("3"), 3'000'000'000);
        QVERIFY(!parseDuration("3 parsecs").has_value());
        QVERIFY(!parseDuration("1e300").has_value());
        QCOMPARE(*parseInstant("1970-01-01T00:00:01.5Z"), 1'500'000'000);
        QCOMPARE(*parseInstant("1970-01-01T02:00:00+02:00"), 0);
        QCOMPARE(*parseInstant("123456789"), 123456789);
        QVERIFY(!parseInstant("yesterday").has_value());
    }
};

QTEST_MAIN(TestVerbs)
#include "tst_verbs.moc"
