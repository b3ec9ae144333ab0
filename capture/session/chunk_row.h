#pragma once

#include "capture/base/result.h"
#include "capture/session/chunk.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

// A chunk as a row of the `chunk` table: payload compressed, everything under a checksum that
// also covers the session's uuid, so that a row moved between sessions does not pass.
namespace flamewright {

using SessionUuid = std::array<std::byte, 16>;

// The version of chunk.capnp's rules that this program writes (column `ver`).
inline constexpr std::int64_t kChunkVersion = 1;

// The columns as SQLite has them, in the order of kChunkColumns: hostile until opened.
struct ChunkRow {
    std::int64_t id = 0; // known only when the row is inserted
    std::int64_t capture = 0;
    std::int64_t kind = 0;
    std::int64_t ver = kChunkVersion;
    std::int64_t firstRow = 0;
    std::int64_t rows = 0;
    std::int64_t t0 = 0; // TimeRange::begin, end; dimensions: the whole of time
    std::int64_t t1 = 0;
    std::int64_t rawBytes = 0;
    std::span<const std::byte> sum;  // 8 bytes, little-endian XXH3-64
    std::span<const std::byte> data; // one zstd frame
};

// Compresses. One per thread; keeps its work area.
class ChunkPacker {
public:
    explicit ChunkPacker(int level = 3);
    ~ChunkPacker();
    ChunkPacker(ChunkPacker &&) noexcept;
    ChunkPacker &operator=(ChunkPacker &&) noexcept;

    // Everything but `id` and `sum`, which chunkSum() gives once the id is known. `data` is what
    // row.data points to.
    Result<ChunkRow> pack(const Chunk &chunk, CaptureId capture, std::vector<std::byte> &data);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

// Over the uuid and every column but `sum`.
std::uint64_t chunkSum(const SessionUuid &uuid, const ChunkRow &row);
std::array<std::byte, 8> sumBytes(std::uint64_t sum);

// What a capture's manifest adds up, modulo 2^64, over its rows: every column but `data`. It
// shows a missing, foreign or changed row without reading payloads.
std::uint64_t chunkDigest(const SessionUuid &uuid, const ChunkRow &row);

// Verifies and decompresses. One per thread; keeps its work area.
class ChunkUnpacker {
public:
    ChunkUnpacker();
    ~ChunkUnpacker();
    ChunkUnpacker(ChunkUnpacker &&) noexcept;
    ChunkUnpacker &operator=(ChunkUnpacker &&) noexcept;

    // Replaces `chunk`, reusing its memory. Errc::Corrupt when the row does not match its checksum
    // or breaks a limit, with "capture 2, samples from 1.5 s to 2.5 s" as context; Errc::Version when
    // a newer program wrote it.
    Result<> unpack(const SessionUuid &uuid, const ChunkRow &row, Chunk &chunk);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

// Where a row is, for people: "capture 2, samples from 1.500000 s to 2.500000 s".
std::string describe(const ChunkRow &row);

// Kinds this program knows; rows of others are skipped and counted.
bool isKnownKind(std::int64_t kind);

} // namespace flamewright
