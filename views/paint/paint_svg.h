#pragma once

#include "views/scene/display_list.h"
#include "views/scene/theme.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace flamewright {

// A self-contained SVG 1.1 picture: no scripts, no fonts inside. The same list gives the
// same bytes on every machine. Items of the list become groups with a <title>, which browsers show
// as a tooltip, and a class: "frame", "frame match", "frame merged", "frame dimmed". Links become
// <a href> where isSafeAddress() says so.
std::string toSvg(const DisplayList &list, SizeF size, Theme theme);

// Where an SVG that stands in a page has its colours from: classes of the page's style sheet, which
// may differ by medium. Names of the classes that fill with, or draw lines in, the colour of the
// command with this number; of cells, in their colour number `cell`.
class SvgClasses {
public:
    virtual ~SvgClasses() = default;
    virtual std::string fill(std::size_t command, std::size_t cell) = 0;
    virtual std::string stroke(std::size_t command) = 0;
};

// The picture as an element of an HTML page: no style, no links, ids that begin with `prefix`, and
// `label` for those who cannot see it. Texts have the classes "t0" to "t5" of their FontRole.
std::string toInlineSvg(const DisplayList &list, SizeF size, SvgClasses &classes,
                        std::string_view prefix, std::string_view label);

} // namespace flamewright
