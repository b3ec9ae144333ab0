#include "importers/trace/perfetto_events.h"

#include "importers/trace/proto_fields.h"

#include <algorithm>
#include <array>
#include <bit>

namespace flamewright::perfetto {
namespace {

constexpr std::uint64_t kMaxWaiting = 64u << 20;
constexpr std::size_t kMaxRepeated = 4096;   // flows, counters of one event
constexpr std::size_t kMaxCategories = 4096; // bytes
constexpr std::int64_t kNanosPerMicro = 1'000;

enum EventType : std::uint64_t { kBegin = 1, kEnd = 2, kInstant = 3, kCounter = 4 };

template <class T>
void append(std::vector<T> &to, T value)
{
    if (to.size() < kMaxRepeated)
        to.push_back(value);
}

std::string numbered(std::uint64_t number)
{
    return "#" + std::to_string(number);
}

std::uint64_t keyOfFlow(std::uint64_t id)
{
    return traceKey({"flow", std::to_string(id)});
}

} // namespace

struct Events::Message {
    std::uint64_t type = 0;
    bool hasTrack = false;
    std::uint64_t track = 0;
    std::string name, categories;
    double value = 0;
    std::vector<std::uint64_t> flows, lastFlows;
    std::vector<std::uint64_t> extraTracks, extraDoubleTracks;
    std::vector<double> extra, extraDouble;
    // Of the message LegacyEvent.
    bool legacy = false;
    char phase = 0;
    std::int64_t durationUs = 0;
    std::uint64_t id = 0;
    bool localId = false;
    std::string scope;
    std::int32_t pid = -1, tid = -1;
    bool bindEnclosing = false;
    bool hasBindId = false;
    std::uint64_t bindId = 0, direction = 0;
};

bool Events::read(std::string_view bytes, const Sequence &sequence, Message &out)
{
    ProtoFields fields(bytes);
    ProtoFields::Field field;
    bool good = true;
    const auto internedIn = [&](const auto &names, std::uint64_t number) {
        const auto it = names.find(number);
        if (it != names.end())
            return it->second;
        ++m_lostNames;
        return numbered(number);
    };
    const auto category = [&](std::string_view text) {
        if (out.categories.size() > kMaxCategories) {
            ++m_odd.cut;
            return;
        }
        out.categories += (out.categories.empty() ? "" : ",") + std::string(text);
    };
    const auto legacyField = [&](const ProtoFields::Field &part) {
        switch (part.tag) {
        case 1: out.name = internedIn(sequence.eventNames, part.number); break;
        case 2: out.phase = static_cast<char>(part.number); break;
        case 3: out.durationUs = part.integer(); break;
        case 6:
        case 10:
        case 11:
            out.id = part.number;
            out.localId = part.tag == 10;
            break;
        case 7: out.scope = part.bytes; break;
        case 8:
            out.hasBindId = true;
            out.bindId = part.number;
            break;
        case 12: out.bindEnclosing = part.number != 0; break;
        case 13: out.direction = part.number; break;
        case 18: out.pid = static_cast<std::int32_t>(part.number); break;
        case 19: out.tid = static_cast<std::int32_t>(part.number); break;
        default: break;
        }
    };
    m_args.clear();
    while (fields.next(field)) {
        switch (field.tag) {
        case 3:
            good &= forEachVarint(
                field, [&](std::uint64_t id) { category(internedIn(sequence.categories, id)); });
            break;
        case 22: category(field.bytes); break;
        case 4: m_args.addAnnotation(sequence, field.bytes, m_odd); break;
        case 6: {
            out.legacy = true;
            ProtoFields parts(field.bytes);
            ProtoFields::Field part;
            while (parts.next(part))
                legacyField(part);
            good &= !parts.damaged();
            break;
        }
        case 9: out.type = field.number; break;
        case 10: out.name = internedIn(sequence.eventNames, field.number); break;
        case 23: out.name = field.bytes; break;
        case 11:
            out.hasTrack = true;
            out.track = field.number;
            break;
        case 30: out.value = static_cast<double>(field.integer()); break;
        case 44: out.value = field.real(); break;
        case 31: good &= forEachVarint(field, [&](auto v) { append(out.extraTracks, v); }); break;
        case 45:
            good &= forEachVarint(field, [&](auto v) { append(out.extraDoubleTracks, v); });
            break;
        case 12:
            good &= forEachVarint(field, [&](std::uint64_t v) {
                append(out.extra, static_cast<double>(static_cast<std::int64_t>(v)));
            });
            break;
        case 46:
            good &= forEachFixed64(
                field, [&](std::uint64_t v) { append(out.extraDouble, std::bit_cast<double>(v)); });
            break;
        case 36: good &= forEachVarint(field, [&](auto v) { append(out.flows, v); }); break;
        case 42: good &= forEachVarint(field, [&](auto v) { append(out.lastFlows, v); }); break;
        case 47: good &= forEachFixed64(field, [&](auto v) { append(out.flows, v); }); break;
        case 48: good &= forEachFixed64(field, [&](auto v) { append(out.lastFlows, v); }); break;
        case 52: m_args.addNumber("correlation_id", field.number); break;
        case 53: m_args.addText("correlation_id", field.bytes); break;
        case 1: // times, which are the packet's business
        case 16:
        case 2: // counters of a thread before there were tracks
        case 8:
        case 17:
        case 20: break;
        default: ++m_typedArgs;
        }
    }
    return good && !fields.damaged();
}

// What old writers say by a letter, as in Chrome's JSON. False for what is not shown.
bool Events::legacyKind(const Message &message, Event &event)
{
    const auto async = [&](Kind kind) {
        event.kind = kind;
        event.key = traceKey({message.categories, std::to_string(message.id), message.scope,
                              message.localId ? std::to_string(event.pid) : std::string()});
    };
    const auto flow = [&](FlowPhase phase) {
        async(Kind::Flow);
        event.phase = phase;
        event.binding = phase == FlowPhase::End && !message.bindEnclosing ? FlowBinding::Next
                                                                          : FlowBinding::Enclosing;
    };
    switch (message.phase) {
    case 'B': event.kind = Kind::Begin; return true;
    case 'E': event.kind = Kind::End; return true;
    case 'X':
        event.kind = Kind::Complete;
        event.length = nanosFrom(message.durationUs, kNanosPerMicro).value_or(Duration(INT64_MAX));
        return true;
    case 'i':
    case 'I':
    case 'R': event.kind = Kind::Instant; return true;
    case 'b':
    case 'S': async(Kind::AsyncBegin); return true;
    case 'e':
    case 'F': async(Kind::AsyncEnd); return true;
    case 'n':
    case 'T':
    case 'p': async(Kind::AsyncInstant); return true;
    case 's': flow(FlowPhase::Start); return true;
    case 't': flow(FlowPhase::Step); return true;
    case 'f': flow(FlowPhase::End); return true;
    default: ++m_legacyPhases; return false;
    }
}

void Events::extraCounters(const Message &message, const Sequence &sequence, const Event &event)
{
    const auto all = [&](const std::vector<std::uint64_t> &own,
                         const std::vector<std::uint64_t> &defaults,
                         const std::vector<double> &values) {
        const auto &tracks = own.empty() ? defaults : own;
        for (std::size_t i = 0; i < values.size() && i < tracks.size(); ++i) {
            Event counter;
            counter.kind = Kind::Counter;
            counter.track = tracks[i];
            counter.time = event.time;
            counter.offset = event.offset;
            counter.value = values[i];
            counter.generation = event.generation;
            give(std::move(counter));
        }
        if (values.size() > tracks.size())
            m_sink.note(Severity::DataLoss, "perfetto_bad_event", event.offset,
                        "values of counters without the tracks that they belong to");
    };
    all(message.extraTracks, sequence.extraCounters, message.extra);
    all(message.extraDoubleTracks, sequence.extraDoubleCounters, message.extraDouble);
}

void Events::describe(std::string_view message, std::uint64_t offset)
{
    bool good = true;
    const auto uuid = m_tracks.describe(message, good);
    if (!good)
        m_sink.note(Severity::DataLoss, "perfetto_bad_message", offset,
                    "the description of a track is damaged");
    const auto it = m_waiting.find(uuid);
    if (it == m_waiting.end())
        return;
    auto *track = m_tracks.find(uuid);
    if (track == nullptr)
        return; // more descriptions than are kept: the events wait for the end
    const auto events = std::move(it->second);
    m_waiting.erase(it);
    for (const auto &event : events)
        apply(event, *track);
}

void Events::take(std::string_view bytes, const Sequence &sequence, Timestamp time,
                  std::uint64_t offset)
{
    Message message;
    if (!read(bytes, sequence, message))
        m_sink.note(Severity::DataLoss, "perfetto_bad_message", offset, "an event is damaged");
    Event event;
    event.time = time;
    event.offset = offset;
    event.generation = sequence.generation;
    event.pid = message.pid >= 0 ? message.pid : sequence.pid;
    event.tid = message.tid >= 0 ? message.tid : sequence.tid;
    if (message.hasTrack)
        event.track = message.track;
    else if (sequence.defaultTrack)
        event.track = *sequence.defaultTrack;
    else
        event.ownThread = event.pid >= 0 && event.tid >= 0;
    event.ownThread |= message.pid >= 0 && message.tid >= 0;
    bool known = true;
    switch (message.type) {
    case kBegin: event.kind = Kind::Begin; break;
    case kEnd: event.kind = Kind::End; break;
    case kInstant: event.kind = Kind::Instant; break;
    case kCounter: event.kind = Kind::Counter; break;
    default: known = message.legacy && legacyKind(message, event);
    }
    extraCounters(message, sequence, event);
    if (!known) {
        m_sink.note(Severity::Notice, "perfetto_other_event", offset,
                    "events of a type that is not shown");
        return;
    }
    if (!message.categories.empty() && event.kind != Kind::End && event.kind != Kind::Counter)
        m_args.addText("cat", message.categories);
    event.args = m_args.json(m_odd);
    event.name = message.name.empty() && event.kind != Kind::End ? message.categories
                                                                 : std::move(message.name);
    event.value = message.value;
    event.flows = std::move(message.flows);
    event.lastFlows = std::move(message.lastFlows);
    if (message.hasBindId) {
        const auto id = traceKey({"bind", std::to_string(message.bindId)});
        ((message.direction & 2) != 0 ? event.flows : event.lastFlows).push_back(id);
    }
    give(std::move(event));
}

void Events::give(Event event)
{
    if (event.ownThread) {
        applyTo(event, m_tasks.thread(event.pid, event.tid, {}), event.pid);
        return;
    }
    if (auto *track = m_tracks.find(event.track)) {
        apply(event, *track);
        return;
    }
    const auto bytes = sizeof(Event) + event.name.size() + event.args.size() +
                       8 * (event.flows.size() + event.lastFlows.size());
    if (event.track == 0 || m_waitingBytes + bytes > kMaxWaiting) {
        const bool isCounter = event.kind == Kind::Counter;
        apply(event, m_tracks.undescribed(event.track, isCounter, isCounter ? event.name : ""));
        return;
    }
    m_waitingBytes += bytes;
    m_waiting[event.track].push_back(std::move(event));
}

void Events::apply(const Event &event, Tracks::Track &track)
{
    if (event.kind == Kind::Counter) {
        auto value = event.value;
        if (track.incremental) {
            if (track.generation != event.generation)
                track.last = 0;
            track.generation = event.generation;
            value = track.last += value;
        }
        if (track.kind == Tracks::Kind::Counter)
            m_trace.counter(track.id, event.time, value * track.unit);
        else
            m_sink.note(Severity::DataLoss, "perfetto_bad_event", event.offset,
                        "a value on a track that is not one of a counter");
        return;
    }
    if (track.kind == Tracks::Kind::Thread || event.key != 0) {
        applyTo(event, track.id, track.pid);
        return;
    }
    if (track.kind == Tracks::Kind::Counter) {
        m_sink.note(Severity::DataLoss, "perfetto_bad_event", event.offset,
                    "a slice or moment on the track of a counter");
        return;
    }
    const auto name = m_sink.string(event.name);
    switch (event.kind) {
    case Kind::Begin:
        m_trace.asyncBegin(track.id, track.uuid, event.time, name, event.args, event.offset);
        break;
    case Kind::End:
        m_trace.asyncEnd(track.id, track.uuid, event.time, event.args, event.offset);
        break;
    case Kind::Complete:
        m_trace.asyncBegin(track.id, track.uuid, event.time, name, event.args, event.offset);
        m_trace.asyncEnd(track.id, track.uuid,
                         Timestamp(Duration(saturatingAdd(event.time.time_since_epoch().count(),
                                                          event.length.count()))),
                         {}, event.offset);
        break;
    default: m_trace.asyncInstant(track.id, event.time, name, event.args, event.offset);
    }
    arrows(event, track.id);
}

// Onto a track whose slices nest; asynchronous ones onto one of the process.
void Events::applyTo(const Event &event, TrackId track, std::int32_t pid)
{
    const auto name = m_sink.string(event.name);
    const auto asyncTrack = [&] {
        return m_sink.track({.kind = TrackKind::Async,
                             .name = event.name,
                             .parent = pid >= 0 ? m_tasks.process(pid) : track});
    };
    switch (event.kind) {
    case Kind::Begin: m_trace.begin(track, event.time, name, event.args, event.offset); break;
    case Kind::End: m_trace.end(track, event.time, event.args, event.offset); break;
    case Kind::Complete:
        m_trace.complete(track, event.time, event.length, name, event.args, event.offset);
        break;
    case Kind::Instant: m_trace.instant(track, event.time, name, event.args, event.offset); break;
    case Kind::AsyncBegin:
        m_trace.asyncBegin(asyncTrack(), event.key, event.time, name, event.args, event.offset);
        return;
    case Kind::AsyncEnd:
        m_trace.asyncEnd(asyncTrack(), event.key, event.time, event.args, event.offset, name);
        return;
    case Kind::AsyncInstant:
        m_trace.asyncInstant(asyncTrack(), event.time, name, event.args, event.offset);
        return;
    case Kind::Flow:
        m_trace.flow(event.phase, track, event.time, event.key, name, event.offset, event.binding);
        return;
    case Kind::Counter:
        m_trace.counter(m_sink.track({.kind = TrackKind::Counter,
                                      .name = event.name.empty() ? "counter" : event.name,
                                      .parent = track}),
                        event.time, event.value);
        return;
    }
    arrows(event, track);
}

void Events::arrows(const Event &event, TrackId track)
{
    const auto name = m_sink.string("flow");
    for (const auto id : event.flows)
        m_trace.flow(FlowPhase::Through, track, event.time, keyOfFlow(id), name, event.offset);
    for (const auto id : event.lastFlows)
        m_trace.flow(FlowPhase::End, track, event.time, keyOfFlow(id), name, event.offset);
}

void Events::finish()
{
    std::vector<std::uint64_t> uuids;
    for (const auto &entry : m_waiting)
        uuids.push_back(entry.first);
    std::sort(uuids.begin(), uuids.end());
    for (const auto uuid : uuids) {
        const auto events = std::move(m_waiting[uuid]);
        m_sink.note(Severity::Notice, "perfetto_no_descriptor", events[0].offset,
                    "events on a track that the trace does not describe", events.size());
        for (const auto &event : events) {
            const bool isCounter = event.kind == Kind::Counter;
            apply(event, m_tracks.undescribed(uuid, isCounter, isCounter ? event.name : ""));
        }
    }
    m_waiting.clear();
    const auto note = [&](std::uint64_t count, Severity severity, std::string_view code,
                          std::string_view detail) {
        if (count > 0)
            m_sink.note(severity, code, 0, detail, count);
    };
    note(m_lostNames + m_odd.lostNames, Severity::DataLoss, "perfetto_lost_names",
         "names that are referred to by number are not in the trace; their number is shown");
    note(m_odd.cut, Severity::DataLoss, "perfetto_long_args",
         "arguments that are too long or too deep were left out");
    note(m_odd.damaged, Severity::DataLoss, "perfetto_bad_message", "an argument is damaged");
    note(m_typedArgs, Severity::Info, "perfetto_typed_args",
         "arguments of types of their own (stacks, source locations, Chrome's) are not shown");
    note(m_legacyPhases, Severity::Notice, "perfetto_legacy_phases",
         "events of an old kind that is not shown");
}

} // namespace flamewright::perfetto
