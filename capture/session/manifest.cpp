#include "capture/session/manifest_sqlite.h"

#define XXH_INLINE_ALL
#include <algorithm>
#include <xxhash.h>

namespace flamewright {
namespace {

// XXH3 over values that are told apart by type and length, so that no two different rows feed
// the same bytes.
class Digest {
public:
    Digest() { XXH3_64bits_reset(&m_state); }
    void bytes(const void *data, std::size_t size)
    {
        if (size > 0)
            XXH3_64bits_update(&m_state, data, size);
    }
    void tagged(char tag, const void *data, std::size_t size)
    {
        const std::uint64_t length = size;
        bytes(&tag, 1);
        bytes(&length, sizeof length);
        bytes(data, size);
    }
    // Every column of every row.
    Result<std::uint64_t> rows(Statement &statement)
    {
        std::uint64_t count = 0;
        for (;; ++count) {
            FW_ASSIGN(const auto found, statement.step());
            if (!found)
                break;
            bytes("R", 1);
            for (int i = 0; i < sqlite3_column_count(statement.get()); ++i)
                column(statement.get(), i);
        }
        tagged('#', &count, sizeof count);
        return count;
    }
    std::uint64_t value() const { return XXH3_64bits_digest(&m_state); }

private:
    void column(sqlite3_stmt *row, int i)
    {
        switch (sqlite3_column_type(row, i)) {
        case SQLITE_INTEGER: {
            const std::int64_t value = sqlite3_column_int64(row, i);
            return tagged('i', &value, sizeof value);
        }
        case SQLITE_FLOAT: {
            const double value = sqlite3_column_double(row, i);
            return tagged('r', &value, sizeof value);
        }
        case SQLITE_TEXT: {
            const auto *text = sqlite3_column_text(row, i);
            return tagged('t', text, static_cast<std::size_t>(sqlite3_column_bytes(row, i)));
        }
        case SQLITE_BLOB: {
            const auto *data = sqlite3_column_blob(row, i);
            return tagged('b', data, static_cast<std::size_t>(sqlite3_column_bytes(row, i)));
        }
        default: return tagged('n', nullptr, 0);
        }
    }

    XXH3_state_t m_state;
};

constexpr std::string_view kCaptureColumns =
    "SELECT id,name,format,source,source_bytes,role,state,kind,begin_ns,end_ns,wall_offset_ns,"
    "duration_ns,samples,slices,counters,requests,strings,frames,stacks,chunks,stored_bytes,"
    "chunk_sum FROM capture WHERE id=?";
constexpr std::string_view kRowsOfCapture[] = {
    "SELECT * FROM module WHERE capture=? ORDER BY id",
    "SELECT * FROM track WHERE capture=? ORDER BY id",
    "SELECT * FROM measure WHERE capture=? ORDER BY id",
    "SELECT * FROM note WHERE capture=? ORDER BY id",
    "SELECT * FROM provenance WHERE capture=? ORDER BY id",
};

bool isSum(std::span<const std::byte> stored, std::uint64_t sum)
{
    const auto expected = sumBytes(sum);
    return std::equal(stored.begin(), stored.end(), expected.begin(), expected.end());
}

Result<std::uint64_t> sessionManifest(const Connection &db, std::uint32_t version)
{
    Digest digest;
    FW_ASSIGN(auto session, db.prepare("SELECT id,uuid,captures,next_capture FROM session"));
    FW_ASSIGN(const auto sessions, digest.rows(session));
    FW_ASSIGN(auto format, db.prepare("SELECT * FROM format"));
    FW_ASSIGN(const auto formats, digest.rows(format));
    if (sessions != 1 || formats != 1)
        return fail(Errc::Corrupt, "the session's own description is damaged");
    if (version >= 1) {
        FW_ASSIGN(auto feature, db.prepare("SELECT * FROM feature ORDER BY name"));
        FW_TRY(digest.rows(feature));
        FW_ASSIGN(auto saved, db.prepare("SELECT key,sum FROM saved ORDER BY key"));
        FW_TRY(digest.rows(saved));
    }
    return digest.value();
}

} // namespace

Result<SessionUuid> sessionUuid(const Connection &db)
{
    FW_ASSIGN(auto statement, db.prepare("SELECT uuid FROM session"));
    FW_ASSIGN(const auto found, statement.step());
    if (!found)
        return fail(Errc::Corrupt, "the session's own description is missing");
    FW_ASSIGN(const auto blob, statement.blob(0));
    SessionUuid uuid{};
    if (blob.size() != uuid.size())
        return fail(Errc::Corrupt, "the session's own description is damaged");
    std::copy(blob.begin(), blob.end(), uuid.begin());
    return uuid;
}

Result<std::uint64_t> captureManifest(const Connection &db, const SessionUuid &uuid,
                                      std::int64_t capture)
{
    Digest digest;
    digest.bytes(uuid.data(), uuid.size());
    FW_ASSIGN(auto row, db.prepare(kCaptureColumns));
    FW_ASSIGN(const auto captures, digest.rows(row.bind(1, capture)));
    if (captures != 1)
        return fail(Errc::NotFound, "there is no such capture in the session");
    for (const auto sql : kRowsOfCapture) {
        FW_ASSIGN(auto statement, db.prepare(sql));
        FW_TRY(digest.rows(statement.bind(1, capture)));
    }
    return digest.value();
}

Result<> sealCapture(const Connection &db, const SessionUuid &uuid, std::int64_t capture)
{
    FW_ASSIGN(const auto sum, captureManifest(db, uuid, capture));
    FW_ASSIGN(auto update, db.prepare("UPDATE capture SET sum=? WHERE id=?"));
    const auto bytes = sumBytes(sum);
    return update.bind(1, std::span(bytes)).bind(2, capture).run();
}

Result<> checkCapture(const Connection &db, const SessionUuid &uuid, std::int64_t capture)
{
    FW_ASSIGN(const auto sum, captureManifest(db, uuid, capture));
    FW_ASSIGN(auto row, db.prepare("SELECT sum FROM capture WHERE id=?"));
    FW_ASSIGN(const auto found, row.bind(1, capture).step());
    if (found) {
        FW_ASSIGN(const auto stored, row.blob(0));
        if (isSum(stored, sum))
            return {};
    }
    return fail(Errc::Corrupt, "the description of the capture does not match its checksum");
}

Result<> sealSession(const Connection &db, std::uint32_t version)
{
    FW_TRY(db.run("UPDATE session SET captures=(SELECT count(*) FROM capture)"));
    FW_ASSIGN(const auto sum, sessionManifest(db, version));
    FW_ASSIGN(auto update, db.prepare("UPDATE session SET sum=?"));
    const auto bytes = sumBytes(sum);
    return update.bind(1, std::span(bytes)).run();
}

Result<> checkSession(const Connection &db, std::uint32_t version)
{
    FW_ASSIGN(const auto sum, sessionManifest(db, version));
    FW_ASSIGN(auto row, db.prepare("SELECT sum,captures FROM session"));
    FW_ASSIGN(const auto found, row.step());
    if (found) {
        FW_ASSIGN(const auto stored, row.blob(0));
        FW_ASSIGN(const auto expected, row.integer(1));
        FW_ASSIGN(const auto captures, db.integer("SELECT count(*) FROM capture"));
        if (!isSum(stored, sum))
            return fail(Errc::Corrupt, "the session's own description is damaged");
        if (captures != expected)
            return fail(Errc::Corrupt, "the session should have " + std::to_string(expected) +
                                           " captures but " + std::to_string(captures) +
                                           " are there");
    }
    return {};
}

std::uint64_t savedSum(const SessionUuid &uuid, std::string_view key, std::string_view value)
{
    Digest digest;
    digest.bytes(uuid.data(), uuid.size());
    digest.tagged('t', key.data(), key.size());
    digest.tagged('t', value.data(), value.size());
    return digest.value();
}

} // namespace flamewright
