#pragma once

#include "capture/base/result.h"
#include "importers/io/file_descriptor.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace flamewright {

struct RootedFile {
    FileDescriptor descriptor;
    std::uint64_t sizeBytes = 0;
    std::filesystem::path path; // for people
};

inline constexpr std::uint64_t kMaxSymbolFileBytes = 8ull << 30;
inline constexpr std::uint64_t kMaxSymbolTextBytes = 512u << 20; // perf-PID.map, kallsyms

// Opens the regular file `relative` below `root` for reading. Neither "..", absolute paths nor
// symbolic links lead out of `root`; a FIFO or a device is refused without blocking.
// Errc::NotFound, Errc::Unsupported (not a regular file, or the path leads outside), Errc::Limit
// (larger than `maxBytes`), Errc::Io.
Result<RootedFile> openBeneath(const std::filesystem::path &root,
                               const std::filesystem::path &relative,
                               std::uint64_t maxBytes = kMaxSymbolFileBytes);

// Opens an absolute path of this machine below its top directory, never below those of isPseudo().
Result<RootedFile> openSystemFile(const std::filesystem::path &absolute,
                                  std::uint64_t maxBytes = kMaxSymbolFileBytes);

// /proc, /sys, /dev, /run, /etc: made up by the kernel, or secret; no place for programs.
bool isPseudoDirectory(const std::filesystem::path &top);

// The whole file. One whose size is unknown (below /proc) is read to its end, up to `maxBytes`.
Result<std::string> readText(const RootedFile &file, std::uint64_t maxBytes = kMaxSymbolTextBytes);

} // namespace flamewright
