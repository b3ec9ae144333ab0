#include "capture/session/schema.h"
#include "capture/session/session_check_sqlite.h"

#include <algorithm>
#include <bit>
#include <cctype>
#include <cstring>
#include <sys/stat.h>
#include <vector>

namespace flamewright {
namespace {

constexpr std::size_t kHeaderBytes = 100;
constexpr std::uint64_t kMaxFileBytes = 2ull << 40;
constexpr int kMaxSchemaItems = 64;

std::uint32_t bigEndian(const unsigned char *at, int bytes)
{
    std::uint32_t value = 0;
    for (int i = 0; i < bytes; ++i)
        value = value << 8 | at[i];
    return value;
}

Error notASession(const char *why)
{
    return {Errc::UnknownFormat, std::string("this is not a session file: ") + why};
}

// A file of SQLite's unix VFS, closed again.
class RawFile {
public:
    explicit RawFile(sqlite3_vfs *vfs) : m_memory(static_cast<std::size_t>(vfs->szOsFile)) {}
    ~RawFile()
    {
        if (file()->pMethods != nullptr)
            file()->pMethods->xClose(file());
    }
    RawFile(const RawFile &) = delete;
    RawFile &operator=(const RawFile &) = delete;
    sqlite3_file *file() { return reinterpret_cast<sqlite3_file *>(m_memory.data()); }

private:
    std::vector<std::max_align_t> m_memory; // more than enough: the size is in bytes
};

// Whether `word` occurs in `text` as a word.
bool hasWord(std::string_view text, std::string_view word)
{
    const auto isLetter = [&](std::size_t i) {
        return i < text.size() && (std::isalnum(static_cast<unsigned char>(text[i])) != 0);
    };
    for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
        if ((at == 0 || !isLetter(at - 1)) && !isLetter(at + word.size()))
            return true;
    }
    return false;
}

// Plain tables and indexes of a newer program do no harm when nobody queries them. Anything that
// computes does.
bool isHarmless(std::string_view type, std::string_view sql)
{
    std::string upper(sql);
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    if (type == "index")
        return upper.starts_with("CREATE INDEX ") || upper.starts_with("CREATE UNIQUE INDEX ");
    return type == "table" && upper.starts_with("CREATE TABLE ") && !hasWord(upper, "AS") &&
           !hasWord(upper, "GENERATED") && !hasWord(upper, "CHECK") && !hasWord(upper, "DEFAULT");
}

Result<> checkSchema(const Connection &db, std::uint32_t version)
{
    const auto rules = std::min(version, kSchemaVersion);
    // No ORDER BY, no functions: nothing but the b-tree of the schema itself.
    FW_ASSIGN(auto rows, db.prepare("SELECT type,name,tbl_name,sql FROM sqlite_schema"));
    std::size_t known = 0;
    for (int seen = 0;; ++seen) {
        FW_ASSIGN(const auto found, rows.step());
        if (!found)
            break;
        if (seen == kMaxSchemaItems)
            return fail(notASession("it has too many tables"));
        FW_ASSIGN(const auto type, rows.text(0));
        FW_ASSIGN(const auto name, rows.text(1));
        FW_ASSIGN(const auto table, rows.text(2));
        if (type == "index" && name.starts_with("sqlite_autoindex_") &&
            sqlite3_column_type(rows.get(), 3) == SQLITE_NULL)
            continue;
        FW_ASSIGN(const auto sql, rows.text(3));
        if (isKnownSchemaItem(rules, type, name, table, sql)) {
            ++known;
            continue;
        }
        if (version <= kSchemaVersion || !isHarmless(type, sql))
            return fail(notASession("it has tables or views that no version has"));
    }
    if (known != schemaOf(rules).size())
        return fail(notASession("tables are missing"));
    return {};
}

// Text of the file that goes into a message.
std::string plain(std::string text)
{
    std::erase_if(text, [](char c) { return c < ' ' || c > '~'; });
    return text.substr(0, 64);
}

} // namespace

Result<FileHeader> checkHeader(const std::filesystem::path &path, bool sideFiles)
{
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0)
        return fail(errno == ENOENT ? Errc::NotFound : Errc::Io, std::strerror(errno));
    if (!S_ISREG(info.st_mode))
        return fail(notASession("it is not a regular file"));
    const auto size = static_cast<std::uint64_t>(info.st_size);
    if (size < kHeaderBytes || size > kMaxFileBytes)
        return fail(notASession("its size is impossible"));

    auto *vfs = sqlite3_vfs_find("unix");
    RawFile raw(vfs);
    int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB;
    if (vfs->xOpen(vfs, path.c_str(), raw.file(), flags, &flags) != SQLITE_OK)
        return fail(Errc::Io, "the session file cannot be read");
    unsigned char head[kHeaderBytes];
    if (raw.file()->pMethods->xRead(raw.file(), head, sizeof head, 0) != SQLITE_OK)
        return fail(Errc::Io, "the session file cannot be read");
    if (std::memcmp(head, "SQLite format 3", 16) != 0)
        return fail(notASession("it does not begin like one"));

    FileHeader out;
    out.pageSize = bigEndian(head + 16, 2) == 1 ? 65536 : bigEndian(head + 16, 2);
    out.pages = bigEndian(head + 28, 4);
    out.userVersion = bigEndian(head + 60, 4);
    out.applicationId = bigEndian(head + 68, 4);
    out.fileBytes = size;
    if (out.applicationId != kApplicationId)
        return fail(notASession("another program made it"));
    if (out.pageSize < 512 || !std::has_single_bit(out.pageSize))
        return fail(notASession("its page size is impossible"));
    const auto said = std::uint64_t{out.pages} * out.pageSize;
    if (!sideFiles && (size % out.pageSize != 0 || said > size))
        return fail(Errc::Corrupt, "the session file was cut off: it has " + std::to_string(size) +
                                       " of " + std::to_string(said) + " bytes");
    return out;
}

Result<FormatCheck> checkFormat(const Connection &db)
{
    FW_ASSIGN(const auto stored, db.integer("PRAGMA user_version"));
    if (stored < 0 || stored > INT32_MAX)
        return fail(notASession("its version is impossible"));
    FormatCheck out;
    out.version = static_cast<std::uint32_t>(stored);
    FW_TRY(checkSchema(db, out.version));
    FW_ASSIGN(auto format,
              db.prepare("SELECT min_reader,min_writer,writer_app,writer_version FROM format"));
    FW_ASSIGN(const auto found, format.step());
    if (!found)
        return fail(Errc::Corrupt, "the session's own description is missing");
    FW_ASSIGN(const auto minReader, format.integer(0));
    FW_ASSIGN(const auto minWriter, format.integer(1));
    FW_ASSIGN(const auto app, format.text(2));
    FW_ASSIGN(const auto version, format.text(3));
    const auto writer = plain(app) + ' ' + plain(version);
    if (minReader > kSchemaVersion)
        return fail(Errc::Version, "the session was written by " + writer +
                                       ", which needs a newer version of this program to read");
    if (minWriter > kSchemaVersion || out.version > kSchemaVersion)
        out.readOnlyReason = "it was written by the newer " + writer;
    if (out.version == 0)
        return out;
    FW_ASSIGN(auto features, db.prepare("SELECT name,class FROM feature"));
    for (;;) {
        FW_ASSIGN(const auto more, features.step());
        if (!more)
            return out;
        FW_ASSIGN(const auto name, features.text(0));
        FW_ASSIGN(const auto kind, features.text(1));
        // This version knows no features yet; whoever adds one compares its name here.
        if (kind == "ro_compat")
            out.readOnlyReason = "it uses \"" + plain(name) + "\" of the newer " + writer;
        else if (kind != "compat")
            return fail(Errc::Version, "the session uses \"" + plain(name) + "\" of " + writer +
                                           ", which this version cannot read");
    }
}

} // namespace flamewright
