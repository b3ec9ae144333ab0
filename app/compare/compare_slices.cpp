#include "app/compare/compare_slices.h"

#include "analysis/compare/slice_diff.h"
#include "analysis/span_detectors.h"
#include "app/compare/change_text.h"
#include "capture/base/format_value.h"
#include "capture/session/chunk_codec.h"
#include "capture/session/dimensions.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace flamewright {
namespace {

constexpr std::size_t kMostSlices = 24'000'000; // of a side: they are held in memory
constexpr std::size_t kMostSentences = 5, kMostParts = 20;
constexpr double kTellingShare = 0.05; // of the larger side's time
constexpr double kNoise = 0.05;

bool isJudged(const Change &change)
{
    return change.verdict == Verdict::Improved || change.verdict == Verdict::Regressed;
}

std::string trackName(const std::vector<TrackRow> &tracks, TrackId id)
{
    if (id.raw == 0 || id.raw > tracks.size())
        return {};
    const auto &track = tracks[id.raw - 1];
    if (track.parent.raw == 0 || track.parent.raw > tracks.size() ||
        tracks[track.parent.raw - 1].name.empty())
        return track.name;
    return tracks[track.parent.raw - 1].name + " / " + track.name;
}

// Where a scope lets slices through; a process stands for its threads. Empty: everywhere.
std::vector<std::uint8_t> chosenTracks(const Scope &scope, const CaptureInfo &capture)
{
    if (scope.tracks.empty())
        return {};
    const auto &tracks = capture.meta.tracks;
    std::vector<std::uint8_t> out(tracks.size() + 1, 0);
    for (const auto &ref : scope.tracks) {
        if (ref.capture != capture.id || ref.track.raw >= out.size())
            continue;
        out[ref.track.raw] = 1;
        for (std::size_t i = 0; i < tracks.size(); ++i) {
            if (tracks[i].parent == ref.track)
                out[i + 1] = 1;
        }
    }
    return out;
}

Result<SliceSide> readSide(const std::vector<ComparedCapture> &captures, JobContext &job)
{
    SliceSide out;
    std::map<std::string, std::uint32_t> tracks;
    for (const auto &one : captures) {
        FW_ASSIGN(const auto reader, one.session->reader());
        FW_ASSIGN(const auto dimensions, loadDimensions(*reader, one.info.id, job));
        out.area.beginCapture(dimensions->strings, 0);
        const auto chosen = chosenTracks(one.scope, one.info);
        std::vector<std::uint32_t> numbers(dimensions->tracks.size() + 1);
        for (std::uint32_t i = 0; i < numbers.size(); ++i) {
            const auto name = trackName(dimensions->tracks, TrackId{i});
            const auto [it, added] =
                tracks.try_emplace(name, static_cast<std::uint32_t>(tracks.size()));
            if (added)
                out.tracks.push_back(name);
            numbers[i] = it->second;
        }
        std::int64_t begin = INT64_MIN, end = INT64_MAX;
        if (!one.scope.times.empty()) {
            begin = INT64_MAX;
            end = INT64_MIN;
            for (const auto &range : one.scope.times) {
                begin = std::min(begin, range.begin.time_since_epoch().count());
                end = std::max(end, range.end.time_since_epoch().count());
            }
        }
        FW_TRY(reader->scan(
            one.info.id, ChunkKind::Slices, {}, job, [&](const Chunk &chunk) -> Result<> {
                FW_TRY(job.checkpoint());
                FW_ASSIGN(const auto rows, decodeSlices(chunk));
                const auto before = out.area.size();
                out.area.add(rows, begin, end, chosen);
                for (auto i = before; i < out.area.size(); ++i) {
                    const auto track = out.area.lane[i] & 0xffff'ffff;
                    out.track.push_back(track < numbers.size() ? numbers[track] : numbers[0]);
                }
                if (out.area.size() > kMostSlices)
                    return fail(Errc::Limit, "more than 24 million slices cannot be compared: "
                                             "choose a shorter time or fewer tracks");
                return {};
            }));
    }
    return out;
}

// Seconds that a side's captures took, of those that may overlap each for itself.
double secondsOf(const std::vector<ComparedCapture> &captures)
{
    double out = 0;
    for (const auto &one : captures)
        out += static_cast<double>(one.info.durationNs().value_or(0)) / 1e9;
    return out;
}

// Sets the divisors of both sides. Automatic: by work where it is known of all captures.
Result<Normalisation> normalise(const ComparedPair &pair, const CompareContext &context,
                                SliceSide &base, SliceSide &cand, std::vector<std::string> &notes)
{
    Normalisation out;
    const auto &options = context.options;
    const auto divide = [&](double left, double right, NormaliseBy by, std::string per,
                            std::string source) {
        out = {by, left, right, std::move(per), std::move(source)};
        base.divisor = left;
        cand.divisor = right;
    };
    const bool automatic = options.by == NormaliseBy::Automatic;
    if (options.work && (automatic || options.by == NormaliseBy::Work)) {
        const auto [left, right] = *options.work;
        if (left <= 0 || right <= 0)
            return fail(Errc::Usage, "units of work have to be above 0");
        divide(left, right, NormaliseBy::Work, options.workUnit,
               formatNumber(left) + " and " + formatNumber(right) + ", as given");
        return out;
    }
    if (automatic || options.by == NormaliseBy::Work) {
        double units[2]{};
        std::string unit, source;
        bool known = true;
        for (const int side : {0, 1}) {
            const auto &whole = side == 0 ? context.base : context.cand;
            for (const auto &one : side == 0 ? pair.base : pair.cand) {
                FW_ASSIGN(const auto done, workDone(whole, one, context.job));
                known = known && done && done->units > 0;
                if (!done)
                    continue;
                units[side] += done->units;
                unit = done->unit;
                source = done->source;
            }
        }
        if (known && units[0] > 0 && units[1] > 0) {
            divide(units[0], units[1], NormaliseBy::Work, unit,
                   formatNumber(units[0]) + " and " + formatNumber(units[1]) + " " + source);
            return out;
        }
        if (!automatic)
            return fail(Errc::Usage,
                        "how much work was done while this was recorded is not known: give it");
    }
    if (options.by == NormaliseBy::CpuTime)
        notes.emplace_back("slices do not know CPU time: nothing is divided");
    if (options.by == NormaliseBy::WallTime) {
        const auto left = secondsOf(pair.base), right = secondsOf(pair.cand);
        if (left > 0 && right > 0)
            divide(left, right, NormaliseBy::WallTime, "s",
                   formatNumber(left) + " and " + formatNumber(right) + " s of the recordings");
        else
            notes.emplace_back("how long the recordings are is not known: nothing is divided");
    }
    if (options.by == NormaliseBy::Total)
        out.by = NormaliseBy::Total;
    return out;
}

struct Told {
    ComparedItem item;
    double weight = 0;
};

std::vector<ComparedItem> itemsOf(const TraceDiff &diff, const Normalisation &by)
{
    std::vector<Told> all;
    const bool shares = by.by == NormaliseBy::Total;
    for (const auto &one : diff.slices) {
        const auto better = one.isState ? Better::Neither : Better::Lower;
        const auto weight = std::abs(one.self.delta());
        const auto *const unit = shares && one.isWork ? "share" : "ns";
        const auto add = [&](const char *figure, const char *in, bool divided, Better way,
                             const Change &change, double factor) {
            if (change.base || change.cand)
                all.push_back({{.name = one.name,
                                .detail = one.track,
                                .figure = figure,
                                .unit = in,
                                .per = divided ? by.per : std::string(),
                                .better = way,
                                .change = change},
                               weight * factor});
        };
        add("self", unit, true, better, one.self, 1);
        add("total", unit, true, better, one.total, 0.99);
        add("p50", "ns", false, better, one.p50, 0.98);
        add("p99", "ns", false, better, one.p99, 0.97);
        add("count", "count", true, Better::Neither, one.count, 0.96);
    }
    std::stable_sort(all.begin(), all.end(), [](const Told &a, const Told &b) {
        const bool first = isJudged(a.item.change), second = isJudged(b.item.change);
        return first != second ? first : a.weight > b.weight;
    });
    std::vector<ComparedItem> out;
    if (diff.allSelf.base || diff.allSelf.cand)
        out.push_back({.name = "*",
                       .figure = "self",
                       .unit = "ns",
                       .per = by.per,
                       .better = Better::Lower,
                       .change = diff.allSelf});
    for (auto &one : all)
        out.push_back(std::move(one.item));
    return out;
}

void say(ComparedSection &out, const TraceDiff &diff)
{
    const auto larger = std::max({diff.allSelf.base.value_or(0), diff.allSelf.cand.value_or(0)});
    const auto whole = out.normalisation.by == NormaliseBy::Total ? 1 : larger;
    std::set<std::pair<std::string, std::string>> work{{std::string(), "*"}};
    for (const auto &one : diff.slices) {
        if (one.isWork)
            work.emplace(one.track, one.name);
    }
    for (const auto &item : out.items) {
        const bool telling = item.figure == "self" && isJudged(item.change) && whole > 0 &&
                             work.count({item.detail, item.name}) > 0 &&
                             std::abs(item.change.delta()) >= kTellingShare * whole;
        if (!telling || out.sentences.size() == kMostSentences)
            continue;
        const auto name = item.name == "*"
                              ? std::string("Time in slices")
                              : shortName(item.name) + " on " + shortName(item.detail) + " itself";
        if (out.sentences.empty())
            out.weight = std::abs(item.change.delta()) / whole;
        out.sentences.push_back(name + (item.change.delta() < 0 ? " fell from " : " rose from ") +
                                evidenceText(item) + " slices" +
                                (item.per.empty() ? "" : ", per " + item.per) + ".");
    }
    if (out.sentences.empty())
        out.sentences.emplace_back("There is not enough evidence that the time in slices changed.");
    if (out.normalisation.by == NormaliseBy::Total)
        return;
    Explanation made{
        .of = "time in slices",
        .unit = "ns",
        .per = out.normalisation.per,
        .base = diff.allSelf.base.value_or(0),
        .cand = diff.allSelf.cand.value_or(0),
        .method = "what slices took themselves, without those that are in them; neither what is "
                  "asynchronous nor states"};
    double sum = 0;
    for (const auto &one : diff.slices) {
        if (!one.isWork || made.parts.size() == kMostParts || one.self.delta() == 0)
            continue;
        made.parts.push_back(
            {one.name, one.track, one.self.base.value_or(0), one.self.cand.value_or(0),
             isJudged(one.self) ? std::string() : std::string(wordsOf(one.self.verdict))});
        sum += one.self.delta();
    }
    made.remainder = made.cand - made.base - sum;
    out.explanations.push_back(std::move(made));
}

} // namespace

Result<ComparedSection> compareSlices(const ComparedPair &pair, const CompareContext &context)
{
    FW_ASSIGN(auto base, readSide(pair.base, context.job));
    FW_ASSIGN(auto cand, readSide(pair.cand, context.job));
    if (base.area.size() == 0 || cand.area.size() == 0)
        return fail(Errc::Usage, "a side has neither spans nor slices");
    const auto &options = context.options;
    ComparedSection out{.kind = pair.kind, .title = pair.title};
    for (const auto &one : pair.base)
        out.baseCaptures.push_back(one.info.desc.name);
    for (const auto &one : pair.cand)
        out.candCaptures.push_back(one.info.desc.name);
    FW_ASSIGN(out.normalisation, normalise(pair, context, base, cand, out.notes));
    FW_TRY(context.job.checkpoint());
    FW_ASSIGN(auto made, diffSlices(std::move(base), std::move(cand),
                                    {.rules = {.alpha = options.alpha,
                                               .noise = options.noise.value_or(kNoise)},
                                     .rounds = options.rounds,
                                     .shares = out.normalisation.by == NormaliseBy::Total,
                                     .renames = options.renames}));
    const auto diff = std::make_shared<const TraceDiff>(std::move(made));
    out.items = itemsOf(*diff, out.normalisation);
    say(out, *diff);
    out.method = diff->method;
    out.notes.insert(out.notes.end(), diff->notes.begin(), diff->notes.end());
    out.traces = diff;
    return out;
}

} // namespace flamewright
