#include "session_support.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QProcess>
#include <QRandomGenerator>

#include <cstdio>
#include <cstring>
#include <map>

using namespace flamewright;
using namespace flamewright::test;

namespace {

constexpr int kShapes = 4;

Shape shapeOf(int seed)
{
    return {.samples = 12'000, .stacks = 30, .rowsPerChunk = 64, .seed = seed % kShapes + 1};
}

// The child: imports one capture after the other and says so when each is safe.
int writeUntilKilled(const char *path, const char *state)
{
    const auto session = openSession(path, OpenMode::ReadWrite, {.stateDirectory = state});
    if (!session.has_value() || (*session)->readOnly())
        return 1;
    for (int seed = 0;; ++seed) {
        const auto id = addCapture(**session, shapeOf(seed), "seed " + std::to_string(seed));
        if (!id.has_value())
            return 1;
        std::printf("%u %d\n", id->raw, seed);
        std::fflush(stdout);
    }
}

// The child: holds the session open for writing until its input ends.
int holdOpen(const char *path, const char *state)
{
    const auto session = openSession(path, OpenMode::ReadWrite, {.stateDirectory = state});
    if (!session.has_value() || (*session)->readOnly() ||
        !addCapture(**session, shapeOf(0), "of the other").has_value())
        return 1;
    std::printf("holding\n");
    std::fflush(stdout);
    while (std::getchar() != EOF) {
    }
    return 0;
}

// All payloads in the order they were written, kind by kind.
std::string payloads(const std::vector<Chunk> &chunks)
{
    std::map<ChunkKind, std::string> byKind;
    for (const auto &chunk : chunks)
        byKind[chunk.kind].append(reinterpret_cast<const char *>(chunk.payload.data()),
                                  chunk.payload.size());
    std::string out;
    for (const auto &[kind, bytes] : byKind)
        out += bytes;
    return out;
}

Result<std::vector<Chunk>> chunksOf(SessionReader &reader, CaptureId id)
{
    std::vector<Chunk> out;
    JobContext job;
    for (const auto kind :
         {ChunkKind::Samples, ChunkKind::Strings, ChunkKind::Frames, ChunkKind::Stacks})
        FW_TRY(reader.scan(id, kind, {}, job, [&](const Chunk &chunk) -> Result<> {
            out.push_back(chunk);
            return {};
        }));
    return out;
}

} // namespace

// Other processes: killed ones, and ones that hold the session.
class TestSessionCrash : public QObject {
    Q_OBJECT

    static void start(QProcess &child, const char *role, const Workplace &place)
    {
        child.setProcessChannelMode(QProcess::SeparateChannels);
        child.start(QCoreApplication::applicationFilePath(),
                    {role, QString::fromStdString(place.file().string()),
                     QString::fromStdString(place.options.stateDirectory.string())});
    }

private Q_SLOTS:
    // Goal G11. FW_KILLS sets how often the writer is killed.
    void losesNothingWhenTheWriterIsKilled()
    {
        std::vector<std::string> expected;
        for (int seed = 0; seed < kShapes; ++seed) {
            MemoryStore memory;
            FW_VERIFY(fill(memory, shapeOf(seed)));
            expected.push_back(payloads(memory.chunks()));
        }
        Workplace place;
        FW_VERIFY(openSession(place.file(), OpenMode::Create, place.options));
        bool ok = false;
        const int asked = qEnvironmentVariableIntValue("FW_KILLS", &ok);
        const int kills = ok ? asked : 20;
        QRandomGenerator random(7);
        std::map<quint32, int> acknowledged; // capture -> seed
        int unfinished = 0, total = 0;
        qint64 slowest = 0;
        for (int i = 0; i < kills; ++i) {
            QProcess writer;
            start(writer, "--write", place);
            QVERIFY(writer.waitForStarted());
            QVERIFY(writer.waitForReadyRead(30'000)); // at least one
            writer.waitForFinished(static_cast<int>(random.bounded(1, 250)));
            writer.kill();
            QVERIFY(writer.waitForFinished());
            QCOMPARE(writer.exitStatus(), QProcess::CrashExit);
            for (const auto &line : writer.readAllStandardOutput().split('\n')) {
                const auto fields = line.split(' ');
                if (fields.size() == 2)
                    acknowledged[fields[0].toUInt()] = fields[1].toInt();
            }
            QElapsedTimer clock;
            clock.start();
            {
                // A viewer first: it must see the same without repairing anything.
                const auto viewer = openSession(place.file(), OpenMode::Read, place.options);
                FW_VERIFY(viewer);
                const auto reader = (*viewer)->reader();
                FW_VERIFY(reader);
                const auto captures = (*reader)->captures();
                FW_VERIFY(captures);
                QVERIFY(captures->size() >= acknowledged.size());
            }
            const auto session = openSession(place.file(), OpenMode::ReadWrite, place.options);
            FW_VERIFY(session);
            slowest = std::max(slowest, clock.elapsed());
            QVERIFY2(!(*session)->readOnly(), (*session)->readOnlyReason().c_str());
            const auto reader = (*session)->reader();
            FW_VERIFY(reader);
            const auto captures = (*reader)->captures();
            FW_VERIFY(captures);
            std::size_t found = 0;
            for (const auto &info : *captures) {
                QVERIFY2(info.damage.empty(), info.damage.c_str());
                const auto chunks = chunksOf(**reader, info.id);
                FW_VERIFY(chunks);
                if (info.state == CaptureState::Importing) {
                    ++unfinished;
                    // Keep or discard: both must work, and what is kept is whole chunks.
                    if (unfinished % 2 == 0) {
                        FW_VERIFY((*session)->keepPartial(info.id));
                        FW_VERIFY((*session)->deleteCapture(info.id));
                    } else {
                        FW_VERIFY((*session)->deleteCapture(info.id));
                    }
                    continue;
                }
                if (const auto it = acknowledged.find(info.id.raw); it != acknowledged.end()) {
                    ++found;
                    QVERIFY(payloads(*chunks) ==
                            expected[static_cast<std::size_t>(it->second % kShapes)]);
                }
            }
            QCOMPARE(found, acknowledged.size());
            total += static_cast<int>(acknowledged.size());
            // Start small again, so that the checks stay quick.
            if (captures->size() > 20) {
                for (const auto &info : *captures) {
                    if (info.state != CaptureState::Importing)
                        FW_VERIFY((*session)->deleteCapture(info.id));
                }
                acknowledged.clear();
            }
        }
        qInfo(
            "%d kills: %d captures checked, 0 lost, %d unfinished imports, slowest opening %lld ms",
            kills, total, unfinished, static_cast<long long>(slowest));
        QVERIFY(slowest < 2000 || qEnvironmentVariableIsSet("FW_SLOW"));
    }

    void secondProcessReadsWhileTheFirstWrites()
    {
        Workplace place;
        FW_VERIFY(openSession(place.file(), OpenMode::Create, place.options));
        QProcess other;
        start(other, "--hold", place);
        QVERIFY(other.waitForReadyRead(30'000));
        QCOMPARE(other.readAllStandardOutput().trimmed(), QByteArray("holding"));
        for (const auto mode : {OpenMode::ReadWrite, OpenMode::Read}) {
            const auto session = openSession(place.file(), mode, place.options);
            FW_VERIFY(session);
            QVERIFY((*session)->readOnly());
            if (mode == OpenMode::ReadWrite) {
                const auto reason = QString::fromStdString((*session)->readOnlyReason());
                QVERIFY2(reason.contains(QString("process %1").arg(other.processId())),
                         qPrintable(reason));
                const auto refused = (*session)->beginCapture({});
                QVERIFY(!refused.has_value());
                QCOMPARE(refused.error().code(), Errc::Busy);
            }
            const auto all = contents(**session);
            FW_VERIFY(all);
            QCOMPARE(all->size(), 1u);
        }
        other.closeWriteChannel();
        QVERIFY(other.waitForFinished());
        QCOMPARE(other.exitCode(), 0);
        const auto session = openSession(place.file(), OpenMode::ReadWrite, place.options);
        FW_VERIFY(session);
        QVERIFY(!(*session)->readOnly());
    }
};

int main(int argc, char **argv)
{
    if (argc == 4 && std::strcmp(argv[1], "--write") == 0)
        return writeUntilKilled(argv[2], argv[3]);
    if (argc == 4 && std::strcmp(argv[1], "--hold") == 0)
        return holdOpen(argv[2], argv[3]);
    QCoreApplication application(argc, argv);
    TestSessionCrash test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_session_crash.moc"
