#pragma once

#include "importers/load/request_writer.h"
#include "importers/load/run_splitter.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flamewright::jmeter {

// A sample as JTL files say it, CSV or XML; texts as found.
struct Row {
    std::string_view timeStamp, elapsed, label, responseCode, responseMessage, threadName, success,
        failureMessage, bytes, sentBytes, latency, connect, sampleCount, allThreads, hostName;
    std::string_view labels = {}; // the sample variables, a JSON object
    bool hasSuccess = true;       // the file has that column
};

// Whether it is the sum that a transaction controller adds. Its message is the only sign that all
// versions leave. `samples`: how many the message speaks of.
bool isTransaction(const Row &row, std::int64_t &samples);

// What rows mean: numbers, transactions, appended runs. For both forms of the file.
class RowWriter {
public:
    explicit RowWriter(RecordSink &sink) : m_sink(sink), m_requests(sink) {}

    // A row that stands alone, as all rows of CSV files do: whether a transaction's samples have
    // rows of their own is found out from the rows before.
    void add(const Row &row, std::uint64_t offset);
    // A row whose place among others is known.
    void add(const Row &row, RequestKind kind, std::uint64_t offset);
    // The file says that another run begins.
    void markNewRun() { m_runs.markNewRun(); }

private:
    static constexpr std::size_t kRemembered = 32;
    // The begins of a worker's last requests, a ring.
    struct Recent {
        std::array<std::int64_t, kRemembered> begins{};
        std::uint32_t count = 0;
    };
    struct Time {
        std::optional<std::int64_t> beginNs;
        Duration latency{0};
    };

    std::optional<Time> timeOf(const Row &row, std::uint64_t offset);
    std::optional<std::int64_t> beginOf(std::string_view text, std::uint64_t offset);
    RequestKind kindOf(const Row &row, const Time &time, TrackId worker, std::uint64_t offset);
    void write(const Row &row, const Time &time, RequestKind kind, TrackId worker,
               std::uint64_t offset);
    void threads(const Row &row, const Time &time);
    bool succeeded(const Row &row, std::uint64_t offset);
    std::uint64_t bytesOf(std::string_view text, std::uint64_t offset);
    Duration durationOf(std::string_view text, std::uint64_t offset);

    RecordSink &m_sink;
    RequestWriter m_requests;
    RunSplitter m_runs;
    std::vector<std::uint32_t> m_recentOf; // index + 1 into m_recent, by worker track
    std::vector<Recent> m_recent;
    struct Threads {
        std::string host;
        TrackId track;
        std::int64_t last = -1;
    };
    std::vector<Threads> m_threads; // by engine
};

} // namespace flamewright::jmeter
