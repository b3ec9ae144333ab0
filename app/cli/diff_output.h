#pragma once

#include "analysis/compare/comparison.h"
#include "app/cli/json_writer.h"

#include <cstddef>
#include <iosfwd>
#include <string>
#include <vector>

// A comparison as `flamewright diff` prints it.
namespace flamewright {

struct DiffShown {
    std::size_t limit = 0;          // items of a section; 0: all that are shown
    bool all = false;               // also those without a verdict
    std::vector<std::string> notes; // of how the sides were opened
};

// The items of a section to show: those with a verdict. Where there are none, the first ones, and
// all of those whose verdict is withheld.
struct ShownItems {
    std::vector<const ComparedItem *> items;
    std::size_t beyondLimit = 0, noEvidence = 0, notEnoughData = 0; // not among them
    bool noneJudged = false; // no item of the section has a verdict
};
ShownItems shownItems(const ComparedSection &section, const DiffShown &shown);
// What differs besides the change, gravest first; the same remark of several sections once.
struct ShownRemark {
    const ComparabilityRemark *remark = nullptr;
    std::string of; // "shop.jtl and 2 more"; empty: there is one section only
};
std::vector<ShownRemark> shownRemarks(const Comparison &comparison);
std::size_t blockedSections(const Comparison &comparison);

void writeDiffText(std::ostream &out, const Comparison &comparison, const DiffShown &shown);
// Everything, unrounded, whatever `shown` leaves out but for its limit.
void writeDiffJson(std::ostream &out, const Comparison &comparison, const DiffShown &shown);
// One item as an object: "name", "base", "cand", "change", "ci_low", "ci_high", "verdict" ...
void writeItemJson(JsonWriter &w, const ComparedItem &item);
// Short: for a pull request.
void writeDiffMarkdown(std::ostream &out, const Comparison &comparison, const DiffShown &shown);

} // namespace flamewright
