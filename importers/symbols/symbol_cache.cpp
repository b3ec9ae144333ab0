#include "importers/symbols/symbol_cache.h"

#include "importers/symbols/cache_entry.h"
#include "importers/symbols/module_files.h"
#include "importers/symbols/rooted_file.h"

#include <algorithm>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <tuple>
#include <unistd.h>
#include <utility>
#include <xxhash.h>

namespace flamewright {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSuffix = ".symbols";

void appendStamp(std::string &key, const FilePlace &place)
{
    const auto path = place.root.empty() ? place.path : place.root / place.path;
    // Made anew at each boot, with another time; the build id in the key says which it is.
    if (path == kOwnKallsyms) {
        key += "running kernel\n";
        return;
    }
    struct stat info {};
    if (stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode))
        return;
    for (const auto number :
         {static_cast<std::uint64_t>(info.st_ino), static_cast<std::uint64_t>(info.st_size),
          static_cast<std::uint64_t>(info.st_mtim.tv_sec),
          static_cast<std::uint64_t>(info.st_mtim.tv_nsec)})
        key += ' ' + std::to_string(number);
    key += ' ' + path.string() + '\n';
}

// Everything that the answers depend on besides the addresses.
std::string keyOf(const ModuleRow &module, const SymbolSearch &search)
{
    auto key = std::to_string(static_cast<int>(module.kind)) + ' ' + std::to_string(module.base) +
               ' ' + module.buildId + ' ' + module.name + '\n';
    if (module.kind == ModuleKind::Kernel || module.kind == ModuleKind::KernelModule) {
        for (const auto &place : kallsymsPlaces(module, search))
            appendStamp(key, place);
        return key;
    }
    const auto places = modulePlaces(module, search);
    for (const auto *list : {&places.program, &places.debug}) {
        for (const auto &place : *list)
            appendStamp(key, place);
    }
    // What a .gnu_debuglink usually says; the link itself is in the program.
    const auto name = fs::path(module.name).filename().string();
    for (const auto &link : {name, name + ".debug"}) {
        for (const auto &place : debugLinkPlaces(module, link, search))
            appendStamp(key, place);
    }
    key += search.useSystem ? "system" : "";
    return key;
}

std::string hex16(std::uint64_t value)
{
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(value));
    return text;
}

// The answer comes from a process that read hostile files.
bool isSound(const SymbolAnswer &answer, std::size_t addresses)
{
    return answer.end.size() == addresses && std::is_sorted(answer.end.begin(), answer.end.end()) &&
           (addresses == 0 || answer.end.back() == answer.frames.size());
}

// A file that was there and could not be read (no memory, no descriptor, no right, being written)
// may be readable the next time, and nothing in the key would tell.
bool mayBeBadLuck(const SymbolAnswer &answer)
{
    return std::any_of(answer.notes.begin(), answer.notes.end(), [](const ImportNote &note) {
        return note.code == "symbols_file_refused" || note.code == "symbols_file_damaged" ||
               note.code == "symbols_kallsyms_hidden";
    });
}

class CachingSymbolizer final : public Symbolizer {
public:
    CachingSymbolizer(std::unique_ptr<Symbolizer> inner, SymbolSearch search,
                      SymbolCacheLimits limits)
        : m_inner(std::move(inner)),
          m_search(std::move(search)),
          m_limits(limits)
    {}

    Result<SymbolAnswer> resolve(const SymbolQuery &query, JobContext &job) override
    {
        if (!isBuildId(query.module.buildId))
            return m_inner->resolve(query, job);
        const auto key = keyOf(query.module, m_search);
        const auto path = m_search.cacheDirectory /
                          (query.module.buildId + '-' + hex16(XXH64(key.data(), key.size(), 0)) +
                           std::string(kSuffix));
        auto known = load(path, key);
        SymbolQuery missing{query.module, {}};
        std::set_difference(query.addresses.begin(), query.addresses.end(), known.addresses.begin(),
                            known.addresses.end(), std::back_inserter(missing.addresses));
        if (!missing.addresses.empty()) {
            FW_ASSIGN(auto fresh, m_inner->resolve(missing, job));
            if (!isSound(fresh, missing.addresses.size()))
                return fail(Errc::Internal, "a symbolizer answered something else than asked");
            const bool keep = !mayBeBadLuck(fresh);
            known = merged(known, {key, std::move(missing.addresses), std::move(fresh)});
            if (keep)
                store(path, known);
        }
        return select(known, query);
    }

private:
    CacheEntry load(const fs::path &path, const std::string &key) const;
    void store(const fs::path &path, const CacheEntry &entry) const;
    void evict() const;
    static CacheEntry merged(const CacheEntry &a, CacheEntry b);
    static SymbolAnswer select(const CacheEntry &entry, const SymbolQuery &query);

    std::unique_ptr<Symbolizer> m_inner;
    SymbolSearch m_search;
    SymbolCacheLimits m_limits;
};

// The entry of that key, or an empty one.
CacheEntry CachingSymbolizer::load(const fs::path &path, const std::string &key) const
{
    CacheEntry none;
    none.key = key;
    const auto file = openBeneath(path.parent_path(), path.filename(), m_limits.maxEntryBytes);
    if (!file.has_value())
        return none;
    const auto bytes = readText(*file, m_limits.maxEntryBytes);
    if (!bytes.has_value())
        return none;
    auto entry = decodeCacheEntry(*bytes);
    if (!entry || entry->key != key)
        return none;
    utimensat(AT_FDCWD, path.c_str(), nullptr, 0); // used now
    return *std::move(entry);
}

// Written beside and renamed, so that others see all of it or nothing.
void CachingSymbolizer::store(const fs::path &path, const CacheEntry &entry) const
{
    const auto bytes = encodeCacheEntry(entry);
    if (bytes.size() > m_limits.maxEntryBytes)
        return;
    std::error_code error;
    fs::create_directories(m_search.cacheDirectory, error);
    const auto temporary = path.string() + '.' + std::to_string(getpid()) + ".tmp";
    const FileDescriptor out(
        ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!out.isOpen())
        return;
    std::size_t done = 0;
    while (done < bytes.size()) {
        const auto wrote = write(out.get(), bytes.data() + done, bytes.size() - done);
        if (wrote <= 0)
            break;
        done += static_cast<std::size_t>(wrote);
    }
    if (done == bytes.size())
        fs::rename(temporary, path, error);
    if (done != bytes.size() || error)
        fs::remove(temporary, error);
    evict();
}

void CachingSymbolizer::evict() const
{
    struct Item {
        fs::path path;
        std::uint64_t bytes;
        std::int64_t seconds, nanos;
    };
    std::error_code error;
    std::vector<Item> items;
    std::uint64_t total = 0;
    for (const auto &file : fs::directory_iterator(m_search.cacheDirectory, error)) {
        const auto name = file.path().filename().string();
        struct stat info {};
        // Only what is ours: the directory is the user's.
        if (name.find(kSuffix) == std::string::npos || lstat(file.path().c_str(), &info) != 0 ||
            !S_ISREG(info.st_mode))
            continue;
        items.push_back({file.path(), static_cast<std::uint64_t>(info.st_size), info.st_mtim.tv_sec,
                         info.st_mtim.tv_nsec});
        total += items.back().bytes;
    }
    std::sort(items.begin(), items.end(), [](const Item &a, const Item &b) {
        return std::tie(a.seconds, a.nanos, a.path) < std::tie(b.seconds, b.nanos, b.path);
    });
    for (const auto &item : items) {
        if (total <= m_limits.maxBytes)
            break;
        if (fs::remove(item.path, error))
            total -= item.bytes;
    }
}

void appendRow(CacheEntry &out, const CacheEntry &from, std::size_t row)
{
    const auto begin = row == 0 ? 0 : from.answer.end[row - 1];
    for (auto k = begin; k < from.answer.end[row]; ++k)
        out.answer.frames.push_back(from.answer.frames[k]);
    out.addresses.push_back(from.addresses[row]);
    out.answer.end.push_back(static_cast<std::uint32_t>(out.answer.frames.size()));
}

// Addresses of both, which have none in common. Notes and file are those of `b`, the newer one.
CacheEntry CachingSymbolizer::merged(const CacheEntry &a, CacheEntry b)
{
    if (a.addresses.empty())
        return b;
    CacheEntry out;
    out.key = std::move(b.key);
    out.answer.usedFile = std::move(b.answer.usedFile);
    out.answer.notes = std::move(b.answer.notes);
    std::size_t i = 0, j = 0;
    while (i < a.addresses.size() || j < b.addresses.size()) {
        const bool first =
            j == b.addresses.size() || (i < a.addresses.size() && a.addresses[i] < b.addresses[j]);
        if (first)
            appendRow(out, a, i++);
        else
            appendRow(out, b, j++);
    }
    return out;
}

SymbolAnswer CachingSymbolizer::select(const CacheEntry &entry, const SymbolQuery &query)
{
    CacheEntry out;
    out.answer.usedFile = entry.answer.usedFile;
    out.answer.notes = entry.answer.notes;
    for (const auto &address : query.addresses) {
        const auto it = std::lower_bound(entry.addresses.begin(), entry.addresses.end(), address);
        if (it != entry.addresses.end() && *it == address)
            appendRow(out, entry, static_cast<std::size_t>(it - entry.addresses.begin()));
    }
    return std::move(out.answer);
}

} // namespace

std::unique_ptr<Symbolizer> makeCachingSymbolizer(std::unique_ptr<Symbolizer> inner,
                                                  const SymbolSearch &search,
                                                  SymbolCacheLimits limits)
{
    if (search.cacheDirectory.empty())
        return inner;
    return std::make_unique<CachingSymbolizer>(std::move(inner), search, limits);
}

} // namespace flamewright
