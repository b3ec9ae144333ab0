#pragma once

#include "capture/session/chunk.h"

#include <vector>

namespace flamewright {

// Keeps chunks in memory: what tests and fuzz targets import into.
class MemoryStore final : public ChunkStore {
public:
    Result<> putChunk(const Chunk &chunk) override
    {
        m_chunks.push_back(chunk);
        return {};
    }
    Result<> putMeta(const CaptureMeta &meta) override
    {
        m_meta = meta;
        return {};
    }
    const std::vector<Chunk> &chunks() const { return m_chunks; }
    const CaptureMeta &meta() const { return m_meta; }

private:
    std::vector<Chunk> m_chunks;
    CaptureMeta m_meta;
};

} // namespace flamewright
