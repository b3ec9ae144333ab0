#pragma once

#include "capture/base/result.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Symbols as text: perf-PID.map (tools/perf/Documentation/jit-interface.txt of Linux) and
// kallsyms (/proc/kallsyms). Only what is asked for is kept, so that size does not matter.
namespace flamewright {

// "start size name" in hex, one a line. A later line wins where lines overlap: code is thrown away
// and compiled again. `addresses`: sorted. Answers one by one; lines that are none are counted.
struct TextAnswer {
    std::vector<std::string_view> names; // views into the text; empty: none
    std::uint64_t badLines = 0;
};
TextAnswer findInPerfMap(std::string_view text, std::span<const std::uint64_t> addresses);

// V8 and others name functions "JS:*total /app/cart.js:12:3"; where and line, or nothing.
struct NamedPlace {
    std::string_view file;
    std::uint32_t line = 0;
};
NamedPlace placeInName(std::string_view name);

// "address type name [module]". Text symbols only; aliases as in SymbolTable.
struct KernelText {
    bool hidden = false;      // every address is 0: kernel.kptr_restrict
    std::uint64_t anchor = 0; // of _text, else _stext; 0: neither is there
};
KernelText inspectKallsyms(std::string_view text);
// `shift` is added to the kernel's own symbols: where it ran minus where the file says. With a
// shift nothing is known about modules, which are placed on their own.
TextAnswer findInKallsyms(std::string_view text, std::uint64_t shift,
                          std::span<const std::uint64_t> addresses);

} // namespace flamewright
