#include "importers/otlp/otlp_json.h"

#include "importers/otlp/otlp_enums.h"
#include "importers/spans/trace_ids.h"
#include "importers/text/json_lines.h"

#include <vector>

namespace flamewright {
namespace {

constexpr unsigned kRootLevels = 2; // Tempo has one object around it

std::uint64_t unsignedOf(JsonValue value)
{
    return jsonUnsigned(value).value_or(0);
}

void setTraceId(JsonValue value, std::string &id, bool &bad)
{
    bad |= !traceIdFromText(jsonText(value), id);
}

void setSpanId(JsonValue value, std::uint64_t &id, bool &bad)
{
    const auto known = spanIdFromText(jsonText(value));
    bad |= !known;
    id = known.value_or(0);
}

// An array of one of these, or of their names of before 2022.
bool isScopeArray(OtlpSignal signal, JsonKey key)
{
    switch (signal) {
    case OtlpSignal::Spans: return key == "scopeSpans" || key == "instrumentationLibrarySpans";
    case OtlpSignal::Metrics:
        return key == "scopeMetrics" || key == "instrumentationLibraryMetrics";
    case OtlpSignal::Logs: return key == "scopeLogs" || key == "instrumentationLibraryLogs";
    }
    return false;
}

bool isRowArray(OtlpSignal signal, JsonKey key)
{
    switch (signal) {
    case OtlpSignal::Spans: return key == "spans";
    case OtlpSignal::Metrics: return key == "metrics";
    case OtlpSignal::Logs: return key == "logRecords" || key == "logs";
    }
    return false;
}

} // namespace

bool OtlpJsonReader::signalOf(std::string_view key, OtlpSignal &signal)
{
    if (key == "resourceSpans" || key == "batches")
        signal = OtlpSignal::Spans;
    else if (key == "resourceMetrics")
        signal = OtlpSignal::Metrics;
    else if (key == "resourceLogs")
        signal = OtlpSignal::Logs;
    else
        return false;
    return true;
}

bool OtlpJsonReader::document(std::string_view text, std::uint64_t offset)
{
    m_text = text;
    m_offset = offset;
    simdjson::ondemand::document document;
    JsonObject object;
    if (m_parser.iterate(text.data(), text.size(), text.size() + JsonLines::kPadding)
                .get(document) != simdjson::SUCCESS ||
        document.get_object().get(object) != simdjson::SUCCESS || !root(object, kRootLevels))
        return false;
    const char *rest = nullptr; // nothing may follow
    return document.current_location().get(rest) == simdjson::OUT_OF_BOUNDS;
}

bool OtlpJsonReader::element(OtlpSignal signal, std::string_view text, std::uint64_t offset)
{
    m_text = text;
    m_offset = offset;
    simdjson::ondemand::document document;
    JsonObject object;
    return m_parser.iterate(text.data(), text.size(), text.size() + JsonLines::kPadding)
                   .get(document) == simdjson::SUCCESS &&
           document.get_object().get(object) == simdjson::SUCCESS && resourceRows(signal, object);
}

bool OtlpJsonReader::root(JsonObject object, unsigned levels)
{
    return eachField(object, [&](JsonKey key, JsonValue value) {
        const auto rowsOf = [&](OtlpSignal signal) {
            return eachObject(value,
                              [&](JsonObject element) { return resourceRows(signal, element); });
        };
        if (key == "resourceSpans" || key == "batches")
            return rowsOf(OtlpSignal::Spans);
        if (key == "resourceMetrics")
            return rowsOf(OtlpSignal::Metrics);
        if (key == "resourceLogs")
            return rowsOf(OtlpSignal::Logs);
        if (key == "resourceProfiles")
            ++m_profiles;
        JsonObject inner;
        if (key == "trace" && levels > 1 && value.get_object().get(inner) == simdjson::SUCCESS)
            return root(inner, levels - 1);
        return true;
    });
}

// An array that was passed over, once more. It lies within m_text, so its padding is there.
void OtlpJsonReader::reread(simdjson::ondemand::parser &parser, std::string_view raw,
                            simdjson::ondemand::document &document, bool &ok)
{
    const auto *end = m_text.data() + m_text.size() + JsonLines::kPadding;
    ok = parser.iterate(raw.data(), raw.size(), static_cast<std::size_t>(end - raw.data()))
             .get(document) == simdjson::SUCCESS;
}

bool OtlpJsonReader::resourceRows(OtlpSignal signal, JsonObject object)
{
    bool known = false;
    std::vector<std::string_view> passed;
    m_resource.clear();
    const auto scopes = [&](JsonValue array) {
        return eachObject(array, [&](JsonObject element) { return scopeRows(signal, element); });
    };
    const bool whole = eachField(object, [&](JsonKey key, JsonValue value) {
        if (key == "resource") {
            const bool read = eachField(value, [&](JsonKey member, JsonValue list) {
                return !(member == "attributes") || attributes(list, m_resource);
            });
            m_writer.resource(m_resource);
            known = true;
            return read;
        }
        if (!isScopeArray(signal, key))
            return true;
        if (known)
            return scopes(value);
        simdjson::ondemand::array array;
        std::string_view raw;
        if (value.get_array().get(array) != simdjson::SUCCESS)
            return true;
        if (array.raw_json().get(raw) != simdjson::SUCCESS)
            return false;
        passed.push_back(raw);
        return true;
    });
    if (!known)
        m_writer.resource(m_resource);
    bool read = whole;
    for (const auto raw : passed) {
        simdjson::ondemand::document document;
        JsonValue array;
        bool ok = false;
        reread(m_resourceParser, raw, document, ok);
        read &= ok && document.get_value().get(array) == simdjson::SUCCESS && scopes(array);
    }
    return read;
}

bool OtlpJsonReader::scope(JsonValue value)
{
    return eachField(value, [&](JsonKey key, JsonValue member) {
        if (key == "name")
            m_scope.name = jsonText(member);
        else if (key == "version")
            m_scope.version = jsonText(member);
        else if (key == "attributes")
            return attributes(member, m_scope.attributes);
        return true;
    });
}

bool OtlpJsonReader::scopeRows(OtlpSignal signal, JsonObject object)
{
    bool known = false;
    std::vector<std::string_view> passed;
    m_scope.clear();
    m_writer.scope(m_scope);
    const bool whole = eachField(object, [&](JsonKey key, JsonValue value) {
        if (key == "scope" || key == "instrumentationLibrary") {
            known = true;
            const bool read = scope(value);
            m_writer.scope(m_scope);
            return read;
        }
        if (!isRowArray(signal, key))
            return true;
        if (known)
            return rows(signal, value);
        simdjson::ondemand::array array;
        std::string_view raw;
        if (value.get_array().get(array) != simdjson::SUCCESS)
            return true;
        if (array.raw_json().get(raw) != simdjson::SUCCESS)
            return false;
        passed.push_back(raw);
        return true;
    });
    bool read = whole;
    for (const auto raw : passed) {
        simdjson::ondemand::document document;
        JsonValue array;
        bool ok = false;
        reread(m_scopeParser, raw, document, ok);
        read &= ok && document.get_value().get(array) == simdjson::SUCCESS && rows(signal, array);
    }
    return read;
}

bool OtlpJsonReader::rows(OtlpSignal signal, JsonValue array)
{
    return eachObject(array, [&](JsonObject object) {
        switch (signal) {
        case OtlpSignal::Spans: return span(object);
        case OtlpSignal::Metrics: return metric(object);
        case OtlpSignal::Logs: return log(object);
        }
        return true;
    });
}

bool OtlpJsonReader::span(JsonObject object)
{
    auto &s = m_span;
    s.clear();
    const bool whole = eachField(object, [&](JsonKey key, JsonValue value) {
        if (key == "traceId") {
            setTraceId(value, s.trace, s.badId);
        } else if (key == "spanId") {
            setSpanId(value, s.span, s.badId);
        } else if (key == "parentSpanId") {
            setSpanId(value, s.parent, s.badId);
        } else if (key == "name") {
            s.name = jsonText(value);
        } else if (key == "kind") {
            s.kind = otlpSpanKind(jsonText(value));
        } else if (key == "startTimeUnixNano") {
            s.begin = unsignedOf(value);
        } else if (key == "endTimeUnixNano") {
            s.end = unsignedOf(value);
        } else if (key == "attributes") {
            return attributes(value, s.attributes);
        } else if (key == "events") {
            return eachObject(value, [&](JsonObject e) { return event(e); });
        } else if (key == "links") {
            return eachObject(value, [&](JsonObject l) { return link(l); });
        } else if (key == "status") {
            return eachField(value, [&](JsonKey member, JsonValue v) {
                if (member == "code")
                    s.status = otlpStatusCode(jsonText(v));
                else if (member == "message")
                    s.statusMessage = jsonText(v);
                return true;
            });
        } else if (key == "traceState") {
            s.traceState = jsonText(value);
        } else if (key == "droppedAttributesCount") {
            s.droppedAttributes = unsignedOf(value);
        } else if (key == "droppedEventsCount") {
            s.droppedEvents = unsignedOf(value);
        } else if (key == "droppedLinksCount") {
            s.droppedLinks = unsignedOf(value);
        }
        return true;
    });
    if (whole)
        m_writer.span(s, m_offset);
    return whole;
}

bool OtlpJsonReader::event(JsonObject object)
{
    auto &e = m_span.nextEvent();
    return eachField(object, [&](JsonKey key, JsonValue value) {
        if (key == "name")
            e.name = jsonText(value);
        else if (key == "timeUnixNano")
            e.time = unsignedOf(value);
        else if (key == "attributes")
            return attributes(value, e.attributes);
        else if (key == "droppedAttributesCount")
            m_span.droppedAttributes = otlpSum(m_span.droppedAttributes, unsignedOf(value));
        return true;
    });
}

bool OtlpJsonReader::link(JsonObject object)
{
    auto &l = m_span.nextLink();
    return eachField(object, [&](JsonKey key, JsonValue value) {
        if (key == "traceId")
            setTraceId(value, l.trace, m_span.badId);
        else if (key == "spanId")
            setSpanId(value, l.span, m_span.badId);
        else if (key == "attributes")
            return eachObject(value, [&](JsonObject) { return l.hasAttributes = true; });
        else if (key == "droppedAttributesCount")
            m_span.droppedAttributes = otlpSum(m_span.droppedAttributes, unsignedOf(value));
        return true;
    });
}

bool OtlpJsonReader::log(JsonObject object)
{
    auto &l = m_log;
    l.clear();
    const bool whole = eachField(object, [&](JsonKey key, JsonValue value) {
        if (key == "traceId") {
            setTraceId(value, l.trace, l.badId);
        } else if (key == "spanId") {
            setSpanId(value, l.span, l.badId);
        } else if (key == "timeUnixNano") {
            l.time = unsignedOf(value);
        } else if (key == "observedTimeUnixNano") {
            l.observedTime = unsignedOf(value);
        } else if (key == "severityNumber") {
            l.severity = otlpSeverity(jsonText(value));
        } else if (key == "severityText") {
            l.severityText = jsonText(value);
        } else if (key == "eventName") {
            l.eventName = jsonText(value);
        } else if (key == "body") {
            return eachField(value, [&](JsonKey member, JsonValue v) {
                if (!(member == "stringValue"))
                    return anyMember(member, v, l.body, Attributes::kMaxNesting);
                l.bodyText = jsonText(v);
                return true;
            });
        } else if (key == "attributes") {
            return attributes(value, l.attributes);
        } else if (key == "droppedAttributesCount") {
            l.droppedAttributes = unsignedOf(value);
        }
        return true;
    });
    if (whole)
        m_writer.log(l, m_offset);
    return whole;
}

bool OtlpJsonReader::attributes(JsonValue array, Attributes &out)
{
    return eachObject(
        array, [&](JsonObject object) { return keyValue(object, out, Attributes::kMaxNesting); });
}

bool OtlpJsonReader::keyValue(JsonObject object, Attributes &out, unsigned levels)
{
    out.begin();
    const bool whole = eachField(object, [&](JsonKey key, JsonValue value) {
        if (key == "key")
            out.setKey(jsonText(value));
        else if (key == "value")
            return anyValue(value, out.value(), levels);
        return true;
    });
    out.commit();
    return whole;
}

bool OtlpJsonReader::anyValue(JsonValue value, std::string &out, unsigned levels)
{
    const auto start = out.size();
    const bool whole = eachField(value, [&](JsonKey key, JsonValue member) {
        return out.size() > start || anyMember(key, member, out, levels); // one of them is set
    });
    if (out.size() == start)
        out += "null";
    return whole;
}

// As deep as `levels` and no deeper.
bool OtlpJsonReader::anyMember(JsonKey key, JsonValue value, std::string &out, unsigned levels)
{
    if (key == "stringValue" || key == "bytesValue" || key == "boolValue") {
        appendJsonScalar(out, value);
    } else if (key == "intValue") {
        if (const auto number = jsonInteger(value))
            appendJsonInteger(out, *number);
        else
            appendJsonScalar(out, value);
    } else if (key == "doubleValue") {
        if (const auto number = jsonReal(value))
            appendJsonReal(out, *number);
        else
            appendJsonScalar(out, value);
    } else if (key == "arrayValue" || key == "kvlistValue") {
        if (levels == 0) {
            m_writer.tooDeep(m_offset);
            out += "null";
            return true;
        }
        if (key == "arrayValue") {
            out += '[';
            const auto first = out.size();
            const bool read = eachField(value, [&](JsonKey member, JsonValue list) {
                return !(member == "values") || eachElement(list, [&](JsonValue element) {
                    out += out.size() > first ? "," : "";
                    return anyValue(element, out, levels - 1);
                });
            });
            out += ']';
            return read;
        }
        Attributes inner;
        const bool read = eachField(value, [&](JsonKey member, JsonValue list) {
            return !(member == "values") || eachObject(list, [&](JsonObject entry) {
                return keyValue(entry, inner, levels - 1);
            });
        });
        out += inner.empty() ? "{}" : inner.json();
        return read;
    }
    return true;
}

} // namespace flamewright
