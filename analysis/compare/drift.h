#pragma once

#include "analysis/compare/compared_side.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace flamewright {

// How much the difference of two runs changes while they go on. Two runs of one build differ by more
// than what their blocks tell: a neighbour, a clock, a cache are another one each time, and what
// changes slowly does so between runs as it does between the parts of one. So where the difference
// of the parts (the first eighth of the one with that of the other, and so on: what both were made
// to do over time takes itself out) varies by more than the blocks explain, runs are taken to differ
// that much too. Several runs of a side measure it themselves: there is no drift to be asked for.
struct Drift {
    double variance = 0; // of the logarithm of the ratio of two parts
    std::size_t parts = 0;
};

// One side's figures by part of its time.
class RunParts {
public:
    // `perMyriads` ascend. Of a side that is one run, with times; otherwise there are no parts.
    RunParts(const ComparedSide &side, const EndpointSample &sample,
             std::span<const unsigned> perMyriads);

private:
    friend class Drifts;
    struct Part {
        std::uint64_t count = 0;
        double sum = 0;
        std::vector<std::int64_t> values; // by perMyriad
    };
    std::vector<Part> m_eighths, m_quarters;
};

// Of both sides; the parts must outlive it.
class Drifts {
public:
    Drifts(const RunParts &base, const RunParts &cand) : m_base(base), m_cand(cand) {}
    // Of quantile `i` of those that were asked for; nullopt: parts are too small for it.
    std::optional<Drift> ofQuantile(std::size_t i, unsigned perMyriad) const;
    std::optional<Drift> ofMean() const;
    std::optional<Drift> ofCount() const;

private:
    template <class Figure>
    std::optional<Drift> between(Figure figure) const;

    const RunParts &m_base, &m_cand;
};

} // namespace flamewright
