#pragma once

#include "views/scene/heat_map_view.h"

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <random>

// Heat maps for tests, made from times as an importer would give them.
namespace flamewright {

struct DrawnSample {
    std::int64_t timeNs = 0, value = 1, samples = 1;
};

inline Timestamp at(std::int64_t timeNs)
{
    return Timestamp{Duration{timeNs}};
}

// Columns of a second at least, as the numbers in the tests are.
inline HeatMapGrid drawnGrid(std::int64_t lengthNs, std::uint32_t rows)
{
    return {std::max<std::int64_t>(heatMapGrid(lengthNs).columnNs, 1'000'000'000), rows};
}

// Samples of `value` each at these times after `beginNs`.
inline std::shared_ptr<HeatMap> drawnHeatMap(std::int64_t beginNs, std::int64_t lengthNs,
                                             std::initializer_list<DrawnSample> samples,
                                             std::uint32_t rows = 10)
{
    auto map = std::make_shared<HeatMap>(
        emptyHeatMap({at(beginNs), at(beginNs + lengthNs)}, drawnGrid(lengthNs, rows)));
    for (const auto &s : samples)
        addSample(*map, at(beginNs + s.timeNs), s.value, s.samples);
    return map;
}

// Busy with a rhythm and a pause, the same on every machine.
inline std::shared_ptr<HeatMap> randomHeatMap(unsigned seed, std::int64_t seconds,
                                              std::uint32_t rows = kHeatMapRows)
{
    std::mt19937 random(seed);
    auto map = std::make_shared<HeatMap>(
        emptyHeatMap({at(5'000'000'000), at((5 + seconds) * 1'000'000'000)},
                     drawnGrid(seconds * 1'000'000'000, rows)));
    for (std::int64_t ms = 0; ms < seconds * 1000; ++ms) {
        const bool pause = ms % 7000 > 6200;
        const auto most = pause ? 1u : ms % 1000 < 240 ? 9u : 4u;
        const auto count = static_cast<std::int64_t>(random() % (most + 1));
        if (count > 0)
            addSample(*map, at(5'000'000'000 + ms * 1'000'000), count * 1'000'000, count);
    }
    return map;
}

} // namespace flamewright
