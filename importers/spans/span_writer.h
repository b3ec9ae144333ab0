#pragma once

#include "capture/session/record_sink.h"
#include "importers/spans/attributes.h"
#include "importers/spans/span_index.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flamewright {

// A span as the formats tell it. Times are nanoseconds since the epoch, which is the capture's clock.
struct SpanFields {
    TrackId service;
    std::string_view name = {};
    std::string_view trace = {}; // as traceIdFromText makes it
    std::uint64_t span = 0;
    std::uint64_t parent = 0;
    SliceKind kind = SliceKind::Span;
    std::uint8_t flags = 0;
    std::optional<std::uint64_t> begin = std::nullopt;
    std::optional<std::uint64_t> end = std::nullopt;
    std::string_view args = {};
    std::uint64_t offset = 0; // in the input, for notes
};

// What importers of distributed traces share: services as tracks, ids, times that are missing or go
// backward, events, links and logs. What is odd becomes a note of one name for all of them.
class SpanWriter {
public:
    explicit SpanWriter(RecordSink &sink);

    // "unknown_service" for those without a name, as OpenTelemetry calls them.
    TrackId service(std::string_view name);

    // False when it has no time at all and could not be placed.
    bool span(const SpanFields &fields);
    // A moment of the span that was written last; without a time it is put at the span's begin.
    void event(std::string_view name, std::optional<std::uint64_t> time, Attributes &attributes);
    // From the linked span to the one that was written last.
    void link(std::string_view trace, std::uint64_t span);
    struct LogFields {
        TrackId service;
        std::string_view name = {};
        std::string_view trace = {};
        std::uint64_t span = 0;
        bool failed = false;
        std::optional<std::uint64_t> time = std::nullopt;
        std::string_view args = {};
        std::uint64_t offset = 0;
    };
    void log(const LogFields &fields);

    // Was a span of this kind and id written before?
    bool knows(std::string_view trace, std::uint64_t span, SliceKind kind) const;
    // JSON of attributes as the argument of a row, with a note where something was too long.
    std::string_view argsOf(Attributes &attributes, std::uint64_t offset);
    Timestamp timeOf(std::uint64_t epochNs, std::uint64_t offset);

    // Once: links to spans that came later.
    void finish();
    std::uint64_t spansWritten() const { return m_spans; }

private:
    struct Link {
        std::uint64_t key; // of the linked span
        std::uint64_t fromSpan, toSpan;
        Timestamp begin; // of the span that has the link
        TrackId track;
    };
    void writeLinks();

    RecordSink &m_sink;
    SpanIndex m_index;
    std::vector<Link> m_links;
    StringId m_linkName;
    std::uint64_t m_spans = 0;

    // The span that was written last.
    Slice m_last{};
    std::uint64_t m_lastOffset = 0;
    std::string m_lastServiceName;
    TrackId m_lastService;
};

} // namespace flamewright
