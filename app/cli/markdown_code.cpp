#include "app/cli/markdown_code.h"

#include "capture/base/capture_text.h"

#include <algorithm>

namespace flamewright {

std::string markdownCode(std::string_view text, std::size_t maxBytes)
{
    const auto shown = CaptureText(text).toDisplay(maxBytes);
    if (shown.empty())
        return {};
    // One backtick more than the longest run of them inside; a cell ends at a bar even in code.
    std::size_t longest = 0, run = 0;
    std::string inside;
    for (const char c : shown) {
        run = c == '`' ? run + 1 : 0;
        longest = std::max(longest, run);
        if (c == '|')
            inside += '\\';
        inside += c;
    }
    const std::string fence(longest + 1, '`');
    const bool space = inside.front() == '`' || inside.back() == '`' || inside.front() == ' ';
    const std::string gap(space ? 1 : 0, ' ');
    return fence + gap + inside + gap + fence;
}

} // namespace flamewright
