#pragma once

#include "capture/session/connection_sqlite.h"
#include "capture/session/vfs_shim_sqlite.h"

#include <cstdint>
#include <filesystem>

// Everything that is asked of a file before it is used as a session.
namespace flamewright {

struct FileHeader {
    std::uint32_t pageSize = 0;
    std::uint32_t pages = 0; // as the header says; 0 when it does not know
    std::uint32_t applicationId = 0;
    std::uint32_t userVersion = 0;
    std::uint64_t fileBytes = 0;
};

// Reads the header through SQLite's own file layer, which knows what this process has open: a
// plain open and close would cancel its locks. `sideFiles`: a write-ahead log may complete a main
// file that is shorter than it says.
Result<FileHeader> checkHeader(const std::filesystem::path &path, bool sideFiles);

struct FormatCheck {
    std::uint32_t version = 0; // user_version
    // Why the file may only be read, as a sentence; empty when it may be written.
    std::string readOnlyReason;
};
// The schema allow-list, then versions and features. Errc::Version for what only a newer program
// understands, Errc::Corrupt or UnknownFormat for what is not a session.
Result<FormatCheck> checkFormat(const Connection &db);

// Brings a file of an older version to this one, a step at a time in one transaction each.
Result<> upgradeSession(const Connection &db, std::uint32_t version);

} // namespace flamewright
