#pragma once

#include "capture/session/chunk_row.h"
#include "capture/session/memory_store.h"
#include "capture/session/schema.h"

#include <sqlite3.h>

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace flamewright::testing {

// A session built by plain SQL, without the session store: what the tests of the readers read,
// and where they do damage. Only what the virtual tables look at is filled in truthfully.
class RawSession {
public:
    // An empty `path` is an in-memory database.
    explicit RawSession(const std::string &path = ":memory:")
    {
        sqlite3_open(path.c_str(), &m_db);
        run("PRAGMA page_size = 16384");
        run("PRAGMA application_id = " + std::to_string(kApplicationId));
        run("PRAGMA user_version = " + std::to_string(kSchemaVersion));
        for (const auto &item : schemaOf(kSchemaVersion))
            run(std::string(item.sql));
        run("INSERT INTO format VALUES (1, 1, 'test', '0')");
        run("INSERT INTO session VALUES (1, x'000102030405060708090a0b0c0d0e0f', 0, 1, x'00')");
        for (std::size_t i = 0; i < uuid.size(); ++i)
            uuid[i] = static_cast<std::byte>(i);
    }
    ~RawSession() { sqlite3_close(m_db); }
    RawSession(const RawSession &) = delete;
    RawSession &operator=(const RawSession &) = delete;

    sqlite3 *db() const { return m_db; }
    SessionUuid uuid{};

    // True when every statement succeeded; lastError says why not.
    bool run(const std::string &sql)
    {
        char *message = nullptr;
        const bool ok = sqlite3_exec(m_db, sql.c_str(), nullptr, nullptr, &message) == SQLITE_OK;
        if (message != nullptr)
            lastError = message;
        sqlite3_free(message);
        return ok;
    }
    std::string lastError;

    // Rows of the answer, columns separated by '|', NULL as "NULL"; or "error: ...".
    std::vector<std::string> ask(const std::string &sql) const
    {
        std::vector<std::string> out;
        sqlite3_stmt *statement = nullptr;
        if (sqlite3_prepare_v2(m_db, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
            return {std::string("error: ") + sqlite3_errmsg(m_db)};
        int rc = sqlite3_step(statement);
        for (; rc == SQLITE_ROW; rc = sqlite3_step(statement)) {
            std::string line;
            for (int i = 0; i < sqlite3_column_count(statement); ++i) {
                const auto *text =
                    reinterpret_cast<const char *>(sqlite3_column_text(statement, i));
                line += i > 0 ? "|" : "";
                line += text == nullptr ? "NULL" : text;
            }
            out.push_back(line);
        }
        if (rc != SQLITE_DONE)
            out.push_back(std::string("error: ") + sqlite3_errmsg(m_db));
        sqlite3_finalize(statement);
        return out;
    }
    std::string askOne(const std::string &sql) const
    {
        const auto rows = ask(sql);
        return rows.size() == 1 ? rows.front() : std::to_string(rows.size()) + " rows";
    }

    void addCapture(std::int64_t id, std::int64_t samples = 0, std::int64_t strings = 0,
                    std::int64_t frames = 0, std::int64_t stacks = 0)
    {
        const auto n = [](std::int64_t v) { return ", " + std::to_string(v); };
        run("INSERT INTO capture VALUES (" + std::to_string(id) +
            ", 'c', 'test', '', 0, 0, 1, 'profile', NULL, NULL, NULL, NULL" + n(samples) +
            ", 0, 0, 0" + n(strings) + n(frames) + n(stacks) + ", 0, 0, x'00', x'00')");
    }

    // With the right checksum, whatever the row says. Answers the row's id.
    std::int64_t addRow(ChunkRow row)
    {
        row.id = ++m_lastChunk;
        const auto sum = sumBytes(chunkSum(uuid, row));
        row.sum = sum;
        sqlite3_stmt *insert = nullptr;
        sqlite3_prepare_v2(m_db, "INSERT INTO chunk VALUES (?,?,?,?,?,?,?,?,?,?,?)", -1, &insert,
                           nullptr);
        const std::int64_t columns[] = {row.id,   row.capture, row.kind, row.ver,     row.firstRow,
                                        row.rows, row.t0,      row.t1,   row.rawBytes};
        int at = 0;
        for (const auto value : columns)
            sqlite3_bind_int64(insert, ++at, value);
        sqlite3_bind_blob64(insert, 10, row.sum.data(), row.sum.size(), SQLITE_TRANSIENT);
        sqlite3_bind_blob64(insert, 11, row.data.data(), row.data.size(), SQLITE_TRANSIENT);
        if (sqlite3_step(insert) != SQLITE_DONE)
            lastError = sqlite3_errmsg(m_db);
        sqlite3_finalize(insert);
        return row.id;
    }
    std::int64_t addChunk(std::int64_t capture, const Chunk &chunk)
    {
        std::vector<std::byte> data;
        auto row = m_packer.pack(chunk, CaptureId{static_cast<std::uint32_t>(capture)}, data);
        return row.has_value() ? addRow(*row) : 0;
    }
    void addAll(std::int64_t capture, const MemoryStore &store)
    {
        run("BEGIN");
        for (const auto &chunk : store.chunks())
            addChunk(capture, chunk);
        run("COMMIT");
    }

private:
    sqlite3 *m_db = nullptr;
    std::int64_t m_lastChunk = 0;
    ChunkPacker m_packer;
};

} // namespace flamewright::testing
