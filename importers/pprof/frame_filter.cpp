#include "importers/pprof/frame_filter.h"

#include <memory>
#include <re2/re2.h>
#include <string>

namespace flamewright::pprof {
namespace {

// RE2 is the syntax that the format means, and runs in linear time whatever the expression.
std::unique_ptr<RE2> compile(std::string_view pattern)
{
    RE2::Options options;
    options.set_log_errors(false);
    options.set_never_capture(true);
    auto regex = std::make_unique<RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
    return regex->ok() ? std::move(regex) : nullptr;
}

bool matches(const RE2 &regex, std::string_view text)
{
    return RE2::FullMatch(re2::StringPiece(text.data(), text.size()), regex);
}

} // namespace

std::string_view nameForFilter(std::string_view function)
{
    if (function.starts_with('.'))
        function.remove_prefix(1);
    for (std::size_t at = 0; (at = function.find('(', at)) != std::string_view::npos;) {
        constexpr std::string_view kAnonymous = "(anonymous namespace)", kOperator = "operator()";
        if (function.substr(at).starts_with(kAnonymous)) {
            at += kAnonymous.size();
        } else if (function.substr(0, at + 2).ends_with(kOperator)) {
            at += 2;
        } else {
            return function.substr(0, at);
        }
    }
    return function;
}

FrameFilter FrameFilter::apply(Tables &tables, RecordSink &sink)
{
    FrameFilter filter;
    const auto dropText = tables.text(tables.dropFrames), keepText = tables.text(tables.keepFrames);
    if (dropText.empty())
        return filter;
    const auto drop = compile(dropText);
    const auto keep = keepText.empty() ? nullptr : compile(keepText);
    if (!drop || (!keep && !keepText.empty())) {
        sink.note(Severity::Notice, "pprof_bad_frame_filter", 0,
                  "drop_frames or keep_frames is not a regular expression; all frames are shown");
        return filter;
    }
    // By function, because many locations share one.
    std::vector<bool> dropped(tables.functions.size());
    for (std::size_t i = 0; i < dropped.size(); ++i) {
        const auto name = nameForFilter(tables.text(tables.functions[i].name));
        dropped[i] = !tables.text(tables.functions[i].name).empty() && matches(*drop, name) &&
                     !(keep && matches(*keep, name));
    }
    filter.m_match.resize(tables.locations.size(), Match::No);
    for (std::size_t i = 0; i < tables.locations.size(); ++i) {
        auto &location = tables.locations[i];
        // The outermost line that is to be dropped takes everything inlined into it along.
        for (auto line = location.lineEnd; line-- > location.lineBegin;) {
            const auto function = tables.lines[line].function;
            if (function == IdIndex::kNone || !dropped[function])
                continue;
            const bool whole = line + 1 == location.lineEnd;
            filter.m_match[i] = whole ? Match::Whole : Match::Beneath;
            if (!whole)
                location.lineBegin = line + 1;
            break;
        }
    }
    return filter;
}

std::size_t FrameFilter::droppedLeaves(const std::vector<std::uint32_t> &locations) const
{
    if (m_match.empty())
        return 0;
    // From the root: what comes before the first frame of the user's own is kept, so that a stack
    // of nothing but runtime does not vanish.
    bool foundUser = false;
    for (auto i = locations.size(); i-- > 0;) {
        const auto match = locations[i] == IdIndex::kNone ? Match::No : m_match[locations[i]];
        if (match == Match::No)
            foundUser = true;
        else if (foundUser)
            return match == Match::Whole ? i + 1 : i;
    }
    return 0;
}

} // namespace flamewright::pprof
