#pragma once

#include "capture/session/record_sink.h"
#include "importers/perf_data/attr.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace flamewright {

// One event that was recorded: an attr, the ids of its instances (one per CPU and thread), and
// the measure its samples go to.
struct PerfEvent {
    PerfAttr attr;
    std::string name;
    MeasureId measure;
    std::size_t timeOffset = 0; // of PERF_SAMPLE_TIME in a sample, if it has one
    bool named = false;         // the file told the name; otherwise it is made up
};

// An instance, for samples that carry counter values: what the counter stood at.
struct PerfEventInstance {
    PerfEvent *event = nullptr;
    std::uint64_t lastValue = 0;
};

// The events of a file and which record belongs to which.
class PerfEvents {
public:
    explicit PerfEvents(RecordSink &sink) : m_sink(sink) {}

    // An event and its ids. The same event again (pipes repeat themselves) only adds ids.
    // False when there are more than any recording has.
    bool add(const PerfAttr &attr, std::span<const std::uint64_t> ids);
    bool empty() const { return m_events.empty(); }
    const std::deque<PerfEvent> &all() const { return m_events; }

    // Names that the file tells later. By id, or by place in the file when that id is unknown and
    // the event there is of this type.
    void name(std::span<const std::uint64_t> ids, std::size_t index, const PerfAttr *attr,
              std::string_view name);

    // The name of a tracepoint, as files of perf before Linux 3.11 tell it.
    void nameTracepoint(std::uint64_t config, std::string_view name);

    // The event of a sample; nullptr when its id is unknown.
    PerfEvent *ofSample(std::span<const std::byte> body, bool swap);
    // The event whose layout the trailer of another record has.
    const PerfEvent *ofTrailer(std::span<const std::byte> body, bool swap);
    MeasureId measureOf(PerfEvent &event);
    PerfEventInstance *instance(std::uint64_t id);

private:
    PerfEvent *byId(std::uint64_t id);
    void rename(PerfEvent &event, std::string_view name);
    void setName(PerfEvent &event, std::string_view name);

    RecordSink &m_sink;
    std::deque<PerfEvent> m_events; // stays in place
    std::unordered_map<std::uint64_t, PerfEventInstance> m_instances;
    std::unordered_map<std::string, PerfEvent *> m_names;
    std::unordered_multimap<std::uint64_t, PerfEvent *> m_unnamedTracepoints; // by number
    PerfEvent *m_lastEvent = nullptr;
    std::uint64_t m_lastId = 0;
};

} // namespace flamewright
