#pragma once

#include "capture/base/result.h"
#include "capture/session/chunk.h"
#include "capture/session/records.h"
#include "importers/symbols/symbolizer.h"
#include "importers/worker/frames.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

// The messages of wire.capnp as plain values. Decoding checks what one message alone can show:
// enumerations, lengths, indices into itself. What needs memory of earlier messages is the
// StreamChecker's.
namespace flamewright {

// Limits of single texts and lists; the same as SinkLimits where those exist.
inline constexpr std::size_t kMaxWireText = 64u << 10;
inline constexpr std::size_t kMaxWireNotes = 256;
inline constexpr std::size_t kMaxWireMeasures = 1u << 16;
// Modules, tracks or renames in one part; the sender cuts larger changes.
inline constexpr std::size_t kMaxPartRows = 16u << 10;
inline constexpr std::size_t kMaxPartBytes = 4u << 20;

struct WorkerImportRequest {
    std::string fileName, formatId;
    bool strict = false;
};
struct WorkerSymbolRequest {
    SymbolSearch search;
    std::vector<std::string> readable;
};
struct WorkerRequest {
    std::uint64_t memoryLimitBytes = 0; // 0: none
    std::uint64_t cpuSeconds = 0;
    std::variant<WorkerImportRequest, WorkerSymbolRequest> work;
};

struct HelloMessage {
    std::string isolation;
};
struct FormatMessage {
    std::string formatId;
};
struct MetaPart {
    std::vector<ModuleRow> modules; // appended
    std::vector<TrackRow> tracks;   // appended
    std::vector<std::pair<TrackId, std::string>> renames;
    std::vector<std::pair<ModuleId, std::string>> buildIds;
    bool last = true;
    CaptureMeta rest; // its modules and tracks are empty
};
struct ProgressMessage {
    std::uint64_t done = 0, rawBytesRead = 0;
};
struct FailureMessage {
    Error error;
};
struct EndMessage {
    std::uint64_t chunks = 0, rawBytesRead = 0;
};
struct AnswerPart {
    std::vector<std::string> text;
    std::vector<std::uint32_t> ends, functions, files, lines;
    std::vector<SymbolSource> sources;
    bool last = true;
    std::string usedFile;
    std::vector<ImportNote> notes;
};
using WorkerMessage = std::variant<HelloMessage, FormatMessage, Chunk, MetaPart, ProgressMessage,
                                   FailureMessage, EndMessage, AnswerPart>;

Frame encodeRequest(const WorkerRequest &request);
Result<WorkerRequest> decodeRequest(const Frame &frame);
Frame encodeQueryPart(const SymbolQuery &part, bool last);
struct QueryPart {
    SymbolQuery query;
    bool last = true;
};
Result<QueryPart> decodeQueryPart(const Frame &frame);

Frame encodeMessage(const WorkerMessage &message);
Frame encodeChunkMessage(const Chunk &chunk);
// Errc::Worker when the message is damaged, too large or says something impossible.
Result<WorkerMessage> decodeMessage(const Frame &frame);

} // namespace flamewright
