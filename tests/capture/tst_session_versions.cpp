#include "capture/session/manifest_sqlite.h"
#include "capture/session/schema.h"
#include "capture/session/session_registry.h"
#include "session_support.h"

#include <QProcess>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <unistd.h>

using namespace flamewright;
using namespace flamewright::test;
namespace fs = std::filesystem;

namespace {

const fs::path kFixtures = fs::path(FW_SOURCE_DIR) / "tests/fixtures/session";
constexpr Shape kShape{.samples = 200, .stacks = 10, .rowsPerChunk = 100, .seed = 5};

std::string bytesOf(const fs::path &path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// Changes a closed session as another version would have written it, with checksums that fit.
Result<> rewrite(const fs::path &path, std::uint32_t version, const std::string &sql)
{
    FW_ASSIGN(const auto db, Connection::open(path.string(), nullptr, Connection::Access::Write));
    FW_TRY(db.run(sql.c_str()));
    return sealSession(db, version);
}

// How the fixtures were made: `tst_session_versions --make DIRECTORY`.
int makeFixtures(const fs::path &where)
{
    for (const auto *name : {"version1.fws", "version0.fws"}) {
        const auto path = where / name;
        {
            const auto session = openSession(path, OpenMode::Create, {.temporary = true});
            if (!session.has_value() || !addCapture(**session, kShape, "golden").has_value())
                return 1;
        }
        const bool old = std::strcmp(name, "version0.fws") == 0;
        if (old && !rewrite(path, 0,
                            "DROP TABLE feature; DROP TABLE saved; PRAGMA user_version=0;"
                            "UPDATE format SET min_reader=0, min_writer=0, writer_version='0.0.9'")
                        .has_value())
            return 1;
        const auto db = Connection::open(path.string(), nullptr, Connection::Access::Write);
        if (!db.has_value() || !db->run("PRAGMA page_size=1024; VACUUM").has_value())
            return 1;
    }
    return 0;
}

} // namespace

// Files of other versions of this program, and of other people.
class TestSessionVersions : public QObject {
    Q_OBJECT

    // A copy of a fixture that counts as made here.
    static void adopt(const Workplace &place, const char *fixture)
    {
        fs::copy_file(kFixtures / fixture, place.file(), fs::copy_options::overwrite_existing);
        const auto db = Connection::open(place.file().string(), nullptr, Connection::Access::Read);
        FW_VERIFY(db);
        const auto uuid = sessionUuid(*db);
        FW_VERIFY(uuid);
        QVERIFY(SessionRegistry(place.options.stateDirectory).enter(*uuid, place.file()));
    }
    static Result<> makeSession(const Workplace &place)
    {
        FW_ASSIGN(const auto session, openSession(place.file(), OpenMode::Create, place.options));
        FW_TRY(addCapture(*session, kShape));
        return session->close();
    }

private Q_SLOTS:
    void opensEveryVersion_data()
    {
        QTest::addColumn<QByteArray>("fixture");
        QTest::newRow("0") << QByteArray("version0.fws");
        QTest::newRow("1") << QByteArray("version1.fws");
    }
    void opensEveryVersion()
    {
        QFETCH(QByteArray, fixture);
        Workplace place;
        adopt(place, fixture.constData());
        const auto before = bytesOf(place.file());
        std::string old;
        {
            const auto session = openSession(place.file(), OpenMode::Read, place.options);
            FW_VERIFY(session);
            const auto all = contents(**session);
            FW_VERIFY(all);
            QCOMPARE(all->size(), 1u);
            old = all->front();
            const auto saved = (*session)->saved("x");
            FW_VERIFY(saved);
            QVERIFY(!saved->has_value());
        }
        QVERIFY(bytesOf(place.file()) == before); // reading does not upgrade
        MemoryStore memory;
        FW_VERIFY(fill(memory, kShape));
        {
            const auto session = openSession(place.file(), OpenMode::ReadWrite, place.options);
            FW_VERIFY(session);
            QVERIFY2(!(*session)->readOnly(), (*session)->readOnlyReason().c_str());
            FW_VERIFY((*session)->save("x", "{}"));
            FW_VERIFY(addCapture(**session));
            FW_VERIFY((*session)->close());
        }
        const auto session = openSession(place.file(), OpenMode::Read, place.options);
        FW_VERIFY(session);
        const auto all = contents(**session);
        FW_VERIFY(all);
        QCOMPARE(all->size(), 2u);
        QVERIFY(all->front() == old);
        JobContext job;
        const auto reader = (*session)->reader();
        FW_VERIFY(reader);
        std::vector<Chunk> expected;
        for (const auto &chunk : memory.chunks()) {
            if (chunk.kind == ChunkKind::Samples)
                expected.push_back(chunk);
        }
        std::size_t i = 0;
        FW_VERIFY((*reader)->scan(CaptureId{1}, ChunkKind::Samples, {}, job,
                                  [&](const Chunk &chunk) -> Result<> {
                                      if (chunk.payload != expected.at(i++).payload)
                                          return fail(Errc::Corrupt, "another payload");
                                      return {};
                                  }));
        QCOMPARE(i, expected.size());
    }

    void refusesWhatOnlyANewerProgramReads()
    {
        for (const char *sql :
             {"UPDATE format SET min_reader=2, writer_app='Flamewright', writer_version='9.1'",
              "UPDATE format SET writer_version='9.1'; "
              "INSERT INTO feature VALUES('new coding','incompat')"}) {
            Workplace place;
            FW_VERIFY(makeSession(place));
            FW_VERIFY(rewrite(place.file(), 1, sql));
            for (const auto mode : {OpenMode::Read, OpenMode::ReadWrite}) {
                const auto session = openSession(place.file(), mode, place.options);
                QVERIFY(!session.has_value());
                QCOMPARE(session.error().code(), Errc::Version);
                QVERIFY2(session.error().text().find("9.1") != std::string::npos,
                         session.error().text().c_str());
            }
        }
    }

    void opensWhatANewerProgramAllowsForReading()
    {
        for (const char *sql :
             {"UPDATE format SET min_writer=2",
              "INSERT INTO feature VALUES('new index','ro_compat')",
              "PRAGMA user_version=2; CREATE TABLE bookmark(id INTEGER PRIMARY KEY, text TEXT)"}) {
            Workplace place;
            FW_VERIFY(makeSession(place));
            FW_VERIFY(rewrite(place.file(), 1, sql));
            const auto before = bytesOf(place.file());
            {
                const auto session = openSession(place.file(), OpenMode::ReadWrite, place.options);
                FW_VERIFY(session);
                QVERIFY((*session)->readOnly());
                QVERIFY((*session)->readOnlyReason().find("newer") != std::string::npos);
                FW_VERIFY(contents(**session));
                QVERIFY(!(*session)->save("a", "b").has_value());
            }
            QVERIFY(bytesOf(place.file()) == before);
            QVERIFY(!fs::exists(place.file("s.fws.lock")));
            QVERIFY(!fs::exists(place.file("s.fws.reserve")));
        }
        Workplace place;
        FW_VERIFY(makeSession(place));
        FW_VERIFY(rewrite(place.file(), 1, "INSERT INTO feature VALUES('hint','compat')"));
        const auto session = openSession(place.file(), OpenMode::ReadWrite, place.options);
        FW_VERIFY(session);
        QVERIFY(!(*session)->readOnly());
    }

    void countsChunksOfUnknownKinds()
    {
        Workplace place;
        FW_VERIFY(makeSession(place));
        {
            const auto db =
                Connection::open(place.file().string(), nullptr, Connection::Access::Write);
            FW_VERIFY(db);
            const auto uuid = sessionUuid(*db);
            FW_VERIFY(uuid);
            // A chunk as a newer program would add it, and the manifest that goes with it.
            const std::byte data[4]{};
            ChunkRow row{
                .id = 1000, .capture = 1, .kind = 99, .rows = 5, .rawBytes = 8, .data = data};
            const auto sum = sumBytes(chunkSum(*uuid, row));
            row.sum = sum;
            auto insert = db->prepare("INSERT INTO chunk VALUES(1000,1,99,1,0,5,0,0,8,?,?)");
            FW_VERIFY(insert);
            FW_VERIFY(insert->bind(1, row.sum).bind(2, row.data).run());
            auto stored = db->prepare("SELECT chunk_sum FROM capture");
            FW_VERIFY(stored);
            FW_VERIFY(stored->step());
            std::uint64_t digests = 0;
            std::memcpy(&digests, stored->blob(0)->data(), sizeof digests);
            stored->reset();
            const auto total = sumBytes(digests + chunkDigest(*uuid, row));
            auto update = db->prepare("UPDATE capture SET chunk_sum=?");
            FW_VERIFY(update);
            FW_VERIFY(update->bind(1, std::span(total)).run());
            FW_VERIFY(sealCapture(*db, *uuid, 1));
        }
        const auto session = openSession(place.file(), OpenMode::Read, place.options);
        FW_VERIFY(session);
        const auto reader = (*session)->reader();
        FW_VERIFY(reader);
        const auto captures = (*reader)->captures();
        FW_VERIFY(captures);
        QCOMPARE(captures->front().unknownChunks, 1u);
        QCOMPARE(captures->front().damage, std::string());
        FW_VERIFY(contents(**session));
    }

    // In a container without a home, a session counts as ours when its file is.
    void worksWithoutAStateDirectory()
    {
        const auto state = qgetenv("XDG_STATE_HOME"), home = qgetenv("HOME");
        qunsetenv("XDG_STATE_HOME");
        qunsetenv("HOME");
        Workplace place;
        {
            const auto session = openSession(place.file(), OpenMode::Create);
            FW_VERIFY(session);
            FW_VERIFY(addCapture(**session));
        }
        const auto session = openSession(place.file(), OpenMode::ReadWrite);
        qputenv("XDG_STATE_HOME", state);
        qputenv("HOME", home);
        FW_VERIFY(session);
        QVERIFY2(!(*session)->readOnly(), (*session)->readOnlyReason().c_str());
    }

    void leavesReadOnlyFilesAlone()
    {
        Workplace place;
        FW_VERIFY(makeSession(place));
        fs::permissions(place.file(), fs::perms::owner_read);
        const auto session = openSession(place.file(), OpenMode::ReadWrite, place.options);
        fs::permissions(place.file(), fs::perms::owner_all);
        FW_VERIFY(session);
        if (::geteuid() != 0) // root may write everything
            QVERIFY((*session)->readOnly());
        FW_VERIFY(contents(**session));
    }
};

int main(int argc, char **argv)
{
    if (argc == 3 && std::strcmp(argv[1], "--make") == 0)
        return makeFixtures(argv[2]);
    QCoreApplication application(argc, argv);
    TestSessionVersions test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_session_versions.moc"
