#include "analysis/compare/profile_diff.h"
#include "analysis/compare/profile_story.h"
#include "app/compare/compare.h"
#include "app/scope_samples.h"
#include "app/workbench.h"
#include "capture/base/format_value.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace flamewright {
namespace {

// Two runs of one program on one machine differ by this much in what single functions take, for
// reasons that nothing within a run shows; several runs show it themselves.
constexpr double kNoiseOfSingleRuns = 0.05, kNoiseOfRuns = 0.02;
constexpr std::size_t kFewestRuns = 3; // of each side, that show how runs differ
constexpr double kSecond = 1e9;
// Of heaps, where the tool does not say: Go's and tcmalloc's.
constexpr double kHeapSampleBytes = 512 * 1024;

struct Side {
    std::vector<ProfileRun> runs;
    std::vector<double> seconds; // of the recording; 0: not known
    double samples = 0;
};

Scope scopeOf(const ComparedCapture &capture, const CompareOptions &options)
{
    auto out = capture.scope;
    out.captures = {capture.info.id};
    if (!options.measure.empty())
        out.measure = options.measure;
    // V8's profiles are of wall time: when nothing ran, nothing was spent.
    if (capture.info.desc.formatId == "cpuprofile")
        out.transforms.push_back({TransformKind::Drop, "/^\\(idle\\)$/"});
    return out;
}

double secondsOf(const ComparedCapture &capture)
{
    auto ns = static_cast<double>(capture.info.durationNs().value_or(0));
    if (!capture.scope.times.empty() && capture.info.span) {
        auto hull = capture.scope.times.front();
        for (const auto &range : capture.scope.times)
            hull = {std::min(hull.begin, range.begin), std::max(hull.end, range.end)};
        const auto begin = std::max(hull.begin, capture.info.span->begin);
        const auto end = std::min(hull.end, capture.info.span->end);
        ns = static_cast<double>(end.time_since_epoch().count()) -
             static_cast<double>(begin.time_since_epoch().count());
    }
    return std::max(ns, 0.0) / kSecond;
}

Result<Side> load(const std::vector<ComparedCapture> &captures, const CompareContext &context)
{
    Side out;
    for (const auto &capture : captures) {
        FW_TRY(context.job.checkpoint());
        FW_ASSIGN(auto run, context.workbench.profileRun(
                                *capture.session, scopeOf(capture, context.options), context.job));
        if (run.profile->unit == Unit::Bytes)
            run.leastPerSample = kHeapSampleBytes;
        out.samples += static_cast<double>(run.profile->samples);
        out.seconds.push_back(secondsOf(capture));
        out.runs.push_back(std::move(run));
    }
    return out;
}

bool isCpuTime(const Profile &profile)
{
    constexpr std::array<std::string_view, 5> kMeasures{"cpu-clock", "task-clock", "cpu",
                                                        "cpu_time", "time"};
    return profile.unit == Unit::Nanoseconds &&
           std::find(kMeasures.begin(), kMeasures.end(), profile.measure) != kMeasures.end();
}

// Divisors of all runs, when each has one.
struct Divisors {
    std::vector<double> base, cand;
    bool allAbove0() const
    {
        const auto above = [](double value) { return value > 0; };
        return std::all_of(base.begin(), base.end(), above) &&
               std::all_of(cand.begin(), cand.end(), above);
    }
};

double sum(const std::vector<double> &values)
{
    double out = 0;
    for (const auto value : values)
        out += value;
    return out;
}

std::string countText(double count)
{
    return formatCount(static_cast<std::int64_t>(std::llround(count)));
}

class Normaliser {
public:
    Normaliser(const ComparedPair &pair, const CompareContext &context, Side &base, Side &cand)
        : m_pair(pair),
          m_context(context),
          m_base(base),
          m_cand(cand)
    {}

    // Chooses and divides: divisors of the runs are set. Errc::Usage: what was asked for is not known.
    Result<Normalisation> choose();

private:
    Result<bool> byWork(Normalisation &out); // whether it is known
    Result<Normalisation> byCpu();
    void divide(const Divisors &by, Normalisation &out);
    static std::vector<double> totals(const Side &side, double unit)
    {
        std::vector<double> out;
        for (const auto &run : side.runs)
            out.push_back(static_cast<double>(run.profile->total) / unit);
        return out;
    }

    const ComparedPair &m_pair;
    const CompareContext &m_context;
    Side &m_base, &m_cand;
};

void Normaliser::divide(const Divisors &by, Normalisation &out)
{
    for (std::size_t i = 0; i < m_base.runs.size(); ++i)
        m_base.runs[i].divisor = by.base[i];
    for (std::size_t i = 0; i < m_cand.runs.size(); ++i)
        m_cand.runs[i].divisor = by.cand[i];
    out.base = sum(by.base);
    out.cand = sum(by.cand);
}

Result<bool> Normaliser::byWork(Normalisation &out)
{
    const auto &options = m_context.options;
    out.by = NormaliseBy::Work;
    if (options.work) {
        const auto [base, cand] = *options.work;
        if (!(base > 0) || !(cand > 0))
            return fail(Errc::Usage, "units of work must be more than 0");
        const auto even = [](double units, std::size_t runs) {
            return std::vector<double>(runs, units / static_cast<double>(runs));
        };
        divide({even(base, m_base.runs.size()), even(cand, m_cand.runs.size())}, out);
        out.per = options.workUnit;
        out.source = countText(base) + " and " + countText(cand) + " as given";
        return true;
    }
    Divisors by;
    std::string unit, sources[2];
    const auto find = [&](const CompareSide &side, const std::vector<ComparedCapture> &captures,
                          std::vector<double> &divisors, std::string &source) -> Result<bool> {
        for (const auto &capture : captures) {
            FW_ASSIGN(const auto done, workDone(side, capture, m_context.job));
            if (!done || (!unit.empty() && unit != done->unit))
                return false;
            unit = done->unit;
            divisors.push_back(done->units);
            if (source.empty())
                source = done->source;
            else if (divisors.size() == 2)
                source += " and others";
        }
        return true;
    };
    FW_ASSIGN(const bool left, find(m_context.base, m_pair.base, by.base, sources[0]));
    if (!left)
        return false;
    FW_ASSIGN(const bool right, find(m_context.cand, m_pair.cand, by.cand, sources[1]));
    if (!right || !by.allAbove0())
        return false;
    divide(by, out);
    for (auto *side : {&m_base, &m_cand}) {
        for (auto &run : side->runs)
            run.unitsCounted = run.divisor;
    }
    out.per = unit;
    out.source = sources[0] + "; " + sources[1];
    return true;
}

Result<Normalisation> Normaliser::byCpu()
{
    Normalisation out{.by = NormaliseBy::CpuTime, .per = "CPU second"};
    Divisors by;
    std::string measure;
    const auto find = [&](const std::vector<ComparedCapture> &captures, const Side &side,
                          std::vector<double> &divisors) -> Result<> {
        for (std::size_t i = 0; i < captures.size(); ++i) {
            const auto *profile = side.runs[i].profile.get();
            std::shared_ptr<const Profile> other;
            if (!isCpuTime(*profile)) {
                for (const auto &one : captures[i].info.meta.measures) {
                    if (one.unit != Unit::Nanoseconds ||
                        (one.name != "cpu-clock" && one.name != "task-clock" && one.name != "cpu"))
                        continue;
                    auto scope = captures[i].scope;
                    scope.captures = {captures[i].info.id};
                    scope.measure = one.name;
                    FW_ASSIGN(other, m_context.workbench.profile(*captures[i].session, scope,
                                                                 m_context.job));
                    break;
                }
                if (!other)
                    return fail(Errc::Usage, captures[i].info.desc.name +
                                                 " does not say how much CPU time was used");
                profile = other.get();
            }
            measure = profile->measure;
            divisors.push_back(static_cast<double>(profile->total) / kSecond);
        }
        return {};
    };
    FW_TRY(find(m_pair.base, m_base, by.base));
    FW_TRY(find(m_pair.cand, m_cand, by.cand));
    if (!by.allAbove0())
        return fail(Errc::Usage, "a side of " + m_pair.title + " used no CPU time");
    divide(by, out);
    out.source = formatNumber(out.base) + " and " + formatNumber(out.cand) + " s of " + measure;
    return out;
}

Result<Normalisation> Normaliser::choose()
{
    const auto by = m_context.options.by;
    Normalisation out;
    switch (by) {
    case NormaliseBy::Automatic:
    case NormaliseBy::Work: {
        // What is in use at one moment is no matter of how much was done before.
        const bool standing = m_cand.runs.front().profile->measure.starts_with("inuse");
        if (by == NormaliseBy::Work || !standing) {
            FW_ASSIGN(const bool known, byWork(out));
            if (known)
                return out;
        }
        if (by == NormaliseBy::Work)
            return fail(Errc::Usage, "it is not known how much work was done while " +
                                         m_pair.title + " was recorded: give it");
        break;
    }
    case NormaliseBy::Nothing: break;
    case NormaliseBy::Total: {
        out = {.by = NormaliseBy::Total, .per = "total"};
        Divisors divisors{totals(m_base, 1), totals(m_cand, 1)};
        if (!divisors.allAbove0())
            return fail(Errc::Usage, "a side of " + m_pair.title + " has a total of 0");
        divide(divisors, out);
        out.source = "the total of each side";
        return out;
    }
    case NormaliseBy::WallTime: {
        out = {.by = NormaliseBy::WallTime, .per = "s"};
        Divisors divisors{m_base.seconds, m_cand.seconds};
        if (!divisors.allAbove0())
            return fail(Errc::Usage, "it is not known how long " + m_pair.title + " took");
        divide(divisors, out);
        out.source = formatNumber(out.base) + " and " + formatNumber(out.cand) + " s of recording";
        return out;
    }
    case NormaliseBy::CpuTime: return byCpu();
    }
    out = {};
    // As measured; of several runs, one on average.
    divide({std::vector<double>(m_base.runs.size(), 1), std::vector<double>(m_cand.runs.size(), 1)},
           out);
    if (m_base.runs.size() > 1 || m_cand.runs.size() > 1) {
        out.per = "run";
        out.source = countText(out.base) + " and " + countText(out.cand) + " runs";
    }
    return out;
}

void say(const ComparedPair &pair, const Side &base, const Side &cand, const ProfileDiff &diff,
         ComparedSection &out)
{
    out.notes.insert(out.notes.end(), diff.notes.begin(), diff.notes.end());
    const auto untimed = [](const Side &side) {
        return std::any_of(side.runs.begin(), side.runs.end(),
                           [](const ProfileRun &run) { return run.blocks.blocks == 0; });
    };
    if (untimed(base) || untimed(cand))
        out.notes.emplace_back(
            "The samples have no times: that they come in bursts cannot be seen, "
            "and intervals may be too narrow.");
    if (diff.unit == Unit::Bytes)
        out.notes.emplace_back(
            "Heap profiles are samples, one for about 512 KiB: counts of objects "
            "are estimates and were not taken for samples.");
    if (pair.cand.front().info.desc.formatId == "cpuprofile")
        out.notes.emplace_back("(idle) is left out on both sides.");
    const auto &by = diff.normalisation;
    const double a = sum(base.seconds), b = sum(cand.seconds);
    constexpr double kUnlike = 1.1;
    if (by.by == NormaliseBy::Nothing && a > 0 && b > 0 && (a > b * kUnlike || b > a * kUnlike))
        out.notes.push_back("The recordings are not equally long (" + formatNumber(a) + " and " +
                            formatNumber(b) +
                            " s) and nothing was divided by: compare per second or per request.");
    for (const auto &one : diff.suggestions) {
        constexpr std::size_t kMost = 5;
        if (&one - diff.suggestions.data() >= static_cast<std::ptrdiff_t>(kMost))
            break;
        out.notes.push_back("Perhaps renamed: " + diff.functions[one.base].name + " -> " +
                            diff.functions[one.cand].name + " (" + one.why + ")");
    }
}

// Where work could have been counted but for the times of the profiles.
void sayWithoutTime(const ComparedPair &pair, const CompareContext &context, ComparedSection &out)
{
    if (out.normalisation.by != NormaliseBy::Nothing ||
        context.options.by != NormaliseBy::Automatic)
        return;
    const auto hasLoad = [](const CompareSide &side) {
        return std::any_of(side.captures.begin(), side.captures.end(),
                           [](const ComparedCapture &one) { return one.info.kind == "load test"; });
    };
    const auto untimed = [](const std::vector<ComparedCapture> &captures) {
        return std::any_of(captures.begin(), captures.end(), [](const ComparedCapture &one) {
            return !one.info.startedAtNs().has_value();
        });
    };
    if (!hasLoad(context.base) || !hasLoad(context.cand) ||
        (!untimed(pair.base) && !untimed(pair.cand)))
        return;
    out.notes.push_back(pair.title +
                        " does not say when it was recorded, so it is not known how "
                        "much work was done: what it says may be a change of the load.");
    constexpr double kLessTelling = 0.25;
    out.weight *= kLessTelling;
}

} // namespace

Result<ComparedSection> compareProfiles(const ComparedPair &pair, const CompareContext &context)
{
    ComparedSection out{.kind = pair.kind, .title = pair.title};
    for (const auto &one : pair.base)
        out.baseCaptures.push_back(one.info.desc.name);
    for (const auto &one : pair.cand)
        out.candCaptures.push_back(one.info.desc.name);
    FW_ASSIGN(auto base, load(pair.base, context));
    FW_ASSIGN(auto cand, load(pair.cand, context));
    const auto &first = *base.runs.front().profile, &other = *cand.runs.front().profile;
    if (first.unit != other.unit)
        return fail(Errc::Usage, "the sides measure different things: '" + first.measure +
                                     "' and '" + other.measure +
                                     "'; choose a measure that both have");
    ProfileDiffOptions options;
    FW_ASSIGN(options.normalisation, Normaliser(pair, context, base, cand).choose());
    const bool several = base.runs.size() >= kFewestRuns && cand.runs.size() >= kFewestRuns;
    options.rules = {
        .alpha = context.options.alpha,
        .noise = context.options.noise.value_or(several ? kNoiseOfRuns : kNoiseOfSingleRuns)};
    options.renames = context.options.renames;
    FW_ASSIGN(auto diff, diffProfiles(base.runs, cand.runs, options));
    if (first.measure != other.measure)
        out.notes.push_back("The measures are called '" + first.measure + "' and '" +
                            other.measure + "'.");
    out.normalisation = diff.normalisation;
    out.method = diff.method;
    say(pair, base, cand, diff, out);
    tellProfileDiff(diff, options.smallest, out);
    sayWithoutTime(pair, context, out);
    out.profile = std::make_shared<const ProfileDiff>(std::move(diff));
    return out;
}

} // namespace flamewright
