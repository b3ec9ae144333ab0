#include "analysis/load_study.h"

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

constexpr std::size_t kBimodalGroups = 10;

// Columns of some rows, in their order.
struct Columns {
    std::vector<std::int64_t> begin, latency;
    std::vector<std::uint8_t> failed;
};

// The rows of each of these groups. Only the shown ones are copied.
std::vector<Columns> columnsOf(const LoadRows &rows, const LatencyReport &report, std::size_t shown)
{
    std::vector<std::size_t> place(rows.groups.size(), SIZE_MAX);
    for (std::size_t i = 0; i < shown; ++i)
        place[report.groups[i].group] = i;
    std::vector<Columns> out(shown);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto at = place[rows.group[i]];
        if (at == SIZE_MAX)
            continue;
        out[at].begin.push_back(rows.begin[i]);
        out[at].latency.push_back(rows.latency[i]);
        out[at].failed.push_back(rows.failed[i]);
    }
    return out;
}

std::optional<BlockIntervals> blocksOf(const Columns &columns, ShownOf of)
{
    if (of == ShownOf::All)
        return blockIntervals(columns.begin, columns.latency);
    Columns part;
    for (std::size_t i = 0; i < columns.latency.size(); ++i) {
        if ((columns.failed[i] != 0) == (of == ShownOf::Failed)) {
            part.begin.push_back(columns.begin[i]);
            part.latency.push_back(columns.latency[i]);
        }
    }
    return blockIntervals(part.begin, part.latency);
}

void addGroups(const LoadRows &rows, const StudyQuestion &question, LoadStudy &study)
{
    study.groups.resize(study.shown);
    if (!question.apdexNs && !question.objective && !question.blocks)
        return;
    const auto count = [&](const auto &latency, const auto &failed, GroupStudy &out) {
        if (question.apdexNs)
            out.apdex = apdex(latency, failed, *question.apdexNs);
        if (question.objective)
            out.within = compliance(latency, failed, question.objective->thresholdNs);
    };
    count(rows.latency, rows.failed, study.all);
    if (question.blocks)
        study.all.blocks = blockIntervals(rows.begin, rows.latency);
    const auto columns = columnsOf(rows, study.report, study.shown);
    for (std::size_t i = 0; i < study.shown; ++i) {
        count(columns[i].latency, columns[i].failed, study.groups[i]);
        if (question.blocks)
            study.groups[i].blocks = blocksOf(columns[i], shownOf(study.report.groups[i].latency));
    }
}

WhatIf whatIf(const LoadRows &rows, std::uint8_t capture, const LoadModelReport &model,
              std::optional<std::int64_t> intervalNs)
{
    WhatIf out;
    out.capture = capture;
    std::vector<std::int64_t> latencies;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows.capture[i] == capture && rows.failed[i] == 0)
            latencies.push_back(rows.latency[i]);
    }
    out.measured = summarizeLatencies(latencies);
    if (!intervalNs && model.model == LoadModel::Open)
        out.whyNot = "the model is open: requests did not wait for slow answers";
    else if (!intervalNs && model.gaps.betweenNs <= 0)
        out.whyNot = "how often a worker sends is not known: say it (--correct-omission 10ms)";
    else
        out.corrected = correctOmission(latencies, intervalNs.value_or(model.gaps.betweenNs));
    return out;
}

} // namespace

ShownOf shownOf(const LatencyGroup &group)
{
    if (group.all)
        return ShownOf::All;
    return group.ok.count > 0 ? ShownOf::Ok : ShownOf::Failed;
}

const LatencySummary &shownLatency(const LatencyGroup &group)
{
    switch (shownOf(group)) {
    case ShownOf::All: return *group.all;
    case ShownOf::Ok: return group.ok;
    case ShownOf::Failed: break;
    }
    return group.failed;
}

LoadStudy studyLoad(const LoadRows &rows, const StudyQuestion &question)
{
    LoadStudy out;
    out.report = latencyReport(rows, question.over, question.together);
    const auto &groups = out.report.groups;
    out.shown = question.limit > 0 ? std::min(question.limit, groups.size()) : groups.size();
    addGroups(rows, question, out);

    const auto add = [&](std::vector<LoadFinding> more) {
        std::move(more.begin(), more.end(), std::back_inserter(out.findings));
    };
    for (std::size_t i = 0; i < rows.captures.size(); ++i) {
        const auto capture = static_cast<std::uint8_t>(i);
        out.captures.push_back(studyCapture(rows, capture));
        if (rows.firstTimed() == rows.size())
            continue;
        add(findingsOf(rows, capture, out.captures.back(), rows.captures.size() > 1));
        if (question.correct)
            out.whatIf.push_back(
                whatIf(rows, capture, out.captures.back().model, question.correctionIntervalNs));
    }
    std::vector<std::uint32_t> looked;
    for (std::size_t i = 0; i < std::min(out.shown, kBimodalGroups); ++i)
        looked.push_back(groups[i].group);
    add(bimodalGroups(rows, looked));

    if (question.levels || question.objective) {
        out.capacity = capacity(rows);
        if (question.levels)
            add(findingsOf(*out.capacity));
    }
    if (question.objective) {
        out.burn = burnReport(*out.all.within, question.objective->target());
        if (out.burn->seen.total > 0)
            out.findings.push_back(findingOf(*question.objective, *out.burn));
        out.headroom = headroomOf(rows, out.capacity->levels, *question.objective);
        if (out.headroom)
            out.findings.push_back(findingOf(*question.objective, *out.headroom));
    }
    return out;
}

LoadRows withoutWarmUps(const LoadRows &rows, std::vector<SkippedWarmUp> &skipped)
{
    std::vector<std::int64_t> begins(rows.captures.size(), 0);
    for (std::size_t i = 0; i < rows.captures.size(); ++i) {
        const auto capture = static_cast<std::uint8_t>(i);
        const auto found = offeredWarmUp(rows, capture);
        if (!found)
            continue;
        begins[i] = found->endNs;
        skipped.push_back({capture, *found});
    }
    return skipped.empty() ? rows : startingAt(rows, begins);
}

} // namespace flamewright
