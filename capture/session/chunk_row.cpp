#include "capture/session/chunk_row.h"

#define XXH_INLINE_ALL
#include <zstd.h>

#include <bit>
#include <cstdio>
#include <cstring>
#include <xxhash.h>

namespace flamewright {
namespace {

// A frame that wants a larger window than a chunk is not one of ours.
constexpr std::size_t kMaxStoredBytes = kMaxChunkBytes + (kMaxChunkBytes >> 7) + 1024;

static_assert(std::endian::native == std::endian::little,
              "checksums are defined over little-endian integers");

void feed(XXH3_state_t &state, const SessionUuid &uuid, const ChunkRow &row)
{
    const std::int64_t columns[] = {row.id,   row.capture, row.kind, row.ver,     row.firstRow,
                                    row.rows, row.t0,      row.t1,   row.rawBytes};
    XXH3_64bits_reset(&state);
    XXH3_64bits_update(&state, uuid.data(), uuid.size());
    XXH3_64bits_update(&state, columns, sizeof columns);
}

const char *kindName(std::int64_t kind)
{
    switch (static_cast<ChunkKind>(kind)) {
    case ChunkKind::Samples: return "samples";
    case ChunkKind::Slices: return "slices";
    case ChunkKind::Counters: return "counters";
    case ChunkKind::Requests: return "requests";
    case ChunkKind::Summaries: return "summaries";
    case ChunkKind::Benchmarks: return "benchmark values";
    case ChunkKind::Flows: return "flows";
    case ChunkKind::SliceLevels: return "levels of slices";
    case ChunkKind::CounterLevels: return "levels of counters";
    case ChunkKind::Texts: return "texts";
    case ChunkKind::Strings: return "strings";
    case ChunkKind::Frames: return "frames";
    case ChunkKind::Stacks: return "stacks";
    }
    return "unknown kind";
}

bool isFacts(std::int64_t kind)
{
    return kind < static_cast<std::int64_t>(ChunkKind::Strings);
}

Error corrupt(const ChunkRow &row, const char *what)
{
    return Error(Errc::Corrupt, what).in(describe(row));
}

} // namespace

struct ChunkPacker::Impl {
    ZSTD_CCtx *context = ZSTD_createCCtx();
    ~Impl() { ZSTD_freeCCtx(context); }
};

ChunkPacker::ChunkPacker(int level) : m_impl(std::make_unique<Impl>())
{
    if (m_impl->context == nullptr)
        return;
    ZSTD_CCtx_setParameter(m_impl->context, ZSTD_c_compressionLevel, level);
    ZSTD_CCtx_setParameter(m_impl->context, ZSTD_c_checksumFlag, 1);
    ZSTD_CCtx_setParameter(m_impl->context, ZSTD_c_contentSizeFlag, 1);
}
ChunkPacker::~ChunkPacker() = default;
ChunkPacker::ChunkPacker(ChunkPacker &&) noexcept = default;
ChunkPacker &ChunkPacker::operator=(ChunkPacker &&) noexcept = default;

Result<ChunkRow> ChunkPacker::pack(const Chunk &chunk, CaptureId capture,
                                   std::vector<std::byte> &data)
{
    if (m_impl->context == nullptr)
        return fail(Errc::Limit, "not enough memory to compress");
    if (chunk.payload.empty() || chunk.payload.size() > kMaxChunkBytes || chunk.rows == 0 ||
        chunk.rows > kRowsPerChunk)
        return fail(Errc::Limit, "a chunk is larger than the session's limit");
    data.resize(ZSTD_compressBound(chunk.payload.size()));
    const auto written = ZSTD_compress2(m_impl->context, data.data(), data.size(),
                                        chunk.payload.data(), chunk.payload.size());
    if (ZSTD_isError(written))
        return fail(Errc::Internal, std::string("zstd: ") + ZSTD_getErrorName(written));
    data.resize(written);
    return ChunkRow{.capture = capture.raw,
                    .kind = static_cast<std::int64_t>(chunk.kind),
                    .firstRow = static_cast<std::int64_t>(chunk.firstRow),
                    .rows = chunk.rows,
                    .t0 = chunk.span.begin.time_since_epoch().count(),
                    .t1 = chunk.span.end.time_since_epoch().count(),
                    .rawBytes = static_cast<std::int64_t>(chunk.payload.size()),
                    .data = data};
}

std::uint64_t chunkSum(const SessionUuid &uuid, const ChunkRow &row)
{
    XXH3_state_t state;
    feed(state, uuid, row);
    if (!row.data.empty())
        XXH3_64bits_update(&state, row.data.data(), row.data.size());
    return XXH3_64bits_digest(&state);
}

std::uint64_t chunkDigest(const SessionUuid &uuid, const ChunkRow &row)
{
    XXH3_state_t state;
    feed(state, uuid, row);
    if (!row.sum.empty())
        XXH3_64bits_update(&state, row.sum.data(), row.sum.size());
    return XXH3_64bits_digest(&state);
}

std::array<std::byte, 8> sumBytes(std::uint64_t sum)
{
    return std::bit_cast<std::array<std::byte, 8>>(sum);
}

struct ChunkUnpacker::Impl {
    ZSTD_DCtx *context = ZSTD_createDCtx();
    ~Impl() { ZSTD_freeDCtx(context); }
};

ChunkUnpacker::ChunkUnpacker() : m_impl(std::make_unique<Impl>()) {}
ChunkUnpacker::~ChunkUnpacker() = default;
ChunkUnpacker::ChunkUnpacker(ChunkUnpacker &&) noexcept = default;
ChunkUnpacker &ChunkUnpacker::operator=(ChunkUnpacker &&) noexcept = default;

Result<> ChunkUnpacker::unpack(const SessionUuid &uuid, const ChunkRow &row, Chunk &chunk)
{
    if (m_impl->context == nullptr)
        return fail(Errc::Limit, "not enough memory to decompress");
    if (row.data.size() > kMaxStoredBytes)
        return fail(corrupt(row, "a stored chunk is larger than any chunk can be"));
    const auto expected = sumBytes(chunkSum(uuid, row));
    if (row.sum.size() != expected.size() ||
        std::memcmp(row.sum.data(), expected.data(), expected.size()) != 0)
        return fail(corrupt(row, "a stored chunk does not match its checksum"));
    // A matching checksum shows that the row is as written, not that an honest program wrote it.
    if (row.ver > kChunkVersion)
        return fail(Error(Errc::Version, "a newer version wrote this chunk").in(describe(row)));
    if (!isKnownKind(row.kind) || row.ver < 1 || row.rows < 1 || row.rows > kRowsPerChunk ||
        row.firstRow < 0 || row.t0 > row.t1 || row.rawBytes < 8 || row.rawBytes % 8 != 0 ||
        row.rawBytes > static_cast<std::int64_t>(kMaxChunkBytes))
        return fail(corrupt(row, "a stored chunk breaks the limits of the format"));
    const auto claimed = ZSTD_getFrameContentSize(row.data.data(), row.data.size());
    if (claimed != static_cast<std::uint64_t>(row.rawBytes))
        return fail(corrupt(row, "a stored chunk has another size than its row says"));
    chunk.kind = static_cast<ChunkKind>(row.kind);
    chunk.span = {Timestamp{Duration{row.t0}}, Timestamp{Duration{row.t1}}};
    chunk.firstRow = static_cast<std::uint64_t>(row.firstRow);
    chunk.rows = static_cast<std::uint32_t>(row.rows);
    chunk.payload.resize(static_cast<std::size_t>(row.rawBytes));
    const auto written =
        ZSTD_decompressDCtx(m_impl->context, chunk.payload.data(), chunk.payload.size(),
                            row.data.data(), row.data.size());
    if (ZSTD_isError(written) || written != chunk.payload.size())
        return fail(corrupt(row, "a stored chunk cannot be decompressed"));
    return {};
}

std::string describe(const ChunkRow &row)
{
    auto text = "capture " + std::to_string(row.capture) + ", " + kindName(row.kind);
    if (!isFacts(row.kind))
        return text + ' ' + std::to_string(row.firstRow) + " and following";
    char range[96];
    std::snprintf(range, sizeof range, " from %.6f s to %.6f s", static_cast<double>(row.t0) / 1e9,
                  static_cast<double>(row.t1) / 1e9);
    return text + range;
}

bool isKnownKind(std::int64_t kind)
{
    return (kind >= static_cast<std::int64_t>(ChunkKind::Samples) &&
            kind <= static_cast<std::int64_t>(ChunkKind::CounterLevels)) ||
           (kind >= static_cast<std::int64_t>(ChunkKind::Strings) &&
            kind <= static_cast<std::int64_t>(ChunkKind::Texts));
}

} // namespace flamewright
