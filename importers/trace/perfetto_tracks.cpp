#include "importers/trace/perfetto_tracks.h"

#include "importers/trace/proto_fields.h"

namespace flamewright::perfetto {
namespace {

constexpr std::size_t kMaxParents = 64;
constexpr std::size_t kMaxDescriptions = 2u << 20; // more tracks than a capture may have

enum CounterType : std::int64_t { kThreadTime = 1, kInstructions = 2 };
enum CounterUnit : std::int64_t { kNanoseconds = 1, kCount = 2, kBytes = 3 };

std::int32_t idOf(const ProtoFields::Field &field)
{
    const auto number = field.integer();
    return number < 0 || number > INT32_MAX ? -1 : static_cast<std::int32_t>(number);
}

} // namespace

std::uint64_t Tracks::describe(std::string_view message, bool &good)
{
    Description out;
    std::uint64_t uuid = 0;
    std::string taskName;
    const auto parts = [&good](std::string_view bytes, auto take) {
        ProtoFields fields(bytes);
        ProtoFields::Field field;
        while (fields.next(field))
            take(field);
        good &= !fields.damaged();
    };
    const auto process = [&](const ProtoFields::Field &field) {
        if (field.tag == 1)
            out.pid = idOf(field);
        else if (field.tag == 6 || (field.tag == 2 && taskName.empty()))
            taskName = field.bytes;
    };
    const auto thread = [&](const ProtoFields::Field &field) {
        if (field.tag == 1)
            out.pid = idOf(field);
        else if (field.tag == 2)
            out.tid = idOf(field);
        else if (field.tag == 5)
            taskName = field.bytes;
    };
    const auto counter = [&](const ProtoFields::Field &field) {
        switch (field.tag) {
        case 1:
            if (field.integer() == kThreadTime) {
                out.unit = kNanoseconds;
                taskName = "thread time";
            } else if (field.integer() == kInstructions) {
                taskName = "thread instructions";
            }
            break;
        case 3: out.unit = field.integer(); break;
        case 4: out.multiplier = field.integer(); break;
        case 5: out.incremental = field.number != 0; break;
        case 6: out.unitName = field.bytes; break;
        default: break;
        }
    };
    good = true;
    parts(message, [&](const ProtoFields::Field &field) {
        switch (field.tag) {
        case 1: uuid = field.number; break;
        case 2:
        case 10: out.name = field.bytes; break;
        case 3:
            out.isProcess = true;
            parts(field.bytes, process);
            break;
        case 4:
            out.isThread = true;
            parts(field.bytes, thread);
            break;
        case 5: out.parent = field.number; break;
        case 8:
            out.isCounter = true;
            parts(field.bytes, counter);
            break;
        default: break; // how it is to be shown
        }
    });
    if (!taskName.empty() && (out.name.empty() || out.isProcess || out.isThread))
        out.name = taskName;
    out.isProcess &= out.pid >= 0;
    out.isThread &= out.pid >= 0 && out.tid >= 0;
    if (out.isThread)
        m_tasks.setProcess(out.tid, m_tasks.processOf(out.tid) < 0 ? out.pid : -1);
    if (out.isProcess && !out.isThread)
        m_tasks.nameProcess(out.pid, out.name);
    // It is described again from time to time: the names that come later count.
    if (const auto it = m_tracks.find(uuid); it != m_tracks.end()) {
        if (out.isThread)
            m_tasks.thread(out.pid, out.tid, out.name);
        return uuid;
    }
    if (m_descriptions.size() < kMaxDescriptions || m_descriptions.contains(uuid))
        m_descriptions.insert_or_assign(uuid, std::move(out));
    else
        good = false;
    return uuid;
}

std::string Tracks::counterName(const Description &description) const
{
    auto name = description.name.empty() ? std::string("counter") : description.name;
    if (!description.unitName.empty())
        return name + " [" + description.unitName + "]";
    if (description.unit == kNanoseconds)
        return name + " [ns]";
    return description.unit == kBytes ? name + " [bytes]" : name;
}

void Tracks::makeCounter(Track &track, const Description &description, TrackId parent)
{
    track.kind = Kind::Counter;
    track.incremental = description.incremental;
    track.unit = description.multiplier == 0 ? 1 : static_cast<double>(description.multiplier);
    const auto name = counterName(description);
    // Two counters that are called alike stay two.
    auto unique = name;
    auto &count = m_counterNames[{parent.raw, name}];
    while (++count > 1) {
        unique = name + " #" + std::to_string(count);
        if (m_counterNames.try_emplace({parent.raw, unique}, 1).second)
            break;
    }
    track.id = m_sink.track({.kind = TrackKind::Counter, .name = unique, .parent = parent});
}

void Tracks::make(std::uint64_t uuid, const Description &description)
{
    auto &track = m_tracks[uuid];
    track.uuid = uuid;
    if (description.isThread) {
        track.kind = Kind::Thread;
        track.pid = description.pid;
        track.id = m_tasks.thread(description.pid, description.tid, description.name);
        return;
    }
    TrackId parent;
    if (description.isProcess) {
        track.pid = description.pid;
        parent = m_tasks.process(description.pid);
    } else if (const auto it = m_tracks.find(description.parent);
               it != m_tracks.end() && it->first != uuid) {
        parent = it->second.id;
        track.pid = it->second.pid;
        const auto above = m_descriptions.find(description.parent);
        if (above != m_descriptions.end() && above->second.isProcess)
            parent = m_tasks.process(above->second.pid);
    }
    if (description.isCounter) {
        makeCounter(track, description, parent);
        return;
    }
    const bool named = !description.isProcess && !description.name.empty();
    track.id = m_sink.track({.kind = TrackKind::Async,
                             .name = named ? description.name : std::string("events"),
                             .parent = parent});
}

Tracks::Track *Tracks::find(std::uint64_t uuid)
{
    if (const auto it = m_tracks.find(uuid); it != m_tracks.end())
        return &it->second;
    if (m_descriptions.find(uuid) == m_descriptions.end())
        return nullptr;
    // Parents first. They may go in circles, or on for ever.
    std::vector<std::uint64_t> chain;
    for (auto at = uuid; chain.size() < kMaxParents && m_tracks.find(at) == m_tracks.end();) {
        const auto it = m_descriptions.find(at);
        if (it == m_descriptions.end())
            break;
        chain.push_back(at);
        at = it->second.parent;
        if (at == 0)
            break;
    }
    for (auto i = chain.size(); i-- > 0;) {
        if (m_tracks.find(chain[i]) == m_tracks.end())
            make(chain[i], m_descriptions[chain[i]]);
    }
    return &m_tracks[uuid];
}

Tracks::Track &Tracks::undescribed(std::uint64_t uuid, bool isCounter, std::string_view name)
{
    if (auto *track = find(uuid))
        return *track;
    Description description;
    description.name = !name.empty() ? std::string(name)
                       : uuid == 0   ? std::string("trace")
                                     : "track " + std::to_string(uuid);
    description.isCounter = isCounter;
    make(uuid, description);
    return m_tracks[uuid];
}

} // namespace flamewright::perfetto
