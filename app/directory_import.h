#pragma once

#include "app/workbench.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace flamewright {

// What became of the files of a directory.
struct DirectoryImport {
    std::vector<CaptureInfo> captures;
    std::size_t unknown = 0;         // files of no format that is read
    std::vector<std::string> failed; // of a known one, but unreadable: "name: why"

    // "3 files of DIR are of no known format", "shop.trace: ..."; empty: everything was read.
    std::vector<std::string> leftOut(const std::filesystem::path &directory) const;
};

inline constexpr std::size_t kMaxDirectoryFiles = 10'000;

// Imports every file below a directory, in the order of their names, each as a capture that is
// called by its path there. Links are not followed and sessions not opened. `request` gives
// everything but input and name. Errc::NotFound: nothing could be imported; Errc::Limit: there are
// more than kMaxDirectoryFiles files.
Result<DirectoryImport> importDirectory(const Workbench &workbench, Session &session,
                                        const std::filesystem::path &directory,
                                        const ImportRequest &request, JobContext &job);

} // namespace flamewright
