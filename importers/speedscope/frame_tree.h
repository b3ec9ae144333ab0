#pragma once

#include "capture/base/intern_table.h"
#include "capture/session/record_sink.h"

#include <cstdint>
#include <vector>

namespace flamewright {

// Stacks of frames that are numbers of the file: what the numbers mean may stand behind them.
class FrameTree {
public:
    // The stack of `frame` called by `caller`; 0 is the empty one.
    std::uint32_t add(std::uint32_t caller, std::uint32_t frame);
    std::uint32_t callerOf(std::uint32_t node) const { return m_caller[node]; }
    std::uint32_t frameOf(std::uint32_t node) const { return m_frame[node]; }
    std::size_t size() const { return m_caller.size(); }

    // The sink's stack of a node. `frame(number)` gives the sink's frame.
    template <class F>
    StackId stack(RecordSink &sink, std::uint32_t node, F frame)
    {
        if (m_stack.size() < m_caller.size())
            m_stack.resize(m_caller.size());
        m_path.clear();
        for (auto at = node; at != 0 && m_stack[at].raw == 0; at = m_caller[at])
            m_path.push_back(at);
        for (auto i = m_path.size(); i-- > 0;) {
            const auto at = m_path[i];
            m_stack[at] = sink.stack(m_stack[m_caller[at]], frame(m_frame[at]));
        }
        return m_stack[node];
    }

private:
    std::vector<std::uint32_t> m_caller{0}, m_frame{0};
    std::vector<StackId> m_stack;
    std::vector<std::uint32_t> m_path;
    InternTable m_index;
};

inline std::uint32_t FrameTree::add(std::uint32_t caller, std::uint32_t frame)
{
    const auto fresh = static_cast<std::uint32_t>(m_caller.size());
    const auto key = std::uint64_t{caller} << 32 | frame;
    const auto id = m_index.findOrAddKey(bijectiveMix(key), fresh);
    if (id == fresh) {
        m_caller.push_back(caller);
        m_frame.push_back(frame);
    }
    return id;
}

} // namespace flamewright
