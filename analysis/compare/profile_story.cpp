#include "analysis/compare/profile_story.h"

#include "analysis/compare/change_text.h"
#include "analysis/readable_name.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace flamewright {
namespace {

constexpr std::size_t kMostParts = 12;
constexpr std::size_t kMostSentences = 6;
constexpr std::size_t kNameBytes = 100;
// A part of the change that is worth a sentence.
constexpr double kTellingShare = 0.05;

bool isJudged(const Change &change)
{
    return change.verdict == Verdict::Improved || change.verdict == Verdict::Regressed;
}

std::string shortName(const FunctionInfo &function)
{
    auto name = readableName(function.name);
    if (name.size() > kNameBytes) {
        auto end = kNameBytes;
        while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xc0) == 0x80)
            --end; // not inside a character
        name = name.substr(0, end) + "\u2026";
    }
    return name;
}

class Teller {
public:
    Teller(const ProfileDiff &diff, double smallest, ComparedSection &out)
        : m_diff(diff),
          m_smallest(smallest),
          m_out(out),
          m_unit(unitOf(diff.unit, diff.measure, diff.normalisation)),
          m_per(diff.normalisation.by == NormaliseBy::Total ? std::string()
                                                            : diff.normalisation.per)
    {}

    void items();
    void explanation();
    void sentences();

private:
    const FunctionInfo &info(const FunctionChange &row) const
    {
        return m_diff.functions[row.function];
    }
    double share(const Change &change) const
    {
        const auto of = [](const std::optional<double> &part, const std::optional<double> &whole) {
            return whole.value_or(0) > 0 ? part.value_or(0) / *whole : 0;
        };
        return std::max(of(change.base, m_diff.whole.base), of(change.cand, m_diff.whole.cand));
    }
    // Whether it can be told from others by its name.
    bool hasName(const FunctionChange &row) const
    {
        const auto &of = info(row);
        return !of.unresolved && !of.name.empty() &&
               of.name.find("(anonymous) ") == std::string::npos && of.name != "(anonymous)";
    }
    ComparedItem item(const FunctionChange &row, bool self) const;
    std::string subject() const
    {
        return measureWords(m_diff) + (m_per.empty() ? "" : " per ") + m_per;
    }
    // "-78 % (95 % interval -80 to -77 %; 3,543 and 3,663 samples)".
    std::string evidence(const Change &change) const;
    std::string wholeSentence() const;
    std::string largestPart() const;
    std::string functionSentence(const FunctionChange &row, bool self) const;
    struct Told;
    std::vector<Told> telling() const;
    std::vector<double> inside(std::uint32_t function) const;

    const ProfileDiff &m_diff;
    double m_smallest;
    ComparedSection &m_out;
    std::string m_unit, m_per;
};

ComparedItem Teller::item(const FunctionChange &row, bool self) const
{
    const auto &function = info(row);
    return {.name = function.name,
            .detail = function.module,
            .figure = self ? "self" : "total",
            .unit = m_unit,
            .per = m_per,
            .better = Better::Lower,
            .change = self ? row.self : row.total,
            .baseRuns = self ? row.baseSelfRuns : row.baseTotalRuns,
            .candRuns = self ? row.candSelfRuns : row.candTotalRuns};
}

void Teller::items()
{
    ComparedItem whole{.name = "*",
                       .detail = {},
                       .figure = "total",
                       .unit = m_unit,
                       .per = m_per,
                       .better = Better::Lower,
                       .change = m_diff.whole,
                       .baseRuns = m_diff.wholeBaseRuns,
                       .candRuns = m_diff.wholeCandRuns};
    std::vector<ComparedItem> rest;
    std::uint64_t left = 0;
    for (const auto &row : m_diff.table) {
        const auto selfShare = share(row.self), totalShare = share(row.total);
        if (totalShare < m_smallest && !isJudged(row.total)) {
            ++left;
            continue;
        }
        if (selfShare > 0)
            rest.push_back(item(row, true));
        rest.push_back(item(row, false));
    }
    std::stable_sort(rest.begin(), rest.end(), [](const ComparedItem &a, const ComparedItem &b) {
        if (isJudged(a.change) != isJudged(b.change))
            return isJudged(a.change);
        return std::abs(a.change.delta()) > std::abs(b.change.delta());
    });
    m_out.items.push_back(std::move(whole));
    m_out.items.insert(m_out.items.end(), std::make_move_iterator(rest.begin()),
                       std::make_move_iterator(rest.end()));
    if (left > 0)
        m_out.notes.push_back(std::to_string(left) +
                              " functions are small on both sides and not listed");
}

void Teller::explanation()
{
    if (m_diff.normalisation.by == NormaliseBy::Total)
        return; // the whole is the same on both sides
    Explanation out{.of = subject(),
                    .unit = m_unit,
                    .per = m_per,
                    .base = m_diff.whole.base.value_or(0),
                    .cand = m_diff.whole.cand.value_or(0)};
    double parts = 0;
    for (const auto &row : m_diff.table) { // by size of the change of self
        if (out.parts.size() == kMostParts || row.self.delta() == 0)
            break;
        out.parts.push_back(
            {.name = info(row).name,
             .detail = info(row).module,
             .base = row.self.base.value_or(0),
             .cand = row.self.cand.value_or(0),
             .note = isJudged(row.self) ? std::string() : std::string(wordsOf(row.self.verdict))});
        parts += out.parts.back().delta();
    }
    out.remainder = out.cand - out.base - parts;
    out.method = "what functions spent themselves, without what they called";
    m_out.explanations.push_back(std::move(out));
}

std::string Teller::evidence(const Change &change) const
{
    const auto ratio = change.ratio();
    std::string out, interval;
    if (ratio && change.relative) {
        out = relativeText(*ratio) + " ";
        interval = relativeText(*change.relative);
    } else if (change.difference) {
        interval = differenceText(change.difference->low, m_unit) + " to " +
                   differenceText(change.difference->high, m_unit);
    }
    return out + "(" + (interval.empty() ? "" : "95 % interval " + interval + "; ") +
           countsText(change, "samples") + ")";
}

std::string Teller::wholeSentence() const
{
    const auto &change = m_diff.whole;
    if (!isJudged(change))
        return subject() + ": " + fromToText(change, m_unit) + ", " + evidence(change) + ": " +
               std::string(wordsOf(change.verdict)) + " of a change.";
    return subject() + (change.delta() < 0 ? " fell from " : " rose from ") +
           fromToText(change, m_unit) + ", " + evidence(change) + ".";
}

// "58 % of the saved time was `f`": of functions that were judged and do not exceed the whole.
std::string Teller::largestPart() const
{
    const auto delta = m_diff.whole.delta();
    if (!isJudged(m_diff.whole) || delta == 0)
        return {};
    for (const auto &row : m_diff.table) {
        const auto part = row.self.delta() / delta;
        if (!isJudged(row.self) || !hasName(row) || part < kTellingShare || part > 1)
            continue;
        const auto *what = m_unit == "ns" ? "time" : "difference";
        return " " + formatShare(part, 1) + " of the " + (delta < 0 ? "saved " : "added ") + what +
               " was `" + shortName(info(row)) + "` itself (" + fromToText(row.self, m_unit) + ").";
    }
    return {};
}

std::string Teller::functionSentence(const FunctionChange &row, bool self) const
{
    const auto &change = self ? row.self : row.total;
    const auto name = "`" + shortName(info(row)) + "`";
    auto out = self ? name + " itself" : name + " with what it calls";
    if (change.base.value_or(0) == 0)
        out += " is new: " + figureText(change.cand.value_or(0), m_unit, m_per) + " ";
    else if (change.cand.value_or(0) == 0)
        out += " is gone: " + figureText(*change.base, m_unit, m_per) + " ";
    else
        out += std::string(change.delta() < 0 ? " fell from " : " rose from ") +
               fromToText(change, m_unit, m_per) + ", ";
    return out + evidence(change) + ".";
}

// Changes of totals contain one another: of a chain of callers that all lost the same, the one furthest
// down says most. Self changes stand for themselves.
struct Teller::Told {
    const FunctionChange *row;
    bool self;
    double size;
};

std::vector<Teller::Told> Teller::telling() const
{
    std::vector<Told> rows;
    for (const auto &row : m_diff.table) {
        const auto self = std::abs(row.self.delta()), total = std::abs(row.total.delta());
        if (!hasName(row))
            continue;
        // Total says more than self where most of the change is below; but not of what holds
        // nearly everything.
        constexpr double kNearlyAll = 0.6, kMostlyBelow = 2;
        if (isJudged(row.total) && total > kMostlyBelow * self && share(row.total) < kNearlyAll)
            rows.push_back({&row, false, total});
        else if (isJudged(row.self))
            rows.push_back({&row, true, self});
    }
    std::stable_sort(rows.begin(), rows.end(),
                     [](const Told &a, const Told &b) { return a.size > b.size; });
    constexpr std::size_t kMostLookedAt = 60;
    if (rows.size() > kMostLookedAt)
        rows.resize(kMostLookedAt);
    return rows;
}

// How much of each function's total is below another one's, by function: of both sides, normalised.
std::vector<double> Teller::inside(std::uint32_t function) const
{
    const auto &tree = m_diff.tree;
    const auto &by = m_diff.normalisation;
    std::vector<double> out(m_diff.functions.size(), 0.0), all(out.size(), 0.0);
    std::vector<std::uint32_t> end(out.size(), 0);
    for (std::uint32_t i = 1; i < tree.size(); ++i) {
        const auto of = tree.function[i];
        if (i < end[of])
            continue;
        const auto total = static_cast<double>(tree.base.total[i]) / by.base +
                           static_cast<double>(tree.cand.total[i]) / by.cand;
        all[of] += total;
        if (i < end[function])
            out[of] += total;
        end[of] = tree.subtreeEnd[i];
    }
    for (std::size_t f = 0; f < out.size(); ++f)
        out[f] = all[f] > 0 ? out[f] / all[f] : 0;
    return out;
}

void Teller::sentences()
{
    const bool shares = m_diff.normalisation.by == NormaliseBy::Total;
    if (!shares)
        m_out.sentences.push_back(wholeSentence() + largestPart());
    const auto rows = telling();
    std::vector<std::uint8_t> covered(rows.size(), 0), told(rows.size(), 0);
    constexpr double kAlike = 0.8, kInside = 0.9, kMuchLess = 0.5;
    for (std::size_t i = 0; i < rows.size() && m_out.sentences.size() < kMostSentences; ++i) {
        if (covered[i])
            continue;
        const auto below = inside(rows[i].row->function);
        auto last = i;
        bool known = false;
        for (auto k = i + 1; k < rows.size(); ++k) {
            const auto same = (rows[k].row->total.delta() < 0) == (rows[i].row->total.delta() < 0);
            if (below[rows[k].row->function] < kInside || !same)
                continue;
            if (rows[k].size >= kAlike * rows[i].size) {
                last = k;
                known |= told[k] != 0;
            }
            // What is left of the chain would say the same once more.
            covered[k] |= rows[k].size >= kMuchLess * rows[i].size;
        }
        covered[last] = told[last] = 1;
        if (!known)
            m_out.sentences.push_back(functionSentence(*rows[last].row, rows[last].self));
    }
    if (m_out.sentences.empty())
        m_out.sentences.push_back("Shares of " + measureWords(m_diff) + ": " +
                                  std::string(wordsOf(Verdict::NoEvidence)) + " of a change (" +
                                  countsText(m_diff.whole, "samples") + ").");
    const auto relative = m_diff.whole.ratio();
    const auto whole = std::max(m_diff.whole.base.value_or(0), m_diff.whole.cand.value_or(0));
    if (!shares && isJudged(m_diff.whole) && relative)
        m_out.weight = std::abs(*relative);
    else if (!rows.empty() && whole > 0)
        m_out.weight = rows.front().size / whole;
}

} // namespace

std::string measureWords(const ProfileDiff &diff)
{
    constexpr std::array<std::string_view, 8> kCpu{"cpu-clock", "task-clock",   "cpu-cycles",
                                                   "cycles",    "cpu-cycles:u", "cycles:u",
                                                   "cpu",       "cpu_time"};
    if (std::find(kCpu.begin(), kCpu.end(), diff.measure) != kCpu.end())
        return diff.unit == Unit::Nanoseconds ? "CPU" : "CPU (" + diff.measure + ")";
    if (diff.measure == "alloc_space")
        return "allocated bytes";
    if (diff.measure == "alloc_objects")
        return "allocated objects";
    if (diff.measure == "inuse_space")
        return "bytes in use";
    if (diff.measure == "inuse_objects")
        return "objects in use";
    return diff.measure;
}

void tellProfileDiff(const ProfileDiff &diff, double smallest, ComparedSection &section)
{
    Teller teller(diff, smallest, section);
    teller.items();
    teller.explanation();
    teller.sentences();
}

} // namespace flamewright
