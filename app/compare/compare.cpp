#include "app/compare/compare.h"

#include "analysis/compare/explain.h"
#include "analysis/compare/headlines.h"

#include <algorithm>
#include <string_view>

namespace flamewright {
namespace {

struct KindComparer {
    std::string_view kind;
    Comparer compare;
};
// The one list: what can be compared.
constexpr KindComparer kComparers[] = {
    {"benchmarks", compareBenchmarks},
    {"load", compareLoads},
    {"profile", compareProfiles},
    {"traces", compareTraces},
};

Comparer comparerOf(std::string_view kind)
{
    for (const auto &one : kComparers) {
        if (one.kind == kind)
            return one.compare;
    }
    return nullptr;
}

ComparisonSide sideOf(const CompareSide &side)
{
    ComparisonSide out{.name = side.name};
    for (const auto &one : side.captures) {
        out.captures.push_back(one.info.desc.name);
        if (const auto at = one.info.startedAtNs();
            at && (!out.startedAtNs || *at < *out.startedAtNs))
            out.startedAtNs = at;
        for (const auto &entry : one.info.meta.provenance) {
            if (std::find(out.provenance.begin(), out.provenance.end(), entry) ==
                out.provenance.end())
                out.provenance.push_back(entry);
        }
    }
    return out;
}

// No figure of runs that are not comparable is judged; the figures stay.
void withhold(ComparedSection &section)
{
    const auto grave = std::find_if(section.remarks.begin(), section.remarks.end(),
                                    [](const ComparabilityRemark &remark) {
                                        return remark.weight == ComparabilityRemark::Weight::Grave;
                                    });
    for (auto &item : section.items) {
        item.change.verdict = Verdict::NotEnoughData;
        item.change.why = "withheld until confirmed: " + grave->what + " differs";
    }
}

// What tells most of each kind, then the rest by the largest change.
void arrange(Comparison &comparison)
{
    auto &sections = comparison.sections;
    std::stable_sort(
        sections.begin(), sections.end(),
        [](const ComparedSection &a, const ComparedSection &b) { return a.weight > b.weight; });
    std::vector<bool> leads(sections.size());
    std::vector<ComparedSection> sorted;
    for (const auto *leading : leadingSections(comparison)) {
        const auto at = static_cast<std::size_t>(leading - sections.data());
        leads[at] = true;
        sorted.push_back(std::move(sections[at]));
    }
    for (std::size_t i = 0; i < sections.size(); ++i) {
        if (!leads[i])
            sorted.push_back(std::move(sections[i]));
    }
    sections = std::move(sorted);
}

} // namespace

Result<Comparison> compare(const Workbench &workbench, const CompareSide &base,
                           const CompareSide &cand, const CompareOptions &options, JobContext &job)
{
    Comparison out{.base = sideOf(base), .cand = sideOf(cand), .confirmed = options.confirmed};
    const auto plan = planOf(base, cand);
    out.notCompared = plan.left;
    const CompareContext context{workbench, base, cand, options, job};
    for (const auto &pair : plan.pairs) {
        FW_TRY(job.checkpoint());
        const auto comparer = comparerOf(pair.kind);
        if (comparer == nullptr) {
            out.notCompared.push_back(pair.title + ": captures of kind '" + pair.kind +
                                      "' cannot be compared");
            continue;
        }
        auto section = comparer(pair, context);
        if (!section.has_value()) {
            // Of whole sessions, what cannot be compared must not keep the rest from it.
            if (plan.pairs.size() == 1 || section.error().code() == Errc::Cancelled)
                return tl::unexpected(std::move(section.error()));
            out.notCompared.push_back(pair.title + ": " + section.error().text());
            continue;
        }
        FW_ASSIGN(const auto before, runFacts(pair.base, job));
        FW_ASSIGN(const auto after, runFacts(pair.cand, job));
        section->remarks = comparability(before, after);
        if (section->isBlocked() && !options.confirmed)
            withhold(*section);
        out.sections.push_back(std::move(*section));
    }
    if (out.sections.empty())
        return fail(Errc::Usage,
                    "nothing of " + base.name + " and " + cand.name + " can be compared" +
                        (out.notCompared.empty() ? "" : ": " + out.notCompared.front()));
    explainAcross(out);
    arrange(out);
    return out;
}

} // namespace flamewright
