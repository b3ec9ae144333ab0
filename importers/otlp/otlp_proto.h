#pragma once

#include "importers/otlp/otlp_json.h"
#include "importers/otlp/otlp_metrics.h"
#include "importers/otlp/otlp_writer.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace flamewright {

// OTLP as protobuf: https://github.com/open-telemetry/opentelemetry-proto. The messages of the three
// signals have the same shape down to the rows, and nothing says which one it is: the rows do.
class OtlpProtoReader {
public:
    OtlpProtoReader(OtlpWriter &writer, OtlpMetrics &metrics) : m_writer(writer), m_metrics(metrics)
    {}

    // TracesData, MetricsData, LogsData or one of the export requests. False when it is damaged; what
    // was read before stays.
    bool message(std::string_view bytes, std::uint64_t offset);
    // ResourceSpans, ResourceMetrics or ResourceLogs.
    bool resourceRows(std::string_view bytes, std::uint64_t offset);
    // Messages whose rows are of no signal that is read.
    std::uint64_t unknownSignals() const { return m_unknown; }

    // nullopt: none of them. From the first fields of a row, of which the end may be missing.
    static std::optional<OtlpSignal> signalOfRow(std::string_view row);

private:
    bool scopeRows(std::string_view bytes);
    bool row(OtlpSignal signal, std::string_view bytes);
    bool span(std::string_view bytes);
    bool event(std::string_view bytes);
    bool link(std::string_view bytes);
    bool log(std::string_view bytes);
    bool attribute(std::string_view bytes, Attributes &out, unsigned levels);
    bool anyValue(std::string_view bytes, std::string &out, unsigned levels);
    // otlp_proto_metrics.cpp
    bool metric(std::string_view bytes);
    bool point(std::string_view bytes);
    bool numberPoint(std::string_view bytes);
    bool histogramPoint(std::string_view bytes);
    bool exponentialPoint(std::string_view bytes);
    bool summaryPoint(std::string_view bytes);
    void setTraceId(std::string_view bytes, std::string &id, bool &bad);
    void setSpanId(std::string_view bytes, std::uint64_t &id, bool &bad);

    OtlpWriter &m_writer;
    OtlpMetrics &m_metrics;
    std::uint64_t m_offset = 0;
    std::uint64_t m_unknown = 0;
    Attributes m_resource;
    OtlpScope m_scope;
    OtlpSpan m_span;
    OtlpLog m_log;
    OtlpMetric m_metric;
    OtlpPoint m_point;
};

} // namespace flamewright
