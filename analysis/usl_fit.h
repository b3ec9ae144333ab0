#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace flamewright {

// The Universal Scalability Law (Gunther): throughput at concurrency N is
//   X(N) = lambda N / (1 + sigma (N - 1) + kappa N (N - 1)).
struct UslLaw {
    double sigma = 0;  // contention: the share of the work that waits in a queue
    double kappa = 0;  // coherency: what every pair of workers costs
    double lambda = 0; // throughput of one worker

    double throughput(double concurrency) const;
    // N / X(N), in seconds where throughput is per second.
    double latency(double concurrency) const;
    // The whole number of workers with the most throughput, floor(sqrt((1 - sigma) / kappa)), at
    // least 1. nullopt: it grows for ever (kappa = 0).
    std::optional<double> bestConcurrency() const;
    // Throughput there; lambda / sigma where it grows towards that for ever; nullopt: without end.
    std::optional<double> mostThroughput() const;
};

struct UslPoint {
    double concurrency = 0, throughput = 0;
};

// Between these lie 95 % of the fits to resampled data.
struct UslInterval {
    double low = 0, high = 0;
};

struct UslFit {
    UslLaw law;
    double rSquared = 0;           // 1 - squared residuals / squared distances from the mean
    std::vector<double> residuals; // measured - fitted throughput, by point
    UslInterval sigma, kappa, lambda;
    // nullopt: more than 2.5 % of the resampled fits have no maximum, so that there is no upper end.
    std::optional<UslInterval> bestConcurrency, mostThroughput;
    unsigned resamples = 0;
    std::vector<UslLaw> draws; // the fits to resampled data
};

// Between which 95 % of the resampled fits run, at each concurrency. Empty without resamples.
std::vector<UslInterval> uslBand(const UslFit &fit, std::span<const double> concurrencies);

struct UslAnswer {
    std::optional<UslFit> fit;
    std::string_view whyNot; // a sentence; empty when there is a fit
};

inline constexpr std::size_t kUslPoints = 6;        // fewer say nothing of three parameters
inline constexpr std::size_t kUslConcurrencies = 4; // different ones
inline constexpr unsigned kUslResamples = 1000;

// The law with the least squared error of throughput whose parameters are not negative
// (Levenberg-Marquardt from sigma 0.1, kappa 0.01, lambda max X/N; on the edges of the allowed
// range with the parameters there held at 0). Points without concurrency or throughput > 0 are left
// out. Intervals are a bootstrap of the residuals, the levels of load being what was chosen and not
// drawn; deterministic.
UslAnswer fitUsl(std::span<const UslPoint> points, unsigned resamples = kUslResamples);

} // namespace flamewright
