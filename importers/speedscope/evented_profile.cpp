#include "importers/speedscope/evented_profile.h"

namespace flamewright {

EventedProfile::Stretch EventedProfile::advance(std::int64_t at)
{
    Stretch out{m_top, m_now, 0};
    if (m_begun && at < m_now) {
        ++m_odd.backward;
        return out;
    }
    if (m_begun && m_top != 0 && __builtin_sub_overflow(at, m_now, &out.length))
        out.length = INT64_MAX;
    m_now = at;
    m_begun = true;
    return out;
}

EventedProfile::Stretch EventedProfile::open(std::uint32_t frame, std::int64_t at)
{
    const auto ended = advance(at);
    m_top = m_tree.add(m_top, frame);
    ++m_depth;
    ++m_open[frame];
    return ended;
}

void EventedProfile::pop()
{
    --m_open[m_tree.frameOf(m_top)];
    m_top = m_tree.callerOf(m_top);
    --m_depth;
}

EventedProfile::Stretch EventedProfile::close(std::uint32_t frame, std::int64_t at)
{
    const auto ended = advance(at);
    const auto found = m_open.find(frame);
    if (found == m_open.end() || found->second == 0) {
        ++m_odd.closedTwice;
        return ended;
    }
    while (m_tree.frameOf(m_top) != frame) {
        ++m_odd.crossed;
        pop();
    }
    pop();
    return ended;
}

EventedProfile::Stretch EventedProfile::finish(std::int64_t at)
{
    m_odd.neverClosed += m_depth;
    auto ended = Stretch();
    if (m_top != 0 && at > m_now)
        ended = advance(at);
    m_top = 0;
    m_depth = 0;
    return ended;
}

} // namespace flamewright
