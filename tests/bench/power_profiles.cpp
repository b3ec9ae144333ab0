// How often profiles of one program are called different, and how often a change is found.
//   power_profiles halves ROUNDS CAPTURE          two halves of a recording: by time, then by stretches
//                                                 of it dealt out at random
//   power_profiles pairs ROUNDS RUNS A... -- B... RUNS of A against RUNS of B, drawn at random; without
//                                                 B: of A against others of A
// FW_TARGET: the function whose verdict is counted by itself. FW_NOISE: as --noise.
#include "analysis/compare/profile_diff.h"
#include "analysis/compare/sample_blocks.h"
#include "analysis/flame_tree_builder.h"
#include "app/opened_capture.h"
#include "app/scope_samples.h"
#include "importers/registry.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>

using namespace flamewright;

namespace {

constexpr std::uint32_t kStretches = 20; // that halves are dealt out in

struct TimedStack {
    std::int64_t time = 0, value = 0, count = 0;
    std::uint32_t stack = 0;
};

struct Recording {
    std::shared_ptr<Dimensions> dimensions;
    std::vector<TimedStack> samples;
    std::int64_t begin = 0, end = 0;
};

Result<Recording> record(const Workbench &workbench, const char *path, JobContext &job)
{
    FW_ASSIGN(const auto opened, openCapture(workbench, path, {}, job));
    FW_ASSIGN(const auto reader, opened.session().reader());
    FW_ASSIGN(const auto dimensions, loadDimensions(*reader, opened.captures().front().id, job));
    Scope scope;
    scope.captures = {opened.captures().front().id};
    FW_ASSIGN(const auto selection, selectionOf(*reader, scope));
    Recording out{.dimensions = std::make_shared<Dimensions>(std::move(*dimensions))};
    const auto &what = selection.captures.front();
    if (what.capture.span) {
        out.begin = what.capture.span->begin.time_since_epoch().count();
        out.end = what.capture.span->end.time_since_epoch().count();
    }
    FW_TRY(scanScope(*reader, what, scope, job, [&](const SampleColumns &rows, std::size_t i) {
        out.samples.push_back({rows.time[i].time_since_epoch().count(), rows.value[i],
                               rows.count[i], rows.stack[i].raw});
    }));
    return out;
}

// The stretches that are `chosen` of a recording, put behind one another.
ProfileRun part(const Recording &of, const std::vector<std::uint8_t> &chosen)
{
    const auto count = static_cast<std::uint32_t>(chosen.size());
    std::vector<std::uint32_t> place(count, 0);
    std::uint32_t taken = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
        place[i] = taken;
        taken += chosen[i];
    }
    ProfileInput input{.dimensions = of.dimensions.get()};
    const auto stacks = of.dimensions->stacks.size();
    input.weights.value.assign(stacks, 0);
    input.weights.samples.assign(stacks, 0);
    const auto length = static_cast<double>(of.end - of.begin) / count;
    std::vector<BlockedWeight> weights;
    for (const auto &one : of.samples) {
        const auto at = static_cast<double>(one.time - of.begin) / length;
        const auto stretch = std::min(static_cast<std::uint32_t>(std::max(at, 0.0)), count - 1);
        if (!chosen[stretch])
            continue;
        input.weights.value[one.stack] += one.value;
        input.weights.samples[one.stack] += one.count;
        const auto where = (place[stretch] + std::min(at - stretch, 0.999)) / taken;
        weights.push_back(
            {static_cast<std::uint32_t>(where * kSampleBlocks), one.stack, one.value});
    }
    NodesOfStacks nodes;
    auto profile = std::make_shared<Profile>(buildProfile({&input, 1}, true, &nodes));
    for (auto &one : weights)
        one.node = nodes.front()[one.node];
    ProfileRun out;
    out.blocks = sampleBlocks(*profile, kSampleBlocks, std::move(weights));
    out.profile = std::move(profile);
    return out;
}

struct Tally {
    std::size_t comparisons = 0, withAlarm = 0, tested = 0, alarms = 0, nodes = 0, nodeAlarms = 0;
    std::size_t wholeAlarms = 0, found = 0, nominal = 0;

    void add(const ProfileDiff &diff)
    {
        const auto *target = std::getenv("FW_TARGET");
        ++comparisons;
        const auto before = alarms;
        const auto isAlarm = [](Verdict verdict) {
            return verdict == Verdict::Regressed || verdict == Verdict::Improved;
        };
        for (const auto &row : diff.table) {
            for (const auto *change : {&row.self, &row.total}) {
                if (change->adjustedP) {
                    ++tested;
                    nominal += *change->p <= 0.05;
                    alarms += isAlarm(change->verdict);
                    if (isAlarm(change->verdict) && std::getenv("FW_SHOW"))
                        std::printf("  %s %s %g %g p %g adj %g\n",
                                    change == &row.self ? "self" : "total",
                                    diff.functions[row.function].name.substr(0, 60).c_str(),
                                    change->base.value_or(0), change->cand.value_or(0), *change->p,
                                    *change->adjustedP);
                }
            }
            if (target != nullptr &&
                diff.functions[row.function].name.find(target) != std::string::npos)
                found += row.self.verdict == Verdict::Regressed;
        }
        wholeAlarms += isAlarm(diff.whole.verdict);
        withAlarm += alarms > before;
        for (const auto verdict : diff.tree.totalVerdict) {
            nodes += verdict != Verdict::NotEnoughData;
            nodeAlarms += isAlarm(verdict);
        }
    }
    void print(const char *what) const
    {
        const auto share = [](std::size_t part, std::size_t of) {
            return of > 0 ? 100.0 * static_cast<double>(part) / static_cast<double>(of) : 0;
        };
        std::printf(
            "%s: %zu comparisons, %zu verdicts on functions, %zu of them a change (%.2f %%), "
            "in %.1f %% of comparisons; whole %.1f %%; nodes %.2f %% of %zu; p <= 0.05 in "
            "%.1f %%",
            what, comparisons, tested, alarms, share(alarms, tested), share(withAlarm, comparisons),
            share(wholeAlarms, comparisons), share(nodeAlarms, nodes), nodes,
            share(nominal, tested));
        if (const auto *target = std::getenv("FW_TARGET"))
            std::printf("; `%s` regressed in %.1f %%", target, share(found, comparisons));
        std::printf("\n");
    }
};

ProfileDiff compareRuns(const std::vector<ProfileRun> &base, const std::vector<ProfileRun> &cand)
{
    const auto *given = std::getenv("FW_NOISE");
    const auto noise = given != nullptr                       ? std::strtod(given, nullptr)
                       : base.size() >= 3 && cand.size() >= 3 ? 0.02
                                                              : 0.05;
    return diffProfiles(base, cand, {.rules = {.noise = noise}}).value();
}

int halves(const Workbench &workbench, int rounds, const char *path, JobContext &job)
{
    const auto recording = record(workbench, path, job);
    if (!recording.has_value()) {
        std::fprintf(stderr, "%s\n", recording.error().text().c_str());
        return 3;
    }
    std::mt19937 random(1);
    std::vector<std::uint8_t> chosen(kStretches, 0);
    std::fill(chosen.begin(), chosen.begin() + kStretches / 2, std::uint8_t{1});
    Tally byTime, dealt;
    for (int round = 0; round <= rounds; ++round) {
        auto rest = chosen;
        for (auto &one : rest)
            one = !one;
        (round == 0 ? byTime : dealt)
            .add(compareRuns({part(*recording, chosen)}, {part(*recording, rest)}));
        std::shuffle(chosen.begin(), chosen.end(), random);
    }
    std::printf("%s, %zu samples\n", path, recording->samples.size());
    byTime.print("  first and second half");
    dealt.print("  halves dealt out     ");
    return 0;
}

int pairs(const Workbench &workbench, int rounds, std::size_t runs, char **paths, int count,
          JobContext &job)
{
    std::vector<ProfileRun> sides[2];
    std::size_t side = 0;
    for (int i = 0; i < count; ++i) {
        if (std::strcmp(paths[i], "--") == 0) {
            side = 1;
            continue;
        }
        const auto recording = record(workbench, paths[i], job);
        if (!recording.has_value()) {
            std::fprintf(stderr, "%s\n", recording.error().text().c_str());
            return 3;
        }
        sides[side].push_back(part(*recording, {1}));
    }
    const bool same = side == 0;
    if (sides[0].size() < (same ? 2 * runs : runs) || (!same && sides[1].size() < runs)) {
        std::fprintf(stderr, "too few recordings\n");
        return 2;
    }
    std::mt19937 random(1);
    Tally tally;
    const auto take = [&](const std::vector<ProfileRun> &from, std::size_t first) {
        return std::vector<ProfileRun>(from.begin() + static_cast<std::ptrdiff_t>(first),
                                       from.begin() + static_cast<std::ptrdiff_t>(first + runs));
    };
    for (int round = 0; round < rounds; ++round) {
        std::shuffle(sides[0].begin(), sides[0].end(), random);
        std::shuffle(sides[1].begin(), sides[1].end(), random);
        tally.add(compareRuns(take(sides[0], 0), same ? take(sides[0], runs) : take(sides[1], 0)));
    }
    tally.print((std::to_string(runs) + " against " + std::to_string(runs) + " runs").c_str());
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    ImporterRegistry importers;
    addBuiltinImporters(importers);
    const Workbench workbench(importers, {.isolation = Isolation::InProcess});
    JobContext job;
    if (argc == 4 && std::strcmp(argv[1], "halves") == 0)
        return halves(workbench, std::atoi(argv[2]), argv[3], job);
    if (argc > 5 && std::strcmp(argv[1], "pairs") == 0)
        return pairs(workbench, std::atoi(argv[2]), std::strtoul(argv[3], nullptr, 10), argv + 4,
                     argc - 4, job);
    std::fprintf(stderr,
                 "power_profiles halves ROUNDS CAPTURE | pairs ROUNDS RUNS A... [-- B...]\n");
    return 2;
}
