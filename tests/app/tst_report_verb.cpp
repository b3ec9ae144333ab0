#include "app/cli/verb.h"
#include "tests/support/import_contract.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sstream>

using namespace flamewright;

// Reports of the demo's captures: what is in which template and format.
class TestReportVerb : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    ImporterRegistry m_importers;

    static std::string demo(const char *name)
    {
        return std::string(FW_SOURCE_DIR "/resources/demo/") + name;
    }
    QString path(const char *name) const { return m_dir.filePath(QString::fromLatin1(name)); }

    ExitCode run(std::vector<std::string> arguments, std::string *log = nullptr)
    {
        const Workbench workbench(m_importers, {.isolation = Isolation::InProcess});
        JobContext job;
        std::ostringstream out, err;
        arguments.insert(arguments.begin(), "report");
        const auto code = runVerb(arguments, workbench, job, out, err);
        if (log != nullptr)
            *log = err.str();
        return code;
    }
    QString written(const char *name)
    {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
    }

private Q_SLOTS:
    void initTestCase() { addBuiltinImporters(m_importers); }

    void comparesLoadTests()
    {
        QCOMPARE(run({demo("shop-before.jtl.gz"), demo("shop-after.jtl.gz"), "-o",
                      path("load.html").toStdString(), "--title", "The <shop>"}),
                 ExitCode::Ok);
        const auto html = written("load.html");
        QVERIFY(html.contains("<h1>The &lt;shop&gt;</h1>"));
        QVERIFY(html.contains("class=\"key improved\""));
        QVERIFY(html.contains("class=\"chip improved\""));
        QVERIFY(html.contains("95 % interval"));
        QVERIFY(html.count("<figure") >= 2);
        QVERIFY(html.contains("How figures were computed"));
    }

    void comparesProfiles()
    {
        QCOMPARE(run({demo("frontend-before.pb.gz"), demo("frontend-after.pb.gz"), "-o",
                      path("profile.md").toStdString()}),
                 ExitCode::Ok);
        const auto md = written("profile.md");
        QVERIFY(md.startsWith("# What changed from "));
        QVERIFY(md.contains("| Name | Figure | A | B | Change | 95 % interval |"));
        QVERIFY(md.contains("## What to know"));
    }

    void summaryIsShort()
    {
        QCOMPARE(run({demo("shop-before.jtl.gz"), demo("shop-after.jtl.gz"), "--template",
                      "summary", "-o", path("summary.html").toStdString()}),
                 ExitCode::Ok);
        const auto html = written("summary.html");
        QVERIFY(html.contains("Largest changes"));
        QVERIFY(!html.contains("Contents"));
        QCOMPARE(html.count("<figure"), 1);
        QCOMPARE(html.count("<table"), 0);
    }

    void reportsOfOneCaptureShowItsViews()
    {
        QCOMPARE(run({demo("pricer-before.perf.data"), "-o", path("one.html").toStdString()}),
                 ExitCode::Ok);
        const auto html = written("one.html");
        QVERIFY(html.contains("Where it went, by call"));
        QVERIFY(html.contains("Functions by own"));
        QVERIFY(!html.contains("class=\"letter\""));
        QCOMPARE(run({demo("shop-before.jtl.gz"), "-o", path("one.pdf").toStdString()}),
                 ExitCode::Ok);
        QFile pdf(path("one.pdf"));
        QVERIFY(pdf.open(QIODevice::ReadOnly));
        QVERIFY(pdf.read(5) == "%PDF-");
    }

    void saysWhatItCannotWrite()
    {
        std::string log;
        QCOMPARE(run({demo("shop-before.jtl.gz"), "-o", path("one.doc").toStdString()}, &log),
                 ExitCode::Usage);
        QVERIFY(log.find("a report is an .html, .pdf or .md file") != std::string::npos);
    }
};

QTEST_MAIN(TestReportVerb)
#include "tst_report_verb.moc"
