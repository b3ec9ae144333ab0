#pragma once

#include "importers/importer.h"
#include "importers/io/byte_source.h"
#include "importers/io/file_descriptor.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace flamewright {

struct InputLimits {
    std::uint64_t maxOutputBytes = 64ull << 30; // after decompression
    // A stream that grew more than this many times its input after the first 256 MiB is a bomb.
    std::uint64_t maxRatio = 1000;
    std::uint64_t ratioFrom = 256ull << 20;
    unsigned maxLayers = 2; // .tar.zst; a gzip of a gzip of a gzip is refused
};

// An input made ready for importers: decompressed (gzip, zstd, xz, bzip2), the member of a
// single-member archive (zip, tar), and with a head that can be looked at without consuming it.
class Input : public ByteSource {
public:
    // The first bytes after decompression, at most kProbeBytes; reading still starts with them.
    // Call it before reading. The file name in it is the innermost one: of "cpu.pb.gz" it is
    // "cpu.pb", of an archive the member.
    virtual Result<Probe> probe() = 0;
    // What was unwrapped, outermost first: "gzip", "zip member perf.data"; for provenance.
    virtual const std::string &layers() const = 0;
    // Bytes of the descriptor consumed so far; progress of compressed input. Any thread.
    virtual std::uint64_t rawBytesRead() const = 0;
    // How many there are, of a regular file.
    virtual std::optional<std::uint64_t> rawSize() const = 0;
    // What was odd about the wrapping: "input_trailing_bytes". Complete once all is read.
    virtual std::vector<ImportNote> notes() const = 0;
};

// `descriptor` is read from its position and not closed; it may be a pipe. `fileName` is a hint.
// Errc::Io for a directory or an unreadable file, Errc::Limit for a bomb (also later, from read),
// Errc::Unsupported for an archive with several members (naming them).
Result<std::unique_ptr<Input>> openInput(int descriptor, std::string fileName,
                                         InputLimits limits = {});

// Opens a path for openInput: a regular file, a pipe or a character device; "-" is standard input.
// Opening never blocks. A named pipe that nobody writes to is waited for as long as `pipeWait`
// and then refused; one whose writer is there but silent is left to the reader to wait for.
Result<FileDescriptor> openInputFile(const std::filesystem::path &path,
                                     std::chrono::milliseconds pipeWait = std::chrono::seconds(10));

} // namespace flamewright
