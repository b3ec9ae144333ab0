#include "importers/firefox/firefox_emit.h"

#include "importers/units.h"

#include <algorithm>

namespace flamewright::firefox {
namespace {

constexpr std::size_t kRowsPerCheck = 4096;
constexpr std::int64_t kNanosPerMilli = 1'000'000;

// "phase" of a marker.
enum Phase : std::int64_t { kInstant = 0, kInterval = 1, kIntervalStart = 2, kIntervalEnd = 3 };

} // namespace

void ThreadWriter::tracks()
{
    const auto &t = m_thread;
    auto process = !t.processName.empty() ? t.processName : t.processType;
    if (process.empty() || process == "default")
        process = "Firefox";
    // Numbers that are none, such as "Unknown Process 1" or "123.1", still tell processes apart.
    if (t.pid < 0 && !t.pidText.empty())
        process += " " + t.pidText.substr(0, 40);
    m_process = m_sink.track({.kind = TrackKind::Process, .name = process, .pid = t.pid});
    m_name = t.name.empty() ? "thread" : t.name;
    // Threads without a number are told apart by their names.
    m_track = m_sink.track({.kind = TrackKind::Thread,
                            .name = m_name,
                            .pid = t.tid < 0 ? -1 : t.pid,
                            .tid = t.tid,
                            .parent = m_process});
}

std::optional<Timestamp> ThreadWriter::timeOf(std::int64_t time)
{
    std::int64_t moved = 0;
    // So far from everything that differences would overflow: no time at all.
    constexpr std::int64_t kFar = std::int64_t{1} << 62;
    if (time == kNull || __builtin_add_overflow(time, m_shift, &moved) || moved > kFar ||
        moved < -kFar)
        return std::nullopt;
    const Timestamp out{Duration(moved)};
    m_first = m_first == kNoTime ? out : std::min(m_first, out);
    m_last = m_last == kNoTime ? out : std::max(m_last, out);
    return out;
}

Result<> ThreadWriter::samples(const Table &table, std::string_view measure)
{
    if (table.rows() == 0)
        return {};
    const bool allocations = measure != "samples";
    const auto &type = table.weightType();
    const bool milliseconds = type == "tracing-ms";
    const bool bytes = allocations || type == "bytes";
    const auto main = milliseconds ? m_sink.measure({"time", Unit::Nanoseconds})
                      : bytes      ? m_sink.measure({allocations ? measure : "bytes", Unit::Bytes})
                                   : m_sink.measure({measure, Unit::Count});
    const bool cpu = m_units.cpuScale > 0 && table.has(Thread::kCpuDelta);
    const auto cpuTime = cpu ? m_sink.measure({"cpu", Unit::Nanoseconds}) : MeasureId();
    std::int64_t now = 0;
    for (std::size_t i = 0; i < table.rows(); ++i) {
        if (i % kRowsPerCheck == 0) {
            FW_TRY(m_job.checkpoint());
            FW_TRY(m_sink.status());
        }
        auto time = table.at(Thread::kTime, i);
        if (const auto delta = table.at(Thread::kTimeDelta, i); delta != kNull)
            time = now = saturatingAdd(now, delta);
        const auto stack = table.at(Thread::kStack, i);
        const auto at = timeOf(time);
        Sample sample{.track = m_track, .stack = m_stacks.at(stack), .measure = main};
        sample.time = at.value_or(kNoTime);
        const auto weight = table.at(Thread::kWeight, i);
        if (weight == kNull)
            sample.value = milliseconds ? kNanosPerMilli : bytes ? 0 : 1;
        else
            sample.value = milliseconds ? weight : weight / kNanosPerMilli; // read as a time
        if (!bytes && !milliseconds)
            sample.count = std::max<std::int64_t>(sample.value, 1);
        if (stack == kNull) {
            m_sink.note(Severity::Info, "firefox_no_stack", 0,
                        "the thread was seen, but not what it ran");
            continue;
        }
        if (!m_stacks.has(stack))
            m_sink.note(Severity::DataLoss, "firefox_unknown_stack", 0,
                        "a sample refers to a stack that is not in the file");
        m_sink.add(sample);
        const auto ran = cpu ? table.at(Thread::kCpuDelta, i) : kNull;
        if (ran != kNull && ran > 0) {
            sample.measure = cpuTime;
            bool saturated = false;
            sample.value = scaledValue(ran, m_units.cpuScale, saturated);
            if (saturated)
                m_sink.note(Severity::DataLoss, "firefox_cpu_saturated", 0,
                            "a CPU time is too large for 64 bits of nanoseconds");
            sample.count = 1;
            m_sink.add(sample);
        }
    }
    return {};
}

void ThreadWriter::add(Timestamp begin, Duration length, StringId name, TextId args, SliceKind kind,
                       std::uint8_t flags)
{
    if (m_markers.raw == 0)
        m_markers = m_sink.track({.kind = TrackKind::Async,
                                  .name = m_name + " markers",
                                  .pid = m_thread.tid < 0 ? -1 : m_thread.pid,
                                  .tid = m_thread.tid,
                                  .parent = m_process});
    m_sink.add(Slice{.begin = begin,
                     .length = length,
                     .track = m_markers,
                     .name = name,
                     .depth = kFreeLane,
                     .kind = kind,
                     .flags = flags,
                     .args = args});
}

// Starts and ends of one name are nested in each other.
void ThreadWriter::close(StringId name, Timestamp end, TextId args)
{
    auto &open = m_open[name.raw];
    if (open.empty()) {
        m_sink.note(Severity::Notice, "firefox_marker_no_begin", 0,
                    "the end of a marker has no begin: it begins with its thread");
        add(m_first, end - m_first, name, args, SliceKind::Async, kSliceNoBegin);
        return;
    }
    const auto begin = open.back();
    open.pop_back();
    if (end < begin.begin)
        m_sink.note(Severity::Notice, "firefox_marker_backward", 0,
                    "a marker ends before it begins");
    add(begin.begin, std::max(end - begin.begin, Duration(0)), name, begin.args, SliceKind::Async);
}

void ThreadWriter::marker(std::size_t row, const MarkerData *data)
{
    const auto &t = m_thread.markers;
    const auto text = m_strings.at(t.at(Thread::kName, row));
    const auto name = m_sink.string(text.empty() ? "(no name)" : text);
    const auto args = data == nullptr ? TextId() : data->args;
    auto begin = t.at(Thread::kStart, row), end = t.at(Thread::kEnd, row);
    auto phase = t.at(Thread::kPhase, row);
    if (phase == kNull) { // before 2020: what there is lies in the marker's data
        begin = t.at(Thread::kMarkerTime, row);
        phase = kInstant;
        if (data != nullptr && data->begin != kNull && data->end != kNull) {
            begin = data->begin;
            end = data->end;
            phase = kInterval;
        } else if (data != nullptr && data->edge == MarkerData::Edge::Start) {
            phase = kIntervalStart;
        } else if (data != nullptr && data->edge == MarkerData::Edge::End) {
            end = begin;
            phase = kIntervalEnd;
        }
    }
    const auto from = timeOf(begin), to = timeOf(end);
    if ((phase == kIntervalEnd ? !to : !from) || (phase == kInterval && !to) || phase < kInstant ||
        phase > kIntervalEnd) {
        m_sink.note(Severity::DataLoss, "firefox_marker_no_time", 0, "a marker has no time");
        return;
    }
    if (phase == kInstant)
        add(*from, Duration(0), name, args, SliceKind::Instant);
    else if (phase == kIntervalStart)
        m_open[name.raw].push_back({name, *from, args});
    else if (phase == kIntervalEnd)
        close(name, *to, args);
    else
        add(*from, *to - *from, name, args, SliceKind::Async);
}

Result<> ThreadWriter::markers()
{
    const auto &t = m_thread.markers;
    std::size_t next = 0; // of the data, in order of rows
    for (std::size_t row = 0; row < t.rows(); ++row) {
        if (row % kRowsPerCheck == 0) {
            FW_TRY(m_job.checkpoint());
            FW_TRY(m_sink.status());
        }
        const MarkerData *data = nullptr;
        while (next < m_thread.data.size() && m_thread.data[next].row <= row) {
            data = m_thread.data[next].row == row ? &m_thread.data[next] : nullptr;
            ++next;
        }
        marker(row, data);
    }
    // In the order of their names, so that the result is the same each time.
    std::vector<Open> rest;
    for (const auto &[name, open] : m_open)
        rest.insert(rest.end(), open.begin(), open.end());
    std::stable_sort(rest.begin(), rest.end(), [](const Open &a, const Open &b) {
        return std::pair(a.begin, a.name.raw) < std::pair(b.begin, b.name.raw);
    });
    for (const auto &open : rest) {
        m_sink.note(Severity::Notice, "firefox_marker_no_end", 0,
                    "a marker has no end: it lasts as long as its thread");
        add(open.begin, m_last - open.begin, open.name, open.args, SliceKind::Async, kSliceNoEnd);
    }
    return {};
}

Result<> ThreadWriter::write()
{
    tracks();
    FW_TRY(samples(m_thread.samples, "samples"));
    FW_TRY(samples(m_thread.nativeAllocations, "native allocations"));
    FW_TRY(samples(m_thread.jsAllocations, "js allocations"));
    return markers();
}

} // namespace flamewright::firefox
