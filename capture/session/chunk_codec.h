#pragma once

#include "capture/base/result.h"
#include "capture/session/chunk.h"
#include "capture/session/column_codec.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Columns to Cap'n Proto messages and back. Decoding distrusts the message: it may come from a
// sandboxed worker or from a stranger's session. Compression and checksums are the store's.
namespace flamewright {

// What the columns of a record kind are called and mean. The order is the column id; append only.
// Drives the virtual tables and FORMAT.md's tables.
enum class ColumnType : std::uint8_t { Integer, Time, Real, StringRef, TextRef };
struct ColumnSchema {
    std::string_view name;
    ColumnType type = ColumnType::Integer;
};
// Empty for Strings and Texts, whose payload is not rows of numbers.
std::span<const ColumnSchema> columnsOf(ChunkKind kind);

// Encodes `columns` into a chunk. Facts must be sorted by time; rows must not exceed
// kRowsPerChunk.
Chunk encodeChunk(const SampleColumns &columns);
Chunk encodeChunk(const SliceColumns &columns);
Chunk encodeChunk(const CounterColumns &columns);
Chunk encodeChunk(const FlowColumns &columns);
Chunk encodeChunk(const SliceLevelColumns &columns);
Chunk encodeChunk(const CounterLevelColumns &columns);
Chunk encodeChunk(const RequestColumns &columns);
Chunk encodeChunk(const SummaryColumns &columns);
Chunk encodeChunk(const BenchmarkColumns &columns);
Chunk encodeChunk(const FrameColumns &columns, std::uint64_t firstRow);
Chunk encodeChunk(const StackColumns &columns, std::uint64_t firstRow);
// Of strings or of texts.
Chunk encodeChunk(const StringColumns &columns, std::uint64_t firstRow,
                  ChunkKind kind = ChunkKind::Strings);

// Errc::Corrupt when the payload is damaged or breaks a rule that can be seen without other
// chunks: lengths, enum values, times sorted and inside the span, callers before callees.
Result<SampleColumns> decodeSamples(const Chunk &chunk);
Result<SliceColumns> decodeSlices(const Chunk &chunk);
Result<CounterColumns> decodeCounters(const Chunk &chunk);
Result<FlowColumns> decodeFlows(const Chunk &chunk);
Result<SliceLevelColumns> decodeSliceLevels(const Chunk &chunk);
Result<CounterLevelColumns> decodeCounterLevels(const Chunk &chunk);
Result<RequestColumns> decodeRequests(const Chunk &chunk);
Result<SummaryColumns> decodeSummaries(const Chunk &chunk);
Result<BenchmarkColumns> decodeBenchmarks(const Chunk &chunk);
Result<FrameColumns> decodeFrames(const Chunk &chunk);
Result<StackColumns> decodeStacks(const Chunk &chunk);
Result<StringColumns> decodeStrings(const Chunk &chunk); // of texts, too

} // namespace flamewright
