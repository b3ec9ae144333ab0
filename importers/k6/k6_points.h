#pragma once

#include "importers/importer.h"
#include "importers/k6/k6_tags.h"
#include "importers/load/request_writer.h"

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace flamewright {

// One sample of a metric, as a line of k6's JSON or CSV output has it.
struct K6Point {
    std::string_view metric;
    std::int64_t epochNs = 0;
    std::string_view value; // a decimal number; of times in milliseconds
    const K6Tags *tags = nullptr;
    std::string_view vu = {}; // of metadata, which is not part of the tags
    std::uint64_t offset = 0; // in the input
};

// Puts samples together to requests; everything that is not about a request becomes counters.
//
// k6 writes one line per metric, and nothing says which lines are of one request. They have the
// same time and tags, and follow each other; requests that end at once and look the same have them
// in the same order. So the n-th sample of each metric with this time and these tags is request n.
class K6Points {
public:
    explicit K6Points(RecordSink &sink);

    void add(const K6Point &point);
    // What a metric measures ("time", "data"), where the file says so.
    void describe(std::string_view metric, std::string_view contains);
    // Requests that wait for more samples are complete now: the tags are about to be forgotten, or
    // the input ended.
    void flush();
    // flush(), and sums for notes and provenance.
    void finish();

private:
    enum class Role : std::uint8_t {
        Requests, // http_reqs and the eight below are of one request
        Took,
        Blocked,
        Connecting,
        Handshaking,
        Sending,
        Waiting,
        Receiving,
        Failed,
        GrpcDuration,
        Check,
        Dropped,
        Other
    };
    static constexpr std::size_t kParts = 9;

    struct Metric {
        std::string name;
        Role role = Role::Other;
        TrackId track = {};
        std::string_view suffix; // unit, shown behind the name of the track
    };
    struct Open {
        std::int64_t endNs = 0;
        const K6Tags *tags = nullptr;
        std::string vu;
        std::uint64_t offset = 0;
        unsigned has = 0;                      // a bit for each part
        std::array<std::int64_t, kParts> ns{}; // of Failed: not 0, it failed
    };
    struct Passes {
        std::uint64_t passed = 0, all = 0;
        TrackId track = {};
    };

    static Role roleOf(std::string_view name);
    Metric &metricOf(std::string_view name);
    void part(Role role, const K6Point &point);
    void close(Open &open);
    void write(const Open &open);
    void counter(TrackId track, const K6Point &point);
    void check(const K6Point &point);
    void badValue(const K6Point &point);

    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const
        {
            return std::hash<std::string_view>{}(text);
        }
    };

    RecordSink &m_sink;
    RequestWriter m_writer;
    std::unordered_map<std::string, Metric, Hash, std::equal_to<>> m_metrics;
    std::vector<Open> m_open; // oldest first, at most kMaxOpen
    std::map<std::string, Passes, std::less<>> m_checks;
    std::uint64_t m_dropped = 0, m_droppedAt = 0;
};

} // namespace flamewright
