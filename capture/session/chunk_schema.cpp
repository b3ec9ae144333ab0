#include "capture/session/chunk_codec.h"

namespace flamewright {
namespace {

constexpr ColumnSchema kSampleColumns[] = {
    {"time", ColumnType::Time},        {"track"}, {"cpu"},   {"stack"}, {"measure"},
    {"labels", ColumnType::StringRef}, {"value"}, {"count"},
};
constexpr ColumnSchema kFrameColumns[] = {
    {"function", ColumnType::StringRef},
    {"file", ColumnType::StringRef},
    {"module"},
    {"line"},
    {"kind"},
    {"source"},
    {"flags"},
    {"address"},
    {"outer"},
};
constexpr ColumnSchema kStackColumns[] = {{"caller"}, {"frame"}};
constexpr ColumnSchema kSliceColumns[] = {
    {"begin", ColumnType::Time},
    {"length"},
    {"track"},
    {"name", ColumnType::StringRef},
    {"depth"},
    {"kind"},
    {"flags"},
    {"trace", ColumnType::StringRef},
    {"span"},
    {"parent"},
    {"args", ColumnType::TextRef},
};
constexpr ColumnSchema kFlowColumns[] = {
    {"begin", ColumnType::Time},     {"length"},    {"from_track"}, {"to_track"},
    {"name", ColumnType::StringRef}, {"from_span"}, {"to_span"},    {"backward"},
};
constexpr ColumnSchema kSliceLevelColumns[] = {
    {"begin", ColumnType::Time},
    {"length"},
    {"track"},
    {"name", ColumnType::StringRef},
    {"depth"},
    {"kind"},
    {"flags"},
    {"count"},
    {"busy"},
    {"cell_bits"},
};
constexpr ColumnSchema kCounterLevelColumns[] = {
    {"time", ColumnType::Time},
    {"length"},
    {"track"},
    {"min", ColumnType::Real},
    {"max", ColumnType::Real},
    {"last", ColumnType::Real},
    {"count"},
    {"cell_bits"},
};
constexpr ColumnSchema kCounterColumns[] = {
    {"time", ColumnType::Time},
    {"track"},
    {"value", ColumnType::Real},
};
constexpr ColumnSchema kRequestColumns[] = {
    {"begin", ColumnType::Time},
    {"latency"},
    {"endpoint"},
    {"status"},
    {"ok"},
    {"bytes_in"},
    {"bytes_out"},
    {"worker"},
    {"phase", ColumnType::StringRef},
    {"status_text", ColumnType::StringRef},
    {"error", ColumnType::StringRef},
    {"kind"},
    {"connect"},
    {"first_byte"},
    {"labels", ColumnType::StringRef},
};
constexpr ColumnSchema kSummaryColumns[] = {
    {"begin", ColumnType::Time},
    {"length"},
    {"endpoint"},
    {"metric", ColumnType::StringRef},
    {"subset", ColumnType::StringRef},
    {"figure"},
    {"unit"},
    {"position", ColumnType::Real},
    {"value", ColumnType::Real},
    {"method", ColumnType::StringRef},
};

constexpr ColumnSchema kBenchmarkColumns[] = {
    {"time", ColumnType::Time},
    {"name", ColumnType::StringRef},
    {"metric", ColumnType::StringRef},
    {"unit", ColumnType::StringRef},
    {"run"},
    {"repetition"},
    {"iterations"},
    {"value", ColumnType::Real},
    {"ok"},
    {"statistic", ColumnType::StringRef},
    {"method", ColumnType::StringRef},
    {"labels", ColumnType::StringRef},
};

} // namespace

std::span<const ColumnSchema> columnsOf(ChunkKind kind)
{
    switch (kind) {
    case ChunkKind::Samples: return kSampleColumns;
    case ChunkKind::Slices: return kSliceColumns;
    case ChunkKind::Counters: return kCounterColumns;
    case ChunkKind::Requests: return kRequestColumns;
    case ChunkKind::Summaries: return kSummaryColumns;
    case ChunkKind::Benchmarks: return kBenchmarkColumns;
    case ChunkKind::Flows: return kFlowColumns;
    case ChunkKind::SliceLevels: return kSliceLevelColumns;
    case ChunkKind::CounterLevels: return kCounterLevelColumns;
    case ChunkKind::Frames: return kFrameColumns;
    case ChunkKind::Stacks: return kStackColumns;
    case ChunkKind::Strings:
    case ChunkKind::Texts: return {};
    }
    return {};
}

} // namespace flamewright
