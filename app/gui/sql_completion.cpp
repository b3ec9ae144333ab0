#include "app/gui/sql_text.h"

#include <algorithm>
#include <cctype>
#include <numeric>
#include <set>

namespace flamewright {
namespace {

// What people ask for in a session; SQLite knows more.
constexpr std::string_view kKeywords[] = {
    "AND",   "AS",        "ASC",    "BETWEEN", "BY",     "CASE",   "CAST", "CROSS",
    "DESC",  "DISTINCT",  "ELSE",   "END",     "EXISTS", "FILTER", "FROM", "GLOB",
    "GROUP", "HAVING",    "IN",     "INNER",   "WITH",   "IS",     "JOIN", "LEFT",
    "LIKE",  "LIMIT",     "NOT",    "NULL",    "OFFSET", "ON",     "OR",   "ORDER",
    "OVER",  "PARTITION", "SELECT", "THEN",    "UNION",  "USING",  "WHEN", "WHERE"};
constexpr std::string_view kFunctions[] = {
    "abs",          "avg",        "ceil",         "coalesce",
    "count",        "dense_rank", "exp",          "first_value",
    "floor",        "format",     "group_concat", "hex",
    "ifnull",       "iif",        "instr",        "lag",
    "last_value",   "lead",       "length",       "ln",
    "log",          "lower",      "ltrim",        "max",
    "min",          "mod",        "ntile",        "nullif",
    "percent_rank", "pow",        "printf",       "rank",
    "replace",      "round",      "row_number",   "rtrim",
    "sqrt",         "substr",     "sum",          "total",
    "trim",         "typeof",     "upper",        "flamewright_chunks_read"};

std::string lowered(std::string_view text)
{
    std::string out(text);
    for (auto &c : out)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return out;
}

bool equalFolded(std::string_view a, std::string_view b)
{
    return a.size() == b.size() && lowered(a) == lowered(b);
}

bool beginsFolded(std::string_view text, std::string_view prefix)
{
    return text.size() >= prefix.size() && equalFolded(text.substr(0, prefix.size()), prefix);
}

const SqlTable *tableNamed(const std::vector<SqlTable> &tables, std::string_view name)
{
    for (const auto &table : tables) {
        if (equalFolded(table.name, name))
            return &table;
    }
    return nullptr;
}

bool isKeyword(std::string_view word)
{
    return std::any_of(std::begin(kKeywords), std::end(kKeywords),
                       [&](std::string_view k) { return equalFolded(k, word); });
}

std::string_view textOf(std::string_view text, const SqlTokenSpan &token)
{
    return text.substr(token.span.begin, token.span.end - token.span.begin);
}

// The table that a name stands for: "FROM sample s", "JOIN sample AS s".
const SqlTable *tableMeant(std::string_view statement, std::string_view name,
                           const std::vector<SqlTable> &tables)
{
    const auto tokens = sqlTokens(statement);
    for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
        const auto *table = tokens[i].kind == SqlToken::Word
                                ? tableNamed(tables, textOf(statement, tokens[i]))
                                : nullptr;
        if (!table)
            continue;
        auto next = i + 1;
        if (equalFolded(textOf(statement, tokens[next]), "as") && next + 1 < tokens.size())
            ++next;
        if (tokens[next].kind == SqlToken::Word &&
            equalFolded(textOf(statement, tokens[next]), name))
            return table;
    }
    return tableNamed(tables, name);
}

// How many letters have to be changed, added, left out or swapped.
std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> before(b.size() + 1), row(b.size() + 1), twoBefore;
    std::iota(before.begin(), before.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            row[j + 1] = std::min({row[j] + 1, before[j + 1] + 1, before[j] + (a[i] != b[j])});
            if (i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j])
                row[j + 1] = std::min(row[j + 1], twoBefore[j - 1] + 1);
        }
        twoBefore = before;
        before = row;
    }
    return before[b.size()];
}

std::string nearest(std::string_view word, const std::set<std::string> &known)
{
    constexpr std::size_t kMost = 2, kLongest = 64;
    std::string best;
    auto bestDistance = std::min(kMost, word.size() / 2) + 1;
    if (word.size() > kLongest)
        return best;
    for (const auto &candidate : known) {
        const auto d = distance(lowered(word), lowered(candidate));
        if (d < bestDistance) {
            bestDistance = d;
            best = candidate;
        }
    }
    return best;
}

std::string listed(const std::set<std::string> &names)
{
    std::string out;
    for (const auto &name : names)
        out += (out.empty() ? "" : ", ") + name;
    return out;
}

} // namespace

SqlCompletion sqlCompletion(std::string_view text, std::size_t caret,
                            const std::vector<SqlTable> &tables)
{
    SqlCompletion out;
    caret = std::min(caret, text.size());
    auto begin = caret;
    while (begin > 0 && (std::isalnum(static_cast<unsigned char>(text[begin - 1])) != 0 ||
                         text[begin - 1] == '_'))
        --begin;
    const auto prefix = text.substr(begin, caret - begin);
    out.prefix = prefix.size();
    // Inside a string, a quoted name or a comment nothing is completed.
    const auto before = sqlTokens(text.substr(0, caret));
    if (!before.empty() && before.back().span.end == caret && !prefix.empty() &&
        before.back().kind != SqlToken::Word)
        return out;
    if (!prefix.empty() && (before.empty() || before.back().span.end != caret))
        return out;
    const auto statementSpan = sqlStatementAt(text, caret);
    const auto statement =
        text.substr(statementSpan.begin, statementSpan.end - statementSpan.begin);

    std::set<std::string> words;
    const auto offer = [&](std::string_view word) {
        if (beginsFolded(word, prefix))
            words.emplace(word);
    };
    if (begin > 0 && text[begin - 1] == '.') {
        auto nameBegin = begin - 1;
        while (nameBegin > 0 &&
               (std::isalnum(static_cast<unsigned char>(text[nameBegin - 1])) != 0 ||
                text[nameBegin - 1] == '_'))
            --nameBegin;
        const auto *table =
            tableMeant(statement, text.substr(nameBegin, begin - 1 - nameBegin), tables);
        if (table) {
            for (const auto &column : table->columns)
                offer(column);
        }
    } else if (!prefix.empty()) {
        // Columns of the tables in the statement; before any is there, of all.
        std::set<const SqlTable *> used;
        for (const auto &token : sqlTokens(statement)) {
            if (const auto *table = tableNamed(tables, textOf(statement, token)))
                used.insert(table);
        }
        for (const auto &table : tables) {
            offer(table.name);
            if (used.empty() || used.contains(&table)) {
                for (const auto &column : table.columns)
                    offer(column);
            }
        }
        for (const auto function : kFunctions)
            offer(function);
        for (const auto keyword : kKeywords)
            offer(keyword);
    }
    out.words.assign(words.begin(), words.end());
    std::sort(out.words.begin(), out.words.end(), [](const std::string &a, const std::string &b) {
        const auto la = lowered(a), lb = lowered(b);
        return la != lb ? la < lb : a < b;
    });
    return out;
}

std::string sqlAdvice(std::string_view statement, const Error &error,
                      const std::vector<SqlTable> &tables)
{
    const auto &message = error.message();
    std::set<std::string> names, columns;
    std::set<const SqlTable *> used;
    for (const auto &token : sqlTokens(statement)) {
        if (const auto *table = tableNamed(tables, textOf(statement, token)))
            used.insert(table);
    }
    for (const auto &table : tables) {
        names.insert(table.name);
        if (used.empty() || used.contains(&table))
            columns.insert(table.columns.begin(), table.columns.end());
    }
    const auto named = [&](std::string_view what) -> std::string_view {
        auto name = std::string_view(message).substr(std::min(what.size(), message.size()));
        if (const auto dot = name.rfind('.'); dot != std::string_view::npos)
            name = name.substr(dot + 1);
        return name;
    };
    const auto suggestion = [&](std::string_view what, const std::set<std::string> &known,
                                const std::string &otherwise) {
        const auto best = nearest(named(what), known);
        return best.empty() ? otherwise : "Did you mean " + best + "?";
    };
    if (message.starts_with("no such table: "))
        return suggestion("no such table: ", names, "The tables are " + listed(names) + ".");
    if (message.starts_with("no such column: "))
        return suggestion("no such column: ", columns,
                          "The columns here are " + listed(columns) + ".");
    if (message.starts_with("no such function: ")) {
        std::set<std::string> known(std::begin(kFunctions), std::end(kFunctions));
        return suggestion("no such function: ", known, "SQLite's core functions can be used.");
    }
    if (message.starts_with("ambiguous column name: "))
        return "Write the table before it: " + (used.empty() ? "sample" : (*used.begin())->name) +
               "." + std::string(named("ambiguous column name: ")) + ".";
    if (message == "only queries are allowed" || message.starts_with("not authorized"))
        return "The session can only be read here: begin with SELECT or WITH.";
    if (message == "only one SQL statement at a time")
        return "Put the caret into the one to run, or select it.";
    if (message == "incomplete input")
        return "Something is missing at the end: a bracket, a quote, or the rest of the statement.";
    if (message.starts_with("near \"")) {
        const auto end = message.find('"', 6);
        const auto word = message.substr(6, end == std::string::npos ? 0 : end - 6);
        std::set<std::string> known(std::begin(kKeywords), std::end(kKeywords));
        if (const auto best = isKeyword(word) ? std::string() : nearest(word, known); !best.empty())
            return "Did you mean " + best + "?";
        return "Look at the word before it: a comma, a bracket or a keyword may be missing.";
    }
    if (message.find("too many") != std::string::npos ||
        message.find("too deep") != std::string::npos)
        return "Split it into smaller parts, for instance with WITH.";
    return {};
}

} // namespace flamewright
