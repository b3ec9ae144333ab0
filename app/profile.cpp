#include "analysis/compare/profile_diff.h"
#include "analysis/compare/sample_blocks.h"
#include "analysis/flame_tree_builder.h"
#include "analysis/heat_map.h"
#include "analysis/time_chart.h"
#include "app/chart.h"
#include "app/scope_samples.h"
#include "app/workbench.h"
#include "capture/base/intern_table.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

namespace flamewright {
namespace {

// A profile before transforms, and where the stacks of each capture are in it.
struct Summed {
    ScopeSelection selection;
    Profile profile;
    NodesOfStacks nodes;

    // Where a sample's stack is after transforms; kNoNode: left out.
    std::uint32_t nodeOf(std::size_t capture, StackId stack) const
    {
        const auto &of = nodes[capture];
        return stack.raw < of.size() ? of[stack.raw] : kNoNode;
    }
};

// Sums of samples by stack and stretch of time, as they come.
class BlockSums {
public:
    explicit BlockSums(TimeRange time)
        : m_begin(time.begin.time_since_epoch().count()),
          m_length(static_cast<double>(time.end.time_since_epoch().count()) -
                   static_cast<double>(m_begin))
    {}

    void add(Timestamp time, StackId stack, std::int64_t value)
    {
        ++m_samples;
        if (time == kNoTime) {
            ++m_untimed;
            return;
        }
        const auto at =
            (static_cast<double>(time.time_since_epoch().count()) - static_cast<double>(m_begin)) /
            m_length * kSampleBlocks;
        const auto block = static_cast<std::uint32_t>(std::clamp(at, 0.0, kSampleBlocks - 1.0));
        const auto fresh = static_cast<std::uint32_t>(m_sums.size());
        const auto id = m_index.findOrAddKey(
            bijectiveMix(std::uint64_t{stack.raw} * kSampleBlocks + block), fresh);
        if (id == fresh)
            m_sums.push_back({block, stack.raw, 0});
        m_sums[id].value = saturatingAdd(m_sums[id].value, value);
    }
    // `nodeOf`: of stacks.
    SampleBlocks finish(const Profile &profile, const std::vector<std::uint32_t> &nodeOf)
    {
        constexpr std::uint64_t kTimedOfUntimed = 100;
        if (!(m_length > 0) || m_samples == 0 || m_untimed > m_samples / kTimedOfUntimed)
            return {};
        m_sums.erase(m_sums.begin()); // of no id
        for (auto &one : m_sums)
            one.node = one.node < nodeOf.size() ? nodeOf[one.node] : kNoNode;
        return sampleBlocks(profile, kSampleBlocks, std::move(m_sums));
    }

private:
    std::int64_t m_begin;
    double m_length;
    std::uint64_t m_samples = 0, m_untimed = 0;
    std::vector<BlockedWeight> m_sums{1}; // `node`: the stack until the end
    InternTable m_index;
};

// The time of a capture that a scope asks for.
TimeRange timeOf(const CaptureInfo &capture, const Scope &scope)
{
    auto out = capture.span.value_or(TimeRange{Timestamp{}, Timestamp{}});
    if (scope.times.empty())
        return out;
    auto hull = scope.times.front();
    for (const auto &range : scope.times)
        hull = {std::min(hull.begin, range.begin), std::max(hull.end, range.end)};
    return {std::max(out.begin, hull.begin), std::min(out.end, hull.end)};
}

// Stands for the samples of one capture in a chart: how they are thinned out when they are many.
class SeriesBuilder {
public:
    SeriesBuilder(SampleSeries &out, std::size_t limit) : m_out(out), m_limit(limit) {}

    void add(const TimedSample &sample)
    {
        if (m_seen++ % m_every != 0)
            return;
        m_out.samples.push_back(sample);
        if (m_out.samples.size() > m_limit) {
            // Half of them, evenly; from here on only as many as are kept.
            std::size_t kept = 0;
            for (std::size_t i = 0; i < m_out.samples.size(); i += 2)
                m_out.samples[kept++] = m_out.samples[i];
            m_out.samples.resize(kept);
            m_every *= 2;
        }
    }
    void finish() { m_out.leftOut = m_seen - m_out.samples.size(); }

private:
    SampleSeries &m_out;
    std::size_t m_limit;
    std::uint64_t m_seen = 0, m_every = 1;
};

std::string laneName(const CaptureMeta &meta, TrackId track)
{
    if (track.raw == 0 || track.raw > meta.tracks.size())
        return "(no thread)";
    const auto &row = meta.tracks[track.raw - 1];
    const auto id = row.kind == TrackKind::Process ? row.pid : row.tid;
    return id > 0 ? row.name + " " + std::to_string(id) : row.name;
}

// Longer than any capture; keeps sums of times within 64 bits.
constexpr std::int64_t kLongestChartNs = std::int64_t{1} << 61;

std::int64_t sinceStart(const CaptureInfo &capture, Timestamp time)
{
    std::int64_t out = 0;
    const auto begin = capture.span ? capture.span->begin : Timestamp{};
    if (__builtin_sub_overflow(time.time_since_epoch().count(), begin.time_since_epoch().count(),
                               &out))
        return time < begin ? 0 : kLongestChartNs;
    return std::clamp<std::int64_t>(out, 0, kLongestChartNs);
}

// The lanes with most samples first; within a lane in time order.
void sortLanes(SampleSeries &series)
{
    std::vector<std::uint64_t> count(series.lanes.size(), 0);
    for (const auto &sample : series.samples)
        ++count[sample.lane];
    std::vector<std::uint32_t> order(series.lanes.size());
    std::iota(order.begin(), order.end(), 0u);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return count[a] > count[b]; });
    std::vector<std::uint32_t> place(order.size());
    std::vector<std::string> names;
    for (std::uint32_t i = 0; i < order.size(); ++i) {
        place[order[i]] = i;
        names.push_back(std::move(series.lanes[order[i]]));
    }
    series.lanes = std::move(names);
    for (auto &sample : series.samples)
        sample.lane = place[sample.lane];
    std::stable_sort(series.samples.begin(), series.samples.end(),
                     [](const TimedSample &a, const TimedSample &b) {
                         return a.lane != b.lane ? a.lane < b.lane : a.timeNs < b.timeNs;
                     });
}

} // namespace

struct Workbench::Questions {
    const Workbench &workbench;
    const Session &session;
    const Scope &scope;
    SessionReader &reader;
    JobContext &job;

    // `blocks`: of the first capture, made when there is one capture only.
    Result<Summed> sum(std::optional<BlockSums> *blocks = nullptr) const;
    Result<> transform(Summed &summed) const;
};

Result<Summed> Workbench::Questions::sum(std::optional<BlockSums> *blocks) const
{
    Summed out;
    FW_ASSIGN(out.selection, selectionOf(reader, scope));
    std::vector<std::shared_ptr<const Dimensions>> kept;
    std::vector<ProfileInput> inputs;
    std::uint64_t rowsRead = 0;
    if (blocks != nullptr && out.selection.captures.size() == 1)
        blocks->emplace(timeOf(out.selection.captures.front().capture, scope));
    for (const auto &what : out.selection.captures) {
        FW_ASSIGN(auto loaded, workbench.dimensions(session, reader, what.capture, job));
        const auto stacks = loaded->stacks.size();
        StackWeights weights{std::vector<std::int64_t>(stacks), std::vector<std::int64_t>(stacks)};
        bool strayed = false;
        FW_TRY(scanScope(reader, what, scope, job, [&](const SampleColumns &rows, std::size_t i) {
            ++rowsRead;
            const auto stack = rows.stack[i].raw;
            if (stack >= stacks) {
                strayed = true;
                return;
            }
            const auto value = out.selection.countSamples ? rows.count[i] : rows.value[i];
            weights.value[stack] = saturatingAdd(weights.value[stack], value);
            weights.samples[stack] = saturatingAdd(weights.samples[stack], rows.count[i]);
            if (blocks != nullptr && blocks->has_value())
                (*blocks)->add(rows.time[i], rows.stack[i], value);
        }));
        if (strayed)
            return fail(Errc::Corrupt, "a sample refers to a stack that is not there");
        inputs.push_back({loaded.get(), std::move(weights)});
        kept.push_back(std::move(loaded));
    }
    out.profile = buildProfile(inputs, scope.inlines, &out.nodes);
    out.profile.measure = out.selection.measure;
    out.profile.unit = out.selection.unit;
    out.profile.rowsRead = rowsRead;
    FW_TRY(transform(out));
    return out;
}

Result<> Workbench::Questions::transform(Summed &summed) const
{
    if (scope.transforms.empty())
        return {};
    std::vector<std::uint32_t> moved;
    FW_ASSIGN(summed.profile, applyTransforms(summed.profile, scope.transforms, &moved));
    for (auto &capture : summed.nodes) {
        for (auto &node : capture)
            node = node == kNoNode ? kNoNode : moved[node];
    }
    return {};
}

Result<std::shared_ptr<const Profile>> Workbench::profile(const Session &session,
                                                          const Scope &scope, JobContext &job) const
{
    FW_ASSIGN(const auto reader, session.reader());
    const Questions questions{*this, session, scope, *reader, job};
    FW_ASSIGN(auto summed, questions.sum());
    return std::make_shared<const Profile>(std::move(summed.profile));
}

Result<ProfileRun> Workbench::profileRun(const Session &session, const Scope &scope,
                                         JobContext &job) const
{
    FW_ASSIGN(const auto reader, session.reader());
    const Questions questions{*this, session, scope, *reader, job};
    std::optional<BlockSums> blocks;
    FW_ASSIGN(auto summed, questions.sum(&blocks));
    ProfileRun out;
    if (blocks)
        out.blocks = blocks->finish(summed.profile, summed.nodes.front());
    out.profile = std::make_shared<const Profile>(std::move(summed.profile));
    return out;
}

Result<Chart> Workbench::chart(const Session &session, const Scope &scope, JobContext &job) const
{
    FW_ASSIGN(const auto reader, session.reader());
    const Questions questions{*this, session, scope, *reader, job};
    FW_ASSIGN(auto summed, questions.sum());
    SampleSeries series;
    series.beginNs = kLongestChartNs;
    SeriesBuilder builder(series, kMaxChartSamples);
    std::uint64_t untimed = 0;
    for (std::size_t c = 0; c < summed.selection.captures.size(); ++c) {
        const auto &what = summed.selection.captures[c];
        const auto &meta = what.capture.meta;
        const auto firstLane = static_cast<std::uint32_t>(series.lanes.size());
        for (std::uint32_t track = 0; track <= meta.tracks.size(); ++track)
            series.lanes.push_back(laneName(meta, TrackId{track}));
        auto span = what.capture.span.value_or(TimeRange{Timestamp{}, Timestamp{}});
        for (std::size_t i = 0; i < scope.times.size(); ++i) {
            const auto &range = scope.times[i];
            span = i == 0 ? range
                          : TimeRange{std::min(span.begin, range.begin),
                                      std::max(span.end, range.end)};
        }
        series.beginNs = std::min(series.beginNs, sinceStart(what.capture, span.begin));
        series.endNs = std::max(series.endNs, sinceStart(what.capture, span.end));
        FW_TRY(scanScope(*reader, what, scope, job, [&](const SampleColumns &rows, std::size_t i) {
            const auto node = summed.nodeOf(c, rows.stack[i]);
            if (rows.time[i] == kNoTime)
                ++untimed;
            else if (node != kNoNode && rows.track[i].raw <= meta.tracks.size())
                builder.add(
                    {sinceStart(what.capture, rows.time[i]), firstLane + rows.track[i].raw, node});
        }));
    }
    builder.finish();
    series.beginNs = std::min(series.beginNs, series.endNs);
    sortLanes(series);
    series.periodNs = usualPeriod(series.samples);
    // The last sample lasts as long as the others.
    if (scope.times.empty())
        series.endNs += series.periodNs;
    Chart out;
    out.untimed = untimed;
    out.leftOut = series.leftOut;
    out.beginNs = series.beginNs;
    out.profile = std::make_shared<const Profile>(chartProfile(summed.profile, series));
    out.base = std::make_shared<const Profile>(std::move(summed.profile));
    return out;
}

Result<HeatMap> Workbench::heatMap(const Session &session, const Scope &scope,
                                   JobContext &job) const
{
    // The whole time is shown, whatever part of it was chosen.
    auto everything = scope;
    everything.times.clear();
    FW_ASSIGN(const auto reader, session.reader());
    const Questions questions{*this, session, everything, *reader, job};
    FW_ASSIGN(const auto selection, selectionOf(*reader, everything));
    // Which stacks the transforms leave is known only when they are summed up.
    Summed summed;
    if (!everything.transforms.empty()) {
        FW_ASSIGN(summed, questions.sum());
    }
    std::optional<TimeRange> time;
    std::uint64_t samples = 0;
    for (const auto &what : selection.captures) {
        if (!what.capture.span)
            continue;
        samples += what.capture.samples;
        const auto span = *what.capture.span;
        time = time ? TimeRange{std::min(time->begin, span.begin), std::max(time->end, span.end)}
                    : span;
    }
    auto map = emptyHeatMap(time.value_or(TimeRange{Timestamp{}, Timestamp{}}), samples);
    map.measure = selection.measure;
    map.unit = selection.unit;
    for (std::size_t c = 0; c < selection.captures.size(); ++c) {
        FW_TRY(scanScope(
            *reader, selection.captures[c], everything, job,
            [&](const SampleColumns &rows, std::size_t i) {
                if (!everything.transforms.empty() && summed.nodeOf(c, rows.stack[i]) == kNoNode)
                    return;
                const auto value = selection.countSamples ? rows.count[i] : rows.value[i];
                addSample(map, rows.time[i], value, rows.count[i]);
            }));
    }
    return map;
}

} // namespace flamewright
