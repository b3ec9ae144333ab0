#pragma once

#include "views/scene/display_list.h"

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace flamewright {

// Whether two lists are the same picture in different colours: same commands, places and texts.
bool isRecolored(const DisplayList &one, const DisplayList &other);

struct ColorPair {
    Rgba screen, print;
    friend bool operator==(ColorPair, ColorPair) = default;
};

// The colours of pictures that are shown in two media, each pair with a number.
class ColorPairs {
public:
    std::size_t numberOf(ColorPair pair);
    const std::vector<ColorPair> &pairs() const { return m_pairs; }

private:
    std::vector<ColorPair> m_pairs;
    std::unordered_map<std::uint64_t, std::size_t> m_numbers;
};

} // namespace flamewright
