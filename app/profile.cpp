#include "analysis/flame_tree_builder.h"
#include "app/workbench.h"
#include "capture/session/chunk_codec.h"

#include <algorithm>

namespace flamewright {
namespace {

// What of one capture is asked for.
struct Selection {
    const CaptureInfo *capture = nullptr;
    MeasureId measure;
    std::vector<std::uint8_t> tracks; // by TrackId::raw; empty: all
};

constexpr std::string_view kSamples = "samples";

// Threads of chosen processes are chosen too. Parents come before children.
std::vector<std::uint8_t> chosenTracks(const Scope &scope, const CaptureInfo &capture)
{
    if (scope.tracks.empty())
        return {};
    std::vector<std::uint8_t> chosen(capture.meta.tracks.size() + 1, 0);
    for (const auto &ref : scope.tracks) {
        if (ref.capture == capture.id && ref.track.raw < chosen.size())
            chosen[ref.track.raw] = 1;
    }
    for (std::size_t i = 1; i < chosen.size(); ++i) {
        const auto parent = capture.meta.tracks[i - 1].parent.raw;
        if (parent != 0 && parent < i && chosen[parent])
            chosen[i] = 1;
    }
    return chosen;
}

MeasureId measureOf(const CaptureInfo &capture, std::string_view name)
{
    const auto &measures = capture.meta.measures;
    for (std::size_t i = 0; i < measures.size(); ++i) {
        if (measures[i].name == name)
            return MeasureId{static_cast<std::uint32_t>(i + 1)};
    }
    return {};
}

std::string names(std::span<const CaptureInfo> captures)
{
    std::string out;
    for (const auto &capture : captures) {
        for (const auto &measure : capture.meta.measures) {
            if (out.find(measure.name) == std::string::npos)
                out += (out.empty() ? "" : ", ") + measure.name;
        }
    }
    return out;
}

Result<StackWeights> sumByStack(SessionReader &reader, const Selection &what, const Scope &scope,
                                std::size_t stacks, bool countSamples, std::uint64_t &rowsRead,
                                JobContext &job)
{
    StackWeights weights{std::vector<std::int64_t>(stacks), std::vector<std::int64_t>(stacks)};
    const std::vector<TimeRange> all{TimeRange{}};
    const auto &times = scope.times.empty() ? all : scope.times;
    // One pass over the hull of the ranges; rows are tested against each.
    TimeRange hull = times.front();
    for (const auto &range : times)
        hull = {std::min(hull.begin, range.begin), std::max(hull.end, range.end)};
    const auto inTime = [&](Timestamp t) {
        return std::any_of(times.begin(), times.end(),
                           [&](const TimeRange &range) { return range.contains(t); });
    };
    FW_TRY(reader.scan(
        what.capture->id, ChunkKind::Samples, hull, job, [&](const Chunk &chunk) -> Result<> {
            FW_TRY(job.checkpoint());
            FW_ASSIGN(const auto rows, decodeSamples(chunk));
            rowsRead += rows.size();
            const bool wholeChunk = scope.times.empty();
            for (std::size_t i = 0; i < rows.size(); ++i) {
                if (rows.measure[i] != what.measure || (!wholeChunk && !inTime(rows.time[i])))
                    continue;
                if (!what.tracks.empty() &&
                    (rows.track[i].raw >= what.tracks.size() || !what.tracks[rows.track[i].raw]))
                    continue;
                const auto stack = rows.stack[i].raw;
                if (stack >= stacks)
                    return fail(Errc::Corrupt, "a sample refers to a stack that is not there");
                weights.value[stack] = saturatingAdd(weights.value[stack],
                                                     countSamples ? rows.count[i] : rows.value[i]);
                weights.samples[stack] = saturatingAdd(weights.samples[stack], rows.count[i]);
            }
            return {};
        }));
    return weights;
}

} // namespace

MeasureId defaultMeasure(const CaptureInfo &capture)
{
    // Importers enter the file's own choice (pprof's default_sample_type, perf's leader) first.
    const auto &measures = capture.meta.measures;
    const auto first = std::find_if(measures.begin(), measures.end(),
                                    [](const MeasureRow &m) { return m.rows > 0; });
    return first == measures.end()
               ? MeasureId{}
               : MeasureId{static_cast<std::uint32_t>(first - measures.begin() + 1)};
}

Result<std::shared_ptr<const Profile>> Workbench::profile(const Session &session,
                                                          const Scope &scope, JobContext &job) const
{
    FW_ASSIGN(const auto reader, session.reader());
    FW_ASSIGN(auto captures, reader->captures());
    if (!scope.captures.empty()) {
        std::erase_if(captures, [&](const CaptureInfo &c) {
            return std::find(scope.captures.begin(), scope.captures.end(), c.id) ==
                   scope.captures.end();
        });
    }
    std::erase_if(captures, [](const CaptureInfo &c) { return c.samples == 0; });

    std::string measure = scope.measure;
    if (measure.empty() && !captures.empty()) {
        if (const auto id = defaultMeasure(captures.front()); id.raw != 0)
            measure = captures.front().meta.measures[id.raw - 1].name;
    }
    std::vector<Selection> selections;
    Unit unit = Unit::Count;
    bool countSamples = false;
    for (const auto &capture : captures) {
        auto id = measureOf(capture, measure);
        if (id.raw == 0 && measure == kSamples) {
            // Not a measure of the file: the number of samples behind the default one.
            id = defaultMeasure(capture);
            countSamples = true;
        }
        if (id.raw == 0)
            continue;
        if (!countSamples)
            unit = capture.meta.measures[id.raw - 1].unit;
        selections.push_back({&capture, id, chosenTracks(scope, capture)});
    }
    if (selections.empty() && !captures.empty() && !scope.measure.empty())
        return fail(Errc::Usage, "there is no measure '" + scope.measure +
                                     "'; there are: " + names(captures) + ", samples");

    std::vector<std::shared_ptr<const Dimensions>> kept;
    std::vector<ProfileInput> inputs;
    std::uint64_t rowsRead = 0;
    for (const auto &selection : selections) {
        FW_ASSIGN(auto loaded, dimensions(session, *reader, *selection.capture, job));
        FW_ASSIGN(auto weights, sumByStack(*reader, selection, scope, loaded->stacks.size(),
                                           countSamples, rowsRead, job));
        inputs.push_back({loaded.get(), std::move(weights)});
        kept.push_back(std::move(loaded));
    }
    auto built = std::make_shared<Profile>(buildProfile(inputs, scope.inlines));
    built->measure = measure;
    built->unit = unit;
    built->rowsRead = rowsRead;
    return std::shared_ptr<const Profile>(std::move(built));
}

} // namespace flamewright
