#include "capture/session/dimensions.h"
#include "session_support.h"

#include <QFile>

#include <atomic>
#include <mutex>
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

    void readsOneCaptureWithoutTheOthers()
    {
        Workplace place;
        auto session = openSession(place.file(), OpenMode::Create, place.options);
        FW_VERIFY(session);
        FW_VERIFY(addCapture(**session, {}, "first"));
        const auto second = addCapture(**session, {.seed = 2}, "second");
        FW_VERIFY(second);
        const auto reader = (*session)->reader();
        FW_VERIFY(reader);
        const auto all = (*reader)->captures();
        FW_VERIFY(all);
        const auto one = (*reader)->capture(*second);
        FW_VERIFY(one);
        QCOMPARE(one->desc.name, std::string("second"));
        QCOMPARE(one->samples, (*all)[1].samples);
        QVERIFY(one->meta.measures == (*all)[1].meta.measures);
        const auto none = (*reader)->capture(CaptureId{3});
        QVERIFY(!none.has_value());
        QCOMPARE(none.error().code(), Errc::NotFound);
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

    void changesDescriptions()
    {
        Workplace place;
        {
            const auto session = openSession(place.file(), OpenMode::Create, place.options);
            FW_VERIFY(session);
            FW_VERIFY(addCapture(**session));
            FW_VERIFY((*session)->renameCapture(CaptureId{1}, "renamed"));
            FW_VERIFY((*session)->setRole(CaptureId{1}, CaptureRole::Baseline));
            FW_VERIFY((*session)->setWallOffset(CaptureId{1}, 42));
            FW_VERIFY((*session)->save("layout", "{}"));
            FW_VERIFY((*session)->save("layout", "{\"a\":1}"));
            QVERIFY(!(*session)->renameCapture(CaptureId{2}, "x").has_value());
            QVERIFY(!(*session)->deleteCapture(CaptureId{2}).has_value());
        }
        const auto session = openSession(place.file(), OpenMode::Read, place.options);
        FW_VERIFY(session);
        QVERIFY((*session)->readOnly());
        const auto reader = (*session)->reader();
        FW_VERIFY(reader);
        const auto captures = (*reader)->captures();
        FW_VERIFY(captures);
        const auto &info = captures->front();
        QCOMPARE(info.desc.name, std::string("renamed"));
        QCOMPARE(info.desc.role, CaptureRole::Baseline);
        QVERIFY(info.meta.wallOffsetNs == 42);
        const auto saved = (*session)->saved("layout");
        FW_VERIFY(saved);
        QVERIFY(*saved == "{\"a\":1}");
        const auto none = (*session)->saved("none");
        FW_VERIFY(none);
        QVERIFY(!none->has_value());
    }

    void removesAnImportThatDidNotFinish()
    {
        Workplace place;
        const auto session = openSession(place.file(), OpenMode::Create, place.options);
        FW_VERIFY(session);
        {
            auto writer = (*session)->beginCapture({.name = "cancelled"});
            FW_VERIFY(writer);
            FW_VERIFY(fill(**writer, {.samples = 20'000, .rowsPerChunk = 100})); // several groups
            const auto second = (*session)->beginCapture({.name = "second"});
            QVERIFY(!second.has_value());
            QCOMPARE(second.error().code(), Errc::Busy);
            QCOMPARE((*session)->deleteCapture((*writer)->id()).error().code(), Errc::Busy);
            QCOMPARE((*session)->keepPartial((*writer)->id()).error().code(), Errc::Busy);
            const auto reader = (*session)->reader();
            FW_VERIFY(reader);
            const auto captures = (*reader)->captures();
            FW_VERIFY(captures);
            QCOMPARE(captures->size(), 1u);
            QCOMPARE(captures->front().state, CaptureState::Importing);
            QVERIFY(captures->front().samples > 0);
            QVERIFY(captures->front().damage.empty());
        }
        const auto all = contents(**session);
        FW_VERIFY(all);
        QCOMPARE(all->size(), 0u);
        const auto next = addCapture(**session);
        FW_VERIFY(next);
        QCOMPARE(next->raw, 2u); // ids are not used again
    }

    void keepsPartialCaptures()
    {
        Workplace place;
        const auto session = openSession(place.file(), OpenMode::Create, place.options);
        FW_VERIFY(session);
        auto writer = (*session)->beginCapture({.name = "partial"});
        FW_VERIFY(writer);
        FW_VERIFY(fill(**writer, {}));
        FW_VERIFY((*writer)->finish(CaptureState::Partial));
        QVERIFY(!(*writer)->finish(CaptureState::Complete).has_value());
        writer->reset();
        const auto reader = (*session)->reader();
        FW_VERIFY(reader);
        QCOMPARE((*reader)->captures()->front().state, CaptureState::Partial);
    }

    void refusesChunksOutOfOrder()
    {
        Workplace place;
        const auto session = openSession(place.file(), OpenMode::Create, place.options);
        FW_VERIFY(session);
        const Chunk page = encodeChunk(StringColumns{{1}, "a"}, 2);
        Chunk unknown = encodeChunk(StringColumns{{1}, "a"}, 1);
        unknown.kind = static_cast<ChunkKind>(77);
        Chunk empty = encodeChunk(StringColumns{{1}, "a"}, 1);
        empty.rows = 0;
        for (const auto &bad : {page, unknown, empty}) {
            auto writer = (*session)->beginCapture({.name = "bad"});
            FW_VERIFY(writer);
            QVERIFY(!(*writer)->putChunk(bad).has_value());
            QVERIFY(!(*writer)->finish(CaptureState::Complete).has_value()); // errors stay
        }
    }

    void rewritesFrames()
    {
        Workplace place;
        const auto session = openSession(place.file(), OpenMode::Create, place.options);
        FW_VERIFY(session);
        FW_VERIFY(addCapture(**session));
        FW_VERIFY(addCapture(**session, {.seed = 2}));
        const auto before = contents(**session);
        FW_VERIFY(before);
        JobContext job;
        const auto load = [&]() -> Result<std::shared_ptr<const Dimensions>> {
            FW_ASSIGN(const auto reader, (*session)->reader());
            return loadDimensions(*reader, CaptureId{1}, job);
        };
        const auto old = load();
        FW_VERIFY(old);
        const auto strings = (*old)->strings.size();
        const auto rewritten =
            (*session)->rewriteFrames(CaptureId{1}, [&](ChunkStore &store) -> Result<> {
                FW_TRY(store.putChunk(encodeChunk(StringColumns{{3}, "new"}, strings)));
                FrameColumns frames;
                for (std::size_t i = 1; i < (*old)->frames.size(); ++i) {
                    frames.function.push_back(StringId{static_cast<std::uint32_t>(strings)});
                    frames.file.emplace_back();
                    frames.module.push_back(ModuleId{1});
                    frames.line.push_back(7);
                    frames.kind.push_back(FrameKind::User);
                    frames.source.push_back(SymbolSource::Dwarf);
                    frames.flags.push_back(0);
                    frames.address.push_back(i);
                    frames.outer.emplace_back();
                }
                FW_TRY(store.putChunk(encodeChunk(frames, 1)));
                CaptureMeta meta;
                meta.modules = {{"other", "abcd", ModuleKind::Elf, -1, 0}};
                return store.putMeta(meta);
            });
        FW_VERIFY(rewritten);
        const auto now = load();
        FW_VERIFY(now);
        QVERIFY((*now)->function(FrameId{5}) == "new");
        QVERIFY((*now)->module(FrameId{5}) == "other");
        QVERIFY((*now)->stacks.frame == (*old)->stacks.frame);
        QCOMPARE((*now)->tracks.size(), (*old)->tracks.size());
        const auto after = contents(**session); // checksums fit
        FW_VERIFY(after);
        QVERIFY(after->at(1) == before->at(1));
        // Too few frames, or an error of the caller: nothing changes.
        QVERIFY(!(*session)
                     ->rewriteFrames(CaptureId{1}, [](ChunkStore &) { return Result<>(); })
                     .has_value());
        QVERIFY(*contents(**session) == *after);
    }

    void readsOnlyTheChunksOfATimeRange()
    {
        Workplace place;
        const auto session = openSession(place.file(), OpenMode::Create, place.options);
        FW_VERIFY(session);
        FW_VERIFY(addCapture(**session, {.samples = 10'000, .rowsPerChunk = 100}));
        const auto reader = (*session)->reader();
        FW_VERIFY(reader);
        JobContext job;
        std::uint32_t rows = 0;
        const TimeRange range{Timestamp{Duration{5'000'000}}, Timestamp{Duration{5'100'000}}};
        FW_VERIFY((*reader)->scan(CaptureId{1}, ChunkKind::Samples, range, job,
                                  [&](const Chunk &chunk) -> Result<> {
                                      rows += chunk.rows;
                                      return {};
                                  }));
        QVERIFY(rows >= 100 && rows <= 300);
        const auto stats = (*reader)->stats();
        QCOMPARE(stats.chunksRead * 100, rows);
        QCOMPARE(stats.chunksRead + stats.chunksSkipped, 100u);
        QVERIFY(stats.bytesRead > 0);
    }

    void refusesSqlThatIsNotAQuery()
    {
        Workplace place;
        const auto session = openSession(place.file(), OpenMode::Create, place.options);
        FW_VERIFY(session);
        FW_VERIFY(addCapture(**session));
        const auto before = contents(**session);
        const auto reader = (*session)->reader();
        FW_VERIFY(reader);
        JobContext job;
        for (const auto *sql :
             {"DELETE FROM chunk", "UPDATE capture SET name='x'", "DROP TABLE chunk",
              "PRAGMA journal_mode", "ATTACH 'x' AS y", "VACUUM", "BEGIN", "SELECT 1; SELECT 2", "",
              "-- nothing", "SELECT nothing", "CREATE TEMP TABLE t(x)",
              "INSERT INTO sqlite_master VALUES(1,2,3,4,5)", "SELECT load_extension('x')",
              "SELECT zeroblob(100000000)"}) {
            const auto answer = (*reader)->sql(sql, 10, job);
            QVERIFY2(!answer.has_value(), sql);
            QVERIFY2(answer.error().code() == Errc::Query, sql);
        }
        QVERIFY(*contents(**session) == *before);
    }

    void limitsAndCancelsSql()
    {
        Workplace place;
        const auto session = openSession(place.file(), OpenMode::Create, place.options);
        FW_VERIFY(session);
        const auto reader = (*session)->reader();
        FW_VERIFY(reader);
        const auto *endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c) ";
        JobContext job;
        const auto rows =
            (*reader)->sql(std::string(endless) + "SELECT x, x'0aff', NULL, 1.5 FROM c", 3, job);
        FW_VERIFY(rows);
        QVERIFY(rows->truncated);
        QCOMPARE(rows->rows.size(), 3u);
        QVERIFY(rows->rows[2] ==
                (std::vector<SqlValue>{std::int64_t{3}, std::string("0aff"), {}, 1.5}));
        std::stop_source stop;
        JobContext cancelled(stop.get_token());
        std::thread later([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
            stop.request_stop();
        });
        const auto endlessly =
            (*reader)->sql(std::string(endless) + "SELECT count(*) FROM c", 3, cancelled);
        later.join();
        QVERIFY(!endlessly.has_value());
        QCOMPARE(endlessly.error().code(), Errc::Cancelled);
        // The streaming kind ends with the caller's error.
        int seen = 0;
        const auto streamed = (*reader)->sql(
            std::string(endless) + "SELECT x FROM c", job, [](auto) { return Result<>(); },
            [&](std::span<const SqlValue>) -> Result<> {
                if (++seen == 1000)
                    return fail(Errc::Usage, "enough");
                return {};
            });
        QVERIFY(!streamed.has_value());
        QCOMPARE(seen, 1000);
        FW_VERIFY((*reader)->sql("SELECT 1", 1, job)); // usable afterwards
    }

    void readersInThreadsSeeWholeStatesWhileAWriterWrites()
    {
        Workplace place;
        const auto session = openSession(place.file(), OpenMode::Create, place.options);
        FW_VERIFY(session);
        FW_VERIFY(addCapture(**session));
        const auto first = contents(**session)->front();
        std::atomic<bool> stop{false};
        std::atomic<int> reads{0};
        std::string wrong;
        std::mutex mutex;
        std::vector<std::thread> threads;
        for (int i = 0; i < 3; ++i)
            threads.emplace_back([&] {
                while (!stop) {
                    const auto all = contents(**session);
                    const std::scoped_lock lock(mutex);
                    if (!all.has_value())
                        wrong = all.error().text();
                    else if (all->empty() || all->front() != first)
                        wrong = "another first capture";
                    ++reads;
                }
            });
        Result<> written;
        for (int i = 0; i < 8 && written.has_value(); ++i) {
            if (auto id =
                    addCapture(**session, {.samples = 5000, .rowsPerChunk = 64, .seed = i + 2});
                !id.has_value())
                written = fail(id.error());
        }
        while (reads < 6)
            std::this_thread::yield();
        stop = true;
        for (auto &thread : threads)
            thread.join();
        FW_VERIFY(written);
        QVERIFY2(wrong.empty(), wrong.c_str());
        QCOMPARE(contents(**session)->size(), 9u);
    }

    void readersKeepTheirStateUntilRefreshed()
    {
        Workplace place;
        const auto session = openSession(place.file(), OpenMode::Create, place.options);
        FW_VERIFY(session);
        const auto reader = (*session)->reader();
        FW_VERIFY(reader);
        FW_VERIFY(addCapture(**session));
        QCOMPARE((*reader)->captures()->size(), 0u);
        FW_VERIFY((*reader)->refresh());
        QCOMPARE((*reader)->captures()->size(), 1u);
    }

    void secondOpeningInOneProcessIsReadOnly()
    {
        Workplace place;
        const auto session = openSession(place.file(), OpenMode::Create, place.options);
        FW_VERIFY(session);
        FW_VERIFY(addCapture(**session));
        const auto second = openSession(place.file(), OpenMode::ReadWrite, place.options);
        FW_VERIFY(second);
        QVERIFY((*second)->readOnly());
        QVERIFY((*second)->readOnlyReason().find("this program already") != std::string::npos);
        QCOMPARE(contents(**second)->size(), 1u);
        FW_VERIFY(addCapture(**session, {.seed = 2}));
        QCOMPARE(contents(**second)->size(), 2u);
        const auto third = openSession(place.file(), OpenMode::Create, place.options);
        QVERIFY(!third.has_value());
    }

    void saysWhenItCannotBecomeOneFile()
    {
        Workplace place;
        auto session = openSession(place.file(), OpenMode::Create, place.options);
        FW_VERIFY(session);
        FW_VERIFY(addCapture(**session));
        {
            const auto reader = (*session)->reader();
            FW_VERIFY(reader);
            const auto closed = (*session)->close();
            QVERIFY(!closed.has_value());
            QCOMPARE(closed.error().code(), Errc::Busy);
            QVERIFY((*session)->readOnly());
            QVERIFY(!addCapture(**session).has_value());
        }
        session->reset();
        session = openSession(place.file(), OpenMode::ReadWrite, place.options);
        FW_VERIFY(session);
        QCOMPARE(contents(**session)->size(), 1u);
        FW_VERIFY((*session)->close());
        QVERIFY(!std::filesystem::exists(place.file("s.fws-wal")));
    }

    void opensThroughSymbolicLinksAndOddNames()
    {
        Workplace place;
        const auto odd = place.file("a b?c#d%20'e\xc3\xa4.fws");
        {
            const auto session = openSession(odd, OpenMode::Create, place.options);
            FW_VERIFY(session);
            FW_VERIFY(addCapture(**session));
        }
        std::filesystem::create_symlink(odd, place.file("link.fws"));
        const auto session =
            openSession(place.file("link.fws"), OpenMode::ReadWrite, place.options);
        FW_VERIFY(session);
        QVERIFY(!(*session)->readOnly());
        QVERIFY((*session)->path() == std::filesystem::canonical(odd));
        QVERIFY(std::filesystem::exists(odd.string() + ".lock"));
    }

    void knowsASessionByItsFirstBytes()
    {
        Workplace place;
        FW_VERIFY(openSession(place.file(), OpenMode::Create, place.options));
        QFile file(QString::fromStdString(place.file().string()));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto head = file.read(100);
        QVERIFY(looksLikeSession(std::as_bytes(std::span(head.constData(), 100))));
        QVERIFY(!looksLikeSession(std::as_bytes(std::span(head.constData(), 71))));
        QVERIFY(!looksLikeSession({}));
        auto other = head;
        other[68] = 'X';
        QVERIFY(!looksLikeSession(std::as_bytes(std::span(other.constData(), 100))));
    }
};

QTEST_GUILESS_MAIN(TestSession)
#include "tst_session.moc"
