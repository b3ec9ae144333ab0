#pragma once

#include "capture/base/job.h"
#include "capture/base/result.h"
#include "capture/session/record_sink.h"
#include "importers/io/byte_source.h"

#include <cstddef>
#include <span>
#include <string_view>

namespace flamewright {

inline constexpr std::size_t kProbeBytes = 64u << 10;

// What a detector may look at, and nothing more: detection never reads the file itself.
struct Probe {
    std::span<const std::byte> head; // first kProbeBytes after decompression
    bool headIsAll = false;          // the head is the whole input
    std::string_view fileName = {};  // a hint; content wins

    std::string_view text() const
    {
        return {reinterpret_cast<const char *>(head.data()), head.size()};
    }
};

enum class Match : unsigned char {
    No,
    Weak,   // plausible lines, nothing that excludes other formats
    Strong, // structure only this format has
    Magic,  // magic bytes at a fixed place
};

struct FormatInfo {
    std::string_view id;               // "perf-data"; stable, on the command line
    std::string_view title;            // "Linux perf.data"
    std::string_view extensions;       // "folded;collapsed"; breaks ties between Weak matches
    std::string_view kind = "profile"; // what its captures are: "profile", "trace", "load test"
};

struct ImportOptions {
    bool strict = false; // DataLoss notes become errors (checked by the caller after run)
};

// Everything one run may use. Lives on the caller's stack.
struct ImportRun {
    ByteSource &input;
    RecordSink &sink;
    JobContext &job;
    const ImportOptions &options;
};

// One file format. Stateless: run() keeps its state in locals, so one instance serves all
// threads and a fuzz target needs no set-up.
class Importer {
public:
    virtual ~Importer() = default;
    virtual const FormatInfo &format() const = 0;
    virtual Match probe(const Probe &probe) const = 0;
    virtual Result<> run(ImportRun run) const = 0;
};

} // namespace flamewright
