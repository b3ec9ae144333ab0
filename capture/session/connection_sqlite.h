#pragma once

#include "capture/base/result.h"

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace flamewright {

// What SQLite said, as one of our errors.
Error sqliteError(sqlite3 *db, int code);

// A prepared statement. Columns are read with their type checked: a session's rows are hostile.
class Statement {
public:
    Statement() = default;
    Statement(sqlite3 *db, sqlite3_stmt *statement) : m_db(db), m_statement(statement) {}

    Statement &bind(int index, std::int64_t value);
    Statement &bind(int index, std::uint64_t value); // by bit pattern
    Statement &bind(int index, std::optional<std::int64_t> value);
    Statement &bind(int index, std::string_view text);
    Statement &bind(int index, std::span<const std::byte> blob); // must outlive the step
    // True: there is a row.
    Result<bool> step();
    // Runs a statement that gives no rows, and makes it ready for the next.
    Result<> run();
    void reset();
    sqlite3_stmt *get() const { return m_statement.get(); }

    // Errc::Corrupt when the column has another type.
    Result<std::int64_t> integer(int column) const;
    Result<std::optional<std::int64_t>> integerOrNull(int column) const;
    Result<std::string> text(int column) const;
    Result<std::span<const std::byte>> blob(int column) const; // until the next step

private:
    struct Finalizer {
        void operator()(sqlite3_stmt *s) const { sqlite3_finalize(s); }
    };
    sqlite3 *m_db = nullptr;
    std::unique_ptr<sqlite3_stmt, Finalizer> m_statement;
};

// A hardened connection: every setting of the session file's threat model is applied before the
// first statement runs.
class Connection {
public:
    enum class Access : std::uint8_t { Read, Write, Create };
    static Result<Connection> open(const std::string &path, const char *vfs, Access access);

    sqlite3 *get() const { return m_db.get(); }
    Result<Statement> prepare(std::string_view sql) const;
    // Runs one or more statements without answers.
    Result<> run(const char *sql) const;
    // The first column of the first row.
    Result<std::int64_t> integer(std::string_view sql) const;
    // BEGIN IMMEDIATE, `work`, COMMIT; or ROLLBACK and the error.
    template <class F>
    Result<> transaction(F work) const
    {
        FW_TRY(run("BEGIN IMMEDIATE"));
        Result<> done = work();
        if (done.has_value())
            done = run("COMMIT");
        if (!done.has_value() && sqlite3_get_autocommit(get()) == 0)
            (void)run("ROLLBACK"); // whatever it says, the journal is there for the next open
        return done;
    }

private:
    struct Closer {
        void operator()(sqlite3 *db) const { sqlite3_close_v2(db); }
    };
    std::unique_ptr<sqlite3, Closer> m_db;
};

} // namespace flamewright
