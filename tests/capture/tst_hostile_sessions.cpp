#include "capture/session/chunk_codec.h"
#include "capture/session/dimensions.h"
#include "tests/capture/hostile_content.h"
#include "tests/capture/hostile_structure.h"

#include <QCoreApplication>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <fcntl.h>
#include <mutex>
#include <spawn.h>
#include <stop_token>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>

extern char **environ;

using namespace flamewright;
using namespace flamewright::test;

namespace {

// Cancels what takes longer than anybody waits, as a person would: every scan and query can be
// cancelled, so what has to be short on its own is the rest.
class Patience {
public:
    std::stop_token token() const { return m_stop.get_token(); }

private:
    std::stop_source m_stop;
    std::jthread m_timer{[this](const std::stop_token &end) {
        std::mutex mutex;
        std::unique_lock lock(mutex);
        std::condition_variable_any wake;
        wake.wait_for(lock, end, std::chrono::seconds(2), [] { return false; });
        m_stop.request_stop();
    }};
};

// What the program does with a session, all of it, in a process of its own. Prints how it ended.
// Exits with 1 for an error that only a bug explains.
class Visitor {
public:
    int visit(const std::string &path, const std::string &state, OpenMode mode)
    {
        const SessionOptions options{.stateDirectory = state};
        auto session = openSession(path, mode, options);
        if (!session.has_value()) {
            note(session.error());
            std::printf("rejected: %s\n", session.error().text().c_str());
            return m_bugs;
        }
        (void)(*session)->saved("layout");
        if (mode == OpenMode::ReadWrite && !(*session)->readOnly())
            note((*session)->renameCapture(CaptureId{1}, "renamed"));
        const auto reader = (*session)->reader();
        if (!reader.has_value()) {
            note(reader.error());
            std::printf("rejected: %s\n", reader.error().text().c_str());
            return m_bugs;
        }
        std::size_t shown = 0;
        for (const bool skipDamaged : {false, true}) {
            (*reader)->skipDamaged(skipDamaged);
            const auto captures = (*reader)->captures();
            note(captures);
            if (!captures.has_value())
                continue;
            for (const auto &capture : *captures) {
                if (&capture - captures->data() < 10) // more of the same
                    shown += look(**reader, capture) ? 1 : 0;
            }
        }
        query(**reader);
        note((*session)->close());
        std::printf("shown: %zu captures\n", shown / 2);
        return m_bugs;
    }

private:
    template <class T>
    void note(const Result<T> &result)
    {
        if (!result.has_value())
            note(result.error());
    }
    void note(const Error &error)
    {
        if (error.code() != Errc::Internal)
            return;
        std::printf("internal error: %s\n", error.text().c_str());
        m_bugs = 1;
    }

    // Whether anything of the capture can be shown.
    bool look(SessionReader &reader, const CaptureInfo &capture)
    {
        JobContext job(m_patience.token());
        bool any = false;
        const auto dimensions = loadDimensions(reader, capture.id, job);
        note(dimensions);
        if (dimensions.has_value()) {
            const auto &d = **dimensions;
            for (std::uint32_t i = 0; i < d.frames.size(); ++i) {
                m_bytes += d.function({i}).size() + d.file({i}).size() + d.module({i}).size();
                for (auto outer = d.frames.outer[i]; outer.raw != 0;
                     outer = d.frames.outer[outer.raw])
                    ++m_bytes;
            }
            for (std::uint32_t i = 0; i < d.stacks.size(); ++i)
                m_bytes += d.stacks.caller[i].raw + d.stacks.frame[i].raw;
            any = true;
        }
        for (const auto kind : kChunkKinds) {
            note(reader.scan(capture.id, kind, {}, job, [&](const Chunk &chunk) -> Result<> {
                if (chunk.kind == ChunkKind::Samples) {
                    const auto samples = decodeSamples(chunk);
                    note(samples);
                    any = any || samples.has_value();
                }
                return {};
            }));
        }
        return any;
    }

    void query(SessionReader &reader)
    {
        for (const char *sql :
             {"SELECT capture, count(*), total(value), min(time), max(time) FROM sample GROUP BY 1",
              "SELECT * FROM sample LIMIT 5000", "SELECT * FROM slice", "SELECT * FROM counter",
              "SELECT * FROM request", "SELECT * FROM benchmark", "SELECT * FROM frame LIMIT 70000",
              "SELECT * FROM stack LIMIT 70000", "SELECT sum(length(text)) FROM string",
              "SELECT sum(value) FROM sample", "SELECT * FROM capture LIMIT 1000",
              "SELECT f.function, sum(s.count) FROM sample s JOIN stack k ON k.capture = "
              "s.capture AND k.id = s.stack JOIN frame f ON f.capture = k.capture AND f.id = "
              "k.frame WHERE s.time < 100000 GROUP BY 1 ORDER BY 2 DESC LIMIT 10",
              "SELECT t.name, count(*) FROM sample s LEFT JOIN track t ON t.capture = s.capture "
              "AND t.id = s.track GROUP BY 1 LIMIT 100",
              "SELECT * FROM v", "SELECT flamewright_chunks_read()"}) {
            JobContext job(m_patience.token());
            const auto answer = reader.sql(sql, 100'000, job);
            note(answer);
        }
    }

    Patience m_patience;
    int m_bugs = 0;
    std::uint64_t m_bytes = 0;
};

struct Visit {
    int status = -1; // as wait4 has it
    double seconds = 0;
    long peakKiB = 0;
    bool killed = false;
    QString out;
};

#ifdef FW_SANITIZED
constexpr double kSlower = 5;
constexpr bool kMeasuresMemory = false;
#else
constexpr double kSlower = 1;
constexpr bool kMeasuresMemory = true;
#endif
// The goal is 2 s on an idle machine; tests run beside others.
constexpr double kMaxSeconds = 10 * kSlower;
constexpr long kMaxPeakKiB = 256 * 1024;

Visit visitInAProcess(const std::vector<std::string> &command, const std::string &output)
{
    std::vector<char *> arguments;
    for (const auto &word : command)
        arguments.push_back(const_cast<char *>(word.c_str()));
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                     0600);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    pid_t child = 0;
    Visit out;
    const auto start = std::chrono::steady_clock::now();
    const auto elapsed = [&] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    if (posix_spawn(&child, arguments[0], &actions, nullptr, arguments.data(), environ) != 0)
        return out;
    posix_spawn_file_actions_destroy(&actions);
    struct rusage usage {};
    while (wait4(child, &out.status, WNOHANG, &usage) == 0) {
        if (elapsed() > 3 * kMaxSeconds && !out.killed) {
            kill(child, SIGKILL);
            out.killed = true;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    out.seconds = elapsed();
    out.peakKiB = usage.ru_maxrss;
    out.out = QString::fromUtf8(contentOf(output).c_str());
    return out;
}

// Name, size and content of everything below `root` but the session's state directory.
std::string pictureOf(const std::filesystem::path &root)
{
    std::vector<std::string> lines;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(root)) {
        auto line = entry.path().string();
        if (entry.is_regular_file() && !entry.is_symlink())
            line += std::to_string(std::hash<std::string>()(contentOf(line)));
        lines.push_back(line);
    }
    std::sort(lines.begin(), lines.end());
    std::string out;
    for (const auto &line : lines)
        out += line + "\n";
    return out;
}

} // namespace

class TestHostileSessions : public QObject {
    Q_OBJECT

    QTemporaryDir m_base;
    std::vector<Hostile> m_all;
    double m_longest = 0;
    long m_peak = 0;
    int m_rejected = 0;

    std::string base() const { return m_base.filePath("base.fws").toStdString(); }
    std::string ownState() const { return m_base.filePath("own").toStdString(); }

    // Paths that a trace shows touched although they are none of the session's business.
    static QStringList strangersIn(const QString &trace, const std::string &path,
                                   const std::string &state)
    {
        static const QRegularExpression call("^\\d+ +(\\w+)\\((?:AT_FDCWD, )?\"([^\"]*)\"(.*)$",
                                             QRegularExpression::MultilineOption);
        const auto session = QString::fromStdString(path);
        const auto root = QFileInfo(session).path();
        QStringList out;
        for (const auto &match : call.globalMatch(trace)) {
            const auto name = match.captured(2);
            const bool opens = match.captured(1).startsWith("open");
            const bool writes = !opens || match.captured(3).contains("O_WRONLY") ||
                                match.captured(3).contains("O_RDWR") ||
                                match.captured(3).contains("O_CREAT");
            if (name.startsWith(QString::fromStdString(state)) || name == "/dev/null")
                continue;
            static const QStringList suffixes{"", "-journal", "-wal", "-shm", ".lock", ".reserve"};
            const bool ours =
                name.startsWith(session) && suffixes.contains(name.mid(session.size()));
            // The victim is in the session's directory: even looking into it is wrong.
            if (!ours && (writes || name.startsWith(root + "/")))
                out << match.captured(0);
        }
        return out;
    }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_base.isValid());
        const SessionOptions options{.stateDirectory = ownState()};
        auto session = openSession(base(), OpenMode::Create, options);
        FW_VERIFY(session);
        const auto capture = addCapture(**session, {.samples = 20'000, .stacks = 2000});
        FW_VERIFY(capture);
        FW_VERIFY((*session)->close());
        for (auto make : {hostileSchemas, hostileFiles, hostileRows, hostileChunks}) {
            for (auto &hostile : make())
                m_all.push_back(std::move(hostile));
        }
        QVERIFY2(m_all.size() >= 40, std::to_string(m_all.size()).c_str());
    }

    void theSoundSessionIsShown()
    {
        QTemporaryDir dir;
        const auto visit = visitInAProcess({QCoreApplication::applicationFilePath().toStdString(),
                                            "--visit", base(), ownState(), "read"},
                                           dir.filePath("out").toStdString());
        QCOMPARE(visit.status, 0);
        QCOMPARE(visit.out.trimmed(), QString("shown: 1 captures"));
    }

    void doesNoHarm_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < m_all.size(); ++i)
            QTest::newRow(m_all[i].name.c_str()) << int(i);
    }
    void doesNoHarm()
    {
        QFETCH(int, index);
        const auto &hostile = m_all[static_cast<std::size_t>(index)];
        QTemporaryDir work, elsewhere;
        QVERIFY(work.isValid() && elsewhere.isValid());
        const auto path = work.filePath("s.fws").toStdString();
        std::filesystem::copy_file(base(), path);
        store(work.filePath("victim.txt").toStdString(), "precious\n");
        hostile.damage(path);
        const auto before = pictureOf(work.path().toStdString());
        const auto state = hostile.ours ? ownState() : elsewhere.filePath("state").toStdString();
        const auto program = QCoreApplication::applicationFilePath().toStdString();
        const std::vector<std::string> command{program, "--visit", path, state,
                                               hostile.ours ? "write" : "read"};
        const auto strace = QStandardPaths::findExecutable("strace").toStdString();
        const auto trace = elsewhere.filePath("trace").toStdString();

        const auto visit = visitInAProcess(command, elsewhere.filePath("out").toStdString());
        QVERIFY2(!visit.killed, "still running");
        QVERIFY2(WIFEXITED(visit.status), qPrintable(visit.out));
        QVERIFY2(WEXITSTATUS(visit.status) == 0, qPrintable(visit.out));
        QVERIFY2(visit.out.startsWith("rejected: ") || visit.out.startsWith("shown: "),
                 qPrintable(visit.out));
        if (hostile.expect == Expect::Rejected)
            QVERIFY2(visit.out.startsWith("rejected: "), qPrintable(visit.out));
        QVERIFY2(visit.seconds <= kMaxSeconds, std::to_string(visit.seconds).c_str());
        if (kMeasuresMemory)
            QVERIFY2(visit.peakKiB <= kMaxPeakKiB, std::to_string(visit.peakKiB).c_str());
        QCOMPARE(contentOf(work.filePath("victim.txt").toStdString()), std::string("precious\n"));
        if (!hostile.ours)
            QCOMPARE(pictureOf(work.path().toStdString()), before);
        m_longest = std::max(m_longest, visit.seconds);
        m_peak = std::max(m_peak, visit.peakKiB);
        m_rejected += visit.out.startsWith("rejected: ") ? 1 : 0;
        if (qEnvironmentVariableIsSet("FW_SHOW_OUTCOMES"))
            std::printf("%6.2f s %4ld MiB  %-50s %s", visit.seconds, visit.peakKiB / 1024,
                        hostile.name.c_str(), qPrintable(visit.out));

#ifndef FW_SANITIZED // leak checks and tracing exclude each other
        if (strace.empty())
            return;
        std::vector<std::string> traced{strace,
                                        "-f",
                                        "-qq",
                                        "-s",
                                        "4096",
                                        "-e",
                                        "trace=open,openat,creat,unlink,unlinkat,rename,renameat,"
                                        "renameat2,link,linkat,symlink,symlinkat,mkdir,mkdirat,"
                                        "truncate,chmod,rmdir",
                                        "-o",
                                        trace};
        traced.insert(traced.end(), command.begin(), command.end());
        const auto again = visitInAProcess(traced, elsewhere.filePath("out").toStdString());
        if (WIFEXITED(again.status) && !QFileInfo::exists(QString::fromStdString(trace)))
            return; // tracing is forbidden here
        const auto strangers =
            strangersIn(QString::fromUtf8(contentOf(trace).c_str()), path, state);
        QVERIFY2(strangers.isEmpty(), qPrintable(strangers.join("\n")));
#endif
    }

    void cleanupTestCase()
    {
        std::printf("INFO: %zu hostile sessions, %d rejected, longest %.2f s, peak %ld MiB\n",
                    m_all.size(), m_rejected, m_longest, m_peak / 1024);
    }
};

int main(int argc, char **argv)
{
    if (argc == 5 && std::string_view(argv[1]) == "--visit")
        return Visitor().visit(argv[2], argv[3],
                               std::string_view(argv[4]) == "write" ? OpenMode::ReadWrite
                                                                    : OpenMode::Read);
    QCoreApplication app(argc, argv);
    TestHostileSessions test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_hostile_sessions.moc"
