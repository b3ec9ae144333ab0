#include "analysis/compare/change_text.h"
#include "analysis/compare/headlines.h"
#include "app/cli/diff_output.h"
#include "app/cli/text_table.h"
#include "app/compare/change_text.h"
#include "capture/base/capture_text.h"
#include "capture/base/format_value.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <ostream>

namespace flamewright {
namespace {

using Align = TextTable::Align;
using Weight = ComparabilityRemark::Weight;

constexpr std::size_t kNameWidth = 60; // --json has names whole
constexpr std::size_t kManySections = 8;
constexpr std::string_view kNothingShown =
    "No figure is shown to have changed by more than chance and noise explain.";

// How much of a section is printed. Of whole sessions less: who wants more compares captures.
struct Measure {
    std::size_t items, parts, explanations;
    bool methods;
};
constexpr Measure kWhole{20, 12, 100, true};
constexpr Measure kShort{5, 3, 1, false};

std::string shown(std::string_view text)
{
    return CaptureText(text).toTerminal();
}

// Both ends of a long name: what it is of is at its start, what it does at its end.
std::string cutName(std::string_view name)
{
    const auto text = shown(name.empty() ? "[unknown]" : name);
    if (text.size() <= kNameWidth)
        return text;
    const auto continues = [&](std::size_t at) {
        return (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80;
    };
    auto head = kNameWidth * 2 / 3;
    while (head > 0 && continues(head))
        --head;
    auto tail = text.size() - kNameWidth / 3;
    while (tail < text.size() && continues(tail))
        ++tail;
    return text.substr(0, head) + "\u2026" + text.substr(tail);
}

void printSides(std::ostream &out, const Comparison &comparison)
{
    TextTable table({{""}, {""}, {""}, {""}});
    const auto row = [&](const char *letter, const ComparisonSide &side, const char *role) {
        table.row({letter, shown(side.name), sideTimeText(side), role});
    };
    row("A", comparison.base, "the baseline");
    row("B", comparison.cand, "the candidate");
    table.print(out);
}

void printRemarks(std::ostream &out, const Comparison &comparison)
{
    const auto remarks = shownRemarks(comparison);
    const bool grave = std::any_of(remarks.begin(), remarks.end(), [](const ShownRemark &one) {
        return one.remark->weight == Weight::Grave;
    });
    const auto blocked = blockedSections(comparison), all = comparison.sections.size();
    out << '\n';
    if (blocked > 0 && blocked < all)
        out << "Of " << all << " pairs " << blocked << (blocked == 1 ? " is" : " are")
            << " not comparable: verdicts are withheld there until you confirm with --confirm.\n";
    else if (blocked > 0)
        out << "Not comparable as they are: verdicts are withheld until you confirm with "
               "--confirm.\n";
    else if (grave)
        out << "Compared although what follows differs, as confirmed.\n";
    else if (remarks.empty())
        out << "Comparable: nothing that is known of the two differs.\n";
    else
        out << "Comparable; what differs:\n";
    TextTable table({{""}, {""}, {""}, {""}});
    for (const auto &[remark, of] : remarks) {
        const auto side = [](const std::string &value) {
            return value.empty() ? std::string("not known") : cutName(value);
        };
        table.row({"  " + std::string(nameOf(remark->weight)), shown(remark->what),
                   side(remark->base) + " \u2192 " + side(remark->cand),
                   shown(remark->sentence) + (of.empty() ? "" : " [" + shown(of) + "]")});
    }
    table.print(out);
}

std::string headingOf(const ComparedSection &section)
{
    auto out = section.kind + ": " + shown(section.title);
    const auto words = section.normalisation.words();
    if (!words.empty())
        out += ", " + shown(words);
    if (!section.normalisation.source.empty())
        out += " (" + shown(section.normalisation.source) + ")";
    if (section.baseCaptures.size() > 1 || section.candCaptures.size() > 1)
        out += ", " + std::to_string(section.baseCaptures.size()) + " captures of A and " +
               std::to_string(section.candCaptures.size()) + " of B";
    return out;
}

void printItems(std::ostream &out, const ComparedSection &section, const ShownItems &items)
{
    const bool details =
        std::any_of(items.items.begin(), items.items.end(),
                    [](const ComparedItem *item) { return !item->detail.empty(); });
    std::vector<TextTable::Column> columns{{"NAME"}};
    if (details)
        columns.push_back({"IN"});
    columns.insert(columns.end(), {{"FIGURE"},
                                   {"A", Align::Right},
                                   {"B", Align::Right},
                                   {"CHANGE", Align::Right},
                                   {"95 % INTERVAL", Align::Right},
                                   {"VERDICT"},
                                   {"N"}});
    TextTable table(std::move(columns));
    for (const auto *item : items.items) {
        const auto &change = item->change;
        // What everything is divided by stands in the heading.
        auto figure = *item;
        if (figure.per == section.normalisation.per)
            figure.per.clear();
        std::vector<std::string> cells{cutName(item->name)};
        if (details)
            cells.push_back(cutName(item->detail.empty() ? " " : item->detail));
        cells.insert(cells.end(),
                     {shown(figureText(figure)), shown(sideText(change.base, item->unit)),
                      shown(sideText(change.cand, item->unit)), shown(changeOnly(*item)),
                      shown(intervalOnly(*item)), shown(verdictText(change)), countsText(change)});
        table.row(std::move(cells));
    }
    table.print(out);
}

void printLeftOut(std::ostream &out, const ShownItems &items)
{
    const auto count = [](std::size_t n) { return formatCount(static_cast<std::int64_t>(n)); };
    std::string text;
    const auto add = [&](std::size_t n, const std::string &what) {
        if (n > 0)
            text += (text.empty() ? "" : "; ") + count(n) + " " + what;
    };
    add(items.beyondLimit, "more with a verdict (--limit)");
    add(items.noEvidence, "without evidence of a change (--all)");
    add(items.notEnoughData, "with too little data (--all)");
    if (!text.empty())
        out << text << '\n';
}

void printExplanation(std::ostream &out, const Explanation &one, const Measure &measure)
{
    const auto per = one.per.empty() ? "" : " per " + shown(one.per);
    out << "\nWhat explains " << shown(one.of) << ": "
        << shown(differenceText(one.cand - one.base, one.unit)) << per << " ("
        << shown(figureText(one.base, one.unit)) << " to " << shown(figureText(one.cand, one.unit))
        << ")\n";
    TextTable table(
        {{""}, {""}, {"CHANGE", Align::Right}, {"A", Align::Right}, {"B", Align::Right}, {""}});
    double shownParts = 0;
    for (std::size_t i = 0; i < std::min(one.parts.size(), measure.parts); ++i) {
        const auto &part = one.parts[i];
        shownParts += part.delta();
        table.row({"  " + cutName(part.name), shown(part.detail),
                   shown(differenceText(part.delta(), one.unit)),
                   shown(figureText(part.base, one.unit)), shown(figureText(part.cand, one.unit)),
                   shown(part.note)});
    }
    // What rounding leaves of a sum is nothing.
    auto rest = one.cand - one.base - shownParts;
    if (std::abs(rest) < 1e-9 * std::max(std::abs(one.base), std::abs(one.cand)))
        rest = 0;
    table.row({"  everything else", "", shown(differenceText(rest, one.unit)), "", "", ""});
    table.print(out);
    if (!one.method.empty() && measure.methods)
        out << "  " << shown(one.method) << '\n';
}

void printSection(std::ostream &out, const ComparedSection &section, DiffShown how,
                  const Measure &measure)
{
    if (how.limit == 0)
        how.limit = measure.items;
    out << '\n' << headingOf(section) << '\n';
    const auto items = shownItems(section, how);
    if (items.noneJudged && !section.isBlocked())
        out << kNothingShown << '\n';
    if (!items.items.empty())
        printItems(out, section, items);
    printLeftOut(out, items);
    for (std::size_t i = 0; i < std::min(section.explanations.size(), measure.explanations); ++i)
        printExplanation(out, section.explanations[i], measure);
    for (const auto &note : section.notes)
        out << "note: " << shown(note) << '\n';
    if (!section.method.empty() && measure.methods)
        out << "method: " << shown(section.method) << '\n';
}

} // namespace

void writeDiffText(std::ostream &out, const Comparison &comparison, const DiffShown &shown_)
{
    printSides(out, comparison);
    printRemarks(out, comparison);
    out << '\n';
    for (const auto &sentence : headlines(comparison))
        out << "- " << shown(sentence) << '\n';
    const bool many =
        comparison.sections.size() > kManySections && shown_.limit == 0 && !shown_.all;
    for (const auto &section : comparison.sections)
        printSection(out, section, shown_, many ? kShort : kWhole);
    if (many)
        out << "\nShortened, for there are " << comparison.sections.size()
            << " pairs: --limit N shows more, and how intervals were computed.\n";
    if (!comparison.notCompared.empty()) {
        out << "\nNot compared:\n";
        for (const auto &one : comparison.notCompared)
            out << "  " << shown(one) << '\n';
    }
    for (const auto &note : shown_.notes)
        out << "note: " << shown(note) << '\n';
}

} // namespace flamewright
