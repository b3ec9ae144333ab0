#pragma once

#include "analysis/compare/comparison.h"
#include "analysis/compare/load_diff.h"
#include "analysis/compare/phase_alignment.h"

#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

// Comparisons for tests of views, made by hand.
namespace flamewright {

inline constexpr double kComparedMs = 1e6;

// A's latency is 10 ms at the median and grows by 20 ms with every nine; B is a tenth slower up to
// the median, without evidence from there to p95, and faster by half beyond.
inline std::shared_ptr<const LoadDiff> drawnLoadDiff(const std::string &endpoint = "POST /checkout")
{
    auto out = std::make_shared<LoadDiff>();
    for (const auto &name : {std::string("*"), endpoint}) {
        EndpointChange change;
        change.name = name;
        for (const double q :
             {0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.97, 0.99, 0.995, 0.999}) {
            QuantileShift shift;
            shift.quantile = q;
            const auto nines = -std::log10(1 - q);
            shift.base = (4 + 20 * nines) * kComparedMs;
            const auto times = q <= 0.5 ? 1.1 : q <= 0.95 ? 1.0 : 0.5;
            shift.cand = shift.base * times;
            const auto wide = 0.03 + 0.04 * nines;
            shift.baseBand = {shift.base * (1 - wide), shift.base * (1 + wide)};
            shift.candBand = {shift.cand * (1 - wide), shift.cand * (1 + wide)};
            const auto delta = shift.cand - shift.base;
            shift.difference = {delta - wide * shift.base, delta + wide * shift.base};
            shift.ratio = {times - 1 - wide, times - 1 + wide};
            change.shift.push_back(shift);
        }
        for (auto &percentile : change.percentiles) {
            percentile.baseCount = 24310;
            percentile.candCount = 24502;
        }
        auto &p99 = change.percentiles[3];
        p99.base = 44 * kComparedMs;
        p99.cand = 22 * kComparedMs;
        p99.relative = ChangeInterval{-0.61, -0.39};
        p99.verdict = Verdict::Improved;
        out->endpoints.push_back(std::move(change));
    }
    return out;
}

// Two phases of 30 s: B has half of A's latency in the second, and failures there.
inline std::shared_ptr<const AlignedSeries> drawnAligned()
{
    constexpr std::int64_t kSecond = 1'000'000'000;
    auto out = std::make_shared<AlignedSeries>();
    out->binNs = 2 * kSecond;
    out->endNs = 60 * kSecond;
    out->stretches = {
        {.phase = "ramp", .beginNs = 0, .endNs = 30 * kSecond, .firstBin = 0, .bins = 15},
        {.phase = "steady",
         .beginNs = 30 * kSecond,
         .endNs = 60 * kSecond,
         .firstBin = 15,
         .bins = 15}};
    for (std::int64_t i = 0; i < 30; ++i) {
        out->binBegin.push_back(i * 2 * kSecond);
        const bool steady = i >= 15;
        const auto rhythm = 1 + 0.2 * std::sin(static_cast<double>(i));
        const auto fill = [&](AlignedSide &side, double median, std::uint32_t failed) {
            side.count.push_back(static_cast<std::uint32_t>(200 * rhythm));
            side.failed.push_back(failed);
            side.seconds.push_back(2);
            for (std::size_t p = 0; p < side.percentiles.size(); ++p)
                side.percentiles[p].push_back(
                    i == 3 && p == 3
                        ? AlignedSide::kTooFew
                        : static_cast<std::int64_t>(median * rhythm * kComparedMs *
                                                    (1 + 3.0 * static_cast<double>(p))));
        };
        fill(out->base, 12, 0);
        fill(out->cand, steady ? 6 : 12, steady && i % 4 == 0 ? 10 : 0);
    }
    return out;
}

// 12.4 ms to 7.9 ms: -4.5 = -3.6 - 1.2 + 0.9 - 0.3 - 0.2 and a rest of -0.1.
inline std::shared_ptr<const Explanation> drawnExplanation()
{
    auto out = std::make_shared<Explanation>();
    out->of = "CPU per request";
    out->unit = "ns";
    out->per = "request";
    out->base = 12.4 * kComparedMs;
    out->cand = 7.9 * kComparedMs;
    out->parts = {{"price_query", "shop.js", 6.1 * kComparedMs, 2.5 * kComparedMs,
                   "42 calls before, 1 after"},
                  {"renderTemplate", "shop.js", 2.0 * kComparedMs, 0.8 * kComparedMs, ""},
                  {"JSON.parse", "node", 0.5 * kComparedMs, 1.4 * kComparedMs, ""},
                  {"a_function_with_quite_a_long_name_that_hardly_fits(std::string_view, int)",
                   "libshop.so", 0.7 * kComparedMs, 0.4 * kComparedMs, ""},
                  {"gc", "node", 1.1 * kComparedMs, 0.9 * kComparedMs, ""}};
    out->remainder = -0.1 * kComparedMs;
    out->method = "self time of functions, per request";
    return out;
}

inline std::shared_ptr<const std::vector<ComparedItem>> drawnItems()
{
    auto out = std::make_shared<std::vector<ComparedItem>>();
    const auto add = [&](std::string name, std::string detail, std::string figure, std::string unit,
                         Change change) {
        ComparedItem item;
        item.name = std::move(name);
        item.detail = std::move(detail);
        item.figure = std::move(figure);
        item.unit = std::move(unit);
        change.baseCount = 24310;
        change.candCount = 24502;
        item.change = std::move(change);
        out->push_back(std::move(item));
    };
    add("POST /checkout", "", "p99", "ns",
        {.base = 850 * kComparedMs,
         .cand = 220 * kComparedMs,
         .relative = ChangeInterval{-0.76, -0.71},
         .verdict = Verdict::Improved});
    add("price_query", "shop.js", "self", "ns",
        {.base = 6.1 * kComparedMs,
         .cand = 2.5 * kComparedMs,
         .relative = ChangeInterval{-0.63, -0.55},
         .verdict = Verdict::Improved});
    add("JSON.parse", "node", "self", "ns",
        {.base = 0.5 * kComparedMs,
         .cand = 1.4 * kComparedMs,
         .relative = ChangeInterval{1.4, 2.2},
         .verdict = Verdict::Regressed});
    add("*", "", "throughput", "1/s",
        {.base = 412,
         .cand = 416,
         .relative = ChangeInterval{-0.02, 0.04},
         .verdict = Verdict::NoEvidence,
         .why = "within the noise"});
    add("GET /a/route/with/a/name/that/is/longer/than/a/column", "", "p50", "ns",
        {.base = 20 * kComparedMs,
         .cand = 21 * kComparedMs,
         .relative = ChangeInterval{-0.12, 0.21},
         .verdict = Verdict::NoEvidence,
         .why = "the interval does not rule out chance"});
    add("cache_lookup", "shop.js", "self", "ns",
        {.cand = 0.3 * kComparedMs,
         .difference = ChangeInterval{0.2 * kComparedMs, 0.4 * kComparedMs},
         .verdict = Verdict::Regressed});
    add("legacy_template", "shop.js", "self", "ns",
        {.base = 0.9 * kComparedMs,
         .difference = ChangeInterval{-1.0 * kComparedMs, -0.8 * kComparedMs},
         .verdict = Verdict::Improved});
    add("GET /rare", "", "p99", "ns",
        {.base = 10 * kComparedMs,
         .cand = 500 * kComparedMs,
         .verdict = Verdict::NotEnoughData,
         .why = "12 requests"});
    return out;
}

} // namespace flamewright
