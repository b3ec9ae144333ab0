#include "app/cli/diff_output.h"

#include <algorithm>

namespace flamewright {

ShownItems shownItems(const ComparedSection &section, const DiffShown &shown)
{
    ShownItems out;
    const bool withheld =
        section.isBlocked() &&
        std::all_of(section.items.begin(), section.items.end(), [](const ComparedItem &item) {
            return item.change.verdict == Verdict::NotEnoughData;
        });
    for (const auto &item : section.items) {
        const auto verdict = item.change.verdict;
        if (!shown.all && verdict == Verdict::NoEvidence)
            ++out.noEvidence;
        else if (!shown.all && !withheld && verdict == Verdict::NotEnoughData)
            ++out.notEnoughData;
        else if (shown.limit > 0 && out.items.size() == shown.limit)
            ++out.beyondLimit;
        else
            out.items.push_back(&item);
    }
    return out;
}

} // namespace flamewright
