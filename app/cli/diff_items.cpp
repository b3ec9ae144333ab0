#include "app/cli/diff_output.h"

#include <algorithm>

namespace flamewright {
namespace {

// Of a section without a single verdict, so that there is something to see.
constexpr std::size_t kWithoutVerdict = 5;

bool isJudged(const ComparedItem &item)
{
    return item.change.verdict == Verdict::Regressed || item.change.verdict == Verdict::Improved;
}

} // namespace

ShownItems shownItems(const ComparedSection &section, const DiffShown &shown)
{
    ShownItems out;
    const bool judged = std::any_of(section.items.begin(), section.items.end(), isJudged);
    for (const auto &item : section.items) {
        const bool wanted =
            shown.all || isJudged(item) ||
            (!judged && (section.isBlocked() || out.items.size() < kWithoutVerdict));
        if (wanted && (shown.limit == 0 || out.items.size() < shown.limit))
            out.items.push_back(&item);
        else if (isJudged(item))
            ++out.beyondLimit;
        else if (item.change.verdict == Verdict::NoEvidence)
            ++out.noEvidence;
        else
            ++out.notEnoughData;
    }
    out.noneJudged = !judged;
    return out;
}

std::vector<ShownRemark> shownRemarks(const Comparison &comparison)
{
    std::vector<ShownRemark> out;
    std::vector<std::size_t> more; // sections besides the first
    for (const auto &section : comparison.sections) {
        for (const auto &remark : section.remarks) {
            const auto same = std::find_if(out.begin(), out.end(), [&](const ShownRemark &one) {
                return *one.remark == remark;
            });
            if (same != out.end()) {
                ++more[static_cast<std::size_t>(same - out.begin())];
                continue;
            }
            out.push_back({&remark, comparison.sections.size() > 1 ? section.title : ""});
            more.push_back(0);
        }
    }
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (more[i] > 0)
            out[i].of += " and " + std::to_string(more[i]) + " more";
    }
    std::stable_sort(out.begin(), out.end(), [](const ShownRemark &a, const ShownRemark &b) {
        return a.remark->weight > b.remark->weight;
    });
    return out;
}

std::size_t blockedSections(const Comparison &comparison)
{
    if (comparison.confirmed)
        return 0;
    return static_cast<std::size_t>(
        std::count_if(comparison.sections.begin(), comparison.sections.end(),
                      [](const ComparedSection &one) { return one.isBlocked(); }));
}

} // namespace flamewright
