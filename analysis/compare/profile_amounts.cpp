#include "analysis/compare/profile_amounts.h"

#include "analysis/compare/sample_blocks.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace flamewright {
namespace {

// A share of everything does not vary at all; what is divided by must.
constexpr double kLeastDispersion = 1e-6;
// Functions with fewer samples say nothing about how runs differ.
constexpr std::int64_t kFewestForRuns = 100;
constexpr double kMostWeight = 1000; // of a function among all, in samples

// The functions of a run by function of the union.
struct Members {
    std::vector<std::uint32_t> first, member;
    Members(const std::vector<std::uint32_t> &functionOf, std::size_t functions)
        : first(functions + 1, 0),
          member(functionOf.size())
    {
        for (const auto one : functionOf)
            ++first[one + 1];
        std::partial_sum(first.begin(), first.end(), first.begin());
        auto next = first;
        for (std::uint32_t i = 0; i < functionOf.size(); ++i)
            member[next[functionOf[i]]++] = i;
    }
};

// Self or total of one side.
struct Figures {
    std::vector<double> value, chance, within, withinFreedom, between;
    std::vector<std::uint64_t> samples;
    explicit Figures(std::size_t n)
        : value(n),
          chance(n),
          within(n),
          withinFreedom(n),
          between(n),
          samples(n)
    {}
};

// Variance of one function's value in one run, over its blocks.
BlockVariance ofBlocks(const SampleBlocks &blocks, const std::vector<std::int64_t> &values,
                       std::span<const std::uint32_t> members, const std::vector<double> &whole,
                       double wholeSum, bool shares, double value, std::vector<double> &series)
{
    std::fill(series.begin(), series.end(), 0.0);
    double sum = 0;
    for (const auto member : members) {
        for (std::uint32_t b = 0; b < blocks.blocks; ++b) {
            const auto one = static_cast<double>(values[std::size_t{member} * blocks.blocks + b]);
            series[b] += one;
            sum += one;
        }
    }
    if (!(sum > 0))
        return {};
    if (shares && wholeSum > 0) {
        for (std::uint32_t b = 0; b < blocks.blocks; ++b)
            series[b] -= sum / wholeSum * whole[b];
    }
    auto out = blockVariance(series);
    // Functions that were put into one, and hold each other, were counted twice here.
    out.variance *= value / sum * (value / sum);
    return out;
}

class Side {
public:
    Side(std::span<const ProfileRun> runs, const std::vector<ProfileUnion::Run> &sums, bool shares)
        : m_runs(runs),
          m_sums(sums),
          m_shares(shares)
    {}

    Figures figures(std::vector<ProfileUnion::Sums> ProfileUnion::Run::*which,
                    std::vector<std::int64_t> SampleBlocks::*series) const;
    double divisor() const
    {
        double out = 0;
        for (const auto &run : m_runs)
            out += run.divisor;
        return out;
    }
    bool timed() const
    {
        return std::all_of(m_runs.begin(), m_runs.end(),
                           [](const ProfileRun &run) { return run.blocks.blocks > 0; });
    }
    std::size_t runs() const { return m_runs.size(); }

private:
    std::span<const ProfileRun> m_runs;
    const std::vector<ProfileUnion::Run> &m_sums;
    bool m_shares;
};

Figures Side::figures(std::vector<ProfileUnion::Sums> ProfileUnion::Run::*which,
                      std::vector<std::int64_t> SampleBlocks::*series) const
{
    const auto functions = (m_sums.front().*which).size();
    Figures out(functions);
    std::vector<double> freedomBelow(functions);
    for (std::size_t r = 0; r < m_runs.size(); ++r) {
        const auto &run = m_runs[r];
        const auto &sums = m_sums[r].*which;
        const auto &blocks = run.blocks;
        const auto whole = static_cast<double>(m_sums[r].total[0].value);
        const Members members(m_sums[r].functionOf, functions);
        std::vector<double> buffer(blocks.blocks), wholeSeries(blocks.blocks);
        double wholeSum = 0;
        for (std::uint32_t b = 0; b < blocks.blocks; ++b)
            wholeSum += wholeSeries[b] = static_cast<double>(blocks.total[b]);
        for (std::size_t f = 0; f < functions; ++f) {
            const auto value = static_cast<double>(sums[f].value);
            if (sums[f].samples == 0 && value == 0)
                continue;
            auto chance = std::max(sums[f].chance, std::abs(value) * run.leastPerSample);
            out.chance[f] += chance;
            if (m_shares && whole > 0)
                chance *= std::max(1 - value / whole, kLeastDispersion);
            BlockVariance seen;
            if (blocks.blocks > 0)
                seen = ofBlocks(
                    blocks, blocks.*series,
                    std::span(members.member)
                        .subspan(members.first[f], members.first[f + 1] - members.first[f]),
                    wholeSeries, wholeSum, m_shares, value, buffer);
            out.value[f] += value;
            auto samples = static_cast<double>(std::max<std::int64_t>(sums[f].samples, 0));
            if (run.leastPerSample > 0)
                samples = std::min(samples, std::ceil(std::abs(value) / run.leastPerSample));
            out.samples[f] += static_cast<std::uint64_t>(samples);
            out.within[f] += std::max(chance, seen.variance);
            if (seen.variance > chance)
                freedomBelow[f] += seen.variance * seen.variance / seen.freedom;
        }
    }
    const auto n = static_cast<double>(m_runs.size());
    const auto all = divisor();
    for (std::size_t f = 0; f < functions; ++f) {
        if (freedomBelow[f] > 0)
            out.withinFreedom[f] = out.within[f] * out.within[f] / freedomBelow[f];
        if (m_runs.size() < 2)
            continue;
        double squares = 0;
        for (std::size_t r = 0; r < m_runs.size(); ++r) {
            const auto off = static_cast<double>((m_sums[r].*which)[f].value) -
                             out.value[f] / all * m_runs[r].divisor;
            squares += off * off;
        }
        out.between[f] = squares * n / (n - 1);
    }
    return out;
}

// How much runs differ, relative and squared, beyond what their samples explain: over all functions.
struct RunSpread {
    double sum = 0, weight = 0;
    void add(const Figures &figures, std::size_t runs)
    {
        if (runs < 2)
            return;
        for (std::size_t f = 0; f < figures.value.size(); ++f) {
            if (figures.samples[f] < static_cast<std::uint64_t>(kFewestForRuns) ||
                !(figures.value[f] > 0))
                continue;
            const auto w = std::min(static_cast<double>(figures.samples[f]), kMostWeight) *
                           static_cast<double>(runs - 1);
            sum += w * (figures.between[f] - figures.within[f]) * static_cast<double>(runs) /
                   (figures.value[f] * figures.value[f]);
            weight += w;
        }
    }
    // Of one run.
    double squared() const { return weight > 0 ? std::max(0.0, sum / weight) : 0; }
};

void fill(const Figures &figures, const Side &side, double spread, std::vector<SampledAmount> &out,
          std::vector<double> &dispersion)
{
    const auto functions = figures.value.size();
    const auto runs = static_cast<double>(side.runs());
    out.resize(functions);
    dispersion.assign(functions, 1);
    for (std::size_t f = 0; f < functions; ++f) {
        auto &one = out[f];
        one.value = figures.value[f];
        one.samples = figures.samples[f];
        one.divisor = side.divisor();
        one.runs = static_cast<std::uint32_t>(side.runs());
        one.variance = figures.within[f];
        one.freedom = figures.withinFreedom[f];
        if (side.runs() > 1) {
            const auto freedom = runs - 1;
            const auto prior = figures.within[f] + spread * one.value * one.value / runs;
            const auto drawn =
                (freedom * figures.between[f] + kPriorRuns * prior) / (freedom + kPriorRuns);
            if (drawn > one.variance) {
                one.variance = drawn;
                one.freedom = freedom + kPriorRuns;
            }
        }
        if (figures.chance[f] > 0) {
            one.variance = std::max(one.variance, figures.chance[f] * kLeastDispersion);
            dispersion[f] = one.variance / figures.chance[f];
        }
    }
}

} // namespace

BothAmounts sampledAmounts(std::span<const ProfileRun> base, std::span<const ProfileRun> cand,
                           const ProfileUnion &both, bool shares)
{
    const Side a(base, both.base, shares), b(cand, both.cand, shares);
    BothAmounts out;
    const auto make = [&](std::vector<ProfileUnion::Sums> ProfileUnion::Run::*which,
                          std::vector<std::int64_t> SampleBlocks::*series,
                          std::vector<SampledAmount> SideAmounts::*amounts,
                          std::vector<double> SideAmounts::*dispersion) {
        const auto figuresA = a.figures(which, series), figuresB = b.figures(which, series);
        RunSpread spread;
        spread.add(figuresA, a.runs());
        spread.add(figuresB, b.runs());
        fill(figuresA, a, spread.squared(), out.base.*amounts, out.base.*dispersion);
        fill(figuresB, b, spread.squared(), out.cand.*amounts, out.cand.*dispersion);
    };
    make(&ProfileUnion::Run::self, &SampleBlocks::self, &SideAmounts::self,
         &SideAmounts::selfDispersion);
    make(&ProfileUnion::Run::total, &SampleBlocks::total, &SideAmounts::total,
         &SideAmounts::totalDispersion);
    out.base.timed = a.timed();
    out.cand.timed = b.timed();
    return out;
}

} // namespace flamewright
