#include "app/cli/terminal_job.h"
#include "app/cli/verb.h"
#include "app/program_paths.h"
#include "app/workbench.h"

#include <algorithm>
#include <iostream>
#include <string>
#include <unistd.h>
#include <vector>

using namespace flamewright;

namespace {

bool isVerbOrFlag(const std::string &argument)
{
    const auto verbs = allVerbs();
    return argument.starts_with('-') ||
           std::any_of(verbs.begin(), verbs.end(),
                       [&](const Verb &verb) { return verb.name == argument; });
}

// flamewright [FILE...] is the window, a program of its own so that servers need no GL.
int openWindow(char **argv)
{
    const auto window = (programDirectory() / "flamewright-gui").string();
    argv[0] = const_cast<char *>(window.c_str());
    ::execv(window.c_str(), argv);
    std::cerr << "flamewright: the window program is not installed: " << window << '\n'
              << "The command line works without it: flamewright --help\n";
    return static_cast<int>(ExitCode::Internal);
}

} // namespace

int main(int argc, char **argv)
{
    const std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
    if (arguments.empty() || !isVerbOrFlag(arguments.front()))
        return openWindow(argv);
    std::ios::sync_with_stdio(false);
    TerminalJob terminal;
    ImporterRegistry importers;
    addBuiltinImporters(importers);
    const Workbench workbench(importers, {.cacheDirectory = symbolCacheDirectory()});
    const auto code = runVerb(arguments, workbench, terminal.job(), std::cout, std::cerr);
    terminal.finish();
    return static_cast<int>(code);
}
