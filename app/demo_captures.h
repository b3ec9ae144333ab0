#pragma once

#include <filesystem>
#include <vector>

namespace flamewright {

// The captures that come with the program, to try it with.
struct DemoCaptures {
    std::vector<std::filesystem::path> files; // by name; empty: there are none
    std::filesystem::path symbols;            // look here too
};

// In share/flamewright/demo beside the folder of the program, else in the source tree it was
// built in.
DemoCaptures findDemoCaptures(const std::filesystem::path &programDirectory);

} // namespace flamewright
