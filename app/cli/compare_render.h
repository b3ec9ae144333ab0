#pragma once

#include "app/cli/capture_flags.h"
#include "app/cli/picture.h"

#include <memory>
#include <string>
#include <vector>

namespace flamewright {

// What `render` is asked of two sides, besides the flags that every view has.
struct CompareRenderFlags {
    std::string cand, section, per = "auto", width = "max", change = "total", layout = "icicle";
    std::vector<std::string> baseRuns, candRuns;
    std::size_t pick = 1; // as people count
    bool swap = false, confirm = false, relative = false;

    static std::shared_ptr<CompareRenderFlags> declare(CLI::App &command);
    // The capture of `base` is A.
    Result<Picture> picture(VerbRun &run, const CaptureFlags &base, const PictureRequest &request,
                            const TextMetrics &metrics) const;
};

} // namespace flamewright
