#include "app/cli/json_writer.h"
#include "app/cli/latency_output.h"

namespace flamewright {
namespace {

void writeMaybe(JsonWriter &w, std::string_view key, const std::optional<double> &value)
{
    w.key(key);
    if (value)
        w.value(*value);
    else
        w.null();
}

// [low, high], or null where there are too few requests for an interval.
void writeInterval(JsonWriter &w, std::string_view key,
                   const std::optional<LatencyInterval> &interval)
{
    w.key(key);
    if (interval)
        w.beginArray().value(interval->low).value(interval->high).endArray();
    else
        w.null();
}

void writePercentiles(JsonWriter &w, const LatencySummary &s)
{
    w.field("min_ns", s.min).field("mean_ns", s.mean);
    for (std::size_t i = 0; i < kPercentiles.size(); ++i)
        w.field(std::string(kPercentiles[i].key) + "_ns", s.percentiles[i].value);
    w.field("max_ns", s.max);
}

void writeSummary(JsonWriter &w, const LatencySummary &s)
{
    writePercentiles(w, s);
    w.key("ci95_ns").beginObject();
    for (std::size_t i = 0; i < kPercentiles.size(); ++i)
        writeInterval(w, kPercentiles[i].key, s.percentiles[i].interval);
    w.endObject();
}

void writeExtras(JsonWriter &w, const GroupStudy &group, bool blocks)
{
    if (const auto &apdex = group.apdex)
        w.key("apdex")
            .beginObject()
            .field("score", apdex->score())
            .field("satisfied", apdex->satisfied)
            .field("tolerating", apdex->tolerating)
            .field("frustrated", apdex->frustrated)
            .endObject();
    if (const auto &within = group.within)
        w.key("within_objective")
            .beginObject()
            .field("good", within->good)
            .field("total", within->total)
            .field("share", within->share())
            .endObject();
    if (!blocks)
        return;
    w.key("ci95_blocks_ns");
    if (!group.blocks) {
        w.null();
        return;
    }
    w.beginObject();
    for (std::size_t i = 0; i < kPercentiles.size(); ++i)
        writeInterval(w, kPercentiles[i].key, group.blocks->intervals[i]);
    w.field("block_ns", group.blocks->blockNs)
        .field("blocks", group.blocks->blocks)
        .field("resamples", group.blocks->resamples)
        .endObject();
}

struct Figures {
    const char *of; // "all", "ok", "failed"
    const LatencySummary &latency;
};

Figures figuresOf(const LatencyGroup &group)
{
    switch (shownOf(group)) {
    case ShownOf::All: return {"all", *group.all};
    case ShownOf::Ok: return {"ok", group.ok};
    case ShownOf::Failed: break;
    }
    return {"failed", group.failed};
}

void writeGroup(JsonWriter &w, std::string_view name, std::uint64_t count, std::uint64_t errors,
                const Figures &figures, std::optional<double> rate, const LatencySummary *failed,
                const GroupStudy &extras, bool blocks)
{
    w.beginObject()
        .field("name", name)
        .field("count", count)
        .field("errors", errors)
        .field("of", figures.of)
        .field("timed", figures.latency.count);
    writeSummary(w, figures.latency);
    writeMaybe(w, "rate_per_s", rate);
    w.field("aggregate", false);
    if (failed != nullptr) {
        w.key("failed").beginObject().field("count", failed->count);
        writeSummary(w, *failed);
        w.endObject();
    }
    writeExtras(w, extras, blocks);
    w.endObject();
}

void writePair(JsonWriter &w, std::string_view key, const UslInterval &interval)
{
    w.key(key).beginArray().value(interval.low).value(interval.high).endArray();
}

void writeUsl(JsonWriter &w, const UslAnswer &usl)
{
    w.key("usl");
    if (!usl.fit) {
        w.null().field("usl_missing", usl.whyNot);
        return;
    }
    const auto &fit = *usl.fit;
    w.beginObject()
        .field("sigma", fit.law.sigma)
        .field("kappa", fit.law.kappa)
        .field("lambda_per_s", fit.law.lambda);
    writePair(w, "sigma_ci95", fit.sigma);
    writePair(w, "kappa_ci95", fit.kappa);
    writePair(w, "lambda_ci95_per_s", fit.lambda);
    writeMaybe(w, "best_concurrency", fit.law.bestConcurrency());
    writeMaybe(w, "most_throughput_per_s", fit.law.mostThroughput());
    if (fit.bestConcurrency)
        writePair(w, "best_concurrency_ci95", *fit.bestConcurrency);
    if (fit.mostThroughput)
        writePair(w, "most_throughput_ci95_per_s", *fit.mostThroughput);
    w.field("r_squared", fit.rSquared).field("resamples", fit.resamples);
    w.key("residuals_per_s").beginArray();
    for (const auto residual : fit.residuals)
        w.value(residual);
    w.endArray().endObject();
}

void writeLevels(JsonWriter &w, const LatencyOutput &output)
{
    const auto &capacity = *output.study.capacity;
    w.key("levels").beginObject().field("from", describe(capacity.levels.from));
    w.key("levels").beginArray();
    for (const auto &level : capacity.levels.levels) {
        w.beginObject();
        if (!level.name.empty())
            w.field("name", level.name);
        w.field("capture", output.rows.captures[level.capture].id.raw)
            .field("begin_ns", level.beginNs)
            .field("end_ns", level.endNs)
            .field("concurrency", level.concurrency)
            .field("offered_per_s", level.offeredPerSecond)
            .field("achieved_per_s", level.achievedPerSecond)
            .field("count", level.requests)
            .field("errors", level.errors)
            .field("timed", level.latency.count);
        writeSummary(w, level.latency);
        w.endObject();
    }
    w.endArray();
    writeUsl(w, capacity.usl);
    const auto knee = [&](std::string_view key, const std::optional<Knee> &found) {
        w.key(key);
        if (found)
            w.value(static_cast<std::uint64_t>(found->index));
        else
            w.null();
    };
    knee("throughput_knee", capacity.throughputKnee); // index of levels
    knee("latency_knee", capacity.latencyKnee);
    w.endObject();
}

void writeObjective(JsonWriter &w, const LatencyOutput &output)
{
    const auto &burn = *output.study.burn;
    w.key("objective")
        .beginObject()
        .field("percentile", output.objective->target())
        .field("threshold_ns", output.objective->thresholdNs)
        .field("share", burn.seen.share());
    const auto interval = burn.seen.interval();
    w.key("share_ci95").beginArray().value(interval.low).value(interval.high).endArray();
    w.field("met", burn.seen.share() >= burn.target).field("burn_rate", burn.rate);
    w.key("budget_of_30_days_gone_ns");
    if (burn.exhaustedNs)
        w.value(*burn.exhaustedNs);
    else
        w.null();
    w.key("alerts").beginArray();
    for (const auto &[alert, would] : burn.lines)
        w.beginObject()
            .field("long_ns", alert.longNs)
            .field("short_ns", alert.shortNs)
            .field("factor", alert.factor)
            .field("budget_share", alert.budgetShare)
            .field("page", alert.page)
            .field("would_fire", would)
            .endObject();
    w.endArray().key("headroom");
    if (const auto &of = output.study.headroom) {
        const auto kind = of->headroom.kind;
        w.beginObject()
            .field("kind", kind == Headroom::Kind::Crosses ? "crosses"
                           : kind == Headroom::Kind::Never ? "never"
                                                           : "always")
            .field("throughput_per_s", of->headroom.throughput)
            .field("concurrency", of->headroom.concurrency);
        writeMaybe(w, "low_per_s", of->headroom.low);
        writeMaybe(w, "high_per_s", of->headroom.high);
        w.field("levels", static_cast<std::uint64_t>(of->levels)).endObject();
    } else {
        w.null();
    }
    w.endObject();
}

void writeWhatIf(JsonWriter &w, const LatencyOutput &output)
{
    w.key("what_if").beginArray();
    for (const auto &one : output.study.whatIf) {
        w.beginObject().field("capture", output.rows.captures[one.capture].id.raw);
        if (one.corrected) {
            w.field("interval_ns", one.corrected->intervalNs)
                .field("recorded", one.corrected->recorded)
                .field("added", one.corrected->added);
            writePercentiles(w, one.corrected->latency);
        } else {
            w.field("missing", one.whyNot);
        }
        w.endObject();
    }
    w.endArray();
}

void writeWarmUp(JsonWriter &w, const LoadRows &rows, std::uint8_t capture, const WarmUp &warmUp,
                 bool skipped)
{
    w.beginObject()
        .field("capture", rows.captures[capture].id.raw)
        .field("end_ns", warmUp.endNs)
        .field("count", warmUp.requests)
        .field("share", warmUp.share)
        .field("skipped", skipped);
    w.key("all").beginObject();
    writePercentiles(w, warmUp.all);
    w.endObject().key("without").beginObject();
    writePercentiles(w, warmUp.without);
    w.endObject().endObject();
}

void writeRemarks(JsonWriter &w, const std::vector<LoadFinding> &findings)
{
    w.key("remarks").beginArray();
    for (const auto &finding : findings) {
        w.beginObject()
            .field("kind", finding.kind)
            .field("severity",
                   finding.severity == LoadFinding::Severity::Warning ? "warning" : "info")
            .field("sentence", finding.sentence);
        w.key("evidence").beginObject();
        for (const auto &[key, value] : finding.evidence)
            w.field(key, value);
        w.endObject().endObject();
    }
    w.endArray();
}

} // namespace

void writeLatencyJson(std::ostream &out, const LatencyOutput &output)
{
    const auto &study = output.study;
    const auto &report = study.report;
    const bool blocks = output.intervals == ShownIntervals::Blocks;
    JsonWriter w(out);
    w.beginObject().field("by", output.by);
    w.key("duration_ns");
    if (report.durationNs)
        w.value(*report.durationNs);
    else
        w.null();
    w.field("left_out", output.rows.leftOut).key("groups").beginArray();
    writeGroup(w, "*", report.all.count, report.errors, {"all", report.all}, report.ratePerSecond,
               nullptr, study.all, blocks);
    for (std::size_t i = 0; i < study.shown; ++i) {
        const auto &row = report.groups[i];
        const auto &latency = row.latency;
        const bool apart = !latency.all && latency.ok.count > 0 && latency.failed.count > 0;
        writeGroup(w, row.name, latency.count(), latency.failed.count, figuresOf(latency),
                   row.ratePerSecond, apart ? &latency.failed : nullptr, study.groups[i], blocks);
    }
    w.endArray();
    if (output.levels)
        writeLevels(w, output);
    if (output.objective)
        writeObjective(w, output);
    if (!study.whatIf.empty())
        writeWhatIf(w, output);
    if (output.warmUp || !output.skipped.empty()) {
        w.key("warm_up").beginArray();
        for (const auto &[capture, warmUp] : output.skipped)
            writeWarmUp(w, output.rows, capture, warmUp, true);
        for (std::size_t i = 0; output.warmUp && i < study.captures.size(); ++i) {
            if (study.captures[i].warmUp)
                writeWarmUp(w, output.rows, static_cast<std::uint8_t>(i), *study.captures[i].warmUp,
                            false);
        }
        w.endArray();
    }
    writeRemarks(w, study.findings);
    w.endObject();
}

} // namespace flamewright
