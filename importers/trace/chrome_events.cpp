#include "importers/trace/chrome_events.h"

#include "importers/json_text.h"
#include "importers/trace/json_scan.h"

#include <charconv>

namespace flamewright {
namespace {

// As JSON, for a field that is a string or a number in the file.
std::string quotedUnlessNumber(std::string_view raw)
{
    if (chromeTime(raw).good)
        return std::string(raw);
    return '"' + std::string(raw) + '"';
}

} // namespace

StringId ChromeEvents::nameOf(const ChromeEvent &event)
{
    if (event.escapes) [[unlikely]]
        return m_sink.string(json_scan::unescaped(event.name));
    return m_sink.string(event.name);
}

// The arguments with the category as "cat", and what else an event has that is kept.
std::string_view ChromeEvents::argsOf(const ChromeEvent &event, std::uint64_t offset)
{
    const bool none = event.args.size() <= 2; // {}
    const bool plain =
        event.stackFrame.empty() && event.endStackFrame.empty() && event.stack.empty();
    // Many events have no arguments, and the same category as the one before.
    if (none && plain && !event.category.empty() &&
        std::string_view(m_category).size() == event.category.size() + 2 &&
        std::string_view(m_category).substr(1, event.category.size()) == event.category)
        return m_categoryArgs;
    ObjectText text;
    if (event.category.empty()) {
        text = m_objects.canonical(event.args);
    } else {
        m_category = '"';
        m_category += event.category;
        m_category += '"';
        text = m_objects.canonical(event.args, "cat", m_category);
        if (!text.good)
            text.text = m_moreObjects.canonical({}, "cat", m_category).text;
        m_categoryArgs = none ? text.text : std::string_view();
        if (!none)
            m_category.clear();
    }
    if (!text.good)
        m_sink.note(Severity::DataLoss, "chrome_bad_args", offset,
                    "the arguments of an event are no object");
    if (text.cut)
        m_sink.note(Severity::DataLoss, "chrome_long_args", offset,
                    "arguments that are too long were left out");
    if (plain)
        return text.text;
    m_args = text.text;
    const auto add = [&](std::string_view key, std::string_view raw, bool json) {
        if (raw.empty())
            return;
        const auto value = json ? std::string(raw) : quotedUnlessNumber(raw);
        m_args = std::string(m_moreObjects.canonical(m_args, key, value).text);
    };
    add("sf", event.stackFrame, false);
    add("esf", event.endStackFrame, false);
    add("stack", event.stack, event.stack.starts_with('['));
    return m_args;
}

// What an id means: of the process alone, or everywhere.
std::uint64_t ChromeEvents::idOf(const ChromeEvent &event, std::string_view use, bool byName) const
{
    auto id = event.id;
    std::string_view process;
    if (!event.id2.empty()) {
        if (const auto local = json_scan::memberOf(event.id2, "local"); !local.empty()) {
            id = local;
            process = event.pid;
        } else if (const auto global = json_scan::memberOf(event.id2, "global"); !global.empty()) {
            id = global;
        } else {
            id = event.id2;
        }
    }
    return traceKey(
        {use, event.category, event.scope, id, process, byName ? event.name : std::string_view()});
}

void ChromeEvents::complete(const Context &in)
{
    const auto &event = in.event;
    auto length = event.duration;
    if (length.empty())
        length = event.threadDuration; // better than nothing
    ChromeTime duration;
    if (!length.empty()) {
        duration = chromeTime(length);
        if (!duration.good || duration.saturated)
            m_sink.note(Severity::DataLoss, "chrome_bad_duration", in.offset,
                        "the duration of an event is no number, or too large");
    }
    const auto thread = m_tracks.thread(event.pid, event.tid).thread;
    m_builder.complete(thread, in.time, Duration{duration.ns}, nameOf(event),
                       argsOf(event, in.offset), in.offset);
    if (event.flowIn || event.flowOut)
        m_builder.flow(!event.flowIn   ? FlowPhase::Start
                       : event.flowOut ? FlowPhase::Step
                                       : FlowPhase::Leaf,
                       thread, in.time, traceKey({"bind", event.bindId}), nameOf(event), in.offset);
}

void ChromeEvents::instant(const Context &in, std::string_view what)
{
    const auto &event = in.event;
    const bool wide = event.instantScope == "p" || event.instantScope == "g";
    const auto thread = m_tracks.thread(event.pid, wide ? std::string_view() : event.tid).thread;
    auto args = argsOf(event, in.offset);
    if (!what.empty())
        args = m_moreObjects.canonical(args, "object", what).text;
    m_builder.instant(thread, in.time, nameOf(event), args, in.offset);
}

// The old kind: S T p F. Slices have the same name and id; steps are moments.
void ChromeEvents::asynchronous(const Context &in)
{
    const auto &event = in.event;
    const auto track = m_tracks.async(m_tracks.process(event.pid), event.category);
    const auto key = idOf(event, "async", true);
    const auto name = nameOf(event);
    const auto args = argsOf(event, in.offset);
    if (event.phase == "S")
        m_builder.asyncBegin(track, key, in.time, name, args, in.offset);
    else if (event.phase == "F")
        m_builder.asyncEnd(track, key, in.time, args, in.offset, name);
    else
        m_builder.asyncInstant(track, in.time, name, args, in.offset);
}

void ChromeEvents::nestedAsynchronous(const Context &in)
{
    const auto &event = in.event;
    const auto track = m_tracks.async(m_tracks.process(event.pid), event.category);
    const auto key = idOf(event, "nested", false);
    const auto name = nameOf(event);
    const auto args = argsOf(event, in.offset);
    if (event.phase == "b")
        m_builder.asyncBegin(track, key, in.time, name, args, in.offset);
    else if (event.phase == "e")
        m_builder.asyncEnd(track, key, in.time, args, in.offset, name);
    else
        m_builder.asyncInstant(track, in.time, name, args, in.offset);
}

void ChromeEvents::flow(const Context &in, FlowPhase phase)
{
    const auto &event = in.event;
    m_builder.flow(phase, m_tracks.thread(event.pid, event.tid).thread, in.time,
                   idOf(event, "flow", true), nameOf(event), in.offset,
                   phase == FlowPhase::End && event.bindingPoint != "e" ? FlowBinding::Next
                                                                        : FlowBinding::Enclosing);
}

// Every number of the arguments is a series of its own.
void ChromeEvents::counter(const Context &in)
{
    const auto &event = in.event;
    const auto process = m_tracks.process(event.pid);
    bool any = false;
    json_scan::forEachMember(event.args, [&](std::string_view series, std::string_view value) {
        any = true;
        auto text = value;
        if (text.size() >= 2 && text.front() == '"')
            text = text.substr(1, text.size() - 2);
        double number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc() || end != text.data() + text.size() || number - number != 0) {
            m_sink.note(Severity::DataLoss, "chrome_bad_counter", in.offset,
                        "the value of a counter is not a number");
            return true;
        }
        m_builder.counter(m_tracks.counter(process, event.name, event.id, series), in.time, number);
        return true;
    });
    if (!any)
        m_sink.note(Severity::Notice, "chrome_empty_counter", in.offset, "a counter has no values");
}

void ChromeEvents::metadata(const ChromeEvent &event, std::uint64_t offset)
{
    const auto name = [&] { return json_scan::plainText(json_scan::memberOf(event.args, "name")); };
    if (event.name == "process_name") {
        if (const auto text = name(); !text.empty())
            m_sink.renameTrack(m_tracks.process(event.pid), text);
    } else if (event.name == "thread_name") {
        if (const auto text = name(); !text.empty())
            m_sink.renameTrack(m_tracks.thread(event.pid, event.tid).thread, text);
    } else if (event.name == "trace_buffer_overflowed") {
        m_sink.note(Severity::DataLoss, "chrome_buffer_overflow", offset,
                    "the buffer was full while this was recorded: events are missing");
    } else if (event.name == "process_labels" || event.name == "process_sort_index" ||
               event.name == "thread_sort_index") {
        m_tracks.thread(event.pid, event.tid); // tools name tracks that nothing else is on
    } else {
        m_sink.note(Severity::Info, "chrome_metadata", offset,
                    "facts about the recording that are not kept, the first is \"" +
                        std::string(event.name.substr(0, 80)) + '"');
    }
}

void ChromeEvents::add(const ChromeEvent &event, std::uint64_t offset)
{
    const char phase = event.phase.size() == 1 ? event.phase.front() : '\0';
    if (event.others > 0) [[unlikely]]
        m_sink.note(Severity::Info, "chrome_other_field", offset,
                    "fields of events that are not part of the format", event.others);
    if (phase == 'M') {
        metadata(event, offset);
        return;
    }
    const auto time = chromeTime(event.time);
    if (!time.good) {
        m_sink.note(Severity::DataLoss, phase == '\0' ? "chrome_no_event" : "chrome_bad_time",
                    offset,
                    phase == '\0' ? "an object in the list of events is none"
                                  : "an event has no time that can be read");
        return;
    }
    if (time.saturated)
        m_sink.note(Severity::DataLoss, "trace_time_range", offset,
                    "a time is more than 292 years away; it was moved to there");
    m_first = std::min(m_first.value_or(time.ns), time.ns);
    const Context in{event, Timestamp{Duration{time.ns}}, offset};
    if (event.name == "CpuProfile" || phase == 'P') [[unlikely]] {
        const auto thread = m_tracks.thread(event.pid, event.tid).thread;
        if (m_samples.isProfile(event))
            m_samples.profile(event, time.ns, thread, offset);
        else
            m_samples.sample(event, time.ns, thread, offset);
        return;
    }
    switch (phase) {
    case 'X': complete(in); break;
    case 'B':
        m_builder.begin(m_tracks.thread(event.pid, event.tid).thread, in.time, nameOf(event),
                        argsOf(event, offset), offset);
        break;
    case 'E':
        m_builder.end(m_tracks.thread(event.pid, event.tid).thread, in.time, argsOf(event, offset),
                      offset, nameOf(event));
        break;
    case 'I':
    case 'i':
    case 'R':
    case 'c': instant(in); break;
    case 'N': instant(in, "\"created\""); break;
    case 'O': instant(in, "\"snapshot\""); break;
    case 'D': instant(in, "\"destroyed\""); break;
    case 'v':
    case 'V': instant(in, "\"memory dump\""); break;
    case 'S':
    case 'T':
    case 'p':
    case 'F': asynchronous(in); break;
    case 'b':
    case 'n':
    case 'e': nestedAsynchronous(in); break;
    case 's': flow(in, FlowPhase::Start); break;
    case 't': flow(in, FlowPhase::Step); break;
    case 'f': flow(in, FlowPhase::End); break;
    case 'C': counter(in); break;
    case 'a':
    case '(':
    case ')':
    case '=':
        m_sink.note(Severity::Notice, "chrome_context", offset,
                    "contexts and links of ids are not kept");
        break;
    default:
        m_sink.note(Severity::DataLoss, "chrome_unknown_phase", offset,
                    "events of an unknown phase, the first is \"" +
                        std::string(event.phase.substr(0, 20)) + '"');
    }
}

Result<> ChromeEvents::finish(JobContext &job)
{
    m_samples.finish();
    return m_builder.finish(job);
}

} // namespace flamewright
