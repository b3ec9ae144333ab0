#pragma once

#include "analysis/benchmark_unit.h"
#include "capture/session/chunk.h"
#include "capture/session/dimensions.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace flamewright {

// All that was measured of one benchmark and metric on one side of a comparison.
struct BenchmarkRuns {
    std::string name, metric, labels; // labels: a JSON object, or empty
    // Benchmarks of one table have a geometric mean in common: of Go, the same configuration.
    std::string table;
    BenchmarkUnit unit;          // of the values; the factor is 1
    std::vector<double> values;  // in the order in which they were measured
    std::uint32_t processes = 0; // that the values are from
    std::uint64_t failed = 0;    // of the values, which count them
};

// Puts the captures of a side together, whatever run a value is from, as benchstat does with several
// files of one name. What a tool computed is counted and left out: medians are not made of means.
class BenchmarkRunsBuilder {
public:
    void add(CaptureId capture, const BenchmarkColumns &rows, const StringTable &strings);
    std::vector<BenchmarkRuns> finish();
    // Benchmarks and metrics of which there is nothing but what a tool computed.
    std::vector<std::string> onlyComputed() const;

private:
    std::size_t indexOf(CaptureId capture, const BenchmarkColumns &rows, std::size_t row,
                        const StringTable &strings);

    std::vector<BenchmarkRuns> m_runs;
    std::vector<std::set<std::pair<std::uint32_t, std::uint32_t>>> m_processes; // capture, run
    // Name, metric, labels, base of the unit; and the same by the ids of a capture.
    std::map<std::tuple<std::string, std::string, std::string, std::string>, std::size_t> m_byText;
    std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t>,
             std::size_t>
        m_byIds;
    std::set<std::pair<std::string, std::string>> m_computed; // name, metric
};

} // namespace flamewright
