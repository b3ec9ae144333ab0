#pragma once

#include "capture/base/job.h"
#include "capture/base/result.h"
#include "capture/session/session.h"
#include "capture/session/table.h"

#include <QString>

#include <cstdint>
#include <string>
#include <vector>

namespace flamewright {

// A result in memory holds at most this many rows and this much text; the rest is counted.
inline constexpr std::size_t kMaxAnswerRows = 100'000;
inline constexpr std::size_t kMaxAnswerBytes = 256u << 20;

struct SqlAnswer {
    std::vector<std::string> columns;
    std::vector<std::uint8_t> numeric;       // by column: numbers and no text in the rows
    std::vector<std::vector<SqlValue>> rows; // the first ones
    std::uint64_t rowCount = 0;              // also of those that were cut
    bool stopped = false;                    // by the user: there may be more rows
    std::int64_t tookNs = 0;

    std::uint64_t cut() const { return rowCount - rows.size(); }
};

// Runs one statement. `job` counts the rows; being cancelled after the first row is no error.
Result<SqlAnswer> runSql(const Session &session, const std::string &sql, JobContext &job,
                         std::size_t maxRows = kMaxAnswerRows,
                         std::size_t maxBytes = kMaxAnswerBytes);

// Writes every row of the answer as CSV (RFC 4180), streamed; the file appears whole or not at
// all. Returns the number of rows.
Result<std::uint64_t> exportSql(const Session &session, const std::string &sql, const QString &file,
                                JobContext &job);

// A value as text for files: unrounded, empty for NULL.
std::string plainText(const SqlValue &value);

} // namespace flamewright
