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

} // namespace flamewright
