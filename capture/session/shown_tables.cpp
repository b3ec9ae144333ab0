#include "capture/session/shown_tables.h"

namespace flamewright {
namespace {

// Columns where -1 says that the value is not known.
bool isUnknownBelowZero(ChunkKind kind, const ColumnSchema &column)
{
    if (kind == ChunkKind::Requests)
        return column.name == "connect" || column.name == "first_byte";
    return kind == ChunkKind::Samples && column.name == "cpu";
}

Shown shownAs(ChunkKind kind, const ColumnSchema &column)
{
    switch (column.type) {
    case ColumnType::Time: return Shown::Time;
    case ColumnType::Real: return Shown::Real;
    case ColumnType::StringRef: return Shown::Text;
    case ColumnType::TextRef: return Shown::LongText;
    case ColumnType::Integer: break;
    }
    if (isUnknownBelowZero(kind, column))
        return Shown::OrUnknown;
    if (kind == ChunkKind::Requests && column.name == "kind")
        return Shown::RequestKind;
    if (kind == ChunkKind::Summaries && column.name == "figure")
        return Shown::SummaryFigure;
    if (kind == ChunkKind::Summaries && column.name == "unit")
        return Shown::UnitName;
    if ((kind == ChunkKind::Slices || kind == ChunkKind::SliceLevels) && column.name == "kind")
        return Shown::SliceKind;
    if (kind == ChunkKind::Frames && column.name == "kind")
        return Shown::FrameKind;
    if (kind == ChunkKind::Frames && column.name == "source")
        return Shown::SymbolSource;
    return Shown::Integer;
}

bool isLevelCount(ChunkKind kind, const ColumnSchema &column)
{
    return (kind == ChunkKind::SliceLevels || kind == ChunkKind::CounterLevels) &&
           column.name == "count";
}

// The same values that the typed decoders assume.
std::int64_t fallbackOf(ChunkKind kind, const ColumnSchema &column)
{
    if (column.type == ColumnType::Time)
        return kNoTime.time_since_epoch().count();
    if (isUnknownBelowZero(kind, column))
        return -1;
    if ((kind == ChunkKind::Samples && column.name == "count") ||
        (kind == ChunkKind::Benchmarks && column.name == "ok") || isLevelCount(kind, column))
        return 1;
    return 0;
}

ShownTable tableOf(std::string_view name, ChunkKind kind)
{
    ShownTable out{name, kind, kind < ChunkKind::Strings, {{"capture", Shown::Capture}}};
    if (!out.isFact)
        out.columns.push_back({"id", Shown::RowId});
    if (kind == ChunkKind::Strings || kind == ChunkKind::Texts)
        out.columns.push_back({"text", Shown::Content});
    const auto schema = columnsOf(kind);
    for (std::size_t i = 0; i < schema.size(); ++i) {
        const auto &column = schema[i];
        const auto id = static_cast<std::uint16_t>(i);
        if (kind == ChunkKind::Frames && column.name == "flags") {
            out.columns.push_back({"inlined", Shown::FlagInlined, id});
            out.columns.push_back({"return_address", Shown::FlagReturnAddress, id});
        } else {
            if (kind == ChunkKind::Slices && column.name == "flags")
                out.columns.push_back({"error", Shown::FlagError, id});
            out.columns.push_back(
                {column.name, shownAs(kind, column), id, fallbackOf(kind, column)});
        }
    }
    return out;
}

std::string_view typeOf(Shown shown)
{
    switch (shown) {
    case Shown::Text:
    case Shown::LongText:
    case Shown::Content:
    case Shown::SliceKind:
    case Shown::FrameKind:
    case Shown::RequestKind:
    case Shown::SummaryFigure:
    case Shown::UnitName:
    case Shown::SymbolSource: return " TEXT";
    case Shown::Real: return " REAL";
    case Shown::Capture:
    case Shown::RowId:
    case Shown::Integer:
    case Shown::Time:
    case Shown::OrUnknown:
    case Shown::FlagError:
    case Shown::FlagInlined:
    case Shown::FlagReturnAddress: break;
    }
    return " INTEGER";
}

} // namespace

std::string ShownTable::declaration() const
{
    std::string out = "CREATE TABLE x(";
    for (const auto &column : columns) {
        if (&column != &columns.front())
            out += ", ";
        out += column.name;
        out += typeOf(column.as);
    }
    return out + ")";
}

std::vector<ShownTable> shownTables()
{
    return {tableOf("sample", ChunkKind::Samples),
            tableOf("slice", ChunkKind::Slices),
            tableOf("counter", ChunkKind::Counters),
            tableOf("request", ChunkKind::Requests),
            tableOf("summary", ChunkKind::Summaries),
            tableOf("benchmark", ChunkKind::Benchmarks),
            tableOf("flow", ChunkKind::Flows),
            tableOf("slice_level", ChunkKind::SliceLevels),
            tableOf("counter_level", ChunkKind::CounterLevels),
            tableOf("frame", ChunkKind::Frames),
            tableOf("stack", ChunkKind::Stacks),
            tableOf("string", ChunkKind::Strings),
            tableOf("text", ChunkKind::Texts)};
}

std::string_view nameOf(FrameKind kind)
{
    switch (kind) {
    case FrameKind::Unknown: return "unknown";
    case FrameKind::User: return "user";
    case FrameKind::Kernel: return "kernel";
    case FrameKind::Jit: return "jit";
    case FrameKind::Interpreter: return "interpreter";
    case FrameKind::Guest: return "guest";
    case FrameKind::Hypervisor: return "hypervisor";
    case FrameKind::Marker: return "marker";
    }
    return {};
}

std::string_view nameOf(RequestKind kind)
{
    switch (kind) {
    case RequestKind::Request: return "request";
    case RequestKind::Transaction: return "transaction";
    case RequestKind::Part: return "part";
    }
    return {};
}

std::string_view nameOf(SliceKind kind)
{
    switch (kind) {
    case SliceKind::Slice: return "slice";
    case SliceKind::Async: return "async";
    case SliceKind::Instant: return "instant";
    case SliceKind::State: return "state";
    case SliceKind::Log: return "log";
    case SliceKind::Span: return "span";
    case SliceKind::SpanInternal: return "internal";
    case SliceKind::SpanServer: return "server";
    case SliceKind::SpanClient: return "client";
    case SliceKind::SpanProducer: return "producer";
    case SliceKind::SpanConsumer: return "consumer";
    }
    return {};
}

std::string_view nameOf(SummaryFigure figure)
{
    switch (figure) {
    case SummaryFigure::Count: return "count";
    case SummaryFigure::Failed: return "failed";
    case SummaryFigure::Sum: return "sum";
    case SummaryFigure::Min: return "min";
    case SummaryFigure::Mean: return "mean";
    case SummaryFigure::Max: return "max";
    case SummaryFigure::Deviation: return "deviation";
    case SummaryFigure::Quantile: return "quantile";
    case SummaryFigure::Rate: return "rate";
    case SummaryFigure::Last: return "last";
    case SummaryFigure::Bucket: return "bucket";
    }
    return {};
}

std::string_view nameOf(SymbolSource source)
{
    switch (source) {
    case SymbolSource::None: return "none";
    case SymbolSource::Capture: return "capture";
    case SymbolSource::Symtab: return "symtab";
    case SymbolSource::Dwarf: return "dwarf";
    }
    return {};
}

} // namespace flamewright
