#pragma once

#include "capture/session/connection_sqlite.h"
#include "capture/session/manifest_sqlite.h"
#include "capture/session/schema.h"
#include "capture/session/session_core_sqlite.h"
#include "tests/capture/session_support.h"

#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

// Sessions that somebody made to do harm, built from a sound one. The checksums of those that lie
// about their content are right: whoever can write a file can compute them.
namespace flamewright::test {

enum class Expect {
    Rejected, // nothing of it is shown
    Any       // rejected or shown; what matters is that no harm is done
};

struct Hostile {
    std::string name;
    Expect expect;
    std::function<void(const std::string &path)> damage; // of a copy of a sound session
    bool ours = false; // the registry knows it, and it is opened for writing too
};

inline void execute(const std::string &path, const std::string &sql)
{
    sqlite3 *db = nullptr;
    sqlite3_open(path.c_str(), &db);
    sqlite3_db_config(db, SQLITE_DBCONFIG_WRITABLE_SCHEMA, 1, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 1, nullptr);
    char *message = nullptr;
    if (sqlite3_exec(db, sql.c_str(), nullptr, nullptr, &message) != SQLITE_OK)
        qFatal("cannot make the hostile session: %s (%s)", message, sql.substr(0, 200).c_str());
    sqlite3_close(db);
}

inline std::int64_t ask(const std::string &path, const std::string &sql)
{
    sqlite3 *db = nullptr;
    sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READONLY, nullptr);
    sqlite3_stmt *statement = nullptr;
    sqlite3_prepare_v2(db, sql.c_str(), -1, &statement, nullptr);
    const std::int64_t out =
        sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : -1;
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return out;
}

inline std::string contentOf(const std::string &path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline void store(const std::string &path, const std::string &bytes)
{
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

inline void patch(const std::string &path, std::uint64_t offset, const std::string &bytes)
{
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(static_cast<std::streamoff>(offset));
    file << bytes;
}

inline std::string bigEndian(std::uint64_t value, int bytes)
{
    std::string out;
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
        out += static_cast<char>(value >> shift);
    return out;
}

inline std::uint64_t pageOffset(std::int64_t page)
{
    return static_cast<std::uint64_t>(page - 1) * kPageSize;
}

inline std::int64_t rootOf(const std::string &path, const std::string &name)
{
    return ask(path, "SELECT rootpage FROM sqlite_schema WHERE name = '" + name + "'");
}

// Makes all checksums right again, whatever the rows say.
inline void reseal(const std::string &path)
{
    auto opened = Connection::open(path, "unix", Connection::Access::Write);
    if (!opened.has_value())
        qFatal("cannot open: %s", opened.error().text().c_str());
    const auto &db = *opened;
    const auto sealed = db.transaction([&]() -> Result<> {
        FW_ASSIGN(const auto uuid, sessionUuid(db));
        FW_ASSIGN(const auto captures, captureIds(db));
        for (const auto capture : captures) {
            std::uint64_t digests = 0;
            std::vector<std::pair<std::int64_t, std::array<std::byte, 8>>> sums;
            FW_ASSIGN(auto rows, db.prepare("SELECT " + std::string(kChunkColumns) +
                                            " FROM chunk WHERE capture=?"));
            rows.bind(1, capture);
            for (;;) {
                FW_ASSIGN(const auto found, rows.step());
                if (!found)
                    break;
                ChunkRow row;
                std::int64_t *const columns[] = {&row.id,  &row.capture,  &row.kind,
                                                 &row.ver, &row.firstRow, &row.rows,
                                                 &row.t0,  &row.t1,       &row.rawBytes};
                for (int i = 0; i < 9; ++i)
                    *columns[i] = sqlite3_column_int64(rows.get(), i);
                const auto *data =
                    static_cast<const std::byte *>(sqlite3_column_blob(rows.get(), 10));
                row.data =
                    std::span(data, static_cast<std::size_t>(sqlite3_column_bytes(rows.get(), 10)));
                const auto sum = sumBytes(chunkSum(uuid, row));
                row.sum = sum;
                digests += chunkDigest(uuid, row);
                sums.emplace_back(row.id, sum);
            }
            for (const auto &[id, sum] : sums) {
                FW_ASSIGN(auto update, db.prepare("UPDATE chunk SET sum=? WHERE id=?"));
                FW_TRY(update.bind(1, std::span(sum)).bind(2, id).run());
            }
            const auto total = sumBytes(digests);
            FW_ASSIGN(auto update, db.prepare("UPDATE capture SET chunk_sum=? WHERE id=?"));
            FW_TRY(update.bind(1, std::span(total)).bind(2, capture).run());
            FW_TRY(sealCapture(db, uuid, capture));
        }
        return sealSession(db, kSchemaVersion);
    });
    if (!sealed.has_value())
        qFatal("cannot seal: %s", sealed.error().text().c_str());
}

inline void executeAndSeal(const std::string &path, const std::string &sql)
{
    execute(path, sql);
    reseal(path);
}

// Replaces the payload of the first chunk of a kind, under a right checksum.
inline void replaceChunk(const std::string &path, const Chunk &chunk, std::int64_t firstRow = -1)
{
    std::vector<std::byte> data;
    const auto row = ChunkPacker().pack(chunk, CaptureId{1}, data);
    if (!row.has_value())
        qFatal("cannot pack");
    sqlite3 *db = nullptr;
    sqlite3_open(path.c_str(), &db);
    sqlite3_stmt *update = nullptr;
    sqlite3_prepare_v2(db,
                       "UPDATE chunk SET n=?2, t0=?3, t1=?4, raw_len=?5, data=?6, first_row=?7 "
                       "WHERE id = (SELECT min(id) FROM chunk WHERE kind = ?1)",
                       -1, &update, nullptr);
    sqlite3_bind_int64(update, 1, row->kind);
    sqlite3_bind_int64(update, 2, row->rows);
    sqlite3_bind_int64(update, 3, row->t0);
    sqlite3_bind_int64(update, 4, row->t1);
    sqlite3_bind_int64(update, 5, row->rawBytes);
    sqlite3_bind_blob64(update, 6, data.data(), data.size(), SQLITE_TRANSIENT);
    sqlite3_bind_int64(update, 7, firstRow < 0 ? row->firstRow : firstRow);
    sqlite3_step(update);
    sqlite3_finalize(update);
    sqlite3_close(db);
    reseal(path);
}

// A payload of integer columns with any values.
inline Chunk chunkOf(ChunkKind kind,
                     const std::vector<std::pair<int, std::vector<std::int64_t>>> &columns)
{
    const auto rows = static_cast<std::uint32_t>(columns.front().second.size());
    ColumnWriter writer(rows);
    for (const auto &[id, values] : columns)
        writer.integers(static_cast<std::uint16_t>(id), values);
    const bool facts = kind < ChunkKind::Strings;
    return {kind,
            facts ? TimeRange{Timestamp{Duration{0}}, Timestamp{Duration{1'000'000'000}}}
                  : TimeRange{},
            facts ? 0u : 1u, rows, writer.message()};
}

// A payload of raw words.
inline Chunk chunkOf(ChunkKind kind, std::uint32_t rows, const std::vector<std::uint64_t> &words)
{
    auto out = chunkOf(kind, {{0, std::vector<std::int64_t>(rows)}});
    out.payload.resize(8 * words.size());
    std::memcpy(out.payload.data(), words.data(), out.payload.size());
    return out;
}

// A rollback journal without pages, whose super-journal is `victim`.
inline std::string journalWithSuper(const std::string &victim)
{
    const std::string magic("\xd9\xd5\x05\xf9\x20\xa1\x63\xd7", 8);
    auto out = magic + bigEndian(0, 4) + bigEndian(1, 4) + bigEndian(1, 4) + bigEndian(512, 4) +
               bigEndian(kPageSize, 4);
    out.resize(512, '\0');
    std::uint32_t sum = 0;
    for (const auto c : victim)
        sum += static_cast<std::uint32_t>(c);
    const auto lockPage = 0x40000000u / kPageSize + 1;
    return out + bigEndian(lockPage, 4) + victim + bigEndian(victim.size(), 4) + bigEndian(sum, 4) +
           magic;
}

} // namespace flamewright::test
