#include "analysis/compare/phase_alignment.h"

#include "analysis/load_findings.h"
#include "analysis/load_levels.h"
#include "analysis/order_statistics.h"

#include <algorithm>
#include <optional>

namespace flamewright {
namespace {

constexpr std::size_t kMostBins = 10'000;

// From the first request to the last one that is sent.
std::optional<LoadSpan> spanOf(const LoadRows &rows)
{
    const auto first = rows.firstTimed();
    if (first == rows.size())
        return std::nullopt;
    return LoadSpan{rows.begin[first], saturatingAdd(rows.begin.back(), 1)};
}

AlignedStretch stretchOf(std::string phase, LoadSpan base, LoadSpan cand)
{
    return {std::move(phase), base.beginNs, base.endNs, cand.beginNs, cand.endNs};
}

// Phases with equal names, in the order of both. false: there are none.
bool byPhases(const LoadLevels &base, const LoadLevels &cand, PhaseAlignment &out)
{
    std::size_t next = 0;
    for (const auto &phase : base.levels) {
        auto other = next;
        while (other < cand.levels.size() && cand.levels[other].name != phase.name)
            ++other;
        if (other == cand.levels.size()) {
            out.onlyBase.push_back(phase.name);
            continue;
        }
        for (; next < other; ++next)
            out.onlyCand.push_back(cand.levels[next].name);
        ++next;
        const auto &with = cand.levels[other];
        out.stretches.push_back(
            stretchOf(phase.name, {phase.beginNs, phase.endNs}, {with.beginNs, with.endNs}));
    }
    for (; next < cand.levels.size(); ++next)
        out.onlyCand.push_back(cand.levels[next].name);
    if (out.stretches.empty())
        return false;
    out.by = AlignedBy::Phases;
    return true;
}

bool areSteps(LevelsFrom from)
{
    return from == LevelsFrom::Workers || from == LevelsFrom::InFlight || from == LevelsFrom::Sent;
}

PhaseAlignment byLevels(const LoadLevels &base, const LoadLevels &cand)
{
    PhaseAlignment out{.by = AlignedBy::Levels};
    for (std::size_t i = 0; i < base.levels.size(); ++i) {
        const auto &a = base.levels[i], &b = cand.levels[i];
        out.stretches.push_back(stretchOf("level " + std::to_string(i + 1), {a.beginNs, a.endNs},
                                          {b.beginNs, b.endNs}));
    }
    return out;
}

PhaseAlignment byStart(const LoadRows &base, const LoadRows &cand, LoadSpan before, LoadSpan after)
{
    PhaseAlignment out{.by = AlignedBy::Start};
    const auto end = [](const LoadRows &rows, const LoadSpan &span) {
        const auto warm = offeredWarmUp(rows, rows.capture[rows.firstTimed()]);
        return warm ? std::clamp(warm->endNs, span.beginNs, span.endNs) : span.beginNs;
    };
    const auto mine = end(base, before), other = end(cand, after);
    if (mine > before.beginNs || other > after.beginNs) {
        out.by = AlignedBy::WarmUp;
        out.stretches.push_back(
            stretchOf("warm-up", {before.beginNs, mine}, {after.beginNs, other}));
    }
    out.stretches.push_back(stretchOf("", {mine, before.endNs}, {other, after.endNs}));
    return out;
}

// 1, 2 or 5 times a power of ten, at least `ns`.
std::int64_t roundUp(std::int64_t ns)
{
    std::int64_t power = 1;
    while (power <= INT64_MAX / 100 && power * 10 <= ns)
        power *= 10;
    for (const std::int64_t times : {1, 2, 5, 10}) {
        if (power * times >= ns)
            return power * times;
    }
    return power * 10;
}

std::int64_t percentileOf(std::span<const std::int64_t> values, unsigned perMyriad)
{
    const auto rank = nearestRank(perMyriad, values.size());
    if (rank >= values.size())
        return AlignedSide::kTooFew;
    const std::uint64_t ranks[] = {rank};
    return valuesAtRanks(values, ranks).front();
}

void addBin(const LoadRows &rows, LoadSpan span, std::size_t bin, AlignedSide &out)
{
    const auto at = [&](std::int64_t ns) {
        return static_cast<std::size_t>(std::lower_bound(rows.begin.begin(), rows.begin.end(), ns) -
                                        rows.begin.begin());
    };
    std::vector<std::int64_t> latencies;
    for (auto i = at(span.beginNs), end = at(span.endNs); i < end; ++i) {
        ++out.count[bin];
        if (rows.failed[i] != 0)
            ++out.failed[bin];
        else
            latencies.push_back(rows.latency[i]);
    }
    out.seconds[bin] = static_cast<double>(span.endNs - span.beginNs) / 1e9;
    for (std::size_t p = 0; p < kTimelinePercentiles.size(); ++p)
        out.percentiles[p][bin] = percentileOf(latencies, kTimelinePercentiles[p].perMyriad);
}

void addStretch(const LoadRows &rows, LoadSpan span, const AlignedSeries::Stretch &stretch,
                std::int64_t binNs, AlignedSide &out)
{
    for (std::size_t k = 0; k < stretch.bins; ++k) {
        const auto begin = saturatingAdd(span.beginNs, static_cast<std::int64_t>(k) * binNs);
        if (begin >= span.endNs)
            break;
        addBin(rows, {begin, std::min(saturatingAdd(begin, binNs), span.endNs)},
               stretch.firstBin + k, out);
    }
}

} // namespace

std::int64_t AlignedStretch::length() const
{
    return std::max({baseEnd - baseBegin, candEnd - candBegin, std::int64_t{0}});
}

const char *describe(AlignedBy by)
{
    switch (by) {
    case AlignedBy::Nothing: return "nothing";
    case AlignedBy::Phases: return "names of phases";
    case AlignedBy::Levels: return "levels of load";
    case AlignedBy::WarmUp: return "the end of the warm-up";
    case AlignedBy::Start: return "the start";
    }
    return "nothing";
}

PhaseAlignment alignPhases(const LoadRows &base, const LoadRows &cand)
{
    PhaseAlignment out;
    const auto before = spanOf(base), after = spanOf(cand);
    if (!before || !after)
        return out;
    const auto mine = loadLevels(base), other = loadLevels(cand);
    if (mine.from == LevelsFrom::Phases && other.from == LevelsFrom::Phases) {
        if (byPhases(mine, other, out))
            return out;
        out = {};
    }
    if (areSteps(mine.from) && areSteps(other.from) && mine.levels.size() > 1 &&
        mine.levels.size() == other.levels.size())
        return byLevels(mine, other);
    return byStart(base, cand, *before, *after);
}

AlignedSeries alignedSeries(const LoadRows &base, const LoadRows &cand,
                            const PhaseAlignment &alignment, std::size_t bins)
{
    AlignedSeries out;
    std::int64_t total = 0;
    for (const auto &stretch : alignment.stretches)
        total = saturatingAdd(total, stretch.length());
    if (total <= 0)
        return out;
    bins = std::clamp<std::size_t>(bins, 1, kMostBins);
    out.binNs = roundUp(std::max<std::int64_t>(total / static_cast<std::int64_t>(bins), 1));
    for (const auto &stretch : alignment.stretches) {
        auto &added = out.stretches.emplace_back();
        added.phase = stretch.phase;
        added.beginNs = out.endNs;
        out.endNs = saturatingAdd(out.endNs, stretch.length());
        added.endNs = out.endNs;
        added.firstBin = out.binBegin.size();
        for (auto at = added.beginNs; at < added.endNs; at = saturatingAdd(at, out.binNs))
            out.binBegin.push_back(at);
        added.bins = out.binBegin.size() - added.firstBin;
    }
    for (auto *side : {&out.base, &out.cand}) {
        side->count.assign(out.binBegin.size(), 0);
        side->failed.assign(out.binBegin.size(), 0);
        side->seconds.assign(out.binBegin.size(), 0);
        for (auto &column : side->percentiles)
            column.assign(out.binBegin.size(), AlignedSide::kTooFew);
    }
    for (std::size_t i = 0; i < out.stretches.size(); ++i) {
        const auto &of = alignment.stretches[i];
        addStretch(base, {of.baseBegin, of.baseEnd}, out.stretches[i], out.binNs, out.base);
        addStretch(cand, {of.candBegin, of.candEnd}, out.stretches[i], out.binNs, out.cand);
    }
    return out;
}

} // namespace flamewright
