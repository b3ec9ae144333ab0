#include "importers/firefox/firefox_thread.h"

#include "importers/json_text.h"
#include "importers/text/number_text.h"

#include <algorithm>

namespace flamewright::firefox {
namespace {

constexpr std::size_t kMaxValue = 4096;     // of a marker; longer ones are left out
constexpr std::size_t kMaxArgs = 60u << 10; // of all of them
constexpr std::size_t kMaxMembers = 256;

void readLib(JsonPull &json, std::vector<Lib> &libs)
{
    if (!json.enterObject())
        return;
    Lib lib;
    while (json.nextMember()) {
        const auto key = json.key();
        if (key == "name" || key == "debugName") {
            const auto text = json.text().value_or("");
            if (lib.name.empty())
                lib.name = text;
        } else if (key == "path") {
            lib.path = json.text().value_or("");
        } else if (key == "codeId") {
            lib.id = json.text().value_or("");
        } else if (key == "start") {
            lib.start =
                static_cast<std::uint64_t>(std::max<std::int64_t>(json.integer().value_or(0), 0));
        } else if (key == "end") {
            lib.end =
                static_cast<std::uint64_t>(std::max<std::int64_t>(json.integer().value_or(0), 0));
        }
    }
    libs.push_back(std::move(lib));
}

} // namespace

void readLibs(JsonPull &json, JobContext &job, std::vector<Lib> &libs)
{
    // Before 2017 the list was a text of JSON.
    if (json.kind() == JsonPull::Kind::Text) {
        const std::string text(json.text().value_or(""));
        MemorySource source{std::string_view(text)};
        JsonPull inner(source, job);
        if (inner.enterArray()) {
            while (inner.nextElement())
                readLib(inner, libs);
        }
        return;
    }
    if (!json.enterArray())
        return;
    while (json.nextElement())
        readLib(json, libs);
}

bool Tables::member(JsonPull &json)
{
    const auto key = json.key();
    if (key == "stringTable" || key == "stringArray") {
        strings.read(json);
    } else if (key == "frameTable") {
        frames.read(json, {{"location"}, {"func"}, {"address"}, {"line"}});
        raw = frames.has(kLocation);
    } else if (key == "funcTable") {
        funcs.read(json, {{"name"}, {"resource"}, {"fileName"}, {"source"}, {"lineNumber"}});
    } else if (key == "stackTable") {
        stacks.read(json, {{"frame"}, {"prefix"}, {"prefixOffset"}});
        hasStacks = true;
    } else if (key == "resourceTable") {
        resources.read(json, {{"lib"}, {"name"}});
    } else if (key == "sources") {
        sources.read(json, {{"filename"}});
    } else {
        return false;
    }
    return true;
}

MarkerData MarkerDataReader::read(JsonPull &json, std::size_t row)
{
    MarkerData out{.row = row};
    m_members.clear();
    if (!json.enterObject())
        return out;
    bool tracing = false;
    auto edge = MarkerData::Edge::None;
    while (json.nextMember()) {
        std::string key(json.key());
        std::string value;
        if (!json.copy(value, kMaxValue) || m_members.size() >= kMaxMembers) {
            m_sink.note(Severity::Notice, "firefox_marker_value_left_out", json.offset(),
                        "a value of a marker is very long: " + key.substr(0, 60));
            continue;
        }
        if (key == "startTime")
            out.begin = parseScaled(value, 1'000'000).value_or(kNull);
        else if (key == "endTime")
            out.end = parseScaled(value, 1'000'000).value_or(kNull);
        else if (key == "type")
            tracing = value == "\"tracing\"";
        else if (key == "interval" && value == "\"start\"")
            edge = MarkerData::Edge::Start;
        else if (key == "interval" && value == "\"end\"")
            edge = MarkerData::Edge::End;
        m_members.emplace_back(std::move(key), std::move(value));
    }
    out.edge = tracing ? edge : MarkerData::Edge::None;
    std::sort(m_members.begin(), m_members.end());
    m_text = "{";
    for (const auto &[key, value] : m_members) {
        if (m_text.size() + key.size() + value.size() > kMaxArgs)
            break;
        m_text += m_text.size() > 1 ? "," : "";
        appendJsonString(m_text, key);
        m_text.append(":").append(value);
    }
    m_text += '}';
    out.args = m_members.empty() ? TextId() : m_sink.text(m_text);
    return out;
}

void Thread::read(JsonPull &json, JobContext &job, RecordSink &sink)
{
    MarkerDataReader markerData(sink);
    const auto number = [&](std::int64_t &into) {
        std::string text;
        if (json.copy(text, 64)) {
            if (text.starts_with('"'))
                text = text.substr(1, text.size() - 2);
            into = parseInteger(text).value_or(-1);
        }
        return text;
    };
    while (json.nextMember()) {
        const auto key = json.key();
        if (own.member(json))
            continue;
        if (key == "name") {
            name = json.text().value_or("");
        } else if (key == "processName") {
            processName = json.text().value_or("");
        } else if (key == "processType") {
            processType = json.text().value_or("");
        } else if (key == "pid") {
            pidText = number(pid);
        } else if (key == "tid") {
            number(tid);
        } else if (key == "libs") {
            readLibs(json, job, libs);
        } else if (key == "samples") { // weights may be milliseconds: they are read as times
            samples.read(json, {{"stack"},
                                {"time", true},
                                {"timeDeltas", true},
                                {"weight", true},
                                {"threadCPUDelta"}});
        } else if (key == "nativeAllocations") {
            nativeAllocations.read(
                json, {{"stack"}, {"time", true}, {"timeDeltas", true}, {"weight", true}});
        } else if (key == "jsAllocations") {
            jsAllocations.read(json,
                               {{"stack"}, {"time", true}, {"timeDeltas", true}, {"weight", true}});
        } else if (key == "markers") {
            markers.read(
                json, {{"name"}, {"time", true}, {"startTime", true}, {"endTime", true}, {"phase"}},
                [&](JsonPull &inner, std::size_t row) {
                    data.push_back(markerData.read(inner, row));
                });
        }
    }
}

} // namespace flamewright::firefox
