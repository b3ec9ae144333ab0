#pragma once

#include "analysis/flame_tree.h"

#include <string_view>

namespace flamewright {

// What a profile of slices adds up. Its "samples" are slices: all there are, none drawn at random.
inline constexpr std::string_view kTimeInSlices = "time in slices";
inline bool isOfSlices(const Profile &profile)
{
    return profile.measure == kTimeInSlices;
}

} // namespace flamewright
