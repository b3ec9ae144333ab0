#include "importers/json_text.h"

#include <cstdio>

namespace flamewright {

void appendJsonString(std::string &out, std::string_view text)
{
    out += '"';
    std::size_t from = 0; // of what is copied as it is
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte != '"' && byte != '\\' && byte >= 0x20)
            continue;
        out.append(text, from, i - from);
        from = i + 1;
        if (byte < 0x20) {
            char escape[8];
            std::snprintf(escape, sizeof escape, "\\u%04x", byte);
            out += escape;
        } else {
            out += '\\';
            out += text[i];
        }
    }
    out.append(text, from, text.size() - from);
    out += '"';
}

} // namespace flamewright
