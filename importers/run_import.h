#pragma once

#include "importers/importer.h"
#include "importers/io/input.h"
#include "importers/registry.h"

#include <functional>
#include <string>

namespace flamewright {

// Chooses the importer: `formatId`, or what the content looks like. Errc::UnknownFormat when
// nothing fits, with what the input begins with. A tie is settled by the order of the formats and
// counted as the note "format_ambiguous" in `notes`.
Result<const Importer *> chooseImporter(Input &input, const ImporterRegistry &registry,
                                        const std::string &formatId,
                                        std::vector<ImportNote> &notes);

// One import on this thread: choose, call `begin` with the format's id (it returns where chunks
// go), run, add the input's own notes and provenance, finish the sink. With `options.strict` lost
// data is Errc::Corrupt. The worker process and in-process imports are both thin callers of this.
Result<std::string>
runImport(Input &input, const ImporterRegistry &registry, const std::string &formatId,
          const ImportOptions &options, JobContext &job,
          const std::function<Result<ChunkStore *>(const std::string &formatId)> &begin);

} // namespace flamewright
