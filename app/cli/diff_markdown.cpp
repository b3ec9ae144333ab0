#include "analysis/compare/headlines.h"
#include "app/cli/diff_output.h"
#include "app/cli/markdown_code.h"
#include "app/compare/change_text.h"
#include "app/present/markdown_text.h"
#include "capture/base/capture_text.h"

#include <algorithm>
#include <ostream>

namespace flamewright {
namespace {

std::string plain(std::string_view text)
{
    return markdownText(text, kMaxDisplayBytes);
}

using Weight = ComparabilityRemark::Weight;

constexpr std::size_t kRows = 12; // of a section, when nobody said how many

std::string sideLine(const char *letter, const ComparisonSide &side)
{
    const auto when = sideTimeText(side);
    return std::string("**") + letter + "** " + markdownCode(side.name) +
           (when.empty() ? "" : " (" + when + ")");
}

std::string marked(const Change &change)
{
    const auto text = plain(verdictText(change));
    return change.verdict == Verdict::Regressed || change.verdict == Verdict::Improved
               ? "**" + text + "**"
               : text;
}

void writeRemarks(std::ostream &out, const Comparison &comparison)
{
    auto remarks = shownRemarks(comparison);
    std::erase_if(remarks,
                  [](const ShownRemark &one) { return one.remark->weight == Weight::Note; });
    if (remarks.empty())
        return;
    out << (comparison.isBlocked()
                ? "\n**Not comparable as they are; verdicts are withheld** (`--confirm`):\n\n"
                : "\nWhat differs besides the change:\n\n");
    for (const auto &[remark, of] : remarks)
        out << "- " << nameOf(remark->weight) << (of.empty() ? "" : " of ") << markdownCode(of)
            << ": " << plain(remark->what) << " "
            << markdownCode(remark->base.empty() ? "not known" : remark->base) << " \u2192 "
            << markdownCode(remark->cand.empty() ? "not known" : remark->cand) << ". "
            << plain(remark->sentence) << '\n';
}

void writeSection(std::ostream &out, const ComparedSection &section, DiffShown how)
{
    if (how.limit == 0)
        how.limit = kRows;
    const auto items = shownItems(section, how);
    out << "\n### " << section.kind << ": " << markdownCode(section.title);
    const auto words = section.normalisation.words();
    if (!words.empty())
        out << ", " << plain(words);
    out << "\n\n";
    if (items.noneJudged && !section.isBlocked())
        out << "No figure is shown to have changed by more than chance and noise explain.\n\n";
    if (items.items.empty())
        return;
    out << "| Name | Figure | A | B | Change (95 % interval) | Verdict | n |\n"
           "|---|---|--:|--:|--:|---|--:|\n";
    for (const auto *item : items.items) {
        auto figure = *item;
        if (figure.per == section.normalisation.per)
            figure.per.clear();
        const auto &change = item->change;
        out << "| " << markdownCode(item->name.empty() ? "[unknown]" : item->name) << " | "
            << plain(figureText(figure)) << " | " << plain(sideText(change.base, item->unit))
            << " | " << plain(sideText(change.cand, item->unit)) << " | "
            << plain(changeText(*item)) << " | " << marked(change) << " | "
            << plain(countsText(change)) << " |\n";
    }
    std::string rest;
    const auto add = [&](std::size_t n, const char *what) {
        if (n > 0)
            rest += (rest.empty() ? "" : ", ") + std::to_string(n) + what;
    };
    add(items.beyondLimit, " more with a verdict");
    add(items.noEvidence, " without evidence of a change");
    add(items.notEnoughData, " with too little data");
    if (!rest.empty())
        out << "\nNot shown: " << rest << ".\n";
}

} // namespace

void writeDiffMarkdown(std::ostream &out, const Comparison &comparison, const DiffShown &shown)
{
    out << "## Performance: A and B compared\n\n"
        << sideLine("A", comparison.base) << ", " << sideLine("B", comparison.cand) << "\n\n";
    for (const auto &sentence : headlines(comparison))
        out << "- " << plain(sentence) << '\n';
    writeRemarks(out, comparison);
    for (const auto &section : comparison.sections)
        writeSection(out, section, shown);
    if (!comparison.notCompared.empty()) {
        out << "\nNot compared:\n\n";
        for (const auto &one : comparison.notCompared)
            out << "- " << plain(one) << '\n';
    }
    for (const auto &note : shown.notes)
        out << "\n_" << plain(note) << "_\n";
}

} // namespace flamewright
