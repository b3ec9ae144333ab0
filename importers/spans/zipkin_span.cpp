#include "importers/spans/zipkin_span.h"

#include "importers/spans/trace_ids.h"

namespace flamewright {

bool ZipkinSpan::Endpoint::read(JsonValue value)
{
    service.clear();
    address.clear();
    port.clear();
    return eachField(value, [this](JsonKey key, JsonValue member) {
        if (key == "serviceName")
            service = jsonText(member);
        else if (key == "ipv4" || (key == "ipv6" && address.empty()))
            address = jsonText(member);
        else if (key == "port")
            port = jsonText(member);
        return true;
    });
}

void ZipkinSpan::clear()
{
    trace.clear();
    name.clear();
    kind.clear();
    span = parent = 0;
    badId = shared = false;
    begin = duration = std::nullopt;
    local = remote = {};
    annotationCount = 0;
    tags.clear();
    firstService.clear();
}

bool ZipkinSpan::read(JsonObject object)
{
    clear();
    return eachField(object, [this](JsonKey key, JsonValue value) { return field(key, value); });
}

bool ZipkinSpan::field(JsonKey key, JsonValue value)
{
    const auto id = [&](std::uint64_t &out) {
        const auto known = spanIdFromText(jsonText(value));
        badId |= !known;
        out = known.value_or(0);
    };
    if (key == "traceId") {
        badId |= !traceIdFromText(jsonText(value), trace);
    } else if (key == "id") {
        id(span);
    } else if (key == "parentId") {
        id(parent);
    } else if (key == "name") {
        name = jsonText(value);
    } else if (key == "kind") {
        kind = jsonText(value);
    } else if (key == "timestamp") {
        begin = jsonUnsigned(value);
    } else if (key == "duration") {
        duration = jsonUnsigned(value);
    } else if (key == "localEndpoint") {
        return local.read(value);
    } else if (key == "remoteEndpoint") {
        return remote.read(value);
    } else if (key == "shared") {
        shared = jsonToken(value) == "true";
    } else if (key == "annotations") {
        return readAnnotations(value);
    } else if (key == "binaryAnnotations") {
        return readBinaryAnnotations(value);
    } else if (key == "tags") {
        return eachMember(value, [this](std::string_view tag, JsonValue member) {
            tags.begin();
            tags.setKey(tag);
            bool tooDeep = false;
            const bool whole =
                appendJsonValue(tags.value(), member, Attributes::kMaxNesting, tooDeep);
            tags.commit();
            return whole;
        });
    }
    return true;
}

bool ZipkinSpan::readAnnotations(JsonValue list)
{
    return eachObject(list, [this](JsonObject object) {
        if (annotationCount == annotations.size())
            annotations.emplace_back();
        auto &annotation = annotations[annotationCount++];
        annotation.text.clear();
        annotation.time = std::nullopt;
        annotation.endpoint = {};
        return eachField(object, [&](JsonKey key, JsonValue value) {
            if (key == "value")
                annotation.text = jsonText(value);
            else if (key == "timestamp")
                annotation.time = jsonUnsigned(value);
            else if (key == "endpoint")
                return annotation.endpoint.read(value);
            return true;
        });
    });
}

// Tags of version 1. The addresses of both ends are tags of a kind: "sa" of the server, "ca" of the
// client.
bool ZipkinSpan::readBinaryAnnotations(JsonValue list)
{
    return eachObject(list, [this](JsonObject object) {
        std::string tag;
        std::string json;
        Endpoint endpoint;
        bool tooDeep = false;
        const bool whole = eachField(object, [&](JsonKey key, JsonValue value) {
            if (key == "key")
                tag = jsonText(value);
            else if (key == "value")
                return appendJsonValue(json, value, Attributes::kMaxNesting, tooDeep);
            else if (key == "endpoint")
                return endpoint.read(value);
            return true;
        });
        if ((tag == "sa" || tag == "ca") && !endpoint.empty()) {
            remote = endpoint;
            return whole;
        }
        if (firstService.empty())
            firstService = endpoint.service;
        tags.addJson(tag, json.empty() ? "null" : json);
        return whole;
    });
}

bool ZipkinSpan::isCore(std::string_view annotation)
{
    return annotation == "cs" || annotation == "cr" || annotation == "sr" || annotation == "ss" ||
           annotation == "ms" || annotation == "mr";
}

std::optional<std::uint64_t> ZipkinSpan::timeOf(std::string_view annotation) const
{
    for (std::size_t i = 0; i < annotationCount; ++i) {
        if (annotations[i].text == annotation && annotations[i].time)
            return annotations[i].time;
    }
    return std::nullopt;
}

ZipkinSpan::Side ZipkinSpan::side(std::string_view first, std::string_view last) const
{
    Side out{timeOf(first), timeOf(last), {}};
    for (std::size_t i = 0; i < annotationCount && out.service.empty(); ++i) {
        if (annotations[i].text == first || annotations[i].text == last)
            out.service = annotations[i].endpoint.service;
    }
    return out;
}

ZipkinSpan::Side ZipkinSpan::client() const
{
    return side("cs", "cr");
}

ZipkinSpan::Side ZipkinSpan::server() const
{
    return side("sr", "ss");
}

} // namespace flamewright
