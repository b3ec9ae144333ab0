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
    Flows = 7,
    SliceLevels = 8,
    CounterLevels = 9,
    Strings = 16,
    Frames = 17,
    Stacks = 18,
    Texts = 19
};

// All of them, what is referred to before what refers to it.
inline constexpr ChunkKind kChunkKinds[] = {
    ChunkKind::Strings,      ChunkKind::Frames,    ChunkKind::Stacks,     ChunkKind::Texts,
    ChunkKind::Samples,      ChunkKind::Slices,    ChunkKind::Counters,   ChunkKind::Flows,
    ChunkKind::Requests,     ChunkKind::Summaries, ChunkKind::Benchmarks, ChunkKind::SliceLevels,
    ChunkKind::CounterLevels};

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

// Columns of decoded chunks; all vectors of one struct have the same length. `visit` names them in
// the order of their ids: what is done to all columns alike is written once.
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
    template <class Self, class F>
    static void visit(Self &c, F &&f)
    {
        f(c.time, c.track, c.cpu, c.stack, c.measure, c.labels, c.value, c.count);
    }
};

struct SliceColumns {
    std::vector<Timestamp> begin;
    std::vector<Duration> length; // not negative
    std::vector<TrackId> track;
    std::vector<StringId> name;
    std::vector<std::uint32_t> depth;
    std::vector<SliceKind> kind;
    std::vector<std::uint8_t> flags; // SliceFlag
    std::vector<StringId> trace;
    std::vector<std::uint64_t> span;
    std::vector<std::uint64_t> parent;
    std::vector<TextId> args;
    std::size_t size() const { return begin.size(); }
    template <class Self, class F>
    static void visit(Self &c, F &&f)
    {
        f(c.begin, c.length, c.track, c.name, c.depth, c.kind, c.flags, c.trace, c.span, c.parent,
          c.args);
    }
};

struct CounterColumns {
    std::vector<Timestamp> time;
    std::vector<TrackId> track;
    std::vector<double> value; // any bit pattern, also NaN
    std::size_t size() const { return time.size(); }
    template <class Self, class F>
    static void visit(Self &c, F &&f)
    {
        f(c.time, c.track, c.value);
    }
};

struct FlowColumns {
    std::vector<Timestamp> begin; // of the earlier end
    std::vector<Duration> length; // not negative
    std::vector<TrackId> from;
    std::vector<TrackId> to;
    std::vector<StringId> name;
    std::vector<std::uint64_t> fromSpan;
    std::vector<std::uint64_t> toSpan;
    std::vector<std::uint8_t> backward; // 0 or 1
    std::size_t size() const { return begin.size(); }
    template <class Self, class F>
    static void visit(Self &c, F &&f)
    {
        f(c.begin, c.length, c.from, c.to, c.name, c.fromSpan, c.toSpan, c.backward);
    }
};

// Slices of one lane (track and depth) that lie together within one cell of time of a level, drawn
// as one; a slice that is as long as a cell is a row of its own (count 1). Each level holds every
// slice once. A cell is 2^cellBits ns; a chunk has rows of one level.
struct SliceLevelColumns {
    std::vector<Timestamp> begin; // of the first
    std::vector<Duration> length; // until the last end
    std::vector<TrackId> track;
    std::vector<StringId> name; // of the longest
    std::vector<std::uint32_t> depth;
    std::vector<SliceKind> kind;     // of the longest
    std::vector<std::uint8_t> flags; // of any of them
    std::vector<std::uint32_t> count;
    std::vector<Duration> busy; // sum of their lengths, saturating
    std::vector<std::uint8_t> cellBits;
    std::size_t size() const { return begin.size(); }
    template <class Self, class F>
    static void visit(Self &c, F &&f)
    {
        f(c.begin, c.length, c.track, c.name, c.depth, c.kind, c.flags, c.count, c.busy,
          c.cellBits);
    }
};

// Points of one counter within one cell of time of a level. NaN counts, but is no minimum.
struct CounterLevelColumns {
    std::vector<Timestamp> time;  // of the first
    std::vector<Duration> length; // until the last
    std::vector<TrackId> track;
    std::vector<double> min;
    std::vector<double> max;
    std::vector<double> last;
    std::vector<std::uint32_t> count;
    std::vector<std::uint8_t> cellBits;
    std::size_t size() const { return time.size(); }
    template <class Self, class F>
    static void visit(Self &c, F &&f)
    {
        f(c.time, c.length, c.track, c.min, c.max, c.last, c.count, c.cellBits);
    }
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
    template <class Self, class F>
    static void visit(Self &c, F &&f)
    {
        f(c.begin, c.latency, c.endpoint, c.status, c.ok, c.bytesIn, c.bytesOut, c.worker, c.phase,
          c.statusText, c.error, c.kind, c.connect, c.firstByte, c.labels);
    }
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
    template <class Self, class F>
    static void visit(Self &c, F &&f)
    {
        f(c.begin, c.length, c.endpoint, c.metric, c.subset, c.figure, c.unit, c.position, c.value,
          c.method);
    }
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
    template <class Self, class F>
    static void visit(Self &c, F &&f)
    {
        f(c.time, c.name, c.metric, c.unit, c.run, c.repetition, c.iterations, c.value, c.ok,
          c.statistic, c.method, c.labels);
    }
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
    template <class Self, class F>
    static void visit(Self &c, F &&f)
    {
        f(c.function, c.file, c.module, c.line, c.kind, c.source, c.flags, c.address, c.outer);
    }
};
enum FrameFlag : std::uint8_t { kFrameInlined = 1, kFrameReturnAddress = 2 };

struct StackColumns {
    std::vector<StackId> caller; // smaller than the row's own id
    std::vector<FrameId> frame;  // innermost of its inline chain
    std::size_t size() const { return caller.size(); }
    template <class Self, class F>
    static void visit(Self &c, F &&f)
    {
        f(c.caller, c.frame);
    }
};

// Strings, which are interned, and texts, which are not.
struct StringColumns {
    std::vector<std::uint32_t> end; // string i is text[end[i-1], end[i])
    std::string text;
    std::size_t size() const { return end.size(); }
    std::string_view at(std::size_t row) const
    {
        const auto from = row == 0 ? 0 : end[row - 1];
        return std::string_view(text).substr(from, end[row] - from);
    }
};

} // namespace flamewright
