#include "importers/io/input.h"
#include "importers/run_import.h"
#include "tests/support/import_contract.h"

#include <QProcess>
#include <QTest>

#include <map>
#include <set>

using namespace flamewright;
using namespace flamewright::testing;

// Traces that Chrome, Node, PyTorch and many others wrote, compared with a script that counts their
// events the plain way.
class TestChromeTraceCorpus : public QObject {
    Q_OBJECT

    static std::filesystem::path shared()
    {
        const auto set = qEnvironmentVariable("FW_SHARED_DATA").toStdString();
        return set.empty() ? std::filesystem::path(FW_SOURCE_DIR "/../shared/data")
                           : std::filesystem::path(set);
    }

    // Decompressed by the program's own layers, detected by content.
    static Imported importFile(const std::filesystem::path &path)
    {
        ImporterRegistry registry;
        addBuiltinImporters(registry);
        const auto file = openInputFile(path);
        if (!file.has_value())
            return {.result = fail(file.error())};
        auto input = openInput(file->get(), path.filename().string());
        if (!input.has_value())
            return {.result = fail(input.error())};
        const auto probe = (*input)->probe();
        const auto found = probe.has_value() ? registry.detect(*probe)
                                             : std::vector<ImporterRegistry::Candidate>();
        if (found.empty() || found[0].importer->format().id != "chrome-trace")
            return {.result = fail(Errc::UnknownFormat, "nobody knows it")};
        std::string all;
        for (std::size_t got = 1; got > 0;) {
            const auto old = all.size();
            all.resize(old + 65536);
            got = (*input)->read(std::as_writable_bytes(std::span(all).subspan(old))).value_or(0);
            all.resize(old + got);
        }
        return importBytes(*found[0].importer, all);
    }

    static QByteArray countsOf(const Imported &in)
    {
        const auto line = [](const char *what, std::size_t count, std::int64_t sum) {
            return QByteArray(what) + ' ' + QByteArray::number(qulonglong(count)) + ' ' +
                   QByteArray::number(qlonglong(sum)) + '\n';
        };
        std::map<SliceKind, std::pair<std::size_t, std::int64_t>> slices;
        for (std::size_t i = 0; i < in.slices.size(); ++i) {
            auto &[count, sum] = slices[in.slices.kind[i]];
            ++count;
            sum += in.slices.length[i].count();
        }
        double total = 0;
        for (const auto value : in.counters.value)
            total += value;
        std::int64_t sampled = 0;
        for (std::size_t i = 0; i < in.samples.size(); ++i)
            sampled += in.meta.measures[in.samples.measure[i].raw - 1].name == "time"
                           ? in.samples.value[i]
                           : 0;
        std::map<TrackKind, std::size_t> tracks;
        for (const auto &track : in.meta.tracks)
            ++tracks[track.kind];
        const auto of = [&](const char *what, SliceKind kind) {
            return line(what, slices[kind].first, slices[kind].second);
        };
        return of("slices", SliceKind::Slice) + of("async", SliceKind::Async) +
               of("instants", SliceKind::Instant) + "counters " +
               QByteArray::number(qulonglong(in.counters.size())) + ' ' +
               QByteArray::number(total, 'g', 6) + '\n' +
               line("series", tracks[TrackKind::Counter], 0) + line("flows", in.flows.size(), 0) +
               line("samples", in.samples.size(), sampled) +
               line("processes", tracks[TrackKind::Process], 0) +
               line("threads", tracks[TrackKind::Thread], 0) +
               line("async-tracks", tracks[TrackKind::Async], 0);
    }

private Q_SLOTS:
    void countsWhatAnIndependentScriptCounts_data()
    {
        QTest::addColumn<QString>("path");
        bool found = false;
        for (const auto *const folder :
             {"corpus/chrome_trace", "corpus/kineto", "scenario/before/v8", "scenario/after/v8"}) {
            std::error_code error;
            for (const auto &entry :
                 std::filesystem::directory_iterator(shared() / folder, error)) {
                const auto name = entry.path().filename().string();
                const bool wanted = std::string_view(folder).starts_with("corpus") ||
                                    name.find("node_trace") != std::string::npos;
                // The generic traces of Trace Compass are another format.
                if (!wanted || name.find("tracecompass") != std::string::npos)
                    continue;
                found = true;
                QTest::newRow((std::string(folder) + '/' + name).c_str())
                    << QString::fromStdString(entry.path().string());
            }
        }
        if (!found)
            QTest::newRow("no data") << QString();
    }
    void countsWhatAnIndependentScriptCounts()
    {
        QFETCH(QString, path);
        if (path.isEmpty())
            QSKIP("FW_SHARED_DATA has no traces in Chrome's format");
        QProcess script;
        script.start(QStringLiteral("python3"),
                     {QStringLiteral(FW_SOURCE_DIR "/tests/support/check_trace.py"), path});
        if (!script.waitForFinished(300'000) || script.exitCode() != 0)
            QFAIL(script.readAllStandardError().constData());
        const auto in = importFile(path.toStdString());
        QVERIFY2(in.result.has_value(),
                 in.result.has_value() ? "" : in.result.error().text().c_str());
        QCOMPARE(in.broken, std::string());
        const auto actual = QString::fromUtf8(countsOf(in)).split('\n');
        const auto expected = QString::fromUtf8(script.readAllStandardOutput()).split('\n');
        QCOMPARE(actual, expected);
        // Arguments of some hundred kilobytes, and of ends on a thread whose times go back.
        const std::set<std::string> may{"chrome_long_args", "trace_lost_args"};
        for (const auto &note : in.meta.notes)
            QVERIFY2(note.severity < Severity::DataLoss || may.count(note.code) > 0,
                     (note.code + ' ' + note.detail).c_str());
    }
    // The answer that Perfetto's own tests expect of this file:
    // google/perfetto, test/trace_processor/diff_tests/parser/parsing/tests.py, test_flow_events_json_v1.
    void arrowsJoinTheSlicesThatPerfettoJoins()
    {
        const auto path = shared() / "corpus/chrome_trace/perfetto__flow_events_json_v1.json";
        if (!std::filesystem::exists(path))
            QSKIP("FW_SHARED_DATA has no traces in Chrome's format");
        const auto in = importFile(path);
        const auto sliceAt = [&](TrackId track, Timestamp time) {
            std::string name;
            std::uint32_t depth = 0;
            for (std::size_t i = 0; i < in.slices.size(); ++i) {
                if (in.slices.track[i] == track && in.slices.begin[i] <= time &&
                    time <= in.slices.begin[i] + in.slices.length[i] &&
                    (name.empty() || in.slices.depth[i] >= depth)) {
                    name = in.dimensions.strings.text(in.slices.name[i]);
                    depth = in.slices.depth[i];
                }
            }
            return name;
        };
        std::set<std::string> arrows;
        for (std::size_t i = 0; i < in.flows.size(); ++i)
            arrows.insert(sliceAt(in.flows.from[i], in.flows.begin[i]) + " > " +
                          sliceAt(in.flows.to[i], in.flows.begin[i] + in.flows.length[i]));
        QCOMPARE(arrows, (std::set<std::string>{"SenderB > Blergh", "SenderA > OtherSlice",
                                                "OtherSlice > SomeSlice"}));
    }
};

QTEST_GUILESS_MAIN(TestChromeTraceCorpus)
#include "tst_chrome_trace_corpus.moc"
