#pragma once

#include "analysis/flame_tree.h"
#include "views/scene/flame_options.h"
#include "views/scene/flame_rows.h"
#include "views/scene/frame_look.h"

#include <cstdint>
#include <string>
#include <vector>

namespace flamewright {

// What a colour scheme says about the frames of one profile. Groups (modules, packages) keep their
// colour between captures as far as possible: it begins with a hash of the name, and moves on to
// the next free one only where a heavier group has it.
class FlameColoring {
public:
    struct Group {
        std::string name;
        std::int64_t total = 0; // recursion counted once
        std::uint8_t shade = kOtherGroups;
    };

    FlameColoring() = default;
    // `like`: a picture beside this one; groups of both have one colour.
    FlameColoring(const Profile &profile, const FlameRows &rows, ColorScheme scheme,
                  const FlameColoring *like = nullptr);

    ColorScheme scheme() const { return m_scheme; }
    // Fills in everything of a frame's colour that the scheme decides. `whole`: what heat is a share
    // of.
    void look(const Profile &profile, const FlameRows &rows, const FlameBox &box, double whole,
              FrameLook &out) const;
    // Module, Package: heaviest first. At most as many as there are colours have one.
    const std::vector<Group> &groups() const { return m_groups; }

private:
    void findGroups(const Profile &profile, const FlameColoring *like);

    ColorScheme m_scheme = ColorScheme::Name;
    std::vector<std::uint8_t> m_shade; // by function: hash, group, or 1: garbage collection
    std::vector<Group> m_groups;
    std::vector<double> m_selfBefore; // Self: sum of the positions before
};

} // namespace flamewright
