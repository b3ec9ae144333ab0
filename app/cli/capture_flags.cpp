#include "app/cli/capture_flags.h"

#include "capture/base/capture_text.h"

#include <algorithm>

namespace flamewright {
namespace {

// A thread is meant by name, tid or "process/thread" of names; a process by name or pid.
bool trackMatches(const CaptureMeta &meta, const TrackRow &track, const std::string &wanted)
{
    if (track.name == wanted || std::to_string(track.tid) == wanted)
        return true;
    if (track.kind == TrackKind::Process)
        return std::to_string(track.pid) == wanted;
    const auto parent = track.parent.raw;
    return parent != 0 && parent <= meta.tracks.size() &&
           meta.tracks[parent - 1].name + "/" + track.name == wanted;
}

Result<TimeRange> rangeOf(const CaptureInfo &capture, const std::string &from,
                          const std::string &to)
{
    const auto after = [&](std::int64_t ns) {
        const auto begin = capture.span->begin.time_since_epoch().count();
        return Timestamp{Duration{saturatingAdd(begin, ns)}};
    };
    auto range = *capture.span;
    if (!to.empty()) {
        FW_ASSIGN(const auto ns, parseDuration(to));
        range.end = after(ns);
    }
    if (!from.empty()) {
        FW_ASSIGN(const auto ns, parseDuration(from));
        range.begin = after(ns);
    }
    return range;
}

// "focus, focus-subtree, ..."
std::string transformKinds()
{
    std::string out;
    for (std::size_t kind = 0; kind < kTransformKinds; ++kind) {
        out += out.empty() ? "" : ", ";
        out += nameOf(static_cast<TransformKind>(kind));
    }
    return out;
}

} // namespace

std::shared_ptr<CaptureFlags> CaptureFlags::declare(CLI::App &command)
{
    auto flags = std::make_shared<CaptureFlags>();
    command
        .add_option("CAPTURE", flags->capture, "A raw file, SESSION[#id-or-name] or a directory")
        ->required();
    command.add_option("--measure", flags->measure,
                       "What to add up, e.g. cpu-clock or alloc_space; \"samples\" counts samples");
    command.add_option("--begin", flags->from, "Only from this time after the first sample (1.5s)");
    command.add_option("--end", flags->to, "Only up to this time after the first sample");
    command.add_option("--thread", flags->threads,
                       "Only this thread or process: name, id or process/thread");
    command.add_option("--search", flags->search, "Text or /regex/i");
    command.add_option("--transform", flags->transforms,
                       "KIND:PATTERN, done to every stack, in the order given. Kinds: " +
                           transformKinds());
    command.add_option("--format", flags->format, "Read a raw file as this format");
    command.add_option("--symbols", flags->symbols, "Look for symbols in this directory first");
    command.add_option("--kallsyms", flags->kallsyms, "Kernel symbols (a copy of /proc/kallsyms)");
    command.add_flag("--no-inlines", flags->noInlines,
                     "Count inlined code as the function it was inlined into");
    command.add_flag("--strict", flags->strict, "Refuse a raw file from which data was lost");
    return flags;
}

ImportRequest CaptureFlags::importRequest() const
{
    ImportRequest request;
    request.formatId = format;
    request.options.strict = strict;
    for (const auto &directory : symbols)
        request.symbols.directories.emplace_back(directory);
    request.symbols.kallsyms = kallsyms;
    return request;
}

Result<OpenedCapture> CaptureFlags::open(VerbRun &run) const
{
    auto opened = openCapture(run.workbench, capture, importRequest(), run.job);
    if (opened.has_value()) {
        for (const auto &line : opened->leftOut())
            run.log << CaptureText(line).toTerminal() << '\n';
    }
    return opened;
}

Result<Scope> CaptureFlags::scope(const OpenedCapture &opened) const
{
    Scope scope;
    scope.measure = measure;
    scope.search = search;
    scope.inlines = !noInlines;
    for (const auto &text : transforms) {
        FW_ASSIGN(auto transform, parseTransform(text));
        scope.transforms.push_back(std::move(transform));
    }
    const auto &captures = opened.captures();
    for (const auto &info : captures)
        scope.captures.push_back(info.id);
    if (!from.empty() || !to.empty()) {
        const auto it = std::find_if(captures.begin(), captures.end(),
                                     [](const CaptureInfo &c) { return c.span.has_value(); });
        if (it == captures.end())
            return fail(Errc::Usage, "--begin and --end need samples with times; this capture is "
                                     "an aggregate without them");
        FW_ASSIGN(const auto range, rangeOf(*it, from, to));
        scope.times.push_back(range);
    }
    for (const auto &wanted : threads) {
        const auto before = scope.tracks.size();
        for (const auto &info : captures) {
            for (std::size_t i = 0; i < info.meta.tracks.size(); ++i) {
                if (trackMatches(info.meta, info.meta.tracks[i], wanted))
                    scope.tracks.push_back({info.id, TrackId{static_cast<std::uint32_t>(i + 1)}});
            }
        }
        if (scope.tracks.size() == before)
            return fail(Errc::Usage, "there is no thread or process '" + wanted + "'");
    }
    return scope;
}

} // namespace flamewright
