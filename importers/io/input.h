#pragma once

#include "importers/importer.h"
#include "importers/io/byte_source.h"

#include <cstdint>
#include <memory>
#include <string>

namespace flamewright {

struct InputLimits {
    std::uint64_t maxOutputBytes = 64ull << 30; // after decompression
    // A stream that grew more than this many times its input after the first 256 MiB is a bomb.
    std::uint64_t maxRatio = 1000;
    unsigned maxLayers = 2; // .tar.zst; a gzip of a gzip of a gzip is refused
};

// An input made ready for importers: decompressed (gzip, zstd, xz, bzip2), the member of a
// single-member archive (zip, tar), and with a head that can be looked at without consuming it.
class Input : public ByteSource {
public:
    // The first bytes after decompression, at most kProbeBytes; reading still starts with them.
    virtual Result<Probe> probe() = 0;
    // What was unwrapped, outermost first: "gzip", "zip member perf.data"; for provenance.
    virtual const std::string &layers() const = 0;
    // Bytes of the descriptor consumed so far; progress of compressed input.
    virtual std::uint64_t rawBytesRead() const = 0;
};

// `descriptor` is read from its position and not closed; it may be a pipe. `fileName` is a hint.
// Errc::Io for a directory or an unreadable file, Errc::Limit for a bomb (also later, from read),
// Errc::Unsupported for an archive with several members (naming them).
Result<std::unique_ptr<Input>> openInput(int descriptor, std::string fileName,
                                         InputLimits limits = {});

} // namespace flamewright
