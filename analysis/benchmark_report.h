#pragma once

#include "analysis/benchmark_stats.h"
#include "analysis/benchmark_unit.h"
#include "capture/session/chunk.h"
#include "capture/session/dimensions.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace flamewright {

// A statistic as a tool computed it. It is shown beside ours, never mixed with them.
struct ToolStatistic {
    std::string statistic, method;
    std::string unit;         // as the tool writes it; relative statistics have none
    double value = 0;         // in that unit
    std::uint64_t values = 0; // how many it is of; 0: not said
};

// The values of one benchmark and metric, of one capture and with the same labels.
struct BenchmarkGroup {
    CaptureId capture;
    std::string name, metric, labels; // labels: a JSON object, or empty
    BenchmarkUnit unit;               // of the summary
    BenchmarkSummary summary;         // of what was measured; count 0: only the tool's figures
    std::uint32_t runs = 0;           // processes that the values are from
    std::uint64_t failed = 0;         // of the values, which count them
    std::vector<ToolStatistic> tool;  // in the order of the file
};

// Over the medians of one metric and unit; of at least two benchmarks, all above 0.
struct BenchmarkMean {
    CaptureId capture;
    std::string metric;
    BenchmarkUnit unit;
    double geometric = 0;
    std::uint64_t benchmarks = 0;
};

struct BenchmarkReport {
    std::vector<BenchmarkGroup> groups; // in the order in which they first appear
    std::vector<BenchmarkMean> means;
    std::uint64_t measured = 0, computed = 0; // values
};

// Chunk by chunk, as they are read; holds all measured values.
class BenchmarkReportBuilder {
public:
    void add(CaptureId capture, const BenchmarkColumns &rows, const StringTable &strings);
    BenchmarkReport finish();

private:
    struct Collected {
        std::vector<double> values; // in the base unit
        std::vector<std::uint32_t> runs;
    };
    std::size_t groupOf(CaptureId capture, const BenchmarkColumns &rows, std::size_t row,
                        const StringTable &strings);

    BenchmarkReport m_report;
    std::vector<Collected> m_collected; // by group
    // By capture, name, metric and labels, and by these and the unit.
    std::map<std::vector<std::string>, std::size_t> m_groups;
    // By the ids of a capture, which are the same texts, and whether it is a statistic: a look-up
    // without text for nearly all rows.
    std::map<
        std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t, bool>,
        std::size_t>
        m_byIds;
};

} // namespace flamewright
