#include "app/present/report_words.h"

#include <algorithm>
#include <iterator>

namespace flamewright {

std::string_view wordsOfMark(std::string_view mark)
{
    if (mark == "no_evidence")
        return "not enough evidence";
    if (mark == "not_enough_data")
        return "not enough data";
    return mark;
}

std::string_view knownMark(std::string_view mark)
{
    static constexpr std::string_view kKnown[] = {
        "regressed", "improved", "no_evidence", "not_enough_data", "critical", "warning",
        "info",      "grave",    "note"};
    const auto *known = std::find(std::begin(kKnown), std::end(kKnown), mark);
    return known == std::end(kKnown) ? std::string_view() : *known;
}

ReportTable tableOfRemarks(const std::vector<ComparabilityRemark> &remarks)
{
    ReportTable out{.columns = {"What", "A", "B", "What it may do to the figures", "Weight"},
                    .numeric = std::vector<bool>(5, false)};
    for (const auto &remark : remarks) {
        const std::string weight(nameOf(remark.weight));
        auto what = remark.what;
        std::replace(what.begin(), what.end(), '_', ' ');
        out.rows.push_back(
            {{what}, {remark.base}, {remark.cand}, {remark.sentence}, {weight, weight}});
    }
    return out;
}

bool hasWeightyRemark(const Report &report)
{
    return std::any_of(report.remarks.begin(), report.remarks.end(),
                       [](const ComparabilityRemark &remark) {
                           return remark.weight != ComparabilityRemark::Weight::Note;
                       });
}

std::vector<std::string_view> linesOf(std::string_view text)
{
    std::vector<std::string_view> out;
    for (;;) {
        const auto end = text.find('\n');
        out.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
            return out;
        text.remove_prefix(end + 1);
    }
}

} // namespace flamewright
