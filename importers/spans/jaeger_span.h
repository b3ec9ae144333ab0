#pragma once

#include "importers/spans/attributes.h"
#include "importers/text/json_fields.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flamewright {

// A process of a trace: what OpenTelemetry calls a resource.
struct JaegerProcess {
    std::string service;
    Attributes tags;

    bool read(JsonObject object);
};

// A span as Jaeger's interface, its storage and its own model write it: the same things under names
// that differ a little.
struct JaegerSpan {
    struct Reference {
        std::string trace;
        std::uint64_t span = 0;
        bool follows = false; // "FOLLOWS_FROM"
    };
    struct Log {
        std::string name;
        std::optional<std::uint64_t> time;
        Attributes fields;
    };
    std::string trace, name, processId;
    std::uint64_t span = 0;
    std::optional<std::uint64_t> parent; // of files from before there were references
    bool badId = false;
    std::optional<std::uint64_t> begin;   // nanoseconds since the epoch
    std::optional<std::int64_t> duration; // nanoseconds
    std::vector<Reference> references;
    std::vector<Log> logs;
    std::size_t logCount = 0;
    Attributes tags;
    bool hasProcess = false;
    JaegerProcess process; // that lies in the span
    std::uint64_t warnings = 0;
    std::string firstWarning;

    void clear();
    bool read(JsonObject object);

private:
    bool field(JsonKey key, JsonValue value);
    bool readReferences(JsonValue value);
    bool readLogs(JsonValue value);
};

// [{"key","type","value"}, ...], {"key","vType","vStr"}: values in their own type.
bool readJaegerTags(JsonValue list, Attributes &out);

} // namespace flamewright
