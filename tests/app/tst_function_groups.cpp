#include "app/cli/verb.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <map>
#include <sstream>

using namespace flamewright;

// `functions --group`: the command-line face of groupFunctions().
class TestFunctionGroups : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    ImporterRegistry m_importers;
    JobContext m_job;
    std::string m_script;

    std::string run(const std::vector<std::string> &arguments, ExitCode expected = ExitCode::Ok)
    {
        const Workbench workbench(m_importers, {.isolation = Isolation::InProcess});
        std::ostringstream out, log;
        const auto code = runVerb(arguments, workbench, m_job, out, log);
        if (code != expected)
            qWarning("%s", log.str().c_str());
        return code == expected ? out.str() : std::string("failed");
    }
    QJsonObject json(std::vector<std::string> arguments)
    {
        arguments.insert(arguments.begin(), "functions");
        arguments.emplace_back("--json");
        return QJsonDocument::fromJson(QByteArray::fromStdString(run(arguments))).object();
    }

private Q_SLOTS:
    void initTestCase()
    {
        addBuiltinImporters(m_importers);
        m_script = m_dir.filePath(QStringLiteral("shop.txt")).toStdString();
        // alloc and malloc are of one library: its total is the two samples, not four.
        std::ofstream(m_script) << "app 7/7 1.000000: 10 cycles:u: \n"
                                   "\t    1000 malloc+0x10 (/lib/libc.so.6)\n"
                                   "\t    2000 alloc+0x5 (/lib/libc.so.6)\n"
                                   "\t    3000 main+0x1 (/bin/app)\n\n"
                                   "app 7/7 1.100000: 10 cycles:u: \n"
                                   "\t    1000 malloc+0x10 (/lib/libc.so.6)\n"
                                   "\t    2000 alloc+0x5 (/lib/libc.so.6)\n"
                                   "\t    3000 main+0x1 (/bin/app)\n\n"
                                   "app 7/7 1.200000: 10 cycles:u: \n"
                                   "\t    3000 main+0x1 (/bin/app)\n\n";
    }

    void addsUpByModule()
    {
        const auto answer = json({m_script, "--group", "module"});
        QCOMPARE(answer[u"group"].toString(), QLatin1String("module"));
        QCOMPARE(answer[u"total"].toInteger(), 30);
        const auto groups = answer[u"groups"].toArray();
        QCOMPARE(groups.size(), 2);
        QCOMPARE(groups[0][u"name"].toString(), QLatin1String("/lib/libc.so.6"));
        QCOMPARE(groups[0][u"self"].toInteger(), 20);
        QCOMPARE(groups[0][u"total"].toInteger(), 20);
        QCOMPARE(groups[0][u"total_samples"].toInteger(), 2);
        QCOMPARE(groups[0][u"functions"].toArray().size(), 2);
        QCOMPARE(groups[0][u"functions"][0][u"name"].toString(), QLatin1String("malloc"));
        QCOMPARE(groups[1][u"name"].toString(), QLatin1String("/bin/app"));
        QCOMPARE(groups[1][u"self"].toInteger(), 10);
        QCOMPARE(groups[1][u"total"].toInteger(), 30);
    }

    void ordersLimitsAndSearches()
    {
        const auto byTotal = json({m_script, "--group", "module", "--by", "total", "--limit", "1"});
        QCOMPARE(byTotal[u"groups"].toArray().size(), 1);
        QCOMPARE(byTotal[u"groups"][0][u"name"].toString(), QLatin1String("/bin/app"));
        const auto found = json({m_script, "--group", "module", "--search", "/^main$/"});
        QCOMPARE(found[u"groups"].toArray().size(), 1);
        QCOMPARE(found[u"groups"][0][u"name"].toString(), QLatin1String("/bin/app"));
        QCOMPARE(run({"functions", m_script, "--group", "thread"}, ExitCode::Usage), std::string());
    }

    void printsATable()
    {
        const auto text = run({"functions", m_script, "--group", "module"});
        QVERIFY2(text.starts_with("cycles:u: 30 in 3 samples, 2 modules\n"), text.c_str());
        QVERIFY2(text.find("66.7 %") != std::string::npos, text.c_str());
        QVERIFY2(text.find("/lib/libc.so.6") != std::string::npos, text.c_str());
    }

    void agreesWithTheFunctionsOfARealProfile()
    {
        const std::string file = FW_SOURCE_DIR "/tests/fixtures/pprof/go.cpu.pb";
        std::map<QString, qint64> selfOf;
        std::map<QString, int> countOf;
        for (const auto &f : json({file})[u"functions"].toArray()) {
            selfOf[f[u"file"].toString()] += f[u"self"].toInteger();
            ++countOf[f[u"file"].toString()];
        }
        const auto answer = json({file, "--group", "file"});
        const auto groups = answer[u"groups"].toArray();
        QVERIFY(groups.size() > 10);
        QCOMPARE(static_cast<std::size_t>(groups.size()), selfOf.size());
        qint64 all = 0;
        for (const auto &g : groups) {
            const auto name = g[u"name"].toString();
            QCOMPARE(g[u"self"].toInteger(), selfOf[name]);
            QCOMPARE(g[u"functions"].toArray().size(), countOf[name]);
            QVERIFY(g[u"total"].toInteger() >= g[u"self"].toInteger());
            QVERIFY(g[u"total"].toInteger() <= answer[u"total"].toInteger());
            all += g[u"self"].toInteger();
        }
        QCOMPARE(all, answer[u"total"].toInteger());
    }
};

QTEST_GUILESS_MAIN(TestFunctionGroups)
#include "tst_function_groups.moc"
