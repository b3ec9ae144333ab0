#pragma once

#include "importers/spans/attributes.h"
#include "importers/text/json_fields.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace flamewright {

// A span of Zipkin: https://zipkin.io/zipkin-api/. Version 2 says what kind it is and what it is
// called where; version 1 says so by annotations: "cs" and "cr" when a client sent and received, "sr"
// and "ss" for the server. One record of version 1 may hold both sides.
struct ZipkinSpan {
    struct Endpoint {
        std::string service, address, port;
        bool read(JsonValue value);
        bool empty() const { return service.empty() && address.empty(); }
    };
    struct Annotation {
        std::string text;
        std::optional<std::uint64_t> time; // microseconds, as all times here
        Endpoint endpoint;
    };
    // One side of a call in version 1.
    struct Side {
        std::optional<std::uint64_t> begin, end;
        std::string service;
        bool there() const { return begin || end; }
    };

    std::string trace, name, kind;
    std::uint64_t span = 0, parent = 0;
    bool badId = false, shared = false;
    std::optional<std::uint64_t> begin, duration;
    Endpoint local, remote;
    std::vector<Annotation> annotations; // of which so many are of this span
    std::size_t annotationCount = 0;
    Attributes tags;
    std::string firstService; // of a binary annotation

    void clear();
    bool read(JsonObject object);
    // What the annotations of version 1 say; those are then no events any more.
    Side client() const;
    Side server() const;
    // ms and mr.
    std::optional<std::uint64_t> timeOf(std::string_view annotation) const;
    static bool isCore(std::string_view annotation);

private:
    bool field(JsonKey key, JsonValue value);
    bool readAnnotations(JsonValue list);
    bool readBinaryAnnotations(JsonValue list);
    Side side(std::string_view begin, std::string_view end) const;
};

} // namespace flamewright
