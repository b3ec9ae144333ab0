#include "importers/otlp/otlp_writer.h"

#include "importers/json_text.h"

namespace flamewright {
namespace {

constexpr std::uint64_t kStatusError = 2;
constexpr std::uint64_t kSeverityError = 17;
constexpr std::size_t kMaxLogName = 256; // longer texts of logs are arguments

SliceKind kindOf(std::uint64_t kind)
{
    switch (kind) {
    case 1: return SliceKind::SpanInternal;
    case 2: return SliceKind::SpanServer;
    case 3: return SliceKind::SpanClient;
    case 4: return SliceKind::SpanProducer;
    case 5: return SliceKind::SpanConsumer;
    default: return SliceKind::Span;
    }
}

std::optional<std::uint64_t> timeOf(std::uint64_t time)
{
    return time == 0 ? std::nullopt : std::optional(time);
}

} // namespace

void OtlpSpan::clear()
{
    trace.clear();
    name.clear();
    traceState.clear();
    statusMessage.clear();
    span = parent = kind = status = begin = end = 0;
    badId = false;
    attributes.clear();
    eventCount = linkCount = 0;
    droppedAttributes = droppedEvents = droppedLinks = 0;
}

OtlpEvent &OtlpSpan::nextEvent()
{
    if (eventCount == events.size())
        events.emplace_back();
    auto &event = events[eventCount++];
    event.name.clear();
    event.time = 0;
    event.attributes.clear();
    return event;
}

OtlpLink &OtlpSpan::nextLink()
{
    if (linkCount == links.size())
        links.emplace_back();
    auto &link = links[linkCount++];
    link = {};
    return link;
}

void OtlpLog::clear()
{
    trace.clear();
    severityText.clear();
    eventName.clear();
    body.clear();
    bodyText.clear();
    span = time = observedTime = severity = droppedAttributes = 0;
    badId = false;
    attributes.clear();
}

void OtlpScope::clear()
{
    name.clear();
    version.clear();
    attributes.clear();
}

void OtlpWriter::resource(Attributes &attributes)
{
    m_serviceName = attributes.findText("service.name");
    m_service = m_spans.service(m_serviceName);
    m_facts.add(attributes);
}

void OtlpWriter::scope(OtlpScope &scope)
{
    m_scopeName.clear();
    if (!scope.name.empty())
        appendJsonString(m_scopeName,
                         scope.version.empty() ? scope.name : scope.name + ' ' + scope.version);
    m_scopeAttributes = scope.attributes.json();
}

void OtlpWriter::dropped(const char *code, std::uint64_t count, std::uint64_t offset)
{
    if (count > 0)
        m_sink.note(Severity::Notice, code, offset,
                    "the program that was traced had limits and dropped some itself", count);
}

void OtlpWriter::tooDeep(std::uint64_t offset)
{
    m_sink.note(Severity::DataLoss, "attributes_too_deep", offset,
                "values of attributes that are nested very deeply were left out");
}

void OtlpWriter::span(OtlpSpan &span, std::uint64_t offset)
{
    if (span.badId)
        m_sink.note(Severity::Notice, "span_bad_id", offset,
                    "an id is neither hexadecimal nor base64: of the trace " + span.trace);
    if (span.kind > 5)
        m_sink.note(Severity::Notice, "span_unknown_kind", offset,
                    "a span of a kind that nobody knows: " + std::to_string(span.kind));
    auto &attributes = span.attributes;
    if (!span.statusMessage.empty())
        attributes.addText("status.message", span.statusMessage);
    if (!span.traceState.empty())
        attributes.addText("trace.state", span.traceState);
    if (!m_scopeName.empty())
        attributes.addJson("scope", m_scopeName);
    if (!m_scopeAttributes.empty())
        attributes.addJson("scope.attributes", m_scopeAttributes);
    dropped("otlp_dropped_attributes", span.droppedAttributes, offset);
    dropped("otlp_dropped_events", span.droppedEvents, offset);
    dropped("otlp_dropped_links", span.droppedLinks, offset);
    const bool placed = m_spans.span(
        {.service = m_service,
         .name = span.name,
         .trace = span.trace,
         .span = span.span,
         .parent = span.parent,
         .kind = kindOf(span.kind),
         .flags = span.status == kStatusError ? std::uint8_t(kSliceError) : std::uint8_t(0),
         .begin = timeOf(span.begin),
         .end = timeOf(span.end),
         .args = m_spans.argsOf(attributes, offset),
         .offset = offset});
    if (!placed)
        return;
    for (std::size_t i = 0; i < span.eventCount; ++i) {
        auto &event = span.events[i];
        m_spans.event(event.name, timeOf(event.time), event.attributes);
    }
    for (std::size_t i = 0; i < span.linkCount; ++i) {
        const auto &link = span.links[i];
        m_spans.link(link.trace, link.span);
        if (link.hasAttributes)
            m_sink.note(Severity::Info, "otlp_link_attributes", offset,
                        "attributes of links are not kept");
    }
}

void OtlpWriter::log(OtlpLog &log, std::uint64_t offset)
{
    if (log.badId)
        m_sink.note(Severity::Notice, "span_bad_id", offset,
                    "an id is neither hexadecimal nor base64: of the trace " + log.trace);
    auto &attributes = log.attributes;
    dropped("otlp_dropped_attributes", log.droppedAttributes, offset);
    // Texts of logs are often unique, and names are held in memory until the end.
    const auto &text = log.bodyText;
    const auto line = firstBytes(std::string_view(text).substr(0, text.find('\n')), kMaxLogName);
    const bool roomy = m_sink.dimensionBytes() < m_sink.maxDimensionBytes() / 2;
    if (!line.empty() && roomy)
        m_name = line;
    else if (!log.eventName.empty())
        m_name = log.eventName;
    else
        m_name = log.severityText.empty() ? "log" : log.severityText;
    if (!log.body.empty())
        attributes.addJson("body", log.body);
    else if (!text.empty() && m_name != text)
        attributes.addText("body", text);
    if (!log.eventName.empty() && m_name != log.eventName)
        attributes.addText("event.name", log.eventName);
    if (!log.severityText.empty())
        attributes.addText("severity", log.severityText);
    if (log.severity != 0)
        attributes.addInteger("severity.number", static_cast<std::int64_t>(log.severity));
    if (!m_scopeName.empty())
        attributes.addJson("scope", m_scopeName);
    m_spans.log({.service = m_service,
                 .name = m_name,
                 .trace = log.trace,
                 .span = log.span,
                 .failed = log.severity >= kSeverityError,
                 .time = timeOf(log.time != 0 ? log.time : log.observedTime),
                 .args = m_spans.argsOf(attributes, offset),
                 .offset = offset});
}

void OtlpWriter::finish()
{
    m_facts.finish();
    m_spans.finish();
}

} // namespace flamewright
