#include "importers/trace/ftrace_events.h"

#include "importers/json_text.h"
#include "importers/text/number_text.h"

#include <algorithm>
#include <vector>

namespace flamewright::ftrace {
namespace {

constexpr std::size_t kMaxCountedNames = 256; // events of other names are counted together
constexpr std::size_t kNamesInNote = 12;

Timestamp timeOf(std::int64_t ns)
{
    return Timestamp(Duration(ns));
}

std::optional<std::int32_t> tidOf(std::string_view text)
{
    const auto number = parseInteger(trimmed(text));
    if (!number || *number < 0 || *number > INT32_MAX)
        return std::nullopt;
    return static_cast<std::int32_t>(*number);
}

// "key=value" up to the next space, of values without spaces.
std::optional<std::string_view> valueOf(std::string_view args, std::string_view key)
{
    auto value = between(args, key);
    if (value)
        *value = value->substr(0, value->find(' '));
    return value;
}

struct Task {
    std::string_view comm;
    std::int32_t tid = 0;
    std::string_view rest; // behind the priority
};

// "bash:1234 [120] S", as trace-cmd prints it.
std::optional<Task> taskOf(std::string_view text)
{
    const auto open = text.find(" [");
    if (open == std::string_view::npos)
        return std::nullopt;
    const auto colon = text.rfind(':', open);
    const auto close = text.find(']', open);
    if (colon == std::string_view::npos || close == std::string_view::npos)
        return std::nullopt;
    const auto tid = tidOf(text.substr(colon + 1, open - colon - 1));
    if (!tid)
        return std::nullopt;
    return Task{trimmed(text.substr(0, colon)), *tid, trimmed(text.substr(close + 1))};
}

// "0xffff00000819ff24s: text", "ffffffff81: text": where in the kernel it was printed.
std::string_view withoutAddress(std::string_view text)
{
    auto rest = text;
    if (rest.starts_with("0x"))
        rest.remove_prefix(2);
    const auto isHex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    std::size_t digits = 0;
    while (digits < rest.size() && isHex(rest[digits]))
        ++digits;
    if (digits < 4)
        return text;
    rest.remove_prefix(digits);
    if (rest.starts_with('s'))
        rest.remove_prefix(1);
    return rest.starts_with(": ") ? trimmed(rest.substr(2)) : text;
}

} // namespace

void Events::badArgs(const EventLine &line, std::uint64_t offset)
{
    m_sink.note(Severity::DataLoss, "ftrace_bad_args", offset,
                std::string(line.event) +
                    " without what it should say: " + std::string(line.args.substr(0, 80)));
}

void Events::count(std::string_view event, std::uint64_t offset)
{
    if (m_countedAll++ == 0)
        m_firstCounted = offset;
    auto it = m_counted.find(event);
    if (it == m_counted.end()) {
        const bool full = m_counted.size() >= kMaxCountedNames;
        it = m_counted.emplace(full ? std::string("others") : std::string(event), 0).first;
    }
    ++it->second;
}

void Events::schedSwitch(const EventLine &line, std::uint64_t offset)
{
    SchedBuilder::Switch out{.cpu = line.cpu};
    std::string_view prevComm;
    if (line.args.starts_with("prev_comm=")) {
        const auto comm = between(line.args, "prev_comm=", " prev_pid=");
        const auto prev = valueOf(line.args, " prev_pid=");
        const auto state = valueOf(line.args, " prev_state=");
        const auto nextComm = between(line.args, " next_comm=", " next_pid=");
        const auto next = valueOf(line.args, " next_pid=");
        const auto prevTid = prev ? tidOf(*prev) : std::nullopt;
        const auto nextTid = next ? tidOf(*next) : std::nullopt;
        if (!comm || !prevTid || !state || !nextComm || !nextTid) {
            badArgs(line, offset);
            return;
        }
        prevComm = *comm;
        out.prev = *prevTid;
        out.prevState = threadStateFromText(*state);
        out.next = *nextTid;
        out.nextName = *nextComm;
    } else {
        // "bash:1234 [120] S ==> swapper/0:0 [120]", older "task bash:1234 [120] (S) ==> ..."
        auto text = line.args;
        if (text.starts_with("task "))
            text.remove_prefix(5);
        const auto arrow = text.find(" ==> ");
        const auto prev = taskOf(text.substr(0, arrow));
        const auto next =
            arrow == std::string_view::npos ? std::nullopt : taskOf(text.substr(arrow + 5));
        if (!prev || !next) {
            badArgs(line, offset);
            return;
        }
        auto state = prev->rest;
        if (state.starts_with('(') && state.ends_with(')'))
            state = state.substr(1, state.size() - 2);
        prevComm = prev->comm;
        out.prev = prev->tid;
        out.prevState = threadStateFromText(state);
        out.next = next->tid;
        out.nextName = next->comm;
    }
    m_tasks.nameThread(out.prev, prevComm);
    m_tasks.nameThread(out.next, out.nextName);
    m_sched.switched(timeOf(line.timeNs), out, offset);
}

void Events::schedWake(const EventLine &line, std::uint64_t offset)
{
    std::optional<std::string_view> comm;
    std::optional<std::int32_t> tid;
    if (line.args.starts_with("comm=")) {
        comm = between(line.args, "comm=", " pid=");
        const auto pid = valueOf(line.args, " pid=");
        tid = pid ? tidOf(*pid) : std::nullopt;
    } else if (const auto task = taskOf(line.args)) {
        comm = task->comm;
        tid = task->tid;
    }
    if (!comm || !tid) {
        badArgs(line, offset);
        return;
    }
    m_tasks.nameThread(*tid, *comm);
    m_sched.woken(
        timeOf(line.timeNs),
        {.cpu = line.cpu, .waker = line.tid, .wakee = *tid, .fromInterrupt = line.inInterrupt},
        offset);
}

void Events::schedBlocked(const EventLine &line, std::uint64_t offset)
{
    const auto pid = valueOf(line.args, "pid=");
    const auto tid = pid ? tidOf(*pid) : std::nullopt;
    if (!tid) {
        badArgs(line, offset);
        return;
    }
    m_sched.blocked(timeOf(line.timeNs), *tid, valueOf(line.args, "iowait=").value_or("0") != "0",
                    valueOf(line.args, "caller=").value_or(std::string_view()), offset);
}

void Events::mark(const EventLine &line, std::uint64_t offset)
{
    auto text = withoutAddress(line.args);
    constexpr std::string_view kWrapped = "tracing_mark_write: ";
    if (text.starts_with(kWrapped))
        text.remove_prefix(kWrapped.size());
    m_marks.take(timeOf(line.timeNs), line.tid, line.event, text, offset);
}

// cpu_frequency and cpu_idle: "state=950000 cpu_id=0".
void Events::perCpuCounter(const EventLine &line, std::uint64_t offset)
{
    const auto state = valueOf(line.args, "state=");
    const auto cpuText = valueOf(line.args, "cpu_id=");
    const auto value = state ? parseInteger(*state) : std::nullopt;
    const auto cpu = cpuText ? parseInteger(*cpuText) : std::nullopt;
    if (!value || !cpu || *cpu < 0 || *cpu > 0xffff) {
        badArgs(line, offset);
        return;
    }
    const auto time = timeOf(line.timeNs);
    if (line.event == "cpu_idle")
        m_cpus.idleState(time, static_cast<std::int32_t>(*cpu), *value);
    else
        m_cpus.frequency(time, static_cast<std::int32_t>(*cpu), *value);
}

// "video_subcore0_clk_src state=200000000 cpu_id=7"
void Events::clockRate(const EventLine &line, std::uint64_t offset)
{
    const auto name = line.args.substr(0, line.args.find(" state="));
    const auto state = valueOf(line.args, " state=");
    const auto value = state ? parseInteger(*state) : std::nullopt;
    if (!value || name.empty()) {
        badArgs(line, offset);
        return;
    }
    m_cpus.clockRate(timeOf(line.timeNs), name, *value);
}

void Events::irqEntry(const EventLine &line, std::uint64_t offset)
{
    const auto irq = valueOf(line.args, "irq=");
    const auto name = between(line.args, "name=");
    const auto number = irq ? parseInteger(*irq) : std::nullopt;
    if (!number || !name) {
        badArgs(line, offset);
        return;
    }
    m_cpus.irqBegin(timeOf(line.timeNs), line.cpu, *number, *name, offset);
}

void Events::softirqEntry(const EventLine &line, std::uint64_t offset)
{
    const auto action = between(line.args, "[action=", "]");
    const auto vec = valueOf(line.args, "vec=");
    if (!vec) {
        badArgs(line, offset);
        return;
    }
    m_cpus.softirqBegin(timeOf(line.timeNs), line.cpu, action.value_or(*vec), offset);
}

void Events::irqExit(const EventLine &line, std::uint64_t offset)
{
    m_cpus.irqEnd(timeOf(line.timeNs), line.cpu, offset);
}

void Events::call(TrackId track, Timestamp time, std::optional<std::int64_t> durationNs,
                  std::string_view text, std::uint64_t offset)
{
    if (text.starts_with('}')) {
        m_trace.end(track, time, {}, offset);
        return;
    }
    const bool leaf = text.ends_with(';');
    if (!leaf && !text.ends_with('{')) {
        count("function_graph comment", offset);
        return;
    }
    auto name = trimmed(text.substr(0, text.size() - 1));
    if (name.ends_with("()"))
        name.remove_suffix(2);
    if (leaf)
        m_trace.complete(track, time, Duration(durationNs.value_or(0)), m_sink.string(name), {},
                         offset);
    else
        m_trace.begin(track, time, m_sink.string(name), {}, offset);
}

// "0.123 us |  name();", "|  name() {", "func=0xffffffffba5ddc00 depth=0"
void Events::graphEntry(const EventLine &line, std::uint64_t offset)
{
    const auto time = timeOf(line.timeNs);
    const auto track = m_tasks.thread(line.tid);
    if (const auto func = valueOf(line.args, "func="); func && line.args.starts_with("func=")) {
        m_trace.begin(track, time, m_sink.string(*func), {}, offset);
        return;
    }
    const auto bar = line.args.find('|');
    if (bar == std::string_view::npos) {
        badArgs(line, offset);
        return;
    }
    call(track, time, parseGraphDuration(line.args.substr(0, bar)),
         trimmed(line.args.substr(bar + 1)), offset);
}

void Events::graphExit(const EventLine &line, std::uint64_t offset)
{
    m_trace.end(m_tasks.thread(line.tid), timeOf(line.timeNs), {}, offset);
}

Events::Handler Events::handlerOf(std::string_view event)
{
    static constexpr std::pair<std::string_view, Handler> kHandlers[] = {
        {"sched_switch", &Events::schedSwitch},
        {"sched_waking", &Events::schedWake},
        {"sched_wakeup", &Events::schedWake},
        {"sched_wakeup_new", &Events::schedWake},
        {"sched_blocked_reason", &Events::schedBlocked},
        {"tracing_mark_write", &Events::mark},
        {"print", &Events::mark},
        {"bprint", &Events::mark},
        {"bputs", &Events::mark},
        {"cpu_frequency", &Events::perCpuCounter},
        {"cpu_idle", &Events::perCpuCounter},
        {"clock_set_rate", &Events::clockRate},
        {"irq_handler_entry", &Events::irqEntry},
        {"irq_handler_exit", &Events::irqExit},
        {"softirq_entry", &Events::softirqEntry},
        {"softirq_exit", &Events::irqExit},
        {"funcgraph_entry", &Events::graphEntry},
        {"funcgraph_exit", &Events::graphExit},
    };
    for (const auto &[name, handler] : kHandlers) {
        if (name == event)
            return handler;
    }
    return nullptr;
}

void Events::take(const EventLine &line, std::uint64_t offset)
{
    m_sched.seen(timeOf(line.timeNs));
    m_tasks.setProcess(line.tid, line.tgid);
    if (line.tid != 0) // every CPU has one of this number
        m_tasks.nameThread(line.tid, line.comm);
    if (const auto handler = handlerOf(line.event))
        (this->*handler)(line, offset);
    else
        count(line.event, offset);
}

void Events::take(const GraphLine &line, std::uint64_t offset)
{
    m_sched.seen(timeOf(line.timeNs));
    if (line.tid > 0)
        m_tasks.nameThread(line.tid, line.comm);
    call(line.tid > 0 ? m_tasks.thread(line.tid) : m_tasks.cpu(line.cpu), timeOf(line.timeNs),
         line.durationNs, line.call, offset);
}

Result<> Events::finish(JobContext &job)
{
    if (m_countedAll > 0) {
        std::vector<std::pair<std::uint64_t, std::string_view>> most;
        for (const auto &entry : m_counted)
            most.emplace_back(entry.second, entry.first);
        std::sort(most.begin(), most.end(), [](const auto &a, const auto &b) {
            return a.first != b.first ? a.first > b.first : a.second < b.second;
        });
        std::string detail = "events that are only counted:";
        for (std::size_t i = 0; i < most.size() && i < kNamesInNote; ++i)
            detail += (i == 0 ? " " : ", ") + std::string(most[i].second) + " " +
                      std::to_string(most[i].first);
        if (most.size() > kNamesInNote)
            detail += " and " + std::to_string(most.size() - kNamesInNote) + " more kinds";
        m_sink.note(Severity::Info, "ftrace_events_counted", m_firstCounted, detail, m_countedAll);
    }
    FW_TRY(m_sched.finish(job));
    return m_trace.finish(job);
}

} // namespace flamewright::ftrace
