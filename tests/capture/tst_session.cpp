#include "session_support.h"

#include <thread>

using namespace flamewright;
using namespace flamewright::test;

// Writing a session and reading it back.
class TestSession : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void keepsWhatAnImportGave()
    {
        Workplace place;
        MemoryStore memory;
        FW_VERIFY(fill(memory, {}));
        auto session = openSession(place.file(), OpenMode::Create, place.options);
        FW_VERIFY(session);
        QVERIFY2(!(*session)->readOnly(), (*session)->readOnlyReason().c_str());
        const auto id = addCapture(**session, {}, "first");
        FW_VERIFY(id);
        QCOMPARE(id->raw, 1u);

        auto reader = (*session)->reader();
        FW_VERIFY(reader);
        const auto captures = (*reader)->captures();
        FW_VERIFY(captures);
        QCOMPARE(captures->size(), 1u);
        const auto &info = captures->front();
        QCOMPARE(info.desc.name, std::string("first"));
        QCOMPARE(info.state, CaptureState::Complete);
        QCOMPARE(info.kind, std::string("profile"));
        QCOMPARE(info.samples, 1000u);
        QCOMPARE(info.stacks, 50u);
        QCOMPARE(info.damage, std::string());
        QVERIFY(info.meta.notes == memory.meta().notes);
        QVERIFY(info.meta.tracks == memory.meta().tracks);
        QVERIFY(info.meta.measures == memory.meta().measures);
        QVERIFY(info.meta.modules == memory.meta().modules);
        QVERIFY(info.meta.provenance == memory.meta().provenance);
        QVERIFY(info.meta.wallOffsetNs == memory.meta().wallOffsetNs);
        QVERIFY(info.span.has_value());

        JobContext job;
        for (const auto kind :
             {ChunkKind::Samples, ChunkKind::Strings, ChunkKind::Frames, ChunkKind::Stacks}) {
            std::vector<Chunk> expected, got;
            for (const auto &chunk : memory.chunks()) {
                if (chunk.kind == kind)
                    expected.push_back(chunk);
            }
            FW_VERIFY((*reader)->scan(*id, kind, {}, job, [&](const Chunk &chunk) -> Result<> {
                got.push_back(chunk);
                return {};
            }));
            QCOMPARE(got.size(), expected.size());
            for (std::size_t i = 0; i < got.size(); ++i) {
                QVERIFY(got[i].payload == expected[i].payload);
                QVERIFY(got[i].span == expected[i].span);
                QCOMPARE(got[i].firstRow, expected[i].firstRow);
            }
        }
    }

    void isOnePlainFileWhenClosed()
    {
        Workplace place;
        {
            auto session = openSession(place.file(), OpenMode::Create, place.options);
            FW_VERIFY(session);
            FW_VERIFY(addCapture(**session));
            QVERIFY(std::filesystem::exists(place.file("s.fws.lock")));
            QVERIFY(std::filesystem::exists(place.file("s.fws.reserve")));
            FW_VERIFY((*session)->close());
        }
        int files = 0;
        for (const auto &entry : std::filesystem::directory_iterator(place.root)) {
            if (entry.is_regular_file())
                ++files;
        }
        QCOMPARE(files, 1);
        auto session = openSession(place.file(), OpenMode::ReadWrite, place.options);
        FW_VERIFY(session);
        QVERIFY2(!(*session)->readOnly(), (*session)->readOnlyReason().c_str());
        FW_VERIFY(addCapture(**session, {.seed = 2}));
        const auto all = contents(**session);
        FW_VERIFY(all);
        QCOMPARE(all->size(), 2u);
    }

    void answersSql()
    {
        Workplace place;
        auto session = openSession(place.file(), OpenMode::Create, place.options);
        FW_VERIFY(session);
        FW_VERIFY(addCapture(**session));
        const auto reader = (*session)->reader();
        FW_VERIFY(reader);
        JobContext job;
        const auto table =
            (*reader)->sql("select count(*), sum(value), (select total from measure) "
                           "from sample where capture=1",
                           10, job);
        FW_VERIFY(table);
        QCOMPARE(table->rows.size(), 1u);
        QCOMPARE(std::get<std::int64_t>(table->rows[0][0]), 1000);
        QVERIFY(table->rows[0][1] == table->rows[0][2]);
    }
};

QTEST_GUILESS_MAIN(TestSession)
#include "tst_session.moc"
