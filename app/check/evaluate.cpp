#include "app/check/evaluate.h"

#include "analysis/compare/change_text.h"
#include "analysis/compare/profile_diff.h"
#include "analysis/readable_name.h"
#include "analysis/search.h"
#include "app/compare/change_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <utility>

namespace flamewright {
namespace {

constexpr std::size_t kMostLines = 10; // of one budget

std::string_view kindOf(BudgetSubject subject)
{
    switch (subject) {
    case BudgetSubject::Endpoint: return "load";
    case BudgetSubject::Function: return "profile";
    case BudgetSubject::Operation: return "traces";
    case BudgetSubject::Benchmark: return "benchmarks";
    }
    return "load";
}

// "share" and "total_share" are self and total of a comparison per total.
std::string_view figureOf(const Budget &budget)
{
    if (budget.figure == "share")
        return "self";
    if (budget.figure == "total_share")
        return "total";
    return budget.figure;
}

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool containsText(std::string_view text, std::string_view part)
{
    return part.empty() ||
           std::search(text.begin(), text.end(), part.begin(), part.end(),
                       [](char a, char b) { return lower(a) == lower(b); }) != text.end();
}

// Which items a budget names, by its name alone.
Result<std::vector<std::uint8_t>> named(const Budget &budget,
                                        const std::vector<ComparedItem> &items)
{
    std::vector<std::string> names;
    names.reserve(items.size());
    for (const auto &item : items)
        names.push_back(item.name);
    switch (budget.match) {
    case BudgetMatch::Regex: return matchNames(names, "/" + budget.name + "/");
    case BudgetMatch::Text: {
        // A text that looks like an expression is none.
        std::vector<std::uint8_t> out;
        for (const auto &name : names)
            out.push_back(containsText(name, budget.name));
        return out;
    }
    case BudgetMatch::Exactly: break;
    }
    const bool functions = budget.subject == BudgetSubject::Function;
    std::vector<std::uint8_t> out;
    for (const auto &name : names)
        out.push_back(name == budget.name || (functions && readableName(name) == budget.name));
    return out;
}

// Functions that are too small to be listed are in the table all the same.
std::vector<ComparedItem> smallFunctions(const ComparedSection &section)
{
    std::vector<ComparedItem> out;
    if (!section.profile || section.items.empty())
        return out;
    std::set<std::pair<std::string_view, std::string_view>> listed;
    for (const auto &item : section.items)
        listed.emplace(item.name, item.detail);
    const auto &diff = *section.profile;
    for (const auto &row : diff.table) {
        const auto &function = diff.functions[row.function];
        if (listed.contains({function.name, function.module}))
            continue;
        ComparedItem item{.name = function.name,
                          .detail = function.module,
                          .figure = "self",
                          .unit = section.items.front().unit,
                          .per = section.items.front().per,
                          .change = row.self};
        out.push_back(item);
        item.figure = "total";
        item.change = row.total;
        out.push_back(std::move(item));
    }
    return out;
}

// What costs nothing where it is gone; a percentile of nothing is no figure.
bool isCost(const ComparedItem &item)
{
    constexpr std::array<std::string_view, 5> kCosts{"self", "total", "calls", "critical_path",
                                                     "count"};
    return std::find(kCosts.begin(), kCosts.end(), item.figure) != kCosts.end();
}

std::string percentText(double ratio)
{
    return relativeText(ratio);
}

// One figure against the limits of its budget.
class Judge {
public:
    Judge(const Budget &budget, const ComparedItem &item) : m_budget(budget), m_item(item) {}

    struct Answer {
        BudgetState state = BudgetState::Kept;
        std::string line;
    };
    Answer answer() const
    {
        Answer out;
        for (const auto &[limit, upper] :
             {std::pair(m_budget.max, true), std::pair(m_budget.min, false)}) {
            if (limit)
                merge(out, absolute(*inUnit(*limit, m_item.unit), upper));
        }
        if (m_budget.maxChange)
            merge(out, relative(*m_budget.maxChange, true));
        if (m_budget.minChange)
            merge(out, relative(*m_budget.minChange, false));
        if (!m_budget.hasLimit() && m_item.better != Better::Neither)
            merge(out, relative(0, m_item.better == Better::Lower));
        return out;
    }

private:
    static void merge(Answer &out, Answer more)
    {
        if (out.state == BudgetState::Broken || more.state == BudgetState::Kept)
            return;
        if (more.state == BudgetState::Broken || out.state == BudgetState::Kept)
            out = std::move(more);
    }

    std::string subject() const
    {
        const auto detail = m_item.detail.empty() ? "" : " (" + m_item.detail + ")";
        auto named = m_item;
        if (m_budget.figure.ends_with("share"))
            named.figure = m_budget.figure;
        return figureText(named) + " of " + m_item.name + detail;
    }

    // Of shares in points.
    std::string amount(double difference) const
    {
        const auto text = differenceText(difference, m_item.unit);
        return text.front() == '+' ? text.substr(1) : text;
    }

    // Where the candidate's figure is with 95 %, as far as the interval of the change tells: it is
    // wider, since the baseline's chance is in it, too.
    std::optional<ChangeInterval> candidate() const
    {
        const auto &change = m_item.change;
        const auto base = change.base.value_or(0);
        if (change.difference)
            return ChangeInterval{base + change.difference->low, base + change.difference->high};
        if (change.relative && change.base)
            return ChangeInterval{base * (1 + change.relative->low),
                                  base * (1 + change.relative->high)};
        return std::nullopt;
    }

    bool isBeyond(const std::optional<ChangeInterval> &interval, double value, double limit,
                  bool upper) const
    {
        const auto beyond = [&](double x) { return upper ? x > limit : x < limit; };
        switch (m_budget.evidence) {
        case BudgetEvidence::Any: return beyond(value);
        case BudgetEvidence::Regressed:
            // A limit is a limit where there is nothing but the figure.
            return interval ? beyond(value) && beyond(upper ? interval->low : interval->high)
                            : beyond(value);
        case BudgetEvidence::NotImproved:
            return !interval || beyond(value) || beyond(upper ? interval->high : interval->low);
        }
        return beyond(value);
    }

    Answer absolute(double limit, bool upper) const
    {
        const auto value = m_item.change.cand.value_or(0);
        if (!isBeyond(candidate(), value, limit, upper))
            return {};
        return {BudgetState::Broken,
                subject() + " is " + figureText(value, m_item.unit) + ", " +
                    (upper ? "more than " : "less than ") + figureText(limit, m_item.unit) +
                    " by " + amount(std::abs(value - limit)) + " (" + evidenceText(m_item) + ")"};
    }

    // No limit means 0: any change that is shown to be one for the worse.
    Answer relative(double limit, bool upper) const
    {
        const auto &change = m_item.change;
        const auto ratio = change.ratio();
        const auto allowed = limit == 0 && m_budget.evidence != BudgetEvidence::Any
                                 ? std::string(upper ? "must not rise" : "must not fall")
                                 : std::string(upper ? "at most " : "at least ") +
                                       percentText(limit) + " is allowed";
        const Answer broken{BudgetState::Broken, subject() + ": " + changeOnly(m_item) + ", " +
                                                     allowed + " (" + evidenceText(m_item) + ")"};
        const auto interval = ratio ? change.relative : std::nullopt;
        const bool known = interval || change.difference;
        if (!known && m_budget.evidence == BudgetEvidence::Regressed)
            return {BudgetState::NotJudged,
                    subject() + ": " + verdictText(change) + " (" + evidenceText(m_item) + ")"};
        if (interval) {
            if (m_budget.evidence != BudgetEvidence::Regressed)
                return isBeyond(interval, *ratio, limit, upper) ? broken : Answer{};
            return isBeyond(interval, *ratio, limit, upper) && isShown(limit, upper) ? broken
                                                                                     : Answer{};
        }
        // Nothing to divide by: what is new, or was 0, went up by any share.
        const ChangeInterval none{0, 0};
        const auto difference = change.difference.value_or(none);
        const bool up =
            m_budget.evidence == BudgetEvidence::Any ? change.delta() > 0 : difference.low > 0;
        const bool down =
            m_budget.evidence == BudgetEvidence::Any ? change.delta() < 0 : difference.high < 0;
        if (m_budget.evidence == BudgetEvidence::NotImproved && !known)
            return broken;
        return (upper ? up : down) ? broken : Answer{};
    }

    // One of many tests, or within the noise, is not shown whatever its own interval says.
    bool isShown(double limit, bool upper) const
    {
        const auto &change = m_item.change;
        const bool worse = m_item.better == Better::Lower ? upper : !upper;
        const bool beyondNothing = upper ? limit >= 0 : limit <= 0;
        return m_item.better == Better::Neither || !worse || !beyondNothing ||
               change.verdict == Verdict::Regressed;
    }

    const Budget &m_budget;
    const ComparedItem &m_item;
};

bool isWithheld(const Comparison &comparison, const ComparedSection &section)
{
    return !comparison.confirmed && section.isBlocked();
}

bool fits(const Budget &budget, const ComparedItem &item)
{
    return (!budget.max || inUnit(*budget.max, item.unit)) &&
           (!budget.min || inUnit(*budget.min, item.unit));
}

std::string titleOf(const Budget &budget)
{
    if (!budget.title.empty())
        return budget.title;
    const ComparedItem item{.figure = budget.figure};
    constexpr auto kLike = " like ";
    auto out = (budget.figure.empty() ? std::string("every figure") : figureText(item)) + " of " +
               std::string(nameOf(budget.subject)) +
               (budget.match == BudgetMatch::Exactly ? " " : kLike) + budget.name;
    if (!budget.within.empty())
        out += " in " + budget.within;
    std::string limits;
    const auto add = [&](const std::string &text) {
        limits += (limits.empty() ? " " : ", ") + text;
    };
    if (budget.max)
        add("at most " + budget.max->text);
    if (budget.min)
        add("at least " + budget.min->text);
    if (budget.maxChange)
        add("at most " + percentText(*budget.maxChange));
    if (budget.minChange)
        add("at least " + percentText(*budget.minChange));
    if (limits.empty())
        add(budget.evidence == BudgetEvidence::NotImproved ? "has improved" : "is no worse");
    return out + limits;
}

// Puts together what single figures said.
class Collector {
public:
    Collector(const Budget &budget, const Comparison &comparison)
        : m_budget(budget),
          m_comparison(comparison)
    {
        m_out.budget = &budget;
        m_out.title = titleOf(budget);
    }

    Result<> look(const ComparedSection &section)
    {
        FW_TRY(look(section, section.items));
        if (m_out.figures == 0 && m_gone == 0 && m_budget.subject == BudgetSubject::Function)
            FW_TRY(look(section, smallFunctions(section)));
        return {};
    }

    Result<BudgetOutcome> outcome()
    {
        if (m_out.figures > 0) {
            // Some that cannot be judged do not keep the others from being.
            if (m_out.state == BudgetState::NotJudged && m_out.notJudged < m_out.figures) {
                m_out.state = BudgetState::Kept;
                clear();
            }
            if (m_left > 0)
                m_out.lines.push_back("and " + std::to_string(m_left) + " more figures");
            return std::move(m_out);
        }
        if (!m_unfit.empty())
            return fail(Errc::Usage, "the budget of line " + std::to_string(m_budget.line) +
                                         " has a limit of another kind than " + m_unfit);
        m_out.state = m_budget.optional ? BudgetState::Skipped : BudgetState::Missing;
        const std::string what = std::string(nameOf(m_budget.subject)) + " " + m_budget.name;
        m_out.lines = {m_gone > 0
                           ? what + " has no such figure in the candidate"
                           : what + " is not there, or has no figure '" + m_budget.figure + "'"};
        return std::move(m_out);
    }

private:
    Result<> look(const ComparedSection &section, const std::vector<ComparedItem> &items)
    {
        FW_ASSIGN(const auto hits, named(m_budget, items));
        // What is called so comes before what has it in its name.
        bool exactly = false;
        for (std::size_t i = 0; i < items.size(); ++i)
            exactly = exactly || (hits[i] != 0 && items[i].detail == m_budget.within);
        exactly = exactly && !m_budget.within.empty();
        for (std::size_t i = 0; i < items.size(); ++i) {
            const auto &item = items[i];
            const bool within = exactly ? item.detail == m_budget.within
                                        : containsText(item.detail, m_budget.within);
            if (hits[i] == 0 || !within ||
                (!m_budget.figure.empty() && item.figure != figureOf(m_budget)))
                continue;
            if (!fits(m_budget, item)) {
                m_unfit = item.figure + " of " + item.name + ", which is in " + item.unit;
                continue;
            }
            // An empty figure of a benchmark is none.
            if (!item.change.cand && !isCost(item)) {
                ++m_gone;
                continue;
            }
            ++m_out.figures;
            if (isWithheld(m_comparison, section))
                withhold(section);
            else
                take(item, Judge(m_budget, item).answer());
        }
        return {};
    }

    void withhold(const ComparedSection &section)
    {
        if (m_out.state == BudgetState::Withheld)
            return;
        m_out.state = BudgetState::Withheld;
        std::string why;
        for (const auto &remark : section.remarks) {
            if (remark.weight == ComparabilityRemark::Weight::Grave)
                why += (why.empty() ? "" : "; ") + remark.what + " (" + remark.base + ", " +
                       remark.cand + ")";
        }
        m_out.lines = {"not comparable, " + why +
                       " differs: nothing is judged until somebody confirms (--confirm)"};
    }

    void clear()
    {
        m_out.lines.clear();
        m_out.items.clear();
        m_left = 0;
    }

    void take(const ComparedItem &item, Judge::Answer answer)
    {
        if (answer.state == BudgetState::Kept || m_out.state == BudgetState::Withheld)
            return;
        m_out.notJudged += answer.state == BudgetState::NotJudged ? 1 : 0;
        // A broken figure is worth more words than one that cannot be judged.
        if (answer.state == BudgetState::Broken && m_out.state != BudgetState::Broken) {
            clear();
        } else if (answer.state != BudgetState::Broken && m_out.state == BudgetState::Broken) {
            return;
        }
        m_out.state = answer.state;
        if (m_out.lines.size() == kMostLines) {
            ++m_left;
            return;
        }
        m_out.lines.push_back(std::move(answer.line));
        m_out.items.push_back(item);
    }

    const Budget &m_budget;
    const Comparison &m_comparison;
    BudgetOutcome m_out;
    std::size_t m_left = 0, m_gone = 0;
    std::string m_unfit;
};

} // namespace

std::string_view nameOf(BudgetState state)
{
    switch (state) {
    case BudgetState::Kept: return "kept";
    case BudgetState::Broken: return "broken";
    case BudgetState::Withheld: return "withheld";
    case BudgetState::Missing: return "missing";
    case BudgetState::Skipped: return "skipped";
    case BudgetState::NotJudged: return "not_judged";
    }
    return "broken";
}

BudgetQuestion questionOf(const Budget &budget)
{
    BudgetQuestion out{.measure = budget.measure, .per = budget.per};
    if (budget.subject == BudgetSubject::Function && budget.figure.ends_with("share"))
        out.per = NormaliseBy::Total;
    return out;
}

Result<BudgetOutcome> evaluate(const Budget &budget, const Comparison &comparison)
{
    Collector collector(budget, comparison);
    const auto kind = kindOf(budget.subject);
    const bool exactly = std::any_of(comparison.sections.begin(), comparison.sections.end(),
                                     [&](const ComparedSection &one) {
                                         return one.kind == kind && one.title == budget.capture;
                                     });
    for (const auto &section : comparison.sections) {
        const bool measured = budget.measure.empty() || section.profile == nullptr ||
                              section.profile->measure == budget.measure;
        if (section.kind != kind || !measured)
            continue;
        if (exactly ? section.title == budget.capture : containsText(section.title, budget.capture))
            FW_TRY(collector.look(section));
    }
    return collector.outcome();
}

} // namespace flamewright
