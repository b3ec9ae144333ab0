#include "importers/formats.h"
#include "importers/perf_script/script_lines.h"
#include "importers/symbols/demangle.h"
#include "tests/support/import_contract.h"

#include <QDir>
#include <QProcess>
#include <QStandardPaths>
#include <QTest>

using namespace flamewright;
using namespace flamewright::perfscript;
using namespace flamewright::testing;

namespace {

Imported import(std::string_view text)
{
    return importBytes(*makePerfScript(), text);
}

// "root;...;leaf" of the first sample.
std::string firstStack(const Imported &in)
{
    std::string out;
    const auto &d = in.dimensions;
    for (auto s = in.samples.stack.at(0); s.raw != 0; s = d.stacks.caller[s.raw])
        out = std::string(d.function(d.stacks.frame[s.raw])) + (out.empty() ? "" : ";") + out;
    return out;
}

struct Counts {
    std::int64_t samples = 0;
    std::map<std::string, std::int64_t> leaves;
};

// What perf_script_counts.py prints; mangled names as the importer shows them.
Counts independentCounts(const QString &path)
{
    QProcess python;
    python.start("python3", {FW_SOURCE_DIR "/tests/support/perf_script_counts.py", path});
    Counts out;
    if (!python.waitForFinished(120'000))
        return out;
    for (const auto &line : python.readAllStandardOutput().split('\n')) {
        const auto space = line.indexOf(' ');
        if (line.startsWith("samples "))
            out.samples = line.mid(8).toLongLong();
        else if (space > 0) {
            auto name = line.mid(space + 1).toStdString();
            if (name.starts_with("_Z") || name.starts_with("_R"))
                name = demangle(name);
            out.leaves[name] += line.left(space).toLongLong();
        }
    }
    return out;
}

Counts importedCounts(const Imported &in)
{
    Counts out;
    out.samples = static_cast<std::int64_t>(in.samples.size());
    const auto &d = in.dimensions;
    for (const auto stack : in.samples.stack) {
        if (stack.raw == 0)
            continue;
        const auto name = std::string(d.function(d.stacks.frame[stack.raw]));
        ++out.leaves[name.empty() ? "[unknown]" : name];
    }
    return out;
}

} // namespace

class TestPerfScript : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsEventLines_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("expected"); // comm|pid|tid|cpu|ns|period|event|rest
        QTest::newRow("default") << "perf 47118 [011] 51499.088689:          1 page-faults: "
                                 << "perf|-1|47118|11|51499088689000|1|page-faults|";
        QTest::newRow("no cpu") << "emulator  4152 75695.008865:          1 cycles:u: "
                                << "emulator|-1|4152|-1|75695008865000|1|cycles:u|";
        QTest::newRow("no period") << "node 22610 13108.211038: cpu-clock:u: "
                                   << "node|-1|22610|-1|13108211038000|-|cpu-clock:u|";
        QTest::newRow("pid and tid") << "a b: c   9/10    198791.127353: cpu-clock: "
                                     << "a b: c|9|10|-1|198791127353000|-|cpu-clock|";
        QTest::newRow("no comm") << "825432/825432 339457.445933440:       1 cycles:u: "
                                 << "|825432|825432|-1|339457445933440|1|cycles:u|";
        QTest::newRow("no time") << "java 19983 cycles:"
                                 << "java|-1|19983|-1|-|-|cycles|";
        QTest::newRow("period, no time") << "java 19983 77 cycles:"
                                         << "java|-1|19983|-1|-|77|cycles|";
        QTest::newRow("tracepoint")
            << "node 16519 [000]  8856.850777: sched:sched_switch: prev_comm=node ==> x: 1"
            << "node|-1|16519|0|8856850777000|-|sched:sched_switch|prev_comm=node ==> x: 1";
        QTest::newRow("misc") << "kworker/0:1 12 [001] K 1.000001:     250 cycles: "
                              << "kworker/0:1|-1|12|1|1000001000|250|cycles|";
        QTest::newRow("frames are none") << "\t  400577 func_b (/root/lang/func_ab)"
                                         << "";
        QTest::newRow("text is none") << "this is no event: at all"
                                      << "";
        QTest::newRow("huge time") << "x 1 99999999999999999999.000001: cycles:"
                                   << "";
    }
    void readsEventLines()
    {
        QFETCH(QString, line);
        QFETCH(QString, expected);
        const auto text = line.toStdString();
        const auto e = parseEventLine(text);
        if (expected.isEmpty()) {
            QVERIFY(!e || !e->timeNs);
            return;
        }
        QVERIFY(e);
        const auto optional = [](const std::optional<std::int64_t> &v) {
            return v ? std::to_string(*v) : std::string("-");
        };
        const auto got = std::string(e->comm) + "|" + std::to_string(e->pid) + "|" +
                         std::to_string(e->tid) + "|" + std::to_string(e->cpu) + "|" +
                         optional(e->timeNs) + "|" + optional(e->period) + "|" +
                         std::string(e->event) + "|" + std::string(e->rest);
        QCOMPARE(QString::fromStdString(got), expected);
    }

    void readsFrameLines_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("expected"); // address|symbol|dso|inlined
        QTest::newRow("plain") << "\t  400577 func_b+0x1f (/root/ab)"
                               << "400577|func_b|/root/ab|0";
        QTest::newRow("signature") << "  9d8a7a v8::Zone::Zone(v8::Isolate*) (/usr/bin/node)"
                                   << "9d8a7a|v8::Zone::Zone(v8::Isolate*)|/usr/bin/node|0";
        QTest::newRow("pointer to function") << "  70a432 A::f(void (*)(B<C>), D) (/usr/bin/node)"
                                             << "70a432|A::f(void (*)(B<C>), D)|/usr/bin/node|0";
        QTest::newRow("deleted") << "  1 f (/tmp/a (deleted))"
                                 << "1|f|/tmp/a (deleted)|0";
        QTest::newRow("inlined") << "  e460 resolve_map+0x840 (inlined)"
                                 << "e460|resolve_map||1";
        QTest::newRow("unknown") << "  305c95 [unknown] (/usr/bin/pg)"
                                 << "305c95||/usr/bin/pg|0";
        QTest::newRow("unknown all") << "  305c95 [unknown] ([unknown])"
                                     << "305c95|||0";
        QTest::newRow("without dso") << "  305c95 operator()(int)"
                                     << "305c95|operator()(int)||0";
        QTest::newRow("address only") << "  305c95"
                                      << "305c95|||0";
        QTest::newRow("plus in name") << "  1 a+0xzz+0x10 (x)"
                                      << "1|a+0xzz|x|0";
        QTest::newRow("no address") << "  THIS_IS_WEIRD"
                                    << "";
    }
    void readsFrameLines()
    {
        QFETCH(QString, line);
        QFETCH(QString, expected);
        const auto text = line.toStdString();
        const auto f = parseFrameLine(text);
        QCOMPARE(f.has_value(), !expected.isEmpty());
        if (!f)
            return;
        const auto got = QString::number(f->address, 16).toStdString() + "|" +
                         std::string(f->symbol) + "|" + std::string(f->dso) + "|" +
                         (f->inlined ? "1" : "0");
        QCOMPARE(QString::fromStdString(got), expected);
    }

    void hangsInlinedCodeIntoItsFrame()
    {
        const auto in = import("a 1 1.000000: 5 cycles:\n"
                               "\t 400577 inner+0x3 (inlined)\n"
                               "\t 400577 middle+0x3 (inlined)\n"
                               "\t 400577 outer+0x3 (/bin/ab)\n"
                               "\t 400600 main (/bin/ab)\n");
        QCOMPARE(firstStack(in), "main;inner"); // stacks refer to the innermost
        QCOMPARE(functionTable(in, "cycles"), "5 5 inner\n0 5 main\n0 5 middle\n0 5 outer\n");
        QCOMPARE(in.measure("cycles")->samples, 1);
        QVERIFY(in.measure("cycles")->unit == Unit::Cycles);
    }

    void readsTheWallClockFromTheHeader()
    {
        const auto in =
            import("# ========\n# captured on    : Fri Nov 20 22:31:34 2026\n# hostname : vm\n"
                   "# perf version : 6.1.192\n"
                   "# reference time: 2026-11-20 22:31:31.050174 = 1795213891.050174 (TOD) = "
                   "8838.429200287 (monotonic)\n# ========\n#\na 1 8839.0: 5 cycles:\n");
        QCOMPARE(*in.meta.wallOffsetNs, 1795213891050174000 - 8838429200287);
        QCOMPARE(in.provenance("host"), "vm");
        QCOMPARE(in.provenance("tool"), "perf 6.1.192");
    }

    void takesTheAddressOfAnEventForNoFrame()
    {
        const auto in = import("a 1 1.000000: 5 page-faults: 7f0000 data_sym (/lib/x.so)\n"
                               "\t 400600 main (/bin/ab)\n\n"
                               "a 1 2.000000: 5 page-faults: 400700 leaf (/bin/ab)\n\n");
        QCOMPARE(firstStack(in), "main");
        QCOMPARE(functionTable(in, "page-faults"), "5 5 leaf\n5 5 main\n");
    }

    void countsLinesItDoesNotKnow()
    {
        const auto in = import(readFile(FW_SOURCE_DIR "/tests/fixtures/perf-script/odd.txt"));
        QCOMPARE(in.noteCount("perf_script_bad_line"), 1u);
        QCOMPARE(in.noteCount("perf_script_trace_error"), 1u);
        QCOMPARE(in.noteCount("perf_lost_samples"), 12u);
        QCOMPARE(in.noteCount("perf_script_branches"), 1u);
        QCOMPARE(in.samples.size(), std::size_t(6));
    }

    void readsAStackOf50000Frames()
    {
        std::string text = "a 1 1.000000: 5 cycles:\n";
        for (int i = 0; i < 50'000; ++i)
            text += "\t 400577 f+0x3 (/bin/ab)\n";
        const auto in = import(text);
        QVERIFY(in.result.has_value());
        QCOMPARE(in.dimensions.stacks.size(), std::size_t(50'001));
        QCOMPARE(functionTable(in, "cycles"), "5 5 f\n");
    }

    // Sample count and self count of every symbol, against an independent reading.
    void agreesWithAnIndependentCount_data()
    {
        QTest::addColumn<QString>("path");
        const QDir shared(qEnvironmentVariable("FW_SHARED_DATA", FW_SOURCE_DIR "/../shared/data"));
        // Layouts that the independent count does not know have goldens instead.
        const auto isKnown = [](const QString &name) {
            return !name.endsWith("odd.txt") && !name.endsWith(".gz") &&
                   !name.contains("two-events") && !name.endsWith("one-line.txt") &&
                   !name.endsWith("task-events.txt");
        };
        for (const auto *folder :
             {"corpus/perf_script", "scenario/before/perf", "scenario/after/perf",
              "scenario/before/cpp", "scenario/after/cpp"}) {
            const QDir dir(shared.filePath(folder));
            for (const auto &name : dir.entryList(QDir::Files, QDir::Name)) {
                if (isKnown(name) &&
                    (QString(folder).startsWith("corpus") || name.endsWith("-script.txt")))
                    QTest::newRow(qPrintable(QString(folder) + "/" + name)) << dir.filePath(name);
            }
        }
        const QDir own(FW_SOURCE_DIR "/tests/fixtures/perf-script");
        for (const auto &name : own.entryList({"*.txt"}, QDir::Files)) {
            if (isKnown(name))
                QTest::newRow(qPrintable("fixture/" + name)) << own.filePath(name);
        }
    }
    void agreesWithAnIndependentCount()
    {
        QFETCH(QString, path);
        if (QStandardPaths::findExecutable("python3").isEmpty())
            QSKIP("python3 is not installed");
        const auto bytes = readFile(path.toStdString());
        const auto in = import(bytes);
        QVERIFY(in.result.has_value());
        QCOMPARE(in.broken, std::string());
        // Branches are one line a sample, which the independent count does not know.
        if (in.noteCount("perf_script_branches") > 0)
            return;
        const auto expected = independentCounts(path), got = importedCounts(in);
        QCOMPARE(got.samples, expected.samples);
        for (const auto &[name, count] : expected.leaves) {
            const auto it = got.leaves.find(name);
            QVERIFY2(it != got.leaves.end() && it->second == count,
                     (name + ": " + std::to_string(count) + ", imported " +
                      std::to_string(it == got.leaves.end() ? 0 : it->second))
                         .c_str());
        }
        QCOMPARE(got.leaves.size(), expected.leaves.size());
    }
};

QTEST_GUILESS_MAIN(TestPerfScript)
#include "tst_perf_script.moc"
