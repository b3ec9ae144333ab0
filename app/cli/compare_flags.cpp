#include "app/cli/compare_flags.h"

#include "app/cli/capture_flags.h"

#include <cmath>
#include <fast_float/fast_float.h>

namespace flamewright {
namespace {

Result<double> parseNumber(std::string_view text, const std::string &whole)
{
    double value = 0;
    const auto *end = text.data() + text.size();
    const auto parsed = fast_float::from_chars(text.data(), end, value);
    if (text.empty() || parsed.ec != std::errc() || parsed.ptr != end || !std::isfinite(value))
        return fail(Errc::Usage, "'" + whole + "' is not a number");
    return value;
}

// "2%", "2 %" and "0.02" are the same.
Result<double> parseShare(const std::string &text)
{
    std::string_view digits(text);
    const bool percent = digits.ends_with('%');
    if (percent)
        digits.remove_suffix(digits.ends_with(" %") ? 2 : 1);
    FW_ASSIGN(const auto value, parseNumber(digits, text));
    const auto share = percent ? value / 100 : value;
    if (share < 0 || share >= 1)
        return fail(Errc::Usage, "'" + text + "' is not a share: write 2% or 0.02");
    return share;
}

// "4132:15210": units of work of both sides.
Result<std::pair<double, double>> parseWork(const std::string &text)
{
    const auto colon = text.find(':');
    if (colon == std::string::npos)
        return fail(Errc::Usage, "'" + text + "' is not the work of both sides: write 4132:15210");
    const std::string_view view(text);
    FW_ASSIGN(const auto base, parseNumber(view.substr(0, colon), text));
    FW_ASSIGN(const auto cand, parseNumber(view.substr(colon + 1), text));
    if (base <= 0 || cand <= 0)
        return fail(Errc::Usage, "'" + text + "': work is divided by and has to be above 0");
    return std::pair{base, cand};
}

Result<std::pair<std::string, std::string>> parseMap(const std::string &text)
{
    const auto arrow = text.find("=>");
    if (arrow == std::string::npos || arrow == 0)
        return fail(Errc::Usage, "'" + text + "' is no rule: write 'PATTERN=>NEW'");
    return std::pair{text.substr(0, arrow), text.substr(arrow + 2)};
}

void declareReading(CLI::App &command, CompareFlags &flags)
{
    command.add_option("--begin", flags.from, "Of both, only from this time on (1.5s)");
    command.add_option("--end", flags.to, "Of both, only up to this time");
    command
        .add_option("--transform", flags.transforms,
                    "KIND:PATTERN, done to every stack of both, in the order given")
        ->allow_extra_args(false);
    command.add_option("--format", flags.format, "Read raw files as this format");
    command.add_option("--symbols", flags.symbols, "Look for symbols in this directory first")
        ->allow_extra_args(false);
    command.add_option("--kallsyms", flags.kallsyms, "Kernel symbols (a copy of /proc/kallsyms)");
    command.add_flag("--no-inlines", flags.noInlines,
                     "Count inlined code as the function it was inlined into");
    command.add_flag("--strict", flags.strict, "Refuse a raw file from which data was lost");
}

} // namespace

std::shared_ptr<CompareFlags> CompareFlags::declare(CLI::App &command)
{
    auto flags = std::make_shared<CompareFlags>();
    command
        .add_option("BASE", flags->base,
                    "The baseline, A: a raw file, a directory or SESSION[#id-or-name]")
        ->required();
    command.add_option("CAND", flags->cand,
                       "The candidate, B. Without it BASE is a session whose captures of role "
                       "baseline are compared with those of role candidate");
    // One value each: "--base-run F BASE CAND" has two sides.
    command.add_option("--base-run", flags->baseRuns, "One more run of the baseline")
        ->allow_extra_args(false);
    command.add_option("--cand-run", flags->candRuns, "One more run of the candidate")
        ->allow_extra_args(false);
    command
        .add_option("--per", flags->per,
                    "What figures are divided by: auto (per unit of work where it is known), "
                    "nothing, total, wall, cpu, work")
        ->default_str("auto");
    command.add_option("--work", flags->work,
                       "Units of work that the sides completed, as 4132:15210");
    command.add_option("--work-unit", flags->workUnit, "What they are called (request)");
    command
        .add_option("--map", flags->maps,
                    "'PATTERN=>NEW': functions of the baseline that are called otherwise now")
        ->allow_extra_args(false);
    command.add_option("--measure", flags->measure, "Of profiles: what to add up");
    command.add_flag("--pattern", flags->patterns, "Endpoints that differ in ids only are one");
    command.add_option("--noise", flags->noise,
                       "Smaller changes are no evidence (2%); empty: what the kind calls for");
    command.add_option("--alpha", flags->alpha, "How often a verdict may be wrong by chance")
        ->check(CLI::Range(1e-9, 0.5))
        ->default_str("0.05");
    command.add_option("--rounds", flags->rounds, "Rounds of the bootstrap")
        ->check(CLI::Range(100u, 1'000'000u))
        ->default_str("1000");
    command.add_flag("--confirm", flags->confirm,
                     "Verdicts although the two differ in what makes figures not comparable");
    command.add_flag("--swap", flags->swap, "A is B and B is A");
    declareReading(command, *flags);
    return flags;
}

Result<OpenedSides> CompareFlags::open(VerbRun &run) const
{
    FW_ASSIGN(const auto sides, request());
    return openSides(run.workbench, sides, run.job);
}

Result<OpenedSides> CompareFlags::openBase(VerbRun &run) const
{
    FW_ASSIGN(const auto sides, request());
    return openBaseline(run.workbench, sides, run.job);
}

Result<SidesRequest> CompareFlags::request() const
{
    SidesRequest out{
        .base = base, .cand = cand, .baseRuns = baseRuns, .candRuns = candRuns, .swap = swap};
    if (!from.empty()) {
        FW_ASSIGN(out.beginNs, parseDuration(from));
    }
    if (!to.empty()) {
        FW_ASSIGN(out.endNs, parseDuration(to));
    }
    out.scope.measure = measure;
    out.scope.inlines = !noInlines;
    for (const auto &text : transforms) {
        FW_ASSIGN(auto transform, parseTransform(text));
        out.scope.transforms.push_back(std::move(transform));
    }
    out.imports.formatId = format;
    out.imports.options.strict = strict;
    for (const auto &directory : symbols)
        out.imports.symbols.directories.emplace_back(directory);
    out.imports.symbols.kallsyms = kallsyms;
    return out;
}

Result<CompareOptions> CompareFlags::options() const
{
    CompareOptions out{.alpha = alpha,
                       .rounds = rounds,
                       .patterns = patterns,
                       .measure = measure,
                       .confirmed = confirm};
    FW_ASSIGN(out.by, normaliseBy(per));
    if (!work.empty()) {
        FW_ASSIGN(out.work, parseWork(work));
        if (swap)
            std::swap(out.work->first, out.work->second);
    }
    if (!workUnit.empty())
        out.workUnit = workUnit;
    if (!noise.empty()) {
        FW_ASSIGN(out.noise, parseShare(noise));
    }
    for (const auto &text : maps) {
        FW_ASSIGN(auto rule, parseMap(text));
        out.renames.push_back(std::move(rule));
    }
    return out;
}

} // namespace flamewright
