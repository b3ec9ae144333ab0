#include "capture/session/virtual_tables.h"
#include "tests/capture/virtual_table_profiles.h"

#include <QTest>

using namespace flamewright;
using namespace flamewright::testing;

class TestVirtualTables : public QObject {
    Q_OBJECT

    // Two captures, with ids that have a gap, and the same rows in plain tables.
    void fill(RawSession &session, std::uint32_t seed, int samples, std::uint32_t rowsPerChunk)
    {
        std::vector<std::pair<int, MemoryStore>> captures(2);
        captures[0].first = 1;
        captures[1].first = 4;
        writeProfile(captures[0].second, seed, samples, rowsPerChunk);
        writeProfile(captures[1].second, seed + 1, samples / 2, rowsPerChunk, true);
        for (const auto &[id, store] : captures) {
            session.addCapture(id, samples, 60, 60, samples / 2);
            session.addAll(id, store);
        }
        fillPlainTables(session, captures);
    }

    // `{t}` in the query stands for nothing or "plain_".
    void compare(const RawSession &session, const std::string &query)
    {
        const auto got = session.ask(replaced(query, "{t}", ""));
        const auto want = session.ask(replaced(query, "{t}", "plain_"));
        if (got == want)
            return;
        auto difference = query + ": " + std::to_string(got.size()) + " rows, " +
                          std::to_string(want.size()) + " expected";
        for (std::size_t i = 0; i < std::max(got.size(), want.size()); ++i) {
            const auto g = i < got.size() ? got[i] : "nothing";
            const auto w = i < want.size() ? want[i] : "nothing";
            if (g != w) {
                difference += "; row " + std::to_string(i) + " is " + g + ", not " + w;
                break;
            }
        }
        QFAIL(difference.c_str());
    }

private Q_SLOTS:
    void columnsFollowTheCodec()
    {
        for (const auto &table : shownTables()) {
            std::size_t shown = 0;
            for (const auto &column : table.columns) {
                if (column.as == Shown::Capture || column.as == Shown::RowId ||
                    column.as == Shown::Content || column.as == Shown::FlagInlined ||
                    column.as == Shown::FlagError)
                    continue;
                const auto stored = columnsOf(table.kind)[column.stored];
                QVERIFY(column.name == stored.name || stored.name == "flags");
                ++shown;
            }
            QCOMPARE(shown, columnsOf(table.kind).size());
        }
        QCOMPARE(shownTables()[0].declaration(),
                 std::string("CREATE TABLE x(capture INTEGER, time INTEGER, track INTEGER, "
                             "cpu INTEGER, stack INTEGER, measure INTEGER, labels TEXT, "
                             "value INTEGER, count INTEGER)"));
    }

    void showsEveryRowAsTheDecodersDo()
    {
        RawSession session;
        fill(session, 1, 2000, 128);
        QVERIFY(registerSessionTables(session.db(), std::make_shared<ReadStats>()).has_value());
        for (const auto *table : {"sample", "frame", "stack", "string"}) {
            const auto all = std::string("SELECT * FROM {t}") + table + " ORDER BY ";
            compare(session, all + (table == std::string("sample")
                                        ? "capture, time, track, cpu, stack, measure, value, count"
                                        : "capture, id"));
        }
        QCOMPARE(session.askOne("SELECT count(*) FROM sample"), std::string("3000"));
        QCOMPARE(session.askOne("SELECT count(*) FROM slice"), std::string("0"));
    }

    // Random comparisons of every pushed-down column with every type of value.
    void answersRandomBoundsLikePlainTables()
    {
        RawSession session;
        fill(session, 2, 800, 40);
        QVERIFY(registerSessionTables(session.db(), std::make_shared<ReadStats>()).has_value());
        std::mt19937 random(3);
        const std::vector<std::string> odd = {"NULL",
                                              "'x'",
                                              "'1'",
                                              "' 2 '",
                                              "'1e3'",
                                              "x'31'",
                                              "1.0",
                                              "1.5",
                                              "-1.5",
                                              "9223372036854775807",
                                              "-9223372036854775807 - 1",
                                              "9.3e18",
                                              "-9.3e18",
                                              "1e999",
                                              "-1e999",
                                              "9223372036854775808",
                                              "0",
                                              "''"};
        const auto value = [&](std::uint32_t limit) {
            if (random() % 6 == 0)
                return odd[random() % odd.size()];
            const auto number = std::to_string(random() % limit);
            switch (random() % 5) {
            case 0: return number + ".25";
            case 1: return "'" + number + "'";
            }
            return number;
        };
        const char *const operators[] = {"=", ">", ">=", "<", "<=", "IS", "!="};
        const auto comparison = [&](const char *column, std::uint32_t limit) {
            switch (random() % 8) {
            case 0:
                return std::string(column) + " BETWEEN " + value(limit) + " AND " + value(limit);
            case 1: return std::string(column) + " IN (" + value(limit) + "," + value(limit) + ")";
            case 2: return value(limit) + " < " + column;
            }
            return std::string(column) + " " + operators[random() % 7] + " " + value(limit);
        };
        for (int i = 0; i < 600; ++i) {
            const bool fact = random() % 2 == 0;
            const auto *const table = fact                ? "sample"
                                      : random() % 3 == 0 ? "string"
                                      : random() % 2 == 0 ? "stack"
                                                          : "frame";
            const std::string key = fact ? "time" : "id";
            const auto limit = fact ? 850'000u : 400u;
            auto where = comparison(key.c_str(), limit);
            for (auto more = random() % 3; more > 0; --more) {
                where += random() % 5 == 0 ? " OR " : " AND ";
                where +=
                    random() % 2 == 0 ? comparison("capture", 6) : comparison(key.c_str(), limit);
            }
            auto query = std::string("SELECT capture, ") + key + ", count(*) FROM {t}" + table +
                         " WHERE " + where + " GROUP BY 1, 2 ORDER BY 1, 2";
            compare(session, query);
        }
    }

    void joinsLikePlainTables()
    {
        RawSession session;
        fill(session, 4, 600, 64);
        QVERIFY(session.run("INSERT INTO track VALUES (1,1,1,'shop',7,-1,0),"
                            "(1,2,2,'worker',7,8,1),(4,1,1,'shop',7,-1,0),(4,2,2,'w2',7,8,1)"));
        QVERIFY(session.run("INSERT INTO measure VALUES (1,1,'cycles',3,0,0,0),"
                            "(1,2,'cpu-clock',1,0,0,0),(4,1,'cycles',3,0,0,0)"));
        QVERIFY(registerSessionTables(session.db(), std::make_shared<ReadStats>()).has_value());
        for (const auto *query :
             {"SELECT f.capture, f.function, sum(s.value) FROM {t}sample s "
              "JOIN {t}stack k ON k.capture = s.capture AND k.id = s.stack "
              "JOIN {t}frame f ON f.capture = k.capture AND f.id = k.frame "
              "GROUP BY 1, 2 ORDER BY 1, 2",
              "SELECT t.name, m.name, count(*), sum(s.value) FROM {t}sample s "
              "JOIN track t ON t.capture = s.capture AND t.id = s.track "
              "LEFT JOIN measure m ON m.capture = s.capture AND m.id = s.measure "
              "GROUP BY 1, 2 ORDER BY 1, 2",
              "SELECT f.function, g.function FROM {t}frame f LEFT JOIN {t}frame g "
              "ON g.capture = f.capture AND g.id = f.outer WHERE f.capture = 4 ORDER BY f.id",
              "SELECT id, (SELECT function FROM {t}frame f WHERE f.capture = k.capture AND "
              "f.id = k.frame) FROM {t}stack k WHERE capture = 1 ORDER BY id",
              "WITH RECURSIVE up(capture, leaf, id, depth) AS (SELECT capture, id, id, 0 "
              "FROM {t}stack WHERE capture = 1 UNION ALL SELECT up.capture, leaf, k.caller, "
              "depth + 1 FROM up JOIN {t}stack k ON k.capture = up.capture AND k.id = up.id) "
              "SELECT leaf, max(depth) FROM up GROUP BY 1 ORDER BY 1",
              "SELECT max(time) - min(time), total(value) FROM {t}sample WHERE capture = 4",
              "SELECT DISTINCT capture FROM {t}sample ORDER BY capture DESC",
              "SELECT time FROM {t}sample WHERE capture = 1 AND time > 100000 ORDER BY time "
              "LIMIT 20 OFFSET 5",
              "SELECT capture, id FROM {t}frame ORDER BY capture, id LIMIT 500",
              "SELECT id FROM {t}frame WHERE capture = 1 ORDER BY id DESC LIMIT 5",
              "SELECT capture, id FROM {t}frame WHERE capture IN (4, 1) ORDER BY id, capture",
              "SELECT kind, source, inlined, return_address, printf('%x', address), count(*) "
              "FROM {t}frame GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5",
              "SELECT labels ->> 'endpoint', count(*) FROM {t}sample GROUP BY 1 ORDER BY 1"})
            compare(session, query);
    }

    void plansJoinsFromTheFactsInwards()
    {
        RawSession session;
        fill(session, 5, 1500, 64);
        QVERIFY(registerSessionTables(session.db(), std::make_shared<ReadStats>()).has_value());
        const auto plan = session.ask(
            "EXPLAIN QUERY PLAN SELECT f.function, sum(s.value) FROM frame f, stack k, sample s "
            "WHERE k.capture = s.capture AND k.id = s.stack AND f.capture = k.capture "
            "AND f.id = k.frame AND s.capture = 1 GROUP BY f.id");
        QVERIFY(plan.size() >= 3);
        QVERIFY2(plan[0].find("SCAN s ") != std::string::npos, plan[0].c_str());
        QVERIFY2(plan[1].find("SCAN k VIRTUAL TABLE INDEX 0:c=i=") != std::string::npos,
                 plan[1].c_str());
        QVERIFY2(plan[2].find("SCAN f VIRTUAL TABLE INDEX 0:c=i=") != std::string::npos,
                 plan[2].c_str());
    }

    void readsOnlyTheChunksOfTheTimeAsked()
    {
        RawSession session;
        MemoryStore store;
        writeProfile(store, 6, 40'000, 200);
        session.addCapture(1, 40'000, 50, 60, 20'000);
        session.addAll(1, store);
        const auto stats = std::make_shared<ReadStats>();
        QVERIFY(registerSessionTables(session.db(), stats).has_value());
        QCOMPARE(session.askOne("SELECT count(*) FROM sample WHERE capture = 1"),
                 std::string("40000"));
        QCOMPARE(stats->chunksRead, 200u);
        QCOMPARE(stats->chunksSkipped, 0u);
        // 40 ms in all; 1 % is 400 us: 400 samples or 2 chunks, and what overlaps at either end.
        *stats = {};
        (void)session.askOne("SELECT count(*), sum(value) FROM sample WHERE capture = 1 "
                             "AND time >= 20000000 AND time < 20400000");
        QVERIFY2(stats->chunksRead >= 2 && stats->chunksRead <= 5,
                 std::to_string(stats->chunksRead).c_str());
        QCOMPARE(stats->chunksRead + stats->chunksSkipped, 200u);
        QVERIFY(stats->bytesRead > 0);
        QCOMPARE(session.askOne("SELECT flamewright_chunks_read() || '+' || "
                                "flamewright_chunks_skipped()"),
                 std::to_string(stats->chunksRead) + "+" + std::to_string(stats->chunksSkipped));
        // Another capture, and a time that cannot be, read nothing.
        *stats = {};
        QCOMPARE(session.askOne("SELECT count(*) FROM sample WHERE capture = 2"), std::string("0"));
        QCOMPARE(session.askOne("SELECT count(*) FROM sample WHERE time = 1.5"), std::string("0"));
        QCOMPARE(stats->chunksRead, 0u);
        QCOMPARE(stats->chunksSkipped, 400u);
    }

    // A join that jumps between pages of a dimension must not decode a page per row.
    void joinsKeepPagesOfDimensions()
    {
        RawSession session;
        session.addCapture(1, 0, 0, 1, 20'000);
        StackColumns page;
        page.caller.resize(1000);
        page.frame.assign(1000, FrameId{1});
        for (std::uint64_t first = 1; first < 20'000; first += 1000)
            session.addChunk(1, encodeChunk(page, first));
        const auto stats = std::make_shared<ReadStats>();
        QVERIFY(registerSessionTables(session.db(), stats).has_value());
        QCOMPARE(session.askOne("WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n "
                                "WHERE i < 5000) SELECT sum(frame) FROM n JOIN stack ON "
                                "capture = 1 AND stack.id = 1 + (i * 7919) % 20000"),
                 std::string("5001"));
        QCOMPARE(stats->chunksRead, 20u);
    }

    void showsSlicesCountersAndRequests()
    {
        RawSession session;
        session.addCapture(1);
        StringColumns names;
        names.text = "GET /";
        names.end = {5};
        session.addChunk(1, encodeChunk(names, 1));
        session.addChunk(1, encodeChunk(StringColumns{.end = {2, 9}, .text = R"({}{"a":1})"}, 1,
                                        ChunkKind::Texts));
        session.addChunk(
            1, encodeChunk(SliceColumns{.begin = {at(10), at(20)},
                                        .length = {Duration{100}, Duration{5}},
                                        .track = {{1}, {1}},
                                        .name = {{1}, {0}},
                                        .depth = {0, 1},
                                        .kind = {SliceKind::SpanClient, SliceKind::Instant},
                                        .flags = {kSliceError | kSliceNoBegin, 0},
                                        .trace = {{1}, {0}},
                                        .span = {12, 0},
                                        .parent = {0, 13},
                                        .args = {{2}, {0}}}));
        session.addChunk(1, encodeChunk(CounterColumns{
                                .time = {at(1), at(2)},
                                .track = {{1}, {1}},
                                .value = {1.5, std::bit_cast<double>(0x7ff8000000000000ull)}}));
        session.addChunk(1, encodeChunk(RequestColumns{.begin = {at(7)},
                                                       .latency = {Duration{9}},
                                                       .endpoint = {{2}},
                                                       .status = {503},
                                                       .ok = {0},
                                                       .bytesIn = {11},
                                                       .bytesOut = {12},
                                                       .worker = {{3}},
                                                       .phase = {{0}},
                                                       .statusText = {{0}},
                                                       .error = {{1}},
                                                       .kind = {RequestKind::Transaction},
                                                       .connect = {kUnknownDuration},
                                                       .firstByte = {Duration{4}},
                                                       .labels = {{0}}}));
        session.addChunk(
            1, encodeChunk(SummaryColumns{.begin = {kNoTime, at(8)},
                                          .length = {Duration{0}, Duration{2}},
                                          .endpoint = {{0}, {2}},
                                          .metric = {{1}, {1}},
                                          .subset = {{0}, {1}},
                                          .figure = {SummaryFigure::Count, SummaryFigure::Quantile},
                                          .unit = {Unit::Count, Unit::Nanoseconds},
                                          .position = {0, 0.5},
                                          .value = {12, 2.5},
                                          .method = {{0}, {1}}}));
        session.addChunk(1, encodeChunk(BenchmarkColumns{.time = {kNoTime, at(9)},
                                                         .name = {{1}, {1}},
                                                         .metric = {{1}, {0}},
                                                         .unit = {{0}, {1}},
                                                         .run = {0, 3},
                                                         .repetition = {4, 5},
                                                         .iterations = {1000, 0},
                                                         .value = {0.125, 6},
                                                         .ok = {1, 0},
                                                         .statistic = {{0}, {1}},
                                                         .method = {{0}, {1}},
                                                         .labels = {{1}, {0}}}));
        QVERIFY(registerSessionTables(session.db(), std::make_shared<ReadStats>()).has_value());
        QCOMPARE(
            session.ask("SELECT * FROM benchmark"),
            (std::vector<std::string>{"1|NULL|GET /|GET /|NULL|0|4|1000|0.125|1|NULL|NULL|GET /",
                                      "1|9|GET /|NULL|GET /|3|5|0|6.0|0|GET /|GET /|NULL"}));
        QCOMPARE(session.ask("SELECT position FROM summary WHERE figure = 'quantile'"),
                 std::vector<std::string>{"0.5"});
        QCOMPARE(
            session.ask("SELECT * FROM summary"),
            (std::vector<std::string>{"1|NULL|0|0|GET /|NULL|count|count|0.0|12.0|NULL",
                                      "1|8|2|2|GET /|GET /|quantile|nanoseconds|0.5|2.5|GET /"}));
        QCOMPARE(session.ask("SELECT * FROM slice"),
                 (std::vector<std::string>{R"(1|10|100|1|GET /|0|client|1|5|GET /|12|0|{"a":1})",
                                           "1|20|5|1|NULL|1|instant|0|0|NULL|0|13|NULL"}));
        QCOMPARE(session.ask("SELECT parent FROM slice WHERE begin > 15"),
                 (std::vector<std::string>{"13"}));
        QCOMPARE(session.ask("SELECT text FROM text WHERE id = 2"),
                 (std::vector<std::string>{R"({"a":1})"}));
        QCOMPARE(session.ask("SELECT * FROM counter"),
                 (std::vector<std::string>{"1|1|1|1.5", "1|2|1|NULL"}));
        QCOMPARE(session.ask("SELECT * FROM request WHERE begin = 7"),
                 (std::vector<std::string>{
                     "1|7|9|2|503|0|11|12|3|NULL|NULL|GET /|transaction|NULL|4|NULL"}));
    }

    // What an older program did not write has the value that the decoders assume.
    void fillsInColumnsOfOlderWriters()
    {
        RawSession session;
        session.addCapture(1);
        ColumnWriter writer(2);
        const std::int64_t values[] = {5, 6};
        writer.integers(6, values);
        Chunk chunk{ChunkKind::Samples, {at(INT64_MIN), at(INT64_MIN + 1)}, 0, 2, writer.message()};
        session.addChunk(1, chunk);
        QVERIFY(registerSessionTables(session.db(), std::make_shared<ReadStats>()).has_value());
        QCOMPARE(
            session.ask("SELECT * FROM sample"),
            (std::vector<std::string>{"1|NULL|0|NULL|0|0|NULL|5|1", "1|NULL|0|NULL|0|0|NULL|6|1"}));
        ColumnWriter requests(1);
        const std::int64_t status[] = {200};
        requests.integers(3, status);
        session.addChunk(
            1,
            Chunk{
                ChunkKind::Requests, {at(INT64_MIN), at(INT64_MIN + 1)}, 0, 1, requests.message()});
        QCOMPARE(session.ask("SELECT status, worker, phase, status_text, error, kind, connect, "
                             "first_byte, labels FROM request"),
                 std::vector<std::string>{"200|0|NULL|NULL|NULL|request|NULL|NULL|NULL"});
    }

    void damageIsAnErrorThatNamesTheChunk()
    {
        RawSession session;
        MemoryStore store;
        writeProfile(store, 7, 1000, 100);
        session.addCapture(1);
        session.addAll(1, store);
        QVERIFY(registerSessionTables(session.db(), std::make_shared<ReadStats>()).has_value());
        const auto victim = session.askOne("SELECT id FROM chunk WHERE kind = 1 ORDER BY t0 DESC "
                                           "LIMIT 1");
        QVERIFY(session.run("UPDATE chunk SET n = n - 1 WHERE id = " + victim));
        const auto rows = session.ask("SELECT sum(value) FROM sample");
        QCOMPARE(rows.size(), 1u);
        QVERIFY2(rows[0].find("error: capture 1, samples from 0.000") == 0, rows[0].c_str());
        QVERIFY2(rows[0].find("checksum") != std::string::npos, rows[0].c_str());
        // The other chunks can still be read.
        QCOMPARE(session.askOne("SELECT count(*) FROM sample WHERE time < 500000").find("error"),
                 std::string::npos);
    }

    void refusesRowsThatLie_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("query");
        QTest::addColumn<QString>("words");
        QTest::newRow("unsorted times") << 0 << "SELECT time FROM sample"
                                        << "not sorted";
        QTest::newRow("times outside") << 1 << "SELECT time FROM sample"
                                       << "inside";
        QTest::newRow("text id") << 2 << "SELECT labels FROM sample"
                                 << "text that cannot be";
        QTest::newRow("missing text") << 3 << "SELECT labels FROM sample"
                                      << "not there";
        QTest::newRow("frame kind") << 4 << "SELECT kind FROM frame"
                                    << "none that its column";
        QTest::newRow("symbol source") << 5 << "SELECT source FROM frame"
                                       << "none that its column";
        QTest::newRow("caller after callee") << 6 << "SELECT caller FROM stack"
                                             << "comes after";
        QTest::newRow("gap") << 7 << "SELECT id FROM stack"
                             << "missing or overlap";
        QTest::newRow("overlap") << 8 << "SELECT id FROM stack"
                                 << "missing or overlap";
        QTest::newRow("string outside its page") << 9 << "SELECT text FROM string"
                                                 << "outside its chunk";
        QTest::newRow("newer chunk") << 10 << "SELECT id FROM stack"
                                     << "newer version";
    }
    void refusesRowsThatLie()
    {
        QFETCH(int, kind);
        QFETCH(QString, query);
        QFETCH(QString, words);
        RawSession session;
        session.addCapture(1);
        const auto chunkOf = [](ChunkKind k, std::uint16_t column, std::vector<std::int64_t> values,
                                std::uint64_t firstRow) {
            ColumnWriter writer(static_cast<std::uint32_t>(values.size()));
            writer.integers(column, values);
            return Chunk{k,
                         {at(0), at(100)},
                         firstRow,
                         static_cast<std::uint32_t>(values.size()),
                         writer.message()};
        };
        switch (kind) {
        case 0: session.addChunk(1, chunkOf(ChunkKind::Samples, 0, {5, 4}, 0)); break;
        case 1: session.addChunk(1, chunkOf(ChunkKind::Samples, 0, {5, 400}, 0)); break;
        case 2: session.addChunk(1, chunkOf(ChunkKind::Samples, 5, {1ll << 40, 0}, 0)); break;
        case 3: session.addChunk(1, chunkOf(ChunkKind::Samples, 5, {77, 0}, 0)); break;
        case 4: session.addChunk(1, chunkOf(ChunkKind::Frames, 4, {8, 0}, 1)); break;
        case 5: session.addChunk(1, chunkOf(ChunkKind::Frames, 5, {-1, 0}, 1)); break;
        case 6: session.addChunk(1, chunkOf(ChunkKind::Stacks, 0, {0, 2}, 1)); break;
        case 7: session.addChunk(1, chunkOf(ChunkKind::Stacks, 0, {0, 0}, 2)); break;
        case 8:
            session.addChunk(1, chunkOf(ChunkKind::Stacks, 0, {0, 0}, 1));
            session.addChunk(1, chunkOf(ChunkKind::Stacks, 0, {0, 0}, 2));
            break;
        case 9: {
            StringColumns page;
            page.text = "abc";
            page.end = {2, 9};
            session.addChunk(1, encodeChunk(page, 1));
            break;
        }
        case 10: {
            const auto chunk = chunkOf(ChunkKind::Stacks, 0, {0, 0}, 1);
            std::vector<std::byte> data;
            auto row = *ChunkPacker().pack(chunk, CaptureId{1}, data);
            row.ver = 2;
            session.addRow(row);
            break;
        }
        }
        QVERIFY(registerSessionTables(session.db(), std::make_shared<ReadStats>()).has_value());
        const auto rows = session.ask(query.toStdString());
        QVERIFY(!rows.empty());
        const auto last = QString::fromStdString(rows.back());
        QVERIFY2(last.startsWith("error: capture 1"), qPrintable(last));
        QVERIFY2(last.contains(words), qPrintable(last));
    }

    void keepsOddTextAsItIs()
    {
        RawSession session;
        session.addCapture(1);
        StringColumns page;
        page.text = std::string("a\0b\xff\xfe<b>", 8);
        page.end = {8};
        session.addChunk(1, encodeChunk(page, 1));
        QVERIFY(registerSessionTables(session.db(), std::make_shared<ReadStats>()).has_value());
        QCOMPARE(session.askOne("SELECT hex(CAST(text AS BLOB)) FROM string"),
                 std::string("610062FFFE3C623E"));
    }
};

QTEST_GUILESS_MAIN(TestVirtualTables)
#include "tst_virtual_tables.moc"
