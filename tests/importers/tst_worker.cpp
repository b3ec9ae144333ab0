#include "capture/session/chunk_codec.h"
#include "capture/session/memory_store.h"
#include "importers/registry.h"
#include "importers/run_import.h"
#include "importers/worker/import_worker.h"
#include "tests/support/import_contract.h"
#include "tests/support/worker_stream.h"

#include <QDir>
#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <grp.h>
#include <random>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace flamewright;

namespace {

const std::filesystem::path kWorker = FW_BIN_DIR "/import-worker";
constexpr uid_t kNobody = 65534; // Debian's nobody and nogroup
const std::filesystem::path kFaulty = FW_BIN_DIR "/../tests/import-worker-faulty";

struct Outcome {
    Result<WorkerReport> report = fail(Errc::Internal, "not run");
    std::string format;
    MemoryStore store;
    std::string error() const { return report.has_value() ? "" : report.error().text(); }
};

std::size_t openDescriptors()
{
    std::size_t count = 0;
    for ([[maybe_unused]] const auto &entry : std::filesystem::directory_iterator("/proc/self/fd"))
        ++count;
    return count;
}

bool hasChildren()
{
    return ::waitpid(-1, nullptr, WNOHANG) != -1 || errno != ECHILD;
}

bool sameChunk(const Chunk &a, const Chunk &b)
{
    return a.kind == b.kind && a.span == b.span && a.firstRow == b.firstRow && a.rows == b.rows &&
           a.payload == b.payload;
}

bool sameMeta(const CaptureMeta &a, const CaptureMeta &b)
{
    return a.modules == b.modules && a.tracks == b.tracks && a.measures == b.measures &&
           a.notes == b.notes && a.provenance == b.provenance && a.wallOffsetNs == b.wallOffsetNs &&
           a.durationNs == b.durationNs;
}

std::string folded(int lines)
{
    std::string text;
    for (int i = 0; i < lines; ++i)
        text += "main;work;leaf" + std::to_string(i) + " " + std::to_string(i + 1) + "\n";
    return text;
}

std::filesystem::path sharedData()
{
    const auto set = qEnvironmentVariable("FW_SHARED_DATA").toStdString();
    return set.empty() ? std::filesystem::path(FW_SOURCE_DIR "/../shared/data")
                       : std::filesystem::path(set);
}

} // namespace

class TestWorker : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    std::size_t m_descriptors = 0;

    FileDescriptor file(const std::string &bytes) const
    {
        const auto path = m_dir.filePath("input").toStdString();
        std::ofstream(path, std::ios::binary) << bytes;
        return FileDescriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    }
    static void import(WorkerJob work, Outcome &out, JobContext &job)
    {
        out.report =
            runImportWorker(work, job, [&](const std::string &format) -> Result<ChunkStore *> {
                out.format = format;
                return &out.store;
            });
    }
    static void import(WorkerJob work, Outcome &out)
    {
        JobContext job;
        import(std::move(work), out, job);
    }
    void fault(const std::string &what, Outcome &out, unsigned hangSeconds = 60) const
    {
        const auto input = file("FAULT " + what + "\n");
        import({.workerProgram = kFaulty,
                .input = input.get(),
                .memoryLimitBytes = 256u << 20,
                .hangSeconds = hangSeconds},
               out);
    }
    // The same bytes by the worker and in this process.
    static std::string compare(const std::filesystem::path &path)
    {
        const FileDescriptor one(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
        Outcome outcome;
        import({.workerProgram = kWorker, .input = one.get(), .fileName = path.filename()},
               outcome);
        const FileDescriptor two(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
        MemoryStore store;
        JobContext job;
        ImporterRegistry registry;
        addBuiltinImporters(registry);
        std::string expected;
        if (auto input = openInput(two.get(), path.filename()); !input.has_value()) {
            expected = input.error().text();
        } else {
            auto done =
                runImport(**input, registry, {}, {}, job,
                          [&](const std::string &) -> Result<ChunkStore *> { return &store; });
            expected = done.has_value() ? "" : done.error().text();
        }
        if (outcome.error() != expected)
            return "worker: " + outcome.error() + "; in process: " + expected;
        if (outcome.store.chunks().size() != store.chunks().size())
            return "another number of chunks";
        for (std::size_t i = 0; i < store.chunks().size(); ++i) {
            if (!sameChunk(store.chunks()[i], outcome.store.chunks()[i]))
                return "another chunk";
        }
        if (!sameMeta(store.meta(), outcome.store.meta()))
            return "other meta data";
        return expected.empty() ? testing::checkReceived(outcome.store) : std::string();
    }

private Q_SLOTS:
    void initTestCase()
    {
        ::signal(SIGPIPE, SIG_IGN);
        m_descriptors = openDescriptors();
    }
    // Nothing is left behind: no process, no descriptor.
    void cleanup()
    {
        QVERIFY(!hasChildren());
        QCOMPARE(openDescriptors(), m_descriptors);
    }

    void refusesEveryEscape_data()
    {
        QTest::addColumn<bool>("asNobody");
        QTest::newRow("as we are") << false;
        // Root may do what nobody else may, and the other way round: both are tried when we can.
        if (::geteuid() == 0)
            QTest::newRow("as an ordinary user") << true;
    }
    void refusesEveryEscape()
    {
        QFETCH(bool, asNobody);
        // A home of the user's own, so that it is not file permissions that refuse.
        QTemporaryDir home;
        QVERIFY(home.isValid() && QDir(home.path()).mkdir(".ssh"));
        auto program = QString::fromStdString(kWorker.string());
        QProcess worker;
        if (asNobody) {
            // The build may lie where others cannot look.
            const auto copy = home.filePath("import-worker");
            QVERIFY(QFile::copy(program, copy));
            program = copy;
            for (const auto *name : {"", ".ssh", "import-worker"})
                QCOMPARE(::chown(qPrintable(home.filePath(name)), kNobody, kNobody), 0);
            worker.setChildProcessModifier([] {
                if (::setgroups(0, nullptr) != 0 || ::setgid(kNobody) != 0 ||
                    ::setuid(kNobody) != 0)
                    ::_exit(99);
            });
        }
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("HOME", home.path());
        worker.setProcessEnvironment(environment);
        worker.start(program, {"--selftest-escape"});
        if (asNobody && !worker.waitForStarted())
            QSKIP("programs in the directory for temporary files cannot be started");
        QVERIFY(worker.waitForFinished(120'000));
        const auto text = worker.readAllStandardOutput();
        if (asNobody && worker.exitCode() == 99)
            QSKIP("this root may not become another user");
        const auto layers = text.left(text.indexOf('\n'));
        if (!layers.contains("no "))
            QVERIFY2(worker.exitCode() == 0, text.constData());
        else // what is missing on this machine is named; nothing else can be asked of it
            QWARN(layers.constData());
        QVERIFY(text.contains("read the input                 worked"));
        QVERIFY(text.contains("write to descriptor 3          worked"));
        worker.close();
        QVERIFY(worker.waitForFinished() || worker.state() == QProcess::NotRunning);
    }

    void refusesToBeStartedByHand()
    {
        QProcess worker;
        worker.start(QString::fromStdString(kWorker.string()), {"file"});
        QVERIFY(worker.waitForFinished());
        QCOMPARE(worker.exitCode(), 2);
    }

    void importsWhatAnInProcessImportDoes_data()
    {
        QTest::addColumn<QString>("path");
        ImporterRegistry registry;
        addBuiltinImporters(registry);
        for (const auto &fixture : testing::fixturesOf(registry, FW_SOURCE_DIR "/tests/fixtures")) {
            const auto name = fixture.format + "/" + fixture.path.filename().string();
            QTest::newRow(name.c_str()) << QString::fromStdString(fixture.path.string());
        }
        const auto generated = m_dir.filePath("many.folded");
        std::ofstream(generated.toStdString()) << folded(200'000);
        QTest::newRow("many stacks") << generated;
        for (const auto *tool : {"gzip", "zstd", "xz", "bzip2"}) {
            const auto packed = m_dir.filePath(QString("many.") + tool);
            QProcess process;
            process.setStandardInputFile(generated);
            process.setStandardOutputFile(packed);
            process.start(tool, {"-c"});
            if (process.waitForFinished() && process.exitCode() == 0)
                QTest::newRow(tool) << packed;
        }
    }
    void importsWhatAnInProcessImportDoes()
    {
        QFETCH(QString, path);
        const auto difference = compare(path.toStdString());
        QVERIFY2(difference.empty(), difference.c_str());
    }

    void importsOtherPeoplesFilesAsInProcess()
    {
        const auto corpus = sharedData() / "corpus";
        if (!std::filesystem::is_directory(corpus))
            QSKIP("FW_SHARED_DATA has no corpus");
        int files = 0;
        for (const auto *format : {"folded", "perf_data", "perf_script", "pprof", "gperftools"}) {
            if (!std::filesystem::is_directory(corpus / format))
                continue;
            for (const auto &entry : std::filesystem::directory_iterator(corpus / format)) {
                if (!entry.is_regular_file() || entry.file_size() > (2u << 20) || ++files > 150)
                    continue;
                const auto difference = compare(entry.path());
                QVERIFY2(difference.empty(), (entry.path().string() + ": " + difference).c_str());
            }
        }
    }

    void reportsFormatSizeAndIsolation()
    {
        const auto text = folded(1000);
        const auto input = file(text);
        Outcome outcome;
        import({.workerProgram = kWorker, .input = input.get(), .fileName = "x.folded"}, outcome);
        QVERIFY2(outcome.report.has_value(), outcome.error().c_str());
        QCOMPARE(outcome.report->formatId, std::string("folded"));
        QCOMPARE(outcome.format, std::string("folded"));
        QCOMPARE(outcome.report->bytesRead, text.size());
        QVERIFY(outcome.report->isolation.find("limits") != std::string::npos);
    }

    void readsPipes()
    {
        int ends[2];
        QCOMPARE(::pipe2(ends, O_CLOEXEC), 0);
        FileDescriptor from(ends[0]);
        std::jthread writer([to = ends[1]] {
            // A producer that is silent for longer than the watchdog's patience is no hang.
            const auto text = folded(20'000);
            std::this_thread::sleep_for(std::chrono::milliseconds(2500));
            for (std::size_t at = 0; at < text.size();) {
                const auto put = ::write(to, text.data() + at, text.size() - at);
                if (put <= 0)
                    break;
                at += static_cast<std::size_t>(put);
            }
            ::close(to);
        });
        Outcome outcome;
        import({.workerProgram = kWorker, .input = from.get(), .hangSeconds = 1}, outcome);
        from.reset(); // or the writer would wait for ever when this failed
        QVERIFY2(outcome.report.has_value(), outcome.error().c_str());
        QCOMPARE(outcome.store.meta().measures.front().rows, 20'000u);
    }

    void passesOnWhatTheImporterSays()
    {
        const auto nothing = file("\x01\x02 neither this nor that");
        Outcome unknown;
        import({.workerProgram = kWorker, .input = nothing.get()}, unknown);
        QVERIFY(!unknown.report.has_value());
        QCOMPARE(unknown.report.error().code(), Errc::UnknownFormat);
        QVERIFY(unknown.error().find("\\x01\\x02 neither") != std::string::npos);

        const auto empty = file("");
        Outcome none;
        import({.workerProgram = kWorker, .input = empty.get()}, none);
        QCOMPARE(none.report.error().code(), Errc::UnknownFormat);

        const auto bad = file("a;b 1\nno number\n");
        Outcome strict;
        import({.workerProgram = kWorker,
                .input = bad.get(),
                .formatId = "folded",
                .options =
                {.strict = true }},
               strict);
        QVERIFY(!strict.report.has_value());
        QCOMPARE(strict.report.error().code(), Errc::Corrupt);
        QVERIFY(strict.report.error().offset().has_value());

        const auto text = file(folded(5));
        Outcome wrong;
        import({.workerProgram = kWorker, .input = text.get(), .formatId = "nonsense"}, wrong);
        QCOMPARE(wrong.report.error().code(), Errc::Usage);
    }

    void saysWhenTheWorkerIsMissing()
    {
        const auto input = file(folded(5));
        Outcome outcome;
        import({.workerProgram = "/nonexistent/import-worker", .input = input.get()}, outcome);
        QVERIFY(!outcome.report.has_value());
        QCOMPARE(outcome.report.error().code(), Errc::Worker);
    }

    void survivesEveryDeath_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *what, const char *says) {
            QTest::newRow(what) << what << says;
        };
#ifndef FW_SANITIZED // which has its own way of dying
        row("segv 2", "killed by signal 11");
        row("exec 1", "killed by signal 31 (Bad system call) for trying something");
        row("eat 1", "not enough memory");
#endif
        row("kill 2", "killed by signal 9");
        row("abort 1", "killed by signal 6");
        row("exit 2", "ended early with exit status 0");
        row("garbage 2", "frame of an impossible length");
        row("huge 0", "frame of an impossible length");
        row("short 1", "in the middle of a message");
        row("zeros 1", "nonsense");
        row("early-end 2", "another number of chunks");
        row("answer 1", "nobody asked");
        row("format 1", "changed its mind");
        row("chunk 1", "broke the rules");
        row("loop 1", "no progress");
        row("sleep 1", "no progress");
    }
    void survivesEveryDeath()
    {
        QFETCH(QString, what);
        QFETCH(QString, says);
        Outcome outcome;
        fault(what.toStdString(), outcome, says == "no progress" ? 1 : 60);
        QVERIFY(!outcome.report.has_value());
        const auto text = outcome.error();
        QVERIFY2(text.find(says.toStdString()) != std::string::npos, text.c_str());
        QCOMPARE(outcome.report.error().code(),
                 says == "not enough memory" ? Errc::Limit : Errc::Worker);
        // What came before is sound.
        const auto broken = testing::checkReceived(outcome.store);
        QVERIFY2(broken.empty(), broken.c_str());
        if (says == "no progress")
            return; // which a busy machine may say early
        const auto chunks = what.split(' ').last().toUInt();
        const auto samples =
            std::count_if(outcome.store.chunks().begin(), outcome.store.chunks().end(),
                          [](const Chunk &c) { return c.kind == ChunkKind::Samples; });
        QCOMPARE(static_cast<unsigned>(samples), chunks);
    }

    void survivesTwoHundredDeaths()
    {
        const char *const ways[] = {"kill", "abort", "exit", "garbage", "short", "segv"};
        std::mt19937 random(7);
        for (int i = 0; i < 200; ++i) {
            const auto what =
                ways[random() % std::size(ways)] + (" " + std::to_string(random() % 3));
            Outcome outcome;
            fault(what, outcome);
            QVERIFY2(!outcome.report.has_value(), what.c_str());
            QCOMPARE(outcome.report.error().code(), Errc::Worker);
            const auto broken = testing::checkReceived(outcome.store);
            QVERIFY2(broken.empty(), broken.c_str());
        }
    }

    void survivesKillsAtRandomTimes()
    {
        // From outside, at moments the worker does not choose.
        std::mt19937 random(8);
        for (int i = 0; i < 40; ++i) {
            std::jthread killer([delay = random() % 60'000] {
                std::this_thread::sleep_for(std::chrono::microseconds(delay));
                std::ifstream children("/proc/self/task/" + std::to_string(::getpid()) +
                                       "/children");
                for (pid_t child = 0; children >> child;)
                    ::kill(child, SIGKILL);
            });
            Outcome outcome;
            fault("none 4", outcome);
            if (!outcome.report.has_value())
                QCOMPARE(outcome.report.error().code(), Errc::Worker);
            const auto broken = testing::checkReceived(outcome.store);
            QVERIFY2(broken.empty(), broken.c_str());
        }
    }

    void cancelsAtOnce()
    {
        for (const auto *what : {"loop 1", "sleep 0", "none 500"}) {
            std::stop_source stop;
            JobContext job(stop.get_token());
            QElapsedTimer timer;
            std::jthread canceller([&] {
                std::this_thread::sleep_for(std::chrono::milliseconds(300));
                timer.start();
                stop.request_stop();
            });
            const auto input = file(std::string("FAULT ") + what + "\n");
            Outcome outcome;
            import({.workerProgram = kFaulty, .input = input.get()}, outcome, job);
            qInfo("cancelled after %lld ms", timer.elapsed());
            QVERIFY(!outcome.report.has_value());
            QCOMPARE(outcome.report.error().code(), Errc::Cancelled);
        }
    }

    void stopsWhenTheStoreFails()
    {
        struct Full final : ChunkStore {
            Result<> putChunk(const Chunk &) override { return fail(Errc::DiskFull, "full"); }
            Result<> putMeta(const CaptureMeta &) override { return {}; }
        } full;
        const auto input = file("FAULT none 20\n");
        JobContext job;
        const auto report =
            runImportWorker({.workerProgram = kFaulty, .input = input.get()}, job,
                            [&](const std::string &) -> Result<ChunkStore *> { return &full; });
        QVERIFY(!report.has_value());
        QCOMPARE(report.error().code(), Errc::DiskFull);
    }

    void resolvesSymbolsInAWorker()
    {
        auto symbols = makeSymbolWorker(kFaulty, {.useSystem = false});
        JobContext job;
        SymbolQuery query{.module = {.name = "libx", .kind = ModuleKind::Elf}};
        for (std::uint64_t i = 0; i < 100'000; ++i)
            query.addresses.push_back({i * 16, i % 2 == 1});
        const auto answer = symbols->resolve(query, job);
        QVERIFY2(answer.has_value(), answer.has_value() ? "" : answer.error().text().c_str());
        QCOMPARE(answer->end.size(), query.addresses.size());
        QCOMPARE(answer->frames.size(), 2 * query.addresses.size());
        QCOMPARE(answer->frames[0].function, std::string("inlined"));
        QCOMPARE(answer->frames[0].file, std::string("a.cpp"));
        QCOMPARE(answer->frames[0].line, 7u);
        QCOMPARE(answer->frames[199'999].function, std::string("libx@1599984r"));
        QVERIFY(answer->frames[199'999].source == SymbolSource::Symtab);
        QCOMPARE(answer->usedFile, std::string("libx"));
    }

    void losesOnlyTheModuleWhoseSymbolsKill_data()
    {
        QTest::addColumn<QString>("module");
        QTest::addColumn<QString>("code");
        for (const auto *module : {"kill", "abort", "exit", "garbage", "short", "lie", "format"})
            QTest::newRow(module) << module << "symbol_worker_died";
        QTest::newRow("refuse") << "refuse"
                                << "symbols_unreadable";
    }
    void losesOnlyTheModuleWhoseSymbolsKill()
    {
        QFETCH(QString, module);
        QFETCH(QString, code);
        auto symbols = makeSymbolWorker(kFaulty, {.useSystem = false});
        JobContext job;
        const SymbolQuery bad{.module = {.name = module.toStdString()}, .addresses = {{1}, {2}}};
        const SymbolQuery good{.module = {.name = "good"}, .addresses = {{1}, {2}}};
        QVERIFY(symbols->resolve(good, job).has_value());
        const auto lost = symbols->resolve(bad, job);
        QVERIFY(lost.has_value());
        QCOMPARE(lost->end, (std::vector<std::uint32_t>{0, 0}));
        QVERIFY(lost->frames.empty());
        QCOMPARE(lost->notes.front().code, code.toStdString());
        const auto next = symbols->resolve(good, job);
        QVERIFY(next.has_value());
        QCOMPARE(next->frames.size(), std::size_t{4});
    }

    void cancelsASymbolQuery()
    {
        auto symbols = makeSymbolWorker(kFaulty, {.useSystem = false});
        std::stop_source stop;
        JobContext job(stop.get_token());
        std::jthread canceller([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
            stop.request_stop();
        });
        const auto answer = symbols->resolve({.module = {.name = "loop"}, .addresses = {{1}}}, job);
        QVERIFY(!answer.has_value());
        QCOMPARE(answer.error().code(), Errc::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestWorker)
#include "tst_worker.moc"
