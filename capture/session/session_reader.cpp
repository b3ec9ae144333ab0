#include "capture/session/manifest_sqlite.h"
#include "capture/session/schema.h"
#include "capture/session/session_core_sqlite.h"
#include "capture/session/virtual_tables.h"

#include <algorithm>
#include <future>
#include <map>
#include <system_error>

namespace flamewright {
namespace {

// A chunk as the capture's list of chunks knows it.
struct Entry {
    ChunkRow row; // without sum and data
    std::array<std::byte, 8> sum{};
};

// All chunks of a capture in scan order, compared with the capture's manifest.
struct Directory {
    std::vector<Entry> entries;
    std::uint64_t unknown = 0; // of kinds or versions that only a newer program knows
    bool intact = false;
};

// One chunk being decompressed while the one before it is used.
struct Slot {
    ChunkUnpacker unpacker;
    std::vector<std::byte> data;
    Chunk chunk;
    std::future<Result<>> ready;
};

struct SqlCancel {
    JobContext *job;
    static int poll(void *self) { return static_cast<SqlCancel *>(self)->job->cancelled() ? 1 : 0; }
};

// A typed query reads tables and calls functions; nothing else. The virtual tables ask for the
// file's identification.
int authorize(void *, int action, const char *first, const char *second, const char *, const char *)
{
    const std::string_view name(first == nullptr ? "" : first);
    switch (action) {
    case SQLITE_PRAGMA:
        return second == nullptr && (name == "application_id" || name == "user_version")
                   ? SQLITE_OK
                   : SQLITE_DENY;
    // Asked when a virtual table declares its columns. Writing the schema is out of reach all the
    // same: the connection is read-only and defensive, and only queries are run.
    case SQLITE_INSERT:
    case SQLITE_UPDATE: return name == "sqlite_master" ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_FUNCTION:
    case SQLITE_RECURSIVE: return SQLITE_OK;
    default: return SQLITE_DENY;
    }
}

SqlValue valueOf(sqlite3_stmt *row, int column)
{
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(row, column));
    switch (sqlite3_column_type(row, column)) {
    case SQLITE_INTEGER: return std::int64_t{sqlite3_column_int64(row, column)};
    case SQLITE_FLOAT: return sqlite3_column_double(row, column);
    case SQLITE_TEXT: {
        const auto *text = reinterpret_cast<const char *>(sqlite3_column_text(row, column));
        return text == nullptr ? std::string() : std::string(text, size);
    }
    case SQLITE_BLOB: {
        constexpr char kDigits[] = "0123456789abcdef";
        const auto *data = static_cast<const unsigned char *>(sqlite3_column_blob(row, column));
        std::string out;
        for (std::size_t i = 0; data != nullptr && i < size; ++i) {
            out += kDigits[data[i] >> 4];
            out += kDigits[data[i] & 15];
        }
        return out;
    }
    default: return std::monostate();
    }
}

class SqliteReader final : public SessionReader {
public:
    SqliteReader(std::shared_ptr<const SessionCore> core, Connection db)
        : m_core(std::move(core)),
          m_db(std::move(db))
    {}

    Result<> begin()
    {
        FW_TRY(registerSessionTables(m_db.get(), m_stats));
        return refresh();
    }

    Result<> refresh() override
    {
        m_directories.clear();
        if (sqlite3_get_autocommit(m_db.get()) == 0)
            FW_TRY(m_db.run("COMMIT"));
        FW_TRY(m_db.run("BEGIN"));
        // The transaction begins with its first read.
        FW_ASSIGN(m_uuid, sessionUuid(m_db));
        return {};
    }

    void skipDamaged(bool skip) override { m_skipDamaged = skip; }
    ReadStats stats() const override { return *m_stats; }

    Result<std::vector<CaptureInfo>> captures() override
    {
        FW_TRY(checkWhole());
        FW_ASSIGN(const auto ids, captureIds(m_db));
        std::vector<CaptureInfo> out;
        for (const auto id : ids) {
            FW_ASSIGN(auto info, captureOf(id));
            out.push_back(std::move(info));
        }
        return out;
    }

    Result<CaptureInfo> capture(CaptureId id) override
    {
        FW_TRY(checkWhole());
        FW_ASSIGN(const auto ids, captureIds(m_db));
        if (std::find(ids.begin(), ids.end(), std::int64_t{id.raw}) == ids.end())
            return fail(Errc::NotFound, "there is no such capture in the session");
        return captureOf(id.raw);
    }

    Result<> scan(CaptureId capture, ChunkKind kind, TimeRange span, JobContext &job,
                  const std::function<Result<>(const Chunk &)> &each) override
    {
        FW_ASSIGN(const auto *directory, directoryOf(capture.raw));
        std::vector<const Entry *> wanted;
        for (const auto &entry : directory->entries) {
            if (entry.row.kind != static_cast<std::int64_t>(kind))
                continue;
            if (overlaps(entry.row, span))
                wanted.push_back(&entry);
            else
                ++m_stats->chunksSkipped;
        }
        FW_TRY(deliver(wanted, job, each));
        if (!directory->intact && !m_skipDamaged)
            return fail(Error(Errc::Corrupt, "its list of chunks does not match its checksum; some "
                                             "may be missing")
                            .in("capture " + std::to_string(capture.raw)));
        return {};
    }

    Result<Table> sql(std::string_view text, std::size_t maxRows, JobContext &job) override
    {
        Table out;
        bool full = false;
        auto done = query(
            text, job,
            [&](std::span<const std::string> names) -> Result<> {
                out.columns.assign(names.begin(), names.end());
                return {};
            },
            [&](std::span<const SqlValue> row) -> Result<> {
                if (out.rows.size() == maxRows) {
                    full = true;
                    return {};
                }
                out.rows.emplace_back(row.begin(), row.end());
                return {};
            },
            full);
        FW_TRY(std::move(done));
        out.truncated = full;
        return out;
    }

    Result<> sql(std::string_view text, JobContext &job,
                 const std::function<Result<>(std::span<const std::string> names)> &header,
                 const RowSink &row) override
    {
        const bool never = false;
        return query(text, job, header, row, never);
    }

private:
    Result<> checkWhole() const
    {
        auto whole = checkSession(m_db, m_core->version);
        return m_skipDamaged ? Result<>() : whole;
    }

    static bool overlaps(const ChunkRow &row, TimeRange span)
    {
        const Timestamp begin{Duration{row.t0}}, end{Duration{row.t1}};
        // A range that ends with time itself includes the last nanosecond.
        const bool toTheEnd = span.end == TimeRange{}.end;
        return (begin < span.end || toTheEnd) &&
               (end > span.begin || end == Timestamp{Duration::max()});
    }

    Result<CaptureInfo> captureOf(std::int64_t id)
    {
        auto info = readCapture(m_db, id);
        if (!info.has_value()) {
            if (info.error().code() != Errc::Corrupt || id < 1 || id > UINT32_MAX)
                return fail(info.error());
            CaptureInfo damaged;
            damaged.id = CaptureId{static_cast<std::uint32_t>(id)};
            damaged.damage = info.error().text();
            return damaged;
        }
        if (const auto sum = checkCapture(m_db, m_uuid, id); !sum.has_value())
            info->damage = sum.error().text();
        const auto directory = directoryOf(id);
        if (!directory.has_value()) {
            info->damage = directory.error().text();
        } else {
            info->unknownChunks = (*directory)->unknown;
            if (!(*directory)->intact && info->damage.empty())
                info->damage = "its list of chunks does not match its checksum";
        }
        return info;
    }

    Result<const Directory *> directoryOf(std::int64_t capture)
    {
        if (const auto it = m_directories.find(capture); it != m_directories.end())
            return &it->second;
        FW_ASSIGN(auto rows,
                  m_db.prepare("SELECT id,capture,kind,ver,first_row,n,t0,t1,raw_len,sum FROM "
                               "chunk WHERE capture=?"));
        rows.bind(1, capture);
        Directory out;
        std::uint64_t digests = 0;
        for (;;) {
            FW_ASSIGN(const auto found, rows.step());
            if (!found)
                break;
            FW_ASSIGN(auto row, chunkRowOf(rows));
            digests += chunkDigest(m_uuid, row);
            if (!isKnownKind(row.kind) || row.ver > kChunkVersion) {
                ++out.unknown;
                continue;
            }
            Entry entry{row, {}};
            std::copy_n(row.sum.begin(), std::min(row.sum.size(), entry.sum.size()),
                        entry.sum.begin());
            entry.row.sum = {};
            out.entries.push_back(entry);
        }
        FW_ASSIGN(const auto stored, storedDigests(m_db, capture));
        out.intact = stored == digests;
        std::sort(out.entries.begin(), out.entries.end(), [](const Entry &a, const Entry &b) {
            return std::pair(a.row.t0, a.row.id) < std::pair(b.row.t0, b.row.id);
        });
        return &m_directories.emplace(capture, std::move(out)).first->second;
    }

    // Reads a row's payload and has it checked and decompressed, on another thread if there is
    // one to be had.
    Result<> start(const Entry &entry, Slot &slot, bool alone)
    {
        FW_ASSIGN(auto row, m_db.prepare("SELECT data FROM chunk WHERE id=?"));
        FW_ASSIGN(const auto found, row.bind(1, entry.row.id).step());
        if (!found)
            return fail(Error(Errc::Corrupt, "the chunk is missing").in(describe(entry.row)));
        const auto blob = row.blob(0);
        if (!blob.has_value())
            return fail(Error(blob.error()).in(describe(entry.row)));
        const auto data = *blob;
        slot.data.assign(data.begin(), data.end());
        m_stats->chunksRead += 1;
        m_stats->bytesRead += data.size();
        const auto unpack = [&slot, &entry, uuid = m_uuid] {
            auto full = entry.row;
            full.sum = entry.sum;
            full.data = slot.data;
            return guarded([&] { return slot.unpacker.unpack(uuid, full, slot.chunk); });
        };
        if (!alone) {
            try {
                slot.ready = std::async(std::launch::async, unpack);
                return {};
            } catch (const std::system_error &) {
                // No thread to be had: do it here.
            }
        }
        std::promise<Result<>> done;
        done.set_value(unpack());
        slot.ready = done.get_future();
        return {};
    }

    Result<> deliver(const std::vector<const Entry *> &wanted, JobContext &job,
                     const std::function<Result<>(const Chunk &)> &each)
    {
        const bool alone = wanted.size() < 2;
        Slot slots[2];
        auto begin = [&](std::size_t i) {
            auto &slot = slots[i % 2];
            if (auto started = start(*wanted[i], slot, alone); !started.has_value()) {
                std::promise<Result<>> failed;
                failed.set_value(std::move(started));
                slot.ready = failed.get_future();
            }
        };
        if (!wanted.empty())
            begin(0);
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            auto unpacked = slots[i % 2].ready.get();
            if (i + 1 < wanted.size())
                begin(i + 1);
            FW_TRY(job.checkpoint());
            if (unpacked.has_value()) {
                FW_TRY(each(slots[i % 2].chunk));
            } else if (m_skipDamaged && unpacked.error().code() == Errc::Corrupt) {
                ++m_stats->chunksDamaged;
            } else {
                return fail(std::move(unpacked).error());
            }
        }
        return {};
    }

    Result<> query(std::string_view text, JobContext &job,
                   const std::function<Result<>(std::span<const std::string>)> &header,
                   const RowSink &each, const bool &stop)
    {
        SqlCancel cancel{&job};
        sqlite3_progress_handler(m_db.get(), 20'000, SqlCancel::poll, &cancel);
        sqlite3_set_authorizer(m_db.get(), authorize, nullptr);
        auto done = run(text, header, each, stop);
        sqlite3_set_authorizer(m_db.get(), nullptr, nullptr);
        sqlite3_progress_handler(m_db.get(), 0, nullptr, nullptr);
        return done;
    }

    Result<> run(std::string_view text,
                 const std::function<Result<>(std::span<const std::string>)> &header,
                 const RowSink &each, const bool &stop)
    {
        sqlite3_stmt *raw = nullptr;
        const char *tail = nullptr;
        const int code =
            sqlite3_prepare_v2(m_db.get(), text.data(), static_cast<int>(text.size()), &raw, &tail);
        if (code != SQLITE_OK)
            return fail(queryError(code));
        Statement statement(m_db.get(), raw);
        if (raw == nullptr)
            return fail(Errc::Query, "there is no SQL statement");
        const auto rest = text.substr(static_cast<std::size_t>(tail - text.data()));
        if (rest.find_first_not_of(" \t\r\n;") != std::string_view::npos)
            return fail(Errc::Query, "only one SQL statement at a time");
        if (sqlite3_stmt_readonly(raw) == 0 || sqlite3_column_count(raw) == 0)
            return fail(Errc::Query, "only queries are allowed");
        const int columns = sqlite3_column_count(raw);
        std::vector<std::string> names;
        for (int i = 0; i < columns; ++i) {
            const char *name = sqlite3_column_name(raw, i);
            names.emplace_back(name == nullptr ? "" : name);
        }
        FW_TRY(header(names));
        std::vector<SqlValue> row(static_cast<std::size_t>(columns));
        while (!stop) {
            const int stepped = sqlite3_step(raw);
            if (stepped == SQLITE_DONE)
                break;
            if (stepped != SQLITE_ROW)
                return fail(queryError(stepped));
            for (int i = 0; i < columns; ++i)
                row[static_cast<std::size_t>(i)] = valueOf(raw, i);
            FW_TRY(each(row));
        }
        return {};
    }

    // Whatever is wrong with what somebody typed is Errc::Query, unless the file is to blame.
    Error queryError(int code) const
    {
        auto error = sqliteError(m_db.get(), code);
        switch (error.code()) {
        case Errc::Cancelled:
        case Errc::Corrupt:
        case Errc::Io: return error;
        default: break;
        }
        Error said(Errc::Query, sqlite3_errmsg(m_db.get()));
        const int at = sqlite3_error_offset(m_db.get());
        return at < 0 ? said : std::move(said).at(static_cast<std::uint64_t>(at));
    }

    std::shared_ptr<const SessionCore> m_core;
    Connection m_db;
    SessionUuid m_uuid{};
    std::shared_ptr<ReadStats> m_stats = std::make_shared<ReadStats>(); // shared with the tables
    bool m_skipDamaged = false;
    std::map<std::int64_t, Directory> m_directories;
};

} // namespace

Result<std::unique_ptr<SessionReader>> makeReader(std::shared_ptr<const SessionCore> core)
{
    FW_ASSIGN(auto db, core->openReader());
    auto out = std::make_unique<SqliteReader>(core, std::move(db));
    FW_TRY(out->begin());
    return out;
}

} // namespace flamewright
