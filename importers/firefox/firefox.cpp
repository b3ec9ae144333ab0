#include "importers/firefox/firefox_counter.h"
#include "importers/firefox/firefox_emit.h"
#include "importers/firefox/firefox_thread.h"
#include "importers/formats.h"
#include "importers/text/number_text.h"
#include "importers/units.h"

#include <deque>
#include <string>
#include <utility>

namespace flamewright {
namespace {

using namespace firefox;

// Profiles of Firefox's profiler: what the browser itself writes (Gecko's form, tables of rows with a
// schema), what profiler.firefox.com saves (the processed form, tables of columns, shared by all
// threads in newer versions), and what samply and others write in the latter.
// https://github.com/firefox-devtools/profiler/tree/main/docs-developer
constexpr FormatInfo kFormat{"firefox", "Firefox profiler JSON", "json;profile"};

constexpr int kMaxProcesses = 16; // in each other

// One process, as far as it was read: its threads wait until its libraries and times are known.
struct Process {
    std::deque<Thread> threads;
    std::vector<Lib> libs;
    std::deque<Counter> counters;
    Tables shared;
    std::int64_t startTime = kNull; // ns since the epoch
    SampleUnits units;
    bool metaSeen = false, libsSeen = false, sharedSeen = false;
    bool ended = false; // all of it was read
};

class FirefoxReader {
public:
    explicit FirefoxReader(ImportRun run) : m_run(run), m_sink(run.sink), m_json(run.input, run.job)
    {}
    Result<> run();

private:
    Result<> process(JsonPull &json, int depth);
    Result<> member(JsonPull &json, Process &process, int depth);
    Result<> threads(JsonPull &json, Process &process, int depth);
    void meta(JsonPull &json, Process &process);
    void sampleUnits(JsonPull &json, Process &process);
    Result<> write(Process &process);

    ImportRun m_run;
    RecordSink &m_sink;
    JsonPull m_json;
    std::int64_t m_startTime = kNull; // of the first process: the capture's clock
    std::uint64_t m_threads = 0;
};

void FirefoxReader::sampleUnits(JsonPull &json, Process &process)
{
    if (!json.enterObject())
        return;
    while (json.nextMember()) {
        if (json.key() != "threadCPUDelta")
            continue;
        // "variable CPU cycles" is none.
        const auto unit = unitFromName(json.text().value_or(""));
        if (unit.known && unit.unit == Unit::Nanoseconds)
            process.units.cpuScale = unit.scale;
    }
}

void FirefoxReader::meta(JsonPull &json, Process &process)
{
    process.metaSeen = true;
    if (!json.enterObject())
        return;
    const bool first = m_startTime == kNull;
    while (json.nextMember()) {
        const std::string key(json.key());
        if (key == "startTime")
            process.startTime = json.scaled(1'000'000).value_or(kNull);
        else if (key == "sampleUnits")
            sampleUnits(json, process);
        else if (!first)
            continue;
        else if (key == "product" || key == "oscpu" || key == "CPUName")
            m_sink.provenance(key == "product" ? "tool"
                              : key == "oscpu" ? "os"
                                               : "cpu",
                              json.text().value_or(""));
        else if (key == "interval")
            m_sink.provenance("interval_ms", json.number().value_or(""));
        else if (key == "version" || key == "preprocessedProfileVersion")
            m_sink.provenance(key == "version" ? "gecko_version" : "profile_version",
                              json.number().value_or(""));
    }
    if (first && process.startTime != kNull) {
        m_startTime = process.startTime;
        m_sink.setWallOffset(m_startTime);
    }
}

Result<> FirefoxReader::threads(JsonPull &json, Process &process, int depth)
{
    if (!json.enterArray())
        return {};
    while (json.nextElement()) {
        if (json.kind() == JsonPull::Kind::Text) { // before 2017: another process, as text
            const std::string text(json.text().value_or(""));
            MemorySource source{std::string_view(text)};
            JsonPull inner(source, m_run.job);
            FW_TRY(this->process(inner, depth + 1));
            if (const auto whole = inner.finish(); !whole.has_value())
                m_sink.note(Severity::DataLoss, "firefox_bad_process", json.offset(),
                            "a process in the file cannot be read");
            continue;
        }
        if (!json.enterObject())
            continue;
        process.threads.emplace_back();
        process.threads.back().read(json, m_run.job, m_sink);
        ++m_threads;
        // At once where everything is known, so that one thread is in memory and not all.
        const auto &own = process.threads.back().own;
        const bool complete = own.hasStacks && own.strings.size() > 0;
        if (process.metaSeen && process.libsSeen && (complete || process.sharedSeen) &&
            !json.failed())
            FW_TRY(write(process));
    }
    return {};
}

Result<> FirefoxReader::member(JsonPull &json, Process &process, int depth)
{
    const auto key = json.key();
    if (key == "meta") {
        meta(json, process);
    } else if (key == "libs") {
        process.libsSeen = true;
        readLibs(json, m_run.job, process.libs);
    } else if (key == "shared") {
        process.sharedSeen = true;
        if (json.enterObject()) {
            while (json.nextMember())
                process.shared.member(json);
        }
    } else if (key == "threads") {
        return threads(json, process, depth);
    } else if (key == "processes" && json.enterArray()) {
        while (json.nextElement())
            FW_TRY(this->process(json, depth + 1));
    } else if (key == "profile") { // of a recording of the developer tools
        return this->process(json, depth + 1);
    } else if (key == "counters" && json.enterArray()) {
        while (json.nextElement()) {
            if (!json.enterObject())
                continue;
            process.counters.emplace_back();
            process.counters.back().read(json);
        }
    }
    return {};
}

// The value at hand. Calls itself for the processes inside, of which there are few.
Result<> FirefoxReader::process(JsonPull &json, int depth)
{
    if (depth > kMaxProcesses) {
        m_sink.note(Severity::DataLoss, "firefox_too_many_processes", json.offset(),
                    "processes in processes were left out");
        return {};
    }
    if (!json.enterObject())
        return {};
    Process process;
    while (json.nextMember())
        FW_TRY(member(json, process, depth));
    process.ended = true;
    return write(process);
}

Result<> FirefoxReader::write(Process &process)
{
    std::int64_t shift = 0;
    if (m_startTime == kNull || process.startTime == kNull ||
        __builtin_sub_overflow(process.startTime, m_startTime, &shift))
        shift = 0;
    for (auto &thread : process.threads) {
        const bool own = thread.own.hasStacks;
        auto &tables = own ? thread.own : process.shared;
        // Strings were shared before the other tables were: lent, as they may be many.
        const bool strings = own && thread.own.strings.size() == 0;
        if (strings)
            std::swap(thread.own.strings, process.shared.strings);
        if (own)
            std::swap(thread.own.sources, process.shared.sources);
        StackBuilder stacks(tables, thread.libs.empty() ? process.libs : thread.libs, m_sink);
        FW_TRY(stacks.build(m_run.job));
        FW_TRY(ThreadWriter(thread, stacks, tables.strings, process.units, shift, m_sink, m_run.job)
                   .write());
        if (strings)
            std::swap(thread.own.strings, process.shared.strings);
        if (own)
            std::swap(thread.own.sources, process.shared.sources);
    }
    process.threads.clear();
    if (!process.ended)
        return m_sink.status();
    for (const auto &counter : process.counters)
        FW_TRY(counter.write(shift, m_sink, m_run.job));
    return m_sink.status();
}

Result<> FirefoxReader::run()
{
    FW_TRY(process(m_json, 0));
    if (const auto whole = m_json.finish(); !whole.has_value()) {
        if (whole.error().code() != Errc::Corrupt || m_threads == 0)
            return whole;
        m_sink.note(Severity::DataLoss, "firefox_truncated", m_json.offset(), whole.error().text());
    }
    if (m_threads == 0)
        return fail(Errc::Corrupt, "the profile has no threads");
    if (m_json.textWasCut())
        m_sink.note(Severity::DataLoss, "text_cut", 0, "a text of more than 1 MB was cut");
    FW_TRY(m_run.job.checkpoint());
    return m_sink.status();
}

class Firefox final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }
    Match probe(const Probe &probe) const override
    {
        const auto head = textHead(probe);
        const auto first = head.find_first_not_of(" \t\r\n");
        if (first == head.npos || head[first] != '{')
            return Match::No;
        const auto has = [&](std::string_view text) { return head.find(text) != head.npos; };
        const bool meta = has("\"meta\"") && has("\"interval\"") && has("\"processType\"");
        const bool table = has("\"stackTable\"") || has("\"frameTable\"");
        const bool about =
            has("\"startTime\"") &&
            (has("\"stackwalk\"") || has("\"preprocessedProfileVersion\"") || has("\"misc\""));
        // The browser writes hundreds of libraries before anything else.
        const bool libs = has("\"libs\"") && has("\"breakpadId\"") && has("\"debugName\"");
        return (meta && (table || about)) || (libs && !has("\"traceEvents\"")) ? Match::Strong
                                                                               : Match::No;
    }
    Result<> run(ImportRun run) const override { return FirefoxReader(run).run(); }
};

} // namespace

std::unique_ptr<Importer> makeFirefox()
{
    return std::make_unique<Firefox>();
}

} // namespace flamewright
