#pragma once

#include "capture/base/job.h"
#include "capture/base/result.h"
#include "capture/session/chunk.h"
#include "importers/importer.h"
#include "importers/symbols/symbolizer.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

// The parent's side of the worker process: start it, feed it an open descriptor, distrust and
// validate what it sends, kill it when it hangs. See DESIGN: every foreign byte is parsed there.
namespace flamewright {

struct WorkerJob {
    std::filesystem::path workerProgram;
    int input = -1;       // open descriptor, file or pipe, positioned at the start; not closed
    std::string fileName; // a hint for detection
    std::string formatId; // empty: detect
    ImportOptions options;
    std::uint64_t memoryLimitBytes = 2ull << 30;
    unsigned hangSeconds = 30;
};

struct WorkerReport {
    std::string formatId; // what it was taken for
    std::uint64_t bytesRead = 0;
    std::string isolation; // active layers: "seccomp, Landlock 2, limits"
};

// Runs one import. `begin` is called once the format is known, before the first chunk, and returns
// where chunks go. Errors: what the importer said, or Errc::Worker with what happened to it.
Result<WorkerReport>
runImportWorker(const WorkerJob &work, JobContext &job,
                const std::function<Result<ChunkStore *>(const std::string &formatId)> &begin);

// A symboliser in a worker that may read the roots of `search` and nothing else, with its cache.
// The worker is started for the first query; one that cannot be, or dies, costs the names of a
// module and leaves a note, "symbol_worker_died".
std::unique_ptr<Symbolizer> makeSymbolWorker(const std::filesystem::path &workerProgram,
                                             const SymbolSearch &search);

} // namespace flamewright
