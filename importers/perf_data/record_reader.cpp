#include "importers/perf_data/record_reader.h"

#include "importers/perf_data/abi.h"
#include "importers/perf_data/cursor.h"

#include <zstd.h>

#include <algorithm>
#include <cstring>

namespace flamewright {
namespace {

// zstd's largest window that its own tool accepts by default; perf -z=22 needs it.
constexpr int kWindowLogMax = 27;
// More than this many times its size, after the first 256 MiB, is not a recording.
constexpr std::uint64_t kMaxRatio = 1000;
constexpr std::uint64_t kRatioFrom = 256u << 20;
constexpr std::size_t kPacked2Header = 8;

bool startsZstdFrame(std::span<const std::byte> bytes)
{
    constexpr unsigned char kMagic[] = {0x28, 0xb5, 0x2f, 0xfd};
    return bytes.size() >= 4 && std::memcmp(bytes.data(), kMagic, 4) == 0;
}

} // namespace

void PerfRecordReader::FreeContext::operator()(ZSTD_DCtx_s *context) const
{
    ZSTD_freeDCtx(context);
}

PerfRecordReader::PerfRecordReader(PerfInputStream &input, PerfBlocks &blocks, std::uint64_t end,
                                   bool pipe, bool swap)
    : m_input(input),
      m_blocks(blocks),
      m_end(end),
      m_pipe(pipe),
      m_swap(swap)
{}

PerfRecordReader::~PerfRecordReader()
{
    for (const auto &lane : {m_raw, m_unpacked}) {
        if (lane.open)
            m_blocks.release(lane.block);
    }
}

PerfRecord PerfRecordReader::recordAt(std::uint32_t block, std::uint32_t position) const
{
    const auto bytes = m_blocks.bytes(block);
    PerfCursor in(bytes.subspan(position, kHeaderBytes), m_swap);
    PerfRecord record;
    record.type = in.u32();
    record.misc = in.u16();
    const auto size = in.u16();
    record.body = bytes.subspan(position + kHeaderBytes, size - kHeaderBytes);
    record.block = block;
    record.position = position;
    record.offset = m_blocks.offsetOf(block, position);
    return record;
}

PerfRecordReader::Scan PerfRecordReader::scan(Lane &lane, PerfRecord &record)
{
    if (lane.pending() < kHeaderBytes)
        return Scan::NeedMore;
    const auto bytes = m_blocks.bytes(lane.block).subspan(lane.begin, lane.pending());
    PerfCursor in(bytes, m_swap);
    record.type = in.u32();
    record.misc = in.u16();
    std::size_t size = in.u16();
    if (size == 0 && record.type == kPerfCompressed2) {
        // perf up to 6.18 rounds 65529..65535 up to a size that 16 bits cannot hold, and then
        // writes no padding. The second header tells the size all the same.
        const auto full = in.u64() + kHeaderBytes + kPacked2Header;
        if (!in.ok())
            return Scan::NeedMore;
        size = full >= 65529 && full <= 65535 ? static_cast<std::size_t>(full) : 0;
    }
    if (size < kHeaderBytes)
        return Scan::Damaged;
    if (size > bytes.size())
        return Scan::NeedMore;
    record.body = bytes.subspan(kHeaderBytes, size - kHeaderBytes);
    record.block = lane.block;
    record.position = static_cast<std::uint32_t>(lane.begin);
    record.offset = m_blocks.offsetOf(lane.block, lane.begin);
    lane.begin += size;
    return Scan::Found;
}

// Space to fill behind the lane's bytes. A new block begins when what is left could not hold the
// largest record; what is still unread moves there.
std::span<std::byte> PerfRecordReader::room(Lane &lane, std::uint64_t offsetOfFill, bool packed)
{
    constexpr std::size_t kLargestRecord = 65536;
    if (!lane.open) {
        lane = {m_blocks.acquire(offsetOfFill, packed), 0, 0, true};
    } else if (PerfBlocks::kBlockBytes - lane.begin < kLargestRecord ||
               lane.filled == PerfBlocks::kBlockBytes) {
        const auto pending = lane.pending();
        const auto offset = packed ? offsetOfFill : m_blocks.offsetOf(lane.block, lane.begin);
        const auto fresh = m_blocks.acquire(offset, packed);
        std::memcpy(m_blocks.bytes(fresh).data(), m_blocks.bytes(lane.block).data() + lane.begin,
                    pending);
        m_blocks.release(lane.block);
        lane = {fresh, 0, pending, true};
    }
    return m_blocks.bytes(lane.block).subspan(lane.filled);
}

bool PerfRecordReader::finish(PerfStreamEnd kind, std::uint64_t offset)
{
    m_done = true;
    m_endKind = kind;
    m_endOffset = offset;
    return false;
}

// False when the stream has ended.
Result<bool> PerfRecordReader::fillRaw()
{
    const auto position = m_input.position();
    auto into = room(m_raw, position, false);
    const auto left = m_end > position ? m_end - position : 0;
    if (into.size() > left)
        into = into.first(static_cast<std::size_t>(left));
    FW_ASSIGN(const auto got, m_input.read(into));
    if (got > 0) {
        m_raw.filled += got;
        return true;
    }
    const auto complete =
        m_raw.pending() == 0 && m_unpacked.pending() == 0 && (left == 0 || m_end == UINT64_MAX);
    // A partial record at the declared end of the section is damage, not a cut.
    const auto cut = left > 0 ? PerfStreamEnd::Truncated : PerfStreamEnd::Damaged;
    return finish(complete ? PerfStreamEnd::Complete : cut, position - m_raw.pending());
}

// Steps over `size` bytes behind the current record. False when the input ends before.
bool PerfRecordReader::dropRaw(std::uint64_t size)
{
    const auto here = std::min<std::uint64_t>(size, m_raw.pending());
    m_raw.begin += static_cast<std::size_t>(here);
    return here == size;
}

Result<bool> PerfRecordReader::skipTrailing(const PerfRecord &record)
{
    PerfCursor in(record.body, m_swap);
    std::uint64_t size = 0;
    if (record.type == kPerfAuxtrace) {
        size = in.u64();
        m_auxBytes += size;
    } else if (record.type == kPerfHeaderTracingData && m_pipe) {
        size = (std::uint64_t{in.u32()} + 7) & ~std::uint64_t{7};
    }
    if (!in.ok() || size == 0)
        return true;
    const auto buffered = m_raw.pending();
    if (dropRaw(size))
        return true;
    auto rest = size - buffered;
    const auto left = m_end > m_input.position() ? m_end - m_input.position() : 0;
    const auto beyond = rest > left;
    rest = std::min(rest, left);
    FW_ASSIGN(const auto skipped, m_input.skip(rest));
    // What is read next no longer adjoins the block's bytes: begin a new block.
    m_blocks.release(m_raw.block);
    m_raw = {};
    if (skipped < rest || beyond)
        return finish(skipped < rest ? PerfStreamEnd::Truncated : PerfStreamEnd::Damaged,
                      m_input.position());
    return true;
}

Result<> PerfRecordReader::openPacked(const PerfRecord &record)
{
    m_packedOffset = record.offset;
    m_packed = record.body;
    if (record.type == kPerfCompressed2) {
        PerfCursor in(record.body, m_swap);
        const auto size = in.u64();
        m_packed = in.bytes(std::min<std::uint64_t>(size, in.remaining()));
    }
    if (!m_zstd) {
        m_zstd.reset(ZSTD_createDCtx());
        if (!m_zstd)
            return fail(Errc::Limit, "not enough memory");
        ZSTD_DCtx_setParameter(m_zstd.get(), ZSTD_d_windowLogMax, kWindowLogMax);
    }
    if (m_zstdBroken && !startsZstdFrame(m_packed)) {
        ++m_badPacked; // the middle of a frame whose begin is lost
        m_packed = {};
        return {};
    }
    m_zstdBroken = false;
    m_packedIn += m_packed.size();
    return {};
}

// Unpacks as much as fits into the lane's block.
Result<> PerfRecordReader::unpack()
{
    const auto into = room(m_unpacked, m_packedOffset, true);
    ZSTD_inBuffer in{m_packed.data(), m_packed.size(), 0};
    ZSTD_outBuffer out{into.data(), into.size(), 0};
    const auto hint = ZSTD_decompressStream(m_zstd.get(), &out, &in);
    m_packed = m_packed.subspan(in.pos);
    m_unpacked.filled += out.pos;
    m_packedOut += out.pos;
    m_zstdHolds = out.pos == out.size;
    if (ZSTD_isError(hint) != 0 || (in.pos == 0 && out.pos == 0 && !m_packed.empty())) {
        if (m_badPacked++ == 0)
            m_badPackedOffset = m_packedOffset;
        ZSTD_DCtx_reset(m_zstd.get(), ZSTD_reset_session_only);
        m_zstdBroken = true;
        m_zstdHolds = false;
        m_packed = {};
        m_unpacked.begin = m_unpacked.filled; // the record in the making is lost
    }
    if (m_packedOut > kRatioFrom && m_packedOut / kMaxRatio > m_packedIn)
        return fail(Error(Errc::Limit, "the compressed records of this perf.data unpack to more "
                                       "than 1000 times their size")
                        .at(m_packedOffset));
    return {};
}

Result<bool> PerfRecordReader::next(PerfRecord &record)
{
    while (!m_done) {
        if (m_unpacked.open) {
            const auto found = scan(m_unpacked, record);
            if (found == Scan::Found)
                return true;
            if (found == Scan::Damaged) {
                // Records cannot be found again in this stream; plain ones may follow.
                if (m_badPacked++ == 0)
                    m_badPackedOffset = m_packedOffset;
                m_unpacked.begin = m_unpacked.filled;
                m_packed = {};
                m_zstdHolds = false;
                m_zstdBroken = true;
                ZSTD_DCtx_reset(m_zstd.get(), ZSTD_reset_session_only);
            }
        }
        if (!m_packed.empty() || m_zstdHolds) {
            FW_TRY(unpack());
            continue;
        }
        const auto found = m_raw.open ? scan(m_raw, record) : Scan::NeedMore;
        if (found == Scan::Damaged)
            return finish(PerfStreamEnd::Damaged, m_blocks.offsetOf(m_raw.block, m_raw.begin));
        if (found == Scan::NeedMore) {
            FW_ASSIGN(const auto more, fillRaw());
            if (!more)
                return false;
            continue;
        }
        if (record.type == kPerfCompressed || record.type == kPerfCompressed2) {
            FW_TRY(openPacked(record));
            continue;
        }
        if (record.type == kPerfAuxtrace || record.type == kPerfHeaderTracingData) {
            // The record's own bytes stay valid while its block is held by the lane or, when
            // skipping lets go of that, do not matter: both records end with their size.
            FW_ASSIGN(const auto whole, skipTrailing(record));
            if (!whole)
                return false;
            continue;
        }
        return true;
    }
    return false;
}

} // namespace flamewright
