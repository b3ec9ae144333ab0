#include "app/cli/json_writer.h"
#include "app/cli/verbs.h"
#include "capture/base/capture_text.h"
#include "capture/session/session.h"

#include <array>
#include <cstdio>
#include <ostream>

namespace flamewright {
namespace {

struct Flags {
    std::string session, sql;
    bool csv = false, json = false, stats = false;
};

std::string plain(const SqlValue &value, bool csv)
{
    if (const auto *text = std::get_if<std::string>(&value))
        return csv ? CaptureText(*text).toCsv() : CaptureText(*text).toTerminal();
    if (const auto *integer = std::get_if<std::int64_t>(&value))
        return std::to_string(*integer);
    if (const auto *real = std::get_if<double>(&value)) {
        std::array<char, 64> digits{};
        const auto n = std::snprintf(digits.data(), digits.size(), "%.17g", *real);
        return {digits.data(), static_cast<std::size_t>(n)};
    }
    return {};
}

void put(JsonWriter &writer, const SqlValue &value)
{
    if (const auto *text = std::get_if<std::string>(&value))
        writer.value(*text);
    else if (const auto *integer = std::get_if<std::int64_t>(&value))
        writer.value(*integer);
    else if (const auto *real = std::get_if<double>(&value))
        writer.value(*real);
    else
        writer.null();
}

Result<> print(SessionReader &reader, VerbRun &run, const Flags &flags)
{
    const std::string_view gap = flags.csv ? "," : "\t";
    const auto line = [&](const auto &cells, const auto &toText) {
        bool first = true;
        for (const auto &cell : cells) {
            run.out << (first ? "" : gap) << toText(cell);
            first = false;
        }
        run.out << (flags.csv ? "\r\n" : "\n");
    };
    return reader.sql(
        flags.sql, run.job,
        [&](std::span<const std::string> names) -> Result<> {
            line(names, [&](const std::string &n) { return plain(SqlValue(n), flags.csv); });
            return {};
        },
        [&](std::span<const SqlValue> row) -> Result<> {
            line(row, [&](const SqlValue &v) { return plain(v, flags.csv); });
            return {};
        });
}

Result<> printJson(SessionReader &reader, VerbRun &run, const Flags &flags)
{
    JsonWriter writer(run.out);
    FW_TRY(reader.sql(
        flags.sql, run.job,
        [&](std::span<const std::string> names) -> Result<> {
            writer.beginObject().key("columns").beginArray();
            for (const auto &name : names)
                writer.value(name);
            writer.endArray().key("rows").beginArray();
            return {};
        },
        [&](std::span<const SqlValue> row) -> Result<> {
            writer.beginArray();
            for (const auto &value : row)
                put(writer, value);
            writer.endArray();
            return {};
        }));
    writer.endArray().endObject();
    return {};
}

} // namespace

Verb::Work declareQuery(CLI::App &command)
{
    auto flags = std::make_shared<Flags>();
    command.add_option("SESSION", flags->session, "The session file")->required();
    command.add_option("SQL", flags->sql, "One read-only statement")->required();
    auto *csv = command.add_flag("--csv", flags->csv, "RFC 4180");
    command.add_flag("--json", flags->json, "For programs")->excludes(csv);
    command.add_flag("--stats", flags->stats, "Say how many chunks were read");
    return [flags](VerbRun &run) -> Result<ExitCode> {
        FW_ASSIGN(const auto session, openSession(flags->session, OpenMode::Read));
        FW_ASSIGN(const auto reader, session->reader());
        FW_TRY(flags->json ? printJson(*reader, run, *flags) : print(*reader, run, *flags));
        if (flags->stats) {
            const auto stats = reader->stats();
            run.log << "chunks read: " << stats.chunksRead << ", skipped: " << stats.chunksSkipped
                    << ", bytes: " << stats.bytesRead << '\n';
        }
        return ExitCode::Ok;
    };
}

} // namespace flamewright
