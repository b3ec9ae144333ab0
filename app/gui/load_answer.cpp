#include "app/gui/load_answer.h"

#include "analysis/latency.h"

#include <algorithm>
#include <unordered_set>

namespace flamewright {
namespace {

constexpr std::size_t kTrendSlices = 24, kMostTrends = 1000;
constexpr unsigned kTrendPercentile = 9500;
constexpr double kNanosPerSecond = 1e9;

std::shared_ptr<const LoadRows> shared(LoadRows rows)
{
    return std::make_shared<const LoadRows>(std::move(rows));
}

std::shared_ptr<const LoadRows> inside(const std::shared_ptr<const LoadRows> &rows,
                                       std::span<const TimeRange> times)
{
    return times.empty() ? rows : shared(within(*rows, times));
}

} // namespace

Result<std::shared_ptr<const LoadAnswer>> loadAnswer(std::shared_ptr<const LoadRows> base,
                                                     const LoadAnswerQuestion &question,
                                                     const LoadAnswer *before, JobContext &job)
{
    auto out = std::make_shared<LoadAnswer>();
    out->choice = question.choice;
    out->base = std::move(base);
    const auto &rows = *out->base;
    out->all = out->base;
    if (!question.chosen.empty()) {
        const std::unordered_set<std::string> wanted(question.chosen.begin(),
                                                     question.chosen.end());
        std::vector<std::uint32_t> groups;
        out->chosen.assign(rows.groups.size(), 0);
        for (std::uint32_t group = 0; group < rows.groups.size(); ++group) {
            if (!wanted.contains(rows.groups[group]))
                continue;
            out->chosen[group] = 1;
            groups.push_back(group);
        }
        out->all = shared(ofGroups(rows, groups));
    }
    FW_TRY(job.checkpoint());
    const auto everything = inside(out->base, question.times);
    out->shown = out->all == out->base ? everything : inside(out->all, question.times);
    FW_TRY(job.checkpoint());
    out->report =
        latencyReport(*everything, rateOver(question.choice.question.by), question.choice.failures);
    FW_TRY(job.checkpoint());
    const std::vector<std::uint32_t> one(out->shown->size(), 0);
    out->total.latency =
        latencyTable(out->shown->latency, one, out->shown->failed, 1, question.choice.failures)
            .groups.front();
    if (const auto length = out->report.durationNs; length && *length > 0)
        out->total.ratePerSecond = static_cast<double>(out->total.latency.count()) /
                                   (static_cast<double>(*length) / kNanosPerSecond);
    FW_TRY(job.checkpoint());
    out->apdex = apdexByGroup(*everything, question.choice.apdexNs());
    out->totalApdex = apdex(out->shown->latency, out->shown->failed, question.choice.apdexNs());
    out->errors = requestErrors(*out->shown);
    if (before && before->base == out->base && before->choice.failures == question.choice.failures)
        out->trend = before->trend;
    else
        out->trend = latencyTrend(rows, kTrendPercentile, question.choice.failures, kTrendSlices,
                                  kMostTrends);
    if (before && before->base == out->base)
        out->tags = before->tags;
    return std::shared_ptr<const LoadAnswer>(std::move(out));
}

} // namespace flamewright
