#include "capture/session/dimensions.h"

#include "capture/session/chunk_codec.h"
#include "capture/session/session.h"

#include <algorithm>

namespace flamewright {
namespace {

template <class T>
void append(std::vector<T> &to, const std::vector<T> &from)
{
    to.insert(to.end(), from.begin(), from.end());
}

Error damaged(const char *what)
{
    return Error(Errc::Corrupt, what);
}

// That every chain ends within kMaxInlineDepth is what lets readers follow them without a guard
// of their own. Each frame is walked once, however many chains share it.
Result<> checkInlineChains(const std::vector<FrameId> &outer)
{
    std::vector<std::uint16_t> depth(outer.size()); // 0: not yet known
    std::vector<std::uint32_t> path;
    for (std::uint32_t i = 1; i < outer.size(); ++i) {
        path.clear();
        auto frame = i;
        for (; frame != 0 && depth[frame] == 0; frame = outer[frame].raw) {
            path.push_back(frame);
            if (path.size() > kMaxInlineDepth + 1)
                return fail(damaged("an inline chain does not end"));
        }
        auto below = frame == 0 ? std::size_t{0} : std::size_t{depth[frame]};
        if (below + path.size() > kMaxInlineDepth + 1)
            return fail(damaged("an inline chain does not end"));
        for (auto it = path.rbegin(); it != path.rend(); ++it)
            depth[*it] = static_cast<std::uint16_t>(++below);
    }
    return {};
}

} // namespace

void StringTable::append(const StringColumns &page)
{
    const auto base = m_text.size();
    m_text += page.text;
    m_end.reserve(m_end.size() + page.size());
    for (const auto end : page.end)
        m_end.push_back(base + end);
}

void DimensionsBuilder::start()
{
    if (m_started)
        return;
    m_started = true;
    auto &f = m_out.frames;
    f.function.emplace_back();
    f.file.emplace_back();
    f.module.emplace_back();
    f.line.push_back(0);
    f.kind.push_back(FrameKind::Unknown);
    f.source.push_back(SymbolSource::Capture);
    f.flags.push_back(0);
    f.address.push_back(0);
    f.outer.emplace_back();
    m_out.stacks.caller.emplace_back();
    m_out.stacks.frame.emplace_back();
}

Result<> DimensionsBuilder::add(const Chunk &chunk)
{
    start();
    const auto inOrder = [&](std::size_t size) -> Result<> {
        if (chunk.firstRow != size)
            return fail(damaged("pages of a capture are missing or out of order"));
        return {};
    };
    if (chunk.kind == ChunkKind::Strings) {
        FW_TRY(inOrder(m_out.strings.size()));
        FW_ASSIGN(const auto page, decodeStrings(chunk));
        m_out.strings.append(page);
    } else if (chunk.kind == ChunkKind::Frames) {
        FW_TRY(inOrder(m_out.frames.size()));
        FW_ASSIGN(const auto page, decodeFrames(chunk));
        auto &f = m_out.frames;
        append(f.function, page.function);
        append(f.file, page.file);
        append(f.module, page.module);
        append(f.line, page.line);
        append(f.kind, page.kind);
        append(f.source, page.source);
        append(f.flags, page.flags);
        append(f.address, page.address);
        append(f.outer, page.outer);
    } else if (chunk.kind == ChunkKind::Stacks) {
        FW_TRY(inOrder(m_out.stacks.size()));
        FW_ASSIGN(const auto page, decodeStacks(chunk));
        append(m_out.stacks.caller, page.caller);
        append(m_out.stacks.frame, page.frame);
    }
    return {};
}

Result<Dimensions> DimensionsBuilder::finish(const CaptureMeta &meta) &&
{
    start();
    m_out.modules = meta.modules;
    m_out.tracks = meta.tracks;
    m_out.measures = meta.measures;
    const auto &f = m_out.frames;
    const auto frames = f.size();
    for (std::size_t i = 1; i < frames; ++i) {
        if (f.function[i].raw >= m_out.strings.size() || f.file[i].raw >= m_out.strings.size() ||
            f.module[i].raw > m_out.modules.size() || f.outer[i].raw >= frames)
            return fail(damaged("a frame refers to something that is not there"));
    }
    FW_TRY(checkInlineChains(f.outer));
    for (const auto frame : m_out.stacks.frame) {
        if (frame.raw >= frames)
            return fail(damaged("a stack refers to a frame that is not there"));
    }
    for (std::size_t i = 0; i < m_out.tracks.size(); ++i) {
        if (m_out.tracks[i].parent.raw > i)
            return fail(damaged("a track's parent comes after it"));
    }
    return std::move(m_out);
}

Result<std::shared_ptr<const Dimensions>> loadDimensions(SessionReader &reader, CaptureId capture,
                                                         JobContext &job)
{
    FW_ASSIGN(const auto info, reader.capture(capture));
    DimensionsBuilder builder;
    for (const auto kind : {ChunkKind::Strings, ChunkKind::Frames, ChunkKind::Stacks})
        FW_TRY(reader.scan(capture, kind, {}, job,
                           [&](const Chunk &chunk) { return builder.add(chunk); }));
    FW_ASSIGN(auto dimensions, std::move(builder).finish(info.meta));
    return std::make_shared<const Dimensions>(std::move(dimensions));
}

} // namespace flamewright
