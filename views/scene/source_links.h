#pragma once

#include "analysis/flame_tree.h"
#include "capture/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace flamewright {

// Where the source of a function can be read: addresses for the links of exported pictures. Paths
// come out of captures: whatever they hold, an address has the scheme and host of its pattern and
// stays below its path.
class SourceLinks {
public:
    SourceLinks() = default; // none
    // "file:///src/shop/cart.cpp#L41", for files with an absolute path.
    static SourceLinks toFiles();
    // "https://host/{file}#L{line}": http, https or file, the path of the file and perhaps the line
    // in it. Errc::Usage says what is wrong with a pattern.
    static Result<SourceLinks> of(std::string_view pattern);

    bool isEmpty() const { return m_pattern.empty(); }
    // Empty: no source file is known, or it has no address.
    std::string addressOf(const FunctionInfo &function) const;

private:
    std::string m_pattern;
};

// Whether a painter may write the address as it is: one of the schemes above, nothing but the
// characters of an address, and not of any length. Painters leave other links out.
bool isSafeAddress(std::string_view address);

} // namespace flamewright
