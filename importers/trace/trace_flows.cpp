#include "importers/trace/trace_builder.h"

#include <algorithm>
#include <tuple>

// Arrows: points that are joined once all events are known.
namespace flamewright {

void TraceBuilder::flow(FlowPhase phase, TrackId track, Timestamp time, std::uint64_t key,
                        StringId name, std::uint64_t offset, FlowBinding binding)
{
    if (spend(sizeof(FlowPoint), offset))
        m_flows.push_back({key, time, time, offset, track, name, phase, binding});
}

void TraceBuilder::sortFlowsByTrack()
{
    std::stable_sort(m_flows.begin(), m_flows.end(), [](const FlowPoint &a, const FlowPoint &b) {
        return std::tuple(a.track.raw, a.time) < std::tuple(b.track.raw, b.time);
    });
    m_firstUnbound = 0;
}

// Moves points to the slice that begins next. Called with the tracks in order of their ids.
void TraceBuilder::bindFlows(TrackId track, const std::vector<TraceRow> &rows)
{
    while (m_firstUnbound < m_flows.size() && m_flows[m_firstUnbound].track < track)
        ++m_firstUnbound;
    std::size_t next = 0;
    for (; m_firstUnbound < m_flows.size() && m_flows[m_firstUnbound].track == track;
         ++m_firstUnbound) {
        auto &point = m_flows[m_firstUnbound];
        if (point.binding != FlowBinding::Next)
            continue;
        const auto time = point.time.time_since_epoch().count();
        while (next < rows.size() &&
               (rows[next].begin < time || rows[next].kind == TraceRowKind::Instant ||
                rows[next].kind == TraceRowKind::Log || rows[next].kind == TraceRowKind::State))
            ++next;
        if (next < rows.size())
            point.end = Timestamp{Duration{rows[next].begin}};
    }
}

void TraceBuilder::connect(const FlowPoint &from, const FlowPoint &to)
{
    const auto begin = from.end.time_since_epoch().count();
    const auto end = to.end.time_since_epoch().count();
    m_sink.add(
        Flow{.begin = std::min(from.end, to.end),
             .length = Duration{std::max(lengthBetween(begin, end), lengthBetween(end, begin))},
             .from = from.track,
             .to = to.track,
             .name = from.name.raw != 0 ? from.name : to.name,
             .backward = end < begin});
}

void TraceBuilder::connectFlows()
{
    auto points = std::move(m_flows);
    m_flows = {};
    const auto order = [](const FlowPoint &p) {
        return std::tuple(p.key, p.time, p.phase, p.offset);
    };
    std::sort(points.begin(), points.end(),
              [&](const FlowPoint &a, const FlowPoint &b) { return order(a) < order(b); });
    for (std::size_t i = 0; i < points.size();) {
        auto end = i + 1;
        while (end < points.size() && points[end].key == points[i].key)
            ++end;
        // Clocks of devices are not always those of the host: an arrow may go back in time.
        const bool endFirst =
            points[i].phase == FlowPhase::End || points[i].phase == FlowPhase::Leaf;
        if (end - i == 2 && endFirst && points[i + 1].phase == FlowPhase::Start) {
            connect(points[i + 1], points[i]);
            i = end;
            continue;
        }
        const FlowPoint *last = nullptr;
        bool joined = false;
        const auto noEnd = [&] {
            if (last != nullptr && !joined)
                m_sink.note(Severity::Notice, "trace_flow_no_end", last->offset,
                            "an arrow that begins and goes nowhere was left out");
        };
        for (; i < end; ++i) {
            const auto &point = points[i];
            if (point.phase == FlowPhase::Start ||
                (point.phase == FlowPhase::Through && last == nullptr)) {
                noEnd();
                last = &point;
                joined = false;
                continue;
            }
            if (last == nullptr) {
                m_sink.note(Severity::Notice, "trace_flow_no_start", point.offset,
                            "an arrow that comes from nowhere was left out");
                continue;
            }
            connect(*last, point);
            joined = true;
            if (point.phase != FlowPhase::Leaf)
                last = point.phase == FlowPhase::End ? nullptr : &point;
        }
        noEnd();
    }
}

} // namespace flamewright
