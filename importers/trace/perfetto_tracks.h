#pragma once

#include "importers/trace/task_tracks.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace flamewright::perfetto {

// The tracks that a trace describes, by their uuid: of processes, threads and counters, and others with
// a name and a parent.
class Tracks {
public:
    Tracks(RecordSink &sink, TaskTracks &tasks) : m_sink(sink), m_tasks(tasks) {}

    enum class Kind : std::uint8_t {
        Thread, // slices nest
        Lanes,  // tracks of one name and parent share one here: slices of one uuid nest
        Counter
    };
    struct Track {
        std::uint64_t uuid = 0;
        TrackId id;
        Kind kind = Kind::Lanes;
        double unit = 1;          // of values
        bool incremental = false; // values count from the one before
        double last = 0;
        std::uint64_t generation = 0; // of the sequence that `last` is from
        std::int32_t pid = -1;        // of the process that it belongs to
    };

    // A message TrackDescriptor; the uuid is returned. False in `good` when it is damaged.
    std::uint64_t describe(std::string_view message, bool &good);
    // nullptr: nobody described it yet.
    Track *find(std::uint64_t uuid);
    // A track for what nobody described; 0 is the one of the whole trace.
    Track &undescribed(std::uint64_t uuid, bool isCounter, std::string_view name);

private:
    struct Description {
        std::string name;
        std::string unitName;
        std::uint64_t parent = 0;
        std::int32_t pid = -1, tid = -1;
        bool isProcess = false, isThread = false, isCounter = false, incremental = false;
        std::int64_t unit = 0, multiplier = 1;
    };
    void make(std::uint64_t uuid, const Description &description);
    void makeCounter(Track &track, const Description &description, TrackId parent);
    std::string counterName(const Description &description) const;

    RecordSink &m_sink;
    TaskTracks &m_tasks;
    std::unordered_map<std::uint64_t, Description> m_descriptions;
    std::unordered_map<std::uint64_t, Track> m_tracks;
    // How often one of a parent was called so: where to go on looking for a name that is free.
    std::map<std::pair<std::uint32_t, std::string>, std::uint32_t> m_counterNames;
};

} // namespace flamewright::perfetto
