#include "capture/base/capture_text.h"
#include "views/scene/tracks_view.h"

#include <utility>

// One capture moved against the others.
namespace flamewright {

void TracksView::setShift(std::uint32_t capture, std::int64_t by)
{
    if (!m_unshifted)
        m_unshifted = m_set;
    if (by == 0 || capture >= m_unshifted->captures.size()) {
        m_set = std::exchange(m_unshifted, nullptr);
        return;
    }
    // The levels are shared, not copied.
    auto moved = std::make_shared<TraceSet>(*m_unshifted);
    moved->captures[capture].offset = saturatingAdd(moved->captures[capture].offset, by);
    m_set = std::move(moved);
}

FlameTooltip TracksView::clockTip(std::uint32_t node) const
{
    FlameTooltip out;
    out.title = m_set->nodes[node].name;
    out.subtitle = "Alt + drag moves its clock against the other captures.";
    return out;
}

FlameTooltip TracksView::shiftTip(std::uint32_t capture, std::int64_t by) const
{
    FlameTooltip out;
    const auto length = by == INT64_MIN ? INT64_MAX : by < 0 ? -by : by;
    out.title = (by < 0 ? "\u2212" : "+") + durationText(length);
    out.subtitle = CaptureText(m_set->captures[capture].name).toDisplay() + (by < 0   ? " earlier"
                                                                             : by > 0 ? " later"
                                                                                      : "");
    out.footer = "Esc leaves its clock as it was.";
    return out;
}

} // namespace flamewright
