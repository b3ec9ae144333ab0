#include "app/cli/compare_flags.h"
#include "app/cli/diff_output.h"
#include "app/cli/verbs.h"

namespace flamewright {

Verb::Work declareDiff(CLI::App &command)
{
    struct Flags {
        DiffShown shown;
        bool json = false, markdown = false;
    };
    auto sides = CompareFlags::declare(command);
    auto flags = std::make_shared<Flags>();
    command.add_option("--limit", flags->shown.limit, "At most so many figures of a section");
    command.add_flag("--all", flags->shown.all, "Also figures without evidence of a change");
    auto *json = command.add_flag("--json", flags->json, "For programs: everything, unrounded");
    command.add_flag("--markdown", flags->markdown, "For a pull request")->excludes(json);
    return [sides, flags](VerbRun &run) -> Result<ExitCode> {
        FW_ASSIGN(const auto options, sides->options());
        FW_ASSIGN(const auto opened, sides->open(run));
        FW_ASSIGN(const auto comparison,
                  compare(run.workbench, opened.base, opened.cand, options, run.job));
        auto shown = flags->shown;
        shown.notes = opened.notes;
        if (flags->json)
            writeDiffJson(run.out, comparison, shown);
        else if (flags->markdown)
            writeDiffMarkdown(run.out, comparison, shown);
        else
            writeDiffText(run.out, comparison, shown);
        return ExitCode::Ok; // whatever changed: that is for `check`
    };
}

} // namespace flamewright
