#pragma once

#include "capture/base/result.h"
#include "importers/perf_data/blocks.h"
#include "importers/perf_data/input_stream.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

struct ZSTD_DCtx_s;

namespace flamewright {

// One record where it lies. Valid while its block is held: until the next call of
// PerfRecordReader::next(), or longer when somebody calls PerfBlocks::hold().
struct PerfRecord {
    std::uint32_t type = 0;
    std::uint16_t misc = 0;
    std::span<const std::byte> body; // without the header
    std::uint32_t block = 0;
    std::uint32_t position = 0; // of the header in the block
    std::uint64_t offset = 0;   // of the header in the input
};

// Why the stream of records ended.
enum class PerfStreamEnd : std::uint8_t {
    Complete,  // at the end of the section, or of the input where that has no known end
    Truncated, // the input ended in the section
    Damaged,   // a record whose size cannot be, so that the next one cannot be found
};

// Turns the data section into records: reads blocks, unpacks compressed records, steps over the
// raw data behind AUXTRACE and HEADER_TRACING_DATA.
class PerfRecordReader {
public:
    static constexpr std::size_t kHeaderBytes = 8;

    // Reads up to `end` (an offset in the input, or UINT64_MAX). `pipe`: the layout for pipes,
    // where tracing data follows its record.
    PerfRecordReader(PerfInputStream &input, PerfBlocks &blocks, std::uint64_t end, bool pipe,
                     bool swap);
    ~PerfRecordReader();
    PerfRecordReader(const PerfRecordReader &) = delete;
    PerfRecordReader &operator=(const PerfRecordReader &) = delete;

    // False at the end of the stream, of whatever kind. Errors are the source's, and
    // Errc::Limit for compressed records that grow beyond all reason.
    Result<bool> next(PerfRecord &record);

    PerfStreamEnd end() const { return m_endKind; }
    std::uint64_t endOffset() const { return m_endOffset; }
    // Compressed records that could not be unpacked, and the first one's offset.
    std::uint64_t badPacked() const { return m_badPacked; }
    std::uint64_t badPackedOffset() const { return m_badPackedOffset; }
    std::uint64_t auxBytes() const { return m_auxBytes; }

    // The record at a place that add() of the queue remembered.
    PerfRecord recordAt(std::uint32_t block, std::uint32_t position) const;

private:
    enum class Scan : std::uint8_t { Found, NeedMore, Damaged };
    // A run of records being filled at its end and read at its begin.
    struct Lane {
        std::uint32_t block = 0;
        std::size_t begin = 0, filled = 0;
        bool open = false;
        std::size_t pending() const { return filled - begin; }
    };

    Scan scan(Lane &lane, PerfRecord &record);
    std::span<std::byte> room(Lane &lane, std::uint64_t offsetOfFill, bool packed);
    Result<bool> fillRaw();
    Result<> openPacked(const PerfRecord &record);
    Result<> unpack();
    Result<bool> skipTrailing(const PerfRecord &record);
    bool dropRaw(std::uint64_t size);
    bool finish(PerfStreamEnd kind, std::uint64_t offset);

    PerfInputStream &m_input;
    PerfBlocks &m_blocks;
    std::uint64_t m_end;
    bool m_pipe, m_swap;
    Lane m_raw, m_unpacked;
    struct FreeContext {
        void operator()(ZSTD_DCtx_s *context) const;
    };
    std::unique_ptr<ZSTD_DCtx_s, FreeContext> m_zstd;
    std::span<const std::byte> m_packed; // compressed bytes still to unpack
    std::uint64_t m_packedOffset = 0;
    bool m_zstdHolds = false; // zstd has output that did not fit
    bool m_zstdBroken = false;
    std::uint64_t m_packedIn = 0, m_packedOut = 0;
    std::uint64_t m_badPacked = 0, m_badPackedOffset = 0, m_auxBytes = 0;
    bool m_done = false;
    PerfStreamEnd m_endKind = PerfStreamEnd::Complete;
    std::uint64_t m_endOffset = 0;
};

} // namespace flamewright
