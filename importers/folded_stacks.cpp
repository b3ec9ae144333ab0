#include "importers/formats.h"
#include "importers/io/text_source.h"

#include <algorithm>
#include <charconv>
#include <string>

namespace flamewright {
namespace {

// Brendan Gregg's collapsed stacks: "main;parse;read 42", root first, one stack a line. With two
// counts it is a comparison, as difffolded.pl makes it: "main;parse;read 42 17", before and after.
// https://github.com/brendangregg/FlameGraph#2-fold-stacks
constexpr FormatInfo kFormat{"folded", "Collapsed stacks", "folded;collapsed;collapse"};

constexpr std::size_t kMaxLine = 16u << 20; // 50,000 frames with long names
constexpr std::size_t kLinesToDecide = 64;
constexpr std::uint32_t kMaxInlined = 1000; // in a row; less than the model's limit
constexpr unsigned kLinesPerCheck = 256;

struct Count {
    std::int64_t value = 0;
    bool fractional = false;
};

// "42", or "42.5" rounded to the nearest.
std::optional<Count> parseCount(std::string_view text)
{
    const auto dot = text.find('.');
    const auto whole = text.substr(0, dot);
    Count out;
    const auto [end, error] = std::from_chars(whole.data(), whole.data() + whole.size(), out.value);
    if (error != std::errc() || end != whole.data() + whole.size() || out.value < 0)
        return std::nullopt;
    if (dot == std::string_view::npos)
        return out;
    const auto fraction = text.substr(dot + 1);
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    if (fraction.empty() || !std::all_of(fraction.begin(), fraction.end(), isDigit))
        return std::nullopt;
    out.fractional = fraction.find_first_not_of('0') != std::string_view::npos;
    if (fraction.front() >= '5')
        out.value = saturatingAdd(out.value, 1);
    return out;
}

// Takes the last word off a line, when it is a count.
std::optional<Count> takeCount(std::string_view &line)
{
    while (!line.empty() && (line.back() == ' ' || line.back() == '\t'))
        line.remove_suffix(1);
    const auto space = line.find_last_of(" \t");
    if (space == std::string_view::npos || space == 0)
        return std::nullopt;
    const auto count = parseCount(line.substr(space + 1));
    if (count)
        line = line.substr(0, space);
    return count;
}

struct Line {
    std::string_view frames;
    Count count;
    std::optional<Count> after; // of a comparison, where `count` is before
};

std::optional<Line> parseLine(std::string_view line, bool comparison)
{
    const auto last = takeCount(line);
    if (!last || line.empty())
        return std::nullopt;
    if (!comparison)
        return Line{line, *last, {}};
    const auto first = takeCount(line);
    if (!first || line.empty())
        return std::nullopt;
    return Line{line, *first, last};
}

bool isBlankOrComment(std::string_view line)
{
    return line.empty() || line.front() == '#';
}

// What FlameGraph and async-profiler append to names.
struct Annotated {
    std::string_view name;
    FrameKind kind = FrameKind::Unknown;
    bool inlined = false;
};

Annotated parseAnnotation(std::string_view name)
{
    if (name.size() < 5 || !name.ends_with(']') || name.substr(name.size() - 4, 2) != "_[")
        return {name};
    const auto plain = name.substr(0, name.size() - 4);
    switch (name[name.size() - 2]) {
    case 'k': return {plain, FrameKind::Kernel};
    case 'j':
    case '1': return {plain, FrameKind::Jit};
    case '0': return {plain, FrameKind::Interpreter};
    case 'i': return {plain, FrameKind::Jit, true};
    case 'w': return {plain, FrameKind::Marker}; // who woke it up
    default: return {name};
    }
}

StackId internStack(RecordSink &sink, std::string_view frames)
{
    // `top` is the frame whose stack row waits: inlined callees hang into it first.
    StackId stack;
    FrameId top;
    std::uint32_t inlined = 0;
    while (!frames.empty()) {
        const auto cut = std::min(frames.find(';'), frames.size());
        const auto frame = parseAnnotation(frames.substr(0, cut));
        frames.remove_prefix(std::min(cut + 1, frames.size()));
        if (frame.name.empty())
            continue;
        if (frame.inlined && top.raw != 0 && inlined < kMaxInlined) {
            ++inlined;
            top = sink.frame(
                {.function = frame.name, .kind = frame.kind, .inlined = true, .outer = top});
            continue;
        }
        if (top.raw != 0)
            stack = sink.stack(stack, top);
        inlined = 0;
        top = sink.frame({.function = frame.name, .kind = frame.kind});
    }
    return top.raw != 0 ? sink.stack(stack, top) : stack;
}

// Every line that counts at all has two counts, and one that is left over for the frames.
bool isComparison(const std::vector<std::string> &lines)
{
    std::size_t two = 0, one = 0;
    for (const auto &line : lines) {
        if (isBlankOrComment(line))
            continue;
        if (parseLine(line, true))
            ++two;
        else if (parseLine(line, false))
            ++one;
    }
    return two > 0 && one == 0;
}

class FoldedReader {
public:
    explicit FoldedReader(ImportRun run)
        : m_run(run),
          m_sink(run.sink),
          m_text(run.input),
          m_lines(m_text, kMaxLine)
    {}
    Result<> run();

private:
    void line(std::string_view text, std::uint64_t offset);
    void add(MeasureId measure, StackId stack, const Count &count, std::uint64_t offset);

    ImportRun m_run;
    RecordSink &m_sink;
    TextSource m_text;
    LineReader m_lines;
    TrackId m_track;
    MeasureId m_samples, m_after;
    bool m_comparison = false;
};

void FoldedReader::add(MeasureId measure, StackId stack, const Count &count, std::uint64_t offset)
{
    if (count.fractional)
        m_sink.note(Severity::Notice, "folded_fractional_count", offset,
                    "counts with decimals were rounded to whole samples");
    m_sink.add({.track = m_track,
                .stack = stack,
                .measure = measure,
                .value = count.value,
                .count = count.value});
}

void FoldedReader::line(std::string_view text, std::uint64_t offset)
{
    if (isBlankOrComment(text))
        return;
    const auto parsed = parseLine(text, m_comparison);
    if (!parsed) {
        m_sink.note(Severity::DataLoss, "folded_bad_line", offset, text.substr(0, 80));
        return;
    }
    const auto stack = internStack(m_sink, parsed->frames);
    // A comparison is sparse: most stacks are on one side only.
    if (!m_comparison || parsed->count.value != 0)
        add(m_samples, stack, parsed->count, offset);
    if (parsed->after && parsed->after->value != 0)
        add(m_after, stack, *parsed->after, offset);
}

Result<> FoldedReader::run()
{
    if (const auto size = m_run.input.sizeHint())
        m_run.job.setTotal(*size);
    m_track = m_sink.track({.kind = TrackKind::Process, .name = "folded"});
    // Whether it is a comparison is decided by the first lines together.
    std::vector<std::string> first;
    std::vector<std::uint64_t> offsets;
    bool more = true;
    while (first.size() < kLinesToDecide) {
        FW_ASSIGN(const auto text, m_lines.next());
        more = text.has_value();
        if (!more)
            break;
        first.emplace_back(*text);
        offsets.push_back(m_lines.lineOffset());
    }
    m_comparison = isComparison(first);
    m_samples = m_sink.measure({m_comparison ? "samples (before)" : "samples", Unit::Count});
    if (m_comparison)
        m_after = m_sink.measure({"samples (after)", Unit::Count});
    for (std::size_t i = 0; i < first.size(); ++i)
        line(first[i], offsets[i]);
    FW_TRY(m_run.job.checkpoint());
    unsigned untilCheck = kLinesPerCheck;
    while (more) {
        FW_ASSIGN(const auto text, m_lines.next());
        if (!text)
            break;
        line(*text, m_lines.lineOffset());
        if (--untilCheck == 0) {
            untilCheck = kLinesPerCheck;
            m_run.job.setDone(m_lines.lineOffset());
            FW_TRY(m_run.job.checkpoint());
            FW_TRY(m_sink.status());
        }
    }
    FW_TRY(m_run.job.checkpoint());
    return m_sink.status();
}

class FoldedStacks final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }

    Match probe(const Probe &probe) const override
    {
        // Anything may end in a number, so nearly all lines must look right, and some of them
        // have more than one frame. The head may end in the middle of a line.
        const auto head = textHead(probe);
        std::string_view rest = head;
        int good = 0, deep = 0, bad = 0;
        while (!rest.empty() && good + bad < 200) {
            const auto newline = rest.find('\n');
            if (newline == std::string_view::npos && !probe.headIsAll && good > 0)
                break;
            auto text = rest.substr(0, newline);
            rest.remove_prefix(newline == std::string_view::npos ? rest.size() : newline + 1);
            if (text.ends_with('\r'))
                text.remove_suffix(1);
            if (isBlankOrComment(text))
                continue;
            const bool binary = std::any_of(text.begin(), text.end(),
                                            [](unsigned char c) { return c < 0x20 && c != '\t'; });
            const auto parsed = parseLine(text, false);
            if (binary || text.front() == '<' || text.front() == '{' || text.front() == '[') {
                if (binary || good == 0)
                    return Match::No;
            }
            good += parsed.has_value();
            bad += !parsed;
            deep += parsed && parsed->frames.find(';') != std::string_view::npos;
        }
        return deep > 0 && bad * 3 <= good && deep * 4 >= good ? Match::Weak : Match::No;
    }

    Result<> run(ImportRun run) const override { return FoldedReader(run).run(); }
};

} // namespace

std::unique_ptr<Importer> makeFoldedStacks()
{
    return std::make_unique<FoldedStacks>();
}

} // namespace flamewright
