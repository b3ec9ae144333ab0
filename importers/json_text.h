#pragma once

#include <string>
#include <string_view>

namespace flamewright {

// Appends `text` as a JSON string. Bytes that are not UTF-8 stay as they are: showing text is
// somebody else's business, and the value must stay comparable with other columns.
void appendJsonString(std::string &out, std::string_view text);

} // namespace flamewright
