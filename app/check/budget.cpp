#include "app/check/budget.h"

#include <array>
#include <charconv>
#include <fstream>
#include <iterator>
#include <system_error>
#include <toml++/toml.h>

namespace flamewright {
namespace {

constexpr std::array<BudgetSubject, 4> kSubjects{BudgetSubject::Endpoint, BudgetSubject::Function,
                                                 BudgetSubject::Operation,
                                                 BudgetSubject::Benchmark};
constexpr std::array<BudgetEvidence, 3> kEvidences{
    BudgetEvidence::Regressed, BudgetEvidence::NotImproved, BudgetEvidence::Any};
constexpr std::array<BudgetMatch, 3> kMatches{BudgetMatch::Exactly, BudgetMatch::Text,
                                              BudgetMatch::Regex};
constexpr std::array<std::string_view, 13> kBudgetKeys{
    "title", "match", "in",         "capture",    "measure",  "per",     "figure",
    "max",   "min",   "max_change", "min_change", "evidence", "optional"};
constexpr std::array<std::string_view, 6> kFileKeys{"version", "per",      "noise",
                                                    "alpha",   "patterns", "budget"};

// Reads a document that toml++ has parsed. Every error says where.
class BudgetReader {
public:
    explicit BudgetReader(std::string name) { m_file.name = std::move(name); }

    Result<BudgetFile> read(const toml::table &document)
    {
        for (const auto &[key, node] : document) {
            if (!isOneOf(key.str(), kFileKeys))
                return fail(unknown(key));
        }
        if (const auto *version = document.get("version")) {
            if (version->value_exact<std::int64_t>() != std::int64_t{1})
                return fail(at(*version, "this program reads version 1 of budgets"));
        }
        FW_TRY(readPer(document, m_file.per));
        FW_TRY(readRatio(document, "noise", m_file.noise));
        FW_TRY(readRatio(document, "alpha", m_file.alpha));
        if (const auto *alpha = document.get("alpha");
            alpha != nullptr && !(*m_file.alpha > 0 && *m_file.alpha <= 0.5))
            return fail(at(*alpha, "alpha is a probability above 0, at most 0.5"));
        if (const auto *noise = document.get("noise");
            noise != nullptr && !(*m_file.noise >= 0 && *m_file.noise < 1))
            return fail(at(*noise, "noise is a share, as \"2%\""));
        if (document.contains("patterns")) {
            m_file.patterns.emplace();
            FW_TRY(readFlag(document, "patterns", *m_file.patterns));
        }
        const auto *budgets = document.get("budget");
        if (budgets == nullptr)
            return fail(Error(Errc::Usage, m_file.name + ": there is no [[budget]] in it"));
        if (!budgets->is_array_of_tables())
            return fail(at(*budgets, "write [[budget]], with two brackets"));
        const auto &all = *budgets->as_array();
        if (all.size() > kMaxBudgets)
            return fail(at(*budgets, "more than " + std::to_string(kMaxBudgets) + " budgets"));
        for (const auto &one : all) {
            FW_ASSIGN(auto budget, readOne(*one.as_table()));
            m_file.budgets.push_back(std::move(budget));
        }
        return std::move(m_file);
    }

private:
    Error at(const toml::source_position &position, const std::string &message) const
    {
        return {Errc::Usage, m_file.name + ":" + std::to_string(position.line) + ":" +
                                 std::to_string(position.column) + ": " + message};
    }
    Error at(const toml::node &node, const std::string &message) const
    {
        return at(node.source().begin, message);
    }
    // Appended piece by piece: g++ 12 sees overflows in `std::string + const char *` here.
    Error isNot(const toml::node &node, std::string_view key, std::string_view words) const
    {
        std::string message(key);
        message += words;
        return at(node, message);
    }
    Error unknown(const toml::key &key) const
    {
        return at(key.source().begin, "'" + std::string(key.str()) + "' is no key here");
    }
    template <std::size_t N>
    static bool isOneOf(std::string_view key, const std::array<std::string_view, N> &keys)
    {
        for (const auto &one : keys) {
            if (one == key)
                return true;
        }
        return false;
    }

    Result<> readText(const toml::table &table, std::string_view key, std::string &out) const
    {
        const auto *node = table.get(key);
        if (node == nullptr)
            return {};
        const auto text = node->value_exact<std::string>();
        if (!text)
            return fail(isNot(*node, key, " is a text in quotes"));
        out = *text;
        return {};
    }
    Result<> readFlag(const toml::table &table, std::string_view key, bool &out) const
    {
        const auto *node = table.get(key);
        if (node == nullptr)
            return {};
        const auto flag = node->value_exact<bool>();
        if (!flag)
            return fail(isNot(*node, key, " is true or false"));
        out = *flag;
        return {};
    }
    Result<> readQuantity(const toml::table &table, std::string_view key,
                          std::optional<Quantity> &out) const
    {
        const auto *node = table.get(key);
        if (node == nullptr)
            return {};
        if (const auto whole = node->value_exact<std::int64_t>()) {
            out = Quantity{Quantity::Kind::Number, static_cast<double>(*whole),
                           std::to_string(*whole)};
            return {};
        }
        if (const auto real = node->value_exact<double>()) {
            if (!(*real > -1e300 && *real < 1e300))
                return fail(isNot(*node, key, " is not a finite number"));
            std::array<char, 64> text{};
            const auto end = std::to_chars(text.data(), text.data() + text.size(), *real).ptr;
            out = Quantity{Quantity::Kind::Number, *real, std::string(text.data(), end)};
            return {};
        }
        const auto text = node->value_exact<std::string>();
        if (!text)
            return fail(isNot(*node, key, " is a number or a text as \"300ms\""));
        auto parsed = parseQuantity(*text);
        if (!parsed.has_value())
            return fail(at(*node, parsed.error().text()));
        out = std::move(*parsed);
        return {};
    }
    Result<> readRatio(const toml::table &table, std::string_view key,
                       std::optional<double> &out) const
    {
        std::optional<Quantity> quantity;
        FW_TRY(readQuantity(table, key, quantity));
        if (!quantity)
            return {};
        if (quantity->kind != Quantity::Kind::Share && quantity->kind != Quantity::Kind::Number)
            return fail(isNot(*table.get(key), key, " is a share, as \"5%\""));
        out = quantity->value;
        return {};
    }
    Result<> readPer(const toml::table &table, std::optional<NormaliseBy> &out) const
    {
        std::string text;
        FW_TRY(readText(table, "per", text));
        if (!table.contains("per"))
            return {};
        const auto per = normaliseBy(text);
        if (!per.has_value())
            return fail(at(*table.get("per"), per.error().text()));
        out = *per;
        return {};
    }

    Result<> readSubject(const toml::table &table, Budget &out) const
    {
        const toml::node *found = nullptr;
        for (const auto subject : kSubjects) {
            const auto *node = table.get(nameOf(subject));
            if (node == nullptr)
                continue;
            if (found != nullptr)
                return fail(at(*node, "a budget is of one thing, and this one names two"));
            found = node;
            out.subject = subject;
            FW_TRY(readText(table, nameOf(subject), out.name));
        }
        if (found == nullptr)
            return fail(at(table, "a budget names an endpoint, function, operation or benchmark"));
        if (out.name.empty())
            return fail(at(*found, "the name is empty"));
        return {};
    }

    // One of a few words, which `words` says for the error.
    template <class Choice, std::size_t N>
    Result<> readChoice(const toml::table &table, std::string_view key,
                        const std::array<Choice, N> &choices, const char *words, Choice &out) const
    {
        std::string text;
        FW_TRY(readText(table, key, text));
        if (!table.contains(key))
            return {};
        for (const auto choice : choices) {
            if (nameOf(choice) == text) {
                out = choice;
                return {};
            }
        }
        return fail(isNot(*table.get(key), key, words));
    }

    // What cannot be meant.
    Result<> check(const toml::table &table, const Budget &budget) const
    {
        if (budget.figure.empty() && (budget.max || budget.min))
            return fail(at(table, "max and min need a figure, such as \"p99\""));
        if (budget.maxChange && *budget.maxChange <= -1)
            return fail(at(*table.get("max_change"), "nothing can fall by all of itself"));
        if (budget.subject != BudgetSubject::Function && (budget.per || !budget.measure.empty()))
            return fail(at(table, "only functions have a measure and something to be per"));
        return {};
    }

    Result<Budget> readOne(const toml::table &table) const
    {
        Budget out{.line = static_cast<std::uint32_t>(table.source().begin.line)};
        for (const auto &[key, node] : table) {
            bool known = isOneOf(key.str(), kBudgetKeys);
            for (const auto subject : kSubjects)
                known = known || nameOf(subject) == key.str();
            if (!known)
                return fail(unknown(key));
        }
        FW_TRY(readSubject(table, out));
        FW_TRY(readText(table, "title", out.title));
        FW_TRY(readText(table, "in", out.within));
        FW_TRY(readText(table, "capture", out.capture));
        FW_TRY(readText(table, "measure", out.measure));
        FW_TRY(readText(table, "figure", out.figure));
        FW_TRY(readPer(table, out.per));
        FW_TRY(readQuantity(table, "max", out.max));
        FW_TRY(readQuantity(table, "min", out.min));
        FW_TRY(readRatio(table, "max_change", out.maxChange));
        FW_TRY(readRatio(table, "min_change", out.minChange));
        FW_TRY(readFlag(table, "optional", out.optional));
        FW_TRY(readChoice(table, "evidence", kEvidences,
                          R"( is "regressed", "not_improved" or "any")", out.evidence));
        FW_TRY(
            readChoice(table, "match", kMatches, R"( is "exactly", "text" or "regex")", out.match));
        FW_TRY(check(table, out));
        return out;
    }

    BudgetFile m_file;
};

} // namespace

std::string_view nameOf(BudgetSubject subject)
{
    switch (subject) {
    case BudgetSubject::Endpoint: return "endpoint";
    case BudgetSubject::Function: return "function";
    case BudgetSubject::Operation: return "operation";
    case BudgetSubject::Benchmark: return "benchmark";
    }
    return "endpoint";
}

std::string_view nameOf(BudgetEvidence evidence)
{
    switch (evidence) {
    case BudgetEvidence::Regressed: return "regressed";
    case BudgetEvidence::NotImproved: return "not_improved";
    case BudgetEvidence::Any: return "any";
    }
    return "regressed";
}

std::string_view nameOf(BudgetMatch match)
{
    switch (match) {
    case BudgetMatch::Exactly: return "exactly";
    case BudgetMatch::Text: return "text";
    case BudgetMatch::Regex: return "regex";
    }
    return "exactly";
}

Result<BudgetFile> parseBudgets(std::string_view text, const std::string &name)
{
    if (text.size() > kMaxBudgetBytes)
        return fail(Errc::Limit, name + ": budgets are text of at most 1 MiB");
    try {
        const auto document = toml::parse(text);
        return BudgetReader(name).read(document);
    } catch (const toml::parse_error &error) {
        const auto where = error.source().begin;
        return fail(Errc::Usage, name + ":" + std::to_string(where.line) + ":" +
                                     std::to_string(where.column) + ": " +
                                     std::string(error.description()));
    }
}

Result<BudgetFile> readBudgets(const std::filesystem::path &path)
{
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    if (error)
        return fail(Errc::NotFound, "cannot read " + path.string() + ": " + error.message());
    if (size > kMaxBudgetBytes)
        return fail(Errc::Limit, path.string() + ": budgets are text of at most 1 MiB");
    std::ifstream file(path, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    if (!file)
        return fail(Errc::Io, "cannot read " + path.string());
    return parseBudgets(text, path.filename().string());
}

} // namespace flamewright
