#pragma once

#include "app/cli/verb.h"
#include "app/compare/open_sides.h"

#include <memory>
#include <string>
#include <vector>

namespace flamewright {

// BASE and CAND with the flags that every verb on two sides shares: more runs, what figures are
// divided by, how sure a verdict has to be, and how raw files are read.
struct CompareFlags {
    std::string base, cand;
    std::vector<std::string> baseRuns, candRuns;
    std::string per = "auto", work, workUnit, measure, noise, from, to, format, kallsyms;
    std::vector<std::string> maps, symbols, transforms;
    double alpha = 0.05;
    unsigned rounds = 1000;
    bool patterns = false, confirm = false, swap = false, noInlines = false, strict = false;

    static std::shared_ptr<CompareFlags> declare(CLI::App &command);
    Result<OpenedSides> open(VerbRun &run) const;
    // BASE and its further runs alone, as the baseline of the answer.
    Result<OpenedSides> openBase(VerbRun &run) const;
    Result<CompareOptions> options() const;

private:
    Result<SidesRequest> request() const;
};

} // namespace flamewright
