#include "app/gui/sql_query.h"

#include "app/gui/text.h"
#include "capture/base/capture_text.h"

#include <QSaveFile>

#include <array>
#include <charconv>
#include <chrono>

namespace flamewright {
namespace {

std::size_t bytesOf(std::span<const SqlValue> row)
{
    auto bytes = row.size_bytes();
    for (const auto &value : row) {
        if (const auto *text = std::get_if<std::string>(&value))
            bytes += text->size();
    }
    return bytes;
}

std::vector<std::uint8_t> numericColumns(const SqlAnswer &answer)
{
    std::vector<std::uint8_t> out(answer.columns.size());
    for (std::size_t column = 0; column < out.size(); ++column) {
        bool numbers = false, text = false;
        for (const auto &row : answer.rows) {
            const bool isText = std::holds_alternative<std::string>(row[column]);
            numbers = numbers || !(isText || std::holds_alternative<std::monostate>(row[column]));
            text = text || isText;
        }
        out[column] = numbers && !text;
    }
    return out;
}

} // namespace

Result<SqlAnswer> runSql(const Session &session, const std::string &sql, JobContext &job,
                         std::size_t maxRows, std::size_t maxBytes)
{
    const auto begin = std::chrono::steady_clock::now();
    FW_ASSIGN(const auto reader, session.reader());
    SqlAnswer out;
    std::size_t bytes = 0;
    bool full = false;
    const auto done = reader->sql(
        sql, job,
        [&](std::span<const std::string> names) -> Result<> {
            out.columns.assign(names.begin(), names.end());
            return {};
        },
        [&](std::span<const SqlValue> row) -> Result<> {
            bytes += full ? 0 : bytesOf(row);
            full = full || out.rows.size() >= maxRows || bytes > maxBytes;
            if (!full)
                out.rows.emplace_back(row.begin(), row.end());
            job.setDone(++out.rowCount);
            return job.checkpoint();
        });
    if (!done.has_value()) {
        if (done.error().code() != Errc::Cancelled || out.rowCount == 0)
            return fail(done.error());
        out.stopped = true;
    }
    out.numeric = numericColumns(out);
    out.tookNs = std::chrono::nanoseconds(std::chrono::steady_clock::now() - begin).count();
    return out;
}

std::string plainText(const SqlValue &value)
{
    if (const auto *text = std::get_if<std::string>(&value))
        return *text;
    std::array<char, 64> digits{};
    if (const auto *integer = std::get_if<std::int64_t>(&value))
        return {digits.data(),
                std::to_chars(digits.data(), digits.data() + digits.size(), *integer).ptr};
    if (const auto *real = std::get_if<double>(&value))
        return {digits.data(),
                std::to_chars(digits.data(), digits.data() + digits.size(), *real).ptr};
    return {};
}

Result<std::uint64_t> exportSql(const Session &session, const std::string &sql, const QString &file,
                                JobContext &job)
{
    FW_ASSIGN(const auto reader, session.reader());
    QSaveFile out(file);
    if (!out.open(QIODevice::WriteOnly))
        return fail(Errc::Io, "the file cannot be written: " + out.errorString().toStdString());
    std::uint64_t rows = 0;
    std::string block;
    const auto flush = [&](std::size_t from) -> Result<> {
        if (block.size() < from)
            return {};
        if (out.write(block.data(), static_cast<qint64>(block.size())) !=
            static_cast<qint64>(block.size()))
            return fail(Errc::Io, "the file cannot be written: " + out.errorString().toStdString());
        block.clear();
        return {};
    };
    const auto line = [&](const auto &cells, const auto &toCell) -> Result<> {
        bool first = true;
        for (const auto &cell : cells) {
            if (!first)
                block += ',';
            block += toCell(cell);
            first = false;
        }
        block += "\r\n";
        return flush(64u << 10);
    };
    FW_TRY(reader->sql(
        sql, job,
        [&](std::span<const std::string> names) {
            return line(names, [](const std::string &name) { return CaptureText(name).toCsv(); });
        },
        [&](std::span<const SqlValue> row) -> Result<> {
            job.setDone(++rows);
            FW_TRY(job.checkpoint());
            return line(row, [](const SqlValue &value) {
                // Numbers are never formulas, also negative ones.
                return std::holds_alternative<std::string>(value)
                           ? CaptureText(std::get<std::string>(value)).toCsv()
                           : plainText(value);
            });
        }));
    FW_TRY(flush(0));
    if (!out.commit())
        return fail(Errc::Io, "the file cannot be written: " + out.errorString().toStdString());
    return rows;
}

} // namespace flamewright
