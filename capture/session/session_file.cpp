#include "capture/session/manifest_sqlite.h"
#include "capture/session/schema.h"
#include "capture/session/session_check_sqlite.h"
#include "capture/session/session_core_sqlite.h"
#include "capture/session/session_registry.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

namespace flamewright {

namespace {

namespace fs = std::filesystem;

constexpr const char *kWriterApp = "Flamewright";
constexpr const char *kWriterVersion = "0.1.0";

bool exists(const fs::path &path, const char *suffix)
{
    struct stat info {};
    return ::lstat((path.string() + suffix).c_str(), &info) == 0;
}

bool hasSideFiles(const fs::path &path)
{
    return exists(path, "-wal") || exists(path, "-journal");
}

// Whether the file and what lies beside it belong to this user.
bool belongsToUser(const fs::path &path)
{
    for (const auto *suffix : {"", "-wal", "-journal", "-shm"}) {
        struct stat info {};
        if (::lstat((path.string() + suffix).c_str(), &info) == 0 &&
            (info.st_uid != ::geteuid() || !S_ISREG(info.st_mode)))
            return false;
    }
    return true;
}

SessionUuid randomUuid()
{
    SessionUuid uuid{};
    if (::getrandom(uuid.data(), uuid.size(), 0) != static_cast<ssize_t>(uuid.size()))
        sqlite3_randomness(static_cast<int>(uuid.size()), uuid.data());
    return uuid;
}

Result<> writeEmptySession(const Connection &db, const SessionUuid &uuid)
{
    FW_TRY(db.run(("PRAGMA page_size=" + std::to_string(kPageSize)).c_str()));
    return db.transaction([&]() -> Result<> {
        FW_TRY(db.run(("PRAGMA application_id=" + std::to_string(kApplicationId)).c_str()));
        FW_TRY(db.run(("PRAGMA user_version=" + std::to_string(kSchemaVersion)).c_str()));
        for (const auto &item : schemaOf(kSchemaVersion))
            FW_TRY(db.run(std::string(item.sql).c_str()));
        FW_ASSIGN(auto format, db.prepare("INSERT INTO format VALUES(?,?,?,?)"));
        FW_TRY(format.bind(1, std::int64_t{kMinReader})
                   .bind(2, std::int64_t{kMinWriter})
                   .bind(3, std::string_view(kWriterApp))
                   .bind(4, std::string_view(kWriterVersion))
                   .run());
        FW_ASSIGN(auto session, db.prepare("INSERT INTO session VALUES(1,?,0,1,x'')"));
        FW_TRY(session.bind(1, std::span(uuid)).run());
        return sealSession(db, kSchemaVersion);
    });
}

// The file appears under its name only when it is a whole, empty session.
Result<> createFile(const fs::path &path, const SessionOptions &options)
{
    const auto uuid = randomUuid();
    char suffix[32];
    std::snprintf(suffix, sizeof suffix, ".%02x%02x%02x%02x.new", std::to_integer<int>(uuid[0]),
                  std::to_integer<int>(uuid[1]), std::to_integer<int>(uuid[2]),
                  std::to_integer<int>(uuid[3]));
    auto fresh = path;
    fresh += suffix;
    const auto make = [&]() -> Result<> {
        SessionVfs vfs(fresh.string(), SessionVfs::Policy::ReadWrite, options.faults);
        FW_ASSIGN(const auto db,
                  Connection::open(fresh.string(), vfs.name(), Connection::Access::Create));
        return writeEmptySession(db, uuid);
    };
    auto made = make();
    if (made.has_value() && ::link(fresh.c_str(), path.c_str()) != 0) {
        // Not every file system has hard links.
        if (errno == EEXIST)
            made = fail(Errc::Io, "there is a file of that name already");
        else if (::renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) !=
                 0)
            made = fail(Errc::Io, std::strerror(errno));
    }
    ::unlink(fresh.c_str());
    FW_TRY(std::move(made));
    if (!options.temporary)
        SessionRegistry(options.stateDirectory).enter(uuid, path);
    return {};
}

// What can be learnt without side files: is it a session, and whose?
struct Peek {
    std::optional<SessionUuid> uuid;
    Result<> status;
};
Peek peek(const fs::path &path)
{
    Peek out;
    const auto look = [&]() -> Result<> {
        SessionVfs vfs(path.string(), SessionVfs::Policy::Immutable, nullptr);
        FW_ASSIGN(const auto db,
                  Connection::open(path.string(), vfs.name(), Connection::Access::Read));
        FW_TRY(checkFormat(db));
        FW_ASSIGN(out.uuid, sessionUuid(db));
        return {};
    };
    out.status = look();
    return out;
}

Result<> openForReading(SessionCore &core, SessionVfs::Policy policy)
{
    core.vfs = std::make_unique<SessionVfs>(core.path.string(), policy, core.options.faults);
    FW_ASSIGN(const auto db, core.openReader());
    FW_ASSIGN(const auto format, checkFormat(db));
    core.version = format.version;
    FW_ASSIGN(core.uuid, sessionUuid(db));
    return {};
}

// Reads with locks where that works and without where it does not: read-only media, a
// write-ahead log that cannot be read.
Result<> openOwnForReading(SessionCore &core)
{
    auto opened = openForReading(core, SessionVfs::Policy::ReadOnly);
    if (!opened.has_value() &&
        (opened.error().code() == Errc::Io || opened.error().code() == Errc::Busy)) {
        if (hasSideFiles(core.path))
            core.readOnlyReason += "; unfinished changes beside it cannot be read here";
        opened = openForReading(core, SessionVfs::Policy::Immutable);
    }
    return opened;
}

Result<> refuseWriting(SessionCore &core, Errc code, std::string reason)
{
    core.lease.release();
    core.writer.reset();
    core.readOnlyReason = std::move(reason);
    core.readOnlyCode = code;
    return openOwnForReading(core);
}

Result<> openForWriting(SessionCore &core)
{
    if (::access(core.path.c_str(), W_OK) != 0)
        return refuseWriting(core, Errc::Io, "the file may not be written");
    if (auto lease = WriterLease::take(core.path); lease.has_value())
        core.lease = *std::move(lease);
    else
        return refuseWriting(core, lease.error().code(), lease.error().message());

    core.vfs = std::make_unique<SessionVfs>(core.path.string(), SessionVfs::Policy::ReadWrite,
                                            core.options.faults);
    FW_ASSIGN(core.writer,
              Connection::open(core.path.string(), core.vfs->name(), Connection::Access::Write));
    auto &db = *core.writer;
    FW_ASSIGN(const auto format, checkFormat(db));
    if (!format.readOnlyReason.empty())
        return refuseWriting(core, Errc::Version, format.readOnlyReason);
    FW_ASSIGN(core.uuid, sessionUuid(db));
    if (auto whole = checkSession(db, format.version); !whole.has_value())
        return refuseWriting(core, Errc::Corrupt, "it is damaged: " + whole.error().text());
    FW_TRY(upgradeSession(db, format.version));
    core.version = kSchemaVersion;
    {
        FW_ASSIGN(auto mode, db.prepare("PRAGMA journal_mode=WAL"));
        const auto switched = mode.step();
        // Somebody reads at this moment: rollback journals do as well, only slower.
        core.writeAheadLog =
            switched.has_value() && *switched && mode.text(0).value_or("") == "wal";
    }
    FW_TRY(db.run(core.options.temporary ? "PRAGMA synchronous=OFF"
                  : core.writeAheadLog   ? "PRAGMA synchronous=NORMAL"
                                         : "PRAGMA synchronous=EXTRA"));
    if (!core.options.temporary)
        core.ballast.fill();
    return {};
}

Result<std::shared_ptr<SessionCore>> openExisting(const fs::path &path, OpenMode mode,
                                                  const SessionOptions &options)
{
    FW_ASSIGN(const auto header, checkHeader(path, hasSideFiles(path)));
    (void)header;
    auto core = std::make_shared<SessionCore>(path, options);
    SessionRegistry registry(options.stateDirectory);
    const auto seen = peek(path);
    bool ours = options.temporary;
    if (seen.uuid)
        ours = ours || registry.knows(*seen.uuid) || (!registry.exists() && belongsToUser(path));
    else if (hasSideFiles(path))
        // A crash may have left the file itself in pieces that its log repairs.
        ours = ours || registry.knowsPath(path);
    if (!ours) {
        FW_TRY(seen.status);
        FW_TRY(checkHeader(path, false));
        core->readOnlyReason = "it was made elsewhere; import it into a session of your own or "
                               "save a copy to change it";
        if (hasSideFiles(path))
            core->readOnlyReason += "; it has unfinished changes beside it, which are ignored";
        FW_TRY(openForReading(*core, SessionVfs::Policy::Immutable));
    } else if (mode == OpenMode::Read) {
        core->readOnlyReason = "it was opened for reading";
        core->readOnlyCode = Errc::Usage;
        FW_TRY(openOwnForReading(*core));
    } else {
        FW_TRY(openForWriting(*core));
        if (core->writer && !options.temporary)
            registry.enter(core->uuid, path); // where it is now, and that it is in use
    }
    return core;
}

// Absolute, without symbolic links: the name that all side files are derived from.
Result<fs::path> realPath(const fs::path &path, bool mayBeNew)
{
    std::error_code error;
    auto real = fs::canonical(path, error);
    if (error && mayBeNew) {
        const auto parent = path.has_parent_path() ? path.parent_path() : fs::path(".");
        real = fs::canonical(parent, error) / path.filename();
    }
    if (error)
        return fail(error == std::errc::no_such_file_or_directory ? Errc::NotFound : Errc::Io,
                    error.message());
    return real;
}

} // namespace

Result<std::unique_ptr<Session>> openSession(const fs::path &path, OpenMode mode,
                                             const SessionOptions &options)
{
    const auto open = [&]() -> Result<std::unique_ptr<Session>> {
        FW_ASSIGN(const auto real, realPath(path, mode == OpenMode::Create));
        if (mode == OpenMode::Create)
            FW_TRY(createFile(real, options));
        FW_ASSIGN(auto core, openExisting(real, mode, options));
        return makeSession(std::move(core));
    };
    auto opened = guarded(open);
    if (!opened.has_value())
        return fail(Error(std::move(opened).error()).in(path.filename().string()));
    return opened;
}

bool looksLikeSession(std::span<const std::byte> head)
{
    constexpr unsigned char kId[] = {'F', 'L', 'W', 'R'};
    return head.size() >= 72 && std::memcmp(head.data(), "SQLite format 3", 16) == 0 &&
           std::memcmp(head.data() + 68, kId, sizeof kId) == 0;
}

} // namespace flamewright
