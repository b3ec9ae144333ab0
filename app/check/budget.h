#pragma once

#include "analysis/compare/normalisation.h"
#include "app/check/quantity.h"
#include "capture/base/result.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flamewright {

// Budgets come from repositories, other people's pull requests among them.
inline constexpr std::size_t kMaxBudgetBytes = std::size_t{1} << 20;
inline constexpr std::size_t kMaxBudgets = 10'000;

enum class BudgetSubject : std::uint8_t { Endpoint, Function, Operation, Benchmark };
// "endpoint", "function", "operation", "benchmark".
std::string_view nameOf(BudgetSubject subject);

// What has to be shown for a budget to be broken.
enum class BudgetEvidence : std::uint8_t {
    Regressed,   // that it is: the whole interval is beyond the limit
    NotImproved, // nothing: it is broken unless the whole interval is within the limit
    Any          // the figure alone counts, whatever the interval
};
std::string_view nameOf(BudgetEvidence evidence); // "regressed", "not_improved", "any"

// How a budget's name is held against names.
enum class BudgetMatch : std::uint8_t {
    Exactly,
    Text, // anywhere in the name, whatever the case
    Regex
};
std::string_view nameOf(BudgetMatch match); // "exactly", "text", "regex"

// One limit. Without max, min, max_change and min_change nothing may get worse.
struct Budget {
    std::string title; // as given; may be empty
    BudgetSubject subject = BudgetSubject::Endpoint;
    std::string name;
    BudgetMatch match = BudgetMatch::Exactly;
    std::string within;  // is in the module, service or labels; empty: any
    std::string capture; // is in the title of the pair of captures; empty: any
    std::string measure; // of a profile; empty: its default
    std::optional<NormaliseBy> per;
    std::string figure; // empty: every one
    std::optional<Quantity> max, min;
    std::optional<double> maxChange, minChange; // of cand / base - 1
    BudgetEvidence evidence = BudgetEvidence::Regressed;
    bool optional = false; // what is not there breaks nothing
    std::uint32_t line = 0;

    bool hasLimit() const { return max || min || maxChange || minChange; }
};

struct BudgetFile {
    std::string name; // of the file
    // How the two are compared, where the command line does not say.
    std::optional<NormaliseBy> per;
    std::optional<double> noise, alpha;
    std::optional<bool> patterns;
    std::vector<Budget> budgets;
};

// Errc::Usage: "budget.toml:12:5: ...", for syntax, unknown keys, wrong types and values.
Result<BudgetFile> parseBudgets(std::string_view toml, const std::string &name);
// Errc::NotFound, Errc::Io, Errc::Limit.
Result<BudgetFile> readBudgets(const std::filesystem::path &path);

} // namespace flamewright
