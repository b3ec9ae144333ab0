#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace flamewright {

// A log-linear histogram of latencies: values below 2^bits exactly, then 2^(bits - 1) buckets for
// each power of two, so that a bucket's values differ by less than a 2^(bits - 1)th.
struct LatencyBuckets {
    unsigned bits = 11; // 1 to 31

    constexpr std::uint32_t linear() const { return 1u << bits; }
    constexpr std::size_t count() const { return linear() + (63 - bits) * (linear() / 2); }
    // Latencies below 0 are 0.
    constexpr std::uint32_t of(std::int64_t latency) const
    {
        const auto value = static_cast<std::uint64_t>(std::max<std::int64_t>(latency, 0));
        if (value < linear())
            return static_cast<std::uint32_t>(value);
        const auto shift = static_cast<unsigned>(std::bit_width(value)) - bits;
        return linear() + (shift - 1) * (linear() / 2) +
               static_cast<std::uint32_t>((value >> shift) - linear() / 2);
    }
    constexpr std::int64_t middle(std::uint32_t bucket) const
    {
        if (bucket < linear())
            return bucket;
        const auto shift = (bucket - linear()) / (linear() / 2) + 1;
        const auto lowest = std::uint64_t{(bucket - linear()) % (linear() / 2) + linear() / 2}
                            << shift;
        return static_cast<std::int64_t>(lowest + (std::uint64_t{1} << (shift - 1)));
    }
};

} // namespace flamewright
