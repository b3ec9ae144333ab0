#include "importers/formats.h"
#include "importers/trace/field_counts.h"
#include "importers/trace/packed_packets.h"
#include "importers/trace/packet_stream.h"
#include "importers/trace/perfetto_clocks.h"
#include "importers/trace/perfetto_events.h"
#include "importers/trace/perfetto_frames.h"
#include "importers/trace/perfetto_ftrace.h"
#include "importers/trace/perfetto_sequence.h"
#include "importers/trace/proto_fields.h"

#include <map>
#include <string>
#include <unordered_map>

namespace flamewright {
namespace {

using namespace perfetto;

// Perfetto's traces: packets of protobuf, read one by one.
// https://perfetto.dev/docs/reference/trace-packet-proto
constexpr FormatInfo kFormat{"perfetto", "Perfetto trace", "pftrace;perfetto-trace;perfetto;ptrace",
                             "trace"};

constexpr unsigned kPacketsPerCheck = 256;
constexpr std::uint64_t kInternedBytes = 512u << 20; // of all sequences together
constexpr std::size_t kMaxSequences = 1u << 16;
constexpr std::size_t kMaxUnpacked = 64u << 20; // of one compressed packet

enum PacketField : std::uint32_t {
    kFtraceEvents = 1,
    kProcessTree = 2,
    kTrustedUid = 3,
    kClockSnapshot = 6,
    kTimestamp = 8,
    kProcessStats = 9,
    kSequenceId = 10,
    kTrackEvent = 11,
    kInternedData = 12,
    kSequenceFlags = 13,
    kTraceConfig = 33,
    kFtraceStats = 34,
    kTraceStats = 35,
    kSynchronizationMarker = 36,
    kStateCleared = 41,
    kPacketDropped = 42,
    kProcessDescriptor = 43,
    kThreadDescriptor = 44,
    kSystemInfo = 45,
    kCompressed = 50,
    kTimestampClock = 58,
    kDefaults = 59,
    kTrackDescriptor = 60,
    kServiceEvent = 69,
    kFrameTimeline = 76,
    kTrustedPid = 79,
    kFirstPacket = 87,
    kTraceUuid = 89,
    kMachineId = 98,
    kZstdCompressed = 133
};

enum SequenceFlag : std::uint64_t { kCleared = 1, kNeedsState = 2 };

// What is not shown, but is about the recording rather than a part of it.
bool isAboutRecording(std::uint32_t field)
{
    switch (field) {
    case kTrustedUid:
    case kTraceConfig:
    case kFtraceStats:
    case kTraceStats:
    case kSynchronizationMarker:
    case kServiceEvent:
    case kTrustedPid:
    case kFirstPacket:
    case kTraceUuid: return true;
    default: return false;
    }
}

struct Packet {
    std::uint64_t timestamp = 0, flags = 0, dropped = 0;
    bool hasTimestamp = false;
    std::uint32_t clock = 0, sequence = 0;
    std::string_view interned, defaults;
    bool hasDefaults = false;
    std::uint32_t type = 0; // the field of what it is about; 0: none
    std::string_view payload;
    bool good = true;
};

Packet packetOf(std::string_view bytes)
{
    Packet out;
    ProtoFields fields(bytes);
    ProtoFields::Field field;
    while (fields.next(field)) {
        switch (field.tag) {
        case kTimestamp:
            out.timestamp = field.number;
            out.hasTimestamp = true;
            break;
        case kTimestampClock: out.clock = static_cast<std::uint32_t>(field.number); break;
        case kSequenceId: out.sequence = static_cast<std::uint32_t>(field.number); break;
        case kSequenceFlags: out.flags |= field.number; break;
        case kStateCleared:
            if (field.number != 0)
                out.flags |= kCleared;
            break;
        case kPacketDropped: out.dropped = field.number; break;
        case kInternedData: out.interned = field.bytes; break;
        case kDefaults:
            out.defaults = field.bytes;
            out.hasDefaults = true;
            break;
        case kMachineId: break;
        default:
            if (!field.isBytes || isAboutRecording(field.tag))
                break;
            out.type = field.tag;
            out.payload = field.bytes;
        }
    }
    out.good = !fields.damaged();
    return out;
}

class TraceReader {
public:
    explicit TraceReader(ImportRun run)
        : m_run(run),
          m_sink(run.sink),
          m_trace(run.sink),
          m_tasks(run.sink),
          m_sched(run.sink, m_trace, m_tasks),
          m_events(run.sink, m_trace, m_tasks),
          m_ftrace(run.sink, m_trace, m_tasks, m_sched, m_clocks)
    {}
    Result<> run();

private:
    Result<> packets(ByteSource &source, std::uint64_t offset, bool nested);
    Result<> packet(std::string_view bytes, std::uint64_t offset, bool nested);
    Result<> unpack(Packing packing, std::string_view bytes, std::uint64_t offset, bool nested);
    Sequence *sequenceOf(const Packet &packet, std::uint64_t offset);
    void state(Sequence &sequence, const Packet &packet, std::uint64_t offset);
    Timestamp timeOf(const Packet &packet, Sequence &sequence, std::uint64_t offset);
    void payload(const Packet &packet, Sequence &sequence, std::uint64_t offset);
    void trackEvent(const Packet &packet, Sequence &sequence, std::uint64_t offset);
    void processTree(std::string_view message);
    void processStats(std::string_view message, Timestamp time);
    void processDescriptor(std::string_view message);
    void threadDescriptor(std::string_view message, Sequence &sequence);
    void systemInfo(std::string_view message);
    void damaged(std::uint64_t offset)
    {
        m_sink.note(Severity::DataLoss, "perfetto_bad_message", offset, "a packet is damaged");
    }

    ImportRun m_run;
    RecordSink &m_sink;
    TraceBuilder m_trace;
    TaskTracks m_tasks;
    Clocks m_clocks;
    SchedBuilder m_sched;
    perfetto::Events m_events;
    FtraceBundles m_ftrace;
    std::unordered_map<std::uint32_t, Sequence> m_sequences;
    std::uint64_t m_generations = 0;
    std::uint64_t m_internedBudget = kInternedBytes;
    std::map<std::uint32_t, std::uint64_t> m_counted; // packets, by field number
    std::uint64_t m_firstCounted = 0;
    std::uint64_t m_packets = 0;
    unsigned m_untilCheck = kPacketsPerCheck;
};

Sequence *TraceReader::sequenceOf(const Packet &packet, std::uint64_t offset)
{
    const auto it = m_sequences.find(packet.sequence);
    if (it != m_sequences.end())
        return &it->second;
    if (m_sequences.size() >= kMaxSequences) {
        m_sink.note(Severity::DataLoss, "perfetto_too_many_sequences", offset,
                    "packets of more writers than a trace can have were left out");
        return nullptr;
    }
    auto &sequence = m_sequences[packet.sequence];
    sequence.id = packet.sequence;
    sequence.generation = ++m_generations;
    return &sequence;
}

void TraceReader::state(Sequence &sequence, const Packet &packet, std::uint64_t offset)
{
    if (packet.dropped != 0) {
        sequence.valid = false;
        if (sequence.seen)
            m_sink.note(Severity::Notice, "perfetto_packets_dropped", offset,
                        "packets were lost while the trace was recorded");
    }
    sequence.seen = true;
    if ((packet.flags & kCleared) != 0) {
        sequence.forget(++m_generations);
        sequence.valid = true;
    }
    if (!packet.interned.empty() && !addInterned(sequence, packet.interned, m_internedBudget))
        m_sink.note(Severity::DataLoss, "perfetto_bad_interned", offset,
                    "names that events refer to are damaged or too many");
    if (packet.hasDefaults && !setDefaults(sequence, packet.defaults))
        damaged(offset);
}

Timestamp TraceReader::timeOf(const Packet &packet, Sequence &sequence, std::uint64_t offset)
{
    const auto clock = packet.clock != 0            ? packet.clock
                       : sequence.defaultClock != 0 ? sequence.defaultClock
                                                    : static_cast<std::uint32_t>(kBoottime);
    const auto given = m_clocks.toPrimary(clock, sequence.id, packet.timestamp);
    if (!given && clock != kBoottime) // a trace without snapshots has one clock, called so or not
        m_sink.note(Severity::Notice, "perfetto_unknown_clock", offset,
                    "times of a clock that no snapshot connects with that of the trace are taken "
                    "as they are");
    if (packet.timestamp > static_cast<std::uint64_t>(INT64_MAX))
        m_sink.note(Severity::DataLoss, "perfetto_bad_time", offset,
                    "a time that is too large became the largest");
    const auto ns = given.value_or(
        static_cast<std::int64_t>(std::min<std::uint64_t>(packet.timestamp, INT64_MAX)));
    const auto time = Timestamp(Duration(ns));
    m_sched.seen(time);
    return time;
}

// Old writers put times into the event: whole ones, or the distance from the event before.
void TraceReader::trackEvent(const Packet &packet, Sequence &sequence, std::uint64_t offset)
{
    auto timed = packet;
    if (!packet.hasTimestamp) {
        ProtoFields fields(packet.payload);
        ProtoFields::Field field;
        std::int64_t us = sequence.referenceUs;
        while (fields.next(field)) {
            if (field.tag == 1)
                us = sequence.referenceUs = saturatingAdd(sequence.referenceUs, field.integer());
            else if (field.tag == 16)
                us = field.integer();
        }
        const auto ns = nanosFrom(us, 1'000);
        timed.timestamp = ns && ns->count() > 0 ? static_cast<std::uint64_t>(ns->count()) : 0;
        timed.clock = kMonotonic;
    }
    const auto time = timeOf(timed, sequence, offset);
    m_events.take(packet.payload, sequence, time, offset);
}

void TraceReader::processTree(std::string_view message)
{
    ProtoFields fields(message);
    ProtoFields::Field field, part;
    while (fields.next(field)) {
        ProtoFields parts(field.bytes);
        std::int32_t id = -1, tgid = -1;
        std::string_view name;
        while (parts.next(part)) {
            if (part.tag == 1)
                id = static_cast<std::int32_t>(part.number);
            else if (field.tag == 2 && part.tag == 3)
                tgid = static_cast<std::int32_t>(part.number);
            else if (part.tag == (field.tag == 1 ? 3u : 2u) && name.empty())
                name = part.bytes;
        }
        if (id < 0 || field.tag > 2)
            continue;
        if (field.tag == 1) {
            m_tasks.nameProcess(id, name);
            m_tasks.setProcess(id, id);
        } else {
            m_tasks.nameThread(id, name);
            m_tasks.setProcess(id, tgid);
        }
    }
}

void TraceReader::processStats(std::string_view message, Timestamp time)
{
    constexpr double kKib = 1024;
    ProtoFields fields(message);
    ProtoFields::Field field, part;
    while (fields.next(field)) {
        if (field.tag != 1)
            continue;
        ProtoFields ids(field.bytes);
        std::int32_t pid = -1;
        while (ids.next(part)) {
            if (part.tag == 1)
                pid = static_cast<std::int32_t>(part.number);
        }
        if (pid < 0)
            continue;
        const auto counter = [&](std::string_view name, double value) {
            m_trace.counter(
                m_sink.track(
                    {.kind = TrackKind::Counter, .name = name, .parent = m_tasks.process(pid)}),
                time, value);
        };
        ProtoFields values(field.bytes);
        while (values.next(part)) {
            const auto bytes = static_cast<double>(part.number) * kKib;
            switch (part.tag) {
            case 2: counter("virtual memory [bytes]", bytes); break;
            case 3: counter("resident memory [bytes]", bytes); break;
            case 7: counter("swapped memory [bytes]", bytes); break;
            case 10: counter("OOM score", static_cast<double>(part.integer())); break;
            default: break; // parts of these
            }
        }
    }
}

void TraceReader::processDescriptor(std::string_view message)
{
    ProtoFields fields(message);
    ProtoFields::Field field;
    std::int32_t pid = -1;
    std::string_view name;
    while (fields.next(field)) {
        if (field.tag == 1)
            pid = static_cast<std::int32_t>(field.number);
        else if (field.tag == 6)
            name = field.bytes;
    }
    if (pid >= 0)
        m_tasks.nameProcess(pid, name);
}

void TraceReader::threadDescriptor(std::string_view message, Sequence &sequence)
{
    ProtoFields fields(message);
    ProtoFields::Field field;
    std::string_view name;
    while (fields.next(field)) {
        switch (field.tag) {
        case 1: sequence.pid = static_cast<std::int32_t>(field.number); break;
        case 2: sequence.tid = static_cast<std::int32_t>(field.number); break;
        case 5: name = field.bytes; break;
        case 6: sequence.referenceUs = field.integer(); break;
        default: break;
        }
    }
    if (sequence.pid >= 0 && sequence.tid >= 0)
        m_tasks.thread(sequence.pid, sequence.tid, name);
}

void TraceReader::systemInfo(std::string_view message)
{
    ProtoFields fields(message);
    ProtoFields::Field field, part;
    while (fields.next(field)) {
        if (field.tag == 2)
            m_sink.provenance("android_build", field.bytes);
        if (field.tag == 4)
            m_sink.provenance("tool", field.bytes);
        if (field.tag != 1)
            continue;
        ProtoFields parts(field.bytes);
        while (parts.next(part)) {
            if (part.tag == 3)
                m_sink.provenance("kernel", part.bytes);
            else if (part.tag == 4)
                m_sink.provenance("arch", part.bytes);
        }
    }
}

void TraceReader::payload(const Packet &packet, Sequence &sequence, std::uint64_t offset)
{
    switch (packet.type) {
    case 0: break;
    case kFtraceEvents: m_ftrace.take(packet.payload, offset); break;
    case kProcessTree: processTree(packet.payload); break;
    case kProcessStats: processStats(packet.payload, timeOf(packet, sequence, offset)); break;
    case kFrameTimeline:
        if (!takeFrameEvent(packet.payload, timeOf(packet, sequence, offset), offset, m_sink,
                            m_trace, m_tasks))
            damaged(offset);
        break;
    case kTrackEvent: trackEvent(packet, sequence, offset); break;
    case kTrackDescriptor: m_events.describe(packet.payload, offset); break;
    case kProcessDescriptor: processDescriptor(packet.payload); break;
    case kThreadDescriptor: threadDescriptor(packet.payload, sequence); break;
    case kSystemInfo: systemInfo(packet.payload); break;
    case kClockSnapshot:
        if (!m_clocks.addSnapshot(packet.payload, sequence.id))
            damaged(offset);
        break;
    default:
        if (m_counted.empty())
            m_firstCounted = offset;
        ++m_counted[m_counted.size() < kMaxCountedFields ? packet.type : kOtherFields];
    }
}

Result<> TraceReader::unpack(Packing packing, std::string_view bytes, std::uint64_t offset,
                             bool nested)
{
    const auto inside = nested ? std::nullopt : unpacked(packing, bytes, kMaxUnpacked);
    if (!inside) {
        m_sink.note(Severity::DataLoss, "perfetto_bad_compressed", offset,
                    "compressed packets are damaged, too large or inside each other");
        return {};
    }
    MemorySource source(*inside);
    return packets(source, offset, true);
}

Result<> TraceReader::packet(std::string_view bytes, std::uint64_t offset, bool nested)
{
    ++m_packets;
    if (--m_untilCheck == 0) {
        m_untilCheck = kPacketsPerCheck;
        m_run.job.setDone(offset);
        FW_TRY(m_run.job.checkpoint());
        FW_TRY(m_sink.status());
    }
    const auto packet = packetOf(bytes);
    if (!packet.good)
        damaged(offset);
    if (packet.type == kCompressed || packet.type == kZstdCompressed)
        return unpack(packet.type == kCompressed ? Packing::Zlib : Packing::Zstd, packet.payload,
                      offset, nested);
    auto *sequence = sequenceOf(packet, offset);
    if (sequence == nullptr)
        return {};
    state(*sequence, packet, offset);
    if ((packet.flags & kNeedsState) != 0 && !sequence->valid) {
        m_sink.note(Severity::DataLoss, "perfetto_lost_state", offset,
                    "packets that refer to lost ones cannot be read");
        return {};
    }
    payload(packet, *sequence, offset);
    return {};
}

// `offset`: of nested ones, that of the packet that they were in; the outermost count their own.
Result<> TraceReader::packets(ByteSource &source, std::uint64_t offset, bool nested)
{
    PacketStream stream(source);
    for (;;) {
        FW_ASSIGN(const auto next, stream.next());
        if (!next)
            break;
        FW_TRY(packet(next->bytes, nested ? offset : next->offset, nested));
    }
    if (stream.damaged())
        m_sink.note(Severity::DataLoss, "perfetto_cut", nested ? offset : stream.offset(),
                    "the trace ends in the middle of a packet, or is none from here on");
    if (stream.otherFields() > 0)
        m_sink.note(Severity::Notice, "perfetto_other_fields", offset,
                    "fields of the trace that are no packets", stream.otherFields());
    return {};
}

Result<> TraceReader::run()
{
    if (const auto size = m_run.input.sizeHint())
        m_run.job.setTotal(*size);
    FW_TRY(packets(m_run.input, 0, false));
    if (m_packets == 0)
        return fail(Errc::Corrupt, "there is no packet in the trace");
    m_events.finish();
    m_ftrace.finish();
    noteCountedFields(m_sink, "perfetto_packets_counted", m_firstCounted,
                      "packets that are only counted, by field number:", m_counted);
    if (const auto wall = m_clocks.wallOffset())
        m_sink.setWallOffset(*wall);
    FW_TRY(m_sched.finish(m_run.job));
    FW_TRY(m_trace.finish(m_run.job));
    FW_TRY(m_run.job.checkpoint());
    return m_sink.status();
}

// Whether the fields have the types that they have in a packet, and whether one is there that tells.
bool looksLikePacket(std::string_view bytes, bool isWhole, bool &tells)
{
    protozero::pbf_reader reader(bytes.data(), bytes.size());
    try {
        while (reader.next()) {
            const bool isVarint = reader.wire_type() == protozero::pbf_wire_type::varint;
            switch (reader.tag()) {
            case kTrustedUid:
            case kTimestamp:
            case kSequenceId:
            case kSequenceFlags:
            case kTimestampClock:
            case kTrustedPid:
                if (!isVarint)
                    return false;
                tells |= reader.tag() == kTimestamp || reader.tag() == kSequenceId;
                break;
            case kFtraceEvents:
            case kProcessTree:
            case kClockSnapshot:
            case kTrackEvent:
            case kSynchronizationMarker:
            case kCompressed:
            case kTrackDescriptor:
            case kZstdCompressed:
                if (isVarint)
                    return false;
                tells |= reader.tag() >= kSynchronizationMarker;
                break;
            default: break;
            }
            reader.skip();
        }
    } catch (const protozero::exception &) {
        return !isWhole;
    }
    return true;
}

class PerfettoTrace final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }

    Match probe(const Probe &probe) const override
    {
        constexpr int kPackets = 16;
        auto rest = probe.text();
        bool tells = false;
        for (int i = 0; i < kPackets && !rest.empty(); ++i) {
            if (rest.front() != '\x0a') // field 1, of bytes
                return Match::No;
            const auto *at = rest.data() + 1;
            const auto *const end = rest.data() + rest.size();
            std::uint64_t size = 0;
            try {
                size = protozero::decode_varint(&at, end);
            } catch (const protozero::exception &) {
                return Match::No;
            }
            rest.remove_prefix(static_cast<std::size_t>(at - rest.data()));
            const bool isWhole = size <= rest.size();
            if (size == 0 || (!isWhole && probe.headIsAll && !tells))
                return Match::No;
            const auto packet = rest.substr(0, static_cast<std::size_t>(size));
            if (!looksLikePacket(packet, isWhole, tells))
                return Match::No;
            rest.remove_prefix(packet.size());
        }
        return tells ? Match::Strong : Match::No;
    }

    Result<> run(ImportRun run) const override { return TraceReader(run).run(); }
};

} // namespace

std::unique_ptr<Importer> makePerfettoTrace()
{
    return std::make_unique<PerfettoTrace>();
}

} // namespace flamewright
