#pragma once

#include "capture/base/job.h"
#include "capture/base/result.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace flamewright {

class ElfFile;

// One function at an address: the innermost is the one whose code it is, further ones are those it
// was inlined into.
struct DwarfFrame {
    std::string function; // mangled where DWARF has a linkage name; may be empty
    std::string file;     // with directory, as compiled
    std::uint32_t line = 0;
};

// Chains of the addresses asked: address i has frames [end[i-1], end[i]), innermost first.
struct DwarfChains {
    std::vector<std::uint32_t> end;
    std::vector<DwarfFrame> frames;
    bool cut = false; // a limit was reached: some chains or functions are missing
};

inline constexpr std::size_t kMaxDieDepth = 256;

// DWARF of one file. Only units that contain an address asked for are read beyond their first
// entry. Iterative throughout: nothing recurses on what the file says.
class DwarfInfo {
public:
    virtual ~DwarfInfo() = default;
    // `addresses`: virtual, sorted, unique. Errors: cancelled only.
    virtual Result<DwarfChains> resolve(std::span<const std::uint64_t> addresses,
                                        JobContext &job) = 0;
};

// Null when the file has no DWARF that can be read. `alt` is the file that .gnu_debugaltlink names;
// without it what refers to it stays unnamed. Both must outlive the result. libdw is never left
// to look for a file itself.
std::unique_ptr<DwarfInfo> openDwarf(const ElfFile &file, const ElfFile *alt);

} // namespace flamewright
