#pragma once

#include "importers/importer.h"
#include "importers/trace/chrome_event.h"
#include "importers/trace/chrome_samples.h"
#include "importers/trace/chrome_tracks.h"
#include "importers/trace/object_text.h"
#include "importers/trace/trace_builder.h"

#include <string>
#include <string_view>

namespace flamewright {

// What the events of Chrome's format mean, one by one.
class ChromeEvents {
public:
    explicit ChromeEvents(RecordSink &sink)
        : m_sink(sink),
          m_builder(sink),
          m_tracks(sink),
          m_samples(sink, m_tracks)
    {}

    void add(const ChromeEvent &event, std::uint64_t offset);
    ChromeSamples &samples() { return m_samples; }
    // The smallest time of an event, if there is one.
    std::optional<std::int64_t> firstNs() const { return m_first; }
    Result<> finish(JobContext &job);

private:
    struct Context {
        const ChromeEvent &event;
        Timestamp time;
        std::uint64_t offset;
    };
    void metadata(const ChromeEvent &event, std::uint64_t offset);
    void complete(const Context &in);
    void instant(const Context &in, std::string_view what = {});
    void asynchronous(const Context &in);
    void nestedAsynchronous(const Context &in);
    void flow(const Context &in, FlowPhase phase);
    void counter(const Context &in);

    StringId nameOf(const ChromeEvent &event);
    std::string_view argsOf(const ChromeEvent &event, std::uint64_t offset);
    std::uint64_t idOf(const ChromeEvent &event, std::string_view use, bool byName) const;

    RecordSink &m_sink;
    TraceBuilder m_builder;
    ChromeTracks m_tracks;
    ChromeSamples m_samples;
    ObjectTexts m_objects, m_moreObjects;
    std::string m_category; // quoted, the last one, and the arguments that hold it alone
    std::string m_categoryArgs;
    std::string m_args;
    std::optional<std::int64_t> m_first;
};

} // namespace flamewright
