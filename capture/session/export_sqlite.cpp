#include "capture/session/export_sqlite.h"

#include <sqlite3.h>

#include <memory>
#include <string>

namespace flamewright {
namespace {

struct CloseDatabase {
    void operator()(sqlite3 *db) const { sqlite3_close_v2(db); }
};
struct FinalizeStatement {
    void operator()(sqlite3_stmt *statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;
using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

constexpr const char *kTables[] = {"capture", "provenance", "note",    "module",  "track",
                                   "measure", "string",     "frame",   "stack",   "sample",
                                   "slice",   "counter",    "request", "summary", "benchmark"};

Error sqlError(sqlite3 *db)
{
    const auto code = sqlite3_errcode(db) & 0xff;
    return Error(code == SQLITE_FULL ? Errc::DiskFull : Errc::Io,
                 std::string("cannot write the database: ") + sqlite3_errmsg(db));
}

Result<> run(sqlite3 *db, const std::string &sql)
{
    if (sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        return fail(sqlError(db));
    return {};
}

void bind(sqlite3_stmt *statement, int at, const SqlValue &value)
{
    if (const auto *text = std::get_if<std::string>(&value))
        sqlite3_bind_text64(statement, at, text->data(), text->size(), SQLITE_TRANSIENT,
                            SQLITE_UTF8);
    else if (const auto *integer = std::get_if<std::int64_t>(&value))
        sqlite3_bind_int64(statement, at, *integer);
    else if (const auto *real = std::get_if<double>(&value))
        sqlite3_bind_double(statement, at, *real);
    else
        sqlite3_bind_null(statement, at);
}

std::string quoted(const std::string &name)
{
    return "\"" + name + "\""; // column names of ours: no quotes inside
}

// Copies what `select` gives into `table`, which is created from the column names.
Result<> copyTable(SessionReader &reader, sqlite3 *db, const std::string &table,
                   const std::string &select, JobContext &job)
{
    Statement insert;
    const auto header = [&](std::span<const std::string> names) -> Result<> {
        std::string columns, marks;
        for (const auto &name : names) {
            columns += (columns.empty() ? "" : ",") + quoted(name);
            marks += marks.empty() ? "?" : ",?";
        }
        FW_TRY(run(db, "CREATE TABLE IF NOT EXISTS " + quoted(table) + "(" + columns + ")"));
        sqlite3_stmt *statement = nullptr;
        const auto sql = "INSERT INTO " + quoted(table) + " VALUES(" + marks + ")";
        if (sqlite3_prepare_v2(db, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
            return fail(sqlError(db));
        insert.reset(statement);
        return {};
    };
    return reader.sql(select, job, header, [&](std::span<const SqlValue> row) -> Result<> {
        for (std::size_t i = 0; i < row.size(); ++i)
            bind(insert.get(), static_cast<int>(i + 1), row[i]);
        if (sqlite3_step(insert.get()) != SQLITE_DONE)
            return fail(sqlError(db));
        sqlite3_reset(insert.get());
        return {};
    });
}

} // namespace

Result<> exportSqlite(SessionReader &reader, std::span<const CaptureId> captures,
                      const std::filesystem::path &target, JobContext &job)
{
    sqlite3 *opened = nullptr;
    const auto status = sqlite3_open_v2(target.c_str(), &opened,
                                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
    const Database db(opened);
    if (status != SQLITE_OK)
        return fail(sqlError(opened));
    // The file is new and nobody's until it is whole: no journal, one transaction.
    FW_TRY(run(db.get(), "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN"));
    for (const std::string table : kTables) {
        for (const auto capture : captures) {
            const auto key = table == "capture" ? "id" : "capture";
            FW_TRY(copyTable(reader, db.get(), table,
                             "SELECT * FROM " + table + " WHERE " + key + "=" +
                                 std::to_string(capture.raw),
                             job));
        }
    }
    FW_TRY(run(db.get(), "CREATE INDEX sample_by_time ON sample(capture, time); COMMIT"));
    return {};
}

} // namespace flamewright
