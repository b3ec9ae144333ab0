#include "app/cli/json_writer.h"
#include "app/cli/text_table.h"
#include "app/cli/verbs.h"
#include "app/opened_capture.h"
#include "capture/base/capture_text.h"
#include "importers/io/input.h"

#include <ostream>

namespace flamewright {
namespace {

struct Flags {
    std::string file;
    bool json = false;
};

std::string_view nameOf(Match match)
{
    switch (match) {
    case Match::No: return "no";
    case Match::Weak: return "weak";
    case Match::Strong: return "strong";
    case Match::Magic: return "magic";
    }
    return "no";
}

void list(VerbRun &run, bool json)
{
    if (!json) {
        TextTable table({{"FORMAT"}, {"KIND"}, {"TITLE"}});
        for (const auto &importer : run.workbench.importers().all()) {
            const auto &f = importer->format();
            table.row({std::string(f.id), std::string(f.kind), std::string(f.title)});
        }
        table.print(run.out);
        return;
    }
    JsonWriter writer(run.out);
    writer.beginObject().key("formats").beginArray();
    for (const auto &importer : run.workbench.importers().all()) {
        const auto &f = importer->format();
        writer.beginObject()
            .field("id", f.id)
            .field("kind", f.kind)
            .field("title", f.title)
            .field("extensions", f.extensions)
            .endObject();
    }
    writer.endArray().endObject();
}

Result<ExitCode> detect(VerbRun &run, const Flags &flags)
{
    if (isSessionFile(flags.file)) {
        if (flags.json)
            JsonWriter(run.out)
                .beginObject()
                .field("file", flags.file)
                .key("candidates")
                .beginArray()
                .beginObject()
                .field("id", "session")
                .field("match", "magic")
                .endObject()
                .endArray()
                .endObject();
        else
            run.out << "session  magic  A session of this program\n";
        return ExitCode::Ok;
    }
    FW_ASSIGN(const auto descriptor, openInputFile(flags.file));
    FW_ASSIGN(const auto input,
              openInput(descriptor.get(), std::filesystem::path(flags.file).filename().string()));
    FW_ASSIGN(const auto probe, input->probe());
    const auto candidates = run.workbench.importers().detect(probe);
    if (flags.json) {
        JsonWriter writer(run.out);
        writer.beginObject().field("file", flags.file).field("layers", input->layers());
        writer.key("candidates").beginArray();
        for (const auto &c : candidates)
            writer.beginObject()
                .field("id", c.importer->format().id)
                .field("match", nameOf(c.match))
                .endObject();
        writer.endArray().endObject();
    } else {
        TextTable table({{"FORMAT"}, {"MATCH"}, {"TITLE"}});
        for (const auto &c : candidates)
            table.row({std::string(c.importer->format().id), std::string(nameOf(c.match)),
                       std::string(c.importer->format().title)});
        if (!candidates.empty())
            table.print(run.out);
        if (!input->layers().empty())
            run.log << "unwrapped: " << CaptureText(input->layers()).toTerminal() << '\n';
    }
    if (candidates.empty())
        return fail(Errc::UnknownFormat,
                    "no format of this program fits; flamewright formats lists what is read");
    return ExitCode::Ok;
}

} // namespace

Verb::Work declareFormats(CLI::App &command)
{
    auto flags = std::make_shared<Flags>();
    command.add_option("FILE", flags->file, "Say what this file is taken for");
    command.add_flag("--json", flags->json, "For programs");
    return [flags](VerbRun &run) -> Result<ExitCode> {
        if (!flags->file.empty())
            return detect(run, *flags);
        list(run, flags->json);
        return ExitCode::Ok;
    };
}

} // namespace flamewright
