#include "importers/worker/pipe_store.h"

#include <algorithm>

namespace flamewright {
namespace {

// Collects rows into parts that fit into a frame.
class PartSender {
public:
    explicit PartSender(FrameWriter &writer) : m_writer(writer) {}
    MetaPart &part() { return m_part; }
    // After each row: sends the part when it is full.
    Result<> added(std::size_t textBytes)
    {
        m_bytes += textBytes + 64;
        if (++m_rows < kMaxPartRows && m_bytes < kMaxPartBytes)
            return {};
        m_part.last = false;
        FW_TRY(m_writer.write(encodeMessage(std::move(m_part))));
        m_part = {};
        m_rows = m_bytes = 0;
        return {};
    }

private:
    FrameWriter &m_writer;
    MetaPart m_part;
    std::size_t m_rows = 0, m_bytes = 0;
};

} // namespace

Result<> PipeStore::putChunk(const Chunk &chunk)
{
    FW_TRY(m_writer.write(encodeChunkMessage(chunk)));
    ++m_chunks;
    return {};
}

Result<> PipeStore::putMeta(const CaptureMeta &meta)
{
    PartSender sender(m_writer);
    for (std::size_t i = 0; i < meta.modules.size(); ++i) {
        auto row = meta.modules[i];
        row.buildId.resize(std::min(row.buildId.size(), kMaxWireText));
        auto textBytes = row.buildId.size();
        if (i >= m_buildIds.size()) {
            textBytes += row.name.size();
            m_buildIds.push_back(row.buildId);
            sender.part().modules.push_back(std::move(row));
        } else if (m_buildIds[i] != row.buildId) {
            m_buildIds[i] = row.buildId;
            sender.part().buildIds.emplace_back(ModuleId{static_cast<std::uint32_t>(i + 1)},
                                                std::move(row.buildId));
        } else {
            continue;
        }
        FW_TRY(sender.added(textBytes));
    }
    for (std::size_t i = 0; i < meta.tracks.size(); ++i) {
        const auto &track = meta.tracks[i];
        if (i >= m_names.size()) {
            sender.part().tracks.push_back(track);
            m_names.push_back(track.name);
        } else if (m_names[i] != track.name) {
            sender.part().renames.emplace_back(TrackId{static_cast<std::uint32_t>(i + 1)},
                                               track.name);
            m_names[i] = track.name;
        } else {
            continue;
        }
        FW_TRY(sender.added(track.name.size()));
    }
    auto &last = sender.part();
    last.rest.measures = meta.measures;
    last.rest.notes = meta.notes;
    last.rest.provenance = meta.provenance;
    last.rest.wallOffsetNs = meta.wallOffsetNs;
    last.rest.durationNs = meta.durationNs;
    return m_writer.write(encodeMessage(std::move(last)));
}

} // namespace flamewright
