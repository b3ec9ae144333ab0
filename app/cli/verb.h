#pragma once

#include "app/workbench.h"
#include "capture/base/job.h"
#include "capture/base/result.h"

#include <CLI/CLI.hpp>
#include <functional>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace flamewright {

enum class ExitCode : int {
    Ok = 0,
    BudgetBroken = 1,
    Usage = 2,
    BadInput = 3,
    Internal = 4,
    Cancelled = 130
};
ExitCode exitCodeOf(Errc code);

// What a verb may use. Results go to `out` (and nothing else does), the rest to `log`.
struct VerbRun {
    const Workbench &workbench;
    JobContext &job;
    std::ostream &out;
    std::ostream &log;
};

// One verb: declares its flags on a CLI11 subcommand and returns what to do once they are parsed.
// The work owns the variables that the flags are bound to.
struct Verb {
    std::string_view name;
    std::string_view summary;
    using Work = std::function<Result<ExitCode>(VerbRun &run)>;
    Work (*declare)(CLI::App &command);
};

std::span<const Verb> allVerbs(); // verbs.cpp: the one list

// Parses `arguments` (without the program's name) and runs the verb. Errors are one line on `log`.
ExitCode runVerb(std::span<const std::string> arguments, const Workbench &workbench,
                 JobContext &job, std::ostream &out, std::ostream &log);

} // namespace flamewright
