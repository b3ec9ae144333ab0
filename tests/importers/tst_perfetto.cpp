#include "importers/formats.h"
#include "importers/trace/packed_packets.h"
#include "importers/trace/perfetto_clocks.h"
#include "tests/support/trace_facts.h"

#include <QProcess>
#include <QTest>

#include <algorithm>
#include <set>

using namespace flamewright;
using namespace flamewright::testing;

class TestPerfetto : public QObject {
    Q_OBJECT

    static constexpr std::int64_t kBoot = 1'000'000'000; // of the fixture's first snapshot

    Imported m_features;

    static Imported import(std::string_view bytes)
    {
        return importBytes(*makePerfettoTrace(), bytes);
    }
    static std::filesystem::path fixture(const char *name)
    {
        return std::filesystem::path(FW_SOURCE_DIR "/tests/fixtures/perfetto") / name;
    }
    static std::string varint(std::uint64_t number)
    {
        std::string out;
        for (; number >= 0x80; number >>= 7)
            out += static_cast<char>(number | 0x80);
        return out + static_cast<char>(number);
    }
    // A field of text, bytes or a message.
    static std::string bytes(std::uint32_t field, const std::string &value)
    {
        return varint(field << 3 | 2) + varint(value.size()) + value;
    }
    static std::string script(const std::filesystem::path &path)
    {
        QProcess run;
        run.start(QStringLiteral("python3"),
                  {QStringLiteral(FW_SOURCE_DIR "/tests/support/check_perfetto.py"),
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
               "corpus/perfetto";
    }
    // "track name begin length args" of slices of one kind, in order; times from kBoot on.
    QStringList slices(SliceKind kind, std::string_view track) const
    {
        QStringList out;
        const auto &in = m_features;
        const auto &s = in.slices;
        for (std::size_t i = 0; i < s.size(); ++i) {
            if (s.kind[i] != kind || trackName(in, s.track[i]) != track)
                continue;
            const auto args = s.args[i].raw;
            out << QString::fromLatin1(QByteArray::fromStdString(
                std::string(in.dimensions.strings.text(s.name[i])) + " " +
                std::to_string(s.begin[i].time_since_epoch().count() - kBoot) + " " +
                std::to_string(s.length[i].count()) +
                (args == 0 ? std::string() : " " + in.texts.at(args - 1))));
        }
        return out;
    }
    std::vector<double> values(std::string_view counter) const
    {
        std::vector<double> out;
        for (std::size_t i = 0; i < m_features.counters.size(); ++i) {
            if (trackName(m_features, m_features.counters.track[i]) == counter)
                out.push_back(m_features.counters.value[i]);
        }
        return out;
    }
    const TrackRow *track(std::string_view name) const
    {
        for (const auto &row : m_features.meta.tracks) {
            if (row.name == name)
                return &row;
        }
        return nullptr;
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_features = import(readFile(fixture("features.pftrace")));
        QVERIFY(m_features.result.has_value());
        QCOMPARE(m_features.broken, std::string());
    }

    void saysWhatAScriptSaysOfTheFixture()
    {
        const auto theirs = factsFrom(script(fixture("features.pftrace")));
        QVERIFY(!theirs.empty());
        const auto wrong = differences(traceFacts(m_features), theirs);
        QVERIFY2(wrong.empty(), wrong.c_str());
    }

    void readsRealFiles_data()
    {
        QTest::addColumn<QString>("path");
        std::error_code error;
        bool found = false;
        for (const auto &entry : std::filesystem::directory_iterator(corpus(), error)) {
            found = true;
            QTest::newRow(entry.path().filename().string().c_str())
                << QString::fromStdString(entry.path().string());
        }
        if (!found)
            QTest::newRow("no data") << QString();
    }
    void readsRealFiles()
    {
        QFETCH(QString, path);
        if (path.isEmpty())
            QSKIP("FW_SHARED_DATA has no traces of Perfetto");
        const auto file = path.toStdString();
        const auto in = importDetected(readFile(file), "unknown");
        QVERIFY2(in.result.has_value(),
                 in.result.has_value() ? "" : in.result.error().text().c_str());
        QCOMPARE(in.broken, std::string());
        const auto wrong = differences(traceFacts(in), factsFrom(script(file)));
        QVERIFY2(wrong.empty(), wrong.c_str());
        for (const auto &note : in.meta.notes)
            QVERIFY2(note.severity < Severity::DataLoss, (note.code + ' ' + note.detail).c_str());
    }

    // 10 us after a snapshot of a clock in microseconds with the monotonic one, which another snapshot
    // connects with the trace's: 0.1 s earlier.
    void timesOfAWritersOwnClockCountOnAndNamesAreThoseItSent()
    {
        const auto main = slices(SliceKind::Slice, "main");
        QVERIFY(main.size() >= 1);
        QCOMPARE(main[0], QStringLiteral("checkout 10000 25000 {\"cat\":\"shop,http\"}"));
    }

    void argumentsAreCanonicalJsonWithThoseOfTheEnd()
    {
        const auto main = slices(SliceKind::Slice, "main");
        QVERIFY(main.size() >= 2);
        QCOMPARE(
            main[1],
            QString::fromLatin1(
                "caf\xe9 query 15000 15000 {\"big\":18446744073709551615,\"cart\":{\"empty\":"
                "\"\",\"items\":[1,2]},\"ok\":true,\"old\":{\"a\":[true,\"x\"],\"b\":-3},\"p\":"
                "\"0xdeadbeef\",\"ratio\":0.25,\"rows\":12,\"user\":\"ann\"}"));
    }

    void eventsWaitForTheDescriptionOfTheirTrack()
    {
        QCOMPARE(slices(SliceKind::Slice, "worker"), QStringList{"price 20000 40000"});
        QVERIFY(track("worker") != nullptr);
        QCOMPARE(track("worker")->tid, 102);
        QCOMPARE(trackName(m_features, track("worker")->parent), std::string("/usr/bin/shop"));
        QCOMPARE(m_features.noteCount("perfetto_no_descriptor"), 0u);
    }

    void tracksOfOneNameShareLanesAndTheirSlicesStayNested()
    {
        QCOMPARE(
            slices(SliceKind::Async, "requests"),
            (QStringList{"GET /cart 50000 20000", "GET /price 55000 20000", "inside 60000 5000"}));
        std::size_t tracks = 0;
        for (const auto &row : m_features.meta.tracks)
            tracks += row.name == "requests" ? 1 : 0;
        QCOMPARE(tracks, 1u);
    }

    void framesOfAndroidLastUntilTheirEnd()
    {
        QCOMPARE(slices(SliceKind::Async, "expected frames"),
                 QStringList{"display frame 0 16000 {\"token\":70}"});
        QCOMPARE(
            slices(SliceKind::Async, "actual frames"),
            QStringList{"surface frame 0 30000 {\"jank\":16,\"layer\":\"cart\",\"token\":71}"});
        QCOMPARE(m_features.noteCount("trace_no_begin"), 1u); // an end of a third one
    }

    void countersHaveTheirUnitAndMayCountOn()
    {
        QCOMPARE(values("queue [bytes]"), (std::vector<double>{3 * 1024, -1024}));
        QCOMPARE(values("thread time [ns]"), (std::vector<double>{500, 520, 550}));
        QCOMPARE(values("rate [1/s]"), std::vector<double>{2.5});
        QCOMPARE(values("resident memory [bytes]"), std::vector<double>{2048 * 1024});
        QCOMPARE(values("OOM score"), std::vector<double>{-900});
    }

    void eventsOfTheKernelAreInOrderWhateverTheBundles()
    {
        QCOMPARE(slices(SliceKind::State, "pool"),
                 (QStringList{"Runnable 20000 10000", "Running 30000 60000",
                              "Runnable 90000 45000 {\"preempted\":true}"}));
        // The compact form does not repeat who ran before.
        QCOMPARE(slices(SliceKind::State, "main"),
                 (QStringList{"Sleeping 5000 54000", "Runnable 59000 1000", "Running 60000 30000",
                              "Uninterruptible 90000 45000"}));
        QCOMPARE(slices(SliceKind::State, "CPU 1"), QStringList{"pool 30000 60000 {\"tid\":103}"});
        QCOMPARE(slices(SliceKind::Slice, "CPU 1 irq"),
                 QStringList{"irq nvme0 55000 2000 {\"irq\":9}"});
        QCOMPARE(slices(SliceKind::Slice, "pool"), QStringList{"job 40000 10000"});
        QCOMPARE(track("pool")->pid, 100);
    }

    void theWallClockComesFromTheFirstSnapshot()
    {
        QCOMPARE(m_features.meta.wallOffsetNs.value_or(0), 1'700'000'000'000'000'000 - kBoot);
        QCOMPARE(m_features.provenance("kernel"), std::string("6.1.0"));
    }

    void whatIsNotShownIsCounted()
    {
        QCOMPARE(m_features.noteCount("perfetto_packets_counted"), 1u);
        QCOMPARE(m_features.noteCount("perfetto_ftrace_counted"), 1u);
        QCOMPARE(m_features.noteCount("perfetto_legacy_phases"), 1u);
    }

    void whatIsOddIsCounted()
    {
        const auto in = import(readFile(fixture("bad-odd.pftrace")));
        QVERIFY(in.result.has_value());
        QCOMPARE(in.broken, std::string());
        QCOMPARE(in.noteCount("perfetto_lost_state"), 1u);
        QCOMPARE(in.noteCount("perfetto_lost_names"), 1u);
        QCOMPARE(in.noteCount("perfetto_packets_dropped"), 1u);
        QCOMPARE(in.noteCount("trace_no_begin"), 1u);
        QCOMPARE(in.noteCount("perfetto_unknown_clock"), 1u);
        QCOMPARE(in.noteCount("perfetto_bad_time"), 1u);
        QCOMPARE(in.noteCount("perfetto_no_descriptor"), 5u);
        QCOMPARE(in.noteCount("perfetto_bad_event"), 1u);   // a slice on a counter
        QCOMPARE(in.noteCount("perfetto_bad_message"), 3u); // an event, a bundle, columns
        QCOMPARE(in.noteCount("perfetto_other_event"), 1u); // the damaged one has no type
        QCOMPARE(in.noteCount("perfetto_long_args"), 2u);   // too deep, too long
        QCOMPARE(in.noteCount("perfetto_bad_compressed"), 2u);
        QCOMPARE(in.noteCount("perfetto_other_fields"), 1u);
        QCOMPARE(in.noteCount("perfetto_cut"), 1u);
    }

    void countersOfOneNameStayApartHoweverMany()
    {
        constexpr std::uint64_t kCounters = 3000;
        std::string trace;
        for (std::uint64_t uuid = 1; uuid <= kCounters; ++uuid) {
            const auto id = varint(uuid);
            // track_descriptor {uuid, name, counter {}}, track_event {type: counter, track, value}
            trace += bytes(1, bytes(60, "\x08" + id + bytes(2, "c") + bytes(8, "")));
            trace += bytes(1, bytes(11, std::string("\x48\x04\x58") + id + "\xf0\x01" + id));
        }
        const auto in = import(trace);
        QVERIFY(in.result.has_value());
        std::set<std::string> names;
        for (const auto &row : in.meta.tracks)
            names.insert(row.name);
        QCOMPARE(names.size(), kCounters);
        QVERIFY(names.contains("c") && names.contains("c #2") && names.contains("c #3000"));
        QCOMPARE(in.counters.size(), kCounters);
    }

    void namesOfTasksThatNoKernelHasAreCut()
    {
        // ftrace_events {cpu: 1, compact {times, next_pid, names, their numbers}}: 7 runs from 5 ns on
        const auto columns = bytes(1, "\x05") + bytes(2, std::string(1, '\0')) + bytes(3, "\x07") +
                             bytes(5, std::string(5000, 'n')) + bytes(6, std::string(1, '\0'));
        const auto in = import(bytes(1, bytes(1, "\x08\x01" + bytes(4, columns))));
        QVERIFY(in.result.has_value());
        QCOMPARE(in.noteCount("perfetto_bad_message"), 1u);
        QVERIFY(std::any_of(in.meta.tracks.begin(), in.meta.tracks.end(),
                            [](const TrackRow &row) { return row.name == std::string(64, 'n'); }));
    }

    void refusesWhatHasNoPacket()
    {
        const auto in = import("no trace");
        QVERIFY(!in.result.has_value());
        QCOMPARE(in.result.error().code(), Errc::Corrupt);
    }

    void compressedPacketsHaveALimit()
    {
        QVERIFY(!unpacked(Packing::Zlib, "\x78\x9c", 1 << 20).has_value()); // ends too early
        const auto packed = qCompress(QByteArray(4 << 20, '\0')).mid(4).toStdString();
        QVERIFY(!unpacked(Packing::Zlib, packed, 1 << 20).has_value());
        QCOMPARE(unpacked(Packing::Zlib, packed, (4 << 20) + 1).value_or("").size(), 4u << 20);
        QVERIFY(!unpacked(Packing::Zstd, packed, 1 << 20).has_value());
    }

    void clocksThatNothingConnectsHaveNoTime()
    {
        perfetto::Clocks clocks;
        QVERIFY(!clocks.toPrimary(3, 1, 5).has_value());
        QCOMPARE(clocks.toPrimary(6, 1, 5).value_or(0), 5);
        // {1: {1: 6, 2: 100}}, {1: {1: 3, 2: 40}}: boot time 100 is monotonic time 40.
        const std::string snapshot("\x0a\x04\x08\x06\x10\x64\x0a\x04\x08\x03\x10\x28", 12);
        QVERIFY(clocks.addSnapshot(snapshot, 1));
        QCOMPARE(clocks.toPrimary(3, 1, 45).value_or(0), 105);
        QCOMPARE(clocks.toPrimary(3, 9, 35).value_or(0), 95);
        QVERIFY(!clocks.addSnapshot("\x0a\x7f", 1));
    }
};

QTEST_GUILESS_MAIN(TestPerfetto)
#include "tst_perfetto.moc"
