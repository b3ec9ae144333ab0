#include "views/scene/service_colors.h"

#include "views/scene/frame_look.h"

#include <algorithm>
#include <array>

namespace flamewright {
namespace {

constexpr std::size_t kLines = std::tuple_size_v<decltype(Palette::lines)>;

} // namespace

ServiceColors::ServiceColors(std::vector<std::string> services)
{
    std::sort(services.begin(), services.end());
    services.erase(std::unique(services.begin(), services.end()), services.end());
    std::array<bool, kLines> taken{};
    for (const auto &service : services) {
        if (m_line.size() == kLines)
            break;
        auto line = nameHash(service) % kLines;
        while (taken[line])
            line = (line + 1) % kLines;
        taken[line] = true;
        m_line.emplace(service, static_cast<std::uint8_t>(line));
    }
}

Rgba ServiceColors::of(const std::string &service, Theme theme) const
{
    const auto line = m_line.find(service);
    return line == m_line.end() ? palette(theme).otherLines : palette(theme).lines[line->second];
}

} // namespace flamewright
