#include "importers/formats.h"
#include "importers/spans/span_writer.h"
#include "importers/spans/trace_pieces.h"
#include "importers/spans/zipkin_span.h"
#include "importers/text/json_lines.h"

#include <algorithm>

namespace flamewright {
namespace {

// Zipkin's JSON of both versions: an array of spans, or an array of those for several traces.
// https://zipkin.io/zipkin-api/
constexpr FormatInfo kFormat{"zipkin-json", "Zipkin JSON", "json;jsonl", "trace"};

bool isSpanArray(std::string_view key, unsigned depth)
{
    return key.empty() && depth <= 1;
}

SliceKind kindOf(std::string_view name)
{
    if (name == "SERVER")
        return SliceKind::SpanServer;
    if (name == "CLIENT")
        return SliceKind::SpanClient;
    if (name == "PRODUCER")
        return SliceKind::SpanProducer;
    if (name == "CONSUMER")
        return SliceKind::SpanConsumer;
    return SliceKind::Span;
}

std::optional<std::uint64_t> nanosOf(std::optional<std::uint64_t> micros)
{
    // Zipkin itself takes 0 for "unknown".
    return micros && *micros > 0 ? std::optional(nanosOfMicros(*micros)) : std::nullopt;
}

class ZipkinReader {
public:
    explicit ZipkinReader(ImportRun run)
        : m_sink(run.sink),
          m_pieces(run, isSpanArray),
          m_spans(run.sink)
    {}
    Result<> run();

private:
    bool piece(const JsonElements::Piece &piece);
    void write();
    void row(SliceKind kind, std::string_view service, std::optional<std::uint64_t> begin,
             std::optional<std::uint64_t> end, bool shared);
    std::optional<std::uint64_t> firstAnnotation() const;

    RecordSink &m_sink;
    TracePieces m_pieces;
    SpanWriter m_spans;
    simdjson::ondemand::parser m_parser;
    ZipkinSpan m_span;
    bool m_failed = false;
    std::string m_args;
    std::uint64_t m_offset = 0;
};

bool ZipkinReader::piece(const JsonElements::Piece &piece)
{
    m_offset = piece.offset;
    simdjson::ondemand::document document;
    JsonObject object;
    if (m_parser.iterate(piece.text.data(), piece.text.size(),
                         piece.text.size() + JsonLines::kPadding)
                .get(document) != simdjson::SUCCESS ||
        document.get_object().get(object) != simdjson::SUCCESS || !m_span.read(object))
        return false;
    write();
    return true;
}

std::optional<std::uint64_t> ZipkinReader::firstAnnotation() const
{
    std::optional<std::uint64_t> out;
    for (std::size_t i = 0; i < m_span.annotationCount; ++i) {
        const auto time = m_span.annotations[i].time;
        if (time && *time > 0 && (!out || *time < *out))
            out = time;
    }
    return out;
}

void ZipkinReader::row(SliceKind kind, std::string_view service, std::optional<std::uint64_t> begin,
                       std::optional<std::uint64_t> end, bool shared)
{
    const auto &s = m_span;
    if (service.empty())
        service = s.local.service;
    if (service.empty())
        service = s.firstService;
    for (std::size_t i = 0; i < s.annotationCount && service.empty(); ++i)
        service = s.annotations[i].endpoint.service;
    const bool otherHalf = kind == SliceKind::SpanServer &&
                           (shared || m_spans.knows(s.trace, s.span, SliceKind::SpanClient));
    const auto flags = (m_failed ? kSliceError : 0) | (otherHalf ? kSliceRemote : 0);
    m_spans.span({.service = m_spans.service(service),
                  .name = s.name,
                  .trace = s.trace,
                  .span = s.span,
                  .parent = s.parent,
                  .kind = kind,
                  .flags = static_cast<std::uint8_t>(flags),
                  .begin = begin,
                  .end = end,
                  .args = m_args,
                  .offset = m_offset});
}

void ZipkinReader::write()
{
    auto &s = m_span;
    if (s.badId)
        m_sink.note(Severity::Notice, "span_bad_id", m_offset,
                    "an id is not hexadecimal: of the trace " + s.trace);
    // The tag is there when there was an error, whatever it says.
    const auto error = s.tags.find("error");
    m_failed = !error.empty() && error != "false" && error != "\"false\"";
    const auto endpoint = [&](const char *name, const ZipkinSpan::Endpoint &end, bool service) {
        const std::string prefix(name);
        if (service && !end.service.empty())
            s.tags.addText(prefix + ".service", end.service);
        if (!end.address.empty())
            s.tags.addText(prefix + ".address", end.address);
        if (!end.port.empty() && end.port != "0")
            s.tags.addText(prefix + ".port", end.port);
    };
    endpoint("local", s.local, false);
    endpoint("remote", s.remote, true);
    m_args = m_spans.argsOf(s.tags, m_offset);

    const auto said = nanosOf(s.begin);
    const auto saidEnd =
        said && s.duration
            ? std::optional(endAfter(*said, signedNanosOfMicros(static_cast<std::int64_t>(
                                                std::min<std::uint64_t>(*s.duration, INT64_MAX)))))
            : std::nullopt;
    const auto client = s.client(), server = s.server();
    const auto before = m_spans.spansWritten();
    if (s.kind.empty() && (client.there() || server.there())) {
        // The times of the record are those of the side that began it.
        if (client.there())
            row(SliceKind::SpanClient, client.service, said ? said : nanosOf(client.begin),
                said ? saidEnd ? saidEnd : nanosOf(client.end) : nanosOf(client.end), false);
        if (server.there() && client.there())
            row(SliceKind::SpanServer, server.service, nanosOf(server.begin), nanosOf(server.end),
                true);
        else if (server.there())
            row(SliceKind::SpanServer, server.service, said ? said : nanosOf(server.begin),
                saidEnd ? saidEnd : nanosOf(server.end), !said && s.parent != 0);
    } else if (s.kind.empty() && s.timeOf("ms")) {
        row(SliceKind::SpanProducer, {}, said ? said : nanosOf(s.timeOf("ms")), saidEnd, false);
    } else if (s.kind.empty() && s.timeOf("mr")) {
        row(SliceKind::SpanConsumer, {}, said ? said : nanosOf(s.timeOf("mr")), saidEnd, false);
    } else {
        row(kindOf(s.kind), {}, said ? said : nanosOf(firstAnnotation()), saidEnd, s.shared);
    }
    if (m_spans.spansWritten() == before)
        return;
    Attributes none;
    for (std::size_t i = 0; i < s.annotationCount; ++i) {
        if (!ZipkinSpan::isCore(s.annotations[i].text))
            m_spans.event(s.annotations[i].text, nanosOf(s.annotations[i].time), none);
    }
}

Result<> ZipkinReader::run()
{
    FW_TRY(m_pieces.each([this](const JsonElements::Piece &p) { return piece(p); }));
    m_spans.finish();
    return m_pieces.finish("Zipkin");
}

class Zipkin final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }

    Match probe(const Probe &probe) const override
    {
        const auto head = textHead(probe);
        const auto first = head.find_first_not_of(" \t\r\n");
        if (first == head.npos || (head[first] != '{' && head[first] != '['))
            return Match::No;
        const auto has = [&](std::string_view key) { return head.find(key) != head.npos; };
        if (!has("\"traceId\"") || !has("\"id\"") || has("\"spanId\"") || has("\"spanID\""))
            return Match::No;
        return has("\"localEndpoint\"") || has("\"annotations\"") || has("\"binaryAnnotations\"") ||
                       has("\"parentId\"") || (has("\"timestamp\"") && has("\"duration\""))
                   ? Match::Strong
                   : Match::No;
    }

    Result<> run(ImportRun run) const override { return ZipkinReader(run).run(); }
};

} // namespace

std::unique_ptr<Importer> makeZipkin()
{
    return std::make_unique<Zipkin>();
}

} // namespace flamewright
