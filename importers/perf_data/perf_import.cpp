#include "importers/perf_data/perf_import.h"

#include "importers/perf_data/abi.h"
#include "importers/perf_data/cursor.h"

#include <algorithm>
#include <limits>

namespace flamewright {
namespace {

constexpr std::uint64_t kCheckEvery = 1024;   // records between looks at the job and the limits
constexpr std::size_t kMaxWaiting = 1u << 16; // samples that wait for their user part
constexpr std::uint64_t kEventUpdateName = 2;
constexpr std::size_t kOldestAttr = 64;
constexpr std::size_t kMmap2Name = 56; // of MMAP2 without protection and flags

PerfCpuMode cpuMode(std::uint16_t misc)
{
    const auto mode = misc & kPerfMiscCpuMode;
    return mode <= 5 ? static_cast<PerfCpuMode>(mode) : PerfCpuMode::Unknown;
}

std::int64_t clampToSigned(std::uint64_t value)
{
    constexpr auto kMax = std::uint64_t{std::numeric_limits<std::int64_t>::max()};
    return static_cast<std::int64_t>(std::min(value, kMax));
}

Timestamp timeOf(std::uint64_t time)
{
    return time == 0 || time > INT64_MAX ? kNoTime
                                         : Timestamp(Duration(static_cast<std::int64_t>(time)));
}

} // namespace

PerfImport::PerfImport(ImportRun run, bool swap)
    : m_run(run),
      m_sink(run.sink),
      m_swap(swap),
      m_order(m_blocks),
      m_events(m_sink),
      m_modules(m_sink),
      m_processes(m_sink, m_modules),
      m_features(m_sink, m_events, m_modules),
      m_stacks(m_sink, m_processes, m_modules)
{}

Result<> PerfImport::readAll(PerfInputStream &input, PerfRecordReader &reader)
{
    const auto deliverAt = [&](std::uint32_t block, std::uint32_t position) {
        deliver(reader.recordAt(block, position));
    };
    PerfRecord record;
    std::uint64_t checkedAt = 0;
    for (std::uint64_t n = 0;; ++n) {
        FW_ASSIGN(const auto more, reader.next(record));
        if (n % kCheckEvery == 0 || input.position() != checkedAt) {
            checkedAt = input.position();
            m_run.job.setDone(checkedAt);
            FW_TRY(m_run.job.checkpoint());
            FW_TRY(m_sink.status());
            m_order.keepWithinLimit(deliverAt);
        }
        if (!more)
            break;
        if (record.type == kPerfFinishedRound)
            m_order.finishRound(deliverAt);
        else
            take(record);
    }
    m_order.finish(deliverAt);
    noteStreamEnd(reader);
    m_run.job.setDone(input.position());
    return m_sink.status();
}

void PerfImport::noteStreamEnd(const PerfRecordReader &reader)
{
    const auto at = reader.endOffset();
    switch (reader.end()) {
    case PerfStreamEnd::Complete: break;
    case PerfStreamEnd::Truncated:
        m_sink.note(Severity::DataLoss, "perf_truncated", at,
                    "the file ends before its data does; what was complete is kept");
        break;
    case PerfStreamEnd::Damaged:
        m_sink.note(Severity::DataLoss, "perf_damaged", at,
                    "a record with an impossible size; the samples behind it are lost");
        break;
    }
    m_sink.note(Severity::DataLoss, "perf_bad_compression", reader.badPackedOffset(),
                "compressed records that cannot be unpacked", reader.badPacked());
    if (reader.auxBytes() > 0)
        m_sink.note(Severity::Notice, "perf_aux_skipped", 0,
                    std::to_string(reader.auxBytes()) +
                        " bytes of hardware trace (Intel PT, CoreSight, SPE) were not decoded");
}

// Puts a record of the kernel into the queue by its time. Records without a time, most of them
// made by perf for what was there before, are for now.
void PerfImport::take(const PerfRecord &record)
{
    if (record.type >= kPerfFirstUserType) {
        takeUser(record);
        return;
    }
    std::uint64_t time = 0;
    if (record.type == kPerfSampleRecord) {
        const auto *event = m_events.ofSample(record.body, m_swap);
        if (event == nullptr) {
            m_unknownIds.add(record.offset);
            return;
        }
        if ((event->attr.sampleType & kPerfTime) != 0 &&
            record.body.size() >= event->timeOffset + 8)
            time = perfWord(record.body.subspan(event->timeOffset), 0, m_swap);
    } else if (const auto *event = m_events.ofTrailer(record.body, m_swap); event != nullptr) {
        time = parsePerfTrailer(event->attr, record.body, m_swap).time;
    }
    if (time == 0 || time == UINT64_MAX)
        deliver(record);
    else
        m_order.add(time, record.block, record.position);
}

void PerfImport::takeUser(const PerfRecord &record)
{
    switch (record.type) {
    case kPerfHeaderAttr: headerAttr(record); break;
    case kPerfHeaderEventType: eventType(record); break;
    case kPerfEventUpdate: eventUpdate(record); break;
    case kPerfHeaderBuildId:
        if (!m_features.parseBuildId(record.misc, record.body, m_swap))
            m_badRecords.add(record.offset);
        break;
    case kPerfHeaderFeature: {
        PerfCursor in(record.body, m_swap);
        const auto feature = in.u64();
        if (!m_features.parse(feature, in.bytes(in.remaining()), m_swap))
            m_badRecords.add(record.offset);
        break;
    }
    default:
        // Everything else that perf writes is of no use here: maps of ids, CPUs and threads,
        // counts of perf stat, hardware trace.
        if (record.type > kPerfLastUserType)
            m_unknownRecords.add(record.offset);
    }
}

void PerfImport::deliver(const PerfRecord &record)
{
    switch (record.type) {
    case kPerfSampleRecord: sample(record); break;
    case kPerfMmap:
    case kPerfMmap2: mmap(record); break;
    case kPerfComm: comm(record); break;
    case kPerfFork: fork(record); break;
    case kPerfKsymbol: ksymbol(record); break;
    case kPerfCallchainDeferred: deferredChain(record); break;
    case kPerfLost:
    case kPerfLostSamples: lost(record); break;
    case kPerfThrottle: m_throttled.add(record.offset); break;
    case kPerfExit:
    case kPerfUnthrottle:
    case kPerfRead:
    case kPerfAux:
    case kPerfItraceStart:
    case kPerfSwitch:
    case kPerfSwitchCpuWide:
    case kPerfNamespaces:
    case kPerfBpfEvent:
    case kPerfCgroup:
    case kPerfTextPoke:
    case kPerfAuxOutputHwId: break; // known, and nothing to show
    default: m_unknownRecords.add(record.offset);
    }
}

void PerfImport::sample(const PerfRecord &record)
{
    auto *const event = m_events.ofSample(record.body, m_swap);
    PerfSample sample;
    if (event == nullptr || !parsePerfSample(event->attr, record.body, m_swap, sample)) {
        m_badSamples.add(record.offset);
        return;
    }
    if (sample.userStackBytes > 0)
        m_userStacks.add(record.offset);
    if (!sample.branches.empty())
        m_branches.add(record.offset);
    if (sample.auxBytes > 0)
        m_aux.add(record.offset);
    if (sample.readCount == 0 || sample.readIdWord == 0) {
        addSample(*event, sample, record);
        return;
    }
    // With counter values (record -e '{a,b}:S') perf makes one sample for each counter that moved
    // since its last value, weighted with the difference; so does this.
    for (std::size_t i = 0; i < sample.readCount; ++i) {
        const auto at = i * sample.readStride;
        const auto value = perfWord(sample.reads, at, m_swap);
        auto *const instance =
            m_events.instance(perfWord(sample.reads, at + sample.readIdWord, m_swap));
        if (instance == nullptr) {
            m_unknownIds.add(record.offset);
            continue;
        }
        auto member = sample;
        member.period = value - instance->lastValue;
        instance->lastValue = value;
        if (member.period != 0)
            addSample(*instance->event, member, record);
    }
}

void PerfImport::addSample(PerfEvent &event, const PerfSample &sample, const PerfRecord &record)
{
    auto &thread = m_processes.thread(sample.pid, sample.tid);
    if (sample.period > INT64_MAX)
        m_clamped.add(record.offset);
    Sample row{.time = timeOf(sample.time),
               .track = m_processes.trackOf(thread),
               .cpu = sample.cpu,
               .stack = {},
               .measure = m_events.measureOf(event),
               .value = clampToSigned(sample.period)};
    m_chain.clear();
    const auto mode = cpuMode(record.misc);
    const auto cookie = m_stacks.walk(sample.chain, m_swap, mode, m_chain);
    PerfStacks::setLeaf(m_chain, sample.ip, mode);
    if (cookie) {
        m_waiting.push_back({*cookie, sample.pid, sample.tid, row, m_chain, record.offset});
        if (m_waiting.size() > kMaxWaiting) {
            emitWaiting(m_waiting.front(), {});
            m_waiting.pop_front();
        }
        return;
    }
    row.stack = m_stacks.intern(thread, m_chain);
    m_sink.add(row);
}

// All samples that a thread took in the kernel since it last was in user space carry the cookie of
// this user part.
void PerfImport::deferredChain(const PerfRecord &record)
{
    const auto *event = m_events.ofTrailer(record.body, m_swap);
    PerfCursor in(withoutTrailer(record), m_swap);
    const auto cookie = in.u64();
    const auto words = in.words(in.u64());
    if (!in.ok() || event == nullptr) {
        m_badRecords.add(record.offset);
        return;
    }
    const auto tid = parsePerfTrailer(event->attr, record.body, m_swap).tid;
    std::size_t kept = 0;
    for (auto &waiting : m_waiting) {
        if (waiting.tid == tid && waiting.cookie == cookie)
            emitWaiting(waiting, words);
        else
            std::swap(m_waiting[kept++], waiting);
    }
    m_waiting.resize(kept);
}

void PerfImport::emitWaiting(const Waiting &waiting, std::span<const std::byte> userWords)
{
    m_chain = waiting.kernelPart;
    m_stacks.walk(userWords, m_swap, PerfCpuMode::User, m_chain);
    const auto missing = userWords.empty();
    if (missing)
        m_deferredMissing.add(waiting.offset);
    auto &thread = m_processes.thread(waiting.pid, waiting.tid);
    auto row = waiting.sample;
    row.stack = m_stacks.intern(thread, m_chain, missing);
    m_sink.add(row);
}

std::span<const std::byte> PerfImport::withoutTrailer(const PerfRecord &record)
{
    const auto *event = m_events.ofTrailer(record.body, m_swap);
    const auto trailer = event == nullptr ? 0 : perfTrailerBytes(event->attr);
    return record.body.first(record.body.size() - std::min(trailer, record.body.size()));
}

void PerfImport::mmap(const PerfRecord &record)
{
    PerfCursor in(withoutTrailer(record), m_swap);
    PerfMmap mmap;
    std::string buildId;
    mmap.pid = in.i32();
    mmap.tid = in.i32();
    mmap.start = in.u64();
    mmap.length = in.u64();
    mmap.pageOffset = in.u64();
    if (record.type == kPerfMmap2) {
        const auto identity = in.bytes(24); // device and inode, or the build id
        // Kernels that had MMAP2 first (RHEL 7) end with the name here: no protection is '/' or
        // '[', which would be impossible bits.
        const auto next = record.body.size() > kMmap2Name ? record.body[kMmap2Name] : std::byte{0};
        if (next != std::byte{'/'} && next != std::byte{'['}) {
            in.skip(4); // protection
            mmap.flags = in.u32();
        }
        if (in.ok() && (record.misc & kPerfMiscMmapBuildId) != 0) {
            const auto size = std::min<std::size_t>(static_cast<std::size_t>(identity[0]), 20);
            buildId = perfBuildIdText(identity.data() + 4, size);
            mmap.buildId = buildId;
        }
    }
    mmap.name = in.text(in.remaining());
    if (!in.ok()) {
        m_badRecords.add(record.offset);
        return;
    }
    switch (cpuMode(record.misc)) {
    case PerfCpuMode::Kernel: m_processes.mapKernel(mmap, false); break;
    case PerfCpuMode::GuestKernel: m_processes.mapKernel(mmap, true); break;
    case PerfCpuMode::User:
    case PerfCpuMode::Unknown: m_processes.mapUser(mmap); break;
    case PerfCpuMode::Hypervisor:
    case PerfCpuMode::GuestUser: break; // processes of guests cannot be told apart
    }
}

void PerfImport::comm(const PerfRecord &record)
{
    PerfCursor in(withoutTrailer(record), m_swap);
    const auto pid = in.i32(), tid = in.i32();
    const auto name = in.text(in.remaining());
    if (in.ok())
        m_processes.comm(pid, tid, name, (record.misc & kPerfMiscExec) != 0);
    else
        m_badRecords.add(record.offset);
}

void PerfImport::fork(const PerfRecord &record)
{
    PerfCursor in(withoutTrailer(record), m_swap);
    const auto pid = in.i32(), ppid = in.i32(), tid = in.i32(), ptid = in.i32();
    if (in.ok())
        m_processes.fork(pid, ppid, tid, ptid, (record.misc & kPerfMiscForkExec) != 0);
    else
        m_badRecords.add(record.offset);
}

void PerfImport::ksymbol(const PerfRecord &record)
{
    PerfCursor in(withoutTrailer(record), m_swap);
    const auto address = in.u64();
    const auto length = in.u32();
    in.skip(2); // type
    const auto flags = in.u16();
    const auto name = in.text(in.remaining());
    if (in.ok())
        m_processes.ksymbol(address, length, name, (flags & kPerfKsymbolUnregister) != 0);
    else
        m_badRecords.add(record.offset);
}

void PerfImport::lost(const PerfRecord &record)
{
    PerfCursor in(record.body, m_swap);
    if (record.type == kPerfLost) {
        in.skip(8); // id
        m_lost.add(record.offset, in.u64());
    } else if ((record.misc & kPerfMiscLostSamplesBpf) == 0) { // else: filtered, as asked for
        m_lostSamples.add(record.offset, in.u64());
    }
    if (!in.ok())
        m_badRecords.add(record.offset);
}

void PerfImport::headerAttr(const PerfRecord &record)
{
    PerfCursor in(record.body, m_swap);
    in.skip(4);
    std::size_t size = in.u32();
    size = std::min(size == 0 ? kOldestAttr : size, record.body.size());
    const auto attr = parsePerfAttr(record.body.first(size), m_swap);
    std::vector<std::uint64_t> ids;
    const auto words = record.body.subspan(size);
    for (std::size_t i = 0; i < words.size() / 8; ++i)
        ids.push_back(perfWord(words, i, m_swap));
    if (size < kOldestAttr || !m_events.add(attr, ids))
        m_badRecords.add(record.offset);
}

// Of perf before Linux 3.11: the number of a tracepoint and its name.
void PerfImport::eventType(const PerfRecord &record)
{
    PerfCursor in(record.body, m_swap);
    const auto config = in.u64();
    const auto name = in.text(in.remaining());
    if (in.ok())
        m_events.nameTracepoint(config, name);
    else
        m_badRecords.add(record.offset);
}

void PerfImport::eventUpdate(const PerfRecord &record)
{
    PerfCursor in(record.body, m_swap);
    const auto type = in.u64();
    const std::uint64_t id[] = {in.u64()};
    const auto text = in.text(in.remaining());
    if (!in.ok())
        m_badRecords.add(record.offset);
    else if (type == kEventUpdateName)
        m_events.name(id, 0, nullptr, text);
}

void PerfImport::finish()
{
    for (const auto &waiting : m_waiting)
        emitWaiting(waiting, {});
    m_waiting.clear();
    m_features.finish();
    const auto say = [this](Severity severity, std::string_view code, const PerfCount &count,
                            std::string_view detail) {
        m_sink.note(severity, code, count.firstOffset, detail, count.times);
    };
    say(Severity::DataLoss, "perf_lost", m_lost,
        "events lost because perf record could not keep up");
    say(Severity::DataLoss, "perf_lost_samples", m_lostSamples, "samples lost in the kernel");
    say(Severity::DataLoss, "perf_bad_record", m_badRecords,
        "records too short for what they should hold");
    say(Severity::DataLoss, "perf_bad_sample", m_badSamples,
        "samples too short for what they should hold");
    say(Severity::DataLoss, "perf_unknown_id", m_unknownIds,
        "samples of an event that the file does not describe");
    say(Severity::DataLoss, "perf_deferred_missing", m_deferredMissing,
        "samples whose user stack was to follow and did not");
    say(Severity::DataLoss, "perf_value_clamped", m_clamped, "periods of 2^63 and more");
    say(Severity::Notice, "perf_throttled", m_throttled,
        "times the kernel stopped sampling because it took too long");
    say(Severity::Notice, "perf_unknown_record", m_unknownRecords,
        "records of a kind this program does not know");
    say(Severity::Notice, "perf_user_stack", m_userStacks,
        "samples with a copy of the user stack, which is not unwound yet: only the sampled "
        "address and the kernel part are shown");
    say(Severity::Notice, "perf_branch_stack", m_branches,
        "samples with the branches that led to them (perf record -b), which are not shown yet");
    say(Severity::Notice, "perf_aux_sample", m_aux, "samples with hardware trace, not decoded");
    m_sink.note(Severity::Notice, "perf_out_of_order", 0,
                "records older than others that were already used", m_order.late());
    m_sink.note(Severity::Info, "perf_unmapped_address", 0,
                "addresses outside of everything that was mapped", m_stacks.unmapped());
    m_sink.note(Severity::Info, "perf_unknown_context", 0, "unknown markers in call chains",
                m_stacks.unknownMarkers());
    m_sink.note(Severity::DataLoss, "perf_too_many_maps", 0,
                "mappings or threads beyond what this program keeps", m_processes.dropped());
}

} // namespace flamewright
