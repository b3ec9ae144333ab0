#pragma once

#include "capture/session/record_sink.h"
#include "importers/trace/chrome_event.h"
#include "importers/trace/chrome_tracks.h"

#include <map>
#include <optional>
#include <simdjson.h>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace flamewright {

// Samples inside of a trace in Chrome's format: the pieces of V8's profiler, which are events, and
// those that refer to the tree "stackFrames", which may come behind everything else.
class ChromeSamples {
public:
    ChromeSamples(RecordSink &sink, ChromeTracks &tracks) : m_sink(sink), m_tracks(tracks) {}

    // Events "Profile" and "ProfileChunk" of phase P, and "CpuProfile", a profile in one event. False
    // for others.
    bool isProfile(const ChromeEvent &event) const;
    void profile(const ChromeEvent &event, std::int64_t timeNs, TrackId thread,
                 std::uint64_t offset);
    // Any other event of phase P: a sample of `name` or of the stack that it refers to.
    void sample(const ChromeEvent &event, std::int64_t timeNs, TrackId thread,
                std::uint64_t offset);

    void setStackFrames(std::string_view json) { m_stackFrames = json; }
    void setSamples(std::string_view json, std::uint64_t offset);
    // All of the file was read.
    void finish();

private:
    // One run of V8's profiler. Its pieces come on a thread of their own.
    struct Profile {
        TrackId thread;
        std::int64_t time = 0; // of the last sample, microseconds
        std::unordered_map<std::int64_t, StackId> stacks;
        std::optional<Sample> last; // it lasts until the next one
    };
    // A sample whose stack is not known yet.
    struct Waiting {
        std::int64_t timeNs;
        std::int64_t weight;
        TrackId thread;
        std::int32_t cpu;
        std::string frame; // of "stackFrames"
        std::uint64_t offset;
    };
    struct Frame {
        std::string name, category, parent;
        StackId stack;
        bool known = false, visited = false;
    };

    void nodes(Profile &profile, simdjson::dom::element list, std::uint64_t offset);
    void samples(Profile &profile, simdjson::dom::element list, simdjson::dom::element deltas,
                 bool hasDeltas, std::uint64_t offset);
    void readStackFrames();
    StackId stackOf(const std::string &frame, std::uint64_t offset);
    MeasureId time();
    MeasureId count();

    RecordSink &m_sink;
    ChromeTracks &m_tracks;
    simdjson::dom::parser m_parser;
    std::map<std::pair<std::string, std::string>, Profile> m_profiles; // by process and id
    std::vector<Waiting> m_waiting;
    std::string m_stackFrames;
    std::map<std::string, Frame, std::less<>> m_frames;
};

} // namespace flamewright
