#include "analysis/compare/load_diff.h"
#include "app/load_rows.h"
#include "app/opened_capture.h"
#include "importers/registry.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <numeric>
#include <random>
#include <string>
#include <string_view>

// How often load tests of one build are called different, and how often a change that was put into
// one of them is found:
//
//     power_loads halves N SHIFT FILE...        random halves of one run, by pieces of its time
//     power_loads runs N SHIFT PER_SIDE FILE... runs of one build against others of it
//     power_loads pairs SHIFT FILE...           the first against the second, the third ...
//
// SHIFT: by how much the latencies of the candidate's endpoint with the most requests are longer; 0
// for none.
using namespace flamewright;

namespace {

constexpr std::size_t kPieces = 40;

struct Count {
    unsigned called = 0, right = 0, judged = 0, tooFew = 0, outside = 0;
    void add(const Change &change, bool expected)
    {
        if (change.verdict == Verdict::NotEnoughData) {
            ++tooFew;
            return;
        }
        ++judged;
        const bool is = change.verdict == Verdict::Regressed || change.verdict == Verdict::Improved;
        called += is ? 1 : 0;
        right += expected && change.verdict == Verdict::Regressed ? 1 : 0;
        if (change.relative && (change.relative->low > 0 || change.relative->high < 0))
            ++outside;
    }
};

class Tally {
public:
    // `shifted`: the endpoint whose latencies were made longer.
    void add(const LoadDiff &diff, const std::string &shifted)
    {
        bool any = false;
        for (const auto &one : diff.endpoints) {
            const auto mine = one.name == shifted;
            // All requests hold the shifted ones, and a closed test is slower for them.
            const auto apart = one.name != "*" || shifted.empty();
            auto &counts = mine ? m_shifted : apart ? m_others : m_all;
            for (std::size_t i = 0; i < kPercentiles.size(); ++i)
                counts[std::string(kPercentiles[i].name)].add(one.percentiles[i], mine);
            counts["mean"].add(one.mean, mine);
            auto &rest = shifted.empty() ? counts : m_rest;
            rest["throughput"].add(one.throughput, false);
            rest["error_share"].add(one.errorShare, false);
            if (mine) {
                const auto found = [](const Change &c) { return c.verdict == Verdict::Regressed; };
                m_found += std::any_of(one.percentiles.begin(), one.percentiles.end(), found) ||
                                   found(one.mean)
                               ? 1
                               : 0;
            }
            const auto called = [](const Change &c) {
                return c.verdict == Verdict::Regressed || c.verdict == Verdict::Improved;
            };
            any = any || std::any_of(one.percentiles.begin(), one.percentiles.end(), called) ||
                  called(one.mean) || called(one.throughput) || called(one.errorShare);
        }
        ++m_comparisons;
        m_any += any ? 1 : 0;
    }
    void print(bool shifted) const
    {
        std::printf("%u comparisons", m_comparisons);
        if (shifted)
            std::printf(", the shifted endpoint regressed in %u (%.0f %%)\n", m_found,
                        100.0 * m_found / m_comparisons);
        else
            std::printf(", %u with any verdict\n", m_any);
        table("shifted endpoint", m_shifted);
        table(shifted ? "other endpoints" : "all figures", m_others);
    }

private:
    using Counts = std::map<std::string, Count>;
    static void table(const char *title, const Counts &counts)
    {
        if (counts.empty())
            return;
        Count sum;
        std::printf("  %-18s %8s %8s %10s %12s %10s\n", title, "judged", "called", "regressed",
                    "0 outside", "too few");
        const auto line = [](const std::string &name, const Count &count) {
            const auto share = [&](unsigned of) {
                return count.judged == 0 ? 0.0 : 100.0 * of / count.judged;
            };
            std::printf("  %-18s %8u %6.1f %% %8.1f %% %10.1f %% %10u\n", name.c_str(),
                        count.judged, share(count.called), share(count.right), share(count.outside),
                        count.tooFew);
        };
        for (const auto &[name, count] : counts) {
            line(name, count);
            sum.called += count.called;
            sum.judged += count.judged;
            sum.right += count.right;
            sum.tooFew += count.tooFew;
            sum.outside += count.outside;
        }
        line("together", sum);
    }
    Counts m_shifted, m_others, m_all, m_rest;
    unsigned m_comparisons = 0, m_any = 0, m_found = 0;
};

LoadRows load(const Workbench &workbench, const std::string &file)
{
    JobContext job;
    const auto opened = openCapture(workbench, file, {}, job);
    if (!opened.has_value()) {
        std::fprintf(stderr, "%s: %s\n", file.c_str(), opened.error().text().c_str());
        std::exit(3);
    }
    const auto reader = opened->session().reader();
    auto rows = loadRows(*reader.value(), {}, {}, job);
    if (!rows.has_value() || rows->empty()) {
        std::fprintf(stderr, "%s: no requests\n", file.c_str());
        std::exit(3);
    }
    return std::move(*rows);
}

// Some of the pieces of a run's time, one after the other as if that had been all.
LoadRows pieces(const LoadRows &rows, const std::vector<bool> &wanted)
{
    const auto first = rows.begin[rows.firstTimed()];
    const auto length = (rows.begin.back() - first) / static_cast<std::int64_t>(kPieces) + 1;
    std::vector<std::int64_t> begins(kPieces, 0);
    for (std::size_t i = 1; i < kPieces; ++i)
        begins[i] = begins[i - 1] + (wanted[i - 1] ? length : 0);
    LoadRows out;
    for (auto i = rows.firstTimed(); i < rows.size(); ++i) {
        const auto piece = static_cast<std::size_t>((rows.begin[i] - first) / length);
        if (!wanted[piece])
            continue;
        out.begin.push_back(begins[piece] + (rows.begin[i] - first) % length);
        out.latency.push_back(rows.latency[i]);
        out.group.push_back(rows.group[i]);
        out.failed.push_back(rows.failed[i]);
        out.phase.push_back(rows.phase[i]);
        out.capture.push_back(rows.capture[i]);
    }
    out.groups = rows.groups;
    out.phases = rows.phases;
    out.captures = rows.captures;
    return out;
}

std::string largest(const LoadRows &rows)
{
    std::vector<std::uint64_t> counts(rows.groups.size(), 0);
    for (const auto group : rows.group)
        ++counts[group];
    return rows.groups[static_cast<std::size_t>(std::max_element(counts.begin(), counts.end()) -
                                                counts.begin())];
}

void makeSlower(LoadRows &rows, const std::string &name, double shift)
{
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows.groups[rows.group[i]] == name)
            rows.latency[i] = std::llround(static_cast<double>(rows.latency[i]) * (1 + shift));
    }
}

LoadDiffOptions optionsFor(std::size_t runs)
{
    LoadDiffOptions out;
    if (const auto *noise = std::getenv("FW_NOISE"))
        out.rules.noise = std::strtod(noise, nullptr);
    else
        out.rules.noise = usualLoadNoise(runs, runs);
    return out;
}

} // namespace

int main(int argc, char **argv)
{
    const std::vector<std::string> args(argv + 1, argv + argc);
    const auto mode = args.empty() ? std::string() : args[0];
    const std::size_t fixed = mode == "runs" ? 4 : mode == "halves" ? 3 : mode == "pairs" ? 2 : 0;
    if (fixed == 0 || args.size() <= fixed) {
        std::fprintf(stderr, "power_loads halves N SHIFT FILE... | runs N SHIFT PER_SIDE FILE... | "
                             "pairs SHIFT FILE...\n");
        return 2;
    }
    ImporterRegistry importers;
    addBuiltinImporters(importers);
    const Workbench workbench(importers, {.isolation = Isolation::InProcess});
    const auto shift = std::strtod(args[mode == "pairs" ? 1 : 2].c_str(), nullptr);
    const auto comparisons = static_cast<unsigned>(std::strtoul(args[1].c_str(), nullptr, 10));
    std::vector<LoadRows> runs;
    for (auto i = fixed; i < args.size(); ++i)
        runs.push_back(load(workbench, args[i]));

    std::mt19937_64 random(7);
    Tally tally;
    const auto compare = [&](std::vector<LoadRows> base, std::vector<LoadRows> cand) {
        const auto shifted = shift != 0 ? largest(base.front()) : std::string();
        for (auto &rows : cand)
            makeSlower(rows, shifted, shift);
        tally.add(diffLoads(base, cand, optionsFor(base.size())), shifted);
    };
    if (mode == "halves") {
        for (unsigned i = 0; i < comparisons; ++i) {
            const auto &rows = runs[i % runs.size()];
            std::vector<std::size_t> order(kPieces);
            std::iota(order.begin(), order.end(), std::size_t{0});
            std::shuffle(order.begin(), order.end(), random);
            std::vector<bool> first(kPieces, false);
            for (std::size_t k = 0; k < kPieces / 2; ++k)
                first[order[k]] = true;
            auto second = first;
            second.flip();
            compare({pieces(rows, first)}, {pieces(rows, second)});
        }
    } else if (mode == "runs") {
        const auto each = static_cast<std::size_t>(std::strtoul(args[3].c_str(), nullptr, 10));
        for (unsigned i = 0; i < comparisons && 2 * each <= runs.size() && each > 0; ++i) {
            std::vector<std::size_t> order(runs.size());
            std::iota(order.begin(), order.end(), std::size_t{0});
            std::shuffle(order.begin(), order.end(), random);
            std::vector<LoadRows> base, cand;
            for (std::size_t k = 0; k < each; ++k) {
                base.push_back(runs[order[k]]);
                cand.push_back(runs[order[each + k]]);
            }
            compare(std::move(base), std::move(cand));
        }
    } else {
        for (std::size_t i = 0; i + 1 < runs.size(); i += 2)
            compare({runs[i]}, {runs[i + 1]});
    }
    tally.print(shift != 0);
    return 0;
}
