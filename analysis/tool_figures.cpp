#include "analysis/tool_figures.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace flamewright {
namespace {

// What is named of a histogram that was added up; the nines of analysis/latency.h.
constexpr double kShown[] = {0.5, 0.9, 0.95, 0.99, 0.999, 0.9999};

// All that a tool says about one part of the time.
struct Part {
    std::optional<std::int64_t> beginNs;
    std::int64_t lengthNs = 0;
    ToolLatency latency;
    std::map<double, double> buckets; // highest value to count
};

void add(Part &part, const ToolFigure &figure)
{
    if (!std::isfinite(figure.value) || !std::isfinite(figure.position))
        return;
    auto &of = part.latency;
    switch (figure.figure) {
    case SummaryFigure::Count: of.count = figure.value; break;
    case SummaryFigure::Failed: of.failed = figure.value; break;
    case SummaryFigure::Min: of.min = figure.value; break;
    case SummaryFigure::Mean: of.mean = figure.value; break;
    case SummaryFigure::Max: of.max = figure.value; break;
    case SummaryFigure::Rate: of.ratePerSecond = figure.value; break;
    case SummaryFigure::Bucket: part.buckets[figure.position] += figure.value; break;
    case SummaryFigure::Quantile:
        of.quantiles[figure.position] = figure.value;
        of.method = figure.method;
        break;
    default: break;
    }
    if (of.method.empty())
        of.method = figure.method;
}

// Nearest rank; the highest value that a bucket stands for.
void quantilesOf(const std::map<double, double> &buckets, ToolLatency &out)
{
    double total = 0;
    for (const auto &[highest, count] : buckets)
        total += count;
    for (const auto q : kShown) {
        const auto rank = std::max(1.0, std::ceil(q * total - 1e-6));
        double upTo = 0;
        for (const auto &[highest, count] : buckets) {
            upTo += count;
            if (upTo >= rank) {
                out.quantiles[q] = highest;
                break;
            }
        }
    }
}

std::int64_t endOf(const Part &part)
{
    return saturatingAdd(part.beginNs.value_or(0), part.lengthNs);
}

// The part that is about all of the time: the only one, one without a time, one that contains all
// others (totals since the start), or one longer than each other that counts as much as all of them.
const Part *wholeOf(const std::vector<Part> &parts)
{
    const Part *longest = nullptr;
    double all = 0;
    for (const auto &part : parts) {
        if (!part.beginNs)
            return &part;
        if (!part.latency.count)
            continue; // says how fast or how many at a time, not what there was
        all += *part.latency.count;
        if (longest == nullptr || part.lengthNs > longest->lengthNs)
            longest = &part;
    }
    if (longest == nullptr)
        return parts.size() == 1 ? &parts.front() : nullptr;
    const bool containsAll = std::all_of(parts.begin(), parts.end(), [&](const Part &part) {
        return !part.latency.count ||
               (*part.beginNs >= *longest->beginNs && endOf(part) <= endOf(*longest));
    });
    const bool alone = std::all_of(parts.begin(), parts.end(), [&](const Part &part) {
        return &part == longest || part.lengthNs < longest->lengthNs;
    });
    const auto own = *longest->latency.count;
    return containsAll || (alone && own > 0 && own >= all - own) ? longest : nullptr;
}

template <class Choose>
void accumulate(std::optional<double> &to, const std::optional<double> &from, Choose choose)
{
    if (from)
        to = to ? choose(*to, *from) : *from;
}

ToolLatency addedUp(const std::vector<Part> &parts)
{
    ToolLatency out;
    out.method = parts.front().latency.method;
    out.intervals = parts.size();
    std::map<double, double> buckets;
    double weighted = 0, weights = 0, seconds = 0;
    const auto least = [](double a, double b) { return std::min(a, b); };
    const auto most = [](double a, double b) { return std::max(a, b); };
    for (const auto &part : parts) {
        const auto &of = part.latency;
        accumulate(out.count, of.count, std::plus<>());
        accumulate(out.failed, of.failed, std::plus<>());
        // A part without requests has no extremes, though some tools write 0.
        if (of.count.value_or(1) > 0) {
            accumulate(out.min, of.min, least);
            accumulate(out.max, of.max, most);
        }
        if (of.mean && of.count) {
            weighted += *of.mean * *of.count;
            weights += *of.count;
        }
        seconds += static_cast<double>(part.lengthNs) / 1e9;
        out.partsOnly = out.partsOnly || !of.quantiles.empty();
        for (const auto &[highest, count] : part.buckets)
            buckets[highest] += count;
    }
    if (weights > 0 && weights == out.count)
        out.mean = weighted / weights;
    if (out.count && seconds > 0)
        out.ratePerSecond = *out.count / seconds;
    if (!buckets.empty()) {
        quantilesOf(buckets, out);
        out.partsOnly = false;
        out.buckets = std::move(buckets);
    }
    return out;
}

} // namespace

std::vector<ToolLatency> toolLatencies(std::span<const ToolFigure> figures)
{
    using PartKey = std::tuple<bool, std::int64_t, std::int64_t>;
    std::map<std::pair<std::string, std::string>, std::map<PartKey, Part>> groups;
    for (const auto &figure : figures) {
        auto &part =
            groups[{figure.endpoint, figure.subset}]
                  [{figure.beginNs.has_value(), figure.beginNs.value_or(0), figure.lengthNs}];
        part.beginNs = figure.beginNs;
        part.lengthNs = figure.lengthNs;
        add(part, figure);
    }
    std::vector<ToolLatency> out;
    for (auto &[names, keyed] : groups) {
        std::vector<Part> parts;
        for (auto &[key, part] : keyed)
            parts.push_back(std::move(part));
        ToolLatency latency;
        if (const auto *whole = wholeOf(parts)) {
            latency = whole->latency;
            latency.buckets = whole->buckets;
            if (latency.quantiles.empty() && !whole->buckets.empty())
                quantilesOf(whole->buckets, latency);
            latency.partsOnly = latency.quantiles.empty() &&
                                std::any_of(parts.begin(), parts.end(), [](const Part &part) {
                                    return !part.latency.quantiles.empty();
                                });
        } else {
            latency = addedUp(parts);
        }
        latency.endpoint = names.first;
        latency.subset = names.second;
        out.push_back(std::move(latency));
    }
    std::stable_sort(out.begin(), out.end(), [](const ToolLatency &a, const ToolLatency &b) {
        if (a.endpoint.empty() != b.endpoint.empty())
            return a.endpoint.empty();
        return a.count.value_or(0) > b.count.value_or(0);
    });
    return out;
}

std::optional<CorrectedLatency> correctOmission(const ToolLatency &latency, std::int64_t intervalNs)
{
    if (latency.buckets.empty() || latency.method.rfind("HdrHistogram", 0) != 0)
        return std::nullopt;
    std::vector<ValueCount> values;
    for (const auto &[highest, count] : latency.buckets) {
        if (count >= 1 && count < 9e18 && std::abs(highest) < 9e18)
            values.push_back({std::llround(highest), static_cast<std::uint64_t>(count)});
    }
    return correctOmission(values, intervalNs);
}

} // namespace flamewright
