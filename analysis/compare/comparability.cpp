#include "analysis/compare/comparability.h"

#include "capture/base/format_value.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string_view>

namespace flamewright {
namespace {

using Weight = ComparabilityRemark::Weight;
constexpr ComparabilityLimits kLimits;
constexpr std::size_t kMaxNamed = 3; // modules in a sentence

std::string share(double part)
{
    return formatShare(part, 1);
}

// Differences of shares.
std::string points(double difference)
{
    return formatNumber(100 * std::abs(difference)) + " points";
}

class Remarks {
public:
    Remarks(const RunFacts &base, const RunFacts &cand) : m_base(base), m_cand(cand) {}

    void add(Weight weight, std::string what, std::string base, std::string cand,
             std::string sentence)
    {
        m_out.push_back(
            {weight, std::move(what), std::move(base), std::move(cand), std::move(sentence)});
    }
    // Whether both sides know it; a side alone that does is noted.
    bool known(const std::string &what, std::string_view title, const std::string &base,
               const std::string &cand)
    {
        if (base.empty() != cand.empty()) {
            const bool before = cand.empty();
            add(Weight::Note, what, base, cand,
                std::string(title) + " is known of the " + (before ? "baseline" : "candidate") +
                    " only (" + (before ? base : cand) +
                    "): whether it was the same cannot be told.");
        }
        return !base.empty() && !cand.empty();
    }
    bool known(const std::string &what, std::string_view title, const std::optional<double> &base,
               const std::optional<double> &cand, std::string (*text)(double))
    {
        return known(what, title, base ? text(*base) : std::string(),
                     cand ? text(*cand) : std::string());
    }
    // A text that ought to be the same.
    void same(Weight weight, const std::string &what, std::string_view title,
              std::string RunFacts::*fact, std::string_view effect)
    {
        const auto &base = m_base.*fact, &cand = m_cand.*fact;
        if (known(what, title, base, cand) && base != cand)
            add(weight, what, base, cand,
                std::string(title) + " was " + base + " before and " + cand +
                    " after: " + std::string(effect));
    }
    const RunFacts &base() const { return m_base; }
    const RunFacts &cand() const { return m_cand; }
    std::vector<ComparabilityRemark> finish()
    {
        std::stable_sort(m_out.begin(), m_out.end(),
                         [](const ComparabilityRemark &a, const ComparabilityRemark &b) {
                             return a.weight > b.weight;
                         });
        return std::move(m_out);
    }

private:
    const RunFacts &m_base, &m_cand;
    std::vector<ComparabilityRemark> m_out;
};

// Go, Linux and Windows call the same machines otherwise.
std::string_view archName(std::string_view arch)
{
    if (arch == "amd64" || arch == "x64" || arch == "AMD64")
        return "x86_64";
    if (arch == "arm64")
        return "aarch64";
    if (arch == "386" || arch == "i386" || arch == "i586")
        return "i686";
    return arch;
}

void machine(Remarks &out)
{
    out.same(Weight::Grave, "cpu", "The CPU", &RunFacts::cpu,
             "times and counts of one say nothing of the other.");
    const auto &base = out.base().arch, &cand = out.cand().arch;
    if (out.known("arch", "The architecture", base, cand) && archName(base) != archName(cand))
        out.add(Weight::Grave, "arch", base, cand,
                "The architecture was " + base + " before and " + cand +
                    " after: other instructions run.");
    out.same(Weight::Warning, "cores", "The number of CPUs", &RunFacts::cores,
             "throughput, waiting and what runs beside each other change for that alone.");
    out.same(Weight::Warning, "kernel", "The kernel", &RunFacts::kernel,
             "system calls, scheduling and mitigations may cost something else.");
    out.same(Weight::Warning, "governor", "The frequency governor", &RunFacts::governor,
             "times change with the frequency.");
    out.same(Weight::Warning, "runtime", "The runtime", &RunFacts::runtime,
             "compilers and garbage collectors of other versions take other times.");
    out.same(Weight::Note, "host", "The host", &RunFacts::host,
             "a machine of the same kind can be a little faster or slower.");
}

std::set<std::string_view> listed(std::string_view text)
{
    std::set<std::string_view> out;
    while (!text.empty()) {
        const auto end = text.find(", ");
        out.insert(text.substr(0, end));
        text.remove_prefix(end == text.npos ? text.size() : end + 2);
    }
    return out;
}

void tool(Remarks &out)
{
    const auto &base = out.base().tool, &cand = out.cand().tool;
    if (!out.known("tool", "The tool", base, cand) || base == cand)
        return;
    const bool sameProgram =
        base.substr(0, base.find_first_of(" /")) == cand.substr(0, cand.find_first_of(" /"));
    out.add(sameProgram ? Weight::Note : Weight::Warning, "tool", base, cand,
            "It was measured by " + base + " before and by " + cand + " after" +
                (sameProgram ? "." : ": what they count and how they round may differ."));
}

std::string rateText(double perSecond)
{
    return formatRate(perSecond);
}

void sampling(Remarks &out)
{
    const auto &base = out.base().event, &cand = out.cand().event;
    if (out.known("event", "The sampled event", base, cand) && base != cand) {
        const auto before = listed(base), after = listed(cand);
        const bool common = std::any_of(before.begin(), before.end(),
                                        [&](auto one) { return after.contains(one); });
        out.add(common ? Weight::Warning : Weight::Grave, "event", base, cand,
                "What was sampled was " + base + " before and " + cand + " after: " +
                    (common ? "only what both have is compared."
                            : "the figures count different things."));
    }
    const auto &before = out.base().samplesPerSecond, &after = out.cand().samplesPerSecond;
    if (out.known("sampling_rate", "The rate of sampling", before, after, rateText) &&
        *before != *after) {
        const auto ratio = std::max(*before, *after) / std::min(*before, *after);
        out.add(ratio - 1 > kLimits.rateWarning ? Weight::Warning : Weight::Note, "sampling_rate",
                rateText(*before), rateText(*after),
                "Samples were taken at " + rateText(*before) + " before and " + rateText(*after) +
                    " after: numbers of samples differ for that alone, times are weighted, and the "
                    "cost of sampling is another.");
    }
}

void losses(Remarks &out)
{
    const auto &base = out.base().lostShare, &cand = out.cand().lostShare;
    const auto before = base.value_or(0), after = cand.value_or(0);
    if (before <= 0 && after <= 0)
        return;
    const bool grave = std::max(before, after) > kLimits.lostShare;
    const bool uneven = std::abs(before - after) > 0.01;
    out.add(grave    ? Weight::Grave
            : uneven ? Weight::Warning
                     : Weight::Note,
            "lost_samples", share(before), share(after),
            "Of the samples " + share(before) + " were lost before and " + share(after) +
                " after: what is lost is mostly of the busiest moments, so shares are too small "
                "there.");
}

std::string secondsText(double seconds)
{
    return formatDuration(std::llround(std::clamp(seconds * 1e9, 0.0, 9e18)));
}

void duration(Remarks &out)
{
    const auto &base = out.base().durationSeconds, &cand = out.cand().durationSeconds;
    if (!out.known("duration", "The duration", base, cand, secondsText) || !(*base > 0) ||
        !(*cand > 0))
        return;
    const auto ratio = std::min(*base, *cand) / std::max(*base, *cand);
    if (ratio >= kLimits.durationWarning)
        return;
    const auto &before = out.base().requests, &after = out.cand().requests;
    if (before && after && *before > 0 && std::fabs(*after / *before - 1) <= kLimits.sameWork) {
        out.add(Weight::Note, "duration", secondsText(*base), secondsText(*cand),
                "The same number of requests took " + secondsText(*base) + " before and " +
                    secondsText(*cand) + " after: the same work, done sooner or later.");
        return;
    }
    const bool grave = ratio < kLimits.durationGrave;
    out.add(
        grave ? Weight::Grave : Weight::Warning, "duration", secondsText(*base), secondsText(*cand),
        "It was recorded for " + secondsText(*base) + " before and " + secondsText(*cand) +
            " after: totals differ for that alone, and unless the same work was done sooner, the "
            "shorter side may have seen " +
            (grave ? "nothing but its start." : "less of what is rare."));
}

std::string plain(double value)
{
    return formatNumber(value);
}

void loadLevel(Remarks &out)
{
    const auto weigh = [](double base, double cand) -> std::optional<Weight> {
        if (!(base > 0) || !(cand > 0))
            return std::nullopt;
        const auto off = std::max(base, cand) / std::min(base, cand) - 1;
        if (off <= kLimits.loadWarning)
            return std::nullopt;
        return off > kLimits.loadGrave ? Weight::Grave : Weight::Warning;
    };
    const auto &base = out.base().concurrency, &cand = out.cand().concurrency;
    if (out.known("concurrency", "The concurrency", base, cand, plain)) {
        if (const auto weight = weigh(*base, *cand))
            out.add(*weight, "concurrency", plain(*base), plain(*cand),
                    plain(*base) + " requests were under way at once before and " + plain(*cand) +
                        " after: waiting, and so latency, changes with that alone.");
    }
    // A closed loop asks faster because it is answered faster: that is a result and no condition.
    if (!out.base().closedLoop || !out.cand().closedLoop)
        return;
    if (*out.base().closedLoop != *out.cand().closedLoop) {
        const auto name = [](bool closed) { return closed ? "the answers" : "the clock"; };
        out.add(Weight::Warning, "load_model", name(*out.base().closedLoop),
                name(*out.cand().closedLoop),
                std::string("What made the generator send was ") + name(*out.base().closedLoop) +
                    " before and " + name(*out.cand().closedLoop) +
                    " after: how long requests wait depends on it.");
        return;
    }
    const auto &before = out.base().requestsPerSecond, &after = out.cand().requestsPerSecond;
    if (*out.base().closedLoop || !before || !after)
        return;
    if (const auto weight = weigh(*before, *after))
        out.add(*weight, "request_rate", rateText(*before), rateText(*after),
                rateText(*before) + " requests were sent before and " + rateText(*after) +
                    " after, by the clock: waiting, and so latency, changes with that alone.");
}

void errors(Remarks &out)
{
    const auto &base = out.base().errorShare, &cand = out.cand().errorShare;
    if (!out.known("error_share", "The share of errors", base, cand, share))
        return;
    const auto off = std::abs(*base - *cand);
    if (off <= kLimits.errorsWarning)
        return;
    out.add(off > kLimits.errorsGrave ? Weight::Grave : Weight::Warning, "error_share",
            share(*base), share(*cand),
            "Of the requests " + share(*base) + " failed before and " + share(*cand) +
                " after, a difference of " + points(off) +
                ": what fails is often fast, and what it would have cost is missing.");
}

void warmUp(Remarks &out)
{
    const auto before = out.base().warmUpShare.value_or(0),
               after = out.cand().warmUpShare.value_or(0);
    if (before <= 0 && after <= 0)
        return;
    out.add(Weight::Warning, "warm_up", share(before), share(after),
            "A warm-up took " + share(before) + " of the requests before and " + share(after) +
                " after: percentiles hold it.");
}

void mix(Remarks &out)
{
    const auto &base = out.base().mix, &cand = out.cand().mix;
    if (base.empty() || cand.empty())
        return;
    std::map<std::string_view, std::pair<double, double>> shares;
    for (const auto &[endpoint, part] : base)
        shares[endpoint].first += part;
    for (const auto &[endpoint, part] : cand)
        shares[endpoint].second += part;
    double moved = 0, most = -1;
    std::string_view name;
    std::pair<double, double> of;
    for (const auto &[endpoint, both] : shares) {
        const auto off = std::abs(both.first - both.second);
        moved += off / 2;
        if (off > most) {
            most = off;
            name = endpoint;
            of = both;
        }
    }
    if (moved <= kLimits.mixWarning)
        return;
    out.add(
        moved > kLimits.mixGrave ? Weight::Grave : Weight::Warning, "request_mix",
        std::string(name) + " " + share(of.first), std::string(name) + " " + share(of.second),
        "The mix of requests differs by " + share(moved) + " of them: " + std::string(name) +
            " had " + share(of.first) + " before and " + share(of.second) +
            " after. Figures over all endpoints change for that alone and can even go the other "
            "way than every endpoint does (Simpson's paradox).");
}

void builds(Remarks &out)
{
    std::map<std::string_view, std::string_view> before;
    for (const auto &[module, id] : out.base().buildIds)
        before.emplace(module, id);
    std::vector<std::string_view> changed;
    std::string_view base, cand;
    for (const auto &[module, id] : out.cand().buildIds) {
        const auto found = before.find(module);
        if (found == before.end() || found->second == id)
            continue;
        if (changed.empty()) {
            base = found->second;
            cand = id;
        }
        changed.push_back(module);
    }
    if (changed.empty())
        return;
    std::string names;
    for (std::size_t i = 0; i < changed.size() && i < kMaxNamed; ++i)
        names += (i == 0 ? "" : ", ") + std::string(changed[i]);
    if (changed.size() > kMaxNamed)
        names += " and " + std::to_string(changed.size() - kMaxNamed) + " more";
    out.add(Weight::Note, "build_id", std::string(base), std::string(cand),
            "Built anew between the two: " + names + ".");
}

} // namespace

std::string_view nameOf(ComparabilityRemark::Weight weight)
{
    switch (weight) {
    case ComparabilityRemark::Weight::Note: return "note";
    case ComparabilityRemark::Weight::Warning: return "warning";
    case ComparabilityRemark::Weight::Grave: return "grave";
    }
    return "note";
}

std::vector<ComparabilityRemark> comparability(const RunFacts &base, const RunFacts &cand)
{
    Remarks out(base, cand);
    machine(out);
    sampling(out);
    losses(out);
    loadLevel(out);
    mix(out);
    errors(out);
    duration(out);
    warmUp(out);
    tool(out);
    builds(out);
    return out.finish();
}

} // namespace flamewright
