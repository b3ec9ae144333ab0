#pragma once

#include "tests/support/import_contract.h"

#include <algorithm>
#include <cstdint>

namespace flamewright::testing {

// Sums over the requests of an import, to compare with what another program counts in the file.
struct LoadTotals {
    std::int64_t rows = 0, failed = 0, latencyNs = 0, maxNs = 0, bytesIn = 0, bytesOut = 0;
    friend bool operator==(const LoadTotals &, const LoadTotals &) = default;
};

inline LoadTotals loadTotals(const Imported &in)
{
    LoadTotals out;
    const auto &r = in.requests;
    for (std::size_t i = 0; i < r.size(); ++i) {
        ++out.rows;
        out.failed += r.ok[i] == 0 ? 1 : 0;
        out.latencyNs += r.latency[i].count();
        out.maxNs = std::max(out.maxNs, r.latency[i].count());
        out.bytesIn += static_cast<std::int64_t>(r.bytesIn[i]);
        out.bytesOut += static_cast<std::int64_t>(r.bytesOut[i]);
    }
    return out;
}

inline Imported importFixture(const Importer &importer, const std::string &path)
{
    return importBytes(importer, readFile(FW_SOURCE_DIR "/tests/fixtures/" + path));
}

} // namespace flamewright::testing
