#pragma once

#include "capture/session/chunk.h"
#include "importers/worker/frames.h"
#include "importers/worker/messages.h"

namespace flamewright {

// The worker's end of the pipe as a place for chunks. Meta data is sent as what changed.
class PipeStore final : public ChunkStore {
public:
    explicit PipeStore(FrameWriter &writer) : m_writer(writer) {}
    Result<> putChunk(const Chunk &chunk) override;
    Result<> putMeta(const CaptureMeta &meta) override;
    std::uint64_t chunks() const { return m_chunks; }

private:
    FrameWriter &m_writer;
    std::uint64_t m_chunks = 0;
    // As sent.
    std::vector<std::string> m_buildIds; // of modules
    std::vector<std::string> m_names;    // of tracks
};

} // namespace flamewright
