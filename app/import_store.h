#pragma once

#include "capture/session/session.h"

#include <memory>
#include <optional>
#include <string>

namespace flamewright {

// Between the importer and the session's writer: applies what the user said about the wall clock.
class ImportStore final : public ChunkStore {
public:
    ImportStore(std::unique_ptr<CaptureWriter> writer, std::optional<std::int64_t> startedAtNs)
        : m_writer(std::move(writer)),
          m_startedAtNs(startedAtNs)
    {}

    Result<> putChunk(const Chunk &chunk) override;
    Result<> putMeta(const CaptureMeta &meta) override;

    // Makes the capture complete and durable.
    Result<CaptureId> finish();

private:
    std::unique_ptr<CaptureWriter> m_writer;
    std::optional<std::int64_t> m_startedAtNs;
    std::optional<Timestamp> m_firstTime;
    CaptureMeta m_meta;
};

} // namespace flamewright
