// What is inside of the compressed histograms of HdrHistogram's logs: no fuzzer gets through
// base64 and zlib's checksum.
#include "importers/hdr/hdr_histogram.h"

#include <cstdint>
#include <cstdlib>

using namespace flamewright;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const auto found = decodeHdrPayload({reinterpret_cast<const char *>(data), size});
    if (!found)
        return 0;
    std::int64_t before = -1;
    for (const auto &bucket : found->buckets) {
        if (bucket.count <= 0 || bucket.lowest <= before || bucket.highest < bucket.lowest)
            std::abort();
        before = bucket.highest;
    }
    const auto median = found->valueAtPercentile(50);
    if (median < found->min() || median > found->max())
        std::abort();
    return 0;
}
