#pragma once

#include "importers/otlp/otlp_metrics.h"
#include "importers/otlp/otlp_writer.h"
#include "importers/text/json_fields.h"

#include <cstdint>
#include <simdjson.h>
#include <string_view>
#include <vector>

namespace flamewright {

enum class OtlpSignal : std::uint8_t { Spans, Metrics, Logs };

// OTLP as JSON, by the protobuf rules for JSON and by those of OTLP, which differ in ids and enums:
// https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
class OtlpJsonReader {
public:
    OtlpJsonReader(OtlpWriter &writer, OtlpMetrics &metrics) : m_writer(writer), m_metrics(metrics)
    {}

    // The signal whose messages an array of this name holds: "resourceSpans", "batches" (Tempo) ...
    static bool signalOf(std::string_view key, OtlpSignal &signal);

    // A whole document. `text` is followed by simdjson's padding. False when it is damaged; what was
    // read before stays.
    bool document(std::string_view text, std::uint64_t offset);
    // One element of such an array: of one resource.
    bool element(OtlpSignal signal, std::string_view text, std::uint64_t offset);
    // Messages of a signal that is not read.
    std::uint64_t profiles() const { return m_profiles; }

private:
    bool root(JsonObject object, unsigned levels);
    bool resourceRows(OtlpSignal signal, JsonObject object);
    bool scopeRows(OtlpSignal signal, JsonObject object);
    bool rows(OtlpSignal signal, JsonValue array);
    bool scope(JsonValue value);
    bool span(JsonObject object);
    bool event(JsonObject object);
    bool link(JsonObject object);
    bool log(JsonObject object);
    bool metric(JsonObject object);
    bool attributes(JsonValue array, Attributes &out);
    bool keyValue(JsonObject object, Attributes &out, unsigned levels);
    bool anyValue(JsonValue value, std::string &out, unsigned levels);
    bool anyMember(JsonKey key, JsonValue value, std::string &out, unsigned levels);
    // otlp_json_metrics.cpp
    bool metricData(JsonObject object, bool points);
    bool point(JsonObject object);
    bool buckets(JsonValue value, std::int64_t &offset, std::vector<std::uint64_t> &counts);
    void reread(simdjson::ondemand::parser &parser, std::string_view raw,
                simdjson::ondemand::document &document, bool &ok);

    OtlpWriter &m_writer;
    OtlpMetrics &m_metrics;
    std::uint64_t m_offset = 0;
    std::uint64_t m_profiles = 0;
    simdjson::ondemand::parser m_parser;
    // For arrays that come before what their rows need to know.
    simdjson::ondemand::parser m_resourceParser, m_scopeParser, m_metricParser;
    std::string_view m_text; // being read, without its padding
    Attributes m_resource;
    OtlpScope m_scope;
    OtlpSpan m_span;
    OtlpLog m_log;
    OtlpMetric m_metric;
    OtlpPoint m_point;
};

} // namespace flamewright
