#pragma once

#include "app/check/evaluate.h"

#include <cstddef>
#include <iosfwd>
#include <string>
#include <vector>

namespace flamewright {

// What a check came to, for whoever reads it: a person at a terminal, a pull request, a CI server.
struct CheckReport {
    const BudgetFile *file = nullptr;
    const Comparison *comparison = nullptr; // what most budgets were held against
    std::vector<BudgetOutcome> outcomes;    // in the order of the file

    std::size_t count(BudgetState state) const;
    std::size_t broken() const;
};

// One line for each broken budget: which, by how much, on what evidence; then a sum.
void writeCheckText(std::ostream &out, const CheckReport &report);
void writeCheckMarkdown(std::ostream &out, const CheckReport &report);
// JUnit's XML as CI servers read it: a case for each budget, a failure for each broken one.
void writeJUnit(std::ostream &out, const CheckReport &report);

} // namespace flamewright
