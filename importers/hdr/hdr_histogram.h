#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace flamewright {

// A histogram of HdrHistogram, as its logs hold it. Values have the unit that they were recorded in,
// which nothing in it tells.
struct HdrHistogram {
    struct Bucket {
        std::int64_t lowest = 0, highest = 0; // of the values that it stands for
        std::int64_t count = 0;               // more than zero
    };
    std::vector<Bucket> buckets; // by value
    int significantDigits = 0;

    std::int64_t totalCount() const;
    // The lowest and the highest value that can have been recorded; 0 without counts.
    std::int64_t min() const { return buckets.empty() ? 0 : buckets.front().lowest; }
    std::int64_t max() const { return buckets.empty() ? 0 : buckets.back().highest; }
    // As HdrHistogram's getValueAtPercentile, the highest value that is equivalent.
    std::int64_t valueAtPercentile(double percentile) const;
};

// The base64 text of a log: encodings V0, V1 and V2, compressed. nullopt for everything else, also
// for histograms of doubles.
std::optional<HdrHistogram> decodeHdrHistogram(std::string_view base64);
// What is inside of it, neither compressed nor base64.
std::optional<HdrHistogram> decodeHdrPayload(std::string_view payload);

} // namespace flamewright
