#include "app/present/report_tables.h"

#include "analysis/compare/change_text.h"
#include "analysis/compare/profile_diff.h"
#include "app/compare/change_text.h"
#include "capture/base/format_value.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace flamewright {
namespace {

bool isJudged(const Change &change)
{
    return change.verdict == Verdict::Improved || change.verdict == Verdict::Regressed;
}

// Name without its folders: paths of modules are long and end alike.
std::string_view lastPart(std::string_view path)
{
    const auto slash = path.find_last_of('/');
    return slash == std::string_view::npos || slash + 1 == path.size() ? path
                                                                       : path.substr(slash + 1);
}

std::string count(std::size_t n)
{
    return formatCount(static_cast<std::int64_t>(n));
}

// "p99 of POST /checkout", "cpu-clock per request of shop.perf.data".
std::string labelOf(const ComparedItem &item, const ComparedSection &section)
{
    if (item.name != "*")
        return figureText(item) + " of " + nameOfItem(item);
    if (section.profile)
        return section.profile->measure + (item.per.empty() ? "" : " per " + item.per) + " of " +
               std::string(lastPart(section.title));
    return figureText(item) + (section.kind == "load" ? " of all requests" : " of all");
}

ReportKeyFigure keyFigureOf(const ComparedItem &item, const ComparedSection &section)
{
    ReportKeyFigure out;
    out.label = labelOf(item, section);
    out.base = sideText(item.change.base, item.unit);
    out.cand = sideText(item.change.cand, item.unit);
    out.change = changeOnly(item);
    const auto interval = intervalOnly(item);
    out.evidence = (interval == "unknown" ? "interval unknown" : "95 % interval " + interval) +
                   "; n " + countsText(item.change);
    out.mark = std::string(nameOf(item.change.verdict));
    return out;
}

// What a stakeholder asks for first, by kind of capture; the most important last to look at is
// first here.
std::vector<const ComparedItem *> candidatesOf(const ComparedSection &section)
{
    std::vector<const ComparedItem *> out;
    const auto add = [&](auto matches) {
        for (const auto &item : section.items) {
            if (isJudged(item.change) && matches(item) &&
                std::find(out.begin(), out.end(), &item) == out.end()) {
                out.push_back(&item);
                return;
            }
        }
    };
    if (section.kind == "load") {
        add([](const ComparedItem &item) { return item.figure == "p99" && item.name != "*"; });
        add([](const ComparedItem &item) { return item.figure == "p99"; });
        add([](const ComparedItem &item) {
            return item.figure == "throughput" && item.name == "*";
        });
        add([](const ComparedItem &item) {
            return item.figure == "error_share" && item.name == "*";
        });
    } else if (section.kind == "profile") {
        add([](const ComparedItem &item) { return item.name == "*"; });
        add([](const ComparedItem &item) { return item.figure == "self"; });
    } else if (section.kind == "traces") {
        // How long somebody waited, before what was waited for.
        for (const std::string_view figure : {"mean", "p50", "p99"})
            add([&](const ComparedItem &item) { return item.figure == figure; });
        add([](const ComparedItem &) { return true; });
    } else {
        add([](const ComparedItem &) { return true; });
    }
    return out;
}

// Of several captures of a kind: time per unit of work is what figures are best held against.
int fitnessOf(const ComparedSection &section, const std::vector<const ComparedItem *> &candidates)
{
    if (candidates.empty())
        return 0;
    return 1 + (section.normalisation.by == NormaliseBy::Work ? 2 : 0) +
           (candidates.front()->unit == "ns" ? 1 : 0);
}

} // namespace

std::string nameOfItem(const ComparedItem &item)
{
    if (item.name == "*")
        return "all";
    return item.detail.empty() ? item.name : item.name + ", " + std::string(lastPart(item.detail));
}

ReportTable tableOfItems(std::span<const ComparedItem> items, std::size_t most)
{
    ReportTable out;
    out.columns = {"Name", "Figure", "A", "B", "Change", "95 % interval", "n (A and B)", "Verdict"};
    out.numeric = {false, false, true, true, true, true, true, false};
    std::vector<const ComparedItem *> shown;
    for (const bool judged : {true, false}) {
        for (const auto &item : items) {
            if (isJudged(item.change) == judged && shown.size() < most)
                shown.push_back(&item);
        }
    }
    for (const auto *item : shown) {
        const std::string mark(nameOf(item->change.verdict));
        out.rows.push_back({{nameOfItem(*item), {}},
                            {figureText(*item), {}},
                            {sideText(item->change.base, item->unit), {}},
                            {sideText(item->change.cand, item->unit), {}},
                            {changeOnly(*item), mark},
                            {intervalOnly(*item), {}},
                            {countsText(item->change), {}},
                            {std::string(wordsOf(item->change.verdict)), mark}});
    }
    if (shown.size() < items.size()) {
        const auto judged = static_cast<std::size_t>(
            std::count_if(items.begin(), items.end(),
                          [](const ComparedItem &item) { return isJudged(item.change); }));
        out.note = "The first " + count(shown.size()) + " of " + count(items.size()) +
                   " compared figures; " + count(judged) + " have evidence of a change.";
    }
    return out;
}

ReportTable tableOfExplanation(const Explanation &explanation)
{
    constexpr std::size_t kMost = 15;
    ReportTable out;
    out.title = "What the change of " + explanation.of + " is made of";
    out.columns = {"Part", "A", "B", "Change", "Of the change", ""};
    out.numeric = {false, true, true, true, true, false};
    const auto whole = explanation.cand - explanation.base;
    const auto row = [&](const std::string &name, double base, double cand,
                         const std::string &note) {
        const auto delta = cand - base;
        out.rows.push_back({{name, {}},
                            {figureText(base, explanation.unit), {}},
                            {figureText(cand, explanation.unit), {}},
                            {differenceText(delta, explanation.unit), {}},
                            {whole == 0 ? "\u2013" : formatNumber(100 * delta / whole) + " %", {}},
                            {note, {}}});
    };
    double rest = explanation.remainder;
    std::size_t left = 0;
    for (std::size_t i = 0; i < explanation.parts.size(); ++i) {
        const auto &part = explanation.parts[i];
        if (i < kMost)
            row(part.detail.empty() ? part.name
                                    : part.name + ", " + std::string(lastPart(part.detail)),
                part.base, part.cand, part.note);
        else {
            rest += part.delta();
            ++left;
        }
    }
    // Parts and the rest add up to the whole; less than a billionth of it is rounding.
    if (std::abs(rest) <= 1e-9 * (std::abs(explanation.base) + std::abs(explanation.cand)))
        rest = 0;
    out.rows.push_back(
        {{left > 0 ? "The rest, with " + count(left) + " more parts" : "The rest", {}},
         {},
         {},
         {differenceText(rest, explanation.unit), {}},
         {whole == 0 ? "\u2013" : formatNumber(100 * rest / whole) + " %", {}},
         {}});
    row("All of it", explanation.base, explanation.cand, {});
    out.note = explanation.method;
    return out;
}

std::vector<ReportKeyFigure> keyFiguresOf(const Comparison &comparison)
{
    constexpr std::size_t kMost = 4;
    struct Chosen {
        const ComparedItem *item;
        const ComparedSection *section;
    };
    std::vector<Chosen> chosen;
    const auto isNew = [&](const ComparedItem &item) {
        return std::none_of(chosen.begin(), chosen.end(), [&](const Chosen &other) {
            return other.item->name == item.name && other.item->figure == item.figure;
        });
    };
    // Of each kind in turn, what people wait for first: no kind has the room of another.
    struct Kind {
        std::string_view name;
        const ComparedSection *section = nullptr;
        std::vector<const ComparedItem *> candidates;
        int fitness = 0;
    };
    std::array<Kind, 4> kinds{{{"load"}, {"traces"}, {"profile"}, {"benchmarks"}}};
    for (auto &kind : kinds) {
        for (const auto &section : comparison.sections) {
            if (section.kind != kind.name)
                continue;
            auto candidates = candidatesOf(section);
            const auto fitness = fitnessOf(section, candidates);
            if (fitness <= kind.fitness)
                continue;
            kind.fitness = fitness;
            kind.section = &section;
            kind.candidates = std::move(candidates);
        }
    }
    for (std::size_t round = 0; round < kMost; ++round) {
        for (const auto &kind : kinds) {
            if (round < kind.candidates.size() && chosen.size() < kMost &&
                isNew(*kind.candidates[round]))
                chosen.push_back({kind.candidates[round], kind.section});
        }
    }
    if (chosen.empty()) {
        for (const auto &section : comparison.sections) {
            if (!section.items.empty() && chosen.size() < kMost)
                chosen.push_back({&section.items.front(), &section});
        }
    }
    std::vector<ReportKeyFigure> out;
    for (const auto &one : chosen)
        out.push_back(keyFigureOf(*one.item, *one.section));
    return out;
}

} // namespace flamewright
