#include "importers/perf_data/events.h"

#include "importers/perf_data/abi.h"
#include "importers/perf_data/cursor.h"

#include <algorithm>

namespace flamewright {
namespace {

constexpr std::size_t kMaxEvents = 16384;
constexpr std::size_t kMaxIds = 4u << 20;

std::size_t wordsBefore(std::uint64_t type, std::uint64_t mask)
{
    return 8 * static_cast<std::size_t>(__builtin_popcountll(type & mask));
}

} // namespace

bool PerfEvents::add(const PerfAttr &attr, std::span<const std::uint64_t> ids)
{
    PerfEvent *event = nullptr;
    for (const auto id : ids) {
        const auto known = m_instances.find(id);
        if (known != m_instances.end() && known->second.event->attr == attr)
            event = known->second.event;
    }
    if (event == nullptr) {
        if (m_events.size() >= kMaxEvents)
            return false;
        event = &m_events.emplace_back();
        event->attr = attr;
        event->timeOffset = wordsBefore(attr.sampleType, kPerfIdentifier | kPerfIp | kPerfTid);
        setName(*event, perfEventName(attr));
        if (attr.type == kPerfTypeTracepoint)
            m_unnamedTracepoints.emplace(attr.config, event);
    }
    for (const auto id : ids) {
        if (m_instances.size() >= kMaxIds)
            return false;
        m_instances.try_emplace(id, PerfEventInstance{event, 0});
    }
    return true;
}

// Names of events are unique: perf shows two events of one name apart, and so do measures.
void PerfEvents::setName(PerfEvent &event, std::string_view name)
{
    auto unique = std::string(name);
    for (int n = 2;; ++n) {
        const auto [it, added] = m_names.try_emplace(unique, &event);
        if (added || it->second == &event)
            break;
        unique = std::string(name) + " #" + std::to_string(n);
    }
    event.name = unique;
    // "dummy" only carries mmap and comm records; nobody wants to look at it.
    if (event.attr.isDummy())
        return;
    const MeasureDesc desc{event.name, perfEventUnit(event.attr, name)};
    if (event.measure.raw == 0)
        event.measure = m_sink.measure(desc);
    else
        m_sink.setMeasure(event.measure, desc);
}

void PerfEvents::name(std::span<const std::uint64_t> ids, std::size_t index, const PerfAttr *attr,
                      std::string_view name)
{
    PerfEvent *event = nullptr;
    if (!ids.empty())
        event = byId(ids.front());
    if (event == nullptr && attr != nullptr && index < m_events.size()) {
        auto &there = m_events[index];
        if (there.attr.type == attr->type && there.attr.config == attr->config)
            event = &there;
    }
    if (event != nullptr)
        rename(*event, name);
}

void PerfEvents::nameTracepoint(std::uint64_t config, std::string_view name)
{
    const auto [first, last] = m_unnamedTracepoints.equal_range(config);
    for (auto it = first; it != last; ++it) {
        if (!it->second->named)
            rename(*it->second, name);
    }
    m_unnamedTracepoints.erase(first, last);
}

void PerfEvents::rename(PerfEvent &event, std::string_view name)
{
    if (name.empty() || name == event.name)
        return;
    // The made-up name is free again for another event.
    const auto old = m_names.find(event.name);
    if (old != m_names.end() && old->second == &event)
        m_names.erase(old);
    event.named = true;
    setName(event, name);
}

MeasureId PerfEvents::measureOf(PerfEvent &event)
{
    if (event.measure.raw == 0)
        event.measure = m_sink.measure({event.name, perfEventUnit(event.attr, event.name)});
    return event.measure;
}

PerfEvent *PerfEvents::byId(std::uint64_t id)
{
    if (m_lastEvent != nullptr && id == m_lastId)
        return m_lastEvent;
    const auto it = m_instances.find(id);
    if (it == m_instances.end())
        return nullptr;
    m_lastId = id;
    return m_lastEvent = it->second.event;
}

PerfEventInstance *PerfEvents::instance(std::uint64_t id)
{
    const auto it = m_instances.find(id);
    return it == m_instances.end() ? nullptr : &it->second;
}

// Where the id of a sample is depends on the event, which the id tells: perf gives all events of a
// file the same place for it, and so the first event's layout is the one to look with.
PerfEvent *PerfEvents::ofSample(std::span<const std::byte> body, bool swap)
{
    if (m_events.empty())
        return nullptr;
    auto &first = m_events.front();
    if (m_events.size() == 1)
        return &first;
    const auto type = first.attr.sampleType;
    std::size_t at = 0;
    if ((type & kPerfIdentifier) == 0) {
        if ((type & kPerfId) == 0)
            return &first;
        at = wordsBefore(type, kPerfIp | kPerfTid | kPerfTime | kPerfAddr);
    }
    if (body.size() < at + 8)
        return nullptr;
    const auto id = perfWord(body.subspan(at), 0, swap);
    return id == 0 ? &first : byId(id); // samples made up by perf have no id
}

const PerfEvent *PerfEvents::ofTrailer(std::span<const std::byte> body, bool swap)
{
    if (m_events.empty())
        return nullptr;
    const auto &first = m_events.front();
    if (m_events.size() == 1 || !first.attr.sampleIdAll)
        return &first;
    const auto type = first.attr.sampleType;
    std::size_t fromEnd = 8;
    if ((type & kPerfIdentifier) == 0) {
        if ((type & kPerfId) == 0)
            return &first;
        fromEnd += wordsBefore(type, kPerfStreamId | kPerfCpu);
    }
    if (body.size() < fromEnd)
        return &first;
    const auto *event = byId(perfWord(body.last(fromEnd), 0, swap));
    return event == nullptr ? &first : event;
}

} // namespace flamewright
