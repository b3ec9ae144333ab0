#include "importers/formats.h"
#include "importers/spans/jaeger_span.h"
#include "importers/spans/resource_facts.h"
#include "importers/spans/span_writer.h"
#include "importers/spans/trace_pieces.h"
#include "importers/text/json_lines.h"

#include <map>

namespace flamewright {
namespace {

// Jaeger's JSON: what its interface and its API give, {"data":[{"traceID","spans","processes"}]}, a
// trace of it alone, and spans as its storage and its own model write them.
// https://www.jaegertracing.io/docs/latest/apis/
constexpr FormatInfo kFormat{"jaeger-json", "Jaeger JSON", "json;jsonl", "trace"};

constexpr unsigned kEnvelopes = 2; // {"data":{...}}

bool isTraceArray(std::string_view key, unsigned depth)
{
    return (key.empty() && depth == 0) || (key == "data" && depth == 1) ||
           (key == "hits" && depth == 2);
}

SliceKind kindOf(std::string_view name)
{
    if (name == "server")
        return SliceKind::SpanServer;
    if (name == "client")
        return SliceKind::SpanClient;
    if (name == "producer")
        return SliceKind::SpanProducer;
    if (name == "consumer")
        return SliceKind::SpanConsumer;
    if (name == "internal")
        return SliceKind::SpanInternal;
    return SliceKind::Span;
}

class JaegerReader {
public:
    explicit JaegerReader(ImportRun run)
        : m_sink(run.sink),
          m_pieces(run, isTraceArray),
          m_spans(run.sink),
          m_facts(run.sink)
    {}
    Result<> run();

private:
    bool piece(const JsonElements::Piece &piece);
    bool processes(JsonObject object, unsigned levels);
    bool spans(JsonObject object, unsigned levels);
    void write();
    TrackId serviceOf();

    RecordSink &m_sink;
    TracePieces m_pieces;
    SpanWriter m_spans;
    ResourceFacts m_facts;
    simdjson::ondemand::parser m_parser;
    std::map<std::string, TrackId, std::less<>> m_processes; // of the trace at hand
    JaegerSpan m_span;
    JaegerProcess m_process;
    std::uint64_t m_offset = 0;
};

// Processes come after the spans that name them.
bool JaegerReader::processes(JsonObject object, unsigned levels)
{
    return eachField(object, [&](JsonKey key, JsonValue value) {
        JsonObject inner;
        if (key == "processes") {
            return eachMember(value, [&](std::string_view id, JsonValue member) {
                std::string name(id);
                JsonObject process;
                if (member.get_object().get(process) != simdjson::SUCCESS)
                    return true;
                const bool whole = m_process.read(process);
                m_processes[std::move(name)] = m_spans.service(m_process.service);
                m_facts.add(m_process.tags);
                return whole;
            });
        }
        if (key == "data" && levels > 1 && value.get_object().get(inner) == simdjson::SUCCESS)
            return processes(inner, levels - 1);
        if (key == "warnings")
            return eachElement(value, [&](JsonValue warning) {
                m_sink.note(Severity::Notice, "jaeger_warnings", m_offset, jsonText(warning));
                return true;
            });
        return true;
    });
}

bool JaegerReader::spans(JsonObject object, unsigned levels)
{
    return eachField(object, [&](JsonKey key, JsonValue value) {
        JsonObject inner;
        if (key == "spans") {
            return eachObject(value, [&](JsonObject span) {
                const bool whole = m_span.read(span);
                if (whole)
                    write();
                return whole;
            });
        }
        if (key == "data" && levels > 1 && value.get_object().get(inner) == simdjson::SUCCESS)
            return spans(inner, levels - 1);
        if (key == "_source" && value.get_object().get(inner) == simdjson::SUCCESS) {
            const bool whole = m_span.read(inner);
            if (whole)
                write();
            return whole;
        }
        return true;
    });
}

bool JaegerReader::piece(const JsonElements::Piece &piece)
{
    m_offset = piece.offset;
    m_processes.clear();
    simdjson::ondemand::document document;
    JsonObject object;
    const auto begin = [&] {
        return m_parser.iterate(piece.text.data(), piece.text.size(),
                                piece.text.size() + JsonLines::kPadding)
                       .get(document) == simdjson::SUCCESS &&
               document.get_object().get(object) == simdjson::SUCCESS;
    };
    // What is it: a trace, or a span?
    bool isSpan = false;
    if (!begin() || !eachField(object, [&](JsonKey key, JsonValue) {
            isSpan |= key == "spanID" || key == "spanId";
            return true;
        }))
        return false;
    if (!begin())
        return false;
    if (isSpan) {
        const bool whole = m_span.read(object);
        if (whole)
            write();
        return whole;
    }
    if (!processes(object, kEnvelopes) || !begin())
        return false;
    return spans(object, kEnvelopes);
}

TrackId JaegerReader::serviceOf()
{
    if (m_span.hasProcess) {
        m_facts.add(m_span.process.tags);
        return m_spans.service(m_span.process.service);
    }
    if (const auto known = m_processes.find(m_span.processId); known != m_processes.end())
        return known->second;
    m_sink.note(Severity::Notice, "jaeger_unknown_process", m_offset,
                "a span belongs to a process that is not in the file: " + m_span.processId);
    return m_spans.service({});
}

void JaegerReader::write()
{
    auto &s = m_span;
    if (s.badId)
        m_sink.note(Severity::Notice, "span_bad_id", m_offset,
                    "an id is neither hexadecimal nor base64: of the trace " + s.trace);
    if (s.warnings > 0)
        m_sink.note(Severity::Notice, "jaeger_warnings", m_offset, s.firstWarning, s.warnings);
    // The parent: the first that the span is a child of, else the first that it follows.
    const JaegerSpan::Reference *parent = nullptr;
    for (const auto &reference : s.references) {
        if (reference.trace == s.trace &&
            (parent == nullptr || (parent->follows && !reference.follows)))
            parent = &reference;
    }
    const auto error = s.tags.find("error");
    const bool failed =
        error == "true" || error == "\"true\"" || s.tags.findText("otel.status_code") == "ERROR";
    if (!s.firstWarning.empty())
        s.tags.addText("warning", s.firstWarning);
    const auto end =
        s.begin && s.duration ? std::optional(endAfter(*s.begin, *s.duration)) : std::nullopt;
    const bool placed =
        m_spans.span({.service = serviceOf(),
                      .name = s.name,
                      .trace = s.trace,
                      .span = s.span,
                      .parent = parent != nullptr ? parent->span : s.parent.value_or(0),
                      .kind = kindOf(s.tags.findText("span.kind")),
                      .flags = std::uint8_t(failed ? kSliceError : 0),
                      .begin = s.begin,
                      .end = end,
                      .args = m_spans.argsOf(s.tags, m_offset),
                      .offset = m_offset});
    if (!placed)
        return;
    for (const auto &reference : s.references) {
        if (&reference != parent)
            m_spans.link(reference.trace, reference.span);
    }
    for (std::size_t i = 0; i < s.logCount; ++i)
        m_spans.event(s.logs[i].name, s.logs[i].time, s.logs[i].fields);
}

Result<> JaegerReader::run()
{
    FW_TRY(m_pieces.each([this](const JsonElements::Piece &p) { return piece(p); }));
    m_facts.finish();
    m_spans.finish();
    return m_pieces.finish("Jaeger");
}

class Jaeger final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }

    Match probe(const Probe &probe) const override
    {
        const auto head = textHead(probe);
        const auto first = head.find_first_not_of(" \t\r\n");
        if (first == head.npos || (head[first] != '{' && head[first] != '['))
            return Match::No;
        const auto has = [&](std::string_view key) { return head.find(key) != head.npos; };
        if (has("\"traceID\"") && has("\"spanID\""))
            return Match::Strong;
        return has("\"traceId\"") && has("\"spanId\"") && has("\"operationName\"") ? Match::Strong
                                                                                   : Match::No;
    }

    Result<> run(ImportRun run) const override { return JaegerReader(run).run(); }
};

} // namespace

std::unique_ptr<Importer> makeJaeger()
{
    return std::make_unique<Jaeger>();
}

} // namespace flamewright
