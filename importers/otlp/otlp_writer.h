#pragma once

#include "importers/spans/resource_facts.h"
#include "importers/spans/span_writer.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flamewright {

// What a file of OTLP holds: https://github.com/open-telemetry/opentelemetry-proto. Filled by the
// readers of JSON and of protobuf, which are two spellings of the same messages, and reused from row
// to row; ids are as in trace_ids.h, times nanoseconds since the epoch, 0 for none.
struct OtlpEvent {
    std::string name;
    std::uint64_t time = 0;
    Attributes attributes;
};
struct OtlpLink {
    std::string trace;
    std::uint64_t span = 0;
    bool hasAttributes = false;
};
struct OtlpSpan {
    std::string trace;
    std::uint64_t span = 0;
    std::uint64_t parent = 0;
    bool badId = false;
    std::string name, traceState, statusMessage;
    std::uint64_t kind = 0;
    std::uint64_t status = 0; // 2: failed
    std::uint64_t begin = 0, end = 0;
    Attributes attributes;
    std::vector<OtlpEvent> events; // of which so many are of this span
    std::size_t eventCount = 0;
    std::vector<OtlpLink> links;
    std::size_t linkCount = 0;
    std::uint64_t droppedAttributes = 0, droppedEvents = 0, droppedLinks = 0;

    void clear();
    OtlpEvent &nextEvent();
    OtlpLink &nextLink();
};
struct OtlpLog {
    std::string trace;
    std::uint64_t span = 0;
    bool badId = false;
    std::uint64_t time = 0, observedTime = 0;
    std::uint64_t severity = 0;
    std::string severityText, eventName;
    std::string body; // JSON of one that is no text; empty: none
    std::string bodyText;
    Attributes attributes;
    std::uint64_t droppedAttributes = 0;

    void clear();
};
struct OtlpScope {
    std::string name, version;
    Attributes attributes;

    void clear();
};

// Spans and logs into the sink. Metrics: see OtlpMetrics.
class OtlpWriter {
public:
    explicit OtlpWriter(RecordSink &sink) : m_sink(sink), m_spans(sink), m_facts(sink) {}

    void resource(Attributes &attributes);
    void scope(OtlpScope &scope);
    void span(OtlpSpan &span, std::uint64_t offset);
    void log(OtlpLog &log, std::uint64_t offset);
    void finish();

    SpanWriter &spans() { return m_spans; }
    TrackId service() const { return m_service; }
    std::string_view serviceName() const { return m_serviceName; }
    // A nested value that was left out, see Attributes::kMaxNesting.
    void tooDeep(std::uint64_t offset);

private:
    void dropped(const char *code, std::uint64_t count, std::uint64_t offset);

    RecordSink &m_sink;
    SpanWriter m_spans;
    ResourceFacts m_facts;
    TrackId m_service;
    std::string m_serviceName;
    std::string m_scopeName;       // "name version" as JSON
    std::string m_scopeAttributes; // JSON
    std::string m_name;
};

} // namespace flamewright
