#include "analysis/omission_evidence.h"

#include "analysis/load_series.h"

#include <algorithm>
#include <vector>

namespace flamewright {
namespace {

constexpr std::size_t kSteps = 200, kLeastSteps = 20;
constexpr std::size_t kPerStep = 50;
constexpr double kSlow = 2, kFewer = 0.75;
constexpr double kMatters = 0.01;
constexpr double kVerySlow = 10, kMattersThen = 0.0005, kLeastThen = 20;

std::int64_t endOf(const LoadRows &rows, std::size_t i)
{
    return saturatingAdd(rows.begin[i], std::max<std::int64_t>(rows.latency[i], 0));
}

double medianOf(std::vector<double> values)
{
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

// The mean latency of the requests under way, by step: of the long ones too that were sent before.
std::vector<double> latencyUnderWay(const LoadRows &rows, std::uint8_t capture,
                                    const LoadSeries &series)
{
    std::vector<double> part(series.size() + 1, 0), whole(series.size() + 1, 0);
    for (auto i = rows.firstTimed(); i < rows.size(); ++i) {
        if (rows.capture[i] != capture)
            continue;
        const auto from = rows.begin[i] - series.beginNs, to = endOf(rows, i) - series.beginNs;
        const auto first = static_cast<std::size_t>(from / series.stepNs);
        const auto last = static_cast<std::size_t>(to / series.stepNs);
        const auto latency = static_cast<double>(to - from);
        if (first == last) {
            part[first] += latency * latency;
            continue;
        }
        part[first] += latency * static_cast<double>(series.stepNs - from % series.stepNs);
        part[last] += latency * static_cast<double>(to % series.stepNs);
        whole[first + 1] += latency;
        whole[last] -= latency;
    }
    std::vector<double> out;
    double sum = 0;
    for (std::size_t i = 0; i < series.size(); ++i) {
        sum += whole[i];
        const auto step = static_cast<double>(series.stepNs);
        const auto underWay = series.inFlight[i] * step;
        out.push_back(underWay > 0 ? (part[i] + sum * step) / underWay : 0);
    }
    return out;
}

} // namespace

bool canShowOmission(std::size_t requests)
{
    return requests / kPerStep >= kLeastSteps;
}

std::optional<OmissionEvidence> omissionEvidence(const LoadRows &rows, std::uint8_t capture)
{
    std::size_t requests = 0;
    for (auto i = rows.firstTimed(); i < rows.size(); ++i)
        requests += rows.capture[i] == capture ? 1 : 0;
    if (!canShowOmission(requests))
        return std::nullopt;
    const auto series = loadSeries(rows, capture, std::min(requests / kPerStep, kSteps));
    const auto latency = latencyUnderWay(rows, capture, series);
    const auto usual = medianOf(latency);
    // Fewer workers than usual send less without any omission: counted as if they were as many. More
    // of them send as much, if each of them less.
    const auto workers = series.workers.empty() ? 0 : medianOf(series.workers);
    OmissionEvidence out;
    double slow = 0, other = 0;
    // The last step is not whole: requests run out in it.
    for (std::size_t i = 0; i + 1 < series.size(); ++i) {
        auto rate = series.sentPerSecond[i];
        if (workers > 0 && series.workers[i] > 0)
            rate *= std::max(workers / series.workers[i], 1.0);
        const bool isSlow = latency[i] > kSlow * usual;
        (isSlow ? slow : other) += 1;
        (isSlow ? out.slowRate : out.rate) += rate;
        (isSlow ? out.slowLatencyNs : out.latencyNs) += latency[i];
    }
    if (slow == 0 || other == 0)
        return std::nullopt;
    out.slowRate /= slow;
    out.slowLatencyNs /= slow;
    out.rate /= other;
    out.latencyNs /= other;
    out.slowNs = static_cast<std::int64_t>(slow * static_cast<double>(series.stepNs));
    out.omitted = (out.rate - out.slowRate) * static_cast<double>(out.slowNs) / 1e9;
    const auto share = out.omitted / static_cast<double>(requests);
    const bool matters = share >= kMatters || (out.slowLatencyNs >= kVerySlow * out.latencyNs &&
                                               share >= kMattersThen && out.omitted >= kLeastThen);
    return matters && out.slowRate < kFewer * out.rate ? std::optional(out) : std::nullopt;
}

} // namespace flamewright
