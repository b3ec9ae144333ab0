#include "app/check/init_budget.h"

#include "analysis/benchmark_unit.h"
#include "analysis/compare/profile_diff.h"
#include "capture/base/utf8.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <optional>
#include <set>

namespace flamewright {
namespace {

constexpr std::size_t kMostCeilings = 12; // of a section
constexpr double kLeastMargin = 0.1;
// Of the interval, which knows nothing of what differs between runs.
constexpr double kRoom = 1.5;

bool isUtf8(std::string_view text)
{
    for (std::size_t i = 0; i < text.size();) {
        const auto step = decodeUtf8(text, i);
        if (!step.valid)
            return false;
        i += step.size;
    }
    return true;
}

// A basic string of TOML.
std::string tomlString(std::string_view text)
{
    std::string out = "\"";
    for (std::size_t i = 0; i < text.size();) {
        const auto step = decodeUtf8(text, i);
        i += step.size;
        if (step.code == '"' || step.code == '\\') {
            (out += '\\') += static_cast<char>(step.code);
        } else if (isControl(step.code) || isInvisibleFormat(step.code)) {
            char escape[16];
            std::snprintf(escape, sizeof escape, "\\U%08X", static_cast<unsigned>(step.code));
            out += escape;
        } else {
            appendUtf8(out, step.code);
        }
    }
    return out + '"';
}

// Names in comments stay on their line.
std::string comment(std::string_view text)
{
    auto out = tomlString(text);
    return out.substr(1, out.size() - 2);
}

// Two significant digits, away from what is allowed already.
std::string rounded(double value, bool up)
{
    if (value == 0)
        return "0";
    const auto step = std::pow(10.0, std::floor(std::log10(std::abs(value))) - 1);
    const auto steps = up ? std::ceil(value / step - 1e-9) : std::floor(value / step + 1e-9);
    char text[64];
    std::snprintf(text, sizeof text, "%.10g", steps * step);
    return text;
}

struct Scale {
    double size;
    const char *unit;
};
template <std::size_t N>
std::string scaled(double value, bool up, const std::array<Scale, N> &scales)
{
    for (const auto &one : scales) {
        if (value >= one.size)
            return '"' + rounded(value / one.size, up) + one.unit + '"';
    }
    return '"' + rounded(value / scales.back().size, up) + scales.back().unit + '"';
}

// A limit in TOML; a bare number where the unit has no words in budgets.
std::string limitText(double value, std::string_view unit, bool up)
{
    constexpr std::array<Scale, 4> kTimes{{{1, "s"}, {1e-3, "ms"}, {1e-6, "us"}, {1e-9, "ns"}}};
    constexpr std::array<Scale, 4> kBytes{
        {{0x1p30, "GiB"}, {0x1p20, "MiB"}, {0x1p10, "KiB"}, {1, "B"}}};
    if (unit == "ns")
        return scaled(value * 1e-9, up, kTimes);
    if (unit == "bytes")
        return scaled(value, up, kBytes);
    if (unit == "share")
        return '"' + rounded(100 * value, up) + "%\"";
    if (unit == "1/s")
        return '"' + rounded(value, up) + "/s\"";
    const auto known = benchmarkUnit(unit);
    if (known.base == "s" || known.base.starts_with("s/"))
        return scaled(value * known.factor, up, kTimes);
    return rounded(value, up);
}

// How far a figure may go before it is more than chance: from its interval in a comparison with
// itself and from how the runs differ.
double marginOf(const ComparedItem &item)
{
    double margin = kLeastMargin;
    if (const auto &interval = item.change.relative)
        margin =
            std::max({margin, kRoom * std::abs(interval->low), kRoom * std::abs(interval->high)});
    if (item.baseRuns.size() > 1 && item.change.base.value_or(0) > 0) {
        const auto [low, high] = std::minmax_element(item.baseRuns.begin(), item.baseRuns.end());
        margin = std::max(margin, (*high - *low) / *item.change.base);
    }
    return std::min(margin, 1.0);
}

class Writer {
public:
    explicit Writer(const InitSettings &settings) : m_settings(settings) {}

    std::string write(const Comparison &comparison)
    {
        m_out = "# What " + comment(comparison.base.name) +
                " costs, and may cost.\n"
                "#\n"
                "#   flamewright check BASE CAND --budget THIS.toml\n"
                "#\n"
                "# Without a limit a budget is broken by what got worse beyond chance and noise;\n"
                "# with one, by what is beyond it. evidence = \"regressed\" asks for the whole\n"
                "# interval to be beyond, \"any\" for the figure alone, \"not_improved\" for the\n"
                "# whole interval to be within.\n"
                "version = 1\n"
                "per = " +
                tomlString(m_settings.per) + "\n";
        for (const auto &section : comparison.sections) {
            m_out += "\n# ---- " + section.kind + ": " + comment(section.title);
            if (const auto words = section.normalisation.words(); !words.empty())
                m_out += ", " + comment(words);
            m_out += '\n';
            // The title says which of several is meant.
            const auto alike = std::count_if(
                comparison.sections.begin(), comparison.sections.end(),
                [&](const ComparedSection &other) { return other.kind == section.kind; });
            m_capture = alike > 1 ? section.title : std::string();
            writeSection(section);
        }
        return std::move(m_out);
    }

private:
    void begin(const char *subject, std::string_view name)
    {
        m_out += "\n[[budget]]\n";
        m_out += std::string(subject) + " = " + tomlString(name) + "\n";
    }
    void field(const char *key, std::string_view value)
    {
        m_out += std::string(key) + " = " + tomlString(value) + "\n";
    }

    // One for all of a kind: what is there already may not get worse.
    void nothingRegresses(const char *subject, std::string_view title, std::string_view figure)
    {
        begin(subject, ".");
        field("match", "regex");
        field("title", title);
        if (!figure.empty())
            field("figure", figure);
        m_out += "evidence = \"regressed\"\n";
    }

    void ceiling(const char *subject, const ComparedItem &item, std::string_view measure = {})
    {
        const auto value = item.change.cand.value_or(0);
        const bool least = item.better == Better::Higher;
        const auto margin = marginOf(item);
        // A share of errors of 0 leaves room for one that nobody would call a regression.
        const auto room = item.unit == "share" ? std::max(value * margin, 0.005) : value * margin;
        const auto limit = least ? value - room : value + room;
        if (least && limit <= 0)
            return;
        begin(subject, item.name);
        if (!item.detail.empty())
            field("in", item.detail);
        if (!m_capture.empty())
            field("capture", m_capture);
        if (!measure.empty())
            field("measure", measure);
        field("figure", item.figure);
        m_out += (least ? "min = " : "max = ") + limitText(limit, item.unit, !least);
        char text[64];
        std::snprintf(text, sizeof text, " # %s%.0f %%", least ? "-" : "+",
                      value > 0 ? 100 * room / value : 0);
        m_out += value > 0 ? text : " # was 0";
        m_out += "\nevidence = \"any\"\n";
    }

    // The first of each name that `wanted` likes.
    template <class Wanted>
    void ceilings(const char *subject, const ComparedSection &section, Wanted wanted,
                  std::size_t most = kMostCeilings)
    {
        std::set<std::string> done;
        for (const auto &item : section.items) {
            if (done.size() >= most)
                break;
            if (!item.change.cand || !isUtf8(item.name) || !isUtf8(item.detail) || !wanted(item))
                continue;
            if (done.insert(item.name + '\n' + item.detail + '\n' + item.figure).second)
                ceiling(subject, item);
        }
    }

    void writeSection(const ComparedSection &section)
    {
        if (!isUtf8(m_capture))
            return;
        if (section.kind == "load")
            load(section);
        else if (section.kind == "profile")
            profile(section);
        else if (section.kind == "traces")
            traces(section);
        else if (section.kind == "benchmarks")
            benchmarks(section);
    }

    static bool has(const ComparedSection &section, std::string_view figure)
    {
        return std::any_of(section.items.begin(), section.items.end(),
                           [&](const ComparedItem &item) { return item.figure == figure; });
    }

    void load(const ComparedSection &section)
    {
        if (!m_slower && has(section, "p99"))
            nothingRegresses("endpoint", "no endpoint is slower", "p99");
        if (!m_failures && has(section, "error_share"))
            nothingRegresses("endpoint", "no endpoint fails more", "error_share");
        m_slower = m_slower || has(section, "p99");
        m_failures = m_failures || has(section, "error_share");
        ceilings("endpoint", section, [](const ComparedItem &item) {
            if (item.name == "*")
                return item.figure == "p50" || item.figure == "p99" ||
                       item.figure == "throughput" || item.figure == "error_share";
            return item.figure == "p99" && item.change.verdict != Verdict::NotEnoughData;
        });
    }

    void profile(const ComparedSection &section)
    {
        if (!m_profiles && has(section, "self"))
            nothingRegresses("function", "no function costs more itself", "self");
        m_profiles = m_profiles || has(section, "self");
        const auto measure = section.profile ? section.profile->measure : std::string();
        const auto whole =
            std::find_if(section.items.begin(), section.items.end(), [](const ComparedItem &item) {
                return item.name == "*" && item.figure == "total";
            });
        if (whole == section.items.end() || !isUtf8(measure))
            return;
        if (section.normalisation.by == NormaliseBy::Nothing && whole->unit != "bytes") {
            m_out +=
                "# Nothing says how much work was done: these figures grow with the recording.\n"
                "# Give --work A:B, or the load test beside, for figures per request and a\n"
                "# ceiling.\n";
            return;
        }
        ceiling("function", *whole, measure);
    }

    void traces(const ComparedSection &section)
    {
        if (!m_traces && has(section, "p99"))
            nothingRegresses("operation", "no operation is slower", "p99");
        m_traces = m_traces || has(section, "p99");
        ceilings(
            "operation", section,
            [](const ComparedItem &item) {
                return item.figure == "p99" && item.change.verdict != Verdict::NotEnoughData;
            },
            kMostCeilings / 2);
        m_out += "\n# Calls in one trace: what keeps N+1 queries out.\n";
        ComparedSection calls;
        std::copy_if(section.items.begin(), section.items.end(), std::back_inserter(calls.items),
                     [](const ComparedItem &item) {
                         return item.figure == "calls" && item.change.cand.value_or(0) >= 0.5;
                     });
        std::stable_sort(calls.items.begin(), calls.items.end(),
                         [](const ComparedItem &a, const ComparedItem &b) {
                             return a.change.cand > b.change.cand;
                         });
        ceilings("operation", calls, [](const ComparedItem &) { return true; });
    }

    void benchmarks(const ComparedSection &section)
    {
        if (!m_benchmarks)
            nothingRegresses("benchmark", "no benchmark is worse", {});
        m_benchmarks = true;
        m_out += "\n# Ceilings hold on the machine that they were measured on.\n";
        ceilings("benchmark", section, [](const ComparedItem &item) {
            const auto base = benchmarkUnit(item.unit).base;
            return item.better == Better::Lower && (base == "s" || base.starts_with("s/")) &&
                   item.name != "geomean";
        });
    }

    const InitSettings &m_settings;
    std::string m_out, m_capture;
    bool m_slower = false, m_failures = false, m_profiles = false, m_traces = false,
         m_benchmarks = false;
};

} // namespace

std::string budgetFrom(const Comparison &comparison, const InitSettings &settings)
{
    return Writer(settings).write(comparison);
}

} // namespace flamewright
