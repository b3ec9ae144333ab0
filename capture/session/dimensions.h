#pragma once

#include "capture/base/job.h"
#include "capture/base/result.h"
#include "capture/session/chunk.h"
#include "capture/session/records.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace flamewright {

class SessionReader;

// The strings of one capture; id 0 is the empty string.
class StringTable {
public:
    std::string_view text(StringId id) const
    {
        if (id.raw == 0 || id.raw >= m_end.size())
            return {};
        return std::string_view(m_text).substr(m_end[id.raw - 1],
                                               m_end[id.raw] - m_end[id.raw - 1]);
    }
    std::size_t size() const { return m_end.size(); } // rows + 1
    void append(const StringColumns &page);

private:
    std::string m_text;
    std::vector<std::uint64_t> m_end{0};
};

// All dimensions of one capture, in memory. Row 0 of frames and stacks is the unknown frame and
// the empty stack, so that ids index directly. Checked: every id is below its table's size,
// callers come before callees, inline chains end.
struct Dimensions {
    StringTable strings;
    FrameColumns frames;
    StackColumns stacks;
    std::vector<ModuleRow> modules;   // [id - 1]
    std::vector<TrackRow> tracks;     // [id - 1]
    std::vector<MeasureRow> measures; // [id - 1]

    std::string_view function(FrameId id) const { return strings.text(frames.function[id.raw]); }
    std::string_view file(FrameId id) const { return strings.text(frames.file[id.raw]); }
    std::string_view module(FrameId id) const
    {
        const auto m = frames.module[id.raw].raw;
        return m == 0 || m > modules.size() ? std::string_view()
                                            : std::string_view(modules[m - 1].name);
    }
};

inline constexpr std::uint32_t kMaxInlineDepth = 1024;

// Builds Dimensions from chunks in any order of kinds, rows of one kind in id order.
class DimensionsBuilder {
public:
    Result<> add(const Chunk &chunk); // ignores facts
    Result<Dimensions> finish(const CaptureMeta &meta) &&;

private:
    Dimensions m_out;
    bool m_started = false;
    void start();
};

Result<std::shared_ptr<const Dimensions>> loadDimensions(SessionReader &reader, CaptureId capture,
                                                         JobContext &job);

} // namespace flamewright
