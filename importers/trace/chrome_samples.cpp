#include "importers/trace/chrome_samples.h"

#include "importers/text/json_document.h"
#include "importers/text/number_text.h"
#include "importers/trace/json_scan.h"

#include <algorithm>

namespace flamewright {
namespace {

constexpr std::size_t kMaxWaiting = 4u << 20;

using simdjson::dom::element;

std::int64_t integerOf(element value, std::int64_t other = 0)
{
    std::int64_t out = 0;
    if (value.get(out) == simdjson::SUCCESS)
        return out;
    std::string_view text;
    if (value.get(text) == simdjson::SUCCESS)
        return parseInteger(text).value_or(other);
    return other;
}

std::int64_t nanos(std::int64_t micros)
{
    std::int64_t out = 0;
    if (__builtin_mul_overflow(micros, 1000, &out))
        return micros < 0 ? INT64_MIN + 1 : INT64_MAX;
    return out;
}

std::string idText(element value)
{
    std::string_view text;
    if (value.get(text) == simdjson::SUCCESS)
        return std::string(text);
    return std::to_string(integerOf(value, -1));
}

// "(program)", "(idle)": what V8 did besides running functions.
FrameKind kindOf(std::string_view function)
{
    const bool marker = function.size() > 2 && function.front() == '(' && function.back() == ')';
    return marker ? FrameKind::Marker : FrameKind::Jit;
}

} // namespace

MeasureId ChromeSamples::time()
{
    return m_sink.measure({"time", Unit::Nanoseconds});
}

MeasureId ChromeSamples::count()
{
    return m_sink.measure({"samples", Unit::Count});
}

bool ChromeSamples::isProfile(const ChromeEvent &event) const
{
    return (event.phase == "P" && (event.name == "Profile" || event.name == "ProfileChunk")) ||
           event.name == "CpuProfile";
}

void ChromeSamples::profile(const ChromeEvent &event, std::int64_t timeNs, TrackId thread,
                            std::uint64_t offset)
{
    element root;
    if (event.args.empty() ||
        m_parser.parse(event.args.data(), event.args.size()).get(root) != simdjson::SUCCESS) {
        m_sink.note(Severity::DataLoss, "chrome_bad_profile", offset,
                    "a piece of a V8 profile is damaged");
        return;
    }
    const bool whole = event.name == "CpuProfile";
    const auto data = member(root, "data").value_or(root);
    // One profile an event has no id; two of a thread never overlap.
    const auto id = whole ? "whole " + std::string(event.tid) : std::string(event.id);
    auto [it, fresh] = m_profiles.try_emplace({std::string(event.pid), id});
    auto &profile = it->second;
    const auto cpuProfile = member(data, "cpuProfile");
    const auto start = [&]() -> std::optional<element> {
        if (const auto found = member(data, "startTime"))
            return found;
        return cpuProfile ? member(*cpuProfile, "startTime") : std::nullopt;
    }();
    if (fresh || start) {
        profile.thread = thread;
        profile.time = start ? integerOf(*start, timeNs / 1000) : timeNs / 1000;
    }
    if (fresh && event.name == "ProfileChunk")
        m_sink.note(Severity::Notice, "chrome_profile_no_start", offset,
                    "the start of a V8 profile is not in the file: its times are not exact");
    if (!cpuProfile)
        return;
    if (const auto list = member(*cpuProfile, "nodes"))
        nodes(profile, *list, offset);
    auto deltas = member(data, "timeDeltas");
    if (!deltas)
        deltas = member(*cpuProfile, "timeDeltas");
    if (const auto list = member(*cpuProfile, "samples"))
        samples(profile, *list, deltas.value_or(*list), deltas.has_value(), offset);
}

void ChromeSamples::nodes(Profile &profile, element list, std::uint64_t offset)
{
    simdjson::dom::array array;
    if (list.get(array) != simdjson::SUCCESS)
        return;
    for (const auto node : array) {
        const auto frame = member(node, "callFrame").value_or(node);
        const auto id = member(node, "id");
        if (!id)
            continue;
        StackId caller;
        if (const auto parent = member(node, "parent")) {
            const auto found = profile.stacks.find(integerOf(*parent, -1));
            if (found != profile.stacks.end())
                caller = found->second;
            else
                m_sink.note(Severity::Notice, "chrome_unknown_node", offset,
                            "the caller of a function of a V8 profile is not in the file");
        }
        const auto name = member(frame, "functionName");
        const auto function = name ? textOf(*name) : std::string_view();
        const auto url = member(frame, "url");
        const auto line = member(frame, "lineNumber");
        const auto lineNumber = line ? integerOf(*line, -1) : -1;
        // "(root)" is above all of them and says nothing.
        const auto stack =
            function == "(root)"
                ? caller
                : m_sink.stack(
                      caller, m_sink.frame({.function = function.empty() ? "(anonymous)" : function,
                                            .file = url ? textOf(*url) : std::string_view(),
                                            .line = lineNumber >= 0 && lineNumber < UINT32_MAX
                                                        ? static_cast<std::uint32_t>(lineNumber + 1)
                                                        : 0,
                                            .kind = kindOf(function)}));
        profile.stacks.insert_or_assign(integerOf(*id, -1), stack);
    }
}

void ChromeSamples::samples(Profile &profile, element list, element deltas, bool hasDeltas,
                            std::uint64_t offset)
{
    simdjson::dom::array array, times;
    if (list.get(array) != simdjson::SUCCESS)
        return;
    if (hasDeltas && deltas.get(times) != simdjson::SUCCESS)
        hasDeltas = false;
    if (!hasDeltas || times.size() != array.size())
        m_sink.note(Severity::DataLoss, "chrome_profile_times", offset,
                    "the samples of a V8 profile do not all have a time");
    auto delta = hasDeltas ? times.begin() : array.end();
    const auto deltasEnd = hasDeltas ? times.end() : array.end();
    for (const auto node : array) {
        if (delta != deltasEnd) {
            profile.time = saturatingAdd(profile.time, integerOf(*delta));
            ++delta;
        }
        Sample sample{.time = Timestamp{Duration{nanos(profile.time)}},
                      .track = profile.thread,
                      .measure = time()};
        const auto found = profile.stacks.find(integerOf(node, -1));
        if (found != profile.stacks.end())
            sample.stack = found->second;
        else
            m_sink.note(Severity::DataLoss, "chrome_unknown_node", offset,
                        "a sample of a V8 profile is of a function that is not in the file");
        if (profile.last) {
            auto &last = *profile.last;
            std::int64_t length = 0;
            if (__builtin_sub_overflow(sample.time.time_since_epoch().count(),
                                       last.time.time_since_epoch().count(), &length))
                length = INT64_MAX;
            last.value = std::max<std::int64_t>(length, 0);
            m_sink.add(last);
        }
        profile.last = sample;
    }
}

void ChromeSamples::sample(const ChromeEvent &event, std::int64_t timeNs, TrackId thread,
                           std::uint64_t offset)
{
    if (event.stackFrame.empty()) {
        const auto stack =
            m_sink.stack({}, m_sink.frame({.function = json_scan::unescaped(event.name)}));
        m_sink.add(Sample{.time = Timestamp{Duration{timeNs}},
                          .track = thread,
                          .stack = stack,
                          .measure = count(),
                          .value = 1});
        return;
    }
    if (m_waiting.size() < kMaxWaiting)
        m_waiting.push_back({timeNs, 1, thread, -1, std::string(event.stackFrame), offset});
    else
        m_sink.note(Severity::DataLoss, "chrome_too_many_samples", offset,
                    "more samples than fit into memory; later ones were left out");
}

void ChromeSamples::setSamples(std::string_view json, std::uint64_t offset)
{
    element root;
    simdjson::dom::array list;
    if (m_parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS ||
        root.get(list) != simdjson::SUCCESS) {
        m_sink.note(Severity::DataLoss, "chrome_bad_samples", offset,
                    "the list \"samples\" is damaged");
        return;
    }
    const auto text = [](element sample, const char *key) {
        const auto value = member(sample, key);
        return value ? idText(*value) : std::string();
    };
    for (const auto sample : list) {
        const auto ts = member(sample, "ts");
        std::string number;
        if (ts) {
            std::string_view written;
            number = ts->get(written) == simdjson::SUCCESS ? std::string(written)
                                                           : simdjson::minify(*ts);
        }
        const auto when = chromeTime(number);
        if (!when.good || m_waiting.size() >= kMaxWaiting) {
            m_sink.note(Severity::DataLoss, "chrome_bad_samples", offset,
                        "a sample has no time that can be read");
            continue;
        }
        const auto weight = member(sample, "weight");
        const auto cpu = member(sample, "cpu");
        const auto thread = m_tracks.thread(text(sample, "pid"), text(sample, "tid")).thread;
        m_waiting.push_back({when.ns, weight ? integerOf(*weight, 1) : 1, thread,
                             static_cast<std::int32_t>(std::clamp<std::int64_t>(
                                 cpu ? integerOf(*cpu, -1) : -1, -1, INT32_MAX)),
                             text(sample, "sf"), offset});
    }
}

void ChromeSamples::readStackFrames()
{
    element root;
    simdjson::dom::object list;
    if (m_stackFrames.empty())
        return;
    if (m_parser.parse(m_stackFrames).get(root) != simdjson::SUCCESS ||
        root.get(list) != simdjson::SUCCESS) {
        m_sink.note(Severity::DataLoss, "chrome_bad_stacks", 0, "\"stackFrames\" is damaged");
        return;
    }
    for (const auto field : list) {
        auto &frame = m_frames[std::string(field.key)];
        if (const auto name = member(field.value, "name"))
            frame.name = textOf(*name);
        if (const auto category = member(field.value, "category"))
            frame.category = textOf(*category);
        if (const auto parent = member(field.value, "parent"))
            frame.parent = idText(*parent);
    }
    m_stackFrames = {};
}

StackId ChromeSamples::stackOf(const std::string &name, std::uint64_t offset)
{
    std::vector<Frame *> path; // innermost first
    StackId stack;
    for (const auto *next = &name; !next->empty();) {
        const auto found = m_frames.find(*next);
        if (found == m_frames.end() || found->second.visited) {
            m_sink.note(Severity::Notice, "chrome_unknown_stack", offset,
                        found == m_frames.end()
                            ? "a stack refers to a frame that is not in the file"
                            : "the callers of a frame go in a circle");
            break;
        }
        if (found->second.known) {
            stack = found->second.stack;
            break;
        }
        found->second.visited = true;
        path.push_back(&found->second);
        next = &found->second.parent;
    }
    for (auto i = path.size(); i-- > 0;) {
        auto &frame = *path[i];
        stack = m_sink.stack(stack, m_sink.frame({.function = frame.name,
                                                  .module = m_sink.module({frame.category})}));
        frame.stack = stack;
        frame.known = true;
        frame.visited = false;
    }
    return stack;
}

void ChromeSamples::finish()
{
    for (auto &[key, profile] : m_profiles) {
        if (profile.last)
            m_sink.add(*profile.last);
    }
    readStackFrames();
    for (const auto &sample : m_waiting)
        m_sink.add(Sample{.time = Timestamp{Duration{sample.timeNs}},
                          .track = sample.thread,
                          .cpu = sample.cpu,
                          .stack = stackOf(sample.frame, sample.offset),
                          .measure = count(),
                          .value = sample.weight});
    m_waiting = {};
}

} // namespace flamewright
