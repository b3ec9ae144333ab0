#pragma once

#include "capture/base/result.h"

#include <filesystem>
#include <functional>
#include <iosfwd>

namespace flamewright {

// Output files appear whole or not at all: `write` gets a temporary name beside the target, which
// is renamed when it succeeded and removed when it did not.
Result<> writeWhole(const std::filesystem::path &target,
                    const std::function<Result<>(const std::filesystem::path &temporary)> &write);
// The same for text; a full disk is Errc::DiskFull.
Result<> writeWholeText(const std::filesystem::path &target,
                        const std::function<Result<>(std::ostream &out)> &write);

} // namespace flamewright
