#include "app/cli/capture_flags.h"
#include "app/cli/json_writer.h"
#include "app/cli/verb.h"
#include "app/cli/verbs.h"
#include "app/clock_align.h"
#include "capture/base/capture_text.h"
#include "capture/base/format_value.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <ostream>

namespace flamewright {
namespace {

struct Flags {
    std::string session, move, to, event, by;
    bool json = false;
};

Result<CaptureInfo> captureNamed(const std::vector<CaptureInfo> &captures, const std::string &name)
{
    const CaptureInfo *found = nullptr;
    for (const auto &capture : captures) {
        if (std::to_string(capture.id.raw) == name)
            return capture;
        if (capture.desc.name != name)
            continue;
        if (found != nullptr)
            return fail(Errc::Usage, "several captures are called '" + name +
                                         "': give the number of one, which info says");
        found = &capture;
    }
    if (found == nullptr)
        return fail(Errc::NotFound, "the session has no capture '" + name + "'");
    return *found;
}

std::string signedDuration(std::int64_t ns)
{
    return (ns < 0 ? "-" : "+") + formatDuration(ns == INT64_MIN ? INT64_MAX : std::abs(ns));
}

Result<ExitCode> align(VerbRun &run, const Flags &flags)
{
    const int ways = static_cast<int>(!flags.by.empty()) + static_cast<int>(!flags.event.empty());
    if (ways > 1 || (flags.by.empty() && flags.to.empty()))
        return fail(Errc::Usage, "say --to CAPTURE (with --event or without), or --by TIME");
    FW_ASSIGN(const auto session, openSession(flags.session, OpenMode::ReadWrite));
    if (session->readOnly())
        return fail(Errc::Usage, "the session cannot be changed: " + session->readOnlyReason());
    FW_ASSIGN(const auto reader, session->reader());
    FW_ASSIGN(const auto captures, reader->captures());
    FW_ASSIGN(const auto moved, captureNamed(captures, flags.move));
    ClockOffset offset;
    const auto before = moved.meta.wallOffsetNs.value_or(0);
    std::int64_t after = 0;
    if (!flags.by.empty()) {
        FW_ASSIGN(const auto by, parseDuration(flags.by));
        FW_TRY(shiftClock(*session, moved, by));
        after = saturatingAdd(before, by);
    } else {
        FW_ASSIGN(const auto reference, captureNamed(captures, flags.to));
        if (reference.id == moved.id)
            return fail(Errc::Usage, "a capture cannot be put beside itself");
        FW_ASSIGN(offset,
                  flags.event.empty()
                      ? offsetByCalls(*reader, reference.id, moved.id, run.job)
                      : offsetByEvent(*reader, reference.id, moved.id, flags.event, run.job));
        FW_TRY(alignClocks(*session, reference, moved.id, offset.ns));
        after = saturatingAdd(reference.meta.wallOffsetNs.value_or(0), offset.ns);
    }
    FW_TRY(session->close());
    const auto movedBy = saturatingAdd(after, before == INT64_MIN ? INT64_MAX : -before);
    if (flags.json) {
        JsonWriter json(run.out);
        json.beginObject()
            .field("capture", std::int64_t{moved.id.raw})
            .field("moved_by_ns", movedBy)
            .field("wall_offset_ns", after)
            .field("uncertainty_ns", offset.uncertaintyNs)
            .field("calls", static_cast<std::int64_t>(offset.calls))
            .field("calls_that_nest", static_cast<std::int64_t>(offset.agreeing))
            .endObject();
        run.out << '\n';
        return ExitCode::Ok;
    }
    run.out << CaptureText(moved.desc.name).toTerminal() << " moved by " << signedDuration(movedBy);
    if (offset.calls > 0)
        run.out << " (within " << formatDuration(offset.uncertaintyNs)
                << "): " << formatCount(static_cast<std::int64_t>(offset.agreeing)) << " of "
                << formatCount(static_cast<std::int64_t>(offset.calls))
                << " calls between the captures lie within who waits for them";
    run.out << '\n';
    return ExitCode::Ok;
}

} // namespace

Verb::Work declareAlign(CLI::App &command)
{
    auto flags = std::make_shared<Flags>();
    command.add_option("SESSION", flags->session, "A session with several captures")->required();
    command.add_option("CAPTURE", flags->move, "Which to move: its number or name")->required();
    command.add_option("--to", flags->to, "The capture whose clock is right");
    command.add_option("--event", flags->event,
                       "Something that happened in both: its first slice of this name");
    command.add_option("--by", flags->by, "Move it by this much: 1.5s, -200ms");
    command.add_flag("--json", flags->json, "For programs");
    return [flags](VerbRun &run) -> Result<ExitCode> { return align(run, *flags); };
}

} // namespace flamewright
