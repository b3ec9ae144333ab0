#include "app/import_store.h"

namespace flamewright {

Result<> ImportStore::putChunk(const Chunk &chunk)
{
    const bool hasTime =
        static_cast<std::uint8_t>(chunk.kind) < static_cast<std::uint8_t>(ChunkKind::Strings) &&
        chunk.span.begin != kNoTime;
    if (hasTime && (!m_firstTime || chunk.span.begin < *m_firstTime))
        m_firstTime = chunk.span.begin;
    return m_writer->putChunk(chunk);
}

Result<> ImportStore::putMeta(const CaptureMeta &meta)
{
    m_meta = meta;
    return m_writer->putMeta(meta);
}

Result<CaptureId> ImportStore::finish()
{
    if (m_startedAtNs) {
        const auto first = m_firstTime.value_or(Timestamp{});
        m_meta.wallOffsetNs = *m_startedAtNs - first.time_since_epoch().count();
        FW_TRY(m_writer->putMeta(m_meta));
    }
    const auto id = m_writer->id();
    FW_TRY(m_writer->finish(CaptureState::Complete));
    return id;
}

} // namespace flamewright
