#pragma once

#include "analysis/compare/comparison.h"
#include "app/check/budget.h"
#include "capture/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace flamewright {

enum class BudgetState : std::uint8_t {
    Kept,
    Broken,
    Withheld, // the two are not comparable and nobody confirmed that they are: as broken
    Missing,  // what it names is not there: as broken
    Skipped,  // the same, of an optional one
    NotJudged // no figure has an interval, and the budget asks for evidence
};
// "kept", "broken", "withheld", "missing", "skipped", "not_judged": for programs.
std::string_view nameOf(BudgetState state);

struct BudgetOutcome {
    const Budget *budget = nullptr;
    std::string title; // the budget's own, or what it says: "p99 of POST /checkout at most 300 ms"
    BudgetState state = BudgetState::Kept;
    std::uint64_t figures = 0;   // that it was held against ...
    std::uint64_t notJudged = 0; // ... of which so many have no interval
    // Of what is not kept: which figure, by how much, on what evidence. May hold names.
    std::vector<std::string> lines;
    std::vector<ComparedItem> items; // that the lines are of

    bool isBroken() const
    {
        return state == BudgetState::Broken || state == BudgetState::Withheld ||
               state == BudgetState::Missing;
    }
};

// What a comparison is made with for a budget: profiles can be asked more than one question.
struct BudgetQuestion {
    std::string measure;
    std::optional<NormaliseBy> per;
    friend bool operator==(const BudgetQuestion &, const BudgetQuestion &) = default;
};
// Shares are per total, whatever else is said.
BudgetQuestion questionOf(const Budget &budget);

// Holds one budget against a comparison that answers its question. Errc::Usage: the limit is of
// another kind than the figure, or a pattern is not valid.
Result<BudgetOutcome> evaluate(const Budget &budget, const Comparison &comparison);

} // namespace flamewright
