#pragma once

#include "views/scene/theme.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace flamewright {

// Colours of services, the same in every view of a capture: one of the theme's lines by the name, the
// next free one where another service has it. The first in order of names come first; those that
// no colour is left for share one.
class ServiceColors {
public:
    ServiceColors() = default;
    explicit ServiceColors(std::vector<std::string> services);
    Rgba of(const std::string &service, Theme theme) const;

private:
    std::map<std::string, std::uint8_t> m_line; // index of Palette::lines
};

} // namespace flamewright
