#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace flamewright {

// Text from a capture as Markdown (CommonMark with GitHub's tables) that shows it and does nothing
// else: no markup, no HTML, no links by themselves, nobody mentioned, no issue referred to.
std::string markdownText(std::string_view text, std::size_t maxBytes);

} // namespace flamewright
