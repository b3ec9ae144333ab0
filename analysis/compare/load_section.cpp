#include "analysis/compare/load_section.h"

#include "analysis/compare/change_text.h"
#include "capture/base/format_value.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>

namespace flamewright {
namespace {

constexpr std::size_t kP99 = 3;
static_assert(kPercentiles[kP99].perMyriad == 9900);
// Which percentile stands for an endpoint, if it changed.
constexpr std::array<std::size_t, kPercentiles.size()> kTelling{kP99, 2, 1, 0, 4, 5};
constexpr std::size_t kEndpointsSaid = 4, kPartsShown = 30, kNamesSaid = 5;

bool isCalled(const Change &change)
{
    return change.verdict == Verdict::Regressed || change.verdict == Verdict::Improved;
}

// A change with what it is of.
struct Figure {
    const Change *change = nullptr;
    std::string_view name, unit;
};

// The one that is told of an endpoint's latency; none: nothing was called.
Figure tellingLatency(const EndpointChange &of)
{
    for (const auto i : kTelling) {
        if (isCalled(of.percentiles[i]))
            return {&of.percentiles[i], kPercentiles[i].name, "ns"};
    }
    if (isCalled(of.mean))
        return {&of.mean, "mean latency", "ns"};
    return {};
}

// Endpoints, but "*", by the weight of what was called; then as they are.
std::vector<std::size_t> byWeight(const LoadDiff &diff)
{
    std::map<std::string_view, double> weights;
    for (const auto &part : diff.meanParts) {
        if (!part.failures)
            weights[part.endpoint] = std::abs(part.endpointNs);
    }
    std::vector<double> weight(diff.endpoints.size(), -1);
    for (std::size_t i = 0; i < diff.endpoints.size(); ++i) {
        const auto &one = diff.endpoints[i];
        if (tellingLatency(one).change != nullptr)
            weight[i] = weights[one.name];
        else if (isCalled(one.errorShare))
            weight[i] = 0;
    }
    std::vector<std::size_t> out(diff.endpoints.empty() ? 0 : diff.endpoints.size() - 1);
    std::iota(out.begin(), out.end(), std::size_t{1});
    std::stable_sort(out.begin(), out.end(),
                     [&](std::size_t a, std::size_t b) { return weight[a] > weight[b]; });
    return out;
}

std::string nameOf(const EndpointChange &of)
{
    // "(all requests)" is what importers call the endpoint of a tool that has one.
    return of.name == "*" || of.name == "(all requests)" ? std::string("all requests") : of.name;
}

std::string_view wayOf(const Change &change)
{
    return change.delta() > 0 ? "rose" : change.delta() < 0 ? "fell" : "stayed";
}

std::string sentence(const EndpointChange &of, const Figure &figure)
{
    const auto &change = *figure.change;
    auto out = std::string(figure.name) + " of " + nameOf(of) + " " + std::string(wayOf(change)) +
               " from " + fromToText(change, figure.unit) + ": " + changeText(change, figure.unit) +
               "; " + countsText(change, "requests");
    const auto &rate = of.throughput;
    if (figure.unit == "ns" && rate.base && rate.cand)
        out += " at " + formatRate(*rate.base) + " and " + formatRate(*rate.cand);
    return out + ".";
}

ComparedItem itemOf(const EndpointChange &of, std::string_view figure, std::string_view unit,
                    Better better, const Change &change)
{
    return {.name = of.name,
            .detail = {},
            .figure = std::string(figure),
            .unit = std::string(unit),
            .per = {},
            .better = better,
            .change = change,
            .baseRuns = {},
            .candRuns = {}};
}

void addItems(const EndpointChange &of, std::vector<ComparedItem> &out)
{
    for (std::size_t i = 0; i < kPercentiles.size(); ++i) {
        const auto &change = of.percentiles[i];
        if (!change.base && !change.cand)
            continue; // nothing succeeded
        if (kPercentiles[i].perMyriad > 9990 && change.verdict == Verdict::NotEnoughData)
            continue; // of nearly every test
        auto item = itemOf(of, kPercentiles[i].name, "ns", Better::Lower, change);
        if (i == kP99) {
            item.baseRuns = of.baseRuns;
            item.candRuns = of.candRuns;
        }
        out.push_back(std::move(item));
    }
    const auto add = [&](std::string_view figure, std::string_view unit, Better better,
                         const Change &change, const std::vector<double> &base,
                         const std::vector<double> &cand) {
        auto item = itemOf(of, figure, unit, better, change);
        item.baseRuns = base;
        item.candRuns = cand;
        out.push_back(std::move(item));
    };
    if (of.mean.base || of.mean.cand)
        add("mean", "ns", Better::Lower, of.mean, of.baseMeanRuns, of.candMeanRuns);
    add("throughput", "1/s", Better::Higher, of.throughput, of.baseThroughputRuns,
        of.candThroughputRuns);
    add("error_share", "share", Better::Lower, of.errorShare, of.baseErrorRuns, of.candErrorRuns);
}

double sizeOf(const Change &change)
{
    const auto ratio = change.ratio();
    return ratio ? std::abs(*ratio) : 1;
}

std::string listed(const std::vector<std::string> &names)
{
    std::string out;
    for (std::size_t i = 0; i < std::min(names.size(), kNamesSaid); ++i)
        out += (i == 0 ? "" : ", ") + names[i];
    if (names.size() > kNamesSaid)
        out +=
            " and " + formatCount(static_cast<std::int64_t>(names.size() - kNamesSaid)) + " more";
    return out;
}

// How much of a side's requests something is.
double shareOf(std::uint64_t part, std::uint64_t whole)
{
    return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

// What of the change the parts do not say: so that they add up to the last bit.
void addRemainder(Explanation &of)
{
    const auto larger = [](const Explanation::Part &a, const Explanation::Part &b) {
        return std::abs(a.delta()) > std::abs(b.delta());
    };
    std::stable_sort(of.parts.begin(), of.parts.end(), larger);
    if (of.parts.size() > kPartsShown)
        of.parts.resize(kPartsShown);
    double sum = 0;
    for (const auto &part : of.parts)
        sum += part.delta();
    of.remainder = of.cand - of.base - sum;
}

Explanation meanExplanation(const LoadDiff &diff)
{
    const auto &mean = diff.endpoints.front().mean;
    Explanation out{.of = "mean of all requests", .unit = "ns", .per = "request"};
    out.base = *mean.base;
    out.cand = *mean.cand;
    out.method =
        "Each endpoint's mean before and after, at its share of the requests in the middle "
        "of both sides; what its share did is in the mix.";
    Explanation::Part mix{.name = "mix of requests"};
    const MeanPart *most = nullptr;
    for (const auto &part : diff.meanParts) {
        const auto before = shareOf(part.baseCount, diff.baseRequests);
        const auto after = shareOf(part.candCount, diff.candRequests);
        const auto share = (before + after) / 2;
        mix.cand += part.mixNs;
        if (most == nullptr || std::abs(part.mixNs) > std::abs(most->mixNs))
            most = &part;
        if (part.endpointNs == 0)
            continue;
        auto &added = out.parts.emplace_back();
        added.name = part.endpoint;
        added.detail = part.failures ? "failures" : "";
        added.base = share * part.baseMean;
        added.cand = share * part.candMean;
        added.note = formatDuration(std::llround(part.baseMean)) + " before, " +
                     formatDuration(std::llround(part.candMean)) + " after; " +
                     formatShare(share, 1) + " of the requests";
    }
    if (most != nullptr && most->mixNs != 0)
        mix.note = most->endpoint + (most->failures ? " (failures)" : "") + " is " +
                   formatShare(shareOf(most->candCount, diff.candRequests), 1) +
                   " of the requests instead of " +
                   formatShare(shareOf(most->baseCount, diff.baseRequests), 1);
    if (mix.cand != 0)
        out.parts.push_back(std::move(mix));
    addRemainder(out);
    return out;
}

Explanation tailExplanation(const LoadDiff &diff)
{
    const auto limit = formatDuration(diff.tailNs);
    Explanation out{.of = "requests slower than " + limit + ", the baseline's p99",
                    .unit = "share"};
    out.method = "How many of all requests, of each endpoint, took longer than the baseline's p99.";
    std::uint64_t before = 0, after = 0;
    for (const auto &part : diff.tailParts) {
        before += part.base;
        after += part.cand;
        auto &added = out.parts.emplace_back();
        added.name = part.endpoint;
        added.base = shareOf(part.base, diff.baseRequests);
        added.cand = shareOf(part.cand, diff.candRequests);
        added.note = formatCount(static_cast<std::int64_t>(part.base)) + " before, " +
                     formatCount(static_cast<std::int64_t>(part.cand)) + " after";
    }
    out.base = shareOf(before, diff.baseRequests);
    out.cand = shareOf(after, diff.candRequests);
    addRemainder(out);
    return out;
}

} // namespace

std::vector<ComparedItem> loadItems(const LoadDiff &diff)
{
    std::vector<ComparedItem> out;
    if (diff.endpoints.empty())
        return out;
    // One endpoint without failures is all that there is: under its name.
    const auto &all = diff.endpoints.front();
    if (diff.endpoints.size() != 2 || all.mean.baseCount != diff.endpoints[1].mean.baseCount ||
        all.mean.candCount != diff.endpoints[1].mean.candCount)
        addItems(all, out);
    for (const auto i : byWeight(diff))
        addItems(diff.endpoints[i], out);
    return out;
}

LoadSentences loadSentences(const LoadDiff &diff)
{
    LoadSentences out;
    if (diff.endpoints.empty()) {
        out.sentences.emplace_back("There are no requests to compare.");
        return out;
    }
    const auto say = [&](const EndpointChange &of, const Figure &figure) {
        if (out.sentences.empty())
            out.weight = sizeOf(*figure.change);
        out.sentences.push_back(sentence(of, figure));
    };
    const auto &all = diff.endpoints.front();
    const auto order = byWeight(diff);
    // One endpoint is all that there is: it is said once.
    const bool several = order.size() > 1;
    std::size_t said = 0;
    for (const auto i : order) {
        const auto &one = diff.endpoints[i];
        if (const auto latency = tellingLatency(one); latency.change && said < kEndpointsSaid) {
            say(one, latency);
            ++said;
        }
        if (isCalled(one.errorShare) && several && said < kEndpointsSaid) {
            say(one, {&one.errorShare, "error share", "share"});
            ++said;
        }
    }
    if (const auto latency = tellingLatency(all); latency.change && (several || said == 0))
        say(all, latency);
    if (isCalled(all.throughput))
        say(all, {&all.throughput, "throughput", "1/s"});
    if (isCalled(all.errorShare))
        say(all, {&all.errorShare, "error share", "share"});
    if (!out.sentences.empty())
        return out;
    const auto &p99 = all.percentiles[kP99];
    const auto &shown = p99.relative ? p99 : all.mean;
    const std::string name(p99.relative ? "p99" : "mean latency");
    if (shown.base && shown.cand)
        out.sentences.push_back("There is not enough evidence that latencies changed: " + name +
                                " of all requests is " + fromToText(shown, "ns") + ", " +
                                changeText(shown, "ns") + "; " + countsText(shown, "requests") +
                                ".");
    else
        out.sentences.emplace_back("There are too few requests to say whether latencies changed.");
    return out;
}

std::vector<Explanation> loadExplanations(const LoadDiff &diff)
{
    std::vector<Explanation> out;
    if (diff.endpoints.empty() || !diff.endpoints.front().mean.base ||
        !diff.endpoints.front().mean.cand)
        return out;
    out.push_back(meanExplanation(diff));
    if (!diff.tailParts.empty())
        out.push_back(tailExplanation(diff));
    return out;
}

std::vector<std::string> loadNotes(const LoadDiff &diff)
{
    std::vector<std::string> out;
    if (!diff.onlyBase.empty())
        out.push_back("Endpoints of the baseline only: " + listed(diff.onlyBase) + ".");
    if (!diff.onlyCand.empty())
        out.push_back("Endpoints of the candidate only: " + listed(diff.onlyCand) + ".");
    if (!diff.tooFew.empty())
        out.push_back("Too few requests to compare: " + listed(diff.tooFew) + ".");
    if (diff.notTested > 0)
        out.push_back(formatCount(static_cast<std::int64_t>(diff.notTested)) +
                      " endpoints with fewer requests are not compared.");
    return out;
}

} // namespace flamewright
