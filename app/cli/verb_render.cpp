#include "app/cli/capture_flags.h"
#include "app/cli/verbs.h"

namespace flamewright {

Verb::Work declareRender(CLI::App &command)
{
    auto capture = CaptureFlags::declare(command);
    return [capture](VerbRun &) -> Result<ExitCode> { return ExitCode::Ok; };
}

} // namespace flamewright
