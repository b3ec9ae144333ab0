#pragma once

#include "capture/base/units.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The data model: facts (samples, slices, counters, requests, summaries, benchmark values) are rows
// of dense ids; everything textual is interned in dimensions. Ids are per capture: a capture stands
// alone in its session.
namespace flamewright {

// Which part of the machine ran the frame. Stored; append only.
enum class FrameKind : std::uint8_t {
    Unknown = 0,
    User = 1,
    Kernel = 2,
    Jit = 3,         // compiled at run time: perf-PID.map, V8, JVM
    Interpreter = 4, // a frame of an interpreted language
    Guest = 5,
    Hypervisor = 6,
    Marker = 7 // not code: "[deferred]", "(truncated)", a label shown as a frame
};

// Where a frame's name comes from. Ordered by how much is known; stored; append only.
enum class SymbolSource : std::uint8_t {
    None = 0,    // an address nobody could name: the function reads "module+0x1234"
    Capture = 1, // the input file named it; there is nothing to look up again
    Symtab = 2,  // ELF .symtab or .dynsym, kallsyms, perf-PID.map
    Dwarf = 3    // name, file, line and inlining from DWARF
};

enum class ModuleKind : std::uint8_t {
    Unknown = 0,
    Elf = 1,          // frame address = offset in the file
    Kernel = 2,       // frame address = run-time address; symbols from kallsyms
    KernelModule = 3, // frame address = run-time address; symbols from kallsyms
    Vdso = 4,         // frame address = offset in the vdso image
    Jit = 5           // frame address = run-time address; symbols from perf-PID.map of `pid`
};

// A program, library, kernel or JIT region that frames belong to.
struct ModuleDesc {
    std::string_view name;         // path or "[kernel.kallsyms]"
    std::string_view buildId = {}; // lower-case hex, or empty
    ModuleKind kind = ModuleKind::Unknown;
    std::int64_t pid = -1; // Jit only
    // Kernel: run-time address of the symbol named in `anchor` ("_text"), for relocated kernels.
    std::uint64_t base = 0;
};

// One line of a call stack. A frame with an address may stand for several functions when the
// compiler inlined: `outer` links the innermost frame to the one it was inlined into, and so on
// outwards. Stacks refer to the innermost; readers expand the chain. That way symbols can be
// added later by rewriting frames only: samples and stacks never change.
struct FrameDesc {
    std::string_view function; // demangled; empty: nobody named it yet
    std::string_view file = {};
    ModuleId module = {};
    std::uint32_t line = 0; // being executed, not where the function begins
    FrameKind kind = FrameKind::Unknown;
    bool inlined = false;       // this function's code was inlined into `outer`
    bool returnAddress = false; // a caller: the call is just before `address`
    SymbolSource source = SymbolSource::Capture;
    std::uint64_t address = 0; // meaning by ModuleKind; 0: none
    FrameId outer = {};        // set exactly when `inlined`
};

enum class TrackKind : std::uint8_t {
    Process = 1,
    Thread = 2,
    Cpu = 3,
    Service = 4,
    Endpoint = 5,
    Counter = 6,
    Async = 7
};

struct TrackDesc {
    TrackKind kind;
    std::string_view name;
    std::int64_t pid = -1;
    std::int64_t tid = -1;
    TrackId parent = {}; // a thread's process
};

struct MeasureDesc {
    std::string_view name; // "cpu-clock", "alloc_space", "latency"
    Unit unit = Unit::Count;
};

struct Sample {
    Timestamp time = kNoTime;
    TrackId track;
    std::int32_t cpu = -1; // -1: unknown
    StackId stack;
    MeasureId measure;
    StringId labels = {}; // canonical JSON object of pprof labels: {"endpoint":"/cart"}
    std::int64_t value = 0;
    // How many samples this row stands for: 1 for perf, the count for folded stacks. What
    // intervals of sampled shares are computed from. The pseudo measure "samples" sums it.
    std::int64_t count = 1;
};

// What a slice stands for. Spans are those of distributed traces; `Span` is one that does not say
// which kind it is. Stored; append only.
enum class SliceKind : std::uint8_t {
    Slice = 0,   // nested on the track of a thread
    Async = 1,   // begun and ended where threads may differ
    Instant = 2, // a moment: length 0
    State = 3,   // what a thread or CPU did: "Running", "Runnable", the name of the thread on a CPU
    Log = 4,     // a record of a log: length 0
    Span = 5,
    SpanInternal = 6,
    SpanServer = 7,
    SpanClient = 8,
    SpanProducer = 9,
    SpanConsumer = 10
};
constexpr bool isSpan(SliceKind kind)
{
    return kind >= SliceKind::Span;
}

// Bits. Stored; append only.
enum SliceFlag : std::uint8_t {
    kSliceError = 1,   // it failed
    kSliceNoEnd = 2,   // no end in the file: it lasts until the last time of its track
    kSliceNoBegin = 4, // no begin in the file: it begins with the first time of its track
    kSliceRemote = 8   // of spans: the other half has the same id (Zipkin's shared spans)
};
inline constexpr std::uint8_t kAllSliceFlags = 15;

// The sink chooses the depth: the first lane of the track that is free. For spans and asynchronous
// slices, which overlap without being nested.
inline constexpr std::uint32_t kFreeLane = 0xffff'ffff;

struct Slice {
    Timestamp begin;
    Duration length;
    TrackId track;
    StringId name;
    std::uint32_t depth = 0; // 0 outermost
    SliceKind kind = SliceKind::Slice;
    std::uint8_t flags = 0; // SliceFlag
    // Of spans, and of the instants and logs that belong to one: the trace's id as lower-case hex;
    // the span's own id and its parent's, 0 where there is none. Ids are as found: parents may be
    // missing, ids may be there twice.
    StringId trace = {};
    std::uint64_t span = 0;
    std::uint64_t parent = 0;
    TextId args = {}; // canonical JSON object: arguments, attributes, status message
};

// From one slice to another: an arrow. Ends are moments on tracks; of spans, their ids too.
struct Flow {
    Timestamp begin;    // the earlier end
    Duration length{0}; // until the later one
    TrackId from;       // where the arrow begins
    TrackId to;         // where its head is
    StringId name = {}; // what it is, "link" for links of spans, "wakeup"
    std::uint64_t fromSpan = 0;
    std::uint64_t toSpan = 0;
    bool backward = false; // the arrow goes from the later end to the earlier
};

struct CounterPoint {
    Timestamp time;
    TrackId track;
    double value = 0;
};

// What a row of a load test stands for. Percentiles are over requests; the other two would count
// the same time twice. Stored; append only.
enum class RequestKind : std::uint8_t {
    Request = 0,
    Transaction = 1, // a sum of requests that have rows of their own (JMeter's controllers)
    Part = 2         // inside a request that has a row: a redirect, an embedded resource
};

inline constexpr Duration kUnknownDuration{-1};

// One load-test response.
struct Request {
    Timestamp begin = kNoTime; // when it was sent, also where the tool writes the end
    Duration latency{0};       // to the last byte of the answer
    TrackId endpoint;          // kind Endpoint
    std::uint16_t status = 0;  // 0: none, or not a number
    bool ok = true;
    std::uint64_t bytesIn = 0; // received
    std::uint64_t bytesOut = 0;
    TrackId worker = {};      // kind Thread: the thread or virtual user that sent it
    StringId phase = {};      // run, scenario or stage
    StringId statusText = {}; // what stands in the place of a number ("java.net.SocketException")
    StringId error = {};      // why it failed, in words
    RequestKind kind = RequestKind::Request;
    Duration connect = kUnknownDuration;   // name look-up, TCP and TLS; not negative if known
    Duration firstByte = kUnknownDuration; // from begin to the first byte; not negative if known
    StringId labels = {};                  // canonical JSON object of the tool's tags
};

// Which figure a row of a summary holds. Stored; append only.
enum class SummaryFigure : std::uint8_t {
    Count = 0,
    Failed = 1, // how many of them failed
    Sum = 2,
    Min = 3,
    Mean = 4,
    Max = 5,
    Deviation = 6, // standard deviation
    Quantile = 7,
    Rate = 8,   // per second
    Last = 9,   // of something that goes up and down
    Bucket = 10 // of a histogram: how many values
};

// A figure as a tool computed it from samples that its file does not hold. It is shown with the
// tool's name and never taken for one of ours: nothing is recomputed from it.
struct Summary {
    Timestamp begin = kNoTime; // of what it summarises, where the tool says so
    Duration length{0};
    TrackId endpoint = {}; // kind Endpoint; none: of all
    StringId metric = {};  // "latency", or as the tool calls it
    StringId subset = {};  // "ok", "failed" or as the tool calls it; none: of all
    SummaryFigure figure = SummaryFigure::Count;
    Unit unit = Unit::Count;
    double position = 0;  // of Quantile: 0.95; of Bucket: the highest value that it holds
    double value = 0;     // in the unit: times in nanoseconds
    StringId method = {}; // "k6, linear between ranks"
};

// One value of a benchmark: measured by a run of it or, with a `statistic`, computed from such runs
// by the tool. Only the measured ones are samples of anything; the others are shown with the tool's
// name and never taken for one of ours.
struct BenchmarkValue {
    Timestamp time = kNoTime; // when it was measured, where the tool says so
    StringId name = {};       // without parameters where the tool keeps them apart
    StringId metric = {};     // as the tool calls it: "real_time", "ns/op", "thrpt"
    StringId unit = {};       // as the tool writes it: "ns", "ops/s", "B/op"; none: a plain number
    std::uint32_t run = 0;    // which process, from 0: a fork of JMH, a command of hyperfine
    std::uint32_t repetition = 0; // within the run, from 0
    std::uint64_t iterations = 0; // that the value is the mean of; 0: not said
    double value = 0;             // finite
    bool ok = true;               // false: measured while the thing measured failed
    StringId statistic = {};      // none: measured. "mean", "stddev", "p99", "error"
    StringId method = {};         // of statistics: "JMH, half of a 99.9 % t interval"
    StringId labels = {};         // canonical JSON object: parameters, threads, mode
};

enum class Severity : std::uint8_t { Info = 0, Notice = 1, DataLoss = 2, Error = 3 };

// What an import had to skip or guess, kept with the data. One per code.
struct ImportNote {
    Severity severity = Severity::Info;
    std::string code;              // "perf_unknown_record"; stable
    std::uint64_t count = 0;       // how often
    std::uint64_t firstOffset = 0; // byte offset in the decompressed input
    std::string detail;            // a sentence about the first one
    friend bool operator==(const ImportNote &, const ImportNote &) = default;
};

// The dimensions a person joins by hand: rows of SQLite, not chunks. Index + 1 is the id.
struct ModuleRow {
    std::string name, buildId;
    ModuleKind kind = ModuleKind::Unknown;
    std::int64_t pid = -1;
    std::uint64_t base = 0;
    friend bool operator==(const ModuleRow &, const ModuleRow &) = default;
};
struct TrackRow {
    TrackKind kind = TrackKind::Process;
    std::string name;
    std::int64_t pid = -1, tid = -1;
    TrackId parent;
    friend bool operator==(const TrackRow &, const TrackRow &) = default;
};
struct MeasureRow {
    std::string name;
    Unit unit = Unit::Count;
    std::uint64_t rows = 0;   // facts with this measure
    std::int64_t total = 0;   // sum of values, saturating
    std::int64_t samples = 0; // sum of counts, saturating
    friend bool operator==(const MeasureRow &, const MeasureRow &) = default;
};

// Everything about a capture that is not a chunk. Known when the import ends.
struct CaptureMeta {
    std::vector<ModuleRow> modules;
    std::vector<TrackRow> tracks;
    std::vector<MeasureRow> measures;
    std::vector<ImportNote> notes;
    // "host", "kernel", "cpu", "arch", "command_line", "tool", "sample_freq" ...; insertion order.
    std::vector<std::pair<std::string, std::string>> provenance;
    // Wall-clock time (ns since the epoch) of CaptureClock's zero, when the input tells it.
    std::optional<std::int64_t> wallOffsetNs;
    // The capture's own idea of its length, for profiles without sample times (pprof).
    std::optional<std::int64_t> durationNs;
};

} // namespace flamewright
