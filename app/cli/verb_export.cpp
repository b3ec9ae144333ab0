#include "app/cli/capture_flags.h"
#include "app/cli/output_file.h"
#include "app/cli/verbs.h"
#include "app/export_samples.h"
#include "capture/session/export_sqlite.h"

#include <ostream>

namespace flamewright {
namespace {

struct Flags {
    std::string to, output;
};

Result<> writeText(VerbRun &run, const OpenedCapture &opened, const Scope &scope,
                   const Flags &flags, std::ostream &out)
{
    if (flags.to == "csv")
        return exportCsv(opened.session(), scope, out, run.job);
    FW_ASSIGN(const auto profile, run.workbench.profile(opened.session(), scope, run.job));
    exportFolded(*profile, out);
    return {};
}

} // namespace

Verb::Work declareExport(CLI::App &command)
{
    auto capture = CaptureFlags::declare(command);
    auto flags = std::make_shared<Flags>();
    command
        .add_option("--to", flags->to,
                    "folded: stacks and their weight; csv: one sample a row; "
                    "sqlite: plain tables")
        ->required()
        ->check(CLI::IsMember({"folded", "csv", "sqlite"}));
    command.add_option("-o,--output", flags->output, "Where to; - or nothing is standard output");
    return [capture, flags](VerbRun &run) -> Result<ExitCode> {
        FW_ASSIGN(const auto opened, capture->open(run));
        FW_ASSIGN(const auto scope, capture->scope(opened));
        if (!scope.transforms.empty() && flags->to != "folded")
            return fail(Errc::Usage, "--transform changes stacks that are summed up: it goes with "
                                     "--to folded, not with --to " +
                                         flags->to);
        const bool toStdout = flags->output.empty() || flags->output == "-";
        if (flags->to == "sqlite") {
            if (toStdout)
                return fail(Errc::Usage, "a database needs a file: -o FILE");
            std::vector<CaptureId> ids;
            for (const auto &info : opened.captures())
                ids.push_back(info.id);
            FW_ASSIGN(const auto reader, opened.session().reader());
            FW_TRY(writeWhole(flags->output, [&](const std::filesystem::path &path) {
                return exportSqlite(*reader, ids, path, run.job);
            }));
            return ExitCode::Ok;
        }
        if (toStdout) {
            FW_TRY(writeText(run, opened, scope, *flags, run.out));
            return ExitCode::Ok;
        }
        FW_TRY(writeWholeText(flags->output, [&](std::ostream &out) {
            return writeText(run, opened, scope, *flags, out);
        }));
        return ExitCode::Ok;
    };
}

} // namespace flamewright
