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
    std::optional<double> requests;    // in all: the same number is the same work, done sooner
    std::optional<double> warmUpShare; // of the requests, that looks like a warm-up
    std::vector<std::pair<std::string, double>> mix; // endpoint, share of requests
    // What makes the generator send: answers (closed), so that the rate follows from the system, or
    // the clock.
    std::optional<bool> closedLoop;
    std::string host, runtime; // "vm", "JDK 17.0.2"
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

// From where on differences are remarked on, and grave.
struct ComparabilityLimits {
    double lostShare = 0.05;      // grave on either side
    double mixWarning = 0.05;     // total variation of the mixes: the share of requests ...
    double mixGrave = 0.2;        // ... that would have to go elsewhere
    double loadWarning = 0.05;    // of concurrency; of the rate where the clock sends
    double loadGrave = 0.25;      // relative
    double errorsWarning = 0.01;  // difference of shares
    double errorsGrave = 0.05;    //
    double durationWarning = 0.5; // the shorter by the longer side
    double durationGrave = 0.1;   //
    double sameWork = 0.02;       // numbers of requests, relative
    double rateWarning = 0.1;     // of samples, relative
};

// What differs, gravest first. Facts that a side does not know are a Note where the other has them.
std::vector<ComparabilityRemark> comparability(const RunFacts &base, const RunFacts &cand);

std::string_view nameOf(ComparabilityRemark::Weight weight); // "note", "warning", "grave"

} // namespace flamewright
