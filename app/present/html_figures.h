#pragma once

#include "views/scene/display_list.h"

#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace flamewright {

// One picture in the colours of each medium; `dark` may be nullptr or of another picture.
struct ThemedPicture {
    const DisplayList &light, &print;
    const DisplayList *dark = nullptr;
    SizeF size;
};

// The pictures of a page. A picture that is drawn alike everywhere is written once, with classes
// for colours; the page's style sheet gives them their colours by medium.
class HtmlFigures {
public:
    // One or two <svg> elements. Ids begin with `prefix`.
    std::string write(const ThemedPicture &picture, std::string_view prefix,
                      std::string_view label);
    // Whether the last one has colours of its own on dark ground.
    bool lastHasDark() const { return m_lastHasDark; }
    // The style of all that were written.
    std::string css() const;

private:
    using Colors = std::array<Rgba, 3>; // light, dark, print
    struct Less {
        bool operator()(const Colors &a, const Colors &b) const;
    };
    class Numbered;
    std::string classOf(char kind, const Colors &colors);

    std::map<Colors, std::size_t, Less> m_numbers;
    struct Used {
        Colors colors;
        bool fills = false, strokes = false;
    };
    std::vector<Used> m_used;
    bool m_lastHasDark = false;
};

} // namespace flamewright
