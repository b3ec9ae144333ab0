#include "importers/spans/jaeger_span.h"

#include "importers/json_text.h"
#include "importers/load/unit_text.h"
#include "importers/spans/trace_ids.h"
#include "importers/spans/trace_pieces.h"
#include "importers/text/date_text.h"
#include "importers/text/number_text.h"

namespace flamewright {
namespace {

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

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

// Microseconds, or a date.
std::optional<std::uint64_t> timeOf(JsonValue value)
{
    if (const auto micros = jsonUnsigned(value))
        return nanosOfMicros(*micros);
    const auto date = parseDate(jsonText(value));
    if (!date || date->epochNs < 0)
        return std::nullopt;
    return static_cast<std::uint64_t>(date->epochNs);
}

// Microseconds, "5000ns", or "0.005s" as protobuf's JSON has it.
std::optional<std::int64_t> durationOf(JsonValue value)
{
    if (const auto micros = jsonInteger(value))
        return signedNanosOfMicros(*micros);
    auto text = jsonText(value);
    if (text.ends_with("ns"))
        return parseInteger(text.substr(0, text.size() - 2));
    if (text.ends_with('s'))
        return parseScaled(text.substr(0, text.size() - 1), kNanosPerSecond);
    return std::nullopt;
}

// Storage writes numbers as texts.
void appendTyped(std::string &out, std::string_view type, std::string_view text)
{
    const auto integer = type == "int64" ? parseInteger(text) : std::nullopt;
    const auto real = type == "float64" ? parseDouble(text) : std::nullopt;
    if (integer)
        appendJsonInteger(out, *integer);
    else if (real)
        appendJsonReal(out, *real);
    else if (type == "bool" && (text == "true" || text == "false"))
        out += text;
    else
        appendJsonString(out, text);
}

} // namespace

bool readJaegerTags(JsonValue list, Attributes &out)
{
    return eachObject(list, [&](JsonObject object) {
        std::string_view type;
        std::string scalar;    // as JSON
        std::string_view text; // of a value that is written as one
        out.begin();
        const bool whole = eachField(object, [&](JsonKey key, JsonValue value) {
            if (key == "key") {
                out.setKey(jsonText(value));
            } else if (key == "type") {
                type = jsonText(value);
            } else if (key == "vInt64") {
                if (const auto integer = jsonInteger(value))
                    scalar = std::to_string(*integer);
            } else if (key == "value" || key == "vStr" || key == "vBool" || key == "vFloat64" ||
                       key == "vBinary") {
                scalar.clear();
                if (jsonToken(value).starts_with('"'))
                    text = jsonText(value);
                else
                    appendJsonScalar(scalar, value);
            }
            return true;
        });
        if (!scalar.empty())
            out.value() += scalar;
        else
            appendTyped(out.value(), type, text);
        out.commit();
        return whole;
    });
}

bool JaegerProcess::read(JsonObject object)
{
    service.clear();
    tags.clear();
    return eachField(object, [&](JsonKey key, JsonValue value) {
        if (key == "serviceName")
            service = jsonText(value);
        else if (key == "tags")
            return readJaegerTags(value, tags);
        return true;
    });
}

void JaegerSpan::clear()
{
    trace.clear();
    name.clear();
    processId.clear();
    span = warnings = 0;
    parent = std::nullopt;
    badId = hasProcess = false;
    begin = std::nullopt;
    duration = std::nullopt;
    references.clear();
    logCount = 0;
    tags.clear();
    firstWarning.clear();
}

bool JaegerSpan::read(JsonObject object)
{
    clear();
    return eachField(object, [this](JsonKey key, JsonValue value) { return field(key, value); });
}

bool JaegerSpan::field(JsonKey key, JsonValue value)
{
    if (key == "traceID" || key == "traceId") {
        setTraceId(value, trace, badId);
    } else if (key == "spanID" || key == "spanId") {
        setSpanId(value, span, badId);
    } else if (key == "parentSpanID" || key == "parentSpanId") {
        std::uint64_t id = 0;
        setSpanId(value, id, badId);
        parent = id;
    } else if (key == "operationName") {
        name = jsonText(value);
    } else if (key == "startTime") {
        begin = timeOf(value);
    } else if (key == "startTimeMillis") {
        const auto millis = jsonUnsigned(value);
        if (!begin && millis)
            begin = nanosOfMicros(nanosOfMicros(*millis));
    } else if (key == "duration") {
        duration = durationOf(value);
    } else if (key == "references") {
        return readReferences(value);
    } else if (key == "tags") {
        return readJaegerTags(value, tags);
    } else if (key == "tag") { // as storage indexes them, "@" for "."
        return eachMember(value, [&](std::string_view tag, JsonValue member) {
            std::string dotted(tag);
            for (auto &c : dotted)
                c = c == '@' ? '.' : c;
            std::string json;
            appendJsonScalar(json, member);
            tags.addJson(dotted, json);
            return true;
        });
    } else if (key == "logs") {
        return readLogs(value);
    } else if (key == "processID" || key == "processId") {
        processId = jsonText(value);
    } else if (key == "process") {
        JsonObject inner;
        if (value.get_object().get(inner) == simdjson::SUCCESS) {
            hasProcess = true;
            return process.read(inner);
        }
    } else if (key == "warnings") {
        return eachElement(value, [&](JsonValue element) {
            if (warnings++ == 0)
                firstWarning = jsonText(element);
            return true;
        });
    }
    return true;
}

bool JaegerSpan::readReferences(JsonValue value)
{
    return eachObject(value, [&](JsonObject object) {
        Reference reference;
        const bool whole = eachField(object, [&](JsonKey key, JsonValue member) {
            if (key == "refType")
                reference.follows = jsonText(member) == "FOLLOWS_FROM";
            else if (key == "traceID" || key == "traceId")
                setTraceId(member, reference.trace, badId);
            else if (key == "spanID" || key == "spanId")
                setSpanId(member, reference.span, badId);
            return true;
        });
        references.push_back(std::move(reference));
        return whole;
    });
}

bool JaegerSpan::readLogs(JsonValue value)
{
    return eachObject(value, [&](JsonObject object) {
        if (logCount == logs.size())
            logs.emplace_back();
        auto &log = logs[logCount++];
        log.time = std::nullopt;
        log.fields.clear();
        const bool whole = eachField(object, [&](JsonKey key, JsonValue member) {
            if (key == "timestamp")
                log.time = timeOf(member);
            else if (key == "fields")
                return readJaegerTags(member, log.fields);
            return true;
        });
        log.name = log.fields.findText("event");
        if (log.name.empty())
            log.name = log.fields.findText("message");
        if (log.name.empty())
            log.name = "log";
        return whole;
    });
}

} // namespace flamewright
