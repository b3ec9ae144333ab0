#include "capture/session/chunk_codec.h"
#include "capture/session/chunk_row.h"
#include "capture/session/dimensions.h"
#include "capture/session/schema.h"
#include "capture/session/virtual_tables.h"

#include <sqlite3.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <vector>

// A session that somebody else made. The input is a list of records, each a chunk row under a
// right checksum (whoever can write a file can compute it) with a payload that is taken as it is:
//
//   u8 kind  u8 flags  u16 rows  u16 length  then `length` bytes of payload
//
// flags: 1 keep the checksum wrong, 2 the row's version is 2, 4 the time range is empty, 8 the
// payload is the compressed data itself. An input that begins with "SQLite format 3" is a whole
// database instead. What is read goes through the typed decoders, the dimensions and the virtual
// tables.
namespace flamewright {
namespace {

class Input {
public:
    Input(const std::uint8_t *data, std::size_t size) : m_data(data), m_size(size) {}
    bool atEnd() const { return m_at >= m_size; }
    std::uint64_t number(int bytes)
    {
        std::uint64_t out = 0;
        for (int i = 0; i < bytes; ++i)
            out |= std::uint64_t{m_at < m_size ? m_data[m_at++] : std::uint8_t{0}} << (8 * i);
        return out;
    }
    std::vector<std::byte> bytes(std::size_t count)
    {
        count = std::min(count, m_size - std::min(m_at, m_size));
        std::vector<std::byte> out(count);
        if (count > 0)
            std::memcpy(out.data(), m_data + m_at, count);
        m_at += count;
        return out;
    }

private:
    const std::uint8_t *m_data;
    std::size_t m_size;
    std::size_t m_at = 0;
};

// What decoders promise, broken: a bug.
void require(bool holds, const char *what)
{
    if (holds)
        return;
    std::fprintf(stderr, "%s\n", what);
    std::abort();
}

void checkDimensions(const Dimensions &d)
{
    std::size_t bytes = 0;
    for (std::uint32_t i = 0; i < d.frames.size(); ++i) {
        bytes += d.function({i}).size() + d.file({i}).size() + d.module({i}).size();
        std::uint32_t steps = 0;
        for (auto outer = d.frames.outer[i]; outer.raw != 0; outer = d.frames.outer[outer.raw])
            require(++steps <= kMaxInlineDepth, "an inline chain is too long");
    }
    for (std::uint32_t i = 1; i < d.stacks.size(); ++i) {
        require(d.stacks.caller[i].raw < i, "a caller comes after its callee");
        require(d.stacks.frame[i].raw < d.frames.size(), "a stack has a frame that is not there");
    }
    require(bytes < (64u << 20), "names are larger than what they came from");
}

void decode(const Chunk &chunk)
{
    switch (chunk.kind) {
    case ChunkKind::Samples:
        if (const auto samples = decodeSamples(chunk); samples.has_value())
            require(samples->time.size() == chunk.rows && samples->count.size() == chunk.rows,
                    "columns of samples differ in length");
        return;
    case ChunkKind::Slices: (void)decodeSlices(chunk); return;
    case ChunkKind::Counters: (void)decodeCounters(chunk); return;
    case ChunkKind::Requests: (void)decodeRequests(chunk); return;
    case ChunkKind::Summaries: (void)decodeSummaries(chunk); return;
    case ChunkKind::Benchmarks: (void)decodeBenchmarks(chunk); return;
    case ChunkKind::Flows: (void)decodeFlows(chunk); return;
    case ChunkKind::SliceLevels: (void)decodeSliceLevels(chunk); return;
    case ChunkKind::CounterLevels: (void)decodeCounterLevels(chunk); return;
    case ChunkKind::Texts: (void)decodeStrings(chunk); return;
    case ChunkKind::Strings:
    case ChunkKind::Frames:
    case ChunkKind::Stacks: return; // by the builder
    }
}

void run(sqlite3 *db, const char *sql)
{
    sqlite3_exec(
        db, sql, [](void *, int, char **, char **) { return 0; }, nullptr, nullptr);
}

void queryTables(sqlite3 *db)
{
    sqlite3_hard_heap_limit64(512 << 20);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 16 << 20);
    int steps = 0;
    sqlite3_progress_handler(
        db, 1000, [](void *p) { return ++*static_cast<int *>(p) > 2000 ? 1 : 0; }, &steps);
    const auto registered = registerSessionTables(db, std::make_shared<ReadStats>());
    require(registered.has_value(), "the tables cannot be registered");
    for (const char *sql :
         {"SELECT * FROM sample LIMIT 500", "SELECT * FROM slice LIMIT 500",
          "SELECT * FROM counter LIMIT 500", "SELECT * FROM request LIMIT 500",
          "SELECT * FROM summary LIMIT 500", "SELECT * FROM benchmark LIMIT 500",
          "SELECT * FROM frame LIMIT 500", "SELECT * FROM stack LIMIT 500",
          "SELECT * FROM string LIMIT 500",
          "SELECT count(*), total(value) FROM sample WHERE time BETWEEN 10 AND 900",
          "SELECT f.function FROM stack k JOIN frame f ON f.capture = k.capture AND f.id = "
          "k.frame WHERE k.id > 2 LIMIT 100"})
        run(db, sql);
    sqlite3_progress_handler(db, 0, nullptr, nullptr);
}

// An empty session as bytes: making its tables takes longer than all that is done with an input.
const std::vector<unsigned char> &emptySession()
{
    static const auto bytes = [] {
        sqlite3 *db = nullptr;
        sqlite3_open(":memory:", &db);
        run(db, "PRAGMA page_size=1024");
        run(db, ("PRAGMA application_id=" + std::to_string(kApplicationId)).c_str());
        run(db, ("PRAGMA user_version=" + std::to_string(kSchemaVersion)).c_str());
        for (const auto &item : schemaOf(kSchemaVersion))
            run(db, std::string(item.sql).c_str());
        run(db, "INSERT INTO format VALUES (1, 1, 'fuzz', '0');"
                "INSERT INTO session VALUES (1, zeroblob(16), 1, 2, x'');"
                "INSERT INTO capture VALUES (1, 'c', 'f', '', 0, 0, 1, 'profile', NULL, NULL, "
                "NULL, NULL, 9, 9, 9, 9, 9, 9, 9, 9, 9, x'', x'')");
        sqlite3_int64 size = 0;
        auto *data = sqlite3_serialize(db, "main", &size, 0);
        std::vector<unsigned char> out(data, data + size);
        sqlite3_free(data);
        sqlite3_close(db);
        return out;
    }();
    return bytes;
}

class Session {
public:
    Session()
    {
        const auto &bytes = emptySession();
        const auto size = static_cast<sqlite3_int64>(bytes.size());
        sqlite3_open(":memory:", &m_db);
        auto *copy = static_cast<unsigned char *>(sqlite3_malloc64(bytes.size()));
        std::memcpy(copy, bytes.data(), bytes.size());
        sqlite3_deserialize(m_db, "main", copy, size, size,
                            SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE);
    }
    ~Session() { sqlite3_close(m_db); }
    Session(const Session &) = delete;
    Session &operator=(const Session &) = delete;
    sqlite3 *db() const { return m_db; }

    void insert(const ChunkRow &row)
    {
        sqlite3_stmt *statement = nullptr;
        sqlite3_prepare_v2(m_db, "INSERT INTO chunk VALUES (?,?,?,?,?,?,?,?,?,?,?)", -1, &statement,
                           nullptr);
        const std::int64_t columns[] = {row.id,   row.capture, row.kind, row.ver,     row.firstRow,
                                        row.rows, row.t0,      row.t1,   row.rawBytes};
        int at = 0;
        for (const auto value : columns)
            sqlite3_bind_int64(statement, ++at, value);
        sqlite3_bind_blob64(statement, 10, row.sum.data(), row.sum.size(), SQLITE_TRANSIENT);
        sqlite3_bind_blob64(statement, 11, row.data.data(), row.data.size(), SQLITE_TRANSIENT);
        sqlite3_step(statement);
        sqlite3_finalize(statement);
    }

private:
    sqlite3 *m_db = nullptr;
};

void readRecords(Input input)
{
    const SessionUuid uuid{};
    Session session;
    static ChunkPacker packer; // whose work areas cost more than an input
    static ChunkUnpacker unpacker;
    DimensionsBuilder builder;
    std::uint64_t next[256] = {};
    for (std::int64_t id = 1; !input.atEnd() && id <= 16; ++id) {
        const auto kind = kChunkKinds[input.number(1) % std::size(kChunkKinds)];
        const auto flags = input.number(1);
        const bool facts = kind < ChunkKind::Strings;
        Chunk chunk;
        chunk.kind = kind;
        chunk.rows = static_cast<std::uint32_t>(input.number(2));
        chunk.firstRow = facts ? 0 : next[static_cast<std::uint8_t>(kind)] + 1;
        if (facts)
            chunk.span = {Timestamp{Duration{0}}, Timestamp{Duration{(flags & 4) != 0 ? 0 : 1000}}};
        chunk.payload = input.bytes(input.number(2));
        if ((flags & 8) == 0)
            chunk.payload.resize(chunk.payload.size() / 8 * 8);
        next[static_cast<std::uint8_t>(kind)] += chunk.rows;

        std::vector<std::byte> data;
        auto packed = packer.pack(chunk, CaptureId{1}, data);
        if (!packed.has_value())
            continue;
        auto row = *packed;
        row.id = id;
        row.ver = (flags & 2) != 0 ? 2 : 1;
        if ((flags & 8) != 0)
            row.data = chunk.payload;
        const auto sum = sumBytes(chunkSum(uuid, row) + ((flags & 1) != 0 ? 1 : 0));
        row.sum = sum;
        session.insert(row);

        Chunk back;
        const auto unpacked = unpacker.unpack(uuid, row, back);
        require(!unpacked.has_value() || (flags & 3) == 0, "a wrong row was taken for good");
        if (!unpacked.has_value())
            continue;
        require((flags & 8) != 0 || back.payload == chunk.payload, "a payload has changed");
        decode(back);
        (void)builder.add(back);
    }
    CaptureMeta meta;
    meta.modules.assign(64, {.name = "m"}); // more than the frames of a small input refer to
    if (const auto dimensions = std::move(builder).finish(meta); dimensions.has_value())
        checkDimensions(*dimensions);
    queryTables(session.db());
}

void readDatabase(const std::uint8_t *data, std::size_t size)
{
    sqlite3 *db = nullptr;
    sqlite3_open(":memory:", &db);
    auto *copy = static_cast<unsigned char *>(sqlite3_malloc64(size));
    std::memcpy(copy, data, size);
    if (sqlite3_deserialize(
            db, "main", copy, static_cast<sqlite3_int64>(size), static_cast<sqlite3_int64>(size),
            SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_READONLY) == SQLITE_OK)
        queryTables(db);
    sqlite3_close(db);
}

} // namespace
} // namespace flamewright

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    constexpr char kMagic[] = "SQLite format 3";
    if (size >= 512 && std::memcmp(data, kMagic, sizeof kMagic) == 0)
        flamewright::readDatabase(data, size);
    else
        flamewright::readRecords(flamewright::Input(data, size));
    return 0;
}

#ifdef FW_FUZZ // libFuzzer is there
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t *data, std::size_t size, std::size_t maxSize);

// Bytes that are put in or taken out leave no message whole, and most of libFuzzer's own changes
// do that. Three of four times a few bytes of payloads are changed where they are.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t *data, std::size_t size,
                                               std::size_t maxSize, unsigned seed)
{
    std::minstd_rand random(seed);
    if (size == 0 || random() % 4 == 0)
        return LLVMFuzzerMutate(data, size, maxSize);
    for (auto changes = 1 + random() % 3; changes > 0; --changes) {
        auto &byte = data[random() % size];
        switch (random() % 4) {
        case 0: byte = static_cast<std::uint8_t>(byte ^ 1u << random() % 8); break;
        case 1: byte = static_cast<std::uint8_t>(byte + 1); break;
        case 2: byte = static_cast<std::uint8_t>(byte - 1); break;
        default: byte = static_cast<std::uint8_t>(random()); break;
        }
    }
    return size;
}
#endif
