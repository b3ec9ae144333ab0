#include "importers/formats.h"
#include "importers/trace/atrace_marks.h"
#include "importers/trace/ftrace_line.h"
#include "importers/trace/thread_state.h"
#include "tests/support/trace_facts.h"

#include <QProcess>
#include <QTest>

using namespace flamewright;
using namespace flamewright::testing;

class TestFtrace : public QObject {
    Q_OBJECT

    static Imported import(std::string_view text) { return importBytes(*makeFtraceText(), text); }
    static std::filesystem::path fixture(const char *name)
    {
        return std::filesystem::path(FW_SOURCE_DIR "/tests/fixtures/ftrace") / name;
    }
    static std::string script(const std::filesystem::path &path)
    {
        QProcess run;
        run.start(QStringLiteral("python3"),
                  {QStringLiteral(FW_SOURCE_DIR "/tests/support/check_ftrace.py"),
                   QString::fromStdString(path.string())});
        if (!run.waitForFinished(60'000) || run.exitCode() != 0)
            return "failed: " + run.readAllStandardError().toStdString();
        return run.readAllStandardOutput().toStdString();
    }
    static std::filesystem::path corpus()
    {
        const auto set = qEnvironmentVariable("FW_SHARED_DATA").toStdString();
        return (set.empty() ? std::filesystem::path(FW_SOURCE_DIR "/../shared/data")
                            : std::filesystem::path(set)) /
               "corpus";
    }
    // "name begin length" of slices of one kind on tracks of one kind, in order.
    static QStringList slices(const Imported &in, SliceKind kind, TrackKind track)
    {
        QStringList out;
        for (std::size_t i = 0; i < in.slices.size(); ++i) {
            if (in.slices.kind[i] == kind &&
                in.meta.tracks[in.slices.track[i].raw - 1].kind == track)
                out << QString::fromStdString(
                    std::string(in.dimensions.strings.text(in.slices.name[i])) + " " +
                    std::to_string(in.slices.begin[i].time_since_epoch().count()) + " " +
                    std::to_string(in.slices.length[i].count()));
        }
        return out;
    }

private Q_SLOTS:
    void saysWhatAScriptSaysOfFixtures_data()
    {
        QTest::addColumn<QString>("name");
        for (const auto *const name : {"sched-tgid.txt", "no-irq-info.txt", "page.html",
                                       "atrace-z.txt", "other-layouts.txt", "bad-atrace-cut.txt"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }
    void saysWhatAScriptSaysOfFixtures()
    {
        QFETCH(QString, name);
        const auto path = fixture(name.toLatin1().constData());
        const auto theirs = factsFrom(script(path));
        QVERIFY(!theirs.empty());
        const auto wrong = differences(traceFacts(import(readFile(path))), theirs);
        QVERIFY2(wrong.empty(), wrong.c_str());
    }

    void readsRealFiles_data()
    {
        QTest::addColumn<QString>("path");
        bool found = false;
        for (const auto *const folder : {"ftrace_text", "systrace"}) {
            std::error_code error;
            for (const auto &entry :
                 std::filesystem::directory_iterator(corpus() / folder, error)) {
                found = true;
                QTest::newRow(
                    (std::string(folder) + '/' + entry.path().filename().string()).c_str())
                    << QString::fromStdString(entry.path().string());
            }
        }
        if (!found)
            QTest::newRow("no data") << QString();
    }
    void readsRealFiles()
    {
        QFETCH(QString, path);
        if (path.isEmpty())
            QSKIP("FW_SHARED_DATA has no traces of ftrace");
        const auto file = path.toStdString();
        const auto in = importDetected(readFile(file), "unknown");
        if (file.ends_with("atrace_extracted_threads") || file.ends_with("atrace_procfs_dump")) {
            QVERIFY(!in.result.has_value()); // lists of threads for systrace's own tests
            return;
        }
        QVERIFY2(in.result.has_value(),
                 in.result.has_value() ? "" : in.result.error().text().c_str());
        QCOMPARE(in.broken, std::string());
        const auto wrong = differences(traceFacts(in), factsFrom(script(file)));
        QVERIFY2(wrong.empty(), wrong.c_str());
        for (const auto &note : in.meta.notes) {
            const bool cut = file.ends_with("trace_idle_unsorted.txt"); // in its last line
            QVERIFY2(note.severity < Severity::DataLoss || cut,
                     (note.code + ' ' + note.detail).c_str());
        }
    }

    void threadsBelongToTheProcessThatTheirOwnLinesName()
    {
        // The first line speaks of thread 102 before one of its own does.
        const auto in = import("  a-101 (100) [000] d..2 1.000000: sched_switch: prev_comm=a "
                               "prev_pid=101 prev_prio=120 prev_state=S ==> next_comm=b "
                               "next_pid=102 next_prio=120\n"
                               "  b-102 (100) [000] d..2 1.000010: sched_switch: prev_comm=b "
                               "prev_pid=102 prev_prio=120 prev_state=S ==> next_comm=a "
                               "next_pid=101 next_prio=120\n");
        QVERIFY(in.result.has_value());
        int threads = 0;
        for (const auto &track : in.meta.tracks) {
            if (track.kind != TrackKind::Thread)
                continue;
            ++threads;
            QCOMPARE(track.pid, 100);
            QCOMPARE(trackName(in, track.parent), std::string("100"));
        }
        QCOMPARE(threads, 2);
    }

    void aThreadWaitsUntilItRunsAndTheArrowSaysWhoWokeIt()
    {
        const auto in =
            import("  a-1 [000] d..2 1.000000: sched_switch: prev_comm=a prev_pid=1 prev_prio=120 "
                   "prev_state=S ==> next_comm=b next_pid=2 next_prio=120\n"
                   "  b-2 [000] d..2 1.000010: sched_waking: comm=a pid=1 prio=120 target_cpu=000\n"
                   "  b-2 [000] d..2 1.000011: sched_wakeup: comm=a pid=1 prio=120 target_cpu=000\n"
                   "  b-2 [000] d..2 1.000030: sched_switch: prev_comm=b prev_pid=2 prev_prio=120 "
                   "prev_state=R+ ==> next_comm=a next_pid=1 next_prio=120\n");
        QCOMPARE(slices(in, SliceKind::State, TrackKind::Thread),
                 (QStringList{"Sleeping 1000000000 10000", "Running 1000000000 30000",
                              "Runnable 1000010000 20000", "Running 1000030000 0",
                              "Runnable 1000030000 0"}));
        QCOMPARE(slices(in, SliceKind::State, TrackKind::Cpu),
                 (QStringList{"b 1000000000 30000", "a 1000030000 0"}));
        QCOMPARE(in.flows.size(), 1u);
        QCOMPARE(in.flows.begin[0].time_since_epoch().count(), 1'000'010'000);
        QCOMPARE(in.flows.length[0].count(), 20'000);
        QCOMPARE(trackName(in, in.flows.from[0]), std::string("b"));
        QCOMPARE(trackName(in, in.flows.to[0]), std::string("a"));
    }

    // As a thread writes that changes its CPU, when the file is not in order of time.
    void slicesAreMatchedInOrderOfTime()
    {
        const auto in = import("  a-1 [000] .... 1.000001: tracing_mark_write: B|1|first\n"
                               "  a-1 [001] .... 1.000005: tracing_mark_write: B|1|second\n"
                               "  a-1 [000] .... 1.000003: tracing_mark_write: E\n"
                               "  a-1 [001] .... 1.000009: tracing_mark_write: E\n");
        QCOMPARE(slices(in, SliceKind::Slice, TrackKind::Thread),
                 (QStringList{"first 1000001000 2000", "second 1000005000 4000"}));
        QCOMPARE(in.noteCount("trace_no_begin"), 0u);
        QCOMPARE(in.noteCount("trace_no_end"), 0u);
    }

    void slicesOfAThreadWithStatesBeginOneDeeper()
    {
        const auto in = import(readFile(fixture("sched-tgid.txt")));
        for (std::size_t i = 0; i < in.slices.size(); ++i) {
            const auto kind = in.meta.tracks[in.slices.track[i].raw - 1].kind;
            if (kind == TrackKind::Thread)
                QCOMPARE(in.slices.depth[i] == 0, in.slices.kind[i] == SliceKind::State);
        }
    }

    void theMarkOfRealTimeMovesTheTraceToTheWallClock()
    {
        const auto in = import(readFile(fixture("sched-tgid.txt")));
        // realtime_ts=1795709069845 at 694.883447
        QVERIFY(in.meta.wallOffsetNs.has_value());
        QCOMPARE(*in.meta.wallOffsetNs, 1'795'709'069'845'000'000 - 694'883'447'000);
    }

    void aStateThatCannotBeInterruptedSaysWhoCalled()
    {
        const auto in = import(readFile(fixture("other-layouts.txt")));
        bool found = false;
        for (std::size_t i = 0; i < in.slices.size(); ++i) {
            if (in.dimensions.strings.text(in.slices.name[i]) != "Uninterruptible")
                continue;
            found = true;
            QCOMPARE(in.texts.at(in.slices.args[i].raw - 1),
                     std::string("{\"caller\":\"io_schedule+0x18/0x40\",\"iowait\":true}"));
        }
        QVERIFY(found);
    }

    void functionGraphsAreNestedSlices()
    {
        const auto in = import(readFile(fixture("graph.txt")));
        QCOMPARE(slices(in, SliceKind::Slice, TrackKind::Thread),
                 (QStringList{"sys_read 20000100000 21000", "fdget 20000101000 500",
                              "vfs_read 20000102000 18000", "rw_verify_area 20000103000 1250"}));
        QCOMPARE(in.slices.depth, (std::vector<std::uint32_t>{0, 1, 1, 2, 0}));
        QCOMPARE(slices(in, SliceKind::Slice, TrackKind::Cpu),
                 QStringList{"tick_nohz_stop 20000130000 2000"});
    }

    void linesAreToldByCpuAndTime_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("expected"); // comm tid tgid cpu interrupt time event
        const auto row = [](const char *line, const char *expected) {
            QTest::newRow(line) << QByteArray(line) << QString::fromLatin1(expected);
        };
        row("   Chrome [x] 1-2-345 ( 12) [003] dNh2 108.255501: irq_x: a=b: c",
            "Chrome [x] 1-2|345|12|3|1|108255501000|irq_x|a=b: c");
        row(" <...>-7 [000] 1.5: e: ", "|7|-1|0|0|1500000000|e|");
        row(" a-7 (-----) [000] ..s. 1.000000001: e:x", "a|7|-1|0|1|1000000001|e|x");
        row(" a-7 [000] .... 1.000001: f <-g", "a|7|-1|0|0|1000001000|function|f <-g");
        row("    bash-22690     0d..2. 34727us!: sched: a", "bash|22690|-1|0|0|34727000|sched|a");
        row("bash 7 [000] 1.5: e: x", "");
        row("a-7 [000] 1.5.5: e: x", "");
        row("a-99999999999 [000] 1.5: e: x", "");
        row("a-7 [000] 99999999999.5: e: x", "");
        // Of hostile lines only the beginning is searched for a CPU, or this would take minutes.
        QTest::newRow("brackets") << QByteArray(" [").repeated(1 << 20) + "]" << QString();
        QTest::newRow("times") << QByteArray(" [1] 1.0: a").repeated(1 << 18) << QString();
    }
    void linesAreToldByCpuAndTime()
    {
        QFETCH(QByteArray, line);
        QFETCH(QString, expected);
        const auto bytes = line.toStdString();
        const auto out = ftrace::parseLine(bytes);
        QString text;
        if (out)
            text = QStringLiteral("%1|%2|%3|%4|%5|%6|%7|%8")
                       .arg(QString::fromStdString(std::string(out->comm)))
                       .arg(out->tid)
                       .arg(out->tgid)
                       .arg(out->cpu)
                       .arg(out->inInterrupt ? 1 : 0)
                       .arg(out->timeNs)
                       .arg(QString::fromStdString(std::string(out->event)),
                            QString::fromStdString(std::string(out->args)));
        QCOMPARE(text, expected);
    }

    void marksThatMissAPartAreText()
    {
        using Kind = AtraceMark::Kind;
        QCOMPARE(parseAtraceMark("B|12|a|b").kind, Kind::Begin);
        QCOMPARE(std::string(parseAtraceMark("B|12|a|b\n").name), std::string("a|b"));
        QCOMPARE(parseAtraceMark("C|12|a").kind, Kind::Text);
        QCOMPARE(parseAtraceMark("C|12|a|x").kind, Kind::Text);
        QCOMPARE(parseAtraceMark("C|12|a|b|-7").value, -7);
        QCOMPARE(std::string(parseAtraceMark("C|12|a|b|-7").name), std::string("a|b"));
        QCOMPARE(parseAtraceMark("B|x|a").kind, Kind::Text);
        QCOMPARE(parseAtraceMark("Before").kind, Kind::Text);
        QCOMPARE(parseAtraceMark("").kind, Kind::Text);
        QCOMPARE(std::string(parseAtraceMark("H|1|t|n|7").cookie), std::string("7"));
        QCOMPARE(std::string(parseAtraceMark("H|1|t|7").cookie), std::string("7"));
    }

    void numbersOfStatesDependOnTheKernel()
    {
        QCOMPARE(threadStateFromText("4096"), ThreadState::Preempted);
        QCOMPARE(threadStateFromText("64"), ThreadState::Exited);
        QCOMPARE(threadStateFromText("D|K"), ThreadState::Uninterruptible);
        QCOMPARE(threadStateFromText("R+"), ThreadState::Preempted);
        QCOMPARE(threadStateFromBits(0x100, StateBits::Since414), ThreadState::Preempted);
        QCOMPARE(threadStateFromBits(0x102, StateBits::Since414), ThreadState::Uninterruptible);
        QCOMPARE(threadStateFromBits(0x40, StateBits::Since414), ThreadState::Parked);
        QCOMPARE(threadStateFromBits(1ull << 63, StateBits::Since414), ThreadState::Unknown);
    }

    void whatIsOddIsCounted()
    {
        const auto in = import(readFile(fixture("bad-odd.txt")));
        QVERIFY(in.result.has_value());
        QCOMPARE(in.broken, std::string());
        QCOMPARE(in.noteCount("ftrace_lost_events"), 28u);
        QCOMPARE(in.noteCount("ftrace_overwritten"), 100u);
        QCOMPARE(in.noteCount("ftrace_bad_args"), 2u); // of cpu_idle and of the cut line
        QCOMPARE(in.noteCount("ftrace_no_time"), 1u);
        QCOMPARE(in.noteCount("ftrace_unknown_line"), 2u); // prose; a time that does not fit
        QCOMPARE(in.noteCount("sched_bad_cpu"), 1u);
        QCOMPARE(in.noteCount("sched_lost_switch"), 1u);
        QCOMPARE(in.noteCount("trace_no_begin"),
                 1u); // before the only begin, which comes first in time
    }

    void refusesTextWithoutAnyEvent()
    {
        const auto in = import("no trace\nat all\n");
        QVERIFY(!in.result.has_value());
        QCOMPARE(in.result.error().code(), Errc::Corrupt);
        QVERIFY(import("# tracer: nop\n#\n").result.has_value()); // an empty trace
    }
};

QTEST_GUILESS_MAIN(TestFtrace)
#include "tst_ftrace.moc"
