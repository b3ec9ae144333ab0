#include "analysis/compare/endpoint_change.h"

#include "analysis/benchmark_stats.h"
#include "analysis/compare/drawn_change.h"
#include "analysis/order_statistics.h"
#include "capture/base/format_value.h"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace flamewright {
namespace {

// Of the shift function and of kPercentiles, ascending, in ten-thousandths.
constexpr std::array<unsigned, 22> kQuantiles{500,  1000, 1500, 2000, 2500, 3000, 3500, 4000,
                                              4500, 5000, 5500, 6000, 6500, 7000, 7500, 8000,
                                              8500, 9000, 9500, 9900, 9990, 9999};
constexpr unsigned kLastShift = 9990, kP99 = 9900;
constexpr std::size_t kRanked = 5000; // requests of a side: p of more says little

// One side of an endpoint.
struct Side {
    const ComparedSide &of;
    EndpointSample sample;
    EndpointDraws draws;
    RunParts parts;
    std::vector<std::int64_t> values; // of kQuantiles

    Side(const ComparedSide &side, std::optional<std::uint32_t> wanted)
        : of(side),
          sample(side.sample(wanted)),
          draws(drawEndpoint(sample, side.plan(), kQuantiles)),
          parts(side, sample, kQuantiles)
    {
        if (!sample.latency.empty()) {
            std::vector<std::uint64_t> ranks;
            for (const auto q : kQuantiles)
                ranks.push_back(nearestRank(q, sample.latency.size()));
            values = valuesAtRanks(sample.latency, ranks);
        }
        std::vector<std::uint32_t>().swap(sample.cell); // as large as the column
    }
    std::uint64_t count() const { return sample.latency.size(); }
    std::uint32_t runs() const { return static_cast<std::uint32_t>(of.runs()); }
    DrawnFigure figure(double value, const FigureDraws &figures) const
    {
        return {value, figures, count(), sample.blocks, runs()};
    }
    double mean() const
    {
        double sum = 0;
        for (const auto part : sample.sum)
            sum += part;
        return sum / static_cast<double>(count());
    }
    std::span<const std::int64_t> run(std::size_t r) const
    {
        const auto begin = r == 0 ? 0 : sample.runEnds[r - 1];
        return std::span(sample.latency).subspan(begin, sample.runEnds[r] - begin);
    }
};

Change lacking(const Side &base, const Side &cand, std::string why)
{
    Change out;
    out.baseCount = base.count();
    out.candCount = cand.count();
    out.baseRuns = base.runs();
    out.candRuns = cand.runs();
    out.verdict = Verdict::NotEnoughData;
    out.why = std::move(why);
    return out;
}

std::string counts(const Side &base, const Side &cand)
{
    return formatCount(static_cast<std::int64_t>(base.count())) + " and " +
           formatCount(static_cast<std::int64_t>(cand.count()));
}

Change percentileChange(const Side &base, const Side &cand, std::size_t at, double resolution,
                        std::string_view name)
{
    const auto value = [at](const Side &side) -> std::optional<double> {
        if (side.count() == 0)
            return std::nullopt;
        return static_cast<double>(side.values[at]);
    };
    if (!quantileInterval(kQuantiles[at], base.count()) ||
        !quantileInterval(kQuantiles[at], cand.count())) {
        auto out = lacking(base, cand,
                           "too few requests for " + std::string(name) + ": " + counts(base, cand));
        out.base = value(base);
        out.cand = value(cand);
        return out;
    }
    return drawnChange(base.figure(*value(base), base.draws.quantiles[at]),
                       cand.figure(*value(cand), cand.draws.quantiles[at]), resolution,
                       Drifts(base.parts, cand.parts).ofQuantile(at, kQuantiles[at]));
}

Change meanChange(const Side &base, const Side &cand)
{
    if (base.count() < 2 || cand.count() < 2)
        return lacking(base, cand, "too few requests: " + counts(base, cand));
    // Clocks of different units round means differently, by half a unit at most.
    const auto units = std::abs(static_cast<double>(base.sample.resolution) -
                                static_cast<double>(cand.sample.resolution));
    return drawnChange(base.figure(base.mean(), base.draws.mean),
                       cand.figure(cand.mean(), cand.draws.mean), units / 2,
                       Drifts(base.parts, cand.parts).ofMean());
}

// Rounds are over the time of the plan, which ends with the begin of the last request.
FigureDraws scaled(const FigureDraws &draws, double factor)
{
    auto out = draws;
    for (auto *list : {&out.rounds, &out.within}) {
        for (auto &value : *list)
            value *= factor;
    }
    return out;
}

Change throughputChange(const Side &base, const Side &cand)
{
    const auto rate = [](const Side &side) -> std::optional<double> {
        const auto seconds = side.of.seconds();
        return seconds > 0 ? std::optional(static_cast<double>(side.count()) / seconds)
                           : std::nullopt;
    };
    const auto before = rate(base), after = rate(cand);
    if (!before || !after || !base.of.plan().byTime() || !cand.of.plan().byTime()) {
        auto out = lacking(base, cand,
                           before && after ? "too short to say how much the rate varies"
                                           : "requests without times");
        out.base = before;
        out.cand = after;
        return out;
    }
    // One request more or less, and when the last answer came: of a test at a steady rate there is
    // nothing else that could differ.
    const auto unknown = [](const Side &side, double perSecond) {
        return (1 + perSecond * side.of.tailSeconds()) / side.of.seconds();
    };
    const auto factor = [](const Side &side) {
        return side.of.plan().seconds() / side.of.seconds();
    };
    return drawnChange(base.figure(*before, scaled(base.draws.perSecond, factor(base))),
                       cand.figure(*after, scaled(cand.draws.perSecond, factor(cand))),
                       std::max(unknown(base, *before), unknown(cand, *after)),
                       Drifts(base.parts, cand.parts).ofCount());
}

Change errorChange(const Side &base, const Side &cand)
{
    const auto share = [](const Side &side) {
        return DrawnShare{side.sample.failures, side.sample.requests, side.draws.errorShare,
                          side.sample.allBlocks, side.runs()};
    };
    return drawnShareChange(share(base), share(cand));
}

std::vector<QuantileShift> shiftOf(const Side &base, const Side &cand, double resolution)
{
    std::vector<QuantileShift> out;
    for (std::size_t i = 0; i < kQuantiles.size() && kQuantiles[i] <= kLastShift; ++i) {
        const auto change = percentileChange(base, cand, i, resolution, "");
        if (!change.difference || !change.relative)
            continue;
        const auto band = [i](const Side &side) {
            return drawnBand(
                side.figure(static_cast<double>(side.values[i]), side.draws.quantiles[i]));
        };
        out.push_back({kQuantiles[i] / 10'000.0, *change.base, *change.cand, *change.difference,
                       *change.relative, band(base), band(cand)});
    }
    return out;
}

void addRuns(const Side &side, std::vector<double> &p99, std::vector<double> &mean,
             std::vector<double> &throughput, std::vector<double> &errors)
{
    for (std::size_t r = 0; r < side.of.runs(); ++r) {
        const auto requests = side.sample.runRequests[r];
        if (requests > 0)
            errors.push_back(static_cast<double>(side.sample.runFailed[r]) /
                             static_cast<double>(requests));
        const auto latencies = side.run(r);
        if (latencies.empty())
            continue;
        const auto count = static_cast<double>(latencies.size());
        const std::array rank{nearestRank(kP99, latencies.size())};
        p99.push_back(static_cast<double>(valuesAtRanks(latencies, rank).front()));
        double sum = 0;
        for (const auto latency : latencies)
            sum += static_cast<double>(latency);
        mean.push_back(sum / count);
        if (side.of.seconds(r) > 0)
            throughput.push_back(count / side.of.seconds(r));
    }
}

void addRanks(const Side &base, const Side &cand, EndpointChange &out)
{
    if (std::max(base.count(), cand.count()) > kRanked)
        return;
    const std::vector<double> before(base.sample.latency.begin(), base.sample.latency.end());
    const std::vector<double> after(cand.sample.latency.begin(), cand.sample.latency.end());
    const auto test = rankTest(after, before);
    if (!test)
        return;
    out.rankP = test->p;
    const auto pairs = static_cast<double>(base.count()) * static_cast<double>(cand.count());
    out.effect = 2 * test->u / pairs - 1;
}

} // namespace

EndpointChange endpointChange(const ComparedSide &baseSide, const ComparedSide &candSide,
                              std::optional<std::uint32_t> wanted)
{
    const Side base(baseSide, wanted), cand(candSide, wanted);
    EndpointChange out;
    const auto resolution =
        static_cast<double>(std::max(base.sample.resolution, cand.sample.resolution));
    // A nanosecond is what everything is known to.
    const auto unit = resolution > 1 ? resolution : 0;
    for (std::size_t i = 0; i < kPercentiles.size(); ++i) {
        const auto at = std::find(kQuantiles.begin(), kQuantiles.end(), kPercentiles[i].perMyriad);
        out.percentiles[i] =
            percentileChange(base, cand, static_cast<std::size_t>(at - kQuantiles.begin()), unit,
                             kPercentiles[i].name);
    }
    out.mean = meanChange(base, cand);
    out.throughput = throughputChange(base, cand);
    out.errorShare = errorChange(base, cand);
    out.shift = shiftOf(base, cand, unit);
    addRanks(base, cand, out);
    addRuns(base, out.baseRuns, out.baseMeanRuns, out.baseThroughputRuns, out.baseErrorRuns);
    addRuns(cand, out.candRuns, out.candMeanRuns, out.candThroughputRuns, out.candErrorRuns);
    return out;
}

} // namespace flamewright
