#include "capture/session/memory_store.h"
#include "tests/capture/raw_session.h"
#include "tests/capture/small_capture.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace flamewright;
using flamewright::testing::RawSession;

// The stock sqlite3 shell with the loadable extension, and readers that know FORMAT.md only.
class TestExtension : public QObject {
    Q_OBJECT

    struct Answer {
        int exitCode = -1;
        QString out, error;
    };

    static Answer start(const QString &program, const QStringList &arguments)
    {
        QProcess process;
        process.start(program, arguments);
        if (!process.waitForFinished(60'000))
            return {-1, {}, process.errorString()};
        return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
                QString::fromUtf8(process.readAllStandardError())};
    }

    static Answer shell(const QString &session, const QString &sql,
                        const QStringList &options = {"-readonly"})
    {
        return start("sqlite3", QStringList{"-batch"} + options +
                                    QStringList{"-cmd", ".load " FW_BIN_DIR "/flamewright_sqlite",
                                                session, sql});
    }

    QTemporaryDir m_dir;
    QString m_small;

    static void fill(RawSession &session)
    {
        MemoryStore store;
        QVERIFY(testing::writeSmallCapture(store).has_value());
        QVERIFY(testing::putOtherFacts(store).has_value());
        session.addCapture(1, 5, 20, 5, 4);
        session.addAll(1, store);
        // The rows that the session's writer keeps beside the chunks.
        const auto quoted = [](const std::string &text) { return "'" + text + "'"; };
        const auto text = [](auto v) { return std::to_string(v); };
        int id = 0;
        for (const auto &track : store.meta().tracks)
            QVERIFY(session.run("INSERT INTO track VALUES (1," + text(++id) + "," +
                                text(static_cast<int>(track.kind)) + "," + quoted(track.name) +
                                "," + text(track.pid) + "," + text(track.tid) + "," +
                                text(track.parent.raw) + ")"));
        id = 0;
        for (const auto &measure : store.meta().measures)
            QVERIFY(session.run("INSERT INTO measure VALUES (1," + text(++id) + "," +
                                quoted(measure.name) + "," + text(static_cast<int>(measure.unit)) +
                                "," + text(measure.rows) + "," + text(measure.total) + "," +
                                text(measure.samples) + ")"));
    }

private Q_SLOTS:
    void initTestCase()
    {
#ifdef FW_SANITIZED
        QSKIP("the extension is not built with sanitizers: the shell has none");
#endif
        if (QStandardPaths::findExecutable("sqlite3").isEmpty())
            QSKIP("the sqlite3 shell is not installed");
        QVERIFY(QFile::exists(FW_BIN_DIR "/flamewright_sqlite.so"));
        QVERIFY(m_dir.isValid());
        m_small = m_dir.filePath("small.fws");
        RawSession session(m_small.toStdString());
        fill(session);
    }

    void exportsNothingButItsEntryPoint()
    {
        if (QStandardPaths::findExecutable("nm").isEmpty())
            QSKIP("nm is not installed");
        const auto path = QString(FW_BIN_DIR "/flamewright_sqlite.so");
        const auto defined = start("nm", {"-D", "--defined-only", "--format=just-symbols", path});
        QCOMPARE(defined.out.trimmed(), QString("sqlite3_flamewrightsqlite_init"));
        // SQLite is reached through the host's table only: no second copy, no other version.
        const auto used = start("nm", {"-D", "--undefined-only", path});
        QVERIFY(used.out.contains("malloc") || used.out.contains("_Znwm"));
        QVERIFY2(!used.out.contains("sqlite3_"), qPrintable(used.out));
    }

    void answersInTheStockShell()
    {
        const auto answer =
            shell(m_small, "select count(*), sum(value) from sample where capture=1");
        QCOMPARE(answer.error, QString());
        QCOMPARE(answer.out, QString("5|188\n"));
        QCOMPARE(answer.exitCode, 0);
    }

    // tests/golden/session_sql/*.test; FW_UPDATE_GOLDEN=1 rewrites the answers.
    void answersLikeTheGoldens()
    {
        const QString path = FW_SOURCE_DIR "/tests/golden/session_sql/small.test";
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto text = QString::fromUtf8(file.readAll());
        QString fresh;
        int asked = 0;
        for (const auto &block : text.split("\n\n", Qt::SkipEmptyParts)) {
            const auto parts = block.trimmed().split("\n----");
            if (parts.size() != 2) {
                fresh += block.trimmed() + "\n\n";
                continue;
            }
            const auto answer = shell(m_small, parts[0], {"-readonly", "-header"});
            QVERIFY2(answer.exitCode == 0, qPrintable(parts[0] + "\n" + answer.error));
            fresh += parts[0] + "\n----\n" + answer.out.trimmed() + "\n\n";
            ++asked;
        }
        QVERIFY(asked >= 10);
        fresh = fresh.trimmed() + "\n";
        if (qEnvironmentVariableIsSet("FW_UPDATE_GOLDEN")) {
            file.close();
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(fresh.toUtf8());
        } else if (fresh != text) {
            QFile actual(m_dir.filePath("small.test.actual"));
            QVERIFY(actual.open(QIODevice::WriteOnly));
            actual.write(fresh.toUtf8());
            actual.close();
            QFAIL(qPrintable(start("diff", {"-u", path, actual.fileName()}).out));
        }
    }

    void countsTheChunksItReads()
    {
        const auto path = m_dir.filePath("long.fws");
        {
            RawSession session(path.toStdString());
            session.addCapture(1, 40'000);
            MemoryStore store;
            SinkLimits limits;
            limits.rowsPerChunk = 200;
            RecordSink sink(store, limits);
            const auto measure = sink.measure({.name = "cycles"});
            for (int i = 0; i < 40'000; ++i)
                sink.add({.time = Timestamp{Duration{1000 * i}}, .measure = measure, .value = i});
            QVERIFY(sink.finish().has_value());
            session.addAll(1, store);
        }
        const QString count = "; select flamewright_chunks_read(), flamewright_chunks_skipped()";
        QCOMPARE(shell(path, "select count(*), sum(value) from sample where capture=1" + count).out,
                 QString("40000|799980000\n200|0\n"));
        // 1 % of the time, 1 % of the chunks.
        QCOMPARE(shell(path, "select count(*), sum(value) from sample where capture=1 and time >= "
                             "20000000 and time < 20400000" +
                                 count)
                     .out,
                 QString("400|8079800\n2|198\n"));
    }

    void readsWhatIsOnlyInTheWriteAheadLog()
    {
        const auto live = m_dir.filePath("live.fws");
        const auto left = m_dir.filePath("left.fws");
        {
            RawSession session(live.toStdString());
            QVERIFY(session.run("PRAGMA journal_mode = WAL"));
            QVERIFY(session.run("PRAGMA wal_autocheckpoint = 0"));
            fill(session);
            // What a kill leaves: the file without its last commits, and the log.
            QVERIFY(QFile::copy(live, left));
            QVERIFY(QFile::copy(live + "-wal", left + "-wal"));
        }
        const auto answer = shell(left, "select count(*), sum(value) from sample");
        QCOMPARE(answer.error, QString());
        QCOMPARE(answer.out, QString("5|188\n"));
    }

    void readsImmutableFiles()
    {
        const auto answer =
            shell("file:" + m_small + "?immutable=1", "select count(*) from frame", {});
        QCOMPARE(answer.error, QString());
        QCOMPARE(answer.out, QString("5\n"));
    }

    void saysWhichChunkIsDamaged()
    {
        const auto path = m_dir.filePath("damaged.fws");
        {
            RawSession session(path.toStdString());
            fill(session);
            QVERIFY(session.run("UPDATE chunk SET t1 = t1 + 1 WHERE kind = 3"));
        }
        const auto answer = shell(path, "select * from counter");
        QVERIFY(answer.exitCode != 0);
        QVERIFY2(answer.error.contains("capture 1, counters from 0.000001 s to 0.000003 s: a "
                                       "stored chunk does not match its checksum"),
                 qPrintable(answer.error));
        QCOMPARE(shell(path, "select count(*) from sample").out, QString("5\n"));
    }

    void refusesOtherDatabases()
    {
        const auto answer = shell(":memory:", "select * from sample", {});
        QVERIFY(answer.exitCode != 0);
        QVERIFY2(answer.error.contains("not a Flamewright session"), qPrintable(answer.error));
    }

    void writesNothing()
    {
        QFile file(m_small);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto before = file.readAll();
        file.close();
        QCOMPARE(shell(m_small, "select count(*) from stack", {}).exitCode, 0);
        const auto answer = shell(m_small, "insert into sample(value) values (1)", {});
        QVERIFY2(answer.error.contains("may not be modified"), qPrintable(answer.error));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), before);
    }

    // FORMAT.md is enough to read every row: another program, in another language, sees the same.
    void aStrangersReaderSeesTheSameRows()
    {
        for (const auto *program : {"python3", "zstd"}) {
            if (QStandardPaths::findExecutable(program).isEmpty())
                QSKIP(qPrintable(QString("%1 is not installed").arg(program)));
        }
        const auto theirs =
            start("python3", {FW_SOURCE_DIR "/tests/capture/read_session.py", m_small});
        QVERIFY2(theirs.exitCode == 0, qPrintable(theirs.error));
        QString ours;
        for (const auto *table :
             {"sample", "slice", "counter", "request", "summary", "benchmark", "flow",
              "slice_level", "counter_level", "string", "frame", "stack", "text"}) {
            const auto answer = shell(m_small, QString("select '%1', * from %1").arg(table),
                                      {"-readonly", "-nullvalue", "NULL"});
            QCOMPARE(answer.error, QString());
            ours += answer.out;
        }
        auto expected = theirs.out;
        expected.replace("1e+300", "1.0e+300"); // the one number that the two write differently
        QCOMPARE(ours.split('\n'), expected.split('\n'));
        QCOMPARE(ours.count('\n'), 5 + 2 + 3 + 2 + 2 + 2 + 1 + 1 + 1 + 8 + 5 + 4 + 2);
    }

    void aStrangersReaderComputesTheSameChecksums()
    {
        for (const auto *program : {"python3", "xxhsum"}) {
            if (QStandardPaths::findExecutable(program).isEmpty())
                QSKIP(qPrintable(QString("%1 is not installed").arg(program)));
        }
        const auto answer =
            start("python3", {FW_SOURCE_DIR "/tests/capture/read_session.py", "--sums", m_small});
        QVERIFY2(answer.exitCode == 0, qPrintable(answer.error));
        QCOMPARE(answer.out.count(" good\n"), 7);
        QCOMPARE(answer.out.count("bad"), 0);
    }
};

QTEST_GUILESS_MAIN(TestExtension)
#include "tst_extension.moc"
