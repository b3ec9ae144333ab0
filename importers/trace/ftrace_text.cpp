#include "importers/formats.h"
#include "importers/text/json_lines.h"
#include "importers/text/number_text.h"
#include "importers/trace/ftrace_events.h"
#include "importers/trace/ftrace_input.h"
#include "importers/trace/ftrace_line.h"

#include <string>

namespace flamewright {
namespace {

// The kernel's trace file, `trace-cmd report` and what Android's systrace and atrace make of it: text,
// text that zlib compressed, or a page of HTML with the text in elements of class "trace-data".
// https://www.kernel.org/doc/html/latest/trace/ftrace.html
constexpr FormatInfo kFormat{"ftrace", "ftrace and systrace text", "systrace;ftrace;trace;html;txt",
                             "trace"};

constexpr unsigned kLinesPerCheck = 512;
constexpr int kProbeLines = 12;

using namespace ftrace;

// Lines of old pages are those of a JavaScript string: "...\n\".
std::string_view unescaped(std::string_view line)
{
    constexpr std::string_view kLineEnd = "\\n\\";
    if (line.ends_with(kLineEnd))
        line.remove_suffix(kLineEnd.size());
    return line;
}

bool beginsTraceData(std::string_view line)
{
    return (line.starts_with("<script") &&
            line.find("class=\"trace-data\"") != std::string_view::npos) ||
           line.starts_with("var linuxPerfData = \"");
}

bool isTitleOfSystrace(std::string_view head)
{
    return head.find("<title>Android System Trace</title>") != std::string_view::npos ||
           head.find("class=\"trace-data\"") != std::string_view::npos;
}

// What is not an event, but belongs there.
bool isKnownOther(std::string_view line)
{
    return line.starts_with("version = ") || line.starts_with("cpus=") || line == "TRACE:" ||
           line.starts_with("capturing trace") ||
           line.starts_with("------------------------------");
}

class TextReader {
public:
    explicit TextReader(ImportRun run)
        : m_run(run),
          m_sink(run.sink),
          m_input(run.input),
          m_lines(m_input),
          m_events(run.sink)
    {}
    Result<> run();

private:
    void line(const JsonLines::Line &line);
    void header(std::string_view text, std::uint64_t offset);
    bool lostEvents(std::string_view text, std::uint64_t offset);
    bool pageLine(std::string_view text);

    ImportRun m_run;
    RecordSink &m_sink;
    TextInput m_input;
    JsonLines m_lines;
    Events m_events;
    bool m_first = true;
    bool m_isPage = false; // HTML
    bool m_inData = false; // of a page
    std::uint64_t m_known = 0;
};

// "# tracer: nop", "# entries-in-buffer/entries-written: 69657/223807   #P:2"
void TextReader::header(std::string_view text, std::uint64_t offset)
{
    if (const auto tracer = between(text, "# tracer: ")) {
        m_sink.provenance("tracer", trimmed(*tracer));
        ++m_known;
        return;
    }
    const auto entries = between(text, "# entries-in-buffer/entries-written: ");
    if (!entries)
        return;
    if (const auto cpus = between(*entries, "#P:"))
        m_sink.provenance("cpus", trimmed(*cpus));
    const auto slash = entries->find('/');
    if (slash == std::string_view::npos)
        return;
    const auto rest = entries->substr(slash + 1);
    const auto kept = parseUnsigned(entries->substr(0, slash));
    const auto written = parseUnsigned(rest.substr(0, rest.find(' ')));
    if (kept && written && *written > *kept)
        m_sink.note(Severity::Notice, "ftrace_overwritten", offset,
                    "the kernel's buffer was full: the oldest events are not in the trace",
                    *written - *kept);
}

// "CPU:1 [LOST 28 EVENTS]", "##### CPU 1 buffer started ####"
bool TextReader::lostEvents(std::string_view text, std::uint64_t offset)
{
    if (text.find(" buffer started") != std::string_view::npos)
        return true;
    const auto lost = between(text, "[LOST ", " EVENTS]");
    if (!lost || !text.starts_with("CPU:"))
        return false;
    m_sink.note(Severity::Notice, "ftrace_lost_events", offset,
                "events were lost because the kernel's buffer was full",
                std::max<std::uint64_t>(parseUnsigned(*lost).value_or(1), 1));
    return true;
}

// True when the line is not one of a trace.
bool TextReader::pageLine(std::string_view text)
{
    if (!m_inData) {
        m_inData = beginsTraceData(text);
        return true;
    }
    if (text.find("</script>") == std::string_view::npos)
        return false;
    m_inData = false;
    return true;
}

void TextReader::line(const JsonLines::Line &line)
{
    auto text = trimmed(unescaped(line.text));
    if (m_first && !text.empty()) {
        m_first = false;
        m_isPage = text.starts_with('<') && !parseLine(text);
    }
    if (m_isPage && pageLine(text))
        return;
    if (line.state == JsonLines::State::TooLong) {
        m_sink.note(Severity::DataLoss, "ftrace_long_line", line.offset,
                    "a line that is longer than any event was skipped");
        return;
    }
    if (text.empty())
        return;
    if (text.front() == '#') {
        if (!lostEvents(text, line.offset))
            header(text, line.offset);
        return;
    }
    if (const auto event = parseLine(text)) {
        ++m_known;
        m_events.take(*event, line.offset);
    } else if (const auto graph = parseGraphLine(text)) {
        ++m_known;
        m_events.take(*graph, line.offset);
    } else if (isGraphLineWithoutTime(text)) {
        m_sink.note(Severity::DataLoss, "ftrace_no_time", line.offset,
                    "lines of the function_graph tracer without a time: record with the option "
                    "funcgraph-abstime");
    } else if (!isKnownOther(text) && !lostEvents(text, line.offset)) {
        m_sink.note(Severity::DataLoss, "ftrace_unknown_line", line.offset,
                    std::string(text.substr(0, 80)));
    }
}

Result<> TextReader::run()
{
    if (const auto size = m_run.input.sizeHint())
        m_run.job.setTotal(*size);
    unsigned untilCheck = kLinesPerCheck;
    for (;;) {
        FW_ASSIGN(const auto next, m_lines.next());
        if (!next)
            break;
        line(*next);
        if (--untilCheck == 0) {
            untilCheck = kLinesPerCheck;
            m_run.job.setDone(next->offset);
            FW_TRY(m_run.job.checkpoint());
            FW_TRY(m_sink.status());
        }
    }
    if (m_input.damaged())
        m_sink.note(Severity::DataLoss, "ftrace_cut", 0,
                    "the compressed trace ends too early or is damaged");
    if (m_known == 0)
        return fail(Errc::Corrupt, "there is no event of ftrace in the input");
    FW_TRY(m_events.finish(m_run.job));
    return m_sink.status();
}

class FtraceText final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }

    Match probe(const Probe &probe) const override
    {
        auto rest = probe.text();
        if (atraceStream(rest) != std::string_view::npos)
            return Match::Magic;
        if (trimmed(rest.substr(0, rest.find('\n'))).starts_with("# tracer: "))
            return Match::Strong;
        int events = 0, others = 0;
        while (events + others < kProbeLines && !rest.empty()) {
            const auto newline = rest.find('\n');
            if (newline == std::string_view::npos && !probe.headIsAll && events > 0)
                break;
            const auto text = trimmed(unescaped(rest.substr(0, newline)));
            rest.remove_prefix(newline == std::string_view::npos ? rest.size() : newline + 1);
            if (text.empty() || text.front() == '#' || isKnownOther(text))
                continue;
            if (events + others == 0 && text.front() == '<' && !parseLine(text))
                return isTitleOfSystrace(probe.text()) ? Match::Strong : Match::No;
            ++(parseLine(text) || parseGraphLine(text) ? events : others);
        }
        return events > others ? Match::Strong : Match::No;
    }

    Result<> run(ImportRun run) const override { return TextReader(run).run(); }
};

} // namespace

std::unique_ptr<Importer> makeFtraceText()
{
    return std::make_unique<FtraceText>();
}

} // namespace flamewright
