#include "capture/session/connection_sqlite.h"

#include <cstring>

namespace flamewright {
namespace {

constexpr sqlite3_int64 kHeapLimitBytes = 512ll << 20; // all connections of the process
constexpr int kBusyMillis = 2000;

void harden(sqlite3 *db)
{
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 16 << 20);
    sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, 100'000);
    sqlite3_limit(db, SQLITE_LIMIT_COLUMN, 64);
    sqlite3_limit(db, SQLITE_LIMIT_EXPR_DEPTH, 32);
    sqlite3_limit(db, SQLITE_LIMIT_COMPOUND_SELECT, 4);
    sqlite3_limit(db, SQLITE_LIMIT_VDBE_OP, 25'000);
    sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 1); // 0 would forbid VACUUM
    sqlite3_limit(db, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 256);
    sqlite3_limit(db, SQLITE_LIMIT_TRIGGER_DEPTH, 4);
    sqlite3_limit(db, SQLITE_LIMIT_WORKER_THREADS, 0);
    sqlite3_busy_timeout(db, kBusyMillis);
}

Error wrongType()
{
    return Error(Errc::Corrupt, "the session has a value of the wrong type");
}

} // namespace

Error sqliteError(sqlite3 *db, int code)
{
    const auto text = std::string(db == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(db));
    switch (code & 0xff) {
    case SQLITE_FULL: return {Errc::DiskFull, "the disk is full"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return {Errc::Busy, "another program is using the session"};
    case SQLITE_CORRUPT: return {Errc::Corrupt, "the session file is damaged (" + text + ")"};
    case SQLITE_NOTADB: return {Errc::UnknownFormat, "this is not a session file"};
    case SQLITE_INTERRUPT: return {Errc::Cancelled, "cancelled"};
    case SQLITE_NOMEM:
    case SQLITE_TOOBIG: return {Errc::Limit, text};
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM: {
        const int reason = db == nullptr ? 0 : sqlite3_system_errno(db);
        const auto cause = reason == 0 ? std::string() : std::string(": ") + std::strerror(reason);
        return {Errc::Io, text + cause};
    }
    case SQLITE_ERROR:
    case SQLITE_AUTH:
    case SQLITE_RANGE: return {Errc::Query, text};
    default: return {Errc::Internal, text};
    }
}

Statement &Statement::bind(int index, std::int64_t value)
{
    sqlite3_bind_int64(get(), index, value);
    return *this;
}
Statement &Statement::bind(int index, std::uint64_t value)
{
    return bind(index, static_cast<std::int64_t>(value));
}
Statement &Statement::bind(int index, std::optional<std::int64_t> value)
{
    if (value)
        return bind(index, *value);
    sqlite3_bind_null(get(), index);
    return *this;
}
Statement &Statement::bind(int index, std::string_view text)
{
    sqlite3_bind_text(get(), index, text.empty() ? "" : text.data(), static_cast<int>(text.size()),
                      SQLITE_TRANSIENT);
    return *this;
}
Statement &Statement::bind(int index, std::span<const std::byte> blob)
{
    sqlite3_bind_blob64(get(), index, blob.data(), blob.size(), SQLITE_STATIC);
    return *this;
}

Result<bool> Statement::step()
{
    const int code = sqlite3_step(get());
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    return flamewright::fail(sqliteError(m_db, code));
}

Result<> Statement::run()
{
    const auto stepped = step();
    reset();
    if (!stepped.has_value())
        return fail(stepped.error());
    return {};
}

void Statement::reset()
{
    sqlite3_reset(get());
}

Result<std::int64_t> Statement::integer(int column) const
{
    if (sqlite3_column_type(get(), column) != SQLITE_INTEGER)
        return fail(wrongType());
    return sqlite3_column_int64(get(), column);
}

Result<std::optional<std::int64_t>> Statement::integerOrNull(int column) const
{
    if (sqlite3_column_type(get(), column) == SQLITE_NULL)
        return std::optional<std::int64_t>();
    FW_ASSIGN(const auto value, integer(column));
    return std::optional(value);
}

Result<std::string> Statement::text(int column) const
{
    if (sqlite3_column_type(get(), column) != SQLITE_TEXT)
        return fail(wrongType());
    const auto *text = reinterpret_cast<const char *>(sqlite3_column_text(get(), column));
    if (text == nullptr)
        return fail(Errc::Limit, "not enough memory");
    return std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(get(), column)));
}

Result<std::span<const std::byte>> Statement::blob(int column) const
{
    if (sqlite3_column_type(get(), column) != SQLITE_BLOB)
        return fail(wrongType());
    const auto *data = static_cast<const std::byte *>(sqlite3_column_blob(get(), column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(get(), column));
    if (data == nullptr && sqlite3_errcode(m_db) == SQLITE_NOMEM)
        return fail(Errc::Limit, "not enough memory");
    return std::span(data, data == nullptr ? 0 : size);
}

Result<Connection> Connection::open(const std::string &path, const char *vfs, Access access)
{
    sqlite3_hard_heap_limit64(kHeapLimitBytes);
    int flags = SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOMUTEX;
    switch (access) {
    case Access::Read: flags |= SQLITE_OPEN_READONLY; break;
    case Access::Write: flags |= SQLITE_OPEN_READWRITE; break;
    case Access::Create: flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE; break;
    }
    Connection out;
    sqlite3 *db = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &db, flags, vfs);
    out.m_db.reset(db);
    if (code != SQLITE_OK)
        return fail(sqliteError(db, code));
    harden(db);
    FW_TRY(out.run("PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; "
                   "PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; "
                   "PRAGMA journal_size_limit=67108864"));
    // Deleting a capture must not write as much as it frees: on a full disk it could not.
    FW_TRY(out.run(access == Access::Read ? "PRAGMA query_only=ON" : "PRAGMA secure_delete=FAST"));
    return out;
}

Result<Statement> Connection::prepare(std::string_view sql) const
{
    sqlite3_stmt *statement = nullptr;
    const int code =
        sqlite3_prepare_v2(get(), sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
    if (code != SQLITE_OK)
        return fail(sqliteError(get(), code));
    return Statement(get(), statement);
}

Result<> Connection::run(const char *sql) const
{
    const int code = sqlite3_exec(get(), sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        return fail(sqliteError(get(), code));
    return {};
}

Result<std::int64_t> Connection::integer(std::string_view sql) const
{
    FW_ASSIGN(auto statement, prepare(sql));
    FW_ASSIGN(const auto found, statement.step());
    if (!found)
        return fail(Errc::Corrupt, "the session lacks a row that every session has");
    return statement.integer(0);
}

} // namespace flamewright
