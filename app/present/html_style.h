#pragma once

#include <string>
#include <string_view>

namespace flamewright {

// The style sheet of reports, without the colours of their figures: light, dark, print and phones.
std::string reportStyle();
// Zooms figures. Everything can be read without it.
std::string_view reportScript();

} // namespace flamewright
