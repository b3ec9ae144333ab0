#include "importers/formats.h"

#include <charconv>

namespace flamewright {
namespace {

// Brendan Gregg's collapsed stacks: "main;parse;read 42", root first, one stack a line.
// https://github.com/brendangregg/FlameGraph#2-fold-stacks
constexpr FormatInfo kFormat{"folded", "Collapsed stacks", "folded;collapsed"};

struct Line {
    std::string_view frames;
    std::int64_t count;
};

std::optional<Line> parseLine(std::string_view line)
{
    const auto space = line.rfind(' ');
    if (space == std::string_view::npos || space == 0)
        return std::nullopt;
    const auto digits = line.substr(space + 1);
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
    if (error != std::errc() || end != digits.data() + digits.size() || count < 0)
        return std::nullopt;
    return Line{line.substr(0, space), count};
}

bool isBlankOrComment(std::string_view line)
{
    return line.empty() || line.front() == '#';
}

StackId internStack(RecordSink &sink, std::string_view frames)
{
    StackId stack;
    while (!frames.empty()) {
        const auto cut = std::min(frames.find(';'), frames.size());
        if (cut > 0)
            stack = sink.stack(stack, sink.frame({.function = frames.substr(0, cut)}));
        frames.remove_prefix(std::min(cut + 1, frames.size()));
    }
    return stack;
}

class FoldedStacks final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }

    Match probe(const Probe &probe) const override
    {
        // The head may end in the middle of a line; only whole lines count as evidence.
        int good = 0;
        auto rest = probe.text();
        while (good < 3) {
            const auto newline = rest.find('\n');
            if (newline == std::string_view::npos && !probe.headIsAll)
                break;
            auto line = rest.substr(0, newline);
            if (line.ends_with('\r'))
                line.remove_suffix(1);
            if (!isBlankOrComment(line)) {
                const auto parsed = parseLine(line);
                if (!parsed || parsed->frames.find(';') == std::string_view::npos)
                    return Match::No;
                ++good;
            }
            if (newline == std::string_view::npos)
                break;
            rest.remove_prefix(newline + 1);
        }
        return good > 0 ? Match::Weak : Match::No;
    }

    Result<> run(ImportRun run) const override
    {
        const auto track = run.sink.track({.kind = TrackKind::Process, .name = "folded"});
        const auto samples = run.sink.measure({"samples", Unit::Count});
        LineReader lines(run.input);
        for (;;) {
            FW_ASSIGN(const auto line, lines.next());
            if (!line)
                return run.sink.status();
            if (isBlankOrComment(*line))
                continue;
            if (const auto parsed = parseLine(*line)) {
                run.sink.add({.track = track,
                              .stack = internStack(run.sink, parsed->frames),
                              .measure = samples,
                              .value = parsed->count,
                              .count = parsed->count});
            } else {
                run.sink.note(Severity::DataLoss, "folded_bad_line", lines.lineOffset(),
                              line->substr(0, 80));
            }
            run.job.setDone(lines.lineOffset());
            FW_TRY(run.job.checkpoint());
        }
    }
};

} // namespace

std::unique_ptr<Importer> makeFoldedStacks()
{
    return std::make_unique<FoldedStacks>();
}

} // namespace flamewright
