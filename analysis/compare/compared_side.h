#pragma once

#include "analysis/compare/block_plan.h"
#include "analysis/compare/endpoint_draws.h"
#include "analysis/compare/mean_parts.h"
#include "analysis/load_rows.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace flamewright {

// The runs of one side of a comparison of load tests, their endpoints numbered as on the other
// side. Empty runs are left out. Keeps spans into the runs. Call in the order of declaration.
class ComparedSide {
public:
    explicit ComparedSide(std::span<const LoadRows> runs);

    std::uint64_t requests() const { return m_requests; }
    std::size_t runs() const { return m_runs.size(); }
    // Of what was measured, so that it is the same whichever side this is.
    std::uint64_t seed() const;

    // Numbers endpoints by name; new names get the next numbers.
    void number(std::map<std::string, std::uint32_t, std::less<>> &ids);
    std::vector<std::uint64_t> countRequests(std::size_t endpoints) const; // by number
    // By 2 * number, + 1 for failures.
    std::vector<MeanCount> sums(std::size_t endpoints) const;
    // By number: requests that took longer than this.
    std::vector<std::uint64_t> slower(std::size_t endpoints, std::int64_t thanNs) const;

    void plan(unsigned rounds, std::uint64_t seed) { m_plan.emplace(m_runs, rounds, seed); }
    const BlockPlan &plan() const { return *m_plan; }
    // Finds the rows of some endpoints, by their numbers.
    void sort(std::span<const std::uint32_t> wanted, std::size_t endpoints);
    // Of the n-th of those; nullopt: of all. Thread safe.
    EndpointSample sample(std::optional<std::uint32_t> wanted) const;
    // Of a run, in which there were requests; 0: not known.
    double seconds(std::size_t run) const { return m_seconds[run]; }
    double seconds() const { return m_allSeconds; } // of all runs
    // Of them, while no more requests were sent: a rate is known no better.
    double tailSeconds() const { return m_tailSeconds; }

private:
    struct Order {
        std::vector<std::uint32_t> rows;
        std::vector<std::size_t> begins; // of each endpoint in `rows`, and the end
    };
    std::vector<LoadRows> m_kept; // not empty ones, when some are
    std::span<const LoadRows> m_runs;
    std::uint64_t m_requests = 0;
    std::vector<std::vector<std::uint32_t>> m_numbers; // by run and group
    std::optional<BlockPlan> m_plan;
    std::vector<Order> m_orders; // by run
    std::vector<double> m_seconds;
    double m_allSeconds = 0, m_tailSeconds = 0;
};

} // namespace flamewright
