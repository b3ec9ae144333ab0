#include "app/compare/compare.h"

namespace flamewright {

Result<RunFacts> runFacts(const std::vector<ComparedCapture> &captures, JobContext &job)
{
    FW_TRY(job.checkpoint());
    RunFacts out;
    for (const auto &one : captures) {
        for (const auto &[key, value] : one.info.meta.provenance) {
            if (key == "kernel")
                out.kernel = value;
            else if (key == "cpu")
                out.cpu = value;
        }
    }
    return out;
}

} // namespace flamewright
