#include "importers/trace/perfetto_ftrace.h"

#include "importers/trace/field_counts.h"
#include "importers/trace/proto_fields.h"

#include <array>
#include <string>

namespace flamewright::perfetto {
namespace {

constexpr std::uint64_t kHardInterrupt = 0x08, kSoftInterrupt = 0x10; // of common_flags
constexpr std::size_t kMaxFields = 8;
constexpr std::size_t kMaxCompactRows = 1u << 20; // of one bundle, which holds a few thousand
constexpr std::size_t kMaxTaskName = 64;          // Linux keeps 15 bytes
constexpr std::uint64_t kMaxCpu = 0xffff;

// Fields of FtraceEvent, and so the types of events.
enum EventField : std::uint32_t {
    kPrint = 3,
    kSchedSwitch = 4,
    kCpuFrequency = 11,
    kCpuIdle = 13,
    kClockSetRate = 16,
    kSchedWakeup = 17,
    kSchedBlockedReason = 18,
    kSchedWaking = 20,
    kSoftirqEntry = 24,
    kSoftirqExit = 25,
    kIrqHandlerEntry = 36,
    kIrqHandlerExit = 37,
    kTracingMarkWrite = 80,
    kSchedWakeupNew = 114
};

enum FtraceClock : std::uint64_t { kGlobal = 2, kLocal = 3, kMonoRaw = 4 };

std::int32_t asTid(std::uint64_t number)
{
    return number > INT32_MAX ? 0 : static_cast<std::int32_t>(number);
}

std::string softirqName(std::uint64_t vec)
{
    static constexpr std::array<std::string_view, 10> kNames{
        "HI",       "TIMER",   "NET_TX", "NET_RX",  "BLOCK",
        "IRQ_POLL", "TASKLET", "SCHED",  "HRTIMER", "RCU"};
    return vec < kNames.size() ? std::string(kNames[vec]) : std::to_string(vec);
}

} // namespace

// The low fields of a message, by number.
struct FtraceBundles::Fields {
    explicit Fields(std::string_view message)
    {
        ProtoFields fields(message);
        ProtoFields::Field field;
        while (fields.next(field)) {
            if (field.tag < kMaxFields) {
                number[field.tag] = field.number;
                text[field.tag] = field.bytes;
                given[field.tag] = true;
            }
        }
        good = !fields.damaged();
    }
    std::array<std::uint64_t, kMaxFields> number{};
    std::array<std::string_view, kMaxFields> text{};
    std::array<bool, kMaxFields> given{};
    bool good = true;
};

void FtraceBundles::damaged(const Bundle &bundle)
{
    m_sink.note(Severity::DataLoss, "perfetto_bad_message", bundle.offset,
                "an event of the kernel is damaged");
}

Timestamp FtraceBundles::timeOf(const Bundle &bundle, std::uint64_t ns)
{
    std::uint32_t clock = kBoottime;
    if (bundle.clock == kMonoRaw) {
        clock = kMonotonicRaw;
    } else if ((bundle.clock == kGlobal || bundle.clock == kLocal) && bundle.ftraceNs > 0 &&
               bundle.bootNs > 0) {
        std::int64_t moved = 0;
        if (!__builtin_add_overflow(static_cast<std::int64_t>(ns & INT64_MAX),
                                    bundle.bootNs - bundle.ftraceNs, &moved) &&
            moved >= 0)
            ns = static_cast<std::uint64_t>(moved);
    }
    // Clocks that nothing connects are taken for the trace's own.
    const auto own = m_clocks.toPrimary(clock, 0, ns);
    const auto time = Timestamp(Duration(own.value_or(static_cast<std::int64_t>(ns & INT64_MAX))));
    m_sched.seen(time);
    return time;
}

void FtraceBundles::take(std::string_view message, std::uint64_t offset)
{
    Bundle bundle{.offset = offset};
    ProtoFields heads(message);
    ProtoFields::Field field;
    while (heads.next(field)) {
        switch (field.tag) {
        case 1: bundle.cpu = static_cast<std::int32_t>(std::min(field.number, kMaxCpu + 1)); break;
        case 3:
            if (field.number != 0)
                m_sink.note(Severity::Notice, "perfetto_lost_ftrace", offset,
                            "events of the kernel were lost because its buffer was full");
            break;
        case 5: bundle.clock = field.number; break;
        case 6: bundle.ftraceNs = field.integer(); break;
        case 7: bundle.bootNs = field.integer(); break;
        default: break;
        }
    }
    if (heads.damaged() || bundle.cpu > static_cast<std::int32_t>(kMaxCpu))
        damaged(bundle);
    if (bundle.cpu > static_cast<std::int32_t>(kMaxCpu))
        return;
    // The fields above may come behind the events.
    ProtoFields fields(message);
    while (fields.next(field)) {
        if (field.tag == 2)
            event(bundle, field.bytes);
        else if (field.tag == 4)
            compact(bundle, field.bytes);
    }
}

void FtraceBundles::event(const Bundle &bundle, std::string_view message)
{
    ProtoFields fields(message);
    ProtoFields::Field field;
    std::uint64_t ns = 0, flags = 0;
    std::int32_t tid = 0;
    std::uint32_t type = 0;
    std::string_view payload;
    while (fields.next(field)) {
        if (field.tag == 1) {
            ns = field.number;
        } else if (field.tag == 2) {
            tid = asTid(field.number);
        } else if (field.tag == 5 && !field.isBytes) {
            flags = field.number;
        } else if (field.isBytes) {
            type = field.tag;
            payload = field.bytes;
        }
    }
    if (fields.damaged()) {
        damaged(bundle);
        return;
    }
    if (type != 0)
        eventOf(bundle, type, payload, timeOf(bundle, ns), tid,
                (flags & (kHardInterrupt | kSoftInterrupt)) != 0);
}

void FtraceBundles::eventOf(const Bundle &bundle, std::uint32_t type, std::string_view message,
                            Timestamp time, std::int32_t tid, bool inInterrupt)
{
    const Fields f(message);
    if (!f.good) {
        damaged(bundle);
        return;
    }
    const auto offset = bundle.offset;
    const auto cpuOf = [&](std::size_t field) {
        return static_cast<std::int32_t>(std::min(f.number[field], kMaxCpu));
    };
    const auto value = [&](std::size_t field) {
        return static_cast<std::int64_t>(f.number[field] & INT64_MAX);
    };
    switch (type) {
    case kPrint: m_marks.take(time, tid, "print", f.text[2], offset); break;
    case kSchedSwitch:
        m_tasks.nameThread(asTid(f.number[2]), f.text[1]);
        m_tasks.nameThread(asTid(f.number[6]), f.text[5]);
        m_sched.switched(time,
                         {.cpu = bundle.cpu,
                          .prev = asTid(f.number[2]),
                          .prevState = threadStateFromBits(f.number[4], StateBits::Since414),
                          .next = asTid(f.number[6]),
                          .nextName = f.text[5]},
                         offset);
        break;
    case kSchedWakeup:
    case kSchedWaking:
    case kSchedWakeupNew:
        m_tasks.nameThread(asTid(f.number[2]), f.text[1]);
        m_sched.woken(time,
                      {.cpu = bundle.cpu,
                       .waker = tid,
                       .wakee = asTid(f.number[2]),
                       .fromInterrupt = inInterrupt},
                      offset);
        break;
    case kSchedBlockedReason: {
        const auto caller = f.number[2] == 0 ? std::string() : addressText(f.number[2]);
        m_sched.blocked(time, asTid(f.number[1]), f.number[3] != 0, caller, offset);
        break;
    }
    case kCpuFrequency: m_cpus.frequency(time, cpuOf(2), value(1)); break;
    case kCpuIdle: m_cpus.idleState(time, cpuOf(2), value(1)); break;
    case kClockSetRate: m_cpus.clockRate(time, f.text[1], value(2)); break;
    case kSoftirqEntry:
        m_cpus.softirqBegin(time, bundle.cpu, softirqName(f.number[1]), offset);
        break;
    case kIrqHandlerEntry: m_cpus.irqBegin(time, bundle.cpu, value(1), f.text[2], offset); break;
    case kSoftirqExit:
    case kIrqHandlerExit: m_cpus.irqEnd(time, bundle.cpu, offset); break;
    case kTracingMarkWrite: {
        const auto pid = asTid(f.number[1]);
        if (m_tasks.processOf(tid) < 0)
            m_tasks.setProcess(tid, pid);
        if (f.number[3] != 0)
            m_trace.begin(m_tasks.thread(tid), time, m_sink.string(f.text[2]), {}, offset);
        else
            m_trace.end(m_tasks.thread(tid), time, {}, offset);
        break;
    }
    default:
        if (m_counted.empty())
            m_firstCounted = offset;
        ++m_counted[m_counted.size() < kMaxCountedFields ? type : kOtherFields];
    }
}

// Switches and wake-ups as columns, times as distances from the one before. Who ran before is not
// repeated: it is who was switched to.
void FtraceBundles::compact(const Bundle &bundle, std::string_view message)
{
    std::vector<std::string_view> names;
    std::array<std::vector<std::uint64_t>, 13> columns;
    ProtoFields fields(message);
    ProtoFields::Field field;
    bool good = true;
    while (fields.next(field)) {
        if (field.tag == 5 && names.size() < kMaxCompactRows) {
            // Of a byte that refers to it, a name may be taken a million times.
            names.push_back(field.bytes.substr(0, kMaxTaskName));
            good &= field.bytes.size() <= kMaxTaskName;
        } else if (field.tag < columns.size()) {
            good &= forEachVarint(field,
                                  [&](std::uint64_t v) {
                                      if (columns[field.tag].size() < kMaxCompactRows)
                                          columns[field.tag].push_back(v);
                                      else
                                          good = false;
                                  }) &&
                    good;
        }
    }
    const auto at = [&](std::size_t column, std::size_t row) {
        return row < columns[column].size() ? columns[column][row] : 0;
    };
    const auto nameAt = [&](std::uint64_t index) {
        return index < names.size() ? names[index] : std::string_view();
    };
    std::uint64_t ns = 0;
    for (std::size_t row = 0; row < columns[1].size(); ++row) {
        ns += at(1, row);
        const auto next = asTid(at(3, row));
        const auto name = nameAt(at(6, row));
        m_tasks.nameThread(next, name);
        m_sched.switched(timeOf(bundle, ns),
                         {.cpu = bundle.cpu,
                          .prev = SchedBuilder::kWhoeverRan,
                          .prevState = threadStateFromBits(at(2, row), StateBits::Since414),
                          .next = next,
                          .nextName = name},
                         bundle.offset);
    }
    ns = 0;
    for (std::size_t row = 0; row < columns[7].size(); ++row) {
        ns += at(7, row);
        const auto wakee = asTid(at(8, row));
        m_tasks.nameThread(wakee, nameAt(at(11, row)));
        m_sched.woken(timeOf(bundle, ns),
                      {.cpu = bundle.cpu,
                       .waker = SchedBuilder::kWhoeverRan,
                       .wakee = wakee,
                       .fromInterrupt = (at(12, row) & (kHardInterrupt | kSoftInterrupt)) != 0},
                      bundle.offset);
    }
    // Columns of one table are of one length.
    good &= !fields.damaged() && columns[3].size() == columns[1].size() &&
            columns[2].size() == columns[1].size() && columns[8].size() == columns[7].size();
    if (!good)
        damaged(bundle);
}

void FtraceBundles::finish()
{
    noteCountedFields(m_sink, "perfetto_ftrace_counted", m_firstCounted,
                      "events of the kernel that are only counted, by field number:", m_counted);
}

} // namespace flamewright::perfetto
