#include "capture/session/vfs_shim_sqlite.h"

#include <atomic>
#include <cstring>
#include <string_view>
#include <sys/stat.h>

namespace flamewright {
namespace {

// Our part of an open file; the unix VFS's part follows in the same allocation.
struct ShimFile {
    sqlite3_file base;
    const SessionVfs *vfs;
    sqlite3_file *real;
};

ShimFile *shimOf(sqlite3_file *file)
{
    return reinterpret_cast<ShimFile *>(file);
}
sqlite3_file *realOf(sqlite3_file *file)
{
    return shimOf(file)->real;
}

constexpr std::string_view kSideFiles[] = {"-journal", "-wal", "-shm"};

std::string uniqueName()
{
    static std::atomic<std::uint64_t> next{1};
    return "flamewright-" + std::to_string(next.fetch_add(1));
}

} // namespace

// The C callbacks: static members of one friend, so that they may look into SessionVfs.
struct ShimCalls {
    static const SessionVfs *self(sqlite3_vfs *vfs)
    {
        return static_cast<const SessionVfs *>(vfs->pAppData);
    }
    static sqlite3_vfs *base(sqlite3_vfs *vfs) { return self(vfs)->m_unix; }

    static int open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
    {
        const auto *shim = self(vfs);
        file->pMethods = nullptr;
        if ((flags & SQLITE_OPEN_SUPER_JOURNAL) != 0 || (name != nullptr && !shim->isOurs(name))) {
            shim->m_faults->refusedNames.fetch_add(1);
            return SQLITE_CANTOPEN;
        }
        if (const int rc = shim->fault(SQLITE_CANTOPEN, true); rc != SQLITE_OK)
            return rc;
        if (name != nullptr && shim->m_policy != SessionVfs::Policy::ReadWrite)
            flags = (flags & ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)) | SQLITE_OPEN_READONLY;
        auto *shimFile = shimOf(file);
        shimFile->vfs = shim;
        shimFile->real = reinterpret_cast<sqlite3_file *>(shimFile + 1);
        const int rc = shim->m_unix->xOpen(shim->m_unix, name, shimFile->real, flags, out);
        if (shimFile->real->pMethods != nullptr)
            file->pMethods = &methods;
        return rc;
    }
    static int remove(sqlite3_vfs *vfs, const char *name, int syncDirectory)
    {
        const auto *shim = self(vfs);
        if (!shim->isOurs(name) || shim->m_policy != SessionVfs::Policy::ReadWrite ||
            name == shim->m_path) {
            shim->m_faults->refusedNames.fetch_add(1);
            return SQLITE_IOERR_DELETE;
        }
        if (const int rc = shim->fault(SQLITE_IOERR_DELETE, false); rc != SQLITE_OK)
            return rc;
        return shim->m_unix->xDelete(shim->m_unix, name, syncDirectory);
    }
    static int access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
    {
        const auto *shim = self(vfs);
        *out = 0;
        if (!shim->isOurs(name)) {
            shim->m_faults->refusedNames.fetch_add(1);
            return SQLITE_OK;
        }
        if (const int rc = shim->fault(SQLITE_IOERR_ACCESS, false); rc != SQLITE_OK)
            return rc;
        return shim->m_unix->xAccess(shim->m_unix, name, flags, out);
    }
    static int fullPathname(sqlite3_vfs *vfs, const char *name, int size, char *out)
    {
        const auto *shim = self(vfs);
        if (name != shim->m_path || size <= static_cast<int>(shim->m_path.size())) {
            shim->m_faults->refusedNames.fetch_add(1);
            return SQLITE_CANTOPEN;
        }
        std::memcpy(out, shim->m_path.c_str(), shim->m_path.size() + 1);
        return SQLITE_OK;
    }
    static void *dlOpen(sqlite3_vfs *, const char *) { return nullptr; }
    static void dlError(sqlite3_vfs *, int size, char *message)
    {
        sqlite3_snprintf(size, message, "loading libraries is not supported");
    }
    static void (*dlSym(sqlite3_vfs *, void *, const char *))(void) { return nullptr; }
    static void dlClose(sqlite3_vfs *, void *) {}
    static int randomness(sqlite3_vfs *vfs, int size, char *out)
    {
        return base(vfs)->xRandomness(base(vfs), size, out);
    }
    static int sleep(sqlite3_vfs *vfs, int micros) { return base(vfs)->xSleep(base(vfs), micros); }
    static int currentTime(sqlite3_vfs *vfs, double *out)
    {
        return base(vfs)->xCurrentTime(base(vfs), out);
    }
    static int lastError(sqlite3_vfs *vfs, int size, char *out)
    {
        return base(vfs)->xGetLastError(base(vfs), size, out);
    }
    static int currentTime64(sqlite3_vfs *vfs, sqlite3_int64 *out)
    {
        return base(vfs)->xCurrentTimeInt64(base(vfs), out);
    }

    static int close(sqlite3_file *file) { return realOf(file)->pMethods->xClose(realOf(file)); }
    static int read(sqlite3_file *file, void *to, int size, sqlite3_int64 at)
    {
        if (const int rc = shimOf(file)->vfs->fault(SQLITE_IOERR_READ, false); rc != SQLITE_OK)
            return rc;
        return realOf(file)->pMethods->xRead(realOf(file), to, size, at);
    }
    static int write(sqlite3_file *file, const void *from, int size, sqlite3_int64 at)
    {
        const auto *shim = shimOf(file)->vfs;
        if (const int rc = shim->fault(SQLITE_IOERR_WRITE, true); rc != SQLITE_OK)
            return rc;
        if (shim->m_faults->capacityBytes.load() != 0) {
            sqlite3_int64 now = 0;
            const int rc = realOf(file)->pMethods->xFileSize(realOf(file), &now);
            if (rc == SQLITE_OK && at + size > now &&
                shim->exceedsCapacity(static_cast<std::uint64_t>(at + size - now)))
                return SQLITE_FULL;
        }
        return realOf(file)->pMethods->xWrite(realOf(file), from, size, at);
    }
    static int truncate(sqlite3_file *file, sqlite3_int64 size)
    {
        if (const int rc = shimOf(file)->vfs->fault(SQLITE_IOERR_TRUNCATE, false); rc != SQLITE_OK)
            return rc;
        return realOf(file)->pMethods->xTruncate(realOf(file), size);
    }
    static int sync(sqlite3_file *file, int flags)
    {
        if (const int rc = shimOf(file)->vfs->fault(SQLITE_IOERR_FSYNC, true); rc != SQLITE_OK)
            return rc;
        return realOf(file)->pMethods->xSync(realOf(file), flags);
    }
    static int fileSize(sqlite3_file *file, sqlite3_int64 *out)
    {
        if (const int rc = shimOf(file)->vfs->fault(SQLITE_IOERR_FSTAT, false); rc != SQLITE_OK)
            return rc;
        return realOf(file)->pMethods->xFileSize(realOf(file), out);
    }
    static int lock(sqlite3_file *file, int level)
    {
        if (const int rc = shimOf(file)->vfs->fault(SQLITE_IOERR_LOCK, false); rc != SQLITE_OK)
            return rc;
        return realOf(file)->pMethods->xLock(realOf(file), level);
    }
    static int unlock(sqlite3_file *file, int level)
    {
        return realOf(file)->pMethods->xUnlock(realOf(file), level);
    }
    static int checkReservedLock(sqlite3_file *file, int *out)
    {
        return realOf(file)->pMethods->xCheckReservedLock(realOf(file), out);
    }
    static int fileControl(sqlite3_file *file, int op, void *argument)
    {
        return realOf(file)->pMethods->xFileControl(realOf(file), op, argument);
    }
    static int sectorSize(sqlite3_file *file)
    {
        return realOf(file)->pMethods->xSectorSize(realOf(file));
    }
    static int deviceCharacteristics(sqlite3_file *file)
    {
        int flags = realOf(file)->pMethods->xDeviceCharacteristics(realOf(file));
        if (shimOf(file)->vfs->m_policy == SessionVfs::Policy::Immutable)
            flags |= SQLITE_IOCAP_IMMUTABLE;
        return flags;
    }
    static int shmMap(sqlite3_file *file, int region, int size, int extend, volatile void **out)
    {
        const auto *shim = shimOf(file)->vfs;
        if (const int rc = shim->fault(SQLITE_IOERR_SHMMAP, true); rc != SQLITE_OK)
            return rc;
        struct stat info {};
        // The unix VFS would make the file.
        if (shim->m_policy != SessionVfs::Policy::ReadWrite &&
            ::stat((shim->m_path + "-shm").c_str(), &info) != 0)
            return SQLITE_READONLY_CANTINIT;
        return realOf(file)->pMethods->xShmMap(realOf(file), region, size, extend, out);
    }
    static int shmLock(sqlite3_file *file, int offset, int n, int flags)
    {
        if ((flags & SQLITE_SHM_LOCK) != 0) {
            if (const int rc = shimOf(file)->vfs->fault(SQLITE_IOERR_SHMLOCK, false);
                rc != SQLITE_OK)
                return rc;
        }
        return realOf(file)->pMethods->xShmLock(realOf(file), offset, n, flags);
    }
    static void shmBarrier(sqlite3_file *file)
    {
        realOf(file)->pMethods->xShmBarrier(realOf(file));
    }
    static int shmUnmap(sqlite3_file *file, int remove)
    {
        return realOf(file)->pMethods->xShmUnmap(realOf(file), remove);
    }

    static const sqlite3_io_methods methods;
};

// Version 2: without xFetch, there is no memory mapping of the main file.
const sqlite3_io_methods ShimCalls::methods = {2,
                                               close,
                                               read,
                                               write,
                                               truncate,
                                               sync,
                                               fileSize,
                                               lock,
                                               unlock,
                                               checkReservedLock,
                                               fileControl,
                                               sectorSize,
                                               deviceCharacteristics,
                                               shmMap,
                                               shmLock,
                                               shmBarrier,
                                               shmUnmap,
                                               nullptr,
                                               nullptr};

SessionVfs::SessionVfs(std::string path, Policy policy, std::shared_ptr<FaultPlan> faults)
    : m_path(std::move(path)),
      m_name(uniqueName()),
      m_policy(policy),
      m_faults(faults ? std::move(faults) : std::make_shared<FaultPlan>()),
      m_unix(sqlite3_vfs_find("unix"))
{
    m_vfs.iVersion = 2;
    m_vfs.szOsFile = static_cast<int>(sizeof(ShimFile)) + m_unix->szOsFile;
    m_vfs.mxPathname = m_unix->mxPathname;
    m_vfs.zName = m_name.c_str();
    m_vfs.pAppData = this;
    m_vfs.xOpen = ShimCalls::open;
    m_vfs.xDelete = ShimCalls::remove;
    m_vfs.xAccess = ShimCalls::access;
    m_vfs.xFullPathname = ShimCalls::fullPathname;
    m_vfs.xDlOpen = ShimCalls::dlOpen;
    m_vfs.xDlError = ShimCalls::dlError;
    m_vfs.xDlSym = ShimCalls::dlSym;
    m_vfs.xDlClose = ShimCalls::dlClose;
    m_vfs.xRandomness = ShimCalls::randomness;
    m_vfs.xSleep = ShimCalls::sleep;
    m_vfs.xCurrentTime = ShimCalls::currentTime;
    m_vfs.xGetLastError = ShimCalls::lastError;
    m_vfs.xCurrentTimeInt64 = ShimCalls::currentTime64;
    sqlite3_vfs_register(&m_vfs, 0);
}

SessionVfs::~SessionVfs()
{
    sqlite3_vfs_unregister(&m_vfs);
}

bool SessionVfs::isOurs(const char *name) const
{
    const std::string_view view(name);
    if (!view.starts_with(m_path))
        return false;
    const auto rest = view.substr(m_path.size());
    if (rest.empty())
        return true;
    if (m_policy == Policy::Immutable)
        return false;
    for (const auto side : kSideFiles) {
        if (rest == side)
            return true;
    }
    return false;
}

int SessionVfs::fault(int ioError, bool canBeFull) const
{
    auto &plan = *m_faults;
    plan.calls.fetch_add(1, std::memory_order_relaxed);
    auto left = plan.callsUntilFault.load(std::memory_order_relaxed);
    if (left < 0)
        return SQLITE_OK;
    const bool full = plan.kind.load() == FaultPlan::Kind::Full;
    if (full && !canBeFull)
        return SQLITE_OK;
    while (left > 0 && !plan.callsUntilFault.compare_exchange_weak(left, left - 1)) {
    }
    if (left > 0)
        return SQLITE_OK;
    if (!plan.forever.load())
        plan.callsUntilFault.store(-1);
    plan.faults.fetch_add(1);
    return full ? SQLITE_FULL : ioError;
}

bool SessionVfs::exceedsCapacity(std::uint64_t growth) const
{
    auto used = growth;
    for (const auto *side : {"", "-journal", "-wal", ".reserve"}) {
        struct stat info {};
        if (::stat((m_path + side).c_str(), &info) == 0)
            used += static_cast<std::uint64_t>(info.st_size);
    }
    return used > m_faults->capacityBytes.load();
}

} // namespace flamewright
