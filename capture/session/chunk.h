#pragma once

#include "capture/base/result.h"
#include "capture/base/units.h"
#include "capture/session/records.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace flamewright {

// Facts, then the dimensions, which are chunks too: pages that are only appended to.
// Stored; append only.
enum class ChunkKind : std::uint8_t {
    Samples = 1,
    Slices = 2,
    Counters = 3,
    Requests = 4,
    Summaries = 5,
    Benchmarks = 6,
    Strings = 16,
    Frames = 17,
    Stacks = 18
};

inline constexpr std::uint32_t kRowsPerChunk = 1u << 16;
inline constexpr std::size_t kMaxChunkBytes = 8u << 20; // of an encoded chunk, uncompressed

// A sealed run of rows of one kind. Facts are sorted by time. The header columns are what SQLite
// indexes; `payload` is a Cap'n Proto message (chunk.capnp), not yet compressed. For dimensions
// `firstRow` is the id of the first row (ids count from 1) and span is TimeRange{}.
struct Chunk {
    ChunkKind kind = ChunkKind::Samples;
    // Of facts: [first begin, last end + 1), the end saturating at the end of time.
    TimeRange span;
    std::uint64_t firstRow = 0;
    std::uint32_t rows = 0;
    std::vector<std::byte> payload; // size is a multiple of 8
};

// Where sealed chunks go. Called once per 64 Ki rows, so virtual is free. Implemented by the
// session's writer, by the worker's pipe and by tests.
class ChunkStore {
public:
    virtual ~ChunkStore() = default;
    virtual Result<> putChunk(const Chunk &chunk) = 0;
    // Once, after the last chunk.
    virtual Result<> putMeta(const CaptureMeta &meta) = 0;
};

// Columns of decoded chunks; all vectors of one struct have the same length.
struct SampleColumns {
    std::vector<Timestamp> time;
    std::vector<TrackId> track;
    std::vector<std::int32_t> cpu;
    std::vector<StackId> stack;
    std::vector<MeasureId> measure;
    std::vector<StringId> labels;
    std::vector<std::int64_t> value;
    std::vector<std::int64_t> count;
    std::size_t size() const { return time.size(); }
};

struct SliceColumns {
    std::vector<Timestamp> begin;
    std::vector<Duration> length; // not negative
    std::vector<TrackId> track;
    std::vector<StringId> name;
    std::vector<std::uint16_t> depth;
    std::size_t size() const { return begin.size(); }
};

struct CounterColumns {
    std::vector<Timestamp> time;
    std::vector<TrackId> track;
    std::vector<double> value; // any bit pattern, also NaN
    std::size_t size() const { return time.size(); }
};

struct RequestColumns {
    std::vector<Timestamp> begin;
    std::vector<Duration> latency; // not negative
    std::vector<TrackId> endpoint;
    std::vector<std::uint16_t> status;
    std::vector<std::uint8_t> ok; // 0 or 1
    std::vector<std::uint64_t> bytesIn;
    std::vector<std::uint64_t> bytesOut;
    std::vector<TrackId> worker;
    std::vector<StringId> phase;
    std::vector<StringId> statusText;
    std::vector<StringId> error;
    std::vector<RequestKind> kind;
    std::vector<Duration> connect;   // not negative or kUnknownDuration
    std::vector<Duration> firstByte; // not negative or kUnknownDuration
    std::vector<StringId> labels;
    std::size_t size() const { return begin.size(); }
};

struct SummaryColumns {
    std::vector<Timestamp> begin;
    std::vector<Duration> length; // not negative
    std::vector<TrackId> endpoint;
    std::vector<StringId> metric;
    std::vector<StringId> subset;
    std::vector<SummaryFigure> figure;
    std::vector<Unit> unit;
    std::vector<double> position; // any bit pattern, as the value
    std::vector<double> value;
    std::vector<StringId> method;
    std::size_t size() const { return begin.size(); }
};

struct BenchmarkColumns {
    std::vector<Timestamp> time;
    std::vector<StringId> name;
    std::vector<StringId> metric;
    std::vector<StringId> unit;
    std::vector<std::uint32_t> run;
    std::vector<std::uint32_t> repetition;
    std::vector<std::uint64_t> iterations;
    std::vector<double> value;    // finite
    std::vector<std::uint8_t> ok; // 0 or 1
    std::vector<StringId> statistic;
    std::vector<StringId> method;
    std::vector<StringId> labels;
    std::size_t size() const { return time.size(); }
};

struct FrameColumns {
    std::vector<StringId> function;
    std::vector<StringId> file;
    std::vector<ModuleId> module;
    std::vector<std::uint32_t> line;
    std::vector<FrameKind> kind;
    std::vector<SymbolSource> source;
    std::vector<std::uint8_t> flags; // FrameFlag
    std::vector<std::uint64_t> address;
    std::vector<FrameId> outer;
    std::size_t size() const { return function.size(); }
};
enum FrameFlag : std::uint8_t { kFrameInlined = 1, kFrameReturnAddress = 2 };

struct StackColumns {
    std::vector<StackId> caller; // smaller than the row's own id
    std::vector<FrameId> frame;  // innermost of its inline chain
    std::size_t size() const { return caller.size(); }
};

struct StringColumns {
    std::vector<std::uint32_t> end; // string i is text[end[i-1], end[i])
    std::string text;
    std::size_t size() const { return end.size(); }
};

} // namespace flamewright
