#include "app/compare/change_text.h"

#include "analysis/compare/change_text.h"
#include "capture/base/format_value.h"

#include <algorithm>
#include <array>
#include <ctime>

namespace flamewright {
namespace {

constexpr std::string_view kNone = "\u2013";

std::string ends(const ChangeInterval &interval, std::string_view unit)
{
    return differenceText(interval.low, unit) + " to " + differenceText(interval.high, unit);
}

std::string runsText(std::uint64_t count, std::uint32_t runs)
{
    auto out = formatCount(static_cast<std::int64_t>(count));
    if (runs > 1)
        out += " in " + std::to_string(runs) + " runs";
    return out;
}

bool isRelative(const Change &change)
{
    return change.ratio() && (change.relative || !change.difference);
}

} // namespace

std::string sideText(const std::optional<double> &value, std::string_view unit)
{
    return value ? figureText(*value, unit) : std::string(kNone);
}

std::string changeOnly(const ComparedItem &item)
{
    const auto &change = item.change;
    if (!change.base && !change.cand)
        return std::string(kNone);
    if (!change.base)
        return "new";
    if (!change.cand)
        return "gone";
    if (isRelative(change))
        return relativeText(*change.ratio());
    return differenceText(change.delta(), item.unit);
}

std::string intervalOnly(const ComparedItem &item)
{
    const auto &change = item.change;
    if (change.relative && change.ratio())
        return relativeText(*change.relative);
    return change.difference ? ends(*change.difference, item.unit) : "unknown";
}

std::string changeText(const ComparedItem &item)
{
    const auto &change = item.change;
    auto out = changeOnly(item);
    if (!change.base != !change.cand)
        out += ", " + differenceText(change.delta(), item.unit);
    const auto interval = intervalOnly(item);
    return out + (interval == "unknown" ? " (interval unknown)" : " (" + interval + ")");
}

std::string countsText(const Change &change)
{
    return runsText(change.baseCount, change.baseRuns) + " and " +
           runsText(change.candCount, change.candRuns);
}

std::string verdictText(const Change &change)
{
    std::string out(wordsOf(change.verdict));
    const bool judged = change.verdict == Verdict::Regressed || change.verdict == Verdict::Improved;
    if (!judged && !change.why.empty())
        out += ": " + change.why;
    return out;
}

std::string figureText(const ComparedItem &item)
{
    auto out = item.figure;
    if (out == "error_share")
        out = "share of errors";
    std::replace(out.begin(), out.end(), '_', ' ');
    return item.per.empty() ? out : out + " per " + item.per;
}

std::string evidenceText(const ComparedItem &item)
{
    const auto &change = item.change;
    auto out = sideText(change.base, item.unit) + " to " + sideText(change.cand, item.unit) + ", " +
               changeOnly(item);
    const auto interval = intervalOnly(item);
    out += interval == "unknown" ? " (interval unknown)" : " (95 % interval " + interval + ")";
    return out + ", n " + countsText(change);
}

std::string itemSentence(const ComparedItem &item)
{
    const auto &change = item.change;
    const bool judged = change.verdict == Verdict::Improved || change.verdict == Verdict::Regressed;
    auto out = figureText(item) + " of " + (item.name == "*" ? "everything" : item.name);
    if (!judged || !change.base || !change.cand)
        return out + " is " + evidenceText(item) + ": " + verdictText(change) + ".";
    out += change.delta() < 0 ? " fell from " : " rose from ";
    return out + evidenceText(item) + ".";
}

std::string sideTimeText(const ComparisonSide &side)
{
    if (!side.startedAtNs)
        return {};
    const auto seconds = static_cast<std::time_t>(*side.startedAtNs / 1'000'000'000);
    std::tm parts{};
    std::array<char, 64> text{};
    if (::gmtime_r(&seconds, &parts) == nullptr)
        return {};
    const auto size = std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M UTC", &parts);
    return {text.data(), size};
}

} // namespace flamewright
