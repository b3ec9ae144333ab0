#include "analysis/compare/profile_diff.h"
#include "app/check/init_budget.h"
#include "app/cli/check_output.h"
#include "app/cli/compare_flags.h"
#include "app/cli/diff_output.h"
#include "app/cli/json_writer.h"
#include "app/cli/output_file.h"
#include "app/cli/verbs.h"
#include "capture/base/capture_text.h"

#include <algorithm>
#include <deque>
#include <ostream>

namespace flamewright {
namespace {

struct Flags {
    std::string budget, junit, markdown, output;
    std::vector<std::string> more; // of --init
    bool json = false, init = false;
};

// Comparisons by what budgets ask: one for most, others for those that ask profiles something else.
class Answers {
public:
    Answers(VerbRun &run, const OpenedSides &sides, CompareOptions options)
        : m_run(run),
          m_sides(sides),
          m_options(std::move(options))
    {}

    Result<const Comparison *> to(BudgetQuestion question)
    {
        if (question.per == m_options.by)
            question.per.reset();
        if (!question.measure.empty() && isAnsweredByFirst(question.measure))
            question.measure.clear();
        for (const auto &one : m_known) {
            if (one.question == question)
                return &one.comparison;
        }
        auto options = m_options;
        if (!question.measure.empty())
            options.measure = question.measure;
        if (question.per)
            options.by = *question.per;
        const bool other = question != BudgetQuestion{};
        auto base = m_sides.base, cand = m_sides.cand;
        // Units of work come from load tests; nothing else of the other captures matters here.
        if (other && options.by != NormaliseBy::Work && options.by != NormaliseBy::Automatic) {
            keepProfiles(base);
            keepProfiles(cand);
        }
        auto comparison = compare(m_run.workbench, base, cand, options, m_run.job);
        if (!comparison.has_value()) {
            // There may be no such profile: the budget says then that it is not there.
            if (!other || comparison.error().code() != Errc::Usage)
                return tl::unexpected(std::move(comparison.error()));
            comparison = Comparison{.confirmed = options.confirmed};
        }
        return &m_known.emplace_back(Known{question, std::move(*comparison)}).comparison;
    }

private:
    bool isAnsweredByFirst(const std::string &measure) const
    {
        if (m_known.empty())
            return false;
        const auto &sections = m_known.front().comparison.sections;
        return std::all_of(sections.begin(), sections.end(), [&](const ComparedSection &one) {
            return one.profile == nullptr || one.profile->measure == measure;
        });
    }
    static void keepProfiles(CompareSide &side)
    {
        std::erase_if(side.captures,
                      [](const ComparedCapture &one) { return one.info.kind != "profile"; });
    }

    struct Known {
        BudgetQuestion question;
        Comparison comparison;
    };
    VerbRun &m_run;
    const OpenedSides &m_sides;
    CompareOptions m_options;
    std::deque<Known> m_known; // addresses stay
};

void writeJson(std::ostream &out, const CheckReport &report)
{
    JsonWriter w(out);
    w.beginObject()
        .field("budget", report.file->name)
        .field("base", report.comparison->base.name)
        .field("cand", report.comparison->cand.name)
        .field("budgets_in_all", std::uint64_t{report.outcomes.size()})
        .field("broken", std::uint64_t{report.broken()});
    w.key("budgets").beginArray();
    for (const auto &one : report.outcomes) {
        w.beginObject()
            .field("title", one.title)
            .field("subject", nameOf(one.budget->subject))
            .field("name", one.budget->name)
            .field("figure", one.budget->figure)
            .field("line", one.budget->line)
            .field("state", nameOf(one.state))
            .field("broken", one.isBroken())
            .field("figures", one.figures)
            .field("figures_not_judged", one.notJudged);
        w.key("lines").beginArray();
        for (const auto &line : one.lines)
            w.value(line);
        w.endArray().key("items").beginArray();
        for (const auto &item : one.items)
            writeItemJson(w, item);
        w.endArray().endObject();
    }
    w.endArray().endObject();
}

Result<> toFile(const std::string &path, const CheckReport &report,
                void (*write)(std::ostream &, const CheckReport &))
{
    if (path.empty())
        return {};
    return writeWholeText(path, [&](std::ostream &out) -> Result<> {
        write(out, report);
        return {};
    });
}

// What the file says holds where the command line says nothing.
CompareOptions withFile(CompareOptions options, const CompareFlags &flags, const BudgetFile &file)
{
    const CompareFlags untouched;
    if (file.per && flags.per == untouched.per)
        options.by = *file.per;
    if (file.noise && !options.noise)
        options.noise = file.noise;
    if (file.alpha && flags.alpha == untouched.alpha)
        options.alpha = *file.alpha;
    options.patterns = options.patterns || file.patterns.value_or(false);
    return options;
}

Result<ExitCode> check(VerbRun &run, const CompareFlags &sides, const Flags &flags)
{
    if (flags.budget.empty())
        return fail(Errc::Usage, "check needs --budget F.toml; --init writes a first one");
    if (!flags.more.empty() || !flags.output.empty())
        return fail(Errc::Usage, "more than two sides, and -o, are for --init; further runs of a "
                                 "side are --base-run and --cand-run");
    FW_ASSIGN(const auto file, readBudgets(flags.budget));
    FW_ASSIGN(auto options, sides.options());
    FW_ASSIGN(const auto opened, sides.open(run));
    Answers answers(run, opened, withFile(std::move(options), sides, file));
    CheckReport report{.file = &file};
    FW_ASSIGN(report.comparison, answers.to({}));
    for (const auto &budget : file.budgets) {
        FW_ASSIGN(const auto *const comparison, answers.to(questionOf(budget)));
        FW_ASSIGN(auto outcome, evaluate(budget, *comparison));
        report.outcomes.push_back(std::move(outcome));
    }
    FW_TRY(toFile(flags.junit, report, writeJUnit));
    FW_TRY(toFile(flags.markdown, report, writeCheckMarkdown));
    if (flags.json)
        writeJson(run.out, report);
    else
        writeCheckText(run.out, report);
    for (const auto &note : opened.notes)
        run.log << "note: " << CaptureText(note).toTerminal() << '\n';
    return report.broken() == 0 ? ExitCode::Ok : ExitCode::BudgetBroken;
}

// From a baseline that is compared with itself: what differs there is chance.
Result<ExitCode> initBudget(VerbRun &run, const CompareFlags &sides, const Flags &flags)
{
    auto asked = sides;
    if (!asked.cand.empty())
        asked.baseRuns.push_back(asked.cand);
    asked.baseRuns.insert(asked.baseRuns.end(), flags.more.begin(), flags.more.end());
    asked.cand.clear();
    FW_ASSIGN(auto options, asked.options());
    FW_ASSIGN(const auto opened, asked.openBase(run));
    options.confirmed = true; // a thing is comparable with itself
    FW_ASSIGN(const auto comparison,
              compare(run.workbench, opened.base, opened.base, options, run.job));
    const auto text = budgetFrom(comparison, {.per = sides.per});
    if (flags.output.empty()) {
        run.out << text;
        return ExitCode::Ok;
    }
    FW_TRY(writeWholeText(flags.output, [&](std::ostream &out) -> Result<> {
        out << text;
        return {};
    }));
    return ExitCode::Ok;
}

} // namespace

Verb::Work declareCheck(CLI::App &command)
{
    auto sides = CompareFlags::declare(command);
    auto flags = std::make_shared<Flags>();
    command.add_option("RUN", flags->more, "With --init: more runs of the baseline");
    command.add_option("--budget", flags->budget, "What must hold (TOML)");
    command.add_option("--junit", flags->junit, "Write JUnit's XML here");
    command.add_option("--markdown", flags->markdown, "Write a table for a pull request here");
    command.add_flag("--json", flags->json, "For programs");
    command.add_flag("--init", flags->init,
                     "Write a budget from a baseline: nothing may regress, and ceilings");
    command.add_option("-o,--output", flags->output, "Of --init: write here");
    return [sides, flags](VerbRun &run) -> Result<ExitCode> {
        return flags->init ? initBudget(run, *sides, *flags) : check(run, *sides, *flags);
    };
}

} // namespace flamewright
