#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace flamewright {

// What has to be alike for two runs to be compared, of one side. What is not known stays empty.
struct RunFacts {
    std::string kernel, cpu, cores, arch, governor, tool, event;
    std::vector<std::pair<std::string, std::string>> buildIds; // module, build id
    std::optional<double> samplesPerSecond;                    // as asked for
    std::optional<double> lostShare;                           // of samples or events
    std::optional<double> durationSeconds;
    std::optional<double> concurrency, requestsPerSecond, errorShare;
    std::optional<double> warmUpShare;               // of the requests, that looks like a warm-up
    std::vector<std::pair<std::string, double>> mix; // endpoint, share of requests
};

struct ComparabilityRemark {
    enum class Weight : std::uint8_t {
        Note,    // differs as one would expect: another build id
        Warning, // may explain a change
        Grave    // figures of the two do not mean the same: no verdict until somebody confirms
    };
    Weight weight = Weight::Note;
    std::string what;       // "cpu", "request_mix": for programs
    std::string base, cand; // as shown
    std::string sentence;   // what it may do to the figures; may hold names from captures
    friend bool operator==(const ComparabilityRemark &, const ComparabilityRemark &) = default;
};

// What differs, gravest first. Facts that a side does not know are a Note where the other has them.
std::vector<ComparabilityRemark> comparability(const RunFacts &base, const RunFacts &cand);

std::string_view nameOf(ComparabilityRemark::Weight weight); // "note", "warning", "grave"

} // namespace flamewright
