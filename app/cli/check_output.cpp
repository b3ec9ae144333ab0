#include "app/cli/check_output.h"

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

std::string shown(std::string_view text)
{
    return CaptureText(text).toTerminal();
}

std::string plural(std::size_t n, const std::string &one)
{
    return std::to_string(n) + " " + one + (n == 1 ? "" : "s");
}

std::string sumOf(const CheckReport &report)
{
    auto out = plural(report.outcomes.size(), "budget") + ", " + std::to_string(report.broken()) +
               " broken";
    const auto add = [&](BudgetState state, const char *words) {
        if (const auto n = report.count(state); n > 0)
            out += ", " + std::to_string(n) + " " + words;
    };
    add(BudgetState::NotJudged, "not judged for want of data");
    add(BudgetState::Skipped, "optional and not there");
    return out;
}

// "budget.toml, line 12".
std::string placeOf(const CheckReport &report, const BudgetOutcome &outcome)
{
    return report.file->name + ", line " + std::to_string(outcome.budget->line);
}

// Text of an attribute or element; what XML has no way to hold was made visible.
std::string xml(std::string_view text)
{
    return CaptureText(text).toHtml();
}

std::string joined(const std::vector<std::string> &lines)
{
    std::string out;
    for (const auto &line : lines)
        out += (out.empty() ? "" : "; ") + line;
    return out;
}

void writeCase(std::ostream &out, const CheckReport &report, const BudgetOutcome &outcome)
{
    out << "    <testcase classname=\"budget." << nameOf(outcome.budget->subject) << "\" name=\""
        << xml(outcome.title) << "\" time=\"0\"";
    const bool skipped =
        outcome.state == BudgetState::Skipped || outcome.state == BudgetState::NotJudged;
    if (!outcome.isBroken() && !skipped) {
        out << "/>\n";
        return;
    }
    out << ">\n";
    const auto text = joined(outcome.lines);
    if (skipped) {
        out << "      <skipped message=\"" << xml(text) << "\"/>\n";
    } else {
        out << "      <failure type=\"" << nameOf(outcome.state) << "\" message=\"" << xml(text)
            << "\">";
        for (const auto &line : outcome.lines)
            out << xml(line) << '\n';
        out << xml(placeOf(report, outcome)) << "</failure>\n";
    }
    out << "    </testcase>\n";
}

} // namespace

std::size_t CheckReport::count(BudgetState state) const
{
    return static_cast<std::size_t>(
        std::count_if(outcomes.begin(), outcomes.end(),
                      [&](const BudgetOutcome &one) { return one.state == state; }));
}

std::size_t CheckReport::broken() const
{
    return static_cast<std::size_t>(std::count_if(
        outcomes.begin(), outcomes.end(), [](const BudgetOutcome &one) { return one.isBroken(); }));
}

void writeCheckText(std::ostream &out, const CheckReport &report)
{
    for (const auto &outcome : report.outcomes) {
        const bool broken = outcome.isBroken();
        if (!broken && outcome.lines.empty())
            continue;
        for (const auto &line : outcome.lines)
            out << (broken ? "broken" : nameOf(outcome.state)) << ": " << shown(line) << " ["
                << shown(outcome.title) << "; " << shown(placeOf(report, outcome)) << "]\n";
    }
    out << sumOf(report) << '\n';
}

void writeCheckMarkdown(std::ostream &out, const CheckReport &report)
{
    const auto &comparison = *report.comparison;
    out << "## Performance budgets: "
        << (report.broken() == 0 ? "kept" : plural(report.broken(), "budget") + " broken")
        << "\n\n**A** " << markdownCode(comparison.base.name) << ", **B** "
        << markdownCode(comparison.cand.name) << ". " << sumOf(report) << ".\n";
    const bool any = std::any_of(report.outcomes.begin(), report.outcomes.end(),
                                 [](const BudgetOutcome &one) { return !one.lines.empty(); });
    if (!any)
        return;
    out << "\n| Budget | | What was measured |\n|---|---|---|\n";
    // Broken ones first: nobody scrolls.
    for (const bool broken : {true, false}) {
        for (const auto &outcome : report.outcomes) {
            if (outcome.isBroken() != broken || outcome.lines.empty())
                continue;
            std::string text;
            for (const auto &line : outcome.lines)
                text += (text.empty() ? "" : "<br>") + plain(line);
            auto word = std::string(nameOf(outcome.state));
            std::replace(word.begin(), word.end(), '_', ' ');
            out << "| " << plain(outcome.title) << " | " << (broken ? "**" + word + "**" : word)
                << " | " << text << " |\n";
        }
    }
}

void writeJUnit(std::ostream &out, const CheckReport &report)
{
    const auto counts = " tests=\"" + std::to_string(report.outcomes.size()) + "\" failures=\"" +
                        std::to_string(report.broken()) + "\" errors=\"0\"";
    const auto skipped = report.count(BudgetState::Skipped) + report.count(BudgetState::NotJudged);
    out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        << "<testsuites name=\"flamewright check\"" << counts << " time=\"0\">\n"
        << "  <testsuite name=\"" << xml(report.file->name) << "\"" << counts << " skipped=\""
        << skipped << "\" time=\"0\">\n";
    for (const auto &outcome : report.outcomes)
        writeCase(out, report, outcome);
    out << "  </testsuite>\n</testsuites>\n";
}

} // namespace flamewright
