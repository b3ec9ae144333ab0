#include "session_support.h"

#include <QFile>
#include <QProcess>
#include <QRandomGenerator>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>

using namespace flamewright;
using namespace flamewright::test;
namespace fs = std::filesystem;

// Sessions that rotted, were cut off, or were made to harm.
class TestSessionDamage : public QObject {
    Q_OBJECT

    static std::string read(const fs::path &path)
    {
        std::ifstream file(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    static void write(const fs::path &path, const std::string &bytes)
    {
        std::ofstream file(path, std::ios::binary | std::ios::trunc);
        file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    }
    static void patch(const fs::path &path, std::size_t at, char byte)
    {
        std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
        file.seekp(static_cast<std::streamoff>(at));
        file.put(byte);
    }
    // Runs SQL in the stock shell: how somebody else would change a session.
    static bool sqlite(const fs::path &path, const QString &sql)
    {
        QProcess shell;
        shell.start("sqlite3", {QString::fromStdString(path.string()), sql});
        return shell.waitForFinished() && shell.exitCode() == 0;
    }
    static Result<> makeSession(const Workplace &place, int captures = 2)
    {
        FW_ASSIGN(const auto session, openSession(place.file(), OpenMode::Create, place.options));
        for (int i = 0; i < captures; ++i)
            FW_TRY(addCapture(*session,
                              {.samples = 400, .stacks = 20, .rowsPerChunk = 100, .seed = i + 1}));
        FW_TRY(session->save("layout", "{\"a\":1}"));
        return session->close();
    }
    // All that the session says, or the error that says why not.
    static Result<std::vector<std::string>> everything(const Workplace &place)
    {
        FW_ASSIGN(const auto session, openSession(place.file(), OpenMode::Read, place.options));
        FW_ASSIGN(auto all, contents(*session));
        FW_ASSIGN(const auto saved, session->saved("layout"));
        all.push_back(saved.value_or("nothing"));
        return all;
    }

private Q_SLOTS:
    // Goal G5: no single flipped bit changes what is shown without a word. FW_FLIPS sets how many
    // are tried.
    void noticesEveryFlippedBit()
    {
        Workplace place;
        FW_VERIFY(makeSession(place));
        const auto good = everything(place);
        FW_VERIFY(good);
        const auto bytes = read(place.file());
        std::vector<std::size_t> used; // empty pages teach little
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            if (bytes[i] != 0)
                used.push_back(i);
        }
        bool ok = false;
        const int asked = qEnvironmentVariableIntValue("FW_FLIPS", &ok);
        const int flips = ok ? asked : 1500;
        QRandomGenerator random(42);
        int detected = 0, harmless = 0;
        for (int i = 0; i < flips; ++i) {
            const auto at = i % 4 == 0 ? random.bounded(quint32(bytes.size()))
                                       : used[random.bounded(quint32(used.size()))];
            const auto bit = random.bounded(8);
            patch(place.file(), at, static_cast<char>(bytes[at] ^ (1 << bit)));
            const auto now = everything(place);
            patch(place.file(), at, bytes[at]);
            if (!now.has_value()) {
                ++detected;
            } else {
                QVERIFY2(*now == *good,
                         qPrintable(QString("silent change: bit %1 of byte %2").arg(bit).arg(at)));
                ++harmless;
            }
        }
        qInfo("%d flips: %d detected, %d harmless, 0 silent", flips, detected, harmless);
        QVERIFY(detected > harmless / 4);
        QVERIFY(everything(place).has_value());
    }

    void namesTheDamagedChunkAndKeepsTheRest()
    {
        Workplace place;
        FW_VERIFY(makeSession(place));
        QVERIFY(sqlite(
            place.file(),
            "UPDATE chunk SET data=CAST(substr(data,1,40)||x'00112233'||substr(data,45) AS BLOB) "
            "WHERE id=(SELECT id FROM chunk WHERE capture=1 AND kind=1 ORDER BY t0 "
            "LIMIT 1 OFFSET 1)"));
        const auto session = openSession(place.file(), OpenMode::Read, place.options);
        FW_VERIFY(session);
        const auto reader = (*session)->reader();
        FW_VERIFY(reader);
        JobContext job;
        int rows = 0;
        const auto count = [&](const Chunk &chunk) -> Result<> {
            rows += static_cast<int>(chunk.rows);
            return {};
        };
        const auto failed = (*reader)->scan(CaptureId{1}, ChunkKind::Samples, {}, job, count);
        QVERIFY(!failed.has_value());
        QCOMPARE(failed.error().code(), Errc::Corrupt);
        const auto text = QString::fromStdString(failed.error().text());
        QVERIFY2(text.contains("capture 1, samples from 0.0001"), qPrintable(text));
        QCOMPARE(rows, 100); // what came before

        rows = 0;
        (*reader)->skipDamaged(true);
        FW_VERIFY((*reader)->scan(CaptureId{1}, ChunkKind::Samples, {}, job, count));
        QCOMPARE(rows, 300);
        QCOMPARE((*reader)->stats().chunksDamaged, 1u);
        FW_VERIFY((*reader)->scan(CaptureId{2}, ChunkKind::Samples, {}, job, count));
        QCOMPARE(rows, 700);
    }

    void noticesMissingRows_data()
    {
        QTest::addColumn<QString>("sql");
        QTest::newRow("chunk") << "DELETE FROM chunk WHERE id=3";
        QTest::newRow("capture") << "DELETE FROM capture WHERE id=2";
        QTest::newRow("module") << "DELETE FROM module WHERE capture=1";
        QTest::newRow("name") << "UPDATE capture SET name='x' WHERE id=1";
        QTest::newRow("wrong type") << "UPDATE capture SET name=x'00' WHERE id=1";
        QTest::newRow("track") << "UPDATE track SET id=id+5";
        QTest::newRow("foreign chunk") << "UPDATE chunk SET capture=2 WHERE id=1";
        QTest::newRow("time") << "UPDATE chunk SET t0=t0+1 WHERE kind=1";
        QTest::newRow("saved") << "UPDATE saved SET value='x'";
        QTest::newRow("feature") << "INSERT INTO feature VALUES('x','compat')";
        QTest::newRow("session") << "DELETE FROM session";
        QTest::newRow("uuid") << "UPDATE session SET uuid=zeroblob(3)";
    }
    void noticesMissingRows()
    {
        QFETCH(QString, sql);
        Workplace place;
        FW_VERIFY(makeSession(place));
        QVERIFY(sqlite(place.file(), sql));
        const auto all = everything(place);
        QVERIFY(!all.has_value());
        QVERIFY(!all.error().text().empty());
    }

    // Changing a damaged capture must not give it a fresh checksum.
    void doesNotLaunderDamage()
    {
        Workplace place;
        FW_VERIFY(makeSession(place));
        QVERIFY(sqlite(place.file(), "UPDATE module SET name='evil' WHERE capture=1"));
        const auto session = openSession(place.file(), OpenMode::ReadWrite, place.options);
        FW_VERIFY(session);
        QVERIFY(!(*session)->readOnly());
        const auto renamed = (*session)->renameCapture(CaptureId{1}, "new");
        QVERIFY(!renamed.has_value());
        QCOMPARE(renamed.error().code(), Errc::Corrupt);
        FW_VERIFY((*session)->renameCapture(CaptureId{2}, "new"));
        FW_VERIFY((*session)->deleteCapture(CaptureId{1}));
        FW_VERIFY(contents(**session));
    }

    void refusesFilesThatAreCutOff()
    {
        Workplace place;
        FW_VERIFY(makeSession(place));
        const auto bytes = read(place.file());
        for (std::size_t i = 0; i < 50; ++i) {
            write(place.file(), bytes.substr(0, bytes.size() * i / 50));
            const auto session = openSession(place.file(), OpenMode::ReadWrite, place.options);
            QVERIFY(!session.has_value());
            QVERIFY(session.error().code() == Errc::Corrupt ||
                    session.error().code() == Errc::UnknownFormat);
        }
        write(place.file(), bytes);
        FW_VERIFY(everything(place));
    }

    void refusesWhatIsNotASession()
    {
        Workplace place;
        write(place.file("text"), std::string(5000, 'x'));
        write(place.file("empty"), "");
        QVERIFY(sqlite(place.file("other"), "CREATE TABLE t(x)"));
        fs::create_directory(place.file("directory"));
        QCOMPARE(::mkfifo(place.file("fifo").c_str(), 0600), 0);
        for (const auto *name : {"text", "empty", "other", "directory", "fifo", "missing"}) {
            const auto session = openSession(place.file(name), OpenMode::ReadWrite, place.options);
            QVERIFY2(!session.has_value(), name);
            QVERIFY(session.error().text().find(name) != std::string::npos);
        }
        for (const auto *name : {"text", "empty", "other"})
            QVERIFY(!fs::exists(place.file((std::string(name) + ".lock").c_str())));
    }

    void refusesForeignSchemas_data()
    {
        QTest::addColumn<QString>("sql");
        QTest::newRow("view") << "CREATE VIEW v AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL "
                                 "SELECT x+1 FROM c) SELECT x FROM c";
        QTest::newRow("trigger") << "CREATE TRIGGER t AFTER UPDATE ON capture BEGIN DELETE FROM "
                                    "chunk; END";
        QTest::newRow("generated")
            << "CREATE TABLE g(a, b AS (printf('%.*c',500000000,'x')) STORED)";
        QTest::newRow("table") << "CREATE TABLE more(a)";
        QTest::newRow("index") << "CREATE INDEX i ON capture(name)";
        QTest::newRow("fts") << "CREATE VIRTUAL TABLE f USING fts5(a)";
        QTest::newRow("replaced") << "DROP TABLE saved; CREATE TABLE saved(key)";
        QTest::newRow("view as capture") << "DROP TABLE capture; CREATE VIEW capture AS SELECT 1";
        QTest::newRow("newer with view") << "PRAGMA user_version=9; CREATE VIEW v AS SELECT 1";
        QTest::newRow("newer with generated")
            << "PRAGMA user_version=9; CREATE TABLE g(a, b GENERATED ALWAYS AS (1))";
    }
    void refusesForeignSchemas()
    {
        QFETCH(QString, sql);
        Workplace place;
        FW_VERIFY(makeSession(place, 1));
        QVERIFY(sqlite(place.file(), sql));
        for (const auto mode : {OpenMode::Read, OpenMode::ReadWrite}) {
            const auto session = openSession(place.file(), mode, place.options);
            QVERIFY(!session.has_value());
            QCOMPARE(session.error().code(), Errc::UnknownFormat);
        }
    }

    // A hot journal that names another file as its super-journal makes SQLite delete that file.
    void leavesTheVictimOfACraftedJournalAlone()
    {
        Workplace place;
        FW_VERIFY(makeSession(place));
        const auto victim = place.file("precious.txt");
        write(victim, "precious");
        // A journal of a transaction that was cut short: the shell is stopped in the middle.
        QProcess shell;
        shell.start("sqlite3", {QString::fromStdString(place.file().string())});
        QVERIFY(shell.waitForStarted());
        shell.write(
            "PRAGMA cache_size=1; PRAGMA cache_spill=1; BEGIN; UPDATE chunk SET "
            "data=zeroblob(length(data)); UPDATE capture SET name='lost'; SELECT 'here';\n");
        QVERIFY(shell.waitForReadyRead());
        while (!shell.readAll().contains("here"))
            QVERIFY(shell.waitForReadyRead());
        const auto journal = place.file("s.fws-journal");
        auto bytes = read(journal);
        const auto main = read(place.file());
        shell.kill();
        shell.waitForFinished();
        QVERIFY(bytes.size() > 512);
        // The record as SQLite writes it: lock page number, name, length, checksum, magic.
        const auto name = victim.string();
        const auto be = [](std::uint32_t v) {
            return std::string{char(v >> 24), char(v >> 16), char(v >> 8), char(v)};
        };
        std::uint32_t sum = 0;
        for (const auto c : name)
            sum += static_cast<unsigned char>(c);
        bytes += be(0x40000000 / 16384 + 1) + name + be(std::uint32_t(name.size())) + be(sum) +
                 std::string("\xd9\xd5\x05\xf9\x20\xa1\x63\xd7", 8);
        for (const bool stranger : {false, true}) {
            for (const auto mode : {OpenMode::Read, OpenMode::ReadWrite}) {
                write(place.file(), main);
                write(journal, bytes);
                auto options = place.options;
                if (stranger)
                    options.stateDirectory = place.root / "another";
                const auto session = openSession(place.file(), mode, options);
                QVERIFY2(fs::exists(victim), "the victim was deleted");
                if (stranger)
                    QVERIFY(read(journal) == bytes);
                if (session.has_value())
                    (void)contents(**session);
            }
        }
        QCOMPARE(read(victim), std::string("precious"));
    }

    void opensAStrangersSessionForViewingOnly()
    {
        Workplace place;
        FW_VERIFY(makeSession(place));
        const auto good = everything(place);
        const auto bytes = read(place.file());
        auto options = place.options;
        options.stateDirectory = place.root / "another";
        const auto session = openSession(place.file(), OpenMode::ReadWrite, options);
        FW_VERIFY(session);
        QVERIFY((*session)->readOnly());
        QVERIFY((*session)->readOnlyReason().find("made elsewhere") != std::string::npos);
        const auto all = contents(**session);
        FW_VERIFY(all);
        QVERIFY(std::equal(all->begin(), all->end(), good->begin()));
        const auto refused = (*session)->renameCapture(CaptureId{1}, "x");
        QVERIFY(!refused.has_value());
        QVERIFY(!(*session)->beginCapture({}).has_value());
        FW_VERIFY((*session)->close());
        QVERIFY(read(place.file()) == bytes);
        QVERIFY(!fs::exists(place.file("s.fws.lock")));
    }
};

QTEST_GUILESS_MAIN(TestSessionDamage)
#include "tst_session_damage.moc"
