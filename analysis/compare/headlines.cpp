#include "analysis/compare/headlines.h"

#include "analysis/compare/change_text.h"
#include "analysis/compare/comparison.h"
#include "analysis/compare/operation_match.h"
#include "analysis/compare/trace_diff.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace flamewright {
namespace {

constexpr std::size_t kMost = 7;
constexpr std::size_t kMostEvidence = 2; // other sections that are quoted beside a sentence
constexpr std::size_t kMostNames = 5000; // of a section's items that are looked for in sentences

bool isJudged(const Change &change)
{
    return change.verdict == Verdict::Improved || change.verdict == Verdict::Regressed;
}

// Sentences that say that nothing can be said.
bool saysNothing(std::string_view sentence)
{
    constexpr std::array<std::string_view, 5> kWords{"not enough evidence", "not enough data",
                                                     "There are no ", "There are too few ",
                                                     "No root operation of traces changed"};
    return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view words) {
        return sentence.find(words) != std::string_view::npos;
    });
}

bool isWordByte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

// Where the whole name is, not a part of a longer one.
std::size_t placeOf(std::string_view sentence, std::string_view name)
{
    for (auto at = sentence.find(name); at != std::string_view::npos;
         at = sentence.find(name, at + 1)) {
        const auto end = at + name.size();
        if ((at == 0 || !isWordByte(sentence[at - 1]) || !isWordByte(name.front())) &&
            (end == sentence.size() || !isWordByte(sentence[end]) || !isWordByte(name.back())))
            return at;
    }
    return std::string_view::npos;
}

// What a section says of something.
struct Claim {
    std::string sentence;
    const ComparedSection *section = nullptr;
    const ComparedItem *subject = nullptr; // whose name comes first in the sentence
    std::string opening;                   // without a subject: the sentence up to its figures
    struct Evidence {
        std::string_view kind;
        std::string text;
    };
    std::vector<Evidence> evidence; // of other sections
    bool down = false;
};

// Whether the sentence begins with a figure, or says it in other words.
bool isAbout(std::string_view sentence, std::string_view figure)
{
    struct Words {
        std::string_view figure, words;
    };
    constexpr std::array<Words, 4> kWords{{{"mean", "Mean of "},
                                           {"p50", "Median of "},
                                           {"self", " itself "},
                                           {"total", " with what it calls "}}};
    for (const auto &one : kWords) {
        if (one.figure == figure && sentence.find(one.words) != std::string_view::npos)
            return true;
    }
    return sentence.starts_with(figure) && placeOf(sentence, figure) == 0;
}

Claim claimOf(const ComparedSection &section, const std::string &sentence)
{
    Claim out{.sentence = sentence, .section = &section};
    auto first = std::string_view::npos;
    std::size_t looked = 0;
    for (const auto &item : section.items) {
        if (++looked > kMostNames)
            break;
        if (item.name.empty() || item.name == "*")
            continue;
        const auto at = placeOf(sentence, item.name);
        const bool earlier = at < first || (at == first && at != std::string_view::npos &&
                                            item.name.size() > out.subject->name.size());
        if (earlier) {
            first = at;
            out.subject = &item;
        }
    }
    // Of its figures the one that the sentence is about.
    if (out.subject != nullptr) {
        const auto name = out.subject->name;
        looked = 0;
        for (const auto &item : section.items) {
            if (++looked > kMostNames)
                break;
            if (item.name == name && item.detail == out.subject->detail &&
                isAbout(sentence, item.figure)) {
                out.subject = &item;
                break;
            }
        }
    }
    // "CPU per request fell from ...; most of it was `f`" is not about f.
    const auto fell = sentence.find(" fell from "), rose = sentence.find(" rose from ");
    const auto verb = std::min(fell, rose);
    if (verb != std::string_view::npos && first != std::string_view::npos && first > verb)
        out.subject = nullptr;
    if (out.subject == nullptr)
        out.opening = sentence.substr(0, std::min(verb, sentence.find_first_of("0123456789")));
    if (verb != std::string_view::npos)
        out.down = fell < rose;
    else if (out.subject != nullptr)
        out.down = out.subject->change.delta() < 0;
    return out;
}

// A claim of the same section that says no more: another figure of the benchmark, a function that was
// named as what most of the change is.
bool saysNoMore(const Claim &claim, const Claim &before)
{
    if (claim.section != before.section || claim.subject == nullptr || claim.down != before.down)
        return false;
    if (claim.section->kind == "benchmarks")
        return before.subject != nullptr && before.subject->name == claim.subject->name;
    return claim.section->kind == "profile" && claim.subject->name.size() > 2 &&
           placeOf(before.sentence, claim.subject->name) != std::string_view::npos;
}

// Functions are the same in any profile; endpoints are called by other names in traces.
bool isSameThing(const Claim &a, const Claim &b)
{
    if (a.down != b.down || a.section == b.section)
        return false;
    if (a.subject == nullptr || b.subject == nullptr)
        return a.subject == b.subject && a.section->kind == b.section->kind &&
               a.section->kind != "load" && a.opening == b.opening;
    if (a.subject->name == b.subject->name)
        return true;
    const auto joins = [](const Claim &load, const Claim &traces) {
        if (load.section->kind != "load" || !traces.section->traces)
            return false;
        std::vector<std::string> roots;
        for (const auto &root : traces.section->traces->roots)
            roots.push_back(root.name);
        const auto at = operationOf(load.subject->name, roots);
        return at && roots[*at] == traces.subject->name;
    };
    const auto names = [](const Claim &function, const Claim &other) {
        return function.section->kind == "profile" && other.section->kind != "load" &&
               isNamedLike(function.subject->name, other.subject->name);
    };
    return joins(a, b) || joins(b, a) || names(a, b) || names(b, a);
}

std::string withoutStop(std::string sentence)
{
    while (!sentence.empty() && sentence.back() == '.')
        sentence.pop_back();
    return sentence;
}

std::string figuresOf(const ComparedItem &item)
{
    return fromToText(item.change, item.unit, item.per) + ", " + changeText(item.change, item.unit);
}

// What other sections know of the thing that a claim about a function is about: "In traces serialize
// went from ... to ...".
void addTraces(Claim &claim, const Comparison &comparison)
{
    if (claim.subject == nullptr || claim.section->kind != "profile")
        return;
    for (const auto &section : comparison.sections) {
        if (section.kind != "traces" || section.isBlocked())
            continue;
        for (const auto &item : section.items) {
            if (!isJudged(item.change) || item.unit != "ns" || item.figure != "self" ||
                (item.change.delta() < 0) != claim.down ||
                !isNamedLike(claim.subject->name, item.name))
                continue;
            claim.evidence.push_back({"traces", "in traces, " + item.name + " of " + item.detail +
                                                    " itself: " + figuresOf(item)});
            return;
        }
    }
}

std::string kindWords(const ComparedSection &section)
{
    if (section.kind == "load")
        return "load test";
    return section.kind;
}

std::string saidOnce(const Claim &claim)
{
    auto out = withoutStop(claim.sentence);
    // One of each kind: the second load test says nothing that the first did not.
    std::vector<std::string_view> kinds;
    for (const auto &one : claim.evidence) {
        if (kinds.size() == kMostEvidence ||
            std::find(kinds.begin(), kinds.end(), one.kind) != kinds.end())
            continue;
        kinds.push_back(one.kind);
        out += "; " + one.text;
    }
    const auto shown = kinds.size();
    if (claim.evidence.size() > shown)
        out += "; and so say " + std::to_string(claim.evidence.size() - shown) + " more";
    return out + ".";
}

// The same in a few words, as evidence beside another sentence.
std::string evidenceOf(const Claim &claim, const Claim &beside)
{
    const auto &section = *claim.section;
    if (section.kind != beside.section->kind)
        return "the " + kindWords(section) + " " + (section.kind == "traces" ? "say" : "says") +
               ": " + withoutStop(claim.sentence);
    const ComparedItem *item = claim.subject;
    std::string figure;
    for (const auto &one : section.items) {
        if (item == nullptr && one.name == "*" && isJudged(one.change))
            item = &one;
    }
    if (claim.subject != nullptr && beside.subject != nullptr) {
        // The same figure where both have it.
        for (const auto &one : section.items) {
            if (one.name == claim.subject->name && one.detail == claim.subject->detail &&
                one.figure == beside.subject->figure && isJudged(one.change))
                item = &one;
        }
        if (item->figure != beside.subject->figure)
            figure = item->figure + " ";
    }
    return "also in " + section.title + (item != nullptr ? ": " + figure + figuresOf(*item) : "");
}

std::string withheld(const ComparedSection &section)
{
    std::string out = section.title + ": verdicts are withheld until somebody confirms";
    for (const auto &remark : section.remarks) {
        if (remark.weight == ComparabilityRemark::Weight::Grave)
            return out + ". " + remark.sentence;
    }
    return out + ".";
}

// How much a section has to tell: of a profile its verdicts (a profile of waits has more samples
// than one of CPU time), of others the requests, spans, runs behind a verdict.
std::uint64_t tellingOf(const ComparedSection &section)
{
    std::uint64_t verdicts = 0, most = 0;
    for (const auto &item : section.items) {
        if (!isJudged(item.change))
            continue;
        ++verdicts;
        most = std::max(most, item.change.baseCount + item.change.candCount);
    }
    return section.kind == "profile" ? verdicts : most;
}

// Their claims [from, to), the first of each section, then the second of each ...; what was said
// already becomes evidence of it.
void listen(std::span<const ComparedSection *const> sections, std::size_t from, std::size_t to,
            const Comparison &comparison, std::vector<Claim> &claims,
            std::vector<std::string> &nothing)
{
    for (std::size_t i = from; i < to; ++i) {
        bool any = false;
        for (const auto *section : sections) {
            if ((section->isBlocked() && !comparison.confirmed) || i >= section->sentences.size())
                continue;
            any = true;
            const auto &sentence = section->sentences[i];
            if (saysNothing(sentence)) {
                nothing.push_back(sentence);
                continue;
            }
            auto claim = claimOf(*section, sentence);
            const auto said = std::find_if(claims.begin(), claims.end(), [&](const Claim &other) {
                return saysNoMore(claim, other) || isSameThing(other, claim);
            });
            if (said == claims.end())
                claims.push_back(std::move(claim));
            else if (said->section != section)
                said->evidence.push_back({section->kind, evidenceOf(claim, *said)});
        }
        if (!any)
            return;
    }
}

bool isAlone(const ComparedSection &section, const Comparison &comparison)
{
    return std::count_if(comparison.sections.begin(), comparison.sections.end(),
                         [&](const ComparedSection &other) { return other.kind == section.kind; }) <
           2;
}

} // namespace

std::vector<const ComparedSection *> leadingSections(const Comparison &comparison)
{
    constexpr std::array<std::string_view, 4> kKinds{"load", "traces", "profile", "benchmarks"};
    const auto tells = [](const ComparedSection &section) {
        return std::pair(section.normalisation.by == NormaliseBy::Work, tellingOf(section));
    };
    std::vector<const ComparedSection *> out;
    for (const auto kind : kKinds) {
        const ComparedSection *best = nullptr;
        for (const auto &section : comparison.sections) {
            if (section.kind == kind && (best == nullptr || tells(section) > tells(*best)))
                best = &section;
        }
        if (best != nullptr)
            out.push_back(best);
    }
    return out;
}

std::vector<std::string> headlines(const Comparison &comparison)
{
    std::vector<std::string> out;
    std::vector<Claim> claims;
    std::vector<std::string> nothing;
    const auto leaders = leadingSections(comparison);
    std::vector<const ComparedSection *> others;
    for (const auto &section : comparison.sections) {
        if (std::find(leaders.begin(), leaders.end(), &section) == leaders.end())
            others.push_back(&section);
    }
    // What people wait for and what that waited for come first.
    const std::span leading(leaders);
    const auto waits = static_cast<std::size_t>(
        std::count_if(leading.begin(), leading.end(), [](const ComparedSection *one) {
            return one->kind == "load" || one->kind == "traces";
        }));
    constexpr std::size_t kFew = 3, kCauses = 2, kAll = SIZE_MAX;
    listen(leading.first(waits), 0, kFew, comparison, claims, nothing);
    listen(leading.subspan(waits), 0, kCauses, comparison, claims, nothing);
    listen(leading.first(waits), kFew, kAll, comparison, claims, nothing);
    listen(leading.subspan(waits), kCauses, kAll, comparison, claims, nothing);
    listen(others, 0, kAll, comparison, claims, nothing);
    std::vector<std::string> held;
    for (const auto &section : comparison.sections) {
        if (section.isBlocked() && !comparison.confirmed)
            held.push_back(withheld(section));
    }
    // Where there is something to say, one line for what cannot be said is enough.
    held.resize(std::min(held.size(), claims.empty() ? kMost : 1));
    const auto most = kMost - held.size();
    for (auto &claim : claims) {
        if (out.size() >= most)
            break;
        addTraces(claim, comparison);
        auto sentence = saidOnce(claim);
        // "All requests" are other ones in each load test.
        if (claim.subject == nullptr && !isAlone(*claim.section, comparison) &&
            !claim.section->title.empty())
            sentence = claim.section->title + ": " + sentence;
        if (std::find(out.begin(), out.end(), sentence) == out.end())
            out.push_back(std::move(sentence));
    }
    out.insert(out.end(), held.begin(), held.end());
    if (out.empty()) {
        out.emplace_back("There is not enough evidence of a change.");
        nothing.resize(std::min(nothing.size(), kMost - 1));
        out.insert(out.end(), nothing.begin(), nothing.end());
    }
    return out;
}

} // namespace flamewright
