#include "analysis/compare/trace_diff.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace flamewright {
namespace {

// Those that work on the rows of a table, and others that are known by their verb alone.
constexpr std::array<std::string_view, 6> kTableVerbs{"SELECT", "INSERT", "UPDATE",
                                                      "DELETE", "MERGE",  "REPLACE"};
constexpr std::array<std::string_view, 26> kVerbs{
    "BEGIN",   "COMMIT",  "ROLLBACK", "START", "SAVEPOINT", "RELEASE", "SET",    "SHOW",  "FETCH",
    "DECLARE", "CLOSE",   "COPY",     "LOCK",  "TRUNCATE",  "CREATE",  "DROP",   "ALTER", "VALUES",
    "EXPLAIN", "ANALYZE", "VACUUM",   "CALL",  "EXECUTE",   "REFRESH", "NOTIFY", "LISTEN"};
constexpr std::size_t kLongest = 100; // bytes of a table's name

bool isNameByte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || c == '.' || static_cast<unsigned char>(c) >= 0x80;
}

// Words, names without their quotes, and single signs of a statement.
class Tokens {
public:
    explicit Tokens(std::string_view text) : m_text(text) {}
    // Empty at the end.
    std::string_view next()
    {
        skip();
        if (m_at >= m_text.size())
            return {};
        const char c = m_text[m_at];
        m_isName = isNameByte(c);
        if (m_isName) {
            const auto begin = m_at;
            while (m_at < m_text.size() && isNameByte(m_text[m_at]))
                ++m_at;
            return m_text.substr(begin, m_at - begin);
        }
        const char close = c == '"' || c == '`' || c == '\'' ? c : c == '[' ? ']' : '\0';
        if (close != '\0') {
            const auto end = std::min(m_text.find(close, m_at + 1), m_text.size());
            const auto out = m_text.substr(m_at + 1, end - m_at - 1);
            m_at = end + 1;
            m_isName = c != '\'' && !out.empty();
            return out.empty() ? std::string_view("'") : out;
        }
        return m_text.substr(m_at++, 1);
    }
    bool isName() const { return m_isName; }

private:
    void skip()
    {
        while (m_at < m_text.size()) {
            const auto rest = m_text.substr(m_at);
            if (rest[0] == ' ' || (rest[0] >= '\t' && rest[0] <= '\r'))
                ++m_at;
            else if (rest.starts_with("/*"))
                m_at = std::min(m_text.find("*/", m_at + 2), m_text.size() - 2) + 2;
            else if (rest.starts_with("-- "))
                m_at = std::min(m_text.find('\n', m_at), m_text.size());
            else
                return;
        }
    }
    std::string_view m_text;
    std::size_t m_at = 0;
    bool m_isName = false;
};

std::string upper(std::string_view word)
{
    std::string out(word);
    for (auto &c : out)
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return out;
}

template <std::size_t N>
bool isIn(const std::array<std::string_view, N> &words, std::string_view word)
{
    return std::find(words.begin(), words.end(), word) != words.end();
}

// What follows the word that leads to the table, past words like ONLY, and into brackets.
std::string tableOf(Tokens &tokens, const std::string &verb)
{
    bool led = verb == "UPDATE";
    for (auto token = tokens.next(); !token.empty(); token = tokens.next()) {
        const auto word = upper(token);
        if (!led) {
            led = tokens.isName() &&
                  (word == "FROM" || (word == "INTO" && verb != "SELECT" && verb != "DELETE"));
            continue;
        }
        if (word == "(" || word == "ONLY" || word == "IGNORE" || word == "LATERAL")
            continue;
        if (word == "SELECT") {
            led = false; // of a query in brackets, whatever it reads from
            continue;
        }
        if (tokens.isName())
            return std::string(token.substr(0, kLongest));
        return {};
    }
    return {};
}

} // namespace

std::string queryKind(std::string_view statement)
{
    Tokens tokens(statement);
    auto verb = upper(tokens.next());
    if (verb == "WITH") {
        int depth = 0;
        for (auto token = tokens.next(); !token.empty(); token = tokens.next()) {
            if (token == "(")
                ++depth;
            else if (token == ")")
                --depth;
            else if (depth == 0 && tokens.isName() && isIn(kTableVerbs, upper(token))) {
                verb = upper(token);
                break;
            }
        }
    }
    if (isIn(kVerbs, verb))
        return verb;
    if (!isIn(kTableVerbs, verb))
        return {};
    const auto table = tableOf(tokens, verb);
    return table.empty() ? verb : verb + ' ' + table;
}

} // namespace flamewright
