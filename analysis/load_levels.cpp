#include "analysis/load_levels.h"

#include "analysis/load_clock.h"
#include "analysis/plateaus.h"

#include <algorithm>
#include <optional>

namespace flamewright {
namespace {

constexpr std::size_t kRequestsPerStep = 50;
constexpr std::size_t kLeastSteps = 20, kMostSteps = 300;
constexpr std::int64_t kClockUnits = 5; // in a step, at least
constexpr std::size_t kRampWindows = 12;
// Phases that overlap for more than this share of their time do not follow one another.
constexpr double kMostOverlap = 0.1;
constexpr std::size_t kMostPhases = 64;

std::int64_t endOf(const LoadRows &rows, std::size_t i)
{
    return saturatingAdd(rows.begin[i], std::max<std::int64_t>(rows.latency[i], 0));
}

struct Span {
    std::int64_t begin = INT64_MAX, end = INT64_MIN;
    bool empty() const { return begin > end; }
    void add(std::int64_t from, std::int64_t to)
    {
        begin = std::min(begin, from);
        end = std::max(end, to);
    }
    // Half open: with the end of a request that took no time.
    std::int64_t pastEnd() const { return saturatingAdd(end, 1); }
};

std::vector<Span> spansOf(const LoadRows &rows, const std::vector<std::uint8_t> &of,
                          std::size_t count)
{
    std::vector<Span> out(count);
    for (auto i = rows.firstTimed(); i < rows.size(); ++i)
        out[of[i]].add(rows.begin[i], endOf(rows, i));
    return out;
}

LoadLevels byCaptures(const LoadRows &rows, const std::vector<Span> &spans)
{
    LoadLevels out;
    out.from = LevelsFrom::Captures;
    for (std::size_t c = 0; c < spans.size(); ++c) {
        if (spans[c].empty())
            continue;
        out.levels.push_back(
            measureLevel(rows, static_cast<std::uint8_t>(c), spans[c].begin, spans[c].pastEnd()));
        out.levels.back().name = rows.captures[c].name;
    }
    std::stable_sort(
        out.levels.begin(), out.levels.end(),
        [](const LoadLevel &a, const LoadLevel &b) { return a.concurrency < b.concurrency; });
    return out;
}

struct PhaseSpan {
    std::uint32_t phase = 0;
    Span span;
};

std::vector<PhaseSpan> phasesOf(const LoadRows &rows, std::uint8_t capture)
{
    std::vector<Span> spans(std::max<std::size_t>(rows.phases.size(), 1));
    for (auto i = rows.firstTimed(); i < rows.size(); ++i) {
        if (rows.capture[i] == capture)
            spans[rows.phase[i]].add(rows.begin[i], endOf(rows, i));
    }
    std::vector<PhaseSpan> out;
    for (std::size_t p = 0; p < spans.size(); ++p) {
        if (!spans[p].empty())
            out.push_back({static_cast<std::uint32_t>(p), spans[p]});
    }
    std::stable_sort(out.begin(), out.end(), [](const PhaseSpan &a, const PhaseSpan &b) {
        return a.span.begin < b.span.begin;
    });
    return out;
}

bool followOneAnother(const std::vector<PhaseSpan> &phases)
{
    if (phases.size() < 2 || phases.size() > kMostPhases)
        return false;
    double overlap = 0, length = 0;
    auto reached = phases.front().span.begin;
    for (const auto &[phase, span] : phases) {
        overlap += static_cast<double>(
            std::max<std::int64_t>(std::min(reached, span.end) - span.begin, 0));
        length += static_cast<double>(span.end - span.begin);
        reached = std::max(reached, span.end);
    }
    return overlap <= kMostOverlap * length;
}

LoadLevels byPhases(const LoadRows &rows, std::uint8_t capture,
                    const std::vector<PhaseSpan> &phases)
{
    LoadLevels out;
    out.from = LevelsFrom::Phases;
    for (const auto &part : phases) {
        out.levels.push_back(measureLevel(rows, capture, part.span.begin, part.span.pastEnd()));
        if (part.phase < rows.phases.size())
            out.levels.back().name = rows.phases[part.phase];
    }
    return out;
}

struct Signal {
    LevelsFrom from;
    const std::vector<double> *values;
};

Signal leastNoisy(const LoadSeries &series)
{
    Signal best{LevelsFrom::Sent, &series.sentPerSecond};
    auto least = relativeNoise(series.sentPerSecond);
    // The later wins a tie: the cause is a better sign than the effect.
    for (const Signal &other : {Signal{LevelsFrom::InFlight, &series.inFlight},
                                Signal{LevelsFrom::Workers, &series.workers}}) {
        if (other.values->empty())
            continue;
        const auto noise = relativeNoise(*other.values);
        if (noise <= least) {
            best = other;
            least = noise;
        }
    }
    return best;
}

LoadLevels bySteps(const LoadRows &rows, std::uint8_t capture, const Span &span,
                   std::size_t requests)
{
    LoadLevels out;
    // A clock of whole seconds puts all that begins in a second at its start.
    const auto told = (span.end - span.begin) / (kClockUnits * clockUnit(rows, capture));
    const auto steps =
        std::clamp(std::min(requests / kRequestsPerStep, static_cast<std::size_t>(told)),
                   std::size_t{1}, kMostSteps);
    out.series = loadSeries(rows, capture, steps);
    const auto at = [&](std::size_t step) {
        __extension__ using Wide = __int128;
        const auto time =
            Wide{out.series.beginNs} + Wide{out.series.stepNs} * static_cast<Wide>(step);
        return static_cast<std::int64_t>(std::min(time, Wide{span.pastEnd()}));
    };
    const auto size = out.series.size();
    std::vector<Plateau> found; // with the ramps between them
    out.from = LevelsFrom::Whole;
    if (steps >= kLeastSteps && size >= kLeastSteps) {
        const auto signal = leastNoisy(out.series);
        found = plateaus(*signal.values);
        std::size_t steady = 0;
        for (const auto &plateau : found)
            steady += plateau.steady ? plateau.end - plateau.begin : 0;
        if (2 * steady < size)
            out.from = LevelsFrom::Ramp;
        else if (found.size() > 1)
            out.from = signal.from;
    }
    if (out.from == LevelsFrom::Ramp) {
        for (std::size_t i = 0; i < kRampWindows; ++i)
            out.levels.push_back(measureLevel(rows, capture, at(i * size / kRampWindows),
                                              at((i + 1) * size / kRampWindows)));
    } else if (out.from != LevelsFrom::Whole) {
        for (const auto &plateau : found) {
            if (!plateau.steady)
                continue;
            auto level = measureLevel(rows, capture, at(plateau.begin + 1), at(plateau.end - 1));
            // Where nothing is sent, the test waits for its last answers.
            if (level.requests > 0)
                out.levels.push_back(std::move(level));
        }
        // One level between a ramp up and a ramp down.
        const auto most = std::any_of(found.begin(), found.end(), [size](const Plateau &plateau) {
            return plateau.steady && 10 * (plateau.end - plateau.begin) >= 8 * size;
        });
        if (most || out.levels.size() < 2)
            out.from = LevelsFrom::Whole;
    }
    if (out.from == LevelsFrom::Whole)
        out.levels = {measureLevel(rows, capture, span.begin, span.pastEnd())};
    return out;
}

} // namespace

const char *describe(LevelsFrom from)
{
    switch (from) {
    case LevelsFrom::Nothing: return "no times";
    case LevelsFrom::Whole: return "the whole test: its load does not change in steps";
    case LevelsFrom::Captures: return "captures";
    case LevelsFrom::Phases: return "phases";
    case LevelsFrom::Workers: return "steps of the number of busy workers";
    case LevelsFrom::InFlight: return "steps of the number of requests in flight";
    case LevelsFrom::Sent: return "steps of the rate of requests";
    case LevelsFrom::Ramp: return "windows of equal length: the load changes all the time";
    }
    return "";
}

LoadLevel measureLevel(const LoadRows &rows, std::uint8_t capture, std::int64_t beginNs,
                       std::int64_t endNs)
{
    LoadLevel out;
    out.capture = capture;
    out.beginNs = beginNs;
    out.endNs = std::max(beginNs, endNs);
    __extension__ using Wide = __int128;
    Wide underWay = 0;
    std::uint64_t achieved = 0;
    std::vector<std::int64_t> latencies;
    for (auto i = rows.firstTimed(); i < rows.size() && rows.begin[i] < endNs; ++i) {
        if (rows.capture[i] != capture)
            continue;
        const auto end = endOf(rows, i);
        const auto overlap = std::min(end, endNs) - std::max(rows.begin[i], beginNs);
        if (overlap > 0)
            underWay += overlap;
        if (rows.failed[i] == 0 && end >= beginNs && end < endNs)
            ++achieved;
        if (rows.begin[i] < beginNs)
            continue;
        ++out.requests;
        out.errors += rows.failed[i];
        if (rows.failed[i] == 0)
            latencies.push_back(rows.latency[i]);
    }
    out.latency = summarizeLatencies(latencies);
    if (out.endNs > out.beginNs) {
        const auto length = static_cast<double>(out.endNs - out.beginNs);
        out.concurrency = static_cast<double>(underWay) / length;
        out.offeredPerSecond = static_cast<double>(out.requests) * 1e9 / length;
        out.achievedPerSecond = static_cast<double>(achieved) * 1e9 / length;
    }
    return out;
}

LoadLevels loadLevels(const LoadRows &rows, LevelsBy by)
{
    const auto spans = spansOf(rows, rows.capture, rows.captures.size());
    const auto timed = static_cast<std::size_t>(
        std::count_if(spans.begin(), spans.end(), [](const Span &span) { return !span.empty(); }));
    if (timed == 0)
        return {};
    if (by == LevelsBy::Captures || (by == LevelsBy::Automatic && timed > 1))
        return byCaptures(rows, spans);
    const auto first = static_cast<std::uint8_t>(
        std::find_if(spans.begin(), spans.end(), [](const Span &span) { return !span.empty(); }) -
        spans.begin());
    if (by != LevelsBy::Steps) {
        const auto phases = phasesOf(rows, first);
        if (by == LevelsBy::Phases || followOneAnother(phases))
            return byPhases(rows, first, phases);
    }
    return loadSteps(rows, first);
}

LoadLevels loadSteps(const LoadRows &rows, std::uint8_t capture)
{
    Span span;
    std::size_t requests = 0;
    for (auto i = rows.firstTimed(); i < rows.size(); ++i) {
        if (rows.capture[i] != capture)
            continue;
        span.add(rows.begin[i], endOf(rows, i));
        ++requests;
    }
    return requests == 0 ? LoadLevels{} : bySteps(rows, capture, span, requests);
}

} // namespace flamewright
