#include "importers/trace/atrace_marks.h"

#include "importers/json_text.h"
#include "importers/text/number_text.h"

#include <string>

namespace flamewright {
namespace {

using Kind = AtraceMark::Kind;

constexpr std::int64_t kNanosPerMilli = 1'000'000;
constexpr std::size_t kMaxText = 1u << 10;

std::string_view withoutLineEnd(std::string_view text)
{
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ' ||
                             text.back() == '\0'))
        text.remove_suffix(1);
    return text;
}

// The field before the next bar.
std::string_view takeField(std::string_view &text)
{
    const auto bar = text.find('|');
    const auto field = text.substr(0, bar);
    text = bar == std::string_view::npos ? std::string_view() : text.substr(bar + 1);
    return field;
}

// The field behind the last bar: names may have bars in them.
std::string_view takeLastField(std::string_view &text)
{
    const auto bar = text.rfind('|');
    if (bar == std::string_view::npos)
        return {};
    const auto field = text.substr(bar + 1);
    text = text.substr(0, bar);
    return field;
}

Kind kindOf(char letter)
{
    switch (letter) {
    case 'B': return Kind::Begin;
    case 'E': return Kind::End;
    case 'C': return Kind::Counter;
    case 'S': return Kind::AsyncBegin;
    case 'F': return Kind::AsyncEnd;
    case 'G': return Kind::TrackBegin;
    case 'H': return Kind::TrackEnd;
    case 'I': return Kind::Instant;
    case 'N': return Kind::TrackInstant;
    default: return Kind::Text;
    }
}

AtraceMark clockSync(std::string_view text)
{
    AtraceMark out;
    const auto equals = text.find('=');
    const auto key = text.substr(0, equals);
    const auto value =
        equals == std::string_view::npos ? std::string_view() : text.substr(equals + 1);
    if (const auto number = parseScaled(value, 1); key == "realtime_ts" && number) {
        out.kind = Kind::RealTime;
        out.value = *number;
    } else if (key == "parent_ts" && number) {
        out.kind = Kind::MonotonicTime;
    }
    return out;
}

std::string textArgs(std::string_view text)
{
    std::string args = "{\"text\":";
    appendJsonString(args, text.substr(0, kMaxText));
    return args + '}';
}

} // namespace

AtraceMark parseAtraceMark(std::string_view text)
{
    constexpr std::string_view kClockSync = "trace_event_clock_sync: ";
    text = withoutLineEnd(text);
    if (text.starts_with(kClockSync))
        return clockSync(text.substr(kClockSync.size()));
    AtraceMark out;
    if (text == "E") {
        out.kind = Kind::End;
        return out;
    }
    if (text.size() < 2 || text[1] != '|' || kindOf(text[0]) == Kind::Text)
        return out;
    const auto kind = kindOf(text[0]);
    auto rest = text.substr(2);
    const auto pid = parseInteger(takeField(rest));
    if (kind == Kind::End) {
        out.kind = kind;
        return out;
    }
    if (!pid || *pid < 0 || *pid > INT32_MAX)
        return out;
    out.pid = static_cast<std::int32_t>(*pid);
    out.kind = kind;
    if (kind == Kind::TrackBegin || kind == Kind::TrackEnd || kind == Kind::TrackInstant)
        out.track = takeField(rest);
    if (kind == Kind::Counter) {
        const auto value = parseInteger(takeLastField(rest));
        if (!value)
            return {};
        out.value = *value;
    } else if (kind == Kind::TrackEnd && rest.find('|') == std::string_view::npos) {
        out.cookie = rest;
        rest = {};
    } else if (kind == Kind::AsyncBegin || kind == Kind::AsyncEnd || kind == Kind::TrackBegin ||
               kind == Kind::TrackEnd) {
        out.cookie = takeLastField(rest);
    }
    out.name = rest;
    return out;
}

TrackId AtraceMarks::asyncTrack(std::int32_t pid, std::string_view name)
{
    return m_sink.track({.kind = TrackKind::Async, .name = name, .parent = m_tasks.process(pid)});
}

void AtraceMarks::take(Timestamp time, std::int32_t tid, std::string_view event,
                       std::string_view text, std::uint64_t offset)
{
    const auto mark = parseAtraceMark(text);
    // Marks are written by the program itself, which knows its process where the kernel does not.
    const bool own = mark.kind == Kind::Begin || mark.kind == Kind::Instant;
    if (own && m_tasks.processOf(tid) < 0)
        m_tasks.setProcess(tid, mark.pid);
    const auto key = [&](std::string_view group) {
        return traceKey({std::to_string(mark.pid), group, mark.cookie});
    };
    switch (mark.kind) {
    case Kind::Begin:
        m_trace.begin(m_tasks.thread(tid), time, m_sink.string(mark.name), {}, offset);
        return;
    case Kind::End: m_trace.end(m_tasks.thread(tid), time, {}, offset); return;
    case Kind::Counter:
        m_trace.counter(m_sink.track({.kind = TrackKind::Counter,
                                      .name = mark.name,
                                      .parent = m_tasks.process(mark.pid)}),
                        time, static_cast<double>(mark.value));
        return;
    case Kind::AsyncBegin:
        m_trace.asyncBegin(asyncTrack(mark.pid, mark.name), key(mark.name), time,
                           m_sink.string(mark.name), {}, offset);
        return;
    case Kind::AsyncEnd:
        m_trace.asyncEnd(asyncTrack(mark.pid, mark.name), key(mark.name), time, {}, offset);
        return;
    case Kind::TrackBegin:
        m_trace.asyncBegin(asyncTrack(mark.pid, mark.track), key(mark.track), time,
                           m_sink.string(mark.name), {}, offset);
        return;
    case Kind::TrackEnd:
        m_trace.asyncEnd(asyncTrack(mark.pid, mark.track), key(mark.track), time, {}, offset);
        return;
    case Kind::Instant:
        m_trace.instant(m_tasks.thread(tid), time, m_sink.string(mark.name), {}, offset);
        return;
    case Kind::TrackInstant:
        m_trace.asyncInstant(asyncTrack(mark.pid, mark.track), time, m_sink.string(mark.name), {},
                             offset);
        return;
    case Kind::RealTime: {
        std::int64_t wall = 0;
        if (!__builtin_mul_overflow(mark.value, kNanosPerMilli, &wall) &&
            !__builtin_sub_overflow(wall, time.time_since_epoch().count(), &wall))
            m_sink.setWallOffset(wall);
        return;
    }
    case Kind::MonotonicTime: return;
    case Kind::Text:
        m_trace.instant(m_tasks.thread(tid), time, m_sink.string(event),
                        textArgs(withoutLineEnd(text)), offset);
        return;
    }
}

} // namespace flamewright
