#include "app/gui/view_sentences.h"

#include "analysis/intervals.h"
#include "app/gui/requests_model.h"

#include <algorithm>
#include <cstdio>

namespace flamewright {
namespace {

std::string percent(double share)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", share * 100);
    return text;
}

std::string wholeSentence(const Profile &profile, ValueStyle style)
{
    const auto top = std::find_if(profile.table.begin(), profile.table.end(),
                                  [](const FunctionStat &one) { return one.function.raw != 0; });
    // What is counted in samples says so once.
    auto out = profile.unit == Unit::Count && profile.total == profile.samples
                   ? formatCount(profile.total) + " " + profile.measure
                   : formatValue(profile.total, profile.unit, style) + " of " + profile.measure +
                         " in " + formatCount(profile.samples) + " samples";
    if (top != profile.table.end() && profile.total > 0)
        out += "; most of it in `" + profile.functions[top->function.raw].name +
               "` itself: " + formatValue(top->self, profile.unit, style) + " (" +
               formatShare(static_cast<double>(top->self), static_cast<double>(profile.total)) +
               " of all)";
    return out + ".";
}

const LatencySummary::Percentile &percentile(const LatencySummary &summary, unsigned perMyriad)
{
    std::size_t at = 0;
    for (std::size_t i = 0; i < kPercentiles.size(); ++i) {
        if (kPercentiles[i].perMyriad == perMyriad)
            at = i;
    }
    return summary.percentiles[at];
}

} // namespace

std::string profileSentence(const Profile &profile, FunctionId function, ValueStyle style)
{
    const auto row =
        std::find_if(profile.table.begin(), profile.table.end(),
                     [&](const FunctionStat &one) { return one.function == function; });
    if (function.raw == 0 || row == profile.table.end() || profile.total <= 0)
        return wholeSentence(profile, style);
    const auto all = static_cast<double>(profile.total);
    auto out = "`" + profile.functions[function.raw].name + "` is in " +
               formatShare(static_cast<double>(row->total), all) + " of " + profile.measure + " (" +
               formatValue(row->total, profile.unit, style) + " of " +
               formatValue(profile.total, profile.unit, style);
    if (profile.samples > 0) {
        const auto interval = wilson(row->totalSamples, profile.samples);
        out += "; 95 % CI " + percent(interval.low) + ".." + percent(interval.high) + " %; " +
               formatCount(row->totalSamples) + " of " + formatCount(profile.samples) + " samples";
    }
    return out + "), " + formatShare(static_cast<double>(row->self), all) + " itself.";
}

std::string loadSentence(const LoadAnswer &answer, ValueStyle style)
{
    const auto &total = answer.total;
    const auto &latencies = answer.latenciesOf(total.latency);
    if (latencies.count == 0)
        return {};
    const auto written = [&](std::int64_t ns) { return formatDuration(ns, style.time); };
    std::string name = "All requests";
    for (std::uint32_t group = 0; group < answer.base->groups.size(); ++group) {
        if (answer.chosen.size() == answer.base->groups.size() && answer.isChosen(group) &&
            std::count(answer.chosen.begin(), answer.chosen.end(), std::uint8_t{1}) == 1)
            name = answer.base->groups[group];
    }
    auto out = name + ": p50 " + written(percentile(latencies, 5000).value);
    const auto &p99 = percentile(latencies, 9900);
    if (p99.interval)
        out += ", p99 " + written(p99.value) + " (95 % CI " + written(p99.interval->low) + ".." +
               written(p99.interval->high) + ")";
    out += "; n = " + formatCount(static_cast<std::int64_t>(latencies.count));
    const auto failed = static_cast<double>(total.latency.failed.count);
    const auto count = static_cast<double>(total.latency.count());
    out += ", " + formatShare(failed, count) + " failed";
    if (total.ratePerSecond)
        out += ", at " + formatRate(*total.ratePerSecond);
    return out + ".";
}

} // namespace flamewright
