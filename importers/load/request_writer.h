#pragma once

#include "capture/session/record_sink.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace flamewright {

// One response of a load test as its file says it: times on the wall clock, names as text.
struct RequestRow {
    std::optional<std::int64_t> beginEpochNs; // when it was sent; nullopt: the file does not say
    Duration latency{0};
    std::string_view endpoint;
    std::string_view worker = {};
    TrackId workerTrack = {}; // of RequestWriter::worker(), when it was asked already
    std::string_view phase = {};
    std::string_view status = {}; // a number, or what stands in its place
    bool ok = true;
    std::string_view error = {}; // of failures
    std::uint64_t bytesIn = 0, bytesOut = 0;
    RequestKind kind = RequestKind::Request;
    Duration connect = kUnknownDuration, firstByte = kUnknownDuration;
    std::string_view labels = {}; // canonical JSON object
};

// What the importers of load tests share: names to ids, wall clock to capture clock (which begins
// with the first row that has a time), limits on the number of names.
class RequestWriter {
public:
    explicit RequestWriter(RecordSink &sink) : m_sink(sink) {}

    // `offset`: of the row in the input, for notes.
    void add(const RequestRow &row, std::uint64_t offset);

    TrackId endpoint(std::string_view name, std::uint64_t offset);
    TrackId worker(std::string_view name, std::uint64_t offset);
    // On the capture's clock. The first call decides where that begins.
    Timestamp at(std::int64_t epochNs);

private:
    // Tracks by the id of their name.
    struct Names {
        TrackKind kind;
        std::string_view others; // what is beyond the limit
        std::vector<TrackId> byString = {};
        std::uint32_t count = 0;
    };
    StringId textOf(std::string_view text, std::uint64_t offset);
    TrackId trackOf(Names &names, std::string_view name, std::uint64_t offset);

    RecordSink &m_sink;
    Names m_endpoints{TrackKind::Endpoint, "(other endpoints)"};
    Names m_workers{TrackKind::Thread, "(other workers)"};
    std::optional<std::int64_t> m_zero; // epoch
};

} // namespace flamewright
