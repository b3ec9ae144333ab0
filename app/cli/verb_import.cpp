#include "app/capture_copy.h"
#include "app/cli/capture_flags.h"
#include "app/cli/verbs.h"
#include "app/directory_import.h"
#include "app/opened_capture.h"
#include "capture/base/capture_text.h"
#include "capture/base/format_value.h"

#include <ostream>
#include <system_error>

namespace flamewright {
namespace {

struct Flags {
    std::vector<std::string> files, symbols;
    std::string session, name, role, format, start, kallsyms;
    bool append = false, strict = false;
};

Result<CaptureRole> parseRole(const std::string &role)
{
    if (role.empty() || role == "none")
        return CaptureRole::None;
    if (role == "baseline")
        return CaptureRole::Baseline;
    if (role == "candidate")
        return CaptureRole::Candidate;
    return fail(Errc::Usage, "the role is baseline, candidate or none, not '" + role + "'");
}

// What a person would ask for first.
std::string contentOf(const CaptureInfo &info)
{
    const auto count = [](std::uint64_t n) { return formatCount(static_cast<std::int64_t>(n)); };
    if (info.requests > 0)
        return count(info.requests) + " requests";
    if (info.kind == "trace")
        return count(info.slices) + " slices";
    if (info.kind == "benchmarks")
        return "benchmarks";
    // Figures without the requests that they are about.
    return info.kind == "load test" ? "a summary" : count(info.samples) + " samples";
}

void printOutcome(std::ostream &log, const CaptureInfo &info)
{
    log << CaptureText(info.desc.name).toTerminal() << ": " << info.desc.formatId << ", "
        << contentOf(info) << ", capture " << info.id.raw << '\n';
    for (const auto &note : info.meta.notes) {
        if (note.severity < Severity::Notice)
            continue;
        log << "  " << (note.severity >= Severity::DataLoss ? "data loss: " : "note: ") << note.code
            << " x " << note.count << ' ' << CaptureText(note.detail).toTerminal() << '\n';
    }
}

Result<ImportRequest> baseRequest(const Flags &flags)
{
    ImportRequest request;
    request.name = flags.name;
    request.formatId = flags.format;
    request.options.strict = flags.strict;
    FW_ASSIGN(request.role, parseRole(flags.role));
    if (!flags.start.empty()) {
        FW_ASSIGN(request.startedAtNs, parseInstant(flags.start));
    }
    for (const auto &directory : flags.symbols)
        request.symbols.directories.emplace_back(directory);
    request.symbols.kallsyms = flags.kallsyms;
    return request;
}

// A reader of its own: a session that is being read does not close.
Result<std::vector<CaptureInfo>> capturesOf(const Session &session)
{
    FW_ASSIGN(const auto reader, session.reader());
    return reader->captures();
}

// import --symbols DIR --append -o S.fws, or import S.fws#2 --symbols DIR --append: names again
// what is there already.
Result<> resymbolizeAll(VerbRun &run, const std::string &argument, const ImportRequest &request)
{
    const auto hash = argument.rfind('#');
    const bool whole = isSessionFile(argument);
    const auto path = whole ? argument : argument.substr(0, hash);
    FW_ASSIGN(const auto session, openSession(path, OpenMode::ReadWrite));
    if (session->readOnly())
        return fail(Errc::Busy, "the session cannot be written: " + session->readOnlyReason());
    FW_ASSIGN(const auto captures, capturesOf(*session));
    bool found = false;
    for (const auto &capture : captures) {
        const auto id = std::to_string(capture.id.raw);
        if (!whole && argument.substr(hash + 1) != id &&
            argument.substr(hash + 1) != capture.desc.name)
            continue;
        found = true;
        FW_ASSIGN(const auto info,
                  run.workbench.resymbolize(*session, capture.id, request.symbols, run.job));
        printOutcome(run.log, info);
    }
    if (!found)
        return fail(Errc::Usage, "the session has no such capture: " + argument);
    return session->close();
}

bool namesSession(const std::string &argument)
{
    const auto hash = argument.rfind('#');
    return isSessionFile(argument) ||
           (hash != std::string::npos && isSessionFile(argument.substr(0, hash)));
}

Result<> importOne(VerbRun &run, Session &session, const std::string &file,
                   const ImportRequest &base)
{
    if (namesSession(file)) {
        // Somebody's session: its captures become ours.
        FW_ASSIGN(const auto opened, openCapture(run.workbench, file, base, run.job));
        FW_ASSIGN(const auto reader, opened.session().reader());
        for (const auto &capture : opened.captures()) {
            FW_ASSIGN(const auto id, copyCapture(*reader, capture, session, run.job));
            FW_ASSIGN(const auto mine, session.reader());
            FW_ASSIGN(const auto info, mine->capture(id));
            printOutcome(run.log, info);
        }
        return {};
    }
    std::error_code error;
    if (std::filesystem::is_directory(file, error)) {
        FW_ASSIGN(const auto all, importDirectory(run.workbench, session, file, base, run.job));
        for (const auto &capture : all.captures)
            printOutcome(run.log, capture);
        for (const auto &line : all.leftOut(file))
            run.log << CaptureText(line).toTerminal() << '\n';
        return {};
    }
    auto request = base;
    request.input = file;
    auto outcome = run.workbench.import(session, request, run.job);
    if (!outcome.has_value())
        return fail(std::move(outcome).error().in(file));
    printOutcome(run.log, outcome->capture);
    return {};
}

Result<ExitCode> runImport(VerbRun &run, const Flags &flags)
{
    FW_ASSIGN(const auto request, baseRequest(flags));
    if (flags.append && flags.files.empty()) {
        FW_TRY(resymbolizeAll(run, flags.session, request));
        return ExitCode::Ok;
    }
    const bool onlySymbols =
        flags.append && !flags.symbols.empty() && flags.files.size() == 1 &&
        namesSession(flags.files.front()) &&
        (flags.session.empty() || flags.files.front().starts_with(flags.session));
    if (onlySymbols) {
        FW_TRY(resymbolizeAll(run, flags.files.front(), request));
        return ExitCode::Ok;
    }
    if (flags.files.empty())
        return fail(Errc::Usage, "name the files to import");
    if (flags.session.empty())
        return fail(Errc::Usage, "say where to: -o SESSION.fws");
    std::error_code error;
    const bool exists = std::filesystem::exists(flags.session, error);
    if (exists && !flags.append)
        return fail(Errc::Usage, flags.session + " exists already; add to it with --append");
    auto opened = openSession(flags.session, exists ? OpenMode::ReadWrite : OpenMode::Create);
    if (!opened.has_value())
        return fail(std::move(opened).error());
    auto session = *std::move(opened);
    Result<> done;
    std::size_t imported = 0;
    for (const auto &file : flags.files) {
        done = importOne(run, *session, file, request);
        if (!done.has_value())
            break;
        ++imported;
    }
    const auto closed = session->close();
    session.reset();
    // A session that was only made for a failed import is nothing to keep.
    if (!done.has_value() && !exists && imported == 0)
        std::filesystem::remove(flags.session, error);
    FW_TRY(done);
    FW_TRY(closed);
    return ExitCode::Ok;
}

} // namespace

Verb::Work declareImport(CLI::App &command)
{
    auto flags = std::make_shared<Flags>();
    command.add_option("FILE", flags->files,
                       "Captures to read, or directories of them; - is standard input");
    command.add_option("-o,--output", flags->session, "The session file");
    command.add_flag("--append", flags->append,
                     "Add to an existing session; without FILE: look symbols up again");
    command.add_option("--name", flags->name, "What to call the capture");
    command.add_option("--role", flags->role, "baseline or candidate");
    command.add_option("--format", flags->format, "Do not detect: read as this format");
    command.add_option("--start", flags->start,
                       "Wall-clock time of the first event: RFC 3339 or epoch nanoseconds");
    command.add_option("--symbols", flags->symbols, "Look for symbols in this directory first");
    command.add_option("--kallsyms", flags->kallsyms, "Kernel symbols (a copy of /proc/kallsyms)");
    command.add_flag("--strict", flags->strict, "Refuse an input from which data was lost");
    return [flags](VerbRun &run) { return runImport(run, *flags); };
}

} // namespace flamewright
