#include "importers/otlp/otlp_enums.h"
#include "importers/otlp/otlp_json.h"
#include "importers/text/json_lines.h"

namespace flamewright {
namespace {

bool kindOf(JsonKey key, OtlpMetricKind &kind)
{
    if (key == "gauge")
        kind = OtlpMetricKind::Gauge;
    else if (key == "sum")
        kind = OtlpMetricKind::Sum;
    else if (key == "histogram")
        kind = OtlpMetricKind::Histogram;
    else if (key == "exponentialHistogram")
        kind = OtlpMetricKind::ExponentialHistogram;
    else if (key == "summary")
        kind = OtlpMetricKind::Summary;
    else
        return false;
    return true;
}

bool readCounts(JsonValue list, OtlpPoint &point, std::vector<std::uint64_t> &counts)
{
    return eachElement(list, [&](JsonValue element) {
        point.addCount(counts, jsonUnsigned(element).value_or(0));
        return true;
    });
}

} // namespace

bool OtlpJsonReader::metric(JsonObject object)
{
    m_metric = {};
    std::string_view data;
    const bool whole = eachField(object, [&](JsonKey key, JsonValue value) {
        if (key == "name") {
            m_metric.name = jsonText(value);
        } else if (key == "unit") {
            m_metric.unit = jsonText(value);
        } else if (data.empty() && kindOf(key, m_metric.kind)) {
            JsonObject inner;
            if (value.get_object().get(inner) == simdjson::SUCCESS)
                return inner.raw_json().get(data) == simdjson::SUCCESS;
        }
        return true;
    });
    if (data.empty())
        return whole;
    // Twice: what kind of sum it is may be said after its points.
    for (const bool points : {false, true}) {
        simdjson::ondemand::document document;
        JsonObject inner;
        bool ok = false;
        reread(m_metricParser, data, document, ok);
        if (!ok || document.get_object().get(inner) != simdjson::SUCCESS ||
            !metricData(inner, points))
            return false;
    }
    return whole;
}

bool OtlpJsonReader::metricData(JsonObject object, bool points)
{
    return eachField(object, [&](JsonKey key, JsonValue value) {
        if (points && key == "dataPoints")
            return eachObject(value, [this](JsonObject element) { return point(element); });
        if (key == "aggregationTemporality")
            m_metric.temporality = otlpTemporality(jsonText(value));
        else if (key == "isMonotonic")
            m_metric.monotonic = jsonToken(value) == "true";
        return true;
    });
}

bool OtlpJsonReader::buckets(JsonValue value, std::int64_t &offset,
                             std::vector<std::uint64_t> &counts)
{
    return eachField(value, [&](JsonKey key, JsonValue member) {
        if (key == "offset")
            offset = jsonInteger(member).value_or(0);
        else if (key == "bucketCounts")
            return readCounts(member, m_point, counts);
        return true;
    });
}

bool OtlpJsonReader::point(JsonObject object)
{
    auto &p = m_point;
    p.clear();
    const bool whole = eachField(object, [&](JsonKey key, JsonValue value) {
        if (key == "attributes") {
            return attributes(value, p.attributes);
        } else if (key == "startTimeUnixNano") {
            p.start = jsonUnsigned(value).value_or(0);
        } else if (key == "timeUnixNano") {
            p.time = jsonUnsigned(value).value_or(0);
        } else if (key == "asDouble") {
            p.value = jsonReal(value);
        } else if (key == "asInt") {
            if (const auto integer = jsonInteger(value))
                p.setInteger(*integer);
        } else if (key == "flags") {
            p.flags = jsonUnsigned(value).value_or(0);
        } else if (key == "count") {
            p.count = jsonUnsigned(value).value_or(0);
        } else if (key == "sum") {
            p.sum = jsonReal(value);
        } else if (key == "min") {
            p.min = jsonReal(value);
        } else if (key == "max") {
            p.max = jsonReal(value);
        } else if (key == "bucketCounts") {
            return readCounts(value, p, p.counts);
        } else if (key == "explicitBounds") {
            return eachElement(value, [&](JsonValue element) {
                p.addBound(jsonReal(element).value_or(0));
                return true;
            });
        } else if (key == "scale") {
            p.setScale(jsonInteger(value).value_or(0));
        } else if (key == "zeroCount") {
            p.zeroCount = jsonUnsigned(value).value_or(0);
        } else if (key == "zeroThreshold") {
            p.zeroThreshold = jsonReal(value).value_or(0);
        } else if (key == "positive") {
            return buckets(value, p.positiveOffset, p.positive);
        } else if (key == "negative") {
            return buckets(value, p.negativeOffset, p.negative);
        } else if (key == "quantileValues") {
            return eachObject(value, [&](JsonObject quantile) {
                std::pair<double, double> entry{0, 0};
                const bool read = eachField(quantile, [&](JsonKey member, JsonValue v) {
                    if (member == "quantile")
                        entry.first = jsonReal(v).value_or(0);
                    else if (member == "value")
                        entry.second = jsonReal(v).value_or(0);
                    return true;
                });
                p.addQuantile(entry);
                return read;
            });
        } else if (key == "exemplars") {
            return eachObject(value, [&](JsonObject) {
                ++p.exemplars;
                return true;
            });
        }
        return true;
    });
    if (whole)
        m_metrics.point(m_metric, p, m_offset);
    return whole;
}

} // namespace flamewright
