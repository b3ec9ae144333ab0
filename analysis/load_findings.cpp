#include "analysis/load_findings.h"

#include "analysis/bimodality.h"
#include "analysis/little_check.h"
#include "capture/base/format_value.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace flamewright {
namespace {

using Severity = LoadFinding::Severity;

constexpr std::uint64_t kPairsOfLittle = 100; // few are too short for a mean

std::string duration(double ns)
{
    return formatDuration(std::llround(std::clamp(ns, -9e18, 9e18)));
}

std::string count(double value)
{
    return formatCount(std::llround(std::clamp(value, 0.0, 9e18)));
}

std::string percent(double share)
{
    return formatShare(share, 1);
}

void addModel(const CaptureStudy &study, const std::string &name, std::vector<LoadFinding> &out)
{
    const auto &[model, reason, gaps, lookedFor, omission] = study.model;
    const std::vector<std::pair<std::string, double>> evidence{
        {"pairs", static_cast<double>(gaps.pairs)},
        {"between_starts_ns", static_cast<double>(gaps.betweenNs)},
        {"think_ns", static_cast<double>(gaps.thinkNs)},
        {"slope", gaps.slope}};
    switch (model) {
    case LoadModel::Closed: {
        auto text = name + "Closed model: " + reason;
        if (gaps.thinkNs > 0)
            text += " (median think time " + formatDuration(gaps.thinkNs) + ")";
        if (lookedFor && !omission)
            text += "; the rate did not fall while answers were slow";
        out.push_back({"closed_model", Severity::Info, text + ".", evidence});
        break;
    }
    case LoadModel::Open:
        out.push_back(
            {"open_model", Severity::Info, name + "Open model: " + reason + ".", evidence});
        break;
    case LoadModel::Unknown:
        out.push_back({"unknown_model", Severity::Info,
                       name + "Whether the model is open or closed cannot be told: " + reason + ".",
                       evidence});
        break;
    }
    if (!omission)
        return;
    out.push_back({"coordinated_omission",
                   Severity::Warning,
                   name + "Closed model: percentiles are a lower bound. For " +
                       formatDuration(omission->slowNs) + " answers took " +
                       duration(omission->slowLatencyNs) + " instead of " +
                       duration(omission->latencyNs) + ", and meanwhile " +
                       formatRate(omission->slowRate) + " were sent instead of " +
                       formatRate(omission->rate) +
                       " (coordinated omission; --correct-omission shows a what-if).",
                   {{"slow_ns", static_cast<double>(omission->slowNs)},
                    {"slow_latency_ns", omission->slowLatencyNs},
                    {"latency_ns", omission->latencyNs},
                    {"slow_rate_per_s", omission->slowRate},
                    {"rate_per_s", omission->rate}}});
}

// "takes p95 from 29 ms to 27 ms, ...": percentiles that can be told before and after, and change.
std::string changes(const WarmUp &warmUp)
{
    std::string out;
    for (std::size_t i = 0; i < kPercentiles.size(); ++i) {
        const auto &before = warmUp.all.percentiles[i], &after = warmUp.without.percentiles[i];
        const auto from = formatDuration(before.value), to = formatDuration(after.value);
        if (!before.interval || !after.interval || from == to)
            continue;
        out += (out.empty() ? "takes " : ", ") + std::string(kPercentiles[i].name) + " from " +
               from + " to " + to;
    }
    return out.empty() ? "changes no percentile" : out;
}

void addWarmUp(const LoadRows &rows, std::uint8_t capture, const WarmUp &warmUp,
               const std::string &name, std::vector<LoadFinding> &out)
{
    auto begin = INT64_MAX;
    for (auto i = rows.firstTimed(); i < rows.size() && begin == INT64_MAX; ++i) {
        if (rows.capture[i] == capture)
            begin = rows.begin[i];
    }
    const auto requests = static_cast<double>(warmUp.requests);
    const auto after = static_cast<double>(warmUp.without.count);
    const auto mean =
        (warmUp.all.mean * static_cast<double>(warmUp.all.count) - warmUp.without.mean * after) /
        std::max(static_cast<double>(warmUp.all.count) - after, 1.0);
    out.push_back({"warm_up",
                   Severity::Info,
                   name + "The first " + formatDuration(warmUp.endNs - begin) +
                       " look like a warm-up: answers took " + duration(mean) +
                       " on average, later " + duration(warmUp.without.mean) + ". Dropping these " +
                       count(requests) + " requests (" + percent(warmUp.share) + ") " +
                       changes(warmUp) + " (--skip-warm-up).",
                   {{"end_ns", static_cast<double>(warmUp.endNs)},
                    {"requests", requests},
                    {"share", warmUp.share},
                    {"mean_ns", mean},
                    {"mean_after_ns", warmUp.without.mean}}});
}

void addLittle(const LoadRows &rows, std::uint8_t capture, const CaptureStudy &study,
               const std::string &name, std::vector<LoadFinding> &out)
{
    // Workers of an open test wait for work: that is no contradiction. Nor is idle time where
    // pauses differ.
    if (study.model.gaps.pairs < kPairsOfLittle)
        return;
    const auto check = littleCheck(rows, capture, 0);
    if (!check || std::abs(check->residual()) <= kLittleTolerance)
        return;
    const bool idle = check->residual() > 0;
    if (idle && (study.model.model != LoadModel::Closed || study.model.gaps.thinkNs > 0))
        return;
    out.push_back(
        {"littles_law",
         idle ? Severity::Info : Severity::Warning,
         name + "Little's law: " + formatNumber(check->users) + " workers on average, but " +
             formatRate(check->throughput) + " at " + duration(check->latencyNs) + " keep " +
             formatNumber(check->expected()) + " busy: " +
             (idle ? percent(check->residual()) + " of their time is not explained (a queue in the "
                                                  "generator, long rests, or wrong units)."
                   : "more than there are (requests of one worker overlap, or units are wrong)."),
         {{"users", check->users},
          {"throughput_per_s", check->throughput},
          {"latency_ns", check->latencyNs},
          {"expected_users", check->expected()},
          {"residual", check->residual()}}});
}

std::string range(double low, double high, const char *unit)
{
    return formatNumber(low) + " to " + formatNumber(high) + unit;
}

LoadFinding scalability(const UslFit &fit)
{
    const auto &law = fit.law;
    auto text = "Scalability (USL): " + percent(law.sigma) + " of the work waits for its turn (" +
                range(100 * fit.sigma.low, 100 * fit.sigma.high, " %") + "), agreement costs " +
                percent(law.kappa) + " for each pair (" +
                range(100 * fit.kappa.low, 100 * fit.kappa.high, " %") + ")";
    std::vector<std::pair<std::string, double>> evidence{{"sigma", law.sigma},
                                                         {"sigma_low", fit.sigma.low},
                                                         {"sigma_high", fit.sigma.high},
                                                         {"kappa", law.kappa},
                                                         {"kappa_low", fit.kappa.low},
                                                         {"kappa_high", fit.kappa.high},
                                                         {"lambda", law.lambda},
                                                         {"lambda_low", fit.lambda.low},
                                                         {"lambda_high", fit.lambda.high},
                                                         {"r_squared", fit.rSquared}};
    const auto most = law.mostThroughput();
    if (const auto best = law.bestConcurrency()) {
        text +=
            "; most throughput " + formatRate(*most) + " at " + formatNumber(*best) + " in flight";
        evidence.emplace_back("best_concurrency", *best);
    } else if (most) {
        text += "; throughput tends towards " + formatRate(*most);
    }
    if (most)
        evidence.emplace_back("most_throughput_per_s", *most);
    if (const auto &interval = fit.mostThroughput) {
        text += " (" + formatRate(interval->low) + " to " + formatRate(interval->high) + ")";
        evidence.emplace_back("most_throughput_low_per_s", interval->low);
        evidence.emplace_back("most_throughput_high_per_s", interval->high);
    }
    char quality[32];
    std::snprintf(quality, sizeof quality, "%.4f", fit.rSquared);
    return {"scalability", Severity::Info,
            text + ". R\u00b2 " + quality + "; ranges are 95 % intervals.", std::move(evidence)};
}

LoadFinding knee(const LoadLevel &level, std::size_t number, const char *what, const char *key)
{
    return {"knee",
            Severity::Info,
            "Knee: from level " + std::to_string(number + 1) + " on (" +
                formatNumber(level.concurrency) + " in flight, " +
                formatRate(level.achievedPerSecond) + ") " + what +
                ". A suggestion: it depends on the range that was measured.",
            {{key, static_cast<double>(number + 1)},
             {"concurrency", level.concurrency},
             {"throughput_per_s", level.achievedPerSecond}}};
}

} // namespace

std::string percentileName(unsigned perMyriad)
{
    auto out = "p" + std::to_string(perMyriad / 100);
    if (const auto rest = perMyriad % 100; rest != 0) {
        out += '.';
        out += static_cast<char>('0' + rest / 10);
        if (rest % 10 != 0)
            out += static_cast<char>('0' + rest % 10);
    }
    return out;
}

CaptureStudy studyCapture(const LoadRows &rows, std::uint8_t capture)
{
    CaptureStudy out;
    out.model = loadModel(rows, capture);
    out.levels = loadSteps(rows, capture).from;
    if (out.levels == LevelsFrom::Whole)
        out.warmUp = warmUp(rows, capture);
    return out;
}

std::optional<WarmUp> offeredWarmUp(const LoadRows &rows, std::uint8_t capture)
{
    if (loadSteps(rows, capture).from != LevelsFrom::Whole)
        return std::nullopt;
    return warmUp(rows, capture);
}

std::vector<LoadFinding> findingsOf(const LoadRows &rows, std::uint8_t capture,
                                    const CaptureStudy &study, bool named)
{
    const auto name = named ? rows.captures[capture].name + ": " : std::string();
    std::vector<LoadFinding> out;
    addModel(study, name, out);
    addLittle(rows, capture, study, name, out);
    if (study.warmUp)
        addWarmUp(rows, capture, *study.warmUp, name, out);
    return out;
}

std::vector<LoadFinding> bimodalGroups(const LoadRows &rows, std::span<const std::uint32_t> groups)
{
    constexpr std::uint32_t kNone = UINT32_MAX;
    std::vector<std::uint32_t> place(rows.groups.size(), kNone);
    for (std::size_t i = 0; i < groups.size(); ++i)
        place[groups[i]] = static_cast<std::uint32_t>(i);
    std::vector<std::vector<std::int64_t>> latencies(groups.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows.failed[i] == 0 && place[rows.group[i]] != kNone)
            latencies[place[rows.group[i]]].push_back(rows.latency[i]);
    }
    std::vector<LoadFinding> out;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const auto found = bimodality(latencies[i]);
        if (!found)
            continue;
        out.push_back({"bimodal",
                       Severity::Info,
                       rows.groups[groups[i]] +
                           " has two kinds of answers: " + percent(found->lowShare) + " around " +
                           formatDuration(found->lowModeNs) + ", " + percent(found->highShare) +
                           " around " + formatDuration(found->highModeNs) + " (few at " +
                           formatDuration(found->valleyNs) + ").",
                       {{"low_mode_ns", static_cast<double>(found->lowModeNs)},
                        {"valley_ns", static_cast<double>(found->valleyNs)},
                        {"high_mode_ns", static_cast<double>(found->highModeNs)},
                        {"low_share", found->lowShare}}});
    }
    return out;
}

std::vector<LoadFinding> findingsOf(const Capacity &capacity)
{
    std::vector<LoadFinding> out;
    const auto &levels = capacity.levels.levels;
    if (capacity.usl.fit)
        out.push_back(scalability(*capacity.usl.fit));
    if (const auto &found = capacity.throughputKnee)
        out.push_back(knee(levels[found->index], found->index,
                           "throughput grows less than the load", "throughput_level"));
    if (const auto &found = capacity.latencyKnee)
        out.push_back(knee(levels[found->index], found->index, "the p95 grows faster than the load",
                           "latency_level"));
    return out;
}

LoadFinding findingOf(const Objective &objective, const ObjectiveHeadroom &of)
{
    const auto &room = of.headroom;
    const auto name = percentileName(objective.perMyriad);
    const auto threshold = formatDuration(objective.thresholdNs);
    std::string text;
    const char *kind = "crosses";
    switch (room.kind) {
    case Headroom::Kind::Crosses:
        text = "Headroom: " + name + " crosses " + threshold + " at " +
               formatRate(room.throughput) + " (" + formatNumber(room.concurrency) + " in flight)";
        break;
    case Headroom::Kind::Never:
        kind = "never";
        text = "Headroom: " + name + " stays within " + threshold +
               " in all that was measured: at least " + formatRate(room.throughput);
        break;
    case Headroom::Kind::Always:
        kind = "always";
        text = "Headroom: " + name + " exceeds " + threshold +
               (of.levels > 1 ? " at the lowest level already: at most "
                              : " at the load that was measured: at most ") +
               formatRate(room.throughput);
        break;
    }
    std::vector<std::pair<std::string, double>> evidence{
        {"threshold_ns", static_cast<double>(objective.thresholdNs)},
        {"percentile", objective.target()},
        {"throughput_per_s", room.throughput},
        {"concurrency", room.concurrency},
        {kind, 1}};
    if (room.hasInterval && room.kind == Headroom::Kind::Crosses) {
        text += ", 95 % interval ";
        if (room.low && room.high)
            text += formatRate(*room.low) + " to " + formatRate(*room.high);
        else if (room.low)
            text += formatRate(*room.low) + " to more than was measured";
        else if (room.high)
            text += "less than was measured to " + formatRate(*room.high);
        else
            text += "wider than what was measured";
        if (room.low)
            evidence.emplace_back("low_per_s", *room.low);
        if (room.high)
            evidence.emplace_back("high_per_s", *room.high);
        if (of.independent > 0)
            text += " (requests of short levels taken for independent)";
    }
    return {"headroom", room.kind == Headroom::Kind::Never ? Severity::Info : Severity::Warning,
            text + ".", std::move(evidence)};
}

LoadFinding findingOf(const Objective &objective, const BurnReport &burn)
{
    const auto interval = burn.seen.interval();
    const bool met = burn.seen.share() >= objective.target();
    // The bad share, because 99.97 and 99.99 % look alike and are not.
    auto text = "Objective " + percentileName(objective.perMyriad) + " within " +
                formatDuration(objective.thresholdNs) + (met ? " is met: " : " is missed: ") +
                percent(1 - burn.seen.share()) + " of the requests are slower or failed (" +
                range(100 * (1 - interval.high), 100 * (1 - interval.low), " %") +
                " with 95 % confidence, if they are independent) where " +
                percent(1 - objective.target()) + " may be";
    if (burn.rate > 0)
        text += ". The error budget burns at " + formatNumber(burn.rate) +
                " times the rate that it lasts at";
    if (burn.exhaustedNs)
        text += ": that of 30 days is gone in " +
                formatNumber(static_cast<double>(*burn.exhaustedNs) / 3.6e12) + " h";
    for (const auto &line : burn.lines) {
        if (!line.would)
            continue;
        text += ". Going on like this, the alert over " +
                formatNumber(static_cast<double>(line.alert.longNs) / 3.6e12) + " h (from " +
                formatNumber(line.alert.factor) + " times on) would " +
                (line.alert.page ? "page somebody" : "open a ticket");
        break; // the slower ones fire too
    }
    return {"error_budget",
            met ? Severity::Info : Severity::Warning,
            text + ".",
            {{"good", static_cast<double>(burn.seen.good)},
             {"total", static_cast<double>(burn.seen.total)},
             {"share", burn.seen.share()},
             {"target", objective.target()},
             {"burn_rate", burn.rate}}};
}

} // namespace flamewright
