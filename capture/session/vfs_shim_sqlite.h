#pragma once

#include "capture/session/fault_plan.h"

#include <sqlite3.h>

#include <memory>
#include <string>

namespace flamewright {

// What a session may do to the file system: SQLite's own unix VFS behind a gate that knows four
// names, X, X-journal, X-wal and X-shm. Every other name does not exist, so that a crafted
// journal cannot make SQLite read or delete a stranger's file.
class SessionVfs {
public:
    enum class Policy : std::uint8_t {
        ReadWrite,
        ReadOnly, // uses side files that are there, makes none
        Immutable // side files do not exist; no locks
    };
    // `path` is absolute and free of symbolic links.
    SessionVfs(std::string path, Policy policy, std::shared_ptr<FaultPlan> faults);
    ~SessionVfs();
    SessionVfs(const SessionVfs &) = delete;
    SessionVfs &operator=(const SessionVfs &) = delete;

    // For sqlite3_open_v2. All connections must be closed before this object goes.
    const char *name() const { return m_name.c_str(); }
    const std::string &path() const { return m_path; }
    Policy policy() const { return m_policy; }

private:
    friend struct ShimCalls;
    bool isOurs(const char *name) const;
    // A SQLite error code when the plan says that this call fails, else SQLITE_OK.
    int fault(int ioError, bool canBeFull) const;
    bool exceedsCapacity(std::uint64_t growth) const;

    std::string m_path;
    std::string m_name;
    Policy m_policy;
    std::shared_ptr<FaultPlan> m_faults;
    sqlite3_vfs *m_unix;
    sqlite3_vfs m_vfs{};
};

} // namespace flamewright
