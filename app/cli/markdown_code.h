#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace flamewright {

// A name as code in Markdown, also in a cell of a table: as it is, and nobody is mentioned. At most
// `maxBytes` of it.
std::string markdownCode(std::string_view text, std::size_t maxBytes = 160);

} // namespace flamewright
