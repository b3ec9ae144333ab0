#include "importers/formats.h"
#include "importers/json_text.h"
#include "importers/perf_script/script_header.h"
#include "importers/perf_script/script_lines.h"
#include "importers/symbols/demangle.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <unordered_map>

namespace flamewright {
namespace {

using namespace perfscript;

constexpr FormatInfo kFormat{"perf-script", "perf script text", "perf;perf-script;linux-perf.txt"};
constexpr std::size_t kMaxFrames = 1u << 17; // of one sample
constexpr std::size_t kMaxPayload = 1u << 10;
constexpr std::uint32_t kMaxInlined = 1000; // in a row; less than the model's limit
constexpr std::uint64_t kKernelAddresses = 0xffff'8000'0000'0000;
constexpr unsigned kLinesPerCheck = 512;

// A frame line of the sample that is being read, leaf first.
struct RawFrame {
    std::uint64_t address = 0;
    std::string symbol, dso, file;
    std::uint32_t line = 0;
    bool inlined = false;
};

struct Code {
    ModuleId module;
    FrameKind kind = FrameKind::Unknown;
    ModuleKind moduleKind = ModuleKind::Unknown;
};

struct Thread {
    TrackId track;
    std::string comm;
};

bool isCode(std::string_view file, std::string_view suffix)
{
    return file.ends_with(suffix) || file.find(std::string(suffix) + ".") != std::string_view::npos;
}

// What kind of code a name in parentheses stands for.
std::pair<ModuleKind, FrameKind> kindOf(std::string_view dso)
{
    const auto base = dso.substr(dso.rfind('/') + 1);
    if (dso.starts_with("[guest"))
        return {ModuleKind::Kernel, FrameKind::Guest};
    if (dso.starts_with("[kernel") || base.starts_with("vmlinux"))
        return {ModuleKind::Kernel, FrameKind::Kernel};
    if (dso == "[vdso]" || dso == "[vsyscall]")
        return {ModuleKind::Vdso, FrameKind::User};
    if (isCode(base, ".ko") || base.starts_with("bpf_prog_") || base.starts_with("bpf_trampoline"))
        return {ModuleKind::KernelModule, FrameKind::Kernel};
    if (dso.starts_with("[JIT]") || dso.starts_with("//anon") || dso == "[anon]" ||
        (base.starts_with("perf-") && base.ends_with(".map")) || base.starts_with("jitted-"))
        return {ModuleKind::Unknown, FrameKind::Jit};
    if (dso.starts_with('[') && dso != "[heap]" && dso != "[stack]")
        return {ModuleKind::KernelModule, FrameKind::Kernel}; // "[nf_conntrack]"
    // Which address older versions print for user code cannot be told from the text, so nobody
    // should look it up: Unknown, not Elf.
    return {ModuleKind::Unknown, FrameKind::User};
}

class ScriptReader {
public:
    explicit ScriptReader(ImportRun run) : m_run(run), m_sink(run.sink), m_lines(run.input) {}
    Result<> run();

private:
    void line(std::string_view text);
    bool event(std::string_view text);
    bool frame(std::string_view text);
    void record(std::string_view text);
    void flush();
    StackId stackOf();
    TrackId trackOf(const ScriptEvent &event);
    MeasureId measureOf(const ScriptEvent &event);
    const Code &codeOf(std::string_view dso);
    FrameDesc describe(const RawFrame &raw);
    RawFrame &nextFrame();
    void oneLine(std::string_view rest);

    ImportRun m_run;
    RecordSink &m_sink;
    LineReader m_lines;

    bool m_open = false;  // a sample waits for its frames
    bool m_ended = false; // an empty line came after its frames
    Sample m_sample;
    std::vector<RawFrame> m_frames; // first m_frameCount are in use; the others keep their memory
    std::size_t m_frameCount = 0;
    bool m_leafOnEventLine = false; // m_frames[0] came from there: an address, if frames follow

    std::unordered_map<std::uint64_t, Thread> m_threads; // by pid and tid
    std::map<std::string, MeasureId, std::less<>> m_measures;
    std::map<std::string, Code, std::less<>> m_code;
    std::string m_lastDso;
    const Code *m_lastCode = nullptr;
};

MeasureId ScriptReader::measureOf(const ScriptEvent &event)
{
    const auto name = event.event.empty() ? std::string_view("samples") : event.event;
    const auto plain = name.substr(0, name.find(':'));
    auto unit = Unit::Count;
    if (event.period) {
        if (plain == "cpu-clock" || plain == "task-clock" || plain == "offcpu-time")
            unit = Unit::Nanoseconds;
        else if (plain == "cycles" || plain == "cpu-cycles")
            unit = Unit::Cycles;
    }
    const auto key = std::string(name) + (unit == Unit::Count ? "" : " p");
    const auto it = m_measures.find(key);
    if (it != m_measures.end())
        return it->second;
    const auto id = m_sink.measure({name, unit});
    // A hostile file may have as many events as lines; the sink counts what that costs.
    m_measures.emplace(key, id);
    return id;
}

TrackId ScriptReader::trackOf(const ScriptEvent &event)
{
    if (event.tid < 0 && event.pid < 0)
        return m_sink.track(
            {.kind = TrackKind::Process, .name = event.comm.empty() ? "perf" : event.comm});
    const auto key = static_cast<std::uint64_t>(static_cast<std::uint32_t>(event.pid)) << 32 |
                     static_cast<std::uint32_t>(event.tid);
    auto &thread = m_threads[key];
    const auto name = event.comm.empty() ? std::to_string(event.tid) : std::string(event.comm);
    if (thread.track.raw == 0) {
        TrackId process;
        if (event.pid >= 0)
            process = m_sink.track({.kind = TrackKind::Process, .name = name, .pid = event.pid});
        if (event.pid >= 0 && event.pid == event.tid)
            m_sink.renameTrack(process, name);
        thread.track = m_sink.track({.kind = TrackKind::Thread,
                                     .name = name,
                                     .pid = event.pid,
                                     .tid = event.tid,
                                     .parent = process});
        thread.comm = name;
    } else if (thread.comm != name) {
        m_sink.renameTrack(thread.track, name);
        thread.comm = name;
    }
    return thread.track;
}

const Code &ScriptReader::codeOf(std::string_view dso)
{
    if (m_lastCode && m_lastDso == dso)
        return *m_lastCode;
    auto it = m_code.find(dso);
    if (it == m_code.end()) {
        const auto [moduleKind, kind] = kindOf(dso);
        it = m_code
                 .emplace(dso,
                          Code{m_sink.module({.name = dso, .kind = moduleKind}), kind, moduleKind})
                 .first;
    }
    m_lastDso = dso;
    m_lastCode = &it->second;
    return it->second;
}

FrameDesc ScriptReader::describe(const RawFrame &raw)
{
    FrameDesc out{.function = raw.symbol, .file = raw.file, .line = raw.line};
    if (!raw.dso.empty()) {
        const auto &code = codeOf(raw.dso);
        out.module = code.module;
        out.kind = code.kind;
    } else if (raw.address >= kKernelAddresses) {
        out.kind = FrameKind::Kernel;
    }
    if (raw.symbol.empty()) {
        out.source = SymbolSource::None;
        out.address = raw.address; // of named code the address only makes frames that look alike
    }
    return out;
}

StackId ScriptReader::stackOf()
{
    StackId stack;
    FrameId outer;
    std::uint32_t inlinedInRow = 0;
    std::string demangled;
    for (auto i = m_frameCount; i-- > 0;) {
        const auto &raw = m_frames[i];
        auto desc = describe(raw);
        if (raw.symbol.starts_with("_Z") || raw.symbol.starts_with("_R")) {
            demangled = demangle(raw.symbol);
            desc.function = demangled;
        }
        const bool chained = raw.inlined && outer.raw != 0 && inlinedInRow < kMaxInlined;
        if (chained) {
            // Code of the frame it was inlined into: same module.
            desc.inlined = true;
            desc.outer = outer;
            ++inlinedInRow;
        } else {
            if (outer.raw != 0)
                stack = m_sink.stack(stack, outer);
            inlinedInRow = 0;
        }
        outer = m_sink.frame(desc);
    }
    return outer.raw != 0 ? m_sink.stack(stack, outer) : stack;
}

void ScriptReader::flush()
{
    if (!m_open)
        return;
    m_open = false;
    // Inlined code belongs to the module of the frame that follows it.
    for (auto i = m_frameCount; i-- > 1;) {
        if (m_frames[i - 1].inlined)
            m_frames[i - 1].dso = m_frames[i].dso;
    }
    m_sample.stack = stackOf();
    m_sink.add(m_sample);
    m_frameCount = 0;
    m_leafOnEventLine = false;
}

RawFrame &ScriptReader::nextFrame()
{
    if (m_frameCount >= kMaxFrames) {
        m_sink.note(Severity::DataLoss, "perf_script_stack_too_deep", m_lines.lineOffset(),
                    "frames beyond the limit of a stack were dropped");
        --m_frameCount;
    }
    if (m_frameCount == m_frames.size())
        m_frames.emplace_back();
    return m_frames[m_frameCount++];
}

// What follows the event on its own line: the code, a branch from and to, or arguments.
void ScriptReader::oneLine(std::string_view rest)
{
    if (rest.empty())
        return;
    if (const auto arrow = rest.find(" => "); arrow != std::string_view::npos) {
        // "call  40b06c add_order+0x51c (foo.so) => 7ffff7327730 memmove (libc.so)"
        auto from = trimmed(rest.substr(0, arrow));
        while (!from.empty()) {
            if (const auto code = parseFrameLine(from)) {
                m_sink.note(Severity::Info, "perf_script_branches", m_lines.lineOffset(),
                            "a branch is shown as a sample of the place it leaves");
                auto &frame = nextFrame();
                frame = {code->address, std::string(code->symbol), std::string(code->dso), {}, 0,
                         false};
                return;
            }
            const auto space = from.find(' ');
            from =
                space == std::string_view::npos ? std::string_view() : trimmed(from.substr(space));
        }
    } else if (const auto code = parseFrameLine(rest); code && !code->symbol.empty()) {
        auto &frame = nextFrame();
        frame = {code->address, std::string(code->symbol), std::string(code->dso), {}, 0, false};
        m_leafOnEventLine = true;
        return;
    } else if (code) {
        auto &frame = nextFrame();
        frame = {code->address, {}, std::string(code->dso), {}, 0, false};
        m_leafOnEventLine = true;
        return;
    }
    std::string json = "{\"payload\":";
    appendJsonString(json, rest.substr(0, kMaxPayload));
    json += '}';
    m_sample.labels = m_sink.string(json);
}

// PERF_RECORD_* lines of --show-task-events and the like: "bash 7 PERF_RECORD_LOST lost 12".
void ScriptReader::record(std::string_view text)
{
    flush();
    if (text.find("PERF_RECORD_LOST") == std::string_view::npos) {
        m_sink.note(Severity::Info, "perf_script_records", m_lines.lineOffset(),
                    "records that are not samples were left out");
        return;
    }
    std::uint64_t lost = 1;
    if (const auto at = text.find("lost "); at != std::string_view::npos)
        std::from_chars(text.data() + at + 5, text.data() + text.size(), lost);
    m_sink.note(Severity::DataLoss, "perf_lost_samples", m_lines.lineOffset(),
                "the kernel dropped samples because perf was too slow",
                std::max<std::uint64_t>(lost, 1));
}

bool ScriptReader::event(std::string_view text)
{
    const auto parsed = parseEventLine(text);
    if (!parsed)
        return false;
    flush();
    m_ended = false;
    m_open = true;
    m_sample = {};
    if (parsed->timeNs)
        m_sample.time = Timestamp(Duration(*parsed->timeNs));
    m_sample.cpu = parsed->cpu;
    m_sample.track = trackOf(*parsed);
    m_sample.measure = measureOf(*parsed);
    m_sample.value = parsed->period.value_or(1);
    oneLine(parsed->rest);
    return true;
}

bool ScriptReader::frame(std::string_view text)
{
    if (!m_open || m_ended)
        return false;
    if (const auto parsed = parseFrameLine(text)) {
        if (m_leafOnEventLine) {
            m_leafOnEventLine = false; // it was the address that the event is about
            m_frameCount = 0;
        }
        auto &raw = nextFrame();
        raw.address = parsed->address;
        raw.symbol = parsed->symbol;
        raw.dso = parsed->dso;
        raw.inlined = parsed->inlined;
        raw.file.clear();
        raw.line = 0;
        return true;
    }
    if (const auto source = parseSourceLine(text); source && m_frameCount > 0) {
        if (source->file != "??") {
            m_frames[m_frameCount - 1].file = source->file;
            m_frames[m_frameCount - 1].line = source->line;
        }
        return true;
    }
    return false;
}

void ScriptReader::line(std::string_view text)
{
    if (trimmed(text).empty()) {
        // Some tools put an empty line between event and frames; then the sample goes on.
        m_ended = m_ended || m_frameCount > 0;
        return;
    }
    if (text.front() == '#') {
        takeHeaderLine(text, m_sink);
        return;
    }
    if (text.front() != '\t' && text.find(" PERF_RECORD_") != std::string_view::npos) {
        record(text);
        return;
    }
    // Frames are indented and begin with an address. A name that reads like one may begin an
    // event line, too, but then a time follows.
    const bool indented = text.front() == '\t' || text.starts_with("    ");
    if (indented && text.find(": ") == std::string_view::npos && frame(text))
        return;
    if (text.front() != '\t' && event(text))
        return;
    if (frame(text))
        return;
    const auto error = trimmed(text).starts_with("instruction trace error");
    m_sink.note(Severity::DataLoss, error ? "perf_script_trace_error" : "perf_script_bad_line",
                m_lines.lineOffset(), text.substr(0, 80));
}

Result<> ScriptReader::run()
{
    if (const auto size = m_run.input.sizeHint())
        m_run.job.setTotal(*size);
    unsigned untilCheck = kLinesPerCheck;
    for (;;) {
        FW_ASSIGN(const auto text, m_lines.next());
        if (!text)
            break;
        line(*text);
        if (--untilCheck == 0) {
            untilCheck = kLinesPerCheck;
            m_run.job.setDone(m_lines.lineOffset());
            FW_TRY(m_run.job.checkpoint());
            FW_TRY(m_sink.status());
        }
    }
    flush();
    FW_TRY(m_run.job.checkpoint());
    return m_sink.status();
}

class PerfScript final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }

    Match probe(const Probe &probe) const override
    {
        int events = 0, frames = 0, lines = 0;
        auto rest = probe.text();
        if (rest.starts_with("# ========\n# captured on"))
            return Match::Strong;
        while (lines < 40 && !rest.empty()) {
            const auto newline = rest.find('\n');
            if (newline == std::string_view::npos && !probe.headIsAll && lines > 0)
                break;
            const auto text = rest.substr(0, newline);
            rest.remove_prefix(newline == std::string_view::npos ? rest.size() : newline + 1);
            if (trimmed(text).empty() || text.front() == '#' ||
                text.find(" PERF_RECORD_") != std::string_view::npos)
                continue;
            ++lines;
            // The first line that says anything is an event with a thread.
            const bool tab = text.front() == '\t';
            const auto event = tab ? std::nullopt : parseEventLine(text);
            if (event && event->tid >= 0 && !event->event.empty())
                ++events;
            else if (events > 0 && parseFrameLine(text))
                ++frames;
            else if (events == 0)
                return Match::No;
        }
        if (events + frames >= 2 && (events + frames) * 2 > lines)
            return Match::Strong;
        return events > 0 && lines == events ? Match::Weak : Match::No;
    }

    Result<> run(ImportRun run) const override { return ScriptReader(run).run(); }
};

} // namespace

std::unique_ptr<Importer> makePerfScript()
{
    return std::make_unique<PerfScript>();
}

} // namespace flamewright
