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
constexpr std::uint64_t kFewestForRuns = 100;

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
                       double wholeSum, bool residual, double value, std::vector<double> &series)
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
    if (residual && wholeSum > 0) {
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
    Side(std::span<const ProfileRun> runs, const std::vector<ProfileUnion::Run> &sums, DividedBy by)
        : m_runs(runs),
          m_sums(sums),
          m_by(by)
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
    DividedBy m_by;
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
            const auto share = whole > 0 ? value / whole : 0;
            if (m_by == DividedBy::Itself)
                chance *= std::max(1 - share, kLeastDispersion);
            // Runs that can be compared with each other show all there is.
            BlockVariance seen;
            if (blocks.blocks > 0 && m_runs.size() == 1)
                seen = ofBlocks(
                    blocks, blocks.*series,
                    std::span(members.member)
                        .subspan(members.first[f], members.first[f + 1] - members.first[f]),
                    wholeSeries, wholeSum, m_by != DividedBy::Fixed, value, buffer);
            if (m_by == DividedBy::Work)
                seen.variance += share * share * m_sums[r].total[0].chance;
            out.value[f] += value;
            auto samples = static_cast<double>(std::max<std::int64_t>(sums[f].samples, 0));
            if (run.leastPerSample > 0)
                samples = std::min(samples, std::ceil(std::abs(value) / run.leastPerSample));
            out.samples[f] += static_cast<std::uint64_t>(samples);
            out.within[f] += std::max(chance, seen.variance);
            // As many units of work, each with a cost of its own, are themselves a sample.
            if (m_runs.size() == 1 && run.unitsCounted > 0)
                out.within[f] += value * value / run.unitsCounted;
            if (seen.variance > chance && seen.freedom > 0)
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

// How much runs differ, relative and squared, beyond what their samples explain. Small functions differ
// more than large ones, and some (of the kernel, that run when others need the CPU) by anything: the
// median of those of about the same size.
class RunSpread {
public:
    void add(const Figures &figures, std::size_t runs)
    {
        if (runs < 2)
            return;
        // The median of a variance of few runs is less than what it is on average (Wilson and Hilferty).
        const auto freedom = static_cast<double>(runs - 1);
        const auto median = std::pow(1 - 2 / (9 * freedom), 3);
        const auto n = static_cast<double>(runs);
        for (std::size_t f = 0; f < figures.value.size(); ++f) {
            if (figures.samples[f] < kFewestForRuns || !(figures.value[f] > 0))
                continue;
            m_of.push_back(
                {figures.samples[f] / runs, (figures.between[f] / median - figures.within[f]) * n /
                                                (figures.value[f] * figures.value[f])});
        }
    }
    void finish()
    {
        std::sort(m_of.begin(), m_of.end(),
                  [](const One &a, const One &b) { return a.samples < b.samples; });
        std::vector<double> window;
        for (std::size_t i = 0; i < m_of.size(); ++i) {
            const auto first =
                std::min(i - std::min(i, kAlike / 2), m_of.size() - std::min(m_of.size(), kAlike));
            window.clear();
            for (auto k = first; k < std::min(first + kAlike, m_of.size()); ++k)
                window.push_back(m_of[k].spread);
            const auto middle = window.begin() + static_cast<std::ptrdiff_t>(window.size() / 2);
            std::nth_element(window.begin(), middle, window.end());
            m_median.push_back(std::max(0.0, *middle));
        }
    }
    // Of one run of a function that has so many samples in it.
    double squared(std::uint64_t samples) const
    {
        if (m_of.empty())
            return 0;
        const auto at = std::lower_bound(
            m_of.begin(), m_of.end(), samples,
            [](const One &one, std::uint64_t value) { return one.samples < value; });
        return m_median[std::min(static_cast<std::size_t>(at - m_of.begin()), m_of.size() - 1)];
    }

private:
    static constexpr std::size_t kAlike = 15;
    struct One {
        std::uint64_t samples;
        double spread;
    };
    std::vector<One> m_of;
    std::vector<double> m_median;
};

void fill(const Figures &figures, const Side &side, const RunSpread &spreads,
          std::vector<SampledAmount> &out, std::vector<double> &dispersion)
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
        const auto spread = spreads.squared(figures.samples[f] / side.runs());
        if (side.runs() == 1) {
            // As the other side's runs differ, so would those of this one.
            const auto likely = figures.within[f] + spread * one.value * one.value;
            if (likely > one.variance) {
                one.variance = likely;
                one.freedom = kPriorRuns;
            }
        } else {
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
                           const ProfileUnion &both, DividedBy by)
{
    const Side a(base, both.base, by), b(cand, both.cand, by);
    BothAmounts out;
    const auto make = [&](std::vector<ProfileUnion::Sums> ProfileUnion::Run::*which,
                          std::vector<std::int64_t> SampleBlocks::*series,
                          std::vector<SampledAmount> SideAmounts::*amounts,
                          std::vector<double> SideAmounts::*dispersion) {
        const auto figuresA = a.figures(which, series), figuresB = b.figures(which, series);
        RunSpread spread;
        spread.add(figuresA, a.runs());
        spread.add(figuresB, b.runs());
        spread.finish();
        fill(figuresA, a, spread, out.base.*amounts, out.base.*dispersion);
        fill(figuresB, b, spread, out.cand.*amounts, out.cand.*dispersion);
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
