#include "importers/callgrind/call_contexts.h"
#include "importers/callgrind/callgrind_lines.h"
#include "importers/callgrind/cost_shares.h"
#include "importers/formats.h"
#include "importers/io/text_source.h"
#include "importers/text/number_text.h"
#include "importers/units.h"

#include <algorithm>
#include <unordered_map>

namespace flamewright {
namespace {

// What valgrind's callgrind (and cachegrind), xdebug and others write: the exact cost of every line, and of
// every function as called by every other. https://valgrind.org/docs/manual/cl-format.html
// The exact inclusive costs of calls are kept as figures; the stacks of the samples are an estimate, whose
// sums by function and line are exact.
constexpr FormatInfo kFormat{"callgrind", "Callgrind", "callgrind;out"};

constexpr std::size_t kMaxLine = 16u << 20;
constexpr std::size_t kLinesPerCheck = 1024;

// "Time_(10ns)", "cpu(ms)": the unit may be in the name.
struct Event {
    std::string name;
    Unit unit = Unit::Count;
    std::int64_t scale = 1;
};

Event eventOf(std::string_view written)
{
    Event out{std::string(written)};
    const auto open = written.ends_with(')') ? written.rfind('(') : written.npos;
    if (open == written.npos || open == 0)
        return out;
    auto unit = written.substr(open + 1, written.size() - open - 2);
    const auto digits = std::min(unit.find_first_not_of("0123456789"), unit.size());
    const auto factor =
        digits == 0 ? std::optional<std::int64_t>(1) : parseInteger(unit.substr(0, digits));
    const auto meaning = unitFromName(unit.substr(digits));
    if (!factor || *factor < 1 || !meaning.known || digits == unit.size() ||
        __builtin_mul_overflow(*factor, meaning.scale, &out.scale)) {
        out.scale = 1;
        return out;
    }
    out.unit = meaning.unit;
    out.name = written.substr(0, open);
    while (!out.name.empty() && (out.name.back() == '_' || out.name.back() == ' '))
        out.name.pop_back();
    return out;
}

class CallgrindReader {
public:
    explicit CallgrindReader(ImportRun run)
        : m_run(run),
          m_sink(run.sink),
          m_text(run.input),
          m_lines(m_text, kMaxLine),
          m_reader(m_table, run.sink)
    {}
    Result<> run();

private:
    Result<> read();
    void measures();
    void checkTotals();
    ModuleId moduleOf(std::uint32_t object);
    std::string_view textOf(std::uint32_t id) const;
    FrameId frameOf(std::uint32_t function, std::uint32_t file, std::uint32_t line);
    Result<> samples();
    void stacks();
    void functionSamples(std::uint32_t function, std::size_t event);
    void add(std::uint32_t context, std::size_t line, std::size_t event, std::int64_t value);
    Result<> calls();
    std::string shownName(std::uint32_t function) const;
    void figure(const CostTable::Arc &arc, StringId metric, SummaryFigure figure, Unit unit,
                double value);

    ImportRun m_run;
    RecordSink &m_sink;
    TextSource m_text;
    LineReader m_lines;
    CostTable m_table;
    CallgrindLines m_reader;
    std::vector<Event> m_events;
    std::vector<MeasureId> m_measures;
    TrackId m_track;
    std::vector<std::vector<std::uint32_t>> m_linesOf; // by function
    std::optional<CallContexts> m_contexts;
    std::vector<StackId> m_callerStack; // by context: what it was called from
    std::unordered_map<std::uint32_t, std::uint32_t> m_namesakes;
    StringId m_method;
};

Result<> CallgrindReader::read()
{
    std::size_t untilCheck = kLinesPerCheck;
    for (;;) {
        FW_ASSIGN(const auto line, m_lines.next());
        if (!line)
            break;
        m_reader.line(*line, m_lines.lineOffset());
        if (--untilCheck == 0) {
            untilCheck = kLinesPerCheck;
            m_run.job.setDone(m_lines.lineOffset());
            FW_TRY(m_run.job.checkpoint());
            if (m_table.tooLarge())
                return fail(Errc::Limit, "the file has more functions, lines and calls than fit "
                                         "into memory");
        }
    }
    m_reader.finish(m_lines.lineOffset());
    return m_run.job.checkpoint();
}

void CallgrindReader::measures()
{
    for (const auto &written : m_reader.events()) {
        m_events.push_back(eventOf(written));
        m_measures.push_back(m_sink.measure({m_events.back().name, m_events.back().unit}));
    }
}

// The file says what it sums to.
void CallgrindReader::checkTotals()
{
    const auto &totals = m_reader.totals();
    for (std::size_t event = 0; event < std::min(totals.size(), m_events.size()); ++event) {
        std::int64_t sum = 0;
        for (std::size_t line = 0; line < m_table.lines().size(); ++line)
            sum = saturatingAdd(sum, m_table.selfCost(line, event));
        if (sum != totals[event])
            m_sink.note(Severity::Notice, "callgrind_totals_differ", 0,
                        m_events[event].name + ": the file says " + std::to_string(totals[event]) +
                            ", its lines add up to " + std::to_string(sum));
    }
}

// Callgrind writes ??? for what it does not know.
std::string_view CallgrindReader::textOf(std::uint32_t id) const
{
    const std::string_view text = m_table.textAt(id);
    return text == "???" ? std::string_view() : text;
}

ModuleId CallgrindReader::moduleOf(std::uint32_t object)
{
    const auto name = textOf(object);
    return name.empty() ? ModuleId() : m_sink.module({.name = name, .kind = ModuleKind::Elf});
}

FrameId CallgrindReader::frameOf(std::uint32_t function, std::uint32_t file, std::uint32_t line)
{
    const auto &row = m_table.functions()[function];
    const std::string_view name = m_table.textAt(row.name);
    return m_sink.frame({.function = name.empty() ? "(unknown)" : name,
                         .file = textOf(file),
                         .module = moduleOf(row.object),
                         .line = line,
                         .kind = FrameKind::User});
}

void CallgrindReader::stacks()
{
    const auto &contexts = m_contexts->contexts();
    m_callerStack.resize(contexts.size());
    for (std::size_t i = 0; i < contexts.size(); ++i) {
        if (contexts[i].caller == CallContexts::kNobody)
            continue;
        const auto caller = contexts[contexts[i].caller].function;
        m_callerStack[i] = m_sink.stack(m_callerStack[contexts[i].caller],
                                        frameOf(caller, m_table.functions()[caller].file, 0));
    }
}

void CallgrindReader::add(std::uint32_t context, std::size_t line, std::size_t event,
                          std::int64_t value)
{
    if (value == 0)
        return;
    const auto &row = m_table.lines()[line];
    bool saturated = false;
    Sample sample{.track = m_track, .measure = m_measures[event]};
    sample.stack = m_sink.stack(m_callerStack[context], frameOf(row.function, row.file, row.line));
    sample.value = scaledValue(value, m_events[event].scale, saturated);
    if (saturated)
        m_sink.note(Severity::DataLoss, "callgrind_cost_saturated", 0,
                    "costs add up to more than 64 bits can hold");
    m_sink.add(sample);
}

// The contexts of a function get their shares of its cost, and its lines are dealt to them in order: the
// sums of both are exact, and there are hardly more samples than lines and contexts.
void CallgrindReader::functionSamples(std::uint32_t function, std::size_t event)
{
    const auto &contexts = m_contexts->ofFunction()[function];
    if (contexts.empty())
        return; // no costs of its own
    std::int64_t total = 0;
    for (const auto line : m_linesOf[function]) {
        const auto cost = m_table.selfCost(line, event);
        if (cost < 0)
            add(contexts.front(), line, event, cost); // memory that was given back
        total = saturatingAdd(total, std::max<std::int64_t>(cost, 0));
    }
    if (total == 0)
        return;
    std::vector<double> weights;
    for (const auto context : contexts)
        weights.push_back(m_contexts->weight(context, event));
    const auto shares = divideExactly(total, weights);
    std::size_t at = 0;
    auto share = shares.front();
    for (const auto line : m_linesOf[function]) {
        auto cost = std::max<std::int64_t>(m_table.selfCost(line, event), 0);
        while (cost > 0) {
            while (share == 0 && at + 1 < shares.size())
                share = shares[++at];
            const auto part = share == 0 ? cost : std::min(cost, share); // all when sums saturated
            add(contexts[at], line, event, part);
            cost -= part;
            share -= std::min(share, part);
        }
    }
}

Result<> CallgrindReader::samples()
{
    m_track = m_sink.track({.kind = TrackKind::Process, .name = "callgrind"});
    m_linesOf.resize(m_table.functions().size());
    for (std::size_t i = 0; i < m_table.lines().size(); ++i)
        m_linesOf[m_table.lines()[i].function].push_back(static_cast<std::uint32_t>(i));
    FW_ASSIGN(m_contexts, CallContexts::of(m_table, {}, [this] { return m_run.job.checkpoint(); }));
    stacks();
    for (std::uint32_t function = 0; function < m_linesOf.size(); ++function) {
        if (function % 64 == 0)
            FW_TRY(m_run.job.checkpoint());
        FW_TRY(m_sink.status());
        for (std::size_t event = 0; event < m_events.size(); ++event)
            functionSamples(function, event);
    }
    if (m_table.arcs().empty())
        return {};
    m_sink.note(
        Severity::Notice, "callgrind_estimated_stacks", 0,
        "the file knows who called whom, but not by which way: costs of functions and lines "
        "are exact, how they divide over callers of callers is an estimate");
    m_sink.note(Severity::Info, "callgrind_without_callers", 0,
                "functions that nothing leads to stand alone", m_contexts->placedAlone());
    m_sink.note(Severity::Info, "callgrind_contexts_limited", 0,
                "calls that cost next to nothing, or come too deep, were not divided further",
                m_contexts->limited() ? 1 : 0);
    return {};
}

// With the object where another function has the same name.
std::string CallgrindReader::shownName(std::uint32_t function) const
{
    const auto &row = m_table.functions()[function];
    auto out = m_table.textAt(row.name);
    const auto same = m_namesakes.find(row.name);
    if (same != m_namesakes.end() && same->second > 1) {
        const std::string_view object = m_table.textAt(row.object);
        const std::string_view file = m_table.textAt(row.file);
        out.append(" [").append(object.substr(object.rfind('/') + 1));
        out.append(object.empty() ? "" : " ").append(file.substr(file.rfind('/') + 1)).append("]");
    }
    return out;
}

void CallgrindReader::figure(const CostTable::Arc &arc, StringId metric, SummaryFigure figure,
                             Unit unit, double value)
{
    m_sink.add(
        Summary{.metric = metric,
                .subset = m_sink.string(shownName(arc.caller) + " -> " + shownName(arc.callee)),
                .figure = figure,
                .unit = unit,
                .value = value,
                .method = m_method});
}

// What the file says of calls, as it says it.
Result<> CallgrindReader::calls()
{
    m_method = m_sink.string("callgrind");
    for (const auto &function : m_table.functions())
        ++m_namesakes[function.name];
    std::vector<StringId> metrics;
    for (const auto &event : m_events)
        metrics.push_back(m_sink.string("call arc " + event.name));
    constexpr double kExact = 9007199254740992.0; // 2^53
    for (std::size_t i = 0; i < m_table.arcs().size(); ++i) {
        if (i % kLinesPerCheck == 0) {
            FW_TRY(m_run.job.checkpoint());
            FW_TRY(m_sink.status());
        }
        const auto &arc = m_table.arcs()[i];
        for (std::size_t event = 0; event < m_events.size(); ++event) {
            const auto &meaning = m_events[event];
            const auto value =
                static_cast<double>(m_table.arcCost(i, event)) * static_cast<double>(meaning.scale);
            if (value > kExact || value < -kExact)
                m_sink.note(Severity::Notice, "callgrind_arc_rounded", 0,
                            "the cost of a call is larger than 2^53 and was rounded");
            // Every arc has its first event, so that none is missing.
            if (event == 0 || value != 0)
                figure(arc, metrics[event], SummaryFigure::Sum, meaning.unit, value);
        }
        if (!metrics.empty())
            figure(arc, metrics.front(), SummaryFigure::Count, Unit::Count,
                   static_cast<double>(arc.calls));
    }
    return {};
}

Result<> CallgrindReader::run()
{
    FW_TRY(read());
    if (m_reader.events().empty())
        return fail(Errc::Corrupt, "the file names no events");
    if (m_table.lines().empty() && m_table.arcs().empty())
        return fail(Errc::Corrupt, "the file has no costs");
    if (m_reader.parts() > 1)
        m_sink.note(Severity::Info, "callgrind_parts", 0, "parts of the file were added up",
                    m_reader.parts());
    measures();
    checkTotals();
    FW_TRY(samples());
    FW_TRY(calls());
    FW_TRY(m_run.job.checkpoint());
    return m_sink.status();
}

class Callgrind final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }
    Match probe(const Probe &probe) const override
    {
        const auto head = textHead(probe);
        if (head.starts_with("# callgrind format"))
            return Match::Magic;
        const auto hasLine = [&](std::string_view begin) {
            return head.starts_with(begin) || head.find("\n" + std::string(begin)) != head.npos;
        };
        return hasLine("events:") && hasLine("fn=") ? Match::Strong : Match::No;
    }
    Result<> run(ImportRun run) const override { return CallgrindReader(run).run(); }
};

} // namespace

std::unique_ptr<Importer> makeCallgrind()
{
    return std::make_unique<Callgrind>();
}

} // namespace flamewright
