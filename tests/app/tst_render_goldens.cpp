#include "app/cli/load_picture.h"
#include "app/cli/picture.h"
#include "tests/support/import_contract.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <fstream>
#include <sstream>

using namespace flamewright;

namespace {

// Ten samples of 1 ms on two threads, drawn so that every sum can be checked by hand:
//
//   thread 1, from 1.000 s:  main;parse;lex       3     thread 2, from 1.500 s:
//                            main;parse;parse;lex 1         idle_loop (kernel)      2
//                            main;write;memcpy    2         worker;parse;memcpy     2
//
// parse is in 6 of 10 (recursion once), lex in 4, memcpy in 4, libc has 4 of its own, main 6.
struct DrawnSample {
    int thread;
    const char *time;
    const char *stack; // innermost first
};
constexpr const char *kParseLex = "\t 1010 lex+0x10 (/usr/bin/shop)\n"
                                  "\t 1110 parse+0x10 (/usr/bin/shop)\n"
                                  "\t 1210 main+0x10 (/usr/bin/shop)\n";
constexpr const char *kRecursive = "\t 1010 lex+0x10 (/usr/bin/shop)\n"
                                   "\t 1110 parse+0x10 (/usr/bin/shop)\n"
                                   "\t 1120 parse+0x20 (/usr/bin/shop)\n"
                                   "\t 1210 main+0x10 (/usr/bin/shop)\n";
constexpr const char *kWrite = "\t 2010 memcpy+0x10 (/usr/lib/libc.so.6)\n"
                               "\t 2110 write+0x10 (/usr/lib/libc.so.6)\n"
                               "\t 1210 main+0x10 (/usr/bin/shop)\n";
constexpr const char *kIdle = "\tffffffff81000010 idle_loop+0x10 ([kernel.kallsyms])\n";
constexpr const char *kWorker = "\t 2010 memcpy+0x10 (/usr/lib/libc.so.6)\n"
                                "\t 1110 parse+0x10 (/usr/bin/shop)\n"
                                "\t 1310 worker+0x10 (/usr/bin/shop)\n";
constexpr DrawnSample kSamples[] = {
    {1, "1.000000", kParseLex}, {1, "1.001000", kParseLex}, {1, "1.002000", kRecursive},
    {1, "1.003000", kWrite},    {1, "1.004000", kWrite},    {1, "1.005000", kParseLex},
    {2, "1.500000", kIdle},     {2, "1.501000", kIdle},     {2, "1.502000", kWorker},
    {2, "2.503000", kWorker},
};

std::string drawnCapture()
{
    std::string out;
    for (const auto &sample : kSamples) {
        out += "shop  100/" + std::to_string(100 + sample.thread) + " [000]     " +
               std::string(sample.time) + ":    1000000 cpu-clock: \n" + sample.stack + "\n";
    }
    return out;
}

} // namespace

// What `flamewright render` draws, as display lists: every view, transform and colour scheme.
class TestRenderGoldens : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    ImporterRegistry m_importers;
    JobContext m_job;

private Q_SLOTS:
    void initTestCase()
    {
        addBuiltinImporters(m_importers);
        std::ofstream(m_dir.filePath("drawn.txt").toStdString()) << drawnCapture();
    }

    void drawsTheSameAsBefore_data()
    {
        QTest::addColumn<QString>("view");
        QTest::addColumn<QString>("transform");
        QTest::addColumn<QString>("scheme");
        const auto row = [](const QString &name, const QString &view, const QString &transform,
                            const QString &scheme) {
            QTest::newRow(qPrintable(name)) << view << transform << scheme;
        };
        for (const auto &view : pictureViews()) {
            const auto name = QString::fromStdString(view);
            row("view-" + name, name, {}, "name");
        }
        for (const char *transform :
             {"focus:=parse", "focus-subtree:=main;=parse", "keep:memcpy", "drop:/^parse$/",
              "hide:=parse", "collapse-module:libc",
              "collapse-recursion:", "collapse-direct-recursion:=parse", "collapse-subtree:=parse",
              "keep-modules:shop", "show-from:/^(parse|write)$/"}) {
            const auto text = QString::fromLatin1(transform);
            row("transform-" + text.section(u':', 0, 0), "icicle", text, "name");
        }
        for (const auto scheme : kColorSchemes) {
            const auto name = nameOf(scheme);
            const auto text = QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
            row("color-" + text, "flame", {}, text);
        }
    }
    void drawsTheSameAsBefore()
    {
        QFETCH(QString, view);
        QFETCH(QString, transform);
        QFETCH(QString, scheme);
        const Workbench workbench(m_importers, {.isolation = Isolation::InProcess});
        std::ostringstream out, log;
        VerbRun run{workbench, m_job, out, log};
        // Views of load tests are drawn of one: 60 requests as JMeter wrote them; those of traces
        // of what OpenTelemetry wrote.
        const auto loadViews = loadPictureViews();
        const QStringList traceViews{"timeline", "waterfall", "service-map"};
        auto input = m_dir.filePath("drawn.txt").toStdString();
        if (std::find(loadViews.begin(), loadViews.end(), view.toStdString()) != loadViews.end())
            input = FW_SOURCE_DIR "/tests/fixtures/jmeter-csv/before.jtl";
        else if (traceViews.contains(view))
            input = FW_SOURCE_DIR "/tests/fixtures/otlp-json/traces.jsonl";
        const auto opened = openCapture(workbench, input, {}, m_job);
        QVERIFY2(opened.has_value(), opened.has_value() ? "" : opened.error().text().c_str());
        Scope scope;
        scope.captures = {opened->captures().front().id};
        if (!transform.isEmpty()) {
            const auto parsed = parseTransform(transform.toStdString());
            QVERIFY(parsed.has_value());
            scope.transforms = {*parsed};
        }
        const PictureRequest request{.view = view.toStdString(),
                                     .scheme = *colorScheme(scheme.toStdString()),
                                     .function = view == u"sandwich" ? "=parse" : "",
                                     .size = {600, 0},
                                     .annotated = true};
        const auto drawn = picture(run, *opened, scope, request, FixedMetrics());
        QVERIFY2(drawn.has_value(), drawn.has_value() ? "" : drawn.error().text().c_str());
        const auto golden = std::string(FW_SOURCE_DIR "/tests/golden/render/") +
                            QTest::currentDataTag() + ".display-list.txt";
        const auto difference = testing::compareGolden(golden, dump(drawn->list));
        QVERIFY2(difference.empty(), difference.c_str());
    }

    void saysWhyAViewCannotBeDrawn()
    {
        std::ofstream(m_dir.filePath("untimed.folded").toStdString()) << "main;a 3\n";
        const Workbench workbench(m_importers, {.isolation = Isolation::InProcess});
        std::ostringstream out, log;
        VerbRun run{workbench, m_job, out, log};
        const auto opened =
            openCapture(workbench, m_dir.filePath("untimed.folded").toStdString(), {}, m_job);
        QVERIFY(opened.has_value());
        const auto chart = picture(run, *opened, {}, {.view = "chart"}, FixedMetrics());
        QVERIFY(!chart.has_value());
        QVERIFY(chart.error().message().find("no times") != std::string::npos);
        const auto sandwich =
            picture(run, *opened, {}, {.view = "sandwich", .function = "=b"}, FixedMetrics());
        QVERIFY(!sandwich.has_value());
        QVERIFY(sandwich.error().message().find("'=b'") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestRenderGoldens)
#include "tst_render_goldens.moc"
